"""Configuration files of the commands: one JSON object each, checked before heavy imports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Positive = Annotated[int, Field(gt=0)]
PositiveFloat = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Device = Literal["cpu", "cuda"]
Dtype = Literal["float32", "bfloat16"]


class Config(BaseModel):
    """Base of all configurations: fields that nobody knows are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PixelLimits(Config):
    """How large the model sees an image.

    Unit: pixels (width times height). Qwen2-VL rounds both sides to multiples of 28, so an image
    costs (width / 28) x (height / 28) tokens. The samplers must run with the same two numbers.
    """

    min_pixels: Positive = 4 * 28 * 28
    max_pixels: Positive = 24 * 28 * 28

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min_pixels > self.max_pixels:
            message = f"min_pixels {self.min_pixels} is above max_pixels {self.max_pixels}"
            raise ValueError(message)
        return self


class TinyModelConfig(PixelLimits):
    """A small Qwen2-VL with random weights, for machines without a GPU.

    Sizes are those of the language model and, with the prefix ``vision_``, of its image encoder.
    The defaults learn the answer's form within about 240 steps of SFT: wide rather than deep, with
    positions that turn fast (``rope_theta``). Embeddings are not tied: vLLM's CPU build keeps a
    packed copy of the output layer, which reloading of weights does not renew when it is tied.
    """

    output_dir: Path
    corpus: Annotated[list[Path], Field(min_length=1)]
    seed: int = 0
    hidden_size: Positive = 192
    intermediate_size: Positive = 512
    layers: Positive = 2
    heads: Positive = 6
    key_value_heads: Positive = 3
    vision_layers: Positive = 2
    vision_size: Positive = 64
    vision_heads: Positive = 2
    max_positions: Positive = 4096
    vocabulary: Positive = 4096
    initializer_range: PositiveFloat = 0.05
    rope_theta: PositiveFloat = 10.0
    tie_word_embeddings: bool = False

    @model_validator(mode="after")
    def _divides(self) -> Self:
        head = self.hidden_size // self.heads
        if self.hidden_size % self.heads or head % 16:
            message = f"hidden_size {self.hidden_size} over {self.heads} heads is no multiple of 16"
            raise ValueError(message)
        if self.heads % self.key_value_heads:
            message = f"{self.heads} heads do not divide by key_value_heads {self.key_value_heads}"
            raise ValueError(message)
        return self


class CheckModelConfig(Config):
    """A model to look at: a folder, or a name on the Hugging Face Hub."""

    model: Annotated[str, Field(min_length=1)]
    offline: bool = False


class TrainingConfig(PixelLimits):
    """What SFT and GRPO share. ``output_dir`` is the checkpoint folder, made at the end."""

    model: Annotated[str, Field(min_length=1)]
    dataset: Path
    output_dir: Path
    progress: Path
    device: Device = "cpu"
    dtype: Dtype = "float32"
    seed: int = 0
    steps: Positive
    learning_rate: PositiveFloat
    gradient_accumulation_steps: Positive = 1
    gradient_checkpointing: bool = False
    threads: Positive | None = None


class SftConfig(TrainingConfig):
    """Supervised fine-tuning. A step sees ``batch_size x gradient_accumulation_steps`` rows."""

    batch_size: Positive
    warmup_steps: Annotated[int, Field(ge=0)] = 0
    lr_scheduler: Literal["linear", "cosine", "constant"] = "linear"
    max_grad_norm: PositiveFloat = 0.3
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    adam_beta2: Annotated[float, Field(gt=0, lt=1)] = 0.999


class GrpoConfig(TrainingConfig):
    """GRPO against live samplers and the reward endpoint.

    A step samples ``prompts_per_step x num_generations`` completions, which the trainer takes in
    ``gradient_accumulation_steps`` equal parts.

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
    max_completion_length: Positive = 1024
    temperature: PositiveFloat = 1.0
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    top_k: Annotated[int, Field(ge=0)] = 0
    rewards: Annotated[list[str], Field(min_length=1)] = ["format_reward", "edge_hard_reward"]
    reward_weights: list[float] | None = None
    logprob_tolerance: PositiveFloat = 1e-5
    reward_timeout_s: PositiveFloat = 60.0
    reward_retries: Annotated[int, Field(ge=0)] = 4
    max_unscored_fraction: Annotated[float, Field(ge=0, le=1)] = 0.01
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
        if self.temperature != 1.0:
            # The servers answer raw log-probabilities (temperature 1), the trainer's are scaled.
            message = f"temperature is {self.temperature}, but raw log-probabilities need 1"
            raise ValueError(message)
        if self.weight_transport == "nccl" and self.device != "cuda":
            message = f'weight_transport is "nccl" on {self.device}, but NCCL needs GPUs'
            raise ValueError(message)
        if self.reward_weights is not None and len(self.reward_weights) != len(self.rewards):
            found, wanted = len(self.reward_weights), len(self.rewards)
            message = f"reward_weights has {found} numbers for {wanted} rewards"
            raise ValueError(message)
        if len(set(self.rewards)) != len(self.rewards):
            message = "rewards names one reward twice"
            raise ValueError(message)
        return self
