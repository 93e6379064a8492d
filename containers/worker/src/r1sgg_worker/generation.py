"""TRL's generation backend over a fleet of samplers."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from trl.generation.vllm_generation import VLLMGeneration

from .errors import IntegrityError
from .processes import on_main, share_failure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .fleet import SamplerFleet
    from .limits import Limits
    from .sampler import Sampler

Group = tuple[dict[str, Any] | None, dict[str, Any]]
"""The image features of a prompt, in their place, and the server's answer."""


class FleetGeneration(VLLMGeneration):
    """TRL's ``VLLMGeneration`` in server mode, over a `SamplerFleet`.

    Parameter names, gathering of sharded weights (ZeRO-3, FSDP, LoRA merged) and the place of image
    features are TRL's. Its client is ours, and so is ``generate``: TRL's leaves the other processes
    waiting in a broadcast for ever when the main process fails. Only the main process has a fleet.
    ``seconds`` says how long the latest push and the latest sampling took.
    """

    def __init__(self, fleet: SamplerFleet | None, limits: Limits, **arguments: Any) -> None:
        self._fleet = fleet
        self._limits = limits
        self.sampled_by: list[int] = []
        self.first_features: dict[str, Any] | None = None
        self.seconds = {"push": 0.0, "sample": 0.0}
        super().__init__(mode="server", **arguments)

    def _init_vllm(self) -> None:
        self.vllm_client = self._fleet

    def sync_weights(self) -> None:
        """Bring the weights to all samplers; all processes gather them and come here.

        Errors: those of `SamplerFleet.update_named_params`, in every process.
        """
        failure: Exception | None = None
        start = time.monotonic()
        with self._limits.push() as waiting_for:
            if self._fleet is not None:
                self._fleet.waiting_for = waiting_for
            try:
                super().sync_weights()
            except Exception as error:  # noqa: BLE001 - raised below, in all processes
                failure = error
            share_failure(failure)
        self.seconds["push"] = time.monotonic() - start

    def generate(
        self,
        prompts: list[list[int]],
        images: list[list[Any] | None] | None,
        num_generations: int,
        profiler: Any = None,
    ) -> tuple[Any, Any, Any, Any]:
        """As TRL's, in server mode: the completions of this process's share of the prompts.

        Prompts come with ``num_generations`` copies in a row, which may lie in two processes.
        ``sampled_by`` then names the server of each completion by its place in endpoints.json.

        Errors: those of `SamplerFleet.map`, in every process.
        """
        from accelerate.utils import gather_object

        every = gather_object(prompts)[::num_generations]
        pictures = gather_object(images or [None] * len(prompts))[::num_generations]
        began = time.monotonic()
        with self._limits.sampling(), profiler or nullcontext():
            payload = on_main(lambda: self._sample(every, pictures, num_generations))
        self.seconds["sample"] = time.monotonic() - began
        start = self.accelerator.process_index * len(prompts)
        mine = range(start, start + len(prompts))
        ids, logprobs, token_ids, servers = payload
        self.sampled_by = [servers[i // num_generations] for i in mine]
        return (
            [every[i // num_generations] for i in mine],
            [ids[i] for i in mine],
            [logprobs[i] for i in mine],
            [token_ids[i] for i in mine],
        )

    def _sample(
        self, prompts: Sequence[list[int]], images: Sequence[Any], count: int
    ) -> tuple[list[Any], list[Any], list[Any], list[int]]:
        fleet = self._fleet
        assert fleet is not None  # noqa: S101 - the main process has it
        settings = {
            "n": count,
            "repetition_penalty": self.repetition_penalty,
            "temperature": self.temperature,
            "top_p": self.top_p,
            "top_k": self.top_k,
            "min_p": 0.0 if self.min_p is None else self.min_p,
            "max_tokens": self.max_completion_length,
            "logprobs": self.logprobs,
            "generation_kwargs": self.generation_kwargs,
        }

        def one(sampler: Sampler, i: int) -> Group:
            if images[i] is None:
                return None, sampler.generate([prompts[i]], None, **settings)
            features = self._place_features(sampler.image_features([images[i]])[0], prompts[i])
            return features, sampler.generate([prompts[i]], [features], **settings)

        groups = fleet.map(len(prompts), one)
        self.first_features = groups[0][1][0]
        answers = [answer for _, (_, answer) in groups]

        def rows(key: str) -> list[Any]:
            return [row for answer in answers for row in answer[key]]

        servers = [server for server, _ in groups]
        return rows("completion_ids"), rows("logprobs"), rows("logprob_token_ids"), servers

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
