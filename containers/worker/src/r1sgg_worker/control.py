"""The control of a study of rewards: rewards that say nothing about the completions they go to."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .reward_client import Scores


def shuffled(scores: Scores) -> Scores:
    """The rewards of a batch, each completion's given to another one drawn at random.

    All rewards of a completion stay together, and so do mean and spread of the batch: what is gone
    is only what they said of the completion. The order is drawn from the request's id, so that a
    resumed run draws the same.
    """
    columns: dict[str, list[Any]] = dict(scores.rewards)
    order = list(range(len(next(iter(columns.values())))))
    random.Random(scores.request_id).shuffle(order)  # noqa: S311 - no secret
    rewards: Any = {name: [values[i] for i in order] for name, values in columns.items()}
    return replace(scores, rewards=rewards)
