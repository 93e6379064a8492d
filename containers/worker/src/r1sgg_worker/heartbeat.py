"""How fast a training goes and what memory it takes, by the step."""

from __future__ import annotations

import resource
import time
from typing import Any

_GIB = 2**30
_KIB = 2**10


class Heartbeat:
    """Counts from one step to the next, beginning with as many ``tokens``; None: not known.

    Tokens are all that went through the model, prompts and completions of all processes.
    Memory is the most that this process ever held: of its GPU where it has one, else of its own.
    """

    def __init__(self, tokens: float | None = 0.0) -> None:
        self._time = time.perf_counter()
        self._tokens = tokens

    def beat(self, tokens: float | None) -> dict[str, float | None]:
        """The numbers since the last call. Unit: seconds, tokens a second, GiB."""
        now = time.perf_counter()
        seconds, self._time = now - self._time, now
        before, self._tokens = self._tokens, tokens
        new = None if tokens is None or before is None else tokens - before
        return {
            "time/step_s": seconds,
            "tokens_per_s": None if new is None or seconds == 0 else new / seconds,
            "memory_gib": _memory() / _GIB,
        }


def _memory() -> float:
    import torch

    if torch.cuda.is_available():
        return float(torch.cuda.max_memory_allocated())
    used: Any = resource.getrusage(resource.RUSAGE_SELF)
    return float(used.ru_maxrss) * _KIB
