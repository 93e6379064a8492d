"""Says whether a model can be trained, from its small files only (no torch, no weights read)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import ConfigError
from .safetensors_header import numbers_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from .model_configs import CheckModelConfig

MODEL_TYPES = ("qwen2_vl", "qwen2_5_vl")
_PROCESSOR_FILES = ("preprocessor_config.json", "processor_config.json")
_TOKENIZER_FILES = ("tokenizer.json", "vocab.json")
_WEIGHT_FILES = ("model.safetensors", "model.safetensors.index.json")


def check_model(config: CheckModelConfig) -> dict[str, object]:
    """Model type, dtype, whether embeddings are tied and, for a folder, how many parameters.

    A name on the Hub is asked for its file list and config.json; with ``offline`` (or
    HF_HUB_OFFLINE) only the local cache is looked at.
    Errors: ConfigError when it does not exist, is no Qwen2-VL or Qwen2.5-VL, or lacks its
    processor, tokenizer or weights.
    """
    folder = Path(config.model)
    if folder.is_dir():
        files = {path.name for path in folder.iterdir()}
        found = _check(config.model, files, lambda name: folder / name)
        return {**found, "parameters": sum(map(numbers_in, _weights(folder)))}
    if config.model.startswith(("/", ".", "~")) or folder.is_file():
        found_there = "a file" if folder.is_file() else "nothing there"
        raise ConfigError(f'Cannot use model "{config.model}": {found_there}, expected a folder')
    return _check_hub(config)


def _check_hub(config: CheckModelConfig) -> dict[str, object]:
    from httpx import HTTPError
    from huggingface_hub import HfApi, constants, hf_hub_download, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    name = config.model
    try:
        if config.offline or constants.HF_HUB_OFFLINE:
            folder = Path(snapshot_download(name, local_files_only=True))
            files = {path.name for path in folder.iterdir()}
            return _check(name, files, lambda file: folder / file)
        files = {one.rfilename for one in HfApi().model_info(name, timeout=20).siblings or []}
        return _check(name, files, lambda file: Path(hf_hub_download(name, file)))
    except LocalEntryNotFoundError as error:
        raise ConfigError(
            f'Cannot use model "{name}": no such folder and not in the local cache, expected a '
            "folder, or network access for a name on the Hugging Face Hub"
        ) from error
    except (HfHubHTTPError, HFValidationError, HTTPError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ConfigError(
            f'Cannot use model "{name}": no such folder, and the Hugging Face Hub says: {reason}'
        ) from error


def _check(model: str, files: set[str], fetch: Callable[[str], Path]) -> dict[str, object]:
    if "config.json" not in files:
        raise _lacks(model, "config.json")
    config = _read_json(model, fetch("config.json"))
    model_type = config.get("model_type")
    if model_type not in MODEL_TYPES:
        raise ConfigError(
            f'Cannot use model "{model}": model_type is {json.dumps(model_type)}, '
            f"expected {' or '.join(MODEL_TYPES)}"
        )
    for wanted in (_PROCESSOR_FILES, _TOKENIZER_FILES, _WEIGHT_FILES):
        if not files.intersection(wanted):
            raise _lacks(model, " or ".join(wanted))
    text = config.get("text_config") or {}
    tied = config.get("tie_word_embeddings", text.get("tie_word_embeddings", False))
    return {
        "model_type": model_type,
        "dtype": config.get("dtype", config.get("torch_dtype")),
        "tie_word_embeddings": bool(tied),
    }


def _weights(folder: Path) -> list[Path]:
    """The safetensors files of a folder, all those that its index names."""
    index = folder / "model.safetensors.index.json"
    if not index.is_file():
        return [folder / "model.safetensors"]
    names = set(_read_json(str(folder), index)["weight_map"].values())
    for name in sorted(names):
        if not (folder / name).is_file():
            raise _lacks(str(folder), name)
    return [folder / name for name in sorted(names)]


def _read_json(model: str, path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f'Cannot use model "{model}": {path.name}: {error}') from error
    return content


def _lacks(model: str, name: str) -> ConfigError:
    return ConfigError(f'Cannot use model "{model}": found no {name}')
