"""The folder from which samplers read weights: shared memory, or a disk that all of them see."""

from __future__ import annotations

import fcntl
import shutil
import socket
from typing import TYPE_CHECKING

from .errors import WorkerError

if TYPE_CHECKING:
    from pathlib import Path

_OWNER = ".owner"


class WeightFolder:
    """A folder of this process, empty at first.

    A killed trainer leaves its weights behind, gigabytes in shared memory. So what stood under the
    same path is removed, and so are folders beside it whose owner is gone: a trainer holds a lock
    on the ``.owner`` file of its folder, which names its host. Other folders are left alone.

    Errors: WorkerError when the disk refuses, or a living trainer holds the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        try:
            for owner in self.path.parent.glob(f"*/{_OWNER}"):
                if owner.parent == self.path and _is_held(owner):
                    raise WorkerError(
                        f'Cannot use weight folder "{self.path}": another trainer holds it, '
                        "expected one for each run"
                    )
                if _is_ours_to_judge(owner) and not _is_held(owner):
                    shutil.rmtree(owner.parent, ignore_errors=True)
            shutil.rmtree(self.path, ignore_errors=True)
            self.path.mkdir(parents=True)
            self._owner = (self.path / _OWNER).open("w", encoding="utf-8")
            fcntl.flock(self._owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._owner.write(socket.gethostname())
            self._owner.flush()
        except OSError as error:
            raise WorkerError(f'Cannot write weights to "{self.path}": {error}') from error

    def version(self, number: int) -> Path:
        """The folder of one version."""
        return self.path / f"v{number:06d}"

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._owner.close()


def _is_ours_to_judge(owner: Path) -> bool:
    """Whether a lock of this host's kernel says if the owner lives."""
    try:
        return owner.read_text(encoding="utf-8") == socket.gethostname()
    except (OSError, UnicodeDecodeError):
        return False


def _is_held(owner: Path) -> bool:
    try:
        with owner.open(encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
