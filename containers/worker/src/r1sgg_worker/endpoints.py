"""endpoints.json: where the samplers and the reward endpoint of a run listen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field, ValidationError

from .config_file import describe_faults
from .errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

HttpUrl = Annotated[str, Field(pattern=r"^https?://\S+$")]


class RewardEndpoint(BaseModel):
    """The reward endpoint, without its path."""

    url: HttpUrl


class SamplerEndpoint(BaseModel):
    """A vLLM server; ``model`` is the name under which it serves."""

    url: HttpUrl
    model: str


class Endpoints(BaseModel):
    """All that a GRPO worker talks to."""

    reward: RewardEndpoint
    samplers: Annotated[list[SamplerEndpoint], Field(min_length=1)]


def load_endpoints(path: Path) -> Endpoints:
    """Read endpoints.json. Errors: ConfigError."""
    try:
        return Endpoints.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(f'Cannot read endpoints "{path}": {error.strerror}') from error
    except json.JSONDecodeError as error:
        raise ConfigError(f'Cannot use endpoints "{path}": {error}, expected JSON') from error
    except ValidationError as error:
        raise ConfigError(f'Cannot use endpoints "{path}": {describe_faults(error)}') from error
