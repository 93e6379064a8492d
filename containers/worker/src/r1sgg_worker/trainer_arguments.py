"""Arguments that SFT and GRPO give to TRL alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .parallel_arguments import parallel_arguments

if TYPE_CHECKING:
    from .config import TrainingConfig


def shared_arguments(config: TrainingConfig) -> dict[str, Any]:
    """Fields of ``transformers.TrainingArguments``; nothing that matters is left to a default.

    The model is loaded in ``dtype``, so that bfloat16 means weights in bfloat16, as the reference
    loads them. NaN losses reach the log as they are (``logging_nan_inf_filter`` would hide them).
    Nothing is saved by these arguments: `Checkpointing` asks for it.
    """
    return {
        "max_steps": -1 if config.steps is None else config.steps,
        "num_train_epochs": 1.0 if config.epochs is None else config.epochs,
        "learning_rate": config.learning_rate,
        "lr_scheduler_type": config.lr_scheduler,
        # below 1 transformers takes it as a share of all steps
        "warmup_steps": config.warmup_steps or config.warmup_ratio,
        "weight_decay": config.weight_decay,
        "max_grad_norm": config.max_grad_norm,
        "gradient_accumulation_steps": config.gradient_accumulation_steps,
        "optim": "adamw_torch",
        "adam_beta1": config.adam_beta1,
        "adam_beta2": config.adam_beta2,
        "adam_epsilon": config.adam_epsilon,
        "seed": config.seed,
        "data_seed": config.seed,
        "use_cpu": config.device == "cpu",
        "bf16": config.dtype == "bfloat16",
        "fp16": False,
        "tf32": config.tf32 or None,
        "model_init_kwargs": {
            "dtype": config.dtype,
            "attn_implementation": config.attn_implementation,
            "revision": config.revision,
        },
        "remove_unused_columns": False,
        "dataloader_num_workers": 0,
        "dataloader_pin_memory": config.device == "cuda",
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "include_num_input_tokens_seen": "no",
        "disable_tqdm": True,
        "save_strategy": "no",
        "report_to": [],
        "ddp_timeout": config.ddp_timeout_s,
        **parallel_arguments(config),
    }
