"""A small Qwen2-VL with random weights: the architecture is real, only the sizes are not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .folders import whole_folder
from .rows import SftRow, load_rows
from .special_tokens import END_TOKENS, forbidden_token_ids
from .tokenizer import CHAT_TEMPLATE, build_tokenizer

if TYPE_CHECKING:
    from pathlib import Path

    from .model_configs import TinyModelConfig

_VOCABULARY_STEP = 64
_PATCH = {"patch_size": 14, "temporal_patch_size": 2}


def build_tiny_model(config: TinyModelConfig) -> dict[str, int]:
    """Write model, processor and tokenizer to ``output_dir``; says how large they are.

    The same seed, sizes and corpus give the same weights. Everything is float32.
    Errors: DataError for a corpus that cannot be read; WorkerError when the disk refuses.
    Source: configuration fields as Qwen/Qwen2-VL-2B-Instruct config.json.
    """
    rows = [row for path in config.corpus for row in load_rows(path, SftRow)]
    prompts = [message.content for row in rows for message in row.prompt]
    answers = [message.content for row in rows for message in row.completion]
    import torch
    from transformers import Qwen2VLForConditionalGeneration

    tokenizer = build_tokenizer(prompts, answers, config.vocabulary, config.numbers)
    torch.manual_seed(config.seed)
    model = Qwen2VLForConditionalGeneration(_model_config(config, tokenizer)).float()
    model.generation_config = _generation_config(tokenizer)
    with whole_folder(config.output_dir) as folder:
        model.save_pretrained(folder)
        _processor(config, tokenizer).save_pretrained(folder)
        _keep_limits(folder, config)
    return {
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "vocabulary": len(tokenizer),
        "answer_tokens": max(len(ids) for ids in tokenizer(answers)["input_ids"]),
    }


def _model_config(config: TinyModelConfig, tokenizer: Any) -> Any:
    from transformers import Qwen2VLConfig

    ids = tokenizer.convert_tokens_to_ids
    half = config.hidden_size // config.heads // 2
    height = width = half * 3 // 8
    text = {
        "vocab_size": -(-len(tokenizer) // _VOCABULARY_STEP) * _VOCABULARY_STEP,
        "hidden_size": config.hidden_size,
        "intermediate_size": config.intermediate_size,
        "num_hidden_layers": config.layers,
        "num_attention_heads": config.heads,
        "num_key_value_heads": config.key_value_heads,
        "max_position_embeddings": config.max_positions,
        "initializer_range": config.initializer_range,
        "rms_norm_eps": 1e-6,
        "tie_word_embeddings": config.tie_word_embeddings,
        "use_sliding_window": False,
        "rope_parameters": {
            "rope_type": "default",
            "type": "default",
            "mrope_section": [half - height - width, height, width],
            "rope_theta": config.rope_theta,
        },
        "bos_token_id": ids("<|endoftext|>"),
        "eos_token_id": ids("<|im_end|>"),
        "pad_token_id": ids("<|endoftext|>"),
    }
    vision = {
        "depth": config.vision_layers,
        "embed_dim": config.vision_size,
        "hidden_size": config.hidden_size,
        "num_heads": config.vision_heads,
        "mlp_ratio": 2,
        "in_channels": 3,
        "spatial_merge_size": 2,
        "initializer_range": config.initializer_range,
        **_PATCH,
    }
    return Qwen2VLConfig(
        text_config=text,
        vision_config=vision,
        image_token_id=ids("<|image_pad|>"),
        video_token_id=ids("<|video_pad|>"),
        vision_start_token_id=ids("<|vision_start|>"),
        vision_end_token_id=ids("<|vision_end|>"),
        tie_word_embeddings=config.tie_word_embeddings,
    )


def _generation_config(tokenizer: Any) -> Any:
    from transformers import GenerationConfig

    return GenerationConfig(
        bos_token_id=tokenizer.convert_tokens_to_ids("<|endoftext|>"),
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=[tokenizer.convert_tokens_to_ids(token) for token in END_TOKENS],
        do_sample=True,
        temperature=1.0,
        suppress_tokens=forbidden_token_ids(tokenizer),
    )


def _processor(config: TinyModelConfig, tokenizer: Any) -> Any:
    from transformers import Qwen2VLImageProcessor, Qwen2VLProcessor, Qwen2VLVideoProcessor

    size = {"shortest_edge": config.min_pixels, "longest_edge": config.max_pixels}
    return Qwen2VLProcessor(
        image_processor=Qwen2VLImageProcessor(size=dict(size), merge_size=2, **_PATCH),
        video_processor=Qwen2VLVideoProcessor(size=dict(size)),
        tokenizer=tokenizer,
        chat_template=CHAT_TEMPLATE,
    )


def _keep_limits(folder: Path, config: TinyModelConfig) -> None:
    """Fail here, not in a server, when the saved processor does not hold the pixel limits."""
    for name in ("preprocessor_config.json", "processor_config.json"):
        if (path := folder / name).is_file():
            saved = json.loads(path.read_text())
            size = saved.get("image_processor", saved)["size"]
            if (size["shortest_edge"], size["longest_edge"]) != (
                config.min_pixels,
                config.max_pixels,
            ):
                message = f"{name} holds {size}"
                raise AssertionError(message)
            return
    message = f"no processor configuration in {folder}"
    raise AssertionError(message)
