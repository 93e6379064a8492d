"""Warns, once a kind, when a policy looks as if it cheated or had nothing to learn from."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .progress import Progress
    from .training_options import AlarmLimits

_log = logging.getLogger(__name__)

# The name of a limit, the number of TRL's log that it is for, what a share of it means.
_WATCHED = (
    ("unparsed", "answers/unparsed", "of the completions hold no scene graph"),
    ("empty_graph", "answers/empty_graph", "of the completions are scene graphs without objects"),
    (
        "non_finite_box",
        "answers/non_finite_box",
        "of the completions have boxes without numbers",
    ),
    ("repeated_object", "answers/repeated_object", "of the completions repeat an object"),
    ("at_limit", "completions/clipped_ratio", "of the completions are cut off at their limit"),
    ("flat_groups", "frac_reward_zero_std", "of the groups have equal rewards and teach nothing"),
)


class Alarms:
    """Compares the numbers of each step with the limits; warns in the log and the progress file."""

    def __init__(self, limits: AlarmLimits, progress: Progress) -> None:
        self._limits = limits
        self._progress = progress
        self._told: set[str] = set()

    def step(self, step: int, _of: int, numbers: dict[str, float | None]) -> None:
        """Look at the numbers that were logged for a step."""
        for kind, name, meaning in _WATCHED:
            share, limit = numbers.get(name), getattr(self._limits, kind)
            if share is None or share <= limit or kind in self._told:
                continue
            self._told.add(kind)
            words = f"{share:.0%} {meaning}, expected at most {limit:.0%}"
            _log.warning("Step %d: %s", step, words)
            self._progress.alarm(kind, step, words)
