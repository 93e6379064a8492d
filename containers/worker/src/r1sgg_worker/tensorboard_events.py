"""Writes TensorBoard's event files, scalars only, without the package."""

from __future__ import annotations

import os
import socket
import struct
import time
from typing import TYPE_CHECKING

from .errors import WorkerError

if TYPE_CHECKING:
    from pathlib import Path

_VARINT, _FIXED64, _BYTES, _FIXED32 = range(4)
_WIRE = {_VARINT: 0, _FIXED64: 1, _BYTES: 2, _FIXED32: 5}
_POLYNOMIAL = 0x82F63B78
_MASK_DELTA = 0xA282EAD8


class TensorBoard:
    """One event file a process; that of a run resumed ``after`` a step hides what was beyond it.

    Errors: WorkerError when the disk refuses.
    Source: TFRecord framing (length, masked CRC-32C, data) of tensorflow.Event protocol buffers:
    wall_time 1, step 2, file_version 3, summary 5, session_log 7.
    """

    def __init__(self, folder: Path, after: int | None = None) -> None:
        name = f"events.out.tfevents.{time.time_ns() // 10**9}.{socket.gethostname()}.{os.getpid()}"
        self._path = folder / name
        start = _field(1, _VARINT, 1)  # SessionLog.START
        begin = b"" if after is None else _event(after + 1, _field(7, _BYTES, start))
        self._append(_event(0, _field(3, _BYTES, b"brain.Event:2")), begin)

    def step(self, step: int, _of: int, numbers: dict[str, float | None]) -> None:
        """Write the numbers of a step; those that are missing are left out."""
        values = b"".join(
            _field(1, _BYTES, _field(1, _BYTES, name.encode()) + _field(2, _FIXED32, number))
            for name, number in numbers.items()
            if number is not None
        )
        self._append(_event(step, _field(5, _BYTES, values)))

    def _append(self, *events: bytes) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                file.write(b"".join(_record(event) for event in events if event))
        except OSError as error:
            raise WorkerError(f'Cannot write "{self._path}": {error}') from error


def _event(step: int, content: bytes) -> bytes:
    return _field(1, _FIXED64, time.time()) + _field(2, _VARINT, step) + content


def _field(number: int, kind: int, value: float | bytes) -> bytes:
    """One field of a protocol buffer."""
    key = _varint(number << 3 | _WIRE[kind])
    if isinstance(value, bytes):
        return key + _varint(len(value)) + value
    if kind == _VARINT:
        return key + _varint(int(value))
    return key + struct.pack("<d" if kind == _FIXED64 else "<f", value)


def _varint(value: int) -> bytes:
    more, low = value >> 7, value & 0x7F
    return bytes([low | 0x80]) + _varint(more) if more else bytes([low])


def _record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + _masked_crc(length) + data + _masked_crc(data)


def _masked_crc(data: bytes) -> bytes:
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + _MASK_DELTA) & 0xFFFFFFFF)


def _entry(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ (_POLYNOMIAL if value & 1 else 0)
    return value


_TABLE = [_entry(value) for value in range(256)]
