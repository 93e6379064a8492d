"""Proof that the samplers hold the trainer's weights, step by step."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .errors import IntegrityError
from .json_file import write_json

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
    """integrity.json, kept up to date after every sync and every step.

    Errors: WorkerError when the disk refuses.
    """

    def __init__(self, path: Path, tolerance: float) -> None:
        self._path = path
        self._tolerance = tolerance
        self._steps: list[dict[str, float | int | None]] = []
        self._syncs: list[dict[str, float | int]] = []
        self._special_tokens = 0
        self._worst = 0.0
        self._write()

    def sync(self, sync: Sync) -> None:
        """Add a transfer of weights."""
        self._syncs.append(asdict(sync))
        self._write()

    def step(self, step: int, difference: float, tokens: int, special_tokens: int) -> None:
        """Add a step; the run must stop when it is not trustworthy.

        Errors: IntegrityError above the tolerance, or when a forbidden token was sampled.
        """
        self._worst = max(self._worst, difference)
        self._special_tokens += special_tokens
        self._steps.append(
            {"step": step, "logprob_max_abs_diff": _finite(difference), "tokens": tokens}
        )
        self._write()
        if difference > self._tolerance:
            raise IntegrityError(
                f"Cannot trust step {step}: log-probabilities of trainer and sampler differ by "
                f"{difference:.1e}, expected at most {self._tolerance:.0e}; the sampler does not "
                "hold the trainer's weights"
            )
        if special_tokens:
            raise IntegrityError(
                f"Cannot trust step {step}: {special_tokens} special tokens were sampled, "
                "expected none"
            )

    def _write(self) -> None:
        record = {
            "logprob_max_abs_diff": _finite(self._worst) if self._steps else None,
            "tolerance": self._tolerance,
            "special_tokens_sampled": self._special_tokens,
            "steps": self._steps,
            "syncs": self._syncs,
        }
        write_json(self._path, record)


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
