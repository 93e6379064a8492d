"""TRL's GRPOTrainer over the fleet, with verified checkpoints that keep the order of the data."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import torch
from trl import GRPOTrainer

from .checkpointing import Checkpointing
from .colocated import ColocatedVllm, refuse_drift
from .errors import DataError
from .trainer import FleetGRPOTrainer

if TYPE_CHECKING:
    from .completions_sample import CompletionsSample


class ResumableOrder:
    """To be inherited from before TRL's GRPOTrainer: the data's order after a resume.

    TRL 1.16 shuffles with a generator that starts from the seed in every process that starts, so
    that a run resumed in its second epoch would see the first one's order again. The generator is
    turned on by as many shuffles as epochs are over.
    """

    epochs_over: int = 0

    def _get_train_sampler(self, dataset: Any = None) -> Any:
        sampler = super()._get_train_sampler(dataset)  # type: ignore[misc] # untyped base
        for _ in range(self.epochs_over if sampler.shuffle else 0):
            torch.randperm(sampler.num_samples, generator=sampler.generator)
        return sampler


class WatchedRollouts:
    """To be inherited from before TRL's GRPOTrainer: limits, times and a sample of its rollouts."""

    max_prompt_length: int | None = None
    completions_sample: CompletionsSample | None = None
    state: Any
    _metrics: Any
    _logs: Any

    def _tokenize_prompts(self, prompts: list[Any]) -> Any:
        """Errors: DataError for a prompt that is longer than its limit, image included."""
        found = super()._tokenize_prompts(prompts)  # type: ignore[misc] # untyped base
        longest = max(len(ids) for ids in found[0])
        if self.max_prompt_length is not None and longest > self.max_prompt_length:
            raise DataError(
                f"Cannot sample for a prompt of {longest} tokens, its image included: expected at "
                f"most max_prompt_length {self.max_prompt_length}"
            )
        return found

    def _generate_single_turn(self, *arguments: Any, **options: Any) -> Any:
        """As TRL's; its seconds include bringing new weights to the samplers."""
        start = time.perf_counter()
        found = super()._generate_single_turn(*arguments, **options)  # type: ignore[misc] # untyped base
        self._metrics["train"]["time/sampler_s"].append(time.perf_counter() - start)
        return found

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """As TRL's, which has the completions of all processes in the main one."""
        super().log(logs, start_time)  # type: ignore[misc] # untyped base
        if self.completions_sample is not None and "loss" in logs:
            self.completions_sample.step(self.state.global_step, self._logs)


class ResumableGRPOTrainer(Checkpointing, ResumableOrder, WatchedRollouts, FleetGRPOTrainer):
    """Samples from the fleet."""


class ColocatedGRPOTrainer(Checkpointing, ResumableOrder, WatchedRollouts, GRPOTrainer):
    """Samples from the vLLM in its own process, as TRL does it but for what `ColocatedVllm` mends.

    ``limits`` are the run's ``min_pixels`` and ``max_pixels``.
    """

    def __init__(self, *, limits: dict[str, int], **arguments: Any) -> None:
        super().__init__(**arguments)
        sampling = self.vllm_generation
        token = self.processing_class.image_token_id
        sampling.llm = ColocatedVllm(sampling.llm, token, limits)

    def _generate_and_score_completions(self, inputs: Any) -> Any:
        """As TRL's. Errors: IntegrityError, those of `refuse_drift` in every process."""
        output = super()._generate_and_score_completions(inputs)
        mean = self._metrics["train"]["sampling/sampling_logp_difference/mean"][-1]
        refuse_drift(self.state.global_step + 1, mean, self.top_p)
        return output
