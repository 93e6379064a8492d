"""What differs between the families of models that can be trained."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from .errors import ConfigError

if TYPE_CHECKING:
    from .config import TrainingConfig


@dataclass(frozen=True)
class Family:
    """A family by the ``model_type`` of its config.json.

    ``box_scale``: what the model counts boxes in; ``thousandths`` of both sides, or ``pixels`` of
    the image as its processor resized it. An image costs one token for ``patch x merge`` pixels
    squared, between ``image_tokens`` (start, placeholder, end). ``end_tokens`` end an answer.
    ``blocks`` are the layers that FSDP shards one by one.
    """

    model_type: str
    box_scale: Literal["thousandths", "pixels"]
    patch: int
    merge: int
    image_tokens: tuple[str, str, str]
    end_tokens: tuple[str, ...]
    chat_template: Literal["chatml"]
    blocks: tuple[str, ...]

    def tokens_of(self, width: int, height: int) -> int:
        """Tokens of an image of this size. Unit: pixels, after the processor has resized it."""
        side = self.patch * self.merge
        return (width // side) * (height // side)


_qwen = partial(
    Family,
    patch=14,
    merge=2,
    image_tokens=("<|vision_start|>", "<|image_pad|>", "<|vision_end|>"),
    end_tokens=("<|im_end|>", "<|endoftext|>"),
    chat_template="chatml",
)

FAMILIES: dict[str, Family] = {
    "qwen2_vl": _qwen(
        model_type="qwen2_vl",
        box_scale="thousandths",
        blocks=("Qwen2VLDecoderLayer", "Qwen2VLVisionBlock"),
    ),
    "qwen2_5_vl": _qwen(
        model_type="qwen2_5_vl",
        box_scale="pixels",
        blocks=("Qwen2_5_VLDecoderLayer", "Qwen2_5_VLVisionBlock"),
    ),
}


def family_of(config: TrainingConfig) -> Family:
    """The model's family, by its own config.json.

    Errors: ConfigError when it has none that we know, or another than the configuration says.
    """
    from transformers import AutoConfig

    try:
        found = AutoConfig.from_pretrained(config.model, revision=config.revision).model_type
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0]
        raise ConfigError(f'Cannot load model "{config.model}": {reason}') from error
    if found not in FAMILIES or config.family not in (None, found):
        wanted = config.family or " or ".join(FAMILIES)
        raise ConfigError(
            f'Cannot train "{config.model}": its model_type is "{found}", expected {wanted}'
        )
    return FAMILIES[found]
