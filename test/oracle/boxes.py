"""Boxes, which may be inverted, infinite or not a number: computed as they come."""

from collections.abc import Sequence
from typing import Any

Box = tuple[float, float, float, float]
CORNERS = 4


def scale_box(box: Sequence[Any], across: float, down: float) -> Box:
    """A box by factors; raises for what is not four numbers, as the reference does."""
    if len(box) != CORNERS:
        message = f"box of {len(box)} entries"
        raise AssertionError(message)
    # First to last by index: a dict of four entries has no key 0 and raises here.
    return (box[0] * across, box[1] * down, box[2] * across, box[3] * down)


def area(box: Box) -> float:
    """Signed: negative when one axis is inverted."""
    return (box[2] - box[0]) * (box[3] - box[1])


def overlap_and_union(a: Box, b: Box) -> tuple[float, float]:
    """Intersection, never negative, and union, from signed areas."""
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    overlap = width * height
    return overlap, area(a) + area(b) - overlap


def iou(a: Box, b: Box) -> float:
    """Intersection over union; 0 where the union is 0, NaN where a box holds NaN."""
    overlap, union = overlap_and_union(a, b)
    return 0.0 if union == 0 else overlap / union


def giou(a: Box, b: Box) -> float:
    """Generalised IoU with a signed hull; a hull of 0 beside another union divides by zero."""
    overlap, union = overlap_and_union(a, b)
    if union == 0:
        return 0.0
    hull = (max(a[2], b[2]) - min(a[0], b[0])) * (max(a[3], b[3]) - min(a[1], b[1]))
    return overlap / union - (hull - union) / hull


def l1(a: Box, b: Box) -> float:
    """Sum of the four absolute differences."""
    return abs(a[0] - b[0]) + abs(a[1] - b[1]) + abs(a[2] - b[2]) + abs(a[3] - b[3])
