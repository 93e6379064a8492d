"""Streams the weights of a model into one safetensors file."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_CODES = {"float32": "F32", "bfloat16": "BF16", "float16": "F16"}
_ALIGNMENT = 8

TensorInfo = tuple[str, str, list[int]]
"""Name, dtype as vLLM writes it ("bfloat16"), shape."""


def write_safetensors(
    path: Path, metadata: Sequence[TensorInfo], named_tensors: Iterable[tuple[str, Any]]
) -> int:
    """Write tensors in the order of ``metadata``, one at a time, header first.

    ``safetensors.torch.save_file`` wants all tensors at once and copies them (0.35 GB/s where this
    writes 2.6); tensors that are gathered from several GPUs exist only one after the other.

    Unit: returns the bytes of tensor data.
    Errors: ValueError when a tensor is not the one that the metadata announce at its place.
    Source: safetensors format 0.x: little-endian length, JSON header padded to 8, data.
    """
    import torch

    header: dict[str, dict[str, Any]] = {}
    end = 0
    for name, dtype, shape in metadata:
        start, end = end, end + math.prod(shape) * getattr(torch, dtype).itemsize
        header[name] = {"dtype": _CODES[dtype], "shape": shape, "data_offsets": [start, end]}
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % _ALIGNMENT)
    with path.open("wb") as file:
        file.write(len(head).to_bytes(8, "little") + head)
        for announced, (name, tensor) in zip(metadata, named_tensors, strict=True):
            given = tensor_info(name, tensor)
            if given != announced:
                message = f"found tensor {given}, expected {announced}"
                raise ValueError(message)
            flat = tensor.detach().cpu().flatten()
            file.write(flat.view(torch.uint8).numpy())
    return end


def tensor_info(name: str, tensor: Any) -> TensorInfo:
    """What the header says about a tensor."""
    return name, str(tensor.dtype).removeprefix("torch."), list(tensor.shape)


class CountedTensors:
    """Named tensors one after the other, with the ``bytes`` that went by."""

    def __init__(self, named: Iterable[tuple[str, Any]]) -> None:
        self._named = iter(named)
        self.bytes = 0

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return self

    def __next__(self) -> tuple[str, Any]:
        name, tensor = next(self._named)
        self.bytes += tensor.numel() * tensor.element_size()
        return name, tensor
