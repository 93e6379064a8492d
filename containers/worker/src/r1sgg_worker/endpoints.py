"""endpoints.json: where the samplers and the reward endpoint of a run listen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from .config_file import describe_faults
from .errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

HttpUrl = Annotated[str, Field(pattern=r"^https?://\S+$")]


class RewardEndpoint(BaseModel):
    """The reward endpoint, without its path."""

    url: HttpUrl


SamplerMode = Literal["server", "colocate"]
Port = Annotated[int, Field(gt=0, lt=65536)]


class SamplerEndpoint(BaseModel):
    """A vLLM server; ``model`` is the name under which it serves.

    ``capacity`` is its share of the prompts beside the others' (two GPUs of one take 2 and 1).
    ``group_port`` is where the trainer waits for it when weights go by NCCL, on the trainer's host
    and one for each server. ``log`` is named when the server is lost.
    """

    url: HttpUrl
    model: str
    capacity: Annotated[int, Field(gt=0)] = 1
    group_port: Port | None = None
    log: str | None = None


class Endpoints(BaseModel):
    """All that a GRPO worker talks to; without samplers where vLLM is inside the trainers."""

    reward: RewardEndpoint
    samplers: list[SamplerEndpoint]

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        for what in ("url", "group_port"):
            given = [getattr(one, what) for one in self.samplers]
            named = [value for value in given if value is not None]
            if len(set(named)) != len(named):
                message = f"samplers name one {what} twice"
                raise ValueError(message)
        return self


def load_endpoints(path: Path, mode: SamplerMode = "server") -> Endpoints:
    """Read endpoints.json. Errors: ConfigError, also when there is nobody to sample."""
    try:
        endpoints = Endpoints.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(f'Cannot read endpoints "{path}": {error.strerror}') from error
    except json.JSONDecodeError as error:
        raise ConfigError(f'Cannot use endpoints "{path}": {error}, expected JSON') from error
    except ValidationError as error:
        raise ConfigError(f'Cannot use endpoints "{path}": {describe_faults(error)}') from error
    if mode == "server" and not endpoints.samplers:
        raise ConfigError(
            f'Cannot use endpoints "{path}": no samplers, expected at least one, '
            'or sampler_mode "colocate"'
        )
    return endpoints
