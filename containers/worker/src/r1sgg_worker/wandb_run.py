"""Weights & Biases, for who asks for it."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .errors import ConfigError

if TYPE_CHECKING:
    from .training_options import ReportOptions


class WandbRun:
    """A run there, or a folder to be sent there later.

    Errors: ConfigError when the package is not installed or refuses (no key, no network).
    """

    def __init__(self, options: ReportOptions, config: dict[str, Any]) -> None:
        try:
            wandb = importlib.import_module("wandb")
        except ImportError as error:
            raise ConfigError(
                f'Cannot report to wandb "{options.wandb}": the package is not installed, expected '
                "it beside the worker's own (pip install wandb)"
            ) from error
        try:
            self._run: Any = wandb.init(
                project=options.wandb_project,
                name=options.run_name,
                mode=options.wandb,
                config=config,
            )
        except Exception as error:  # whatever its client raises: told as a fault of the settings
            raise ConfigError(f'Cannot report to wandb "{options.wandb}": {error}') from error

    def step(self, step: int, _of: int, numbers: dict[str, float | None]) -> None:
        """Send the numbers of a step."""
        self._run.log({name: one for name, one in numbers.items() if one is not None}, step=step)
