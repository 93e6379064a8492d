"""Rows of the training files (sft.jsonl, grpo.jsonl), and their images."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from .errors import DataError
from .json_lines import first_faults, lines_of, valid_lines
from .parquet_images import holding_file, parquet_image, read_parquet_image

if TYPE_CHECKING:
    from PIL.Image import Image


class Message(BaseModel):
    """One message of a conversation; its text is plain, the image goes before the user's text."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    role: Literal["system", "user", "assistant"]
    content: str


class TrainingRow(BaseModel):
    """What both files have. ``image_path`` is relative to the file, or ``FILE.parquet#ROW``."""

    model_config = ConfigDict(frozen=True)
    image_id: str
    image_path: Path
    prompt: Annotated[list[Message], Field(min_length=1)]


class SftRow(TrainingRow):
    """A prompt with the answer to learn."""

    completion: Annotated[list[Message], Field(min_length=1)]


class GrpoRow(TrainingRow):
    """A prompt with the scene graph that the reward endpoint compares with (sent as it is).

    ``box_scale`` (width and height in which the model gives boxes) and ``task`` are sent as well;
    without them it is thousandths and ``sgg``.
    """

    target: dict[str, Any]
    box_scale: tuple[float, float] | None = None
    task: Literal["sgg", "det", "cls"] | None = None


Row = TypeVar("Row", bound=TrainingRow)


def load_rows(path: Path, kind: type[Row]) -> list[Row]:
    """Read a JSONL file whole; image paths become absolute.

    Errors: DataError with the first ten faults, each with its line number; also for an empty file
    and for images that do not exist. Images are opened later, by `open_image`.
    """
    try:
        lines = lines_of(path)
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f'Cannot read data "{path}": {error}') from error
    rows: list[Row] = []
    faults: list[str] = []
    for number, row in valid_lines(lines, kind, faults):
        image = path.parent / row.image_path
        if not holding_file(image).is_file():
            faults.append(f'line {number}: image "{image}" does not exist')
        rows.append(row.model_copy(update={"image_path": image.absolute()}))
    if faults:
        raise DataError(f'Cannot use data "{path}": {first_faults(faults)}')
    if not rows:
        raise DataError(f'Cannot use data "{path}": found no row, expected at least one')
    return rows


def open_image(path: Path) -> Image:
    """The image as RGB, in the orientation of its stored pixels (EXIF is not applied).

    ``FILE.parquet#ROW`` is the image of that row. Boxes are in pixels of the image as it is
    stored, so turning it would move them.

    Errors: DataError naming the file.
    """
    from PIL import Image, UnidentifiedImageError

    inside = parquet_image(path)
    stored = path if inside is None else read_parquet_image(*inside)
    try:
        with Image.open(BytesIO(stored) if isinstance(stored, bytes) else stored) as image:
            return image.convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise DataError(f'Cannot open image "{path}": {error}') from error


def as_messages(messages: list[Message]) -> list[dict[str, str]]:
    """Messages in the form that TRL takes."""
    return [{"role": message.role, "content": message.content} for message in messages]
