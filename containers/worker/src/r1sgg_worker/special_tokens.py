"""Which tokens a Qwen2-VL model must never sample."""

from __future__ import annotations

from typing import Any

END_TOKENS = ("<|im_end|>", "<|endoftext|>")


def forbidden_token_ids(tokenizer: Any) -> list[int]:
    """Ids of all added tokens except the two that end an answer, ascending.

    A sampled ``<|image_pad|>`` in an answer stands for an image that is not there, and the next
    forward pass of the trainer fails ("Image features and image tokens do not match"); the other
    special tokens have no meaning in a scene graph either.
    """
    added: dict[str, int] = tokenizer.get_added_vocab()
    return sorted(index for token, index in added.items() if token not in END_TOKENS)
