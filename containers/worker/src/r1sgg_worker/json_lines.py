"""JSON lines as models, every fault with the number of its line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from .config_file import describe_faults

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Line = TypeVar("Line", bound=BaseModel)


def lines_of(path: Path) -> list[str]:
    """Its lines; not by splitlines, which would also cut texts that hold U+2028 or U+0085.

    Errors: OSError, UnicodeDecodeError
    """
    return path.read_text(encoding="utf-8").split("\n")


def valid_lines(
    lines: list[str], kind: type[Line], faults: list[str]
) -> Iterator[tuple[int, Line]]:
    """Yield each good line with its number, from 1; what is wrong with the others joins ``faults``.

    Blank lines are passed over. Faults come in the order of the lines, also with those that the
    caller adds about a line before it asks for the next.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = kind.model_validate(json.loads(line))
        except json.JSONDecodeError as error:
            faults.append(f"line {number}: {error}")
        except ValidationError as error:
            faults.append(f"line {number}: {describe_faults(error)}")
        else:
            yield number, value


def first_faults(faults: list[str], limit: int = 10) -> str:
    """The first of several faults in one line, and how many more there are."""
    more = f"; and {len(faults) - limit} more" if len(faults) > limit else ""
    return "; ".join(faults[:limit]) + more
