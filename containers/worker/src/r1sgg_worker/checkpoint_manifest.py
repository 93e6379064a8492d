"""manifest.json of a checkpoint: what it holds, written last, by which a torn one is told."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

from .errors import WorkerError
from .json_file import write_json
from .safetensors_header import numbers_in

if TYPE_CHECKING:
    from pathlib import Path

NAME = "manifest.json"
_WHOLE = 64 * 2**20
_EDGE = 4 * 2**20


def write_manifest(folder: Path, step: int, facts: dict[str, Any]) -> None:
    """List every file with its size and digest, after all of them have reached the disk.

    ``facts`` say which run the checkpoint belongs to. Weights that cannot be opened again are an
    error here, not at the next start.
    Errors: WorkerError when the disk refuses; ConfigError for weights that are not whole.
    """
    files: dict[str, Any] = {}
    try:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            _flush(path)
            files[str(path.relative_to(folder))] = _describe(path)
        for path in folder.glob("*.safetensors"):
            numbers_in(path)
        write_json(folder / NAME, {"step": step, "facts": facts, "files": files})
        _flush(folder / NAME)
    except OSError as error:
        raise WorkerError(f'Cannot write checkpoint "{folder}": {error}') from error


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest as it was written. Errors: WorkerError when there is none."""
    try:
        content: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WorkerError(f'Cannot read checkpoint "{folder}": {NAME}: {error}') from error
    return content


def fault_of(folder: Path) -> str | None:
    """What is wrong with a checkpoint, in a few words; None when it is as it was written."""
    try:
        for name, expected in read_manifest(folder)["files"].items():
            path = folder / name
            if not path.is_file():
                return f"{name} is missing"
            found = _describe(path)
            if found["bytes"] != expected["bytes"]:
                return f"{name} has {found['bytes']} bytes, expected {expected['bytes']}"
            if found != expected:
                return f"{name} has other content than was written"
    except WorkerError as error:
        return str(error).split(": ", maxsplit=1)[1]
    except (OSError, KeyError, TypeError, AttributeError) as error:
        return f"{NAME}: {error!r}"
    return None


def _describe(path: Path) -> dict[str, Any]:
    """Size and digest; of a file above 64 MiB the digest covers the first and last 4 MiB.

    A file that a crash has torn is short, or ends in zeros: the edges tell that without reading
    tens of gigabytes of optimiser state while GPUs wait.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        if size <= _WHOLE:
            return {"bytes": size, "sha256": hashlib.sha256(file.read()).hexdigest()}
        digest = hashlib.sha256(file.read(_EDGE))
        file.seek(-_EDGE, os.SEEK_END)
        digest.update(file.read())
    return {"bytes": size, "sha256_of_edges": digest.hexdigest()}


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
