"""What a safetensors file holds, by its header, and whether it was cut short."""

from __future__ import annotations

import json
import math
import struct
from typing import TYPE_CHECKING

from .errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

_LENGTH_BYTES = 8


def numbers_in(path: Path) -> int:
    """How many numbers the tensors of the file have; no tensor is read.

    Errors: ConfigError when the header is none, or the file ends before its last tensor does.
    Source: safetensors format 0.x: little-endian length, JSON header, data.
    """
    try:
        with path.open("rb") as file:
            size = struct.unpack("<Q", file.read(_LENGTH_BYTES))[0]
            header = json.loads(file.read(size))
    except (OSError, struct.error, ValueError, OverflowError, MemoryError) as error:
        raise ConfigError(f'Cannot read weights "{path}": {error}') from error
    tensors = [value for name, value in header.items() if name != "__metadata__"]
    end = _LENGTH_BYTES + size + max((tensor["data_offsets"][1] for tensor in tensors), default=0)
    if path.stat().st_size < end:
        raise ConfigError(
            f'Cannot use weights "{path}": {path.stat().st_size} bytes, expected {end}'
        )
    return sum(math.prod(tensor["shape"]) for tensor in tensors)
