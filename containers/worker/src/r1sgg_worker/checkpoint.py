"""Writes a trained model with its processor as one Hugging Face folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    with whole_folder(folder) as partial:
        trainer.save_model(str(partial))
        processor.save_pretrained(partial)
        (partial / "training_args.bin").unlink(missing_ok=True)  # a pickle that nobody reads
