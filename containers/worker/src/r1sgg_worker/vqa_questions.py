"""The questions of one setting, as ``r1sgg vqa build --images`` writes them for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from .errors import DataError
from .json_lines import first_faults, lines_of, valid_lines

if TYPE_CHECKING:
    from pathlib import Path


class VqaQuestion(BaseModel):
    """A prompt with its image: a path from the folder of the questions, or ``FILE.parquet#ROW``."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    question_id: Annotated[str, Field(min_length=1)]
    prompt: Annotated[str, Field(min_length=1)]
    image: Annotated[str, Field(min_length=1)]


def load_questions(path: Path) -> list[VqaQuestion]:
    """Read ``<setting>.jsonl``, in its order.

    Errors: DataError with the first ten faults, a second question of one name among them; also for
    a file that is not there or holds no question.
    """
    try:
        lines = lines_of(path)
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f'Cannot read questions "{path}": {error}, expected a file of r1sgg vqa build --images'
        ) from error
    questions: dict[str, VqaQuestion] = {}
    faults: list[str] = []
    for number, question in valid_lines(lines, VqaQuestion, faults):
        if question.question_id in questions:
            faults.append(f'line {number}: a second question "{question.question_id}"')
        questions[question.question_id] = question
    if faults:
        raise DataError(f'Cannot use questions "{path}": {first_faults(faults)}')
    if not questions:
        raise DataError(f'Cannot use questions "{path}": found none, expected at least one')
    return list(questions.values())
