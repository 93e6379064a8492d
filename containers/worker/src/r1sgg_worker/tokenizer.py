"""A small byte-level BPE tokenizer with the special tokens and the chat template of Qwen2-VL.

The real tokenizer has 151,936 entries, far too many for a model of a million parameters. This one
is trained on the texts of the run. Any text round-trips, since its alphabet is all 256 bytes; texts
like those of the run become short, since lines that the rows share and the pieces of a JSON scene
graph are not split by the pre-tokenizer and so may become single tokens. Digits stay single, as in
the real one. A name is the same token after a space, a quote or a comma, so that a small model can
learn to copy it from its thoughts to an id, and from there to a relation.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SPECIAL_TOKENS = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|object_ref_start|>",
    "<|object_ref_end|>",
    "<|box_start|>",
    "<|box_end|>",
    "<|quad_start|>",
    "<|quad_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|vision_pad|>",
    "<|image_pad|>",
    "<|video_pad|>",
)
"""Source: Qwen/Qwen2-VL-2B-Instruct tokenizer_config.json, ids 151643 to 151656, in this order."""

CHAT_TEMPLATE = (
    "{% set image_count = namespace(value=0) %}{% set video_count = namespace(value=0) %}"
    "{% for message in messages %}{% if loop.first and message['role'] != 'system' %}"
    "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n{% endif %}"
    "<|im_start|>{{ message['role'] }}\n{% if message['content'] is string %}"
    "{{ message['content'] }}<|im_end|>\n{% else %}{% for content in message['content'] %}"
    "{% if content['type'] == 'image' or 'image' in content or 'image_url' in content %}"
    "{% set image_count.value = image_count.value + 1 %}"
    "{% if add_vision_id %}Picture {{ image_count.value }}: {% endif %}"
    "<|vision_start|><|image_pad|><|vision_end|>"
    "{% elif content['type'] == 'video' or 'video' in content %}"
    "{% set video_count.value = video_count.value + 1 %}"
    "{% if add_vision_id %}Video {{ video_count.value }}: {% endif %}"
    "<|vision_start|><|video_pad|><|vision_end|>"
    "{% elif 'text' in content %}{{ content['text'] }}{% endif %}{% endfor %}<|im_end|>\n"
    "{% endif %}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""Source: Qwen/Qwen2-VL-2B-Instruct chat_template.json, unchanged."""

_FRAME_LINES = (
    "</think>\n",
    "<answer>\n",
    "```json\n",
    "{\n",
    '  "objects": [\n',
    "  ],\n",
    '  "relationships": [\n',
    "  ]\n",
    "}\n",
    "```\n",
)
"""The lines around every scene graph, one token each, also where few of the rows have one."""

_GRAPH_PIECES = (
    r'\{"id": "|", "bbox": \[|\{"subject": "|", "predicate": "|", "object": "|"\}|\]\}'
    r"|\.\d+|</?[a-z]+>|,\n|{number}|[A-Za-z]+|[^A-Za-z0-9\s]|\n| +|\s+"
)
_NUMBERS = {"digits": r", |\d", "whole": r"(?:, )?\d+|, "}
_SHARED_CHARACTERS = 6000  # shared lines cost about one vocabulary entry a character
_SHORTEST_SHARED_LINE = 2


def shared_lines(texts: Sequence[str]) -> list[str]:
    """Texts, and lines with their newline, that at least a quarter of the texts contain.

    Prompts and answers are passed apart. A line of one character is left to the other pieces.
    """
    counts = Counter(piece for text in texts for piece in {text, *text.splitlines(keepends=True)})
    found = [
        line
        for line, count in counts.items()
        if count * 4 >= len(texts) and len(line) >= _SHORTEST_SHARED_LINE
    ]
    return sorted(found)


def build_tokenizer(
    prompts: Sequence[str],
    answers: Sequence[str],
    vocabulary: int,
    numbers: Literal["digits", "whole"] = "digits",
) -> Any:
    """Train the tokenizer on the texts of a run.

    Range: at most ``vocabulary`` entries before the special tokens; at least the 256 bytes.
    Returns: a ``transformers.PreTrainedTokenizerFast`` with eos ``<|im_end|>``, pad
    ``<|endoftext|>``, left padding.
    """
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    alphabet = pre_tokenizers.ByteLevel.alphabet()
    shared = [*shared_lines(prompts), *shared_lines(answers), *_FRAME_LINES]
    literal = _within(shared, _SHARED_CHARACTERS)
    pattern = "|".join(
        [
            *(re.escape(line) for line in literal),
            _GRAPH_PIECES.replace("{number}", _NUMBERS[numbers]),
        ]
    )
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    roles = ["system\n", "user\n", "assistant\n", "You are a helpful assistant."] * 10
    tokenizer.train_from_iterator(
        [*prompts, *answers, *roles],
        trainers.BpeTrainer(
            vocab_size=max(vocabulary, len(alphabet)),
            min_frequency=4,
            initial_alphabet=alphabet,
            show_progress=False,
        ),
    )
    tokenizer.add_special_tokens(list(SPECIAL_TOKENS))
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        additional_special_tokens=list(SPECIAL_TOKENS[1:]),
        model_max_length=32768,
        padding_side="left",
    )
    fast.chat_template = CHAT_TEMPLATE
    return fast


def _within(lines: Iterable[str], characters: int) -> list[str]:
    """Distinct lines, longest first, until they fill the given number of characters."""
    kept: list[str] = []
    for line in sorted(set(lines), key=lambda line: (-len(line), line)):
        if len(line) <= characters:
            kept.append(line)
            characters -= len(line)
    return kept
