"""Configuration files of the training commands: one JSON object each, checked before heavy imports.

Paths are relative to the folder that the command runs in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, model_validator

from .config_base import (
    Device,
    Dtype,
    Natural,
    NaturalFloat,
    PixelLimits,
    Positive,
    PositiveFloat,
    Share,
)
from .training_options import (
    AlarmLimits,
    CheckpointOptions,
    ColocateOptions,
    LoraOptions,
    Optimiser,
    Parallel,
    ReportOptions,
    SampleOptions,
)


class TrainingConfig(PixelLimits, Optimiser):
    """What SFT and GRPO share. ``output_dir`` is the checkpoint folder, made at the end.

    ``model`` is a folder, or a name on the Hub, then at ``revision``. ``family`` is checked against
    the model's own (None: whatever it says). Exactly one of ``steps`` and ``epochs`` is given; with
    ``epochs`` the last step may be a short one. ``world_size`` is how many processes the plan
    promised, refused when it is another number. ``progress`` gets a line with every step: it is the
    run's heartbeat. ``save_only_model`` says that nothing can be resumed: no ``checkpoints`` then.
    ``threads`` None: torch's choice.
    """

    model: Annotated[str, Field(min_length=1)]
    revision: str | None = None
    family: Literal["qwen2_vl", "qwen2_5_vl"] | None = None
    dataset: Path
    output_dir: Path
    progress: Path
    device: Device = "cpu"
    dtype: Dtype = "float32"
    tf32: bool = False
    attn_implementation: Literal["eager", "sdpa", "flash_attention_2"] = "sdpa"
    seed: int = 0
    steps: Positive | None = None
    epochs: PositiveFloat | None = None
    gradient_accumulation_steps: Positive = 1
    gradient_checkpointing: bool = False
    world_size: Positive | None = None
    parallel: Parallel = "ddp"
    ddp_timeout_s: Positive = 1800
    lora: LoraOptions | None = None
    freeze_vision: bool = False
    checkpoints: CheckpointOptions | None = None
    save_only_model: bool = False
    report_to: ReportOptions = ReportOptions()
    threads: Positive | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.steps is None) == (self.epochs is None):
            message = f"steps is {self.steps} and epochs is {self.epochs}, one of them is needed"
            raise ValueError(message)
        if self.save_only_model and self.checkpoints is not None:
            message = "save_only_model leaves nothing to resume from, yet checkpoints are asked for"
            raise ValueError(message)
        if self.parallel == "none" and (self.world_size or 1) > 1:
            message = f'world_size {self.world_size} with parallel "none", which is one process'
            raise ValueError(message)
        if self.device == "cpu" and self.parallel not in ("none", "ddp"):
            # accelerate would leave FSDP out without a word
            message = f'parallel "{self.parallel}" needs device "cuda"'
            raise ValueError(message)
        return self


class SftConfig(TrainingConfig):
    """Supervised fine-tuning.

    A step sees ``per_device_batch_size x gradient_accumulation_steps x processes`` rows, which is
    ``global_batch_size`` where the plan promised one (``batch_size`` is the first one's older
    name). ``loss_on``: the answer only, or ``all`` as the reference: every token but padding and
    the image's, so the model also learns to write its prompt. ``max_length``: a longer row is
    refused, none is cut. ``train_sampling_strategy`` ``batch_rebalance`` deals the random rows of a
    step to its parts by length, so that less is padded; a part then has ``per_device_batch_size``
    rows in the mean. ``work_dir`` gets the run's record at its start.
    """

    per_device_batch_size: Annotated[
        Positive, Field(validation_alias=AliasChoices("per_device_batch_size", "batch_size"))
    ]
    global_batch_size: Positive | None = None
    work_dir: Path | None = None
    max_grad_norm: PositiveFloat = 0.3
    loss_on: Literal["answer", "all"] = "answer"
    max_length: Positive | None = None
    train_sampling_strategy: Literal["random", "batch_rebalance"] = "random"


class GrpoConfig(TrainingConfig):
    """GRPO against live samplers and the reward endpoint.

    A step samples ``prompts_per_step x num_generations`` completions, which the trainers take in
    ``gradient_accumulation_steps`` equal parts; ``per_device_batch_size``, where it is given, must
    be the completions of one process in one part. Loss and advantage are those of the reference
    with the defaults here; docs/training.md has the formulas. ``reward_warmup``: steps over which
    each reward's weight grows from 0. ``reward_control`` ``shuffled`` gives every completion the
    rewards of another one of its batch: what then still improves is not the rewards'
    doing. A prompt longer than ``max_prompt_length`` is refused.

    A reward request gets ``reward_retries`` repetitions; completions of one that fails in all of
    them have no reward. The run ends when their share of all completions is above
    ``max_unscored_fraction`` and at least ``min_unscored_requests`` requests of a process failed;
    the counts are in ``work_dir``, unscored-RANK.json.

    New weights reach all samplers by ``weight_transport`` within ``push_timeout_s``, or the run
    ends. A sampler that is lost is left out until it comes back, or ends the run
    (``on_sampler_loss``). Every ``integrity_every`` steps, the first one included, all samplers
    score the same tokens as the trainer.
    """

    endpoints: Path
    work_dir: Path
    sync_dir: Path
    integrity: Path
    run: str = "run"
    prompts_per_step: Positive = 4
    num_generations: Annotated[int, Field(ge=2)] = 8
    per_device_batch_size: Positive | None = None
    max_prompt_length: Positive | None = None
    max_completion_length: Positive = 1024
    max_grad_norm: PositiveFloat = 1.0
    beta: NaturalFloat = 0.0
    epsilon: PositiveFloat = 0.2
    epsilon_high: PositiveFloat | None = None
    loss_type: Literal["bnpo", "grpo", "dr_grpo", "dapo"] = "bnpo"
    scale_rewards: Literal["group", "batch", "none"] = "group"
    split_rewards: bool = False
    num_iterations: Positive = 1
    temperature: PositiveFloat = 1.0
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    top_k: Natural = 0
    min_p: Share | None = None
    rewards: list[str] = Field(["format_reward", "edge_hard_reward"], min_length=1)
    reward_weights: list[float] | None = None
    reward_warmup: list[Natural] | None = None
    reward_control: Literal["shuffled"] | None = None
    completions_sample: SampleOptions | None = None
    alarms: AlarmLimits = AlarmLimits()
    sampler_mode: Literal["server", "colocate"] = "server"
    colocate: ColocateOptions = ColocateOptions()
    logprob_tolerance: PositiveFloat = 1e-4
    reward_timeout_s: PositiveFloat = 60.0
    reward_retries: Natural = 4
    max_unscored_fraction: Share = 0.01
    min_unscored_requests: Positive = 3
    sampler_connect_timeout_s: PositiveFloat = 5.0
    sampler_timeout_s: PositiveFloat = 300.0
    weight_transport: Literal["disk", "nccl"] = "disk"
    push_timeout_s: PositiveFloat = 300.0
    on_sampler_loss: Literal["continue", "end"] = "continue"
    integrity_every: Positive = 10

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        completions = self.prompts_per_step * self.num_generations
        if completions % self.gradient_accumulation_steps:
            message = (
                f"{completions} completions a step do not divide by "
                f"gradient_accumulation_steps {self.gradient_accumulation_steps}"
            )
            raise ValueError(message)
        if self.sampler_mode == "server" and self.temperature != 1.0:
            # The servers answer raw log-probabilities (temperature 1), the trainer's are scaled.
            message = f"temperature is {self.temperature}, but raw log-probabilities need 1"
            raise ValueError(message)
        if self.weight_transport == "nccl" and self.device != "cuda":
            message = f'weight_transport is "nccl" on {self.device}, but NCCL needs GPUs'
            raise ValueError(message)
        if self.sampler_mode == "colocate" and self.device != "cuda":
            message = f'sampler_mode "colocate" with device "{self.device}", it needs "cuda"'
            raise ValueError(message)
        for name in ("reward_weights", "reward_warmup"):
            given = getattr(self, name)
            if given is not None and len(given) != len(self.rewards):
                message = f"{name} has {len(given)} numbers for {len(self.rewards)} rewards"
                raise ValueError(message)
        if len(set(self.rewards)) != len(self.rewards):
            message = "rewards names one reward twice"
            raise ValueError(message)
        return self
