"""Ends the trainer with a sentence when a part of it takes too long, even when it hangs in C."""

from __future__ import annotations

import ctypes
import faulthandler
import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING

from .errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STACKS_SIGNAL = signal.SIGUSR2


class Watchdog:
    """A small process beside the trainer that knows the current limit.

    When a limit is over, it has the trainer's stacks written to ``evidence`` (faulthandler, which
    needs no running interpreter), adds what py-spy and NCCL's flight recorder can tell where they
    are there, prints the sentence, and has a thread of the trainer leave by ``os._exit(5)``; a
    trainer that cannot do even that is killed. It ends with the trainer.

    Unit: seconds. Errors: WorkerError when the disk refuses.
    """

    def __init__(self, evidence: Path, rank: int = 0) -> None:
        try:
            evidence.mkdir(parents=True, exist_ok=True)
            stacks = (evidence / f"stacks-{rank}.txt").open("w", encoding="utf-8")
        except OSError as error:
            raise WorkerError(f'Cannot write evidence to "{evidence}": {error}') from error
        self._stacks = stacks  # faulthandler keeps the number of the file, not the file
        faulthandler.register(STACKS_SIGNAL, file=stacks, all_threads=True)
        self._lock = Lock()
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [
                *(sys.executable, "-m", f"{__package__}.watchdog_process"),
                *(str(os.getpid()), str(evidence.absolute()), str(rank)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        _allow_to_look(self._process.pid)
        Thread(target=self._obey, name="watchdog", daemon=True).start()

    @contextmanager
    def limit(self, seconds: float, sentence: str) -> Iterator[None]:
        """Round a part that must be done in its time; ``sentence`` is what is said if it is not."""
        self._tell({"seconds": seconds, "sentence": sentence})
        try:
            yield
        finally:
            self._tell({"seconds": None})

    def say(self, sentence: str) -> None:
        """Replace the sentence of the current limit."""
        self._tell({"sentence": sentence})

    def give_up(self, sentence: str) -> None:
        """End the trainer now, with its evidence; for a thread that knows the main one to hang."""
        self._tell({"seconds": 0.0, "sentence": sentence})

    def close(self) -> None:
        """No more limits."""
        with self._lock:
            if self._process.stdin is not None:
                self._process.stdin.close()
        self._process.wait()
        faulthandler.unregister(STACKS_SIGNAL)
        self._stacks.close()

    def _tell(self, order: dict[str, object]) -> None:
        with self._lock:
            try:
                assert self._process.stdin is not None  # noqa: S101 - types
                self._process.stdin.write(json.dumps(order) + "\n")
                self._process.stdin.flush()
            except (OSError, ValueError) as error:
                raise WorkerError(
                    f"Cannot watch the time limits: {error}, expected the watchdog process to live"
                ) from error

    def _obey(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - types
        code = self._process.stdout.readline().strip()
        if code:
            os._exit(int(code))


def _allow_to_look(pid: int) -> None:
    """Let the watchdog's py-spy read this process, which Linux else grants to ancestors only."""
    set_ptracer = 0x59616D61  # PR_SET_PTRACER of linux/prctl.h
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(set_ptracer, pid, 0, 0, 0)
