"""Groups of options that a training configuration may hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .config_base import Config, Natural, Positive, PositiveFloat, Share

Parallel = Literal["none", "ddp", "fsdp", "zero2", "zero2-offload", "zero3"]
"""How a model lies on several processes.

``none``: one process only. ``ddp``: all of it on each (one process is allowed). ``zero2``:
gradients and optimiser sharded, with ``-offload`` the optimiser on the CPU. ``zero3``, ``fsdp``:
weights sharded as well.
"""

LANGUAGE_LAYERS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


class LoraOptions(Config):
    """Low-rank adapters on linear layers of the language model; all else is frozen.

    ``targets`` are the last parts of layer names. The checkpoint has the adapters merged into the
    weights, so that it loads like any other; they themselves are kept in its folder ``adapter``.
    Source: the defaults are those of the reference's LoRA script (rank 16, alpha 32, dropout 0.05).
    """

    rank: Positive = 16
    alpha: Positive = 32
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.05
    targets: list[str] = Field(list(LANGUAGE_LAYERS), min_length=1)


class CheckpointOptions(Config):
    """Complete states to resume from: ``dir/checkpoint-STEP``, each whole and verified or absent.

    Written every ``every_steps`` (None: only when a signal asks for one), the newest ``keep`` stay.
    ``resume``: ``auto`` takes the newest that verifies, if there is one; ``never`` refuses a folder
    that has any; a path is that checkpoint and no other. ``model_every_steps`` leaves the model
    alone, in ``dir/model-STEP``, for curves over steps; these are never removed.
    """

    dir: Path
    every_steps: Positive | None = None
    keep: Positive = 2
    resume: Literal["auto", "never"] | Path = "auto"
    model_every_steps: Positive | None = None


class ReportOptions(Config):
    """Where the numbers of each step go beside the progress file.

    ``tensorboard`` is a folder for event files. ``wandb`` other than ``off`` needs that package.
    """

    tensorboard: Path | None = None
    wandb: Literal["off", "offline", "online"] = "off"
    wandb_project: str = "r1sgg"
    run_name: str | None = None


class SampleOptions(Config):
    """A few completions of a step with their rewards, drawn by seed and step, as JSON lines."""

    path: Path
    count: Positive = 4
    every_steps: Positive = 1
    seed: Natural = 0


class AlarmLimits(Config):
    """Shares of a step's completions (or groups) above which the run warns, once a kind.

    None of them ends the run. ``flat_groups`` are groups whose rewards are all equal, from which
    nothing is learned; ``at_limit`` counts completions cut off by ``max_completion_length``.
    """

    unparsed: Share = 0.5
    empty_graph: Share = 0.2
    non_finite_box: Share = 0.0
    repeated_object: Share = 0.3
    at_limit: Share = 0.5
    flat_groups: Share = 0.9


class ColocateOptions(Config):
    """vLLM inside every trainer, on its GPU. Source: the reference's launch scripts."""

    gpu_memory_utilization: Annotated[float, Field(gt=0, lt=1)] = 0.25
    max_model_len: Positive = 4096
    tensor_parallel: Positive = 1
    sleep: bool = False


class Optimiser(Config):
    """AdamW and its learning rate.

    At most one of ``warmup_steps`` and ``warmup_ratio`` (of all steps) may be above 0.
    """

    learning_rate: PositiveFloat
    lr_scheduler: Literal["linear", "cosine", "constant"] = "linear"
    warmup_steps: Natural = 0
    warmup_ratio: Annotated[float, Field(ge=0, lt=1)] = 0.0
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    adam_beta1: Annotated[float, Field(gt=0, lt=1)] = 0.9
    adam_beta2: Annotated[float, Field(gt=0, lt=1)] = 0.999
    adam_epsilon: PositiveFloat = 1e-8
    max_grad_norm: PositiveFloat = 1.0

    @model_validator(mode="after")
    def _one_warmup(self) -> Self:
        if self.warmup_steps and self.warmup_ratio:
            message = (
                f"warmup_steps {self.warmup_steps} and warmup_ratio {self.warmup_ratio} "
                "exclude each other"
            )
            raise ValueError(message)
        return self
