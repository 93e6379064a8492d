"""Proof that the samplers hold the trainer's weights, step by step."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .errors import IntegrityError
from .json_file import write_json
from .roster import say

if TYPE_CHECKING:
    from pathlib import Path

    from .fleet import Sync


def largest_difference(trainer: Any, server: Any, mask: Any) -> float:
    """Largest absolute difference of two log-probabilities of the same sampled token.

    Shape: three tensors, completions x tokens; only tokens with a true mask count.
    Unit: nats. Range: [0, inf]; a log-probability that is missing (NaN) on either side gives
    infinity, no token at all too: neither is a proof of agreement. TRL's own figure
    (``sampling/sampling_logp_difference/max``) is the same maximum, but leaves NaN out.
    """
    difference = (trainer.double() - server.double()).abs()[mask.bool()]
    if difference.numel() == 0 or bool(difference.isnan().any()):
        return math.inf
    return float(difference.max())


def count_tokens(ids: Any, mask: Any, forbidden: list[int]) -> int:
    """How many of the completions' tokens are among the forbidden ones.

    Shape: ids and mask are completions x tokens.
    """
    import torch

    return int((torch.isin(ids, torch.tensor(forbidden, device=ids.device)) & mask.bool()).sum())


class IntegrityRecord:
    """integrity.json, kept up to date after every sync, every step, every loss of a sampler.

    A run that goes on ``after`` a step keeps what is there of the steps up to that one, with all
    that was done with the samplers.

    Errors: WorkerError when the disk refuses.
    """

    def __init__(self, path: Path, tolerance: float, after: int | None = None) -> None:
        self._path = path
        self._tolerance = tolerance
        earlier = {} if after is None else _read(path)
        self._steps: list[dict[str, Any]] = [
            line for line in earlier.get("steps", []) if line["step"] <= (after or 0)
        ]
        self._syncs: list[dict[str, float | int]] = earlier.get("syncs", [])
        self._events: list[str] = earlier.get("events", [])
        self._special_tokens = 0
        kept = [line["logprob_max_abs_diff"] for line in self._steps]
        self._worst = max((math.inf if one is None else one for one in kept), default=0.0)
        self._warned: int | None = None
        self._write()

    def sync(self, sync: Sync) -> None:
        """Add a transfer of weights."""
        self._syncs.append(asdict(sync))
        self._write()

    def event(self, sentence: str) -> None:
        """Add what happened to a sampler, and say it."""
        self._events.append(sentence)
        say(sentence)
        self._write()

    def step(
        self,
        step: int,
        samplers: dict[str, float],
        tokens: int,
        special_tokens: int,
        probed: dict[str, float] | None = None,
    ) -> None:
        """Add a step; the run must stop when it is not trustworthy.

        ``samplers`` are the largest differences on each server's own samples, ``probed`` those on
        the same tokens for all servers. A difference above the tolerance warns the first time.

        Errors: IntegrityError above the tolerance for the second time, or when a forbidden token
        was sampled.
        """
        found = [*samplers.items(), *(probed or {}).items()]
        name, difference = max(found, key=lambda one: one[1], default=("", math.inf))
        self._worst = max(self._worst, difference)
        self._special_tokens += special_tokens
        line: dict[str, Any] = {
            "step": step,
            "logprob_max_abs_diff": _finite(difference),
            "tokens": tokens,
        }
        for key, values in (("samplers", samplers), ("probed", probed)):
            if values is not None:
                line[key] = {url: _finite(value) for url, value in values.items()}
        self._steps.append(line)
        self._write()
        if special_tokens:
            raise IntegrityError(
                f"Cannot trust step {step}: {special_tokens} special tokens were sampled, "
                "expected none"
            )
        if difference > self._tolerance:
            self._beyond(step, name, difference)

    def _beyond(self, step: int, name: str, difference: float) -> None:
        said = (
            f'log-probabilities of trainer and sampler "{name}" differ by {difference:.1e}, '
            f"expected at most {self._tolerance:.0e}; the sampler does not hold the trainer's "
            "weights"
        )
        if self._warned is not None:
            raise IntegrityError(
                f"Cannot trust step {step}: {said} (the second time, after step {self._warned})"
            )
        self._warned = step
        self.event(f"Step {step} is doubtful, and the run ends the next time: {said}")

    def _write(self) -> None:
        record = {
            "logprob_max_abs_diff": _finite(self._worst) if self._steps else None,
            "tolerance": self._tolerance,
            "special_tokens_sampled": self._special_tokens,
            "steps": self._steps,
            "syncs": self._syncs,
            "events": self._events,
        }
        write_json(self._path, record)


def _read(path: Path) -> dict[str, Any]:
    """What an earlier start wrote; nothing when it wrote none, or was cut off before the rename."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
