"""Completions that the reward endpoint did not score: counted, recorded, limited."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from .errors import UnscoredError
from .json_file import write_json

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """A request that failed in every try, and so left its completions without any reward."""

    request_id: str
    step: int
    completions: int
    tries: int
    reason: str


class UnscoredLimit:
    """Counts the completions of a run without a reward, and ends a run that has too many.

    The share is that of all completions asked for until now, and is judged from the
    ``min_requests``-th failure on: one lost request early in a run is a large share of little. Each
    process of a run counts its own requests. ``record`` is a JSON file kept up to date with the
    counts and every failure.

    Range: ``max_fraction`` in [0, 1]; ``min_requests`` from 1, and with both at their least the
    first failure ends the run.
    """

    def __init__(
        self, max_fraction: float = 0.01, min_requests: int = 3, record: Path | None = None
    ) -> None:
        self._max_fraction = max_fraction
        self._min_requests = min_requests
        self._record = record
        self._requests = 0
        self._completions = 0
        self._failures: list[Failure] = []
        self._write()

    @property
    def unscored(self) -> int:
        """Completions without a reward."""
        return sum(failure.completions for failure in self._failures)

    def scored(self, completions: int) -> None:
        """Count a request that was answered."""
        self._requests += 1
        self._completions += completions
        self._write()

    def failed(self, failure: Failure) -> None:
        """Count a request that failed. Errors: UnscoredError when it was one too many."""
        self._failures.append(failure)
        self.scored(failure.completions)
        _log.warning(
            "No rewards for the %d completions of request %s: %s in %d tries",
            failure.completions,
            failure.request_id,
            failure.reason,
            failure.tries,
        )
        allowed = self._max_fraction * self._completions
        if len(self._failures) >= self._min_requests and self.unscored > allowed:
            raise UnscoredError(
                f"Cannot go on with step {failure.step}: {self.unscored} of {self._completions} "
                f"completions have no reward, expected at most {self._max_fraction:.2%}; "
                f'the latest of {len(self._failures)} failed requests is "{failure.request_id}": '
                f"{failure.reason}"
            )

    def _write(self) -> None:
        if self._record is None:
            return
        write_json(
            self._record,
            {
                "max_unscored_fraction": self._max_fraction,
                "min_unscored_requests": self._min_requests,
                "requests": self._requests,
                "completions": self._completions,
                "unscored": self.unscored,
                "failures": [asdict(failure) for failure in self._failures],
            },
        )
