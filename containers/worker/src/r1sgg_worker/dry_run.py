"""What a training would be: its arguments made and checked, its model only measured."""

from __future__ import annotations

import importlib.util
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .batch_arithmetic import grpo_batch, sft_batch
from .config import GrpoConfig
from .effective_config import effective_fields
from .errors import ConfigError
from .families import FAMILIES
from .grpo_arguments import grpo_arguments
from .memory_by_shard import shard_memory
from .model_sizes import model_size
from .sft import sft_arguments

if TYPE_CHECKING:
    from .config import SftConfig


def dry_run(
    config: SftConfig | GrpoConfig, processes: int | None = None, like: str | None = None
) -> dict[str, Any]:
    """The plan's arithmetic, TRL's arguments and the memory of one process, as JSON can hold them.

    ``processes`` None: as many as the configuration promises, or one. No data, no weights, no
    network and no GPU is needed; ``not_checked`` names what this machine could not try.

    Errors: ConfigError, as the training itself would begin with.
    """
    count = processes or config.world_size or 1
    stage = "grpo" if isinstance(config, GrpoConfig) else "sft"
    size = model_size(config, like)
    if size.model_type not in FAMILIES or config.family not in (None, size.model_type):
        wanted = config.family or " or ".join(FAMILIES)
        raise ConfigError(
            f'Cannot train "{config.model}": its model_type is "{size.model_type}", '
            f"expected {wanted}"
        )
    memory = shard_memory(size, config.parallel, config.dtype, count)
    effective, not_checked = _arguments(config, count)
    return {
        "stage": stage,
        "model": asdict(size),
        "parallel": config.parallel,
        "processes": count,
        "batch": _batch(config, count),
        "bytes_of_a_process": {**asdict(memory), "device": memory.device},
        "effective": effective,
        "not_checked": not_checked,
    }


def _batch(config: SftConfig | GrpoConfig, processes: int) -> dict[str, int]:
    parts = config.gradient_accumulation_steps
    if isinstance(config, GrpoConfig):
        return {
            "per_device_batch_size": grpo_batch(config, processes),
            "gradient_accumulation_steps": parts,
            "completions_a_step": config.prompts_per_step * config.num_generations,
            "prompts_a_step": config.prompts_per_step,
        }
    local = sft_batch(config, processes)
    return {
        "per_device_batch_size": local,
        "gradient_accumulation_steps": parts,
        "rows_a_step": local * parts * processes,
    }


def _arguments(config: SftConfig | GrpoConfig, processes: int) -> tuple[dict[str, Any], list[str]]:
    """TRL's fields after its own completion, and what of them could not be tried here."""
    import torch
    from trl import GRPOConfig, SFTConfig

    grpo = isinstance(config, GrpoConfig)
    fields: dict[str, Any] = (
        grpo_arguments(config, processes)
        if isinstance(config, GrpoConfig)
        else sft_arguments(config, processes)
    )
    kept = {name: fields[name] for name in ("use_cpu", "tf32", "per_device_train_batch_size")}
    kept["deepspeed"] = fields["deepspeed"]
    not_checked = []
    # TRL counts the processes itself: this one stands in for all of them.
    fields["per_device_train_batch_size"] *= processes
    if config.device == "cuda" and not torch.cuda.is_available():
        fields |= {"use_cpu": True, "tf32": None}
        not_checked.append("the GPU")
    if fields["deepspeed"] and importlib.util.find_spec("deepspeed") is None:
        fields["deepspeed"] = None
        not_checked.append("DeepSpeed's own reading of its configuration")
    made = (GRPOConfig if grpo else SFTConfig)(output_dir=str(config.output_dir), **fields)
    return {**effective_fields(made), **kept}, not_checked
