"""Which weights are trained: all, those without the image encoder, or adapters beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from .config import TrainingConfig


def lora_of(config: TrainingConfig) -> Any:
    """The adapters as PEFT wants them, None for a training of the weights themselves.

    Layers of the image encoder share names with those of the language model (Qwen2.5-VL's
    ``gate_proj``), so the place is part of the pattern.
    """
    if config.lora is None:
        return None
    from peft import LoraConfig

    names = "|".join(config.lora.targets)
    return LoraConfig(
        r=config.lora.rank,
        lora_alpha=config.lora.alpha,
        lora_dropout=config.lora.dropout,
        bias="none",
        target_modules=rf".*language_model\..*\.({names})",
        task_type="CAUSAL_LM",
        revision=config.revision,
    )


def freeze_vision(model: Any) -> None:
    """Let the image encoder and its projection stay as they are."""
    for name, parameter in model.named_parameters():
        if ".visual." in f".{name}":
            parameter.requires_grad = False


def merge_adapter(adapter: Path, folder: Path, dtype: Any) -> None:
    """Write the base model with the adapter's changes added, as a model like any other.

    The base is read again: in memory it may be sharded, and training may go on with it.
    """
    from peft import PeftConfig, PeftModel
    from transformers import AutoModelForImageTextToText
    from transformers.integrations.deepspeed import unset_hf_deepspeed_config

    unset_hf_deepspeed_config()  # else ZeRO-3 would shard this one too
    settings = PeftConfig.from_pretrained(str(adapter))
    base = AutoModelForImageTextToText.from_pretrained(
        settings.base_model_name_or_path, revision=settings.revision, dtype=dtype
    )
    PeftModel.from_pretrained(base, str(adapter)).merge_and_unload().save_pretrained(folder)
