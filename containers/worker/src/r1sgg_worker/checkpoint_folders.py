"""The folder of a run's checkpoints: which to resume from, how a new one gets its name."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .checkpoint_manifest import fault_of, read_manifest, write_manifest
from .errors import ConfigError, WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .training_options import CheckpointOptions

_PARTIAL = ".partial"


def checkpoints_in(folder: Path) -> list[tuple[int, Path]]:
    """Step and path of every checkpoint by its name, oldest step first."""
    found = [
        (int(match[1]), path)
        for path in (folder.iterdir() if folder.is_dir() else ())
        if (match := re.fullmatch(r"checkpoint-(\d+)", path.name))
    ]
    return sorted(found)


def checkpoint_to_resume(
    options: CheckpointOptions, facts: dict[str, Any], say: Callable[[str], None]
) -> tuple[int, Path] | None:
    """Step and path to go on from; None to start afresh. A torn one is passed over with a sentence.

    Errors: ConfigError when the checkpoint is of another run (``facts``), when the one that was
    named is torn, or when there are some although ``resume`` is ``never``.
    """
    found = checkpoints_in(options.dir)
    if options.resume == "never":
        if found:
            raise ConfigError(
                f'Cannot start afresh in "{options.dir}": found {found[-1][1].name}, expected no '
                'checkpoint or resume "auto"'
            )
        return None
    if isinstance(options.resume, Path):
        fault = fault_of(options.resume)
        if fault is not None:
            raise ConfigError(f'Cannot resume from "{options.resume}": {fault}')
        return _checked(options.resume, facts)
    for _, path in reversed(found):
        fault = fault_of(path)
        if fault is None:
            return _checked(path, facts)
        say(f'Passing over checkpoint "{path}": {fault}')
    return None


def staging_folder(folder: Path) -> Path:
    """Where checkpoints are written before they get their name; emptied by `clear_staging`."""
    return folder / _PARTIAL


def clear_staging(folder: Path) -> None:
    """Remove what an earlier, killed process left half-written. Errors: WorkerError."""
    try:
        shutil.rmtree(staging_folder(folder), ignore_errors=True)
        staging_folder(folder).mkdir(parents=True)
    except OSError as error:
        raise WorkerError(f'Cannot write checkpoints to "{folder}": {error}') from error


def finish_checkpoint(folder: Path, step: int, keep: int, facts: dict[str, Any]) -> Path:
    """Verify the staged checkpoint of a step, give it its name, and remove the oldest ones.

    Errors: WorkerError, ConfigError when it is not whole; nothing is removed then.
    """
    staged = staging_folder(folder) / f"checkpoint-{step}"
    target = folder / staged.name
    write_manifest(staged, step, facts)
    try:
        shutil.rmtree(target, ignore_errors=True)  # torn, or the run would have gone on from it
        staged.rename(target)
        older = [path for found, path in checkpoints_in(folder) if found <= step]
        for path in older[:-keep]:
            shutil.rmtree(path)
    except OSError as error:
        raise WorkerError(f'Cannot write checkpoint "{target}": {error}') from error
    return target


def _checked(path: Path, facts: dict[str, Any]) -> tuple[int, Path]:
    manifest = read_manifest(path)
    for name, expected in facts.items():
        found = manifest["facts"].get(name)
        if found != expected:
            raise ConfigError(
                f'Cannot resume from "{path}": it was written with {name} {found!r}, '
                f"expected {expected!r}"
            )
    return manifest["step"], path
