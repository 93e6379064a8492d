"""Everything that takes the numbers of each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .tensorboard_events import TensorBoard
from .wandb_run import WandbRun

if TYPE_CHECKING:
    from .config import TrainingConfig
    from .progress_callback import StepSink
    from .training_run import TrainingRun


def open_reports(config: TrainingConfig, run: TrainingRun) -> list[StepSink]:
    """The progress file, and what ``report_to`` asks for; nothing but the first if not the main.

    Errors: ConfigError for wandb that is not installed.
    """
    sinks: list[StepSink] = [run.progress]
    options = config.report_to
    if run.main and options.tensorboard is not None:
        after = None if run.resume is None else run.resume[0]
        sinks.append(TensorBoard(options.tensorboard, after))
    if run.main and options.wandb != "off":
        sinks.append(WandbRun(options, config.model_dump(mode="json")))
    return sinks
