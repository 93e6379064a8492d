"""Images that a parquet file holds, named ``FILE.parquet#ROW`` where a path is wanted."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from .errors import DataError


def parquet_image(path: Path) -> tuple[Path, int] | None:
    """The parquet file and the row that a path names, or None for an image file of its own."""
    match = re.fullmatch(r"(.+\.parquet)#(\d+)", str(path), re.DOTALL)
    return None if match is None else (Path(match[1]), int(match[2]))


def holding_file(path: Path) -> Path:
    """The file that has to be there for an image to be there."""
    inside = parquet_image(path)
    return path if inside is None else inside[0]


def read_parquet_image(path: Path, row: int) -> bytes | Path:
    """The bytes of a row's image, or the path of the file that it names instead.

    Rows come in any order while training, and a row group is the least that parquet gives: the
    last few groups are kept.

    Errors: DataError naming file and row.
    """
    import pyarrow as pa

    try:
        _, starts = _opened(path)
        if not 0 <= row < starts[-1]:
            raise DataError(f'Cannot read "{path}" row {row}: it has {starts[-1]} rows')
        group = bisect_right(starts, row) - 1
        value = _images(path, group)[row - starts[group]].as_py()
    except (OSError, KeyError, pa.ArrowException) as error:
        raise DataError(f'Cannot read "{path}" row {row}: {error}') from error
    stored = value if isinstance(value, dict) else {"bytes": value}
    if stored.get("bytes") is not None:
        return bytes(stored["bytes"])
    if stored.get("path"):
        return path.parent / str(stored["path"])
    raise DataError(f'Cannot read "{path}" row {row}: no image in it')


@lru_cache(maxsize=64)
def _opened(path: Path) -> tuple[Any, list[int]]:
    """The open file, and at which row each of its groups starts; the last number is one past."""
    from pyarrow import parquet

    file = parquet.ParquetFile(path)
    sizes = (file.metadata.row_group(index).num_rows for index in range(file.num_row_groups))
    return file, [0, *accumulate(sizes)]


@lru_cache(maxsize=4)
def _images(path: Path, group: int) -> Any:
    """The images of a row group."""
    file, _ = _opened(path)
    return file.read_row_group(group, columns=["image"]).column("image")
