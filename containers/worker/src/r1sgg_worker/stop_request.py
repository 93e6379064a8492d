"""Signals that ask a training to save and end: SIGUSR1 before a time limit, SIGTERM at any time."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNALS = (signal.SIGUSR1, signal.SIGTERM)


class StopRequest:
    """The name of the first such signal that this process got, None until then."""

    def __init__(self) -> None:
        self.signal: str | None = None

    @contextmanager
    def listening(self) -> Iterator[None]:
        """From here a signal is only remembered; what it did before is restored at the end."""
        before = {number: signal.signal(number, self._remember) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _remember(self, number: int, _frame: Any) -> None:
        self.signal = self.signal or signal.Signals(number).name
