"""A data set whose images are opened when a batch needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from .rows import Row, load_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class RowsOnDemand(Generic[Row]):
    """The rows of a file, and as a data set's transform their columns by the rows' numbers.

    ``datasets`` pickles a transform to know it by a fingerprint. This one pickles as the file that
    it reads: with all its rows, 72,000 short ones cost 20 s of a training's start.

    Errors: as `load_rows`.
    """

    def __init__(
        self, path: Path, kind: type[Row], columns: Callable[[list[Row]], dict[str, list[Any]]]
    ) -> None:
        self._source = (path, kind, columns)
        self._columns = columns
        self.rows = load_rows(path, kind)

    def __reduce__(self) -> tuple[Any, ...]:
        """Its source, to be read again."""
        return type(self), self._source

    def __call__(self, batch: dict[str, list[int]]) -> dict[str, list[Any]]:
        """The columns of some rows."""
        return self._columns([self.rows[number] for number in batch["row"]])

    def dataset(self) -> Any:
        """All rows in their order, as TRL takes them."""
        from datasets import Dataset

        return Dataset.from_dict({"row": list(range(len(self.rows)))}).with_transform(self)
