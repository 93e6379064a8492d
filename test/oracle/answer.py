"""What a completion says: the answer inside its tags, read as JSON, and the names in it."""

import json
import re
from typing import Any

CLOSED = re.compile(r"<answer>(.*?)</answer>", re.DOTALL)
OPEN = re.compile(r"<answer>(.*)", re.DOTALL)
WHOLE_FORM = re.compile(r"<think>.*?</think>\s*<answer>(.*?)</answer>", re.DOTALL)


def answer_text(completion: str) -> str:
    """The text that is read as JSON; fences and the word json are gone wherever they stood."""
    text = completion.replace("```", " ").replace("json", " ").strip()
    found = CLOSED.search(text) or OPEN.search(text)
    return found[1].strip() if found else text


def parse_answer(completion: str) -> Any:
    """The answer's JSON value; raises where Python's own reader does."""
    return json.loads(answer_text(completion))


def in_whole_form(text: str) -> bool:
    """Whether the text is one think block and one answer block and nothing around them."""
    return WHOLE_FORM.fullmatch(text) is not None


def refine(name: str) -> str:
    """The head's normal form of an id or a predicate."""
    return name.replace("_", " ").replace("-", " ").strip().lower()


def refine_unstripped(name: str) -> str:
    """The normal form of paper v1's code, which keeps outer white space."""
    return name.replace("_", " ").replace("-", " ").lower()


def category(name: str) -> str:
    """What stands before the first dot."""
    return name.split(".", maxsplit=1)[0]
