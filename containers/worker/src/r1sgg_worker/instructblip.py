"""An InstructBLIP that is asked in batches, always with the likeliest token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import ConfigError

if TYPE_CHECKING:
    from PIL.Image import Image

    from .model_configs import VqaBatchConfig

MODEL_TYPE = "instructblip"


class InstructBlip:
    """Model and processor, ready to be asked; each prompt goes to the Q-Former too, as it is."""

    def __init__(self, config: VqaBatchConfig) -> None:
        """Errors: ConfigError when it is no InstructBLIP, or cannot be loaded whole."""
        _check_type(config.model)
        import torch

        self._device = config.device
        self._dtype = getattr(torch, config.dtype)
        self._model, self._processor = _load(config.model, self._dtype)
        _teach_image_token(self._model, self._processor)
        self._model.to(config.device).eval()
        # Left, since the answer follows the last token of the prompt.
        self._processor.tokenizer.padding_side = "left"
        self._generation = _greedy(self._model, self._processor.tokenizer, config.max_tokens)

    def answer(self, prompts: list[str], images: list[Image]) -> list[str]:
        """The answers to some prompts, each about its image."""
        import torch

        inputs = self._processor(images=images, text=prompts, padding=True, return_tensors="pt")
        inputs = inputs.to(self._device, self._dtype)
        with torch.inference_mode():
            tokens = self._model.generate(**inputs, generation_config=self._generation)
        if not self._model.language_model.config.is_encoder_decoder:
            tokens = tokens[:, inputs["input_ids"].shape[1] :]
        texts = self._processor.tokenizer.batch_decode(tokens, skip_special_tokens=True)
        return [str(text).strip() for text in texts]


def _check_type(model: str) -> None:
    from transformers import AutoConfig

    try:
        found = AutoConfig.from_pretrained(model).model_type
    except (OSError, ValueError, KeyError) as error:
        raise _cannot_load(model, error) from error
    if found != MODEL_TYPE:
        raise ConfigError(
            f'Cannot ask "{model}": its model_type is "{found}", expected {MODEL_TYPE}'
        )


def _load(model: str, dtype: Any) -> tuple[Any, Any]:
    from transformers import InstructBlipForConditionalGeneration, InstructBlipProcessor

    try:
        processor = InstructBlipProcessor.from_pretrained(model)
        loaded, found = InstructBlipForConditionalGeneration.from_pretrained(
            model, dtype=dtype, output_loading_info=True
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise _cannot_load(model, error) from error
    if missing := sorted(found["missing_keys"]):
        raise ConfigError(
            f'Cannot load model "{model}": it lacks {len(missing)} weights, "{missing[0]}" among '
            "them, expected all"
        )
    return loaded, processor


def _cannot_load(model: str, error: Exception) -> ConfigError:
    return ConfigError(f'Cannot load model "{model}": {str(error).strip().splitlines()[0]}')


def _teach_image_token(model: Any, processor: Any) -> None:
    """Older commits of the models know no token for the image, which transformers now wants.

    Source: what transformers 4.46 asked for when it met such a model
    """
    if processor.num_query_tokens is None:
        processor.num_query_tokens = model.config.num_query_tokens
    if model.config.image_token_index is not None:
        return
    tokenizer = processor.tokenizer
    size = len(tokenizer)
    if model.get_input_embeddings().num_embeddings < size:
        model.resize_token_embeddings(size, pad_to_multiple_of=64, mean_resizing=False)
    model.config.image_token_index = tokenizer.convert_tokens_to_ids(processor.image_token.content)


def _greedy(model: Any, tokenizer: Any, max_tokens: int) -> Any:
    """No sampling, beams or penalties, whatever the model's own file says."""
    from transformers import GenerationConfig

    own = model.generation_config
    ends = own.eos_token_id if isinstance(own.eos_token_id, list) else [own.eos_token_id]
    known = {end for end in (*ends, tokenizer.eos_token_id) if end is not None}
    text = model.config.text_config
    # Ids that stand for no text: of the image, and those that round up the vocabulary's size.
    rest = range(len(tokenizer), model.get_input_embeddings().num_embeddings)
    pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else own.pad_token_id
    return GenerationConfig(
        do_sample=False,
        num_beams=1,
        max_new_tokens=max_tokens,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=sorted(known),
        pad_token_id=pad,
        suppress_tokens=[model.config.image_token_index, *rest],
        decoder_start_token_id=getattr(text, "decoder_start_token_id", None),
    )
