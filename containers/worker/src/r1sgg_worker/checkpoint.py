"""Writes a trained model with its processor as one Hugging Face folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import WorkerError
from .folders import whole_folder

if TYPE_CHECKING:
    from pathlib import Path


def save_checkpoint(trainer: Any, processor: Any, folder: Path) -> None:
    """Save under a temporary name, then rename; all processes of a run call it.

    Errors: WorkerError when the disk refuses.
    """
    if not trainer.accelerator.is_main_process:
        trainer.save_model(str(folder))  # takes part in the gathering, writes nothing
        return
    from safetensors import SafetensorError

    with whole_folder(folder) as partial:
        try:
            trainer.save_model(str(partial))
        except SafetensorError as error:  # its own error for a full disk
            raise WorkerError(f'Cannot write folder "{folder}": {error}') from error
        processor.save_pretrained(partial)
        (partial / "training_args.bin").unlink(missing_ok=True)  # a pickle that nobody reads
