"""NCCL's flight recorder: the last collectives of every group, written when one hangs."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from .errors import WorkerError

if TYPE_CHECKING:
    from pathlib import Path

_ENTRIES = "2000"


def record_nccl(evidence: Path) -> None:
    """Have torch record its NCCL collectives; before torch is imported. What is set stays.

    Its dump goes to ``evidence/nccl-RANK`` after a timeout of a collective, and when the watchdog
    asks for it through a pipe. vLLM's own groups, by which weights travel, are not in it.

    torch aborts the process when it cannot make its pipe (seen on an H200: the folder was not
    there). So the folder is made here, and there is no pipe on a disk that takes none.

    Source: torch 2.13, ProcessGroupNCCL and FlightRecorder, whose settings were TORCH_NCCL_TRACE_…
    and TORCH_NCCL_DEBUG_INFO_TEMP_FILE before. A dump was never taken on a GPU.
    Errors: WorkerError for a folder that cannot be made.
    """
    try:
        evidence.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkerError(f'Cannot write evidence to "{evidence}": {error}') from error
    settings = {
        "TORCH_FR_BUFFER_SIZE": _ENTRIES,
        "TORCH_NCCL_DUMP_ON_TIMEOUT": "1",
        "TORCH_FR_DUMP_TEMP_FILE": str(evidence.absolute() / "nccl-"),
    }
    if _takes_pipes(evidence):
        settings["TORCH_NCCL_DEBUG_INFO_PIPE_FILE"] = str(evidence.absolute() / "nccl-pipe-")
    for name, value in settings.items():
        os.environ.setdefault(name, value)


def _takes_pipes(folder: Path) -> bool:
    probe = folder / f".pipe-{os.uname().nodename}-{os.getpid()}"
    try:
        os.mkfifo(probe)
    except OSError:
        return False
    with contextlib.suppress(OSError):
        probe.unlink()
    return True


def pipe_of(evidence: Path, rank: int) -> Path:
    """The pipe through which a process's dump is asked for: torch adds rank and ending."""
    return evidence / f"nccl-pipe-{rank}.pipe"
