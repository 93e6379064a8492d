"""Carries TRL's log entries to the progress file, and stops a run whose numbers are lost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from transformers import TrainerCallback

from .errors import WorkerError
from .progress import numbers_of

if TYPE_CHECKING:
    from .progress import Progress

_MUST_BE_FINITE = ("loss", "grad_norm")


class ProgressCallback(TrainerCallback):
    """One progress line an optimiser step, from the main process only."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def on_log(
        self, _args: Any, state: Any, _control: Any, logs: dict[str, Any] | None = None, **_: Any
    ) -> None:
        """Write the entry. Errors: WorkerError when loss or gradient is NaN or infinite."""
        if not logs or not state.is_world_process_zero or "loss" not in logs:
            return
        numbers = numbers_of(logs)
        self._progress.step(state.global_step, state.max_steps, numbers)
        for name in _MUST_BE_FINITE:
            if name in logs and not math.isfinite(float(logs[name])):
                raise WorkerError(
                    f'Cannot go on with step {state.global_step}: "{name}" is {logs[name]}, '
                    "expected a finite number; lower learning_rate"
                )
