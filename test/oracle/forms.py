"""The format rewards: is a completion well formed, by each commit and by the paper's text."""

from typing import Any

from answer import answer_text, in_whole_form, parse_answer
from boxes import CORNERS

FIELDS = ("subject", "predicate", "object")


def is_object(item: Any) -> bool:
    """Whether an item has an id and four numbers as box; to Python booleans are integers."""
    if not isinstance(item, dict):
        return False
    box = item.get("bbox")
    return (
        "id" in item
        and isinstance(box, list)
        and len(box) == CORNERS
        and all(isinstance(entry, int | float) for entry in box)
    )


def has_text_id(item: dict[str, Any]) -> bool:
    """Whether the id is a string."""
    return isinstance(item["id"], str)


def has_names(relation: Any) -> bool:
    """Whether the three fields of a relation are strings."""
    return all(isinstance(relation[field], str) for field in FIELDS)


def is_graph(value: dict[str, Any]) -> bool:
    """The demands of task sgg: objects with ids and boxes, relations between them. May raise."""
    objects, relations = value["objects"], value["relationships"]
    ids = {item["id"] for item in objects}
    return (
        all(map(is_object, objects))
        and all(one["subject"] in ids and one["object"] in ids for one in relations)
        and all(has_names(one) for one in relations)
    )


def is_well_formed(value: Any, task: str) -> bool:
    """Commit 8451508, each task. May raise, which counts as no."""
    if not isinstance(value, dict):
        return False
    if task == "sgg":
        return is_graph(value)
    if task == "det":
        return all(map(is_object, value["objects"]))
    if task == "cls":
        return all(has_names(one) for one in value["relationships"])
    return False


def release_form(completion: str, task: str, *, strict: bool) -> float:
    """Commit 8451508: 1, or leniently 0.5 for a good graph outside the whole form."""
    if not is_well_formed(parse_answer(completion), task):
        return 0.0
    if in_whole_form(completion.strip()):
        return 1.0
    return 0.0 if strict else 0.5


def head_form(completion: str, task: str, *, strict: bool) -> float:
    """Commit e4de64d: a set of the objects, which are dicts, is made for task sgg and raises.

    And the form of each id is looked at, to no effect but that an id which is no text raises.
    """
    score = release_form(completion, task, strict=strict)
    if task == "sgg" and score > 0:
        set(parse_answer(completion)["objects"])
    if (
        task == "det"
        and score > 0
        and not all(map(has_text_id, parse_answer(completion)["objects"]))
    ):
        return 0.0
    return score


def v1_form(completion: str, task: str, *, strict: bool) -> float:  # noqa: ARG001 - all forms are called alike
    """The code of paper v1: ids agree and nothing else is looked at; 0.5 outside the whole form."""
    value = parse_answer(completion)
    if task != "sgg" or not isinstance(value, dict):  # it knows no other task
        return 0.0
    ids = {item["id"] for item in value["objects"]}
    for one in value["relationships"]:
        if one["subject"] not in ids or one["object"] not in ids:
            return 0.0
    return 1.0 if in_whole_form(completion) else 0.5


def paper_form(completion: str, _task: str, *, strict: bool) -> float:  # noqa: ARG001 - all forms are called alike
    """The paper's text: tags and both keywords, else any JSON object, else nothing.

    Read here as: the keywords stand in the answer, and with them JSON is not asked for.
    """
    answer = answer_text(completion)
    if in_whole_form(completion.strip()) and "object" in answer and "relationships" in answer:
        return 1.0
    return 0.5 if isinstance(parse_answer(completion), dict) else 0.0
