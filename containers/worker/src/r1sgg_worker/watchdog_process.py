"""The process beside a trainer that keeps its time: see `watchdog`.

``python -m r1sgg_worker.watchdog_process PID EVIDENCE RANK`` reads one JSON object a line:
``{"seconds": 300, "sentence": "…"}`` starts a limit, ``{"sentence": "…"}`` changes its sentence,
``{"seconds": null}`` ends it. The end of its input ends it.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from .flight_recorder import pipe_of

EXIT_CODE = 5
_SIGNAL = signal.SIGUSR2
_TIME_TO_WRITE_S = 1.0
_TIME_TO_LEAVE_S = 5.0
_PY_SPY_S = 20.0


def main(pid: int, evidence: Path, rank: int) -> None:
    """Keep the time until the trainer is done, or its time is."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)  # sent to all of the trainer's session; its end is ours
    over: float | None = None
    sentence = ""
    buffer = b""
    while True:
        left = None if over is None else max(0.0, over - time.monotonic())
        readable, _, _ = select.select([0], [], [], left)
        if not readable:
            end(pid, evidence, rank, sentence)
            return
        data = os.read(0, 65536)
        if not data:
            return
        *lines, buffer = (buffer + data).split(b"\n")
        for line in lines:
            order = json.loads(line)
            sentence = order.get("sentence", sentence)
            if "seconds" in order:
                seconds = order["seconds"]
                over = None if seconds is None else time.monotonic() + seconds


def end(pid: int, evidence: Path, rank: int, sentence: str) -> None:
    """Keep the evidence, say the sentence, end the trainer."""
    with suppress(ProcessLookupError):
        os.kill(pid, _SIGNAL)
    _dump_nccl(evidence, rank)
    time.sleep(_TIME_TO_WRITE_S)
    _dump_py_spy(pid, evidence / f"py-spy-{rank}.txt")
    sys.stderr.write(f'{sentence}; what the trainer did then is in "{evidence}"\n')
    sys.stderr.flush()
    with suppress(BrokenPipeError):  # it has left by itself
        sys.stdout.write(f"{EXIT_CODE}\n")
        sys.stdout.flush()
    gone = time.monotonic() + _TIME_TO_LEAVE_S
    while time.monotonic() < gone:
        if select.select([0], [], [], 0.1)[0] and not os.read(0, 65536):
            return  # the trainer has left
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _dump_py_spy(pid: int, path: Path) -> None:
    program = shutil.which("py-spy")
    if program is None:
        return
    with path.open("w") as file, suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(  # noqa: S603 - a program of the user's PATH, asked about our parent
            [program, "dump", "--native", "--pid", str(pid)],
            stdout=file,
            stderr=file,
            timeout=_PY_SPY_S,
            check=False,
        )


def _dump_nccl(evidence: Path, rank: int) -> None:
    """Ask torch to write what its NCCL groups did last; there is a pipe only where it has any."""
    with suppress(OSError):
        pipe = os.open(pipe_of(evidence, rank), os.O_WRONLY | os.O_NONBLOCK)
        os.write(pipe, b"1\n")
        os.close(pipe)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
