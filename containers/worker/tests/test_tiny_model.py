"""The tiny model: a real Qwen2-VL in all but size, whose tokenizer loses nothing."""

import json
import random

import pytest

from r1sgg_worker.special_tokens import forbidden_token_ids
from r1sgg_worker.tokenizer import CHAT_TEMPLATE, SPECIAL_TOKENS, build_tokenizer, shared_lines

ALPHABETS = [
    (32, 126),
    (0, 31),
    (0xA0, 0x24F),
    (0x4E00, 0x4E80),
    (0x1F600, 0x1F640),
    (0x300, 0x36F),
]


def random_texts(count, seed):
    """Strings of all kinds of characters, some with pieces of the special tokens in them."""
    rng = random.Random(seed)
    for _ in range(count):
        low, high = rng.choice(ALPHABETS)
        text = "".join(chr(rng.randint(low, high)) for _ in range(rng.randrange(60)))
        yield text + rng.choice(["", "\r\n", "  \n", "<|", "|>", '{"id": "x.1", "bbox": [1, 22]}'])


@pytest.fixture(scope="module")
def processor(tiny):
    from transformers import AutoProcessor

    return AutoProcessor.from_pretrained(tiny)


def test_any_text_comes_back_unchanged(processor):
    tokenizer = processor.tokenizer
    for text in random_texts(2000, seed=3):
        ids = tokenizer(text)["input_ids"]
        assert tokenizer.decode(ids, clean_up_tokenization_spaces=False) == text


def test_texts_of_the_run_are_short(processor, rows):
    row = json.loads((rows / "sft.jsonl").read_text().splitlines()[0])
    prompt, answer = row["prompt"][1]["content"], row["completion"][0]["content"]
    assert len(processor.tokenizer(prompt)["input_ids"]) == 1
    assert len(processor.tokenizer(answer)["input_ids"]) < len(answer) / 2


def test_special_tokens_are_single_and_all_but_the_end_are_forbidden(processor):
    tokenizer = processor.tokenizer
    ids = [tokenizer(token)["input_ids"] for token in SPECIAL_TOKENS]
    assert all(len(one) == 1 for one in ids)
    allowed = {"<|im_end|>", "<|endoftext|>"}
    wanted = [
        one[0] for token, one in zip(SPECIAL_TOKENS, ids, strict=True) if token not in allowed
    ]
    assert forbidden_token_ids(tokenizer) == sorted(wanted)
    assert len(wanted) == 12
    assert (tokenizer.eos_token, tokenizer.pad_token) == ("<|im_end|>", "<|endoftext|>")


def test_the_chat_template_is_that_of_qwen2_vl(processor):
    content = [{"type": "image"}, {"type": "text", "text": "Hello"}]
    messages = [{"role": "user", "content": content}]
    text = processor.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    assert processor.chat_template == CHAT_TEMPLATE
    assert text == (
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n"
        "<|vision_start|><|image_pad|><|vision_end|>Hello<|im_end|>\n<|im_start|>assistant\n"
    )


def test_the_model_loads_in_float32_and_looks_at_the_image(tiny, processor):
    import torch
    from PIL import Image
    from transformers import AutoModelForImageTextToText, Qwen2VLForConditionalGeneration

    model = AutoModelForImageTextToText.from_pretrained(tiny)
    assert isinstance(model, Qwen2VLForConditionalGeneration)
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}
    content = [{"type": "image"}, {"type": "text", "text": "Hello"}]
    text = processor.apply_chat_template([{"role": "user", "content": content}], tokenize=False)
    logits = []
    for colour in ("red", "blue"):
        image = Image.new("RGB", (140, 112), colour)
        inputs = processor(text=[text], images=[image], return_tensors="pt")
        assert int((inputs["input_ids"] == processor.image_token_id).sum()) == 5 * 4
        logits.append(model(**inputs).logits[0, -1])
    assert not torch.allclose(logits[0], logits[1])


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(tiny, rows, tmp_path):
    from helpers import MAX_PIXELS, MIN_PIXELS
    from r1sgg_worker.model_configs import TinyModelConfig
    from r1sgg_worker.tiny_model import build_tiny_model

    files = []
    for seed in (0, 1):
        folder = tmp_path / str(seed)
        config = TinyModelConfig(
            output_dir=folder,
            corpus=[rows / "sft.jsonl"],
            seed=seed,
            min_pixels=MIN_PIXELS,
            max_pixels=MAX_PIXELS,
        )
        build_tiny_model(config)
        files.append((folder / "model.safetensors").read_bytes())
    assert files[0] == (tiny / "model.safetensors").read_bytes()
    assert files[0] != files[1]


def test_a_number_is_a_token_a_digit_or_one_as_a_whole():
    box = "[17, 250, 500, 999]"
    answers = [f'{{"id": "a.{i}", "bbox": {box}}}' for i in range(10)]

    def pieces(numbers):
        tokenizer = build_tokenizer([], answers, 4096, numbers)
        assert tokenizer.decode(tokenizer(box)["input_ids"]) == box
        return [tokenizer.decode([one]) for one in tokenizer(box)["input_ids"]]

    assert pieces("whole") == ["[", "17", ", 250", ", 500", ", 999", "]"]
    assert [one for one in pieces("digits") if one.isdigit()] == list("17250500999")


def test_shared_lines_are_those_of_a_quarter_of_the_texts():
    texts = ["same\na", "same\nb", "same\nc", "rare\nd", "e", "f", "g", "h", "i"]
    assert shared_lines(texts) == ["same\n"]
