"""Complete checkpoints for TRL's trainers: staged, verified, named, rotated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from transformers import PreTrainedModel, Trainer, TrainerCallback

from .agreement import anywhere
from .checkpoint import save_checkpoint
from .checkpoint_folders import clear_staging, finish_checkpoint, staging_folder
from .errors import WorkerError

if TYPE_CHECKING:
    from .stop_request import StopRequest
    from .training_options import CheckpointOptions


class Checkpointing:
    """To be inherited from before a trainer of TRL, which decides itself only when to save.

    transformers writes a checkpoint in place, one file after the other, so that a killed run
    leaves a torn one under its final name. Here it is written into a staging folder; when all
    processes are done, the main one verifies and renames it.
    """

    args: Any
    accelerator: Any
    state: Any
    checkpoint_options: CheckpointOptions
    checkpoint_facts: dict[str, Any]

    def keep_checkpoints(self, options: CheckpointOptions, facts: dict[str, Any]) -> None:
        """Must be called before a checkpoint is asked for."""
        self.checkpoint_options = options
        self.checkpoint_facts = facts

    def _get_output_dir(self, trial: Any) -> str:  # noqa: ARG002 - transformers' signature
        """Where transformers puts and counts checkpoints."""
        if hasattr(self, "checkpoint_options"):
            return str(staging_folder(self.checkpoint_options.dir))
        return str(self.args.output_dir)

    def _load_from_checkpoint(self, folder: str, model: Any = None) -> None:
        """Weights into the model as ``from_pretrained`` reads them; shards and adapters as usual.

        transformers 5.17 puts a file's tensors straight into the model and only warns of names that
        it does not find. A saved Qwen2-VL has other names than one in memory, so that *none* was
        found: the resumed training went on from the weights of its very start.
        """
        own: Any = self
        if own.is_fsdp_enabled or not isinstance(own.model, PreTrainedModel):
            Trainer._load_from_checkpoint(own, folder, model)
            return
        loaded = type(own.model).from_pretrained(folder, dtype=own.model.dtype)
        own.model.load_state_dict(loaded.state_dict())

    def _load_optimizer_and_scheduler(self, folder: str | None) -> None:
        """As usual, but for CPUs: there transformers maps to "cpu:0", which torch does not know."""
        own: Any = self
        if folder is None or own.args.device.type != "cpu":
            super()._load_optimizer_and_scheduler(folder)  # type: ignore[misc] # untyped base
            return
        for name, part in (("optimizer.pt", own.optimizer), ("scheduler.pt", own.lr_scheduler)):
            state = torch.load(Path(folder) / name, map_location="cpu", weights_only=True)
            part.load_state_dict(state)

    def _run_epoch(self, **given: Any) -> None:
        """No step past the last.

        transformers 5.17 asks only after a step whether it was the last: a run that had its last
        checkpoint, but was ended while it saved its model, made one step more than it was to.
        """
        own: Any = self
        if self.state.global_step >= self.state.max_steps:
            own.control.should_training_stop = True
            return
        super()._run_epoch(**given)  # type: ignore[misc] # untyped base

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        """Errors: WorkerError when the disk refuses; the checkpoints that are there stay."""
        options, main = self.checkpoint_options, self.accelerator.is_main_process
        if main:
            clear_staging(options.dir)
        self.accelerator.wait_for_everyone()
        try:
            # past TRL's own method, which adds a model card to the folder of the run
            Trainer._save_checkpoint(self, model, trial)
        except (OSError, RuntimeError, SafetensorError) as error:  # torch's word for a full disk
            reason = str(error).splitlines()[0]
            raise WorkerError(f'Cannot write checkpoint to "{options.dir}": {reason}') from error
        self.accelerator.wait_for_everyone()
        if main:
            step = self.state.global_step
            staged = staging_folder(options.dir) / f"checkpoint-{step}"
            (staged / "training_args.bin").unlink(missing_ok=True)  # a pickle that nobody reads
            finish_checkpoint(options.dir, step, options.keep, self.checkpoint_facts)
        self.accelerator.wait_for_everyone()


class CheckpointCallback(TrainerCallback):
    """Asks for checkpoints: every so many steps, and with the training's end on a signal.

    A signal may reach one process only, so all of them decide together at each step. With several
    updates from one batch of samples (``num_iterations``) only the last of them can be resumed
    from: the samples are not part of a checkpoint.

    ``stopped`` is the signal that ended the training before its last step.
    """

    def __init__(self, options: CheckpointOptions, request: StopRequest, updates: int = 1) -> None:
        self._options = options
        self._request = request
        self._updates = updates
        self.stopped: str | None = None
        self.trainer: Any = None
        self.processor: Any = None

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Called when all processes have made the step."""
        step, every = state.global_step, self._options.every_steps
        (asked,) = anywhere(self._request.signal is not None, device=args.device)
        self._export_model(step)
        if step % self._updates:
            return
        if asked and step < state.max_steps:
            self.stopped = self._request.signal or "a signal to another process"
            control.should_save = control.should_training_stop = True
        elif every is not None and step % every == 0:
            control.should_save = True

    def _export_model(self, step: int) -> None:
        every = self._options.model_every_steps
        if every is not None and step % every == 0:
            save_checkpoint(self.trainer, self.processor, self._options.dir / f"model-{step}")
