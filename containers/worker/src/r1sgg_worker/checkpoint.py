"""Writes a trained model with its processor as one Hugging Face folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .adapters import merge_adapter
from .errors import WorkerError
from .folders import partial_folder, whole_folder

if TYPE_CHECKING:
    from pathlib import Path

ADAPTER = "adapter"


def save_checkpoint(trainer: Any, processor: Any, folder: Path) -> None:
    """Save under a temporary name, then rename; all processes of a run call it.

    A model trained by adapters is saved with them merged, and they in its folder ``adapter``.
    Errors: WorkerError when the disk refuses.
    """
    adapted = hasattr(trainer.accelerator.unwrap_model(trainer.model), "peft_config")
    inner = ADAPTER if adapted else "."
    if not trainer.accelerator.is_main_process:
        # takes part in the gathering, writes nothing
        trainer.save_model(str(partial_folder(folder) / inner))
        return
    from safetensors import SafetensorError

    with whole_folder(folder) as partial:
        try:
            trainer.save_model(str(partial / inner))
            if adapted:
                _keep_adapter_only(partial / ADAPTER)
                merge_adapter(partial / ADAPTER, partial, trainer.model.dtype)
        except SafetensorError as error:  # its own error for a full disk
            raise WorkerError(f'Cannot write folder "{folder}": {error}') from error
        processor.save_pretrained(partial)
        (partial / "training_args.bin").unlink(missing_ok=True)  # a pickle that nobody reads


def _keep_adapter_only(folder: Path) -> None:
    """Without the processor and the card that come with it."""
    for path in folder.iterdir():
        if path.name not in ("adapter_config.json", "adapter_model.safetensors"):
            path.unlink()
