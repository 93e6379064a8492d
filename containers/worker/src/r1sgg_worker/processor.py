"""The processor of a model: tokenizer and image preparation, with the pixel limits of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import ConfigError

if TYPE_CHECKING:
    from .config import TrainingConfig


def load_processor(config: TrainingConfig) -> Any:
    """The model's processor, padding on the left as generation wants it.

    Errors: ConfigError when the model has no usable processor.
    """
    from transformers import AutoProcessor

    try:
        processor = AutoProcessor.from_pretrained(
            config.model, revision=config.revision, padding_side="left"
        )
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0]
        raise ConfigError(f'Cannot load processor of "{config.model}": {reason}') from error
    if not hasattr(processor, "image_processor"):
        raise ConfigError(
            f'Cannot use processor of "{config.model}": {type(processor).__name__} takes no '
            "images, expected that of a Qwen2-VL model"
        )
    processor.image_processor.size = {
        "shortest_edge": config.min_pixels,
        "longest_edge": config.max_pixels,
    }
    return processor
