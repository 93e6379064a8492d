"""progress/<role>.jsonl: what the run shows and what its curves are drawn from."""

from __future__ import annotations

import json
import math
import time
from typing import TYPE_CHECKING, Any

from .errors import WorkerError

if TYPE_CHECKING:
    from pathlib import Path


class Progress:
    """Appends one JSON line at a time and flushes it, so that a reader sees whole lines at once.

    A new file each time; a run that goes on ``after`` a step keeps the lines up to that step.

    Unit: ``time`` is seconds since the epoch. Only the main process of a run writes.
    """

    def __init__(self, path: Path, *, writes: bool = True, after: int | None = None) -> None:
        self._path = path
        self._writes = writes
        if not writes:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("" if after is None else lines_until(path, after), encoding="utf-8")
        except OSError as error:
            raise WorkerError(f'Cannot write progress "{path}": {error}') from error

    def phase(self, name: str) -> None:
        """Say what the worker does before its first step, or after its last."""
        self._append({"phase": name})

    def step(self, step: int, of: int, numbers: dict[str, float | None]) -> None:
        """Report an optimiser step with all numbers that TRL logged for it."""
        self._append({"step": step, "of": of, **numbers})

    def alarm(self, kind: str, step: int, words: str) -> None:
        """Say, as a phase, what looks wrong from this step on."""
        self._append({"phase": f"warning: {words}", "alarm": kind, "at_step": step})

    def _append(self, line: dict[str, Any]) -> None:
        if not self._writes:
            return
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({**line, "time": time.time()}, allow_nan=False) + "\n")
        except OSError as error:
            raise WorkerError(f'Cannot write progress "{self._path}": {error}') from error


def lines_until(path: Path, step: int) -> str:
    """What an earlier process wrote before it went beyond the step; its last line may be torn."""
    kept = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            beyond = json.loads(line).get("step", 0) > step
        except (ValueError, AttributeError):
            continue
        if beyond:
            break
        kept.append(f"{line}\n")
    return "".join(kept)


def numbers_of(logs: dict[str, Any]) -> dict[str, float | None]:
    """The numbers of a TRL log entry; NaN and infinities become None, other values are left out."""
    found: dict[str, float | None] = {}
    for key, value in logs.items():
        if value is None:
            found[key] = None
            continue
        try:
            number = float(value)
        except (TypeError, ValueError):
            continue
        found[key] = number if math.isfinite(number) else None
    return found
