"""A file of answers that grows by whole batches: the predictions file of ``r1sgg vqa run``."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from .errors import ConfigError, DataError
from .json_file import write_json

if TYPE_CHECKING:
    from pathlib import Path


class AnswersFile:
    """``<setting>.jsonl``, a line a question in the order of the questions.

    Lines are ``{"image_id": question_id, "response": text}``; ``<setting>.jsonl.settings.json``
    beside it says what they were made with.
    """

    def __init__(self, path: Path, ids: list[str], batch_size: int) -> None:
        self._path = path
        self._ids = ids
        self._batch_size = batch_size

    def resume(self, settings: dict[str, Any]) -> int:
        """Cut off what is no whole batch, and say how many answers are there.

        Errors: ConfigError when they were made with other settings; DataError when the file holds
        something else than answers to the first of these questions.
        """
        described = self._path.with_name(f"{self._path.name}.settings.json")
        held = _held_lines(self._path)
        for number, (line, wanted) in enumerate(zip(held, self._ids, strict=False), start=1):
            if (found := _id_of(line)) != wanted:
                raise self._cannot(DataError, f'line {number} is of "{found}", expected "{wanted}"')
        if len(held) > len(self._ids):
            raise self._cannot(DataError, f"{len(held)} lines, expected {len(self._ids)} at most")
        whole = len(held) == len(self._ids)
        kept = len(held) if whole else len(held) - len(held) % self._batch_size
        if kept > 0:
            self._compare(described, settings)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            file.truncate(sum(map(len, held[:kept])))
        if kept == 0:
            write_json(described, settings)
        return kept

    def append(self, ids: list[str], answers: list[str]) -> None:
        """Add a batch; it is on disk when this returns."""
        lines = [
            json.dumps(
                {"image_id": one, "response": answer}, ensure_ascii=False, separators=(",", ":")
            )
            for one, answer in zip(ids, answers, strict=True)
        ]
        with self._path.open("ab") as file:
            file.write("".join(f"{line}\n" for line in lines).encode())
            file.flush()
            os.fsync(file.fileno())

    def _compare(self, described: Path, settings: dict[str, Any]) -> None:
        try:
            before = json.loads(described.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise self._cannot(ConfigError, f'no settings in "{described}"') from error
        for name, now in settings.items():
            if (was := before.get(name)) != now:
                raise self._cannot(
                    ConfigError,
                    f"it was made with {name} {json.dumps(was)} instead of {json.dumps(now)}, "
                    "expected the same settings",
                )

    def _cannot(self, kind: type[ConfigError | DataError], found: str) -> Exception:
        return kind(f'Cannot continue "{self._path}": {found}')


def _held_lines(path: Path) -> list[bytes]:
    """The lines of a file, each with its newline; a torn last one is left out."""
    if not path.is_file():
        return []
    return [line for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]


def _id_of(line: bytes) -> object:
    try:
        return json.loads(line)["image_id"]
    except (ValueError, TypeError, KeyError):
        return line.decode(errors="replace")[:60].strip()
