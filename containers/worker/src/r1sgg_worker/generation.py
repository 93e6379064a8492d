"""TRL's generation backend over a fleet of samplers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trl.generation.vllm_generation import VLLMGeneration

from .errors import IntegrityError

if TYPE_CHECKING:
    from .fleet import SamplerFleet


class FleetGeneration(VLLMGeneration):
    """TRL's ``VLLMGeneration`` in server mode, whose client is a `SamplerFleet`.

    It differs only where TRL opens its client and an NCCL group (``_init_vllm``); gathering
    over processes, prompt order and parameter names stay TRL's. Only the main process has a fleet.
    """

    def __init__(self, fleet: SamplerFleet | None, **arguments: Any) -> None:
        self._fleet = fleet
        super().__init__(mode="server", **arguments)

    def _init_vllm(self) -> None:
        if self.accelerator.is_main_process:
            self.vllm_client = self._fleet
        self.accelerator.wait_for_everyone()

    def _place_features(
        self, features: dict[str, Any] | None, prompt_ids: list[int]
    ) -> dict[str, Any] | None:
        """As TRL's, after checking that trainer and server cut the image into as many tokens."""
        placed: dict[str, Any] | None = super()._place_features(features, prompt_ids)
        if features is not None and placed is not None:
            server, trainer = image_lengths(features), image_lengths(placed)
            if server != trainer:
                raise IntegrityError(
                    f"Cannot sample: the sampler makes {server} tokens of an image and the trainer "
                    f"{trainer}, expected the same min_pixels and max_pixels on both sides"
                )
        return placed


def image_lengths(features: dict[str, Any]) -> list[int]:
    """Tokens of each image of a prompt."""
    return [place["length"] for place in features["mm_placeholders"]["image"]]
