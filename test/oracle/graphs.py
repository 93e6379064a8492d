"""The node and edge rewards on two graphs, before weights. Each may raise, which counts as 0."""

import math
from collections.abc import Callable, Iterable, Sequence

from answer import category
from boxes import iou, l1
from matching import BOX_WEIGHT, DISTANCE_WEIGHT, Node, Pair, assign
from scenes import ReachedRelation, Relation
from similarity import similarity

HIT = 0.5
Nodes = Sequence[Node]
Relations = Sequence[Relation]
Given = Sequence[Relation] | Sequence[ReachedRelation]
Overlaps = Callable[[Relation, Relation | ReachedRelation], bool]
"""Whether an asked and a given relation lie on the same boxes."""


def share(total: float, count: int) -> float:
    """A sum over the number of things that were asked for; of none, the sum."""
    return total / max(1, count)


def node_acc(truths: Nodes, predictions: Nodes, pairs: Iterable[Pair]) -> float:
    """How alike the names of matched objects are."""
    total = sum(similarity(truths[g][0], predictions[p][0]) for p, g in pairs)
    return share(total, len(truths))


def node_box(truths: Nodes, predictions: Nodes, pairs: Iterable[Pair]) -> float:
    """How alike the boxes of matched objects are."""
    total = 0.0
    for p, g in pairs:
        a, b = predictions[p][1], truths[g][1]
        total += BOX_WEIGHT * iou(a, b) + DISTANCE_WEIGHT * math.exp(-l1(a, b))
    return share(total / (BOX_WEIGHT + DISTANCE_WEIGHT), len(truths))


def node(
    truths: Nodes, predictions: Nodes, pairs: Iterable[Pair], weights: tuple[float, float, float]
) -> float:
    """The paper's Eq. 4 and 5: names, overlap and distance of matched objects in one sum."""
    name, box, distance = weights
    total = 0.0
    for p, g in pairs:
        (a_id, a), (b_id, b) = predictions[p], truths[g]
        total += name * similarity(b_id, a_id) + box * iou(a, b) + distance * math.exp(-l1(a, b))
    return share(total, len(truths))


def alike(a: Relation, b: Relation | ReachedRelation) -> float:
    """How alike two relations are: subject times object times predicate."""
    return (
        similarity(a.subject, b.subject)
        * similarity(a.object, b.object)
        * similarity(a.predicate, b.predicate)
    )


def edge(
    truths: Nodes,
    predictions: Nodes,
    pairs: Iterable[Pair],
    asked: Relations,
    given: Relations,
) -> float:
    """Soft Recall: each asked relation, where the matched objects are related in the prediction."""
    stands_for = {truths[g][0]: predictions[p][0] for p, g in pairs}
    between = {(one.subject, one.object): one for one in given}
    total = 0.0
    for one in asked:
        if one.subject not in stands_for or one.object not in stands_for:
            continue
        found = between.get((stands_for[one.subject], stands_for[one.object]))
        if found is not None:
            total += alike(one, found)
    return share(total, len(asked))


def edge_by_names(asked: Relations, given: Relations) -> float:
    """Soft Recall of task cls: relations are matched by their three names alone."""
    wanted = [one.refined() for one in asked]
    cost = [[1.0 - alike(want, give) for want in wanted] for give in given]
    pairs = assign(cost, len(wanted))
    return share(sum(alike(wanted[g], given[p]) for p, g in pairs), len(wanted))


def edge_over_given(
    truths: Nodes,
    predictions: Nodes,
    pairs: Iterable[Pair],
    asked: Relations,
    given: Relations,
) -> float:
    """The paper's Eq. 6 and 7: each PREDICTED relation whose matched objects are related in truth.

    Read here as: given relations are a set; where the truth has several for a pair, the most
    alike counts.
    """
    stands_for = {predictions[p][0]: truths[g][0] for p, g in pairs}
    total = 0.0
    for one in dict.fromkeys(given):
        pair = (stands_for.get(one.subject), stands_for.get(one.object))
        found = [alike(want, one) for want in asked if (want.subject, want.object) == pair]
        if found:
            total += max(found)
    return share(total, len(asked))


def on_boxes(truths: Nodes, predictions: Nodes) -> Overlaps:
    """Both boxes by id; an unknown id that is reached raises, and NaN is not below a half."""
    true_box, box = dict(truths), dict(predictions)

    def overlaps(want: Relation, give: Relation | ReachedRelation) -> bool:
        subject = iou(true_box[want.subject], box[give.subject])
        object_ = iou(true_box[want.object], box[give.object])
        return not (subject < HIT or object_ < HIT)

    return overlaps


def known_and_on_boxes(truths: Nodes, predictions: Nodes) -> Overlaps:
    """Both boxes by id, which are known and overlap by half: NaN and infinity do not."""
    true_box, box = dict(truths), dict(predictions)

    def end(true_id: str, given_id: str) -> bool:
        known = true_id in true_box and given_id in box
        return known and iou(true_box[true_id], box[given_id]) >= HIT

    def overlaps(want: Relation, give: Relation | ReachedRelation) -> bool:
        return end(want.subject, give.subject) and end(want.object, give.object)

    return overlaps


def edge_hard(overlaps: Overlaps, asked: Relations, given: Given) -> float:
    """Hard Recall: equal predicates, both boxes, equal names; predicates are looked at first."""

    def is_hit(want: Relation, give: Relation | ReachedRelation) -> bool:
        wanted = want.refined()
        return (
            wanted.predicate == give.predicate
            and overlaps(want, give)
            and category(wanted.subject) == category(give.subject)
            and category(wanted.object) == category(give.object)
        )

    return share(sum(any(is_hit(want, give) for give in given) for want in asked), len(asked))


def edge_hard_relax(overlaps: Overlaps, asked: Relations, given: Given) -> float:
    """Hard Recall+Relax: both boxes, then the most alike, which may be below 0."""
    total = 0.0
    for want in asked:
        wanted = want.refined()
        values = [alike(wanted, give) for give in given if overlaps(want, give)]
        total += max(values, default=0.0)
    return share(total, len(asked))
