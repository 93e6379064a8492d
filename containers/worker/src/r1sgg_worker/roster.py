"""Which samplers of a run are there, and which weights each of them holds."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Literal

from .errors import SamplerError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .sampler import Sampler

ASK_AGAIN_S = 10.0
_STALE = "it waits for its weights"
OnLoss = Literal["continue", "end"]


@dataclass
class Member:
    """A sampler, the version of the weights it holds (None: none of ours) and since which start."""

    sampler: Sampler
    version: int | None = None
    boot: str | None = None
    lost: str | None = None
    ask_again: float = 0.0


class Roster:
    """The samplers in the order of endpoints.json, with those that are lost.

    ``told`` hears every loss and return as one sentence, once.
    """

    def __init__(
        self, samplers: Sequence[Sampler], on_loss: OnLoss, told: Callable[[str], None]
    ) -> None:
        self.members = [Member(sampler) for sampler in samplers]
        self._on_loss = on_loss
        self._told = told
        self._lock = Lock()

    def lose(self, member: Member, error: SamplerError) -> None:
        """Leave a sampler out until it answers again.

        Errors: ``error`` itself where a loss ends the run.
        """
        if self._on_loss == "end":
            raise error
        with self._lock:
            first, member.lost = member.lost is None, str(error)
            member.version = None
            member.ask_again = time.monotonic() + ASK_AGAIN_S
        if first:
            self._told(f'Going on without sampler "{member.sampler.name}": {error}')

    def holds(self, member: Member, version: int, boot: str) -> None:
        """Note that a sampler has these weights since it was started at ``boot``."""
        with self._lock:
            back, member.lost = member.lost is not None, None
            member.version, member.boot = version, boot
        if back:
            self._told(f'Sampler "{member.sampler.name}" is back, with the weights of this step')

    def none_left(self) -> SamplerError:
        """The sentence that ends a run without samplers."""
        reasons = "; ".join(f'"{one.sampler.name}": {one.lost or _STALE}' for one in self.members)
        return SamplerError(f"Cannot go on: no sampler left of {len(self.members)} ({reasons})")


def say(sentence: str) -> None:
    """Tell the user, in the log of the worker."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
