"""How many rows a process takes at a time, and whether that is what the plan promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import ConfigError

if TYPE_CHECKING:
    from .config import GrpoConfig, SftConfig, TrainingConfig


def check_processes(config: TrainingConfig, processes: int) -> None:
    """Errors: ConfigError when the run has not as many processes as the plan promised."""
    if config.world_size is not None and config.world_size != processes:
        raise ConfigError(
            f"Cannot start with {processes} processes: found world_size {config.world_size} in the "
            "config, expected the same number"
        )
    if config.parallel == "none" and processes > 1:
        raise ConfigError(
            f'Cannot start with {processes} processes: parallel is "none", expected "ddp", "fsdp" '
            "or one of the ZeRO stages"
        )


def sft_batch(config: SftConfig, processes: int) -> int:
    """Rows of one process at a time.

    Errors: ConfigError when the rows of a step are not ``global_batch_size``.
    """
    check_processes(config, processes)
    local, parts = config.per_device_batch_size, config.gradient_accumulation_steps
    if config.global_batch_size not in (None, local * parts * processes):
        raise ConfigError(
            f"Cannot train on {config.global_batch_size} rows a step: per_device_batch_size "
            f"{local} x gradient_accumulation_steps {parts} x {processes} processes is "
            f"{local * parts * processes}, expected global_batch_size"
        )
    return local


def grpo_batch(config: GrpoConfig, processes: int) -> int:
    """Completions of one process at a time.

    Errors: ConfigError when those of a step do not divide over the processes, or are not as many as
    ``per_device_batch_size`` says.
    """
    check_processes(config, processes)
    completions = config.prompts_per_step * config.num_generations
    parts = config.gradient_accumulation_steps
    if completions % (parts * processes):
        raise ConfigError(
            f"Cannot divide {completions} completions a step over {processes} processes with "
            f"{parts} accumulation steps, expected no remainder"
        )
    local = completions // (parts * processes)
    if config.per_device_batch_size not in (None, local):
        raise ConfigError(
            f"Cannot sample {completions} completions a step: per_device_batch_size "
            f"{config.per_device_batch_size} x gradient_accumulation_steps {parts} x {processes} "
            f"processes is {(config.per_device_batch_size or 0) * parts * processes}, expected "
            "prompts_per_step x num_generations"
        )
    return local
