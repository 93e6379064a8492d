"""How the model is spread over processes, in the fields of ``transformers.TrainingArguments``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .config import TrainingConfig
    from .training_options import Parallel

_FOLDER = Path(__file__).with_name("parallel")


def parallel_file(kind: Parallel) -> dict[str, Any]:
    """The configuration of DeepSpeed or FSDP for a kind that shards; ``auto`` is filled in later.

    Source: local_scripts of the release (zero2, zero2_offload, zero3), which train with DeepSpeed
    0.15; its FSDP file is for version 1, which transformers is about to drop, ours for version 2.
    """
    content: dict[str, Any] = json.loads((_FOLDER / f"{kind}.json").read_text(encoding="utf-8"))
    return content


def parallel_arguments(config: TrainingConfig) -> dict[str, Any]:
    """Gradient checkpointing and the sharding; FSDP does the first itself."""
    checkpointing = config.gradient_checkpointing
    fields: dict[str, Any] = {
        "gradient_checkpointing": checkpointing,
        # the older kind finds no gradient behind a frozen image encoder
        "gradient_checkpointing_kwargs": {"use_reentrant": False} if checkpointing else None,
        "fsdp": None,
        "fsdp_config": None,
        "deepspeed": None,
    }
    if config.parallel == "fsdp":
        settings = {**parallel_file("fsdp"), "activation_checkpointing": checkpointing}
        own = {"gradient_checkpointing": False, "gradient_checkpointing_kwargs": None}
        return {**fields, **own, "fsdp": True, "fsdp_config": settings}
    if config.parallel.startswith("zero"):
        return {**fields, "deepspeed": parallel_file(config.parallel)}
    return fields
