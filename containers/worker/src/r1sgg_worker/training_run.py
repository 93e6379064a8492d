"""What SFT and GRPO do around their trainer: resume, train, stop on a signal, save."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .checkpoint_folders import checkpoint_to_resume
from .errors import StoppedError
from .progress import Progress
from .stop_request import StopRequest

if TYPE_CHECKING:
    from pathlib import Path

    from .config import TrainingConfig


@dataclass(frozen=True)
class TrainingRun:
    """One process of a run: its place, and what it goes on from.

    ``facts`` are what a checkpoint must agree in to be resumed from.
    """

    rank: int
    processes: int
    progress: Progress
    facts: dict[str, Any]
    resume: tuple[int, Path] | None = None
    request: StopRequest = field(default_factory=StopRequest)

    @property
    def main(self) -> bool:
        """Whether this process writes what there is once a run."""
        return self.rank == 0


def process_place() -> tuple[int, int]:
    """Rank and number of processes, as torchrun says."""
    return int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))


def start_run(config: TrainingConfig, stage: str, rows: int, rows_a_step: int) -> TrainingRun:
    """Look for a checkpoint to resume from, and open the progress file there.

    Errors: ConfigError for a checkpoint of another run; WorkerError when the disk refuses.
    """
    rank, processes = process_place()
    facts = {
        "stage": stage,
        "rows": rows,
        "rows_a_step": rows_a_step,
        "processes": processes,
        "parallel": config.parallel,
        "seed": config.seed,
        "lora": None if config.lora is None else config.lora.model_dump(),
    }
    resume = None
    if config.checkpoints is not None and rank == 0:
        resume = checkpoint_to_resume(
            config.checkpoints,
            facts,
            lambda words: print(words, file=sys.stderr),  # noqa: T201 - into the role's log
        )
    after = None if resume is None else resume[0]
    progress = Progress(config.progress, writes=rank == 0, after=after)
    return TrainingRun(rank, processes, progress, facts, resume)


def train(trainer: Any, processor: Any, config: TrainingConfig, run: TrainingRun) -> None:
    """Train from the start or the checkpoint until the last step or a signal.

    Without ``checkpoints`` signals have their usual effect.
    Errors: StoppedError after a signal, when the checkpoint is on disk.
    """
    options = config.checkpoints
    if options is None:
        run.progress.phase("training")
        trainer.train()
        return
    from .agreement import anywhere, from_main
    from .checkpointing import CheckpointCallback

    if anywhere(run.request.signal is not None, device=trainer.args.device)[0]:
        raise StoppedError(f"Stopped before the first step on {run.request.signal}")
    resume = from_main(run.resume)
    updates = getattr(trainer.args, "num_iterations", 1)
    if resume is not None:
        steps_an_epoch = updates * max(1, run.facts["rows"] // run.facts["rows_a_step"])
        trainer.epochs_over = resume[0] // steps_an_epoch
    callback = CheckpointCallback(options, run.request, updates)
    callback.trainer, callback.processor = trainer, processor
    trainer.add_callback(callback)
    trainer.keep_checkpoints(options, run.facts)
    run.progress.phase("training" if resume is None else f"resuming from step {resume[0]}")
    trainer.train(resume_from_checkpoint=None if resume is None else str(resume[1]))
    if callback.stopped is not None:
        step, of = trainer.state.global_step, trainer.state.max_steps
        run.progress.phase(f"stopped at step {step}")
        raise StoppedError(
            f"Stopped at step {step} of {of} on {callback.stopped}: checkpoint saved in "
            f'"{options.dir / f"checkpoint-{step}"}"'
        )
