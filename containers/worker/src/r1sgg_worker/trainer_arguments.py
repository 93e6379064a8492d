"""Arguments that SFT and GRPO give to TRL alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .config import TrainingConfig


def shared_arguments(config: TrainingConfig) -> dict[str, Any]:
    """Fields of ``transformers.TrainingArguments``; nothing that matters is left to a default.

    The model is loaded in ``dtype``, so that bfloat16 means weights in bfloat16, as the reference
    loads them. NaN losses reach the log as they are (``logging_nan_inf_filter`` would hide them).
    """
    return {
        "max_steps": config.steps,
        "learning_rate": config.learning_rate,
        "gradient_accumulation_steps": config.gradient_accumulation_steps,
        "gradient_checkpointing": config.gradient_checkpointing,
        "optim": "adamw_torch",
        "adam_beta1": 0.9,
        "adam_beta2": 0.999,
        "adam_epsilon": 1e-8,
        "seed": config.seed,
        "data_seed": config.seed,
        "use_cpu": config.device == "cpu",
        "bf16": config.dtype == "bfloat16",
        "fp16": False,
        "tf32": None,
        "model_init_kwargs": {"dtype": config.dtype},
        "remove_unused_columns": False,
        "dataloader_num_workers": 0,
        "dataloader_pin_memory": config.device == "cuda",
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "disable_tqdm": True,
        "save_strategy": "no",
        "report_to": [],
    }
