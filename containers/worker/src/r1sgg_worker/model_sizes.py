"""How many parameters a model has, from its config.json alone: nothing is loaded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import ConfigError

if TYPE_CHECKING:
    from .config import TrainingConfig

_FOLDER = Path(__file__).with_name("models")


@dataclass(frozen=True)
class ModelSize:
    """Numbers of a model, and how many of them a training changes."""

    model_type: str
    parameters: int
    trainable: int


def model_size(config: TrainingConfig, like: str | None = None) -> ModelSize:
    """The size of the model to be trained.

    Its config.json is that of ``model`` if it is a folder, else one that comes with this package
    (by the last part of the name), else that of the local cache. ``like`` is another name to look
    at, for a model that a stage before has yet to make.

    Source: config.json of Qwen2-VL 2B and 7B, Qwen2.5-VL 3B and 7B (Instruct).
    Errors: ConfigError when there is no config.json of it.
    """
    return _size(like or config.model, config.revision, config.freeze_vision, _adapters(config))


def known_models() -> list[str]:
    """Names whose config.json comes with this package."""
    return sorted(path.stem for path in _FOLDER.glob("*.json"))


def _adapters(config: TrainingConfig) -> tuple[int, tuple[str, ...]] | None:
    return None if config.lora is None else (config.lora.rank, tuple(config.lora.targets))


@lru_cache(maxsize=32)
def _size(
    model: str, revision: str | None, frozen: bool, lora: tuple[int, tuple[str, ...]] | None
) -> ModelSize:
    import torch
    from transformers import AutoModelForImageTextToText

    settings = _settings(model, revision)
    with torch.device("meta"):
        made: Any = AutoModelForImageTextToText.from_config(settings)
    named = dict(made.named_parameters())
    vision = sum(one.numel() for name, one in named.items() if ".visual." in f".{name}")
    parameters = sum(one.numel() for one in named.values())
    if lora is not None:
        rank, targets = lora
        layers = [
            module
            for name, module in made.named_modules()
            if "language_model." in name and name.rsplit(".", 1)[-1] in targets
        ]
        trainable = sum(rank * (one.in_features + one.out_features) for one in layers)
        return ModelSize(settings.model_type, parameters + trainable, trainable)
    return ModelSize(settings.model_type, parameters, parameters - vision * frozen)


def _settings(model: str, revision: str | None) -> Any:
    from transformers import CONFIG_MAPPING, AutoConfig

    own = Path(model) / "config.json"
    bundled = _FOLDER / f"{Path(model).name}.json"
    try:
        if own.is_file() or not bundled.is_file():
            return AutoConfig.from_pretrained(model, revision=revision, local_files_only=True)
        content = json.loads(bundled.read_text(encoding="utf-8"))
        return CONFIG_MAPPING[content["model_type"]].from_dict(content)
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(
            f'Cannot tell the size of "{model}": found no config.json here, expected one, or '
            f"--like with one of {', '.join(known_models())}"
        ) from error
