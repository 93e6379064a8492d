"""NCCL's flight recorder: the last collectives of every group, written when one hangs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_ENTRIES = "2000"


def record_nccl(evidence: Path) -> None:
    """Have torch record its NCCL collectives; before torch is imported. What is set stays.

    Its dump goes to ``evidence/nccl-RANK`` after a timeout of a collective, and when the watchdog
    asks for it through a pipe. vLLM's own groups, by which weights travel, are not in it.

    Source: torch 2.13, ProcessGroupNCCL and FlightRecorder, whose settings were TORCH_NCCL_TRACE_…
    and TORCH_NCCL_DEBUG_INFO_TEMP_FILE before. Never run on a GPU.
    """
    prefix = str(evidence.absolute() / "nccl-")
    for name, value in {
        "TORCH_FR_BUFFER_SIZE": _ENTRIES,
        "TORCH_NCCL_DUMP_ON_TIMEOUT": "1",
        "TORCH_FR_DUMP_TEMP_FILE": prefix,
        "TORCH_NCCL_DEBUG_INFO_PIPE_FILE": str(evidence.absolute() / "nccl-pipe-"),
    }.items():
        os.environ.setdefault(name, value)


def pipe_of(evidence: Path, rank: int) -> Path:
    """The pipe through which a process's dump is asked for: torch adds rank and ending."""
    return evidence / f"nccl-pipe-{rank}.pipe"
