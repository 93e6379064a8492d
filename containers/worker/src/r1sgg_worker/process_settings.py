"""Settings of the process that must stand before torch and transformers are imported."""

from __future__ import annotations

import os
from typing import Any

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
    "TRANSFORMERS_VERBOSITY": "warning",
    "PYTHONWARNINGS": "ignore::FutureWarning",
}


def set_environment() -> None:
    """No spinning threads, progress bars or telemetry. What the caller has set stays."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)


def limit_threads(threads: int | None) -> None:
    """Let torch compute with this many threads (None: torch's own choice)."""
    if threads is None:
        return
    import torch

    torch.set_num_threads(threads)


def hide_progress_bars() -> None:
    """Call after transformers can be imported: it has its own bars beside those of the Hub."""
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()


def print_nothing(trainer: Any) -> None:
    """Drop the callback that prints every log entry: the progress file has them."""
    from transformers import PrinterCallback

    trainer.remove_callback(PrinterCallback)
