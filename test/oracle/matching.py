"""Which predicted object stands for which true one."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from scipy.optimize import linear_sum_assignment

from boxes import Box, giou, iou, l1
from similarity import similarity

Node = tuple[str, Box]
Pair = tuple[int, int]
"""Index of a prediction, index of a true object."""
Matching = Callable[[tuple[Node, ...], tuple[Node, ...]], list[Pair]]
"""True objects, predictions: pairs in the order of predictions. May raise."""

NAME_WEIGHT, BOX_WEIGHT, DISTANCE_WEIGHT = 1.0, 2.0, 5.0
PADDING = 1e5


def assign(cost: Sequence[Sequence[float]], columns: int) -> list[Pair]:
    """The cheapest pairs by SciPy, which raises for NaN, -inf and an unavoidable +inf.

    Missing rows are made up and dropped again.
    """
    rows = len(cost)
    if rows == columns == 0:
        return []
    padded = [*cost, *([PADDING] * columns for _ in range(columns - rows))]
    found = zip(*linear_sum_assignment(np.array(padded)), strict=True)
    return [(int(row), int(column)) for row, column in found if row < rows]


def cost_of(prediction: Node, truth: Node, overlap: Callable[[Box, Box], float]) -> float:
    """What a pair costs: names, a measure of overlap, distance."""
    return (
        NAME_WEIGHT * (1.0 - similarity(prediction[0], truth[0]))
        + BOX_WEIGHT * (1.0 - overlap(prediction[1], truth[1]))
        + DISTANCE_WEIGHT * l1(prediction[1], truth[1])
    )


def match_by(
    overlap: Callable[[Box, Box], float], truths: tuple[Node, ...], predictions: tuple[Node, ...]
) -> list[Pair]:
    """The cheapest pairs under a measure of overlap."""
    cost = [[cost_of(one, truth, overlap) for truth in truths] for one in predictions]
    return assign(cost, len(truths))


@lru_cache(maxsize=4096)
def match_with_giou(truths: tuple[Node, ...], predictions: tuple[Node, ...]) -> list[Pair]:
    """The reference's match, kept as there: three rewards of a completion ask for it."""
    return match_by(giou, truths, predictions)


@lru_cache(maxsize=4096)
def match_with_iou(truths: tuple[Node, ...], predictions: tuple[Node, ...]) -> list[Pair]:
    """The match of the paper's text, Eq. 3."""
    return match_by(iou, truths, predictions)
