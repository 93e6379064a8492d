"""Lets the weight of a reward grow from 0 over the first steps of a run."""

from __future__ import annotations

from typing import Any

from transformers import TrainerCallback


class RewardWarmup(TrainerCallback):
    """In the step after ``n`` others the weight is its full one times min(1, n / warmup).

    The first step of such a reward so has weight 0. A warmup of 0 is none.
    Source: reward_warmup_steps of the release's trainer (reference section 4.8).
    """

    def __init__(self, trainer: Any, warmup: list[int]) -> None:
        self._trainer = trainer
        self._warmup = warmup
        self._full = trainer.reward_weights.clone()

    def on_step_begin(self, _args: Any, state: Any, _control: Any, **_: Any) -> None:
        """Before the completions of a step are sampled and scored."""
        shares = [min(1.0, state.global_step / steps) if steps else 1.0 for steps in self._warmup]
        self._trainer.reward_weights = self._full * self._full.new_tensor(shares)
