"""Settings of the process that must stand before torch and transformers are imported."""

from __future__ import annotations

import importlib.util
import os
from typing import TYPE_CHECKING, Any

from .errors import ConfigError

if TYPE_CHECKING:
    from .config import TrainingConfig
    from .config_base import Device

_SETTINGS = {
    # Threads that wait sleep instead of spinning. Two processes of two threads on two cores (a
    # trainer while a sampler starts) otherwise hold each other up: 4.7 s a step instead of 0.26.
    "OMP_WAIT_POLICY": "PASSIVE",
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "VLLM_NO_USAGE_STATS": "1",
    "VLLM_LOGGING_LEVEL": "WARNING",
    # A colocated vLLM; as for servers: FlashInfer would compile its sampler, which wants nvcc.
    "VLLM_USE_FLASHINFER_SAMPLER": "0",
    "TRANSFORMERS_VERBOSITY": "warning",
    "PYTHONWARNINGS": "ignore::FutureWarning",
}


def set_environment() -> None:
    """No spinning threads, progress bars or telemetry. What the caller has set stays."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)


def prepare_torch(config: TrainingConfig) -> None:
    """Import torch, with the threads of the configuration (None: torch's own choice).

    Errors: ConfigError when the device is a GPU and there is none, or when an attention is asked
    for that is not installed.
    """
    name = "flash_attention_2"
    if config.attn_implementation == name and importlib.util.find_spec("flash_attn") is None:
        raise ConfigError(
            f'Cannot use attn_implementation "{name}": flash-attn is not installed, expected it or '
            '"sdpa", which computes the same'
        )
    prepare_device(config.device, config.threads)


def prepare_device(device: Device, threads: int | None) -> None:
    """Import torch, with so many threads or one for each core there is (None: torch's own choice).

    Errors: ConfigError when the device is a GPU and there is none.
    """
    import torch

    if device == "cuda" and not torch.cuda.is_available():
        raise ConfigError('Cannot use device "cuda": torch finds no GPU, expected at least one')
    if threads is not None:
        torch.set_num_threads(min(threads, len(os.sched_getaffinity(0))))


def hide_progress_bars() -> None:
    """Call after transformers can be imported: it has its own bars beside those of the Hub."""
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()


def print_nothing(trainer: Any) -> None:
    """Drop the callback that prints every log entry: the progress file has them."""
    from transformers import PrinterCallback

    trainer.remove_callback(PrinterCallback)
