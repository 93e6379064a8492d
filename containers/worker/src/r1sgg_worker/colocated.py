"""The vLLM inside a trainer, asked with prompts as vLLM wants them and checked for what it saw."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .errors import IntegrityError

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST_MEAN = 0.2


class ColocatedVllm:
    """vLLM's ``LLM`` for TRL's colocated mode, as it is but for prompts and caches.

    TRL 1.16 gives a prompt with all the tokens of its images. vLLM 0.31 takes one token for an
    image and puts the others beside it, so that nearly every image token would be there twice and
    the model would see its images in the wrong places. It is told the run's pixel limits too, which
    TRL has no argument for: without them it prepares a large image in its own size. And new weights
    make it forget the images that it has encoded, which TRL leaves to it: it would take an image
    that comes again from its cache, as the old weights saw it.

    ``limits`` are ``min_pixels`` and ``max_pixels``, the trainer's own.
    """

    def __init__(self, llm: Any, image_token: int, limits: dict[str, int]) -> None:
        self._llm = llm
        self._image_token = image_token
        self._limits = limits

    def generate(self, prompts: Sequence[dict[str, Any]], **options: Any) -> Any:
        """As vLLM's.

        Errors: IntegrityError when vLLM sampled after another prompt than the trainer's, token by
        token; its images would be others.
        """
        outputs = self._llm.generate([self._as_wanted(one) for one in prompts], **options)
        for prompt, output in zip(prompts, outputs, strict=True):
            ours, seen = list(prompt["prompt_token_ids"]), list(output.prompt_token_ids)
            if ours != seen:
                raise IntegrityError(
                    "Cannot trust the samples of the vLLM in the trainer: its prompt has "
                    f"{self._said(seen)}, expected that of the trainer, {self._said(ours)}"
                )
        return outputs

    def reset_prefix_cache(self) -> Any:
        """As vLLM's, of encoded images too; TRL calls it after every transfer of weights."""
        self._llm.llm_engine.reset_encoder_cache()
        return self._llm.reset_prefix_cache()

    def _as_wanted(self, prompt: dict[str, Any]) -> dict[str, Any]:
        if prompt.get("multi_modal_data") is None:
            return prompt
        ids = collapse(prompt["prompt_token_ids"], self._image_token)
        return {**prompt, "prompt_token_ids": ids, "mm_processor_kwargs": self._limits}

    def _said(self, ids: list[int]) -> str:
        return f"{len(ids)} tokens, {ids.count(self._image_token)} of them of images"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._llm, name)


def collapse(ids: Sequence[int], token: int) -> list[int]:
    """The same tokens with every run of ``token`` as one; images stand apart in a prompt.

    >>> collapse([7, 9, 9, 9, 8, 9], 9)
    [7, 9, 8, 9]
    """
    kept: list[int] = []
    for one in ids:
        if one != token or kept[-1:] != [token]:
            kept.append(one)
    return kept


def refuse_drift(step: int, mean_difference: float, top_p: float) -> None:
    """Stop a run whose vLLM samples from another model than the one that learns.

    ``mean_difference`` is TRL's figure of a step, of all processes: the mean over sampled tokens of
    |log p_trainer - log p_sampler|. What top-p leaves is sampled with its probability divided by
    its mass, which makes at most -log(top_p) of it; top-k adds what its tokens lack of the whole,
    next to nothing in a trained model. Rounding in bfloat16 made 0.001 to 0.008 on one H200 and one
    H100, images in the wrong places 0.5 and more.

    Unit: nats. Errors: IntegrityError above -log(top_p) + 0.2.
    """
    limit = LARGEST_MEAN - math.log(top_p)
    if mean_difference > limit:
        raise IntegrityError(
            f"Cannot trust step {step}: log-probabilities of the trainer and of the vLLM in it "
            f"differ by {mean_difference:.2g} nats in the mean, expected at most {limit:.2g}; it "
            "does not sample from the model that learns, or top_k cuts off much of a flat "
            "distribution"
        )
