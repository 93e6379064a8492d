"""The two graphs that a reward compares, in 0..1: the target's and the completion's."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypedDict

from answer import parse_answer, refine
from boxes import Box, scale_box
from matching import Node

LONGEST_SIDE_OF_V1 = 512


class Relation(NamedTuple):
    """Two ids and what stands between them."""

    subject: str
    predicate: str
    object: str

    def refined(self) -> "Relation":
        """The relation in the head's normal form."""
        return Relation(*map(refine, self))


class ReachedRelation:
    """A relation of a completion, read field by field as far as somebody looks."""

    def __init__(self, value: Any, refined: Callable[[str], str]) -> None:
        self.value = value
        self.refined = refined

    @property
    def subject(self) -> str:
        """Its subject in normal form; raises where there is none."""
        return self.refined(self.value["subject"])

    @property
    def predicate(self) -> str:
        """Its predicate in normal form; raises where there is none."""
        return self.refined(self.value["predicate"])

    @property
    def object(self) -> str:
        """Its object in normal form; raises where there is none."""
        return self.refined(self.value["object"])


class Truth(TypedDict, total=False):
    """What a task hands over of a target; to ask for what it leaves out raises."""

    objects: tuple[Node, ...]
    relationships: tuple[Relation, ...]


def in_v1_pixels(box: Sequence[float], width: float, height: float) -> Box:
    """A box of the image shrunk (or grown) to a longest side of 512, in whole pixels of that.

    Read here as: both sides are cut off with int(), and each axis then has its own factor.
    """
    factor = LONGEST_SIDE_OF_V1 / max(width, height)
    across, down = int(width * factor), int(height * factor)
    x1, y1, x2, y2 = map(int, scale_box(box, across / width, down / height))
    return (x1 / across, y1 / down, x2 / across, y2 / down)


def truth_of(target: dict[str, Any], task: str, *, v1_pixels: bool) -> Truth:
    """A target in 0..1: by the reciprocals of its size, or as v1 does it."""
    width, height = target["width"], target["height"]

    def normal(box: Sequence[float]) -> Box:
        if v1_pixels:
            return in_v1_pixels(box, width, height)
        return scale_box(box, 1.0 / width, 1.0 / height)

    truth: Truth = {}
    if task != "cls":
        truth["objects"] = tuple((one["id"], normal(one["bbox"])) for one in target["objects"])
    if task != "det":
        fields = Relation._fields
        truth["relationships"] = tuple(
            Relation(*(one[field] for field in fields)) for one in target["relationships"]
        )
    return truth


class Prediction:
    """A completion's graph. Each part raises for what is not one."""

    def __init__(
        self, completion: str, box_scale: tuple[float, float], refined: Callable[[str], str]
    ) -> None:
        self.value = parse_answer(completion)
        self.box_scale = box_scale
        self.refined = refined

    def objects(self) -> tuple[Node, ...]:
        """Normal ids, and boxes in 0..1."""
        across, down = 1.0 / self.box_scale[0], 1.0 / self.box_scale[1]
        return tuple(
            (self.refined(one["id"]), scale_box(one["bbox"], across, down))
            for one in self.value["objects"]
        )

    def relations_as_reached(self) -> tuple["ReachedRelation", ...]:
        """The relations, each field of which raises only when it is looked at and not there."""
        return tuple(ReachedRelation(one, self.refined) for one in self.value["relationships"])

    def relations(self, *, skip_faulty: bool) -> tuple[Relation, ...]:
        """Relations in normal form, all of them before any is looked at."""
        relations = []
        for one in self.value["relationships"]:
            try:
                fields = [self.refined(one[field]) for field in Relation._fields]
            except Exception:
                if not skip_faulty:
                    raise
            else:
                relations.append(Relation(*fields))
        return tuple(relations)
