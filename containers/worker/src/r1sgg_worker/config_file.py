"""Reads a configuration file, and puts every fault of a checked value into one line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from .config_base import Config
from .errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

AnyConfig = TypeVar("AnyConfig", bound=Config)


def load_config(path: Path, kind: type[AnyConfig]) -> AnyConfig:
    """Read and check a configuration file.

    Errors: ConfigError with all faults at once, each with its path, what was found and expected.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f'Cannot read config "{path}": {_reason(error)}') from error
    try:
        return kind.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        raise ConfigError(f'Cannot use config "{path}": {error}, expected JSON') from error
    except ValidationError as error:
        raise ConfigError(f'Cannot use config "{path}": {describe_faults(error)}') from error


def describe_faults(error: ValidationError) -> str:
    """All faults of a checked value in one line: ``steps: found "five", expected …; …``."""
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'value'}: "
        f"found {_shorten(fault['input'])}, {_wanted(fault['type'], fault['msg'])}"
        for fault in error.errors(include_url=False)
    )


def _wanted(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "expected no such field"
    if kind == "missing":
        return "expected this field"
    return message[:1].lower() + message[1:]


def _shorten(value: object) -> str:
    text = json.dumps(value, default=str)
    limit = 60
    return text if len(text) <= limit else text[:limit] + "…"


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
