"""Result folders appear whole or not at all."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def partial_folder(folder: Path) -> Path:
    """Where a folder is written before it gets its name."""
    return folder.with_name(f".{folder.name}.partial")


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A new empty folder beside ``folder``, renamed to it when the block ends without an error.

    What an earlier, killed process left there is removed first. An existing ``folder`` is replaced.
    Errors: WorkerError when the disk refuses (full, read-only); the block's own errors pass through
    after the partial folder is removed.
    """
    partial = partial_folder(folder)
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        yield partial
        if folder.exists():
            shutil.rmtree(folder)
        partial.rename(folder)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise WorkerError(f'Cannot write folder "{folder}": {error}') from error
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
