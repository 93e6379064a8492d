"""TRL's GRPOTrainer over a fleet of samplers, with the integrity check in every step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trl import GRPOTrainer

from .generation import FleetGeneration
from .integrity import count_tokens, largest_difference
from .off_policy import drift_sums
from .processes import check_on_main, on_main

if TYPE_CHECKING:
    from .integrity import IntegrityRecord
    from .limits import Limits
    from .probe import Probe

_SAMPLING_FIELDS = (
    "repetition_penalty",
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "max_completion_length",
)


@dataclass(frozen=True)
class Checks:
    """What is checked in every step, and by the probe every so many; the main process records it.

    ``forbidden`` are the tokens that no sampler may give.
    """

    every: int
    forbidden: list[int]
    record: IntegrityRecord | None
    probe: Probe | None


class FleetGRPOTrainer(GRPOTrainer):
    """TRL's trainer, given its generation backend after construction.

    TRL 1.16 has no argument for the backend and builds its own client where ``use_vllm`` is set, so
    the constructor runs without vLLM and the three attributes that it would have set are set here.
    It reads ``use_vllm`` nowhere else before training; a test notices when that changes. Nothing of
    TRL is patched.
    """

    def __init__(
        self,
        *,
        args: Any,
        limits: Limits,
        checks: Checks,
        **arguments: Any,
    ) -> None:
        self._limits = limits
        self._checks = checks
        super().__init__(args=args, **arguments)
        args.use_vllm = self.use_vllm = True
        self._last_loaded_step = -1
        self.vllm_generation = FleetGeneration(
            checks.probe.fleet if checks.probe else None,
            limits,
            model=self.model,
            accelerator=self.accelerator,
            processing_class=self.processing_class,
            logprobs=0,
            generation_kwargs={"logit_bias": {str(token): -100.0 for token in checks.forbidden}},
            **{name: getattr(self, name) for name in _SAMPLING_FIELDS},
        )

    def _generate_single_turn(self, *arguments: Any, **settings: Any) -> Any:
        """As TRL's; the table of completions then tells the server of each."""
        turn = super()._generate_single_turn(*arguments, **settings)
        names = self._limits.samplers
        by = self.vllm_generation.sampled_by
        self._log_completion_extra("sampler", [names[place] for place in by])
        return turn

    def _generate_and_score_completions(self, inputs: Any) -> Any:
        """As TRL's; its tensors then prove that the samplers had the weights of this step.

        ``old_per_token_logps`` are the trainer's log-probabilities of the tokens just sampled, with
        the weights that were just sent; ``sampling_per_token_logps`` are the servers'.

        Errors: IntegrityError, in every process.
        """
        output = super()._generate_and_score_completions(inputs)
        samplers, tokens, special = self._agreement(output)
        probed = self._probed(output)
        step = self.state.global_step + 1

        def record() -> None:
            if self._checks.record is not None:
                self._checks.record.step(step, samplers, tokens, special, probed)

        check_on_main(record)
        worst = max([*samplers.values(), *(probed or {}).values()])
        self._log_number("integrity/logprob_max_abs_diff", worst)
        return output

    def _agreement(self, output: Any) -> tuple[dict[str, float], int, int]:
        """Of all processes: each server's largest difference, tokens, forbidden tokens."""
        import torch

        trainer, server = output["old_per_token_logps"], output["sampling_per_token_logps"]
        mask = output["completion_mask"]
        by = torch.tensor(self.vllm_generation.sampled_by, device=trainer.device)
        names = self._limits.samplers
        differences = []
        for place in range(len(names)):
            rows = by == place
            compared = (trainer[rows], server[rows], mask[rows])
            differences.append(largest_difference(*compared) if bool(rows.any()) else -1.0)
        forbidden = count_tokens(output["completion_ids"], mask, self._checks.forbidden)
        sums = [float(mask.sum()), float(forbidden), *drift_sums(trainer, server, mask)]
        # in full precision: a count of tokens is none in bfloat16
        found = torch.tensor([*differences, *sums], dtype=torch.float64, device=trainer.device)
        every = self.accelerator.gather(found).reshape(-1, len(names) + len(sums))
        tokens, special, ratio, divergence = every[:, len(names) :].sum(0).tolist()
        self._log_number("sampling/log_ratio/mean", ratio / tokens)
        self._log_number("sampling/kl", divergence / tokens)
        worst = every[:, : len(names)].max(0).values.tolist()
        used = {name: found for name, found in zip(names, worst, strict=True) if found >= 0}
        self._log_number("samplers/used", len(used))
        for what, seconds in self.vllm_generation.seconds.items():
            self._log_number(f"samplers/{what}_s", seconds)
        return used, int(tokens), int(special)

    def _probed(self, output: Any) -> dict[str, float] | None:
        """Each server's largest difference on the first completion, in the steps that ask."""
        if self.state.global_step % self._checks.every:
            return None

        def ask() -> tuple[dict[str, float], float | None]:
            assert self._checks.probe is not None  # noqa: S101 - the main process has it
            features = self.vllm_generation.first_features
            return self._checks.probe.compare(output, features, self.top_p, self.top_k)

        with self._limits.sampling():
            differences, truncation = on_main(ask)
        if truncation is not None:
            self._log_number("sampling/truncation_kl", truncation)
        return differences

    def _log_number(self, name: str, value: float) -> None:
        self._metrics["train"][name].append(value)
