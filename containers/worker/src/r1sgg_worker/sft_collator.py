"""Batches of SFT: which tokens are learned, and how long a row may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import DataError
from .families import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from .config import SftConfig

_IGNORED = -100


class SftCollator:
    """Around TRL's collator, which cuts long rows and takes image tokens for text to be learned.

    With ``loss_on`` ``all`` the labels are every token but padding and the three kinds of the
    image, as in the reference (src/sft_sgg.py of the release: 151652, 151653, 151655).

    Errors: DataError for a row longer than ``max_length``, with its place in the batch.
    """

    def __init__(self, collate: Callable[..., Any], tokenizer: Any, config: SftConfig) -> None:
        tokens = next(iter(FAMILIES.values())).image_tokens
        self._collate = collate
        self._image_ids = tokenizer.convert_tokens_to_ids(list(tokens))
        self._max_length = config.max_length
        self._all = config.loss_on == "all"

    def __call__(self, examples: list[dict[str, Any]]) -> Any:
        """The tensors of a batch."""
        import torch

        names = [example.pop("image_id", None) for example in examples]
        batch = self._collate(examples)
        for name, length in zip(names, batch["attention_mask"].sum(1).tolist(), strict=True):
            if self._max_length is not None and length > self._max_length:
                raise DataError(
                    f'Cannot train on image "{name}": its row has {length} tokens, '
                    f"expected at most max_length {self._max_length}"
                )
        if self._all:
            images = torch.isin(batch["labels"], torch.tensor(self._image_ids))
            batch["labels"] = batch["labels"].masked_fill(images, _IGNORED)
        return batch
