"""TRL's GRPOTrainer over a fleet of samplers, with the integrity check in every step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trl import GRPOTrainer

from .generation import FleetGeneration
from .integrity import IntegrityRecord, count_tokens, largest_difference

if TYPE_CHECKING:
    from .fleet import SamplerFleet

_SAMPLING_FIELDS = (
    "repetition_penalty",
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "max_completion_length",
)


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
        fleet: SamplerFleet | None,
        integrity: IntegrityRecord | None,
        forbidden: list[int],
        **arguments: Any,
    ) -> None:
        self._integrity = integrity
        self._forbidden = forbidden
        super().__init__(args=args, **arguments)
        args.use_vllm = self.use_vllm = True
        self._last_loaded_step = -1
        self.vllm_generation = FleetGeneration(
            fleet,
            model=self.model,
            accelerator=self.accelerator,
            processing_class=self.processing_class,
            logprobs=0,
            generation_kwargs={"logit_bias": {str(token): -100.0 for token in forbidden}},
            **{name: getattr(self, name) for name in _SAMPLING_FIELDS},
        )

    def _generate_and_score_completions(self, inputs: Any) -> Any:
        """As TRL's; its tensors then prove that the sampler had the weights of this step.

        ``old_per_token_logps`` are the trainer's log-probabilities of the tokens just sampled, with
        the weights that were just sent; ``sampling_per_token_logps`` are the server's.
        """
        output = super()._generate_and_score_completions(inputs)
        mask = output["completion_mask"]
        found = output["old_per_token_logps"].new_tensor(
            [
                largest_difference(
                    output["old_per_token_logps"], output["sampling_per_token_logps"], mask
                ),
                float(mask.sum()),
                float(count_tokens(output["completion_ids"], mask, self._forbidden)),
            ]
        )
        every = self.accelerator.gather(found).reshape(-1, 3)
        difference = float(every[:, 0].max())
        self._metrics["train"]["integrity/logprob_max_abs_diff"].append(difference)
        if self._integrity is not None:
            self._integrity.step(
                self.state.global_step + 1,
                difference,
                tokens=int(every[:, 1].sum()),
                special_tokens=int(every[:, 2].sum()),
            )
        return output
