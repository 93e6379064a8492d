"""A small InstructBLIP with random weights: ``python tiny_instructblip.py FOLDER``."""

import json
import sys
from pathlib import Path

WORDS = [*"abcdefghijklmnopqrstuvwxyz", *"ABCD0123456789", *".,:;()[]\"'"]
SIZES = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2}


def build_tiny_instructblip(folder: Path, language: str = "llama") -> None:
    """Write model, processor and both tokenizers; as on Vicuna or, with ``t5``, on Flan-T5."""
    import torch
    from transformers import (
        BlipImageProcessor,
        InstructBlipConfig,
        InstructBlipForConditionalGeneration,
        InstructBlipProcessor,
    )

    tokenizer = _tokenizer(("<pad>", "<s>", "</s>", "<unk>"))
    processor = InstructBlipProcessor(
        image_processor=BlipImageProcessor(size={"height": 28, "width": 28}),
        tokenizer=tokenizer,
        qformer_tokenizer=_tokenizer(("[PAD]", "[CLS]", "[SEP]", "[UNK]")),
        num_query_tokens=4,
    )
    ids = {
        name: getattr(tokenizer, name) for name in ("bos_token_id", "eos_token_id", "pad_token_id")
    }
    config = InstructBlipConfig(
        vision_config={
            **SIZES,
            "num_attention_heads": 2,
            "image_size": 28,
            "patch_size": 14,
            "initializer_range": 0.3,
        },
        qformer_config={
            **SIZES,
            "num_attention_heads": 2,
            "vocab_size": len(tokenizer),
            "initializer_range": 0.3,
        },
        text_config={**_language(language), **ids, "vocab_size": len(tokenizer)},
        num_query_tokens=4,
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        initializer_range=0.3,
    )
    torch.manual_seed(0)
    model = InstructBlipForConditionalGeneration(config)
    model.save_pretrained(folder)
    processor.save_pretrained(folder)


def forget_image_token(folder: Path) -> None:
    """As older commits of the models are: no token stands for the image, no weights of one."""
    from transformers import InstructBlipForConditionalGeneration

    model = InstructBlipForConditionalGeneration.from_pretrained(folder)
    model.resize_token_embeddings(model.config.image_token_index)  # the last of all
    model.save_pretrained(folder)
    for name, field in (
        ("config.json", "image_token_index"),
        ("processor_config.json", "num_query_tokens"),
    ):
        path = folder / name
        content = json.loads(path.read_text())
        del content[field]
        path.write_text(json.dumps(content))


def _language(name: str) -> dict:
    if name == "t5":
        own = {"d_model": 32, "d_ff": 64, "d_kv": 16, "num_layers": 2, "num_heads": 2}
        return {**own, "model_type": "t5", "initializer_factor": 8.0, "decoder_start_token_id": 0}
    own = {"num_attention_heads": 2, "num_key_value_heads": 2, "initializer_range": 0.3}
    return {**SIZES, **own, "model_type": "llama"}


def _tokenizer(special: tuple[str, str, str, str]):
    """A letter a token; a pad, begin, end and unknown token, and begin before each text."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    pad, begin, end, unknown = special
    vocabulary = {word: at for at, word in enumerate([*special, "▁", *WORDS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Metaspace(), pre_tokenizers.Split("", "isolated")]
    )
    tokenizer.decoder = decoders.Sequence([decoders.Fuse(), decoders.Metaspace()])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A", special_tokens=[(begin, vocabulary[begin])]
    )
    names = {"pad_token": pad, "bos_token": begin, "eos_token": end, "unk_token": unknown}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names)


if __name__ == "__main__":
    build_tiny_instructblip(Path(sys.argv[1]))
