"""What all configuration files are made of."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Positive = Annotated[int, Field(gt=0)]
Natural = Annotated[int, Field(ge=0)]
PositiveFloat = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NaturalFloat = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]
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
