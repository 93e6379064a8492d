"""Carries TRL's log entries to the progress file and reports, and stops a run that is lost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Protocol

from transformers import TrainerCallback

from .errors import WorkerError
from .heartbeat import Heartbeat
from .progress import numbers_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_MUST_BE_FINITE = ("loss", "grad_norm")


class StepSink(Protocol):
    """Takes the numbers of each step."""

    def step(self, step: int, of: int, numbers: dict[str, float | None], /) -> None:
        """Called once a step, in the main process."""


class ProgressCallback(TrainerCallback):
    """One entry an optimiser step, from the main process only: TRL's numbers and the heartbeat."""

    def __init__(self, *sinks: StepSink) -> None:
        self._sinks: Sequence[StepSink] = sinks
        self._heartbeat = Heartbeat()

    def on_train_begin(self, _args: Any, state: Any, _control: Any, **_: Any) -> None:
        """Count from here, also after a resume."""
        self._heartbeat = Heartbeat(None if state.global_step else 0.0)

    def on_log(
        self, _args: Any, state: Any, _control: Any, logs: dict[str, Any] | None = None, **_: Any
    ) -> None:
        """Pass the entry on. Errors: WorkerError when loss or gradient is NaN or infinite."""
        if not logs or not state.is_world_process_zero or "loss" not in logs:
            return
        numbers = numbers_of(logs)
        numbers |= self._heartbeat.beat(numbers.get("num_tokens"))
        for sink in self._sinks:
            sink.step(state.global_step, state.max_steps, numbers)
        for name in _MUST_BE_FINITE:
            if name in logs and not math.isfinite(float(logs[name])):
                raise WorkerError(
                    f'Cannot go on with step {state.global_step}: "{name}" is {logs[name]}, '
                    "expected a finite number; lower learning_rate"
                )
