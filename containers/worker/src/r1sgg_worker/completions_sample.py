"""A few completions of a step with their rewards, as JSON lines that a person can read."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

from .errors import WorkerError
from .progress import lines_until
from .rewards import completion_text

if TYPE_CHECKING:
    from .training_options import SampleOptions


class CompletionsSample:
    """Appends to a file; a run that goes on ``after`` a step keeps the lines up to that step.

    The same seed and step draw the same places of a batch, in any run.
    Errors: WorkerError when the disk refuses.
    """

    def __init__(self, options: SampleOptions, after: int | None) -> None:
        self._options = options
        kept = "" if after is None else lines_until(options.path, after)
        self._write("w", kept)

    def step(self, step: int, logs: dict[str, Any]) -> None:
        """Write the sample of a step. ``logs`` are TRL's, of the completions of all processes."""
        if step % self._options.every_steps:
            return
        completions = list(logs["completion"])
        rng = random.Random(f"{self._options.seed} {step}")  # noqa: S311 - no secret
        count = min(self._options.count, len(completions))
        columns = {**logs["rewards"], **logs["extra"], "advantage": logs["advantages"]}
        lines = [
            {
                "step": step,
                "place": place,
                **{name: list(values)[place] for name, values in columns.items()},
                "completion": completion_text(completions[place]),
            }
            for place in sorted(rng.sample(range(len(completions)), count))
        ]
        self._write("a", "".join(json.dumps(line) + "\n" for line in lines))

    def _write(self, mode: str, text: str) -> None:
        path = self._options.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open(mode, encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise WorkerError(f'Cannot write completions "{path}": {error}') from error
