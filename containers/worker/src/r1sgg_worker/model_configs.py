"""Configuration files of the commands that make a model, look at one or ask one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .config_base import Config, Device, Dtype, PixelLimits, Positive, PositiveFloat


class TinyModelConfig(PixelLimits):
    """A small Qwen2-VL with random weights, for machines without a GPU.

    Sizes are those of the language model and, with the prefix ``vision_``, of its image encoder.
    The defaults learn the answer's form within about 240 steps of SFT: wide rather than deep, with
    positions that turn fast (``rope_theta``). Embeddings are not tied: vLLM's CPU build keeps a
    packed copy of the output layer, which reloading of weights does not renew when it is tied.
    ``numbers``: a number of a box is a token a digit, as in the real tokenizer, or one as a whole,
    which is learned sooner where there are few.
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
    numbers: Literal["digits", "whole"] = "digits"
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


class VqaBatchConfig(Config):
    """Four-way questions for an InstructBLIP, which no vLLM serves.

    ``questions`` is the folder of ``r1sgg vqa build --images``; ``out`` gets a ``<setting>.jsonl``
    for each of the settings. Batches are always of the same questions, so that answers do not
    depend on where an earlier start was cut off.
    """

    model: Annotated[str, Field(min_length=1)]
    questions: Path
    out: Path
    progress: Path
    settings: Annotated[list[str], Field(min_length=1)]
    device: Device = "cpu"
    dtype: Dtype = "float32"
    batch_size: Positive = 16
    max_tokens: Positive = 128
    threads: Positive | None = None
