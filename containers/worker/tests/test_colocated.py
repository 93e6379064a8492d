"""The vLLM inside a trainer: prompts as it wants them, and refused where it saw others."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from r1sgg_worker.colocated import ColocatedVllm, collapse, refuse_drift
from r1sgg_worker.errors import IntegrityError

IMAGE = 9
LIMITS = {"min_pixels": 1, "max_pixels": 2}


class Sees:
    """Answers with the prompt that a vLLM would have made: so many image tokens for each one."""

    num_gpu_blocks = 3

    def __init__(self, tokens: int) -> None:
        self._tokens = tokens
        self.asked: list[dict] = []
        self.dropped: list[str] = []
        self.llm_engine = SimpleNamespace(
            reset_encoder_cache=lambda: self.dropped.append("encoder")
        )

    def reset_prefix_cache(self):
        self.dropped.append("prefix")

    def generate(self, prompts, sampling_params):
        assert sampling_params == "settings"
        self.asked = prompts
        return [
            SimpleNamespace(prompt_token_ids=self._seen(one["prompt_token_ids"])) for one in prompts
        ]

    def _seen(self, ids):
        return [t for one in ids for t in ([IMAGE] * self._tokens if one == IMAGE else [one])]


PROMPTS = [
    {"prompt_token_ids": [1, IMAGE, IMAGE, IMAGE, 2], "multi_modal_data": {"image": "a"}},
    {"prompt_token_ids": [1, 2]},
]


def test_vllm_is_given_one_token_for_an_image_and_the_limits_of_the_run():
    inner = Sees(3)
    outer = ColocatedVllm(inner, IMAGE, LIMITS)
    outputs = outer.generate(PROMPTS, sampling_params="settings")
    assert inner.asked == [
        {
            "prompt_token_ids": [1, IMAGE, 2],
            "multi_modal_data": {"image": "a"},
            "mm_processor_kwargs": LIMITS,
        },
        {"prompt_token_ids": [1, 2]},
    ]
    assert outputs[0].prompt_token_ids == PROMPTS[0]["prompt_token_ids"]
    assert outer.num_gpu_blocks == 3


def test_new_weights_drop_encoded_images_too():
    inner = Sees(3)
    ColocatedVllm(inner, IMAGE, LIMITS).reset_prefix_cache()
    assert inner.dropped == ["encoder", "prefix"]


def test_images_beside_each_other_stay_two():
    assert collapse([5, IMAGE, IMAGE, 6, 7, IMAGE, IMAGE], IMAGE) == [5, IMAGE, 6, 7, IMAGE]


def test_a_vllm_that_saw_another_number_of_image_tokens_is_refused():
    with pytest.raises(IntegrityError) as refused:
        ColocatedVllm(Sees(4), IMAGE, LIMITS).generate(PROMPTS, sampling_params="settings")
    assert str(refused.value) == (
        "Cannot trust the samples of the vLLM in the trainer: its prompt has 6 tokens, 4 of them "
        "of images, expected that of the trainer, 5 tokens, 3 of them of images"
    )


def test_a_drift_is_refused_and_what_top_p_cuts_off_is_none():
    refuse_drift(1, 0.15, 1.0)
    refuse_drift(1, -math.log(0.9) + 0.15, 0.9)
    with pytest.raises(IntegrityError, match=r"Cannot trust step 3: .* 0.35 nats in the mean"):
        refuse_drift(3, 0.35, 0.9)


@pytest.mark.vllm
@pytest.mark.timeout(300)
def test_a_real_vllm_in_the_process_sees_what_the_trainer_sees(learned):
    """And without the mending it does not: when that changes, TRL or vLLM have mended it."""
    here = Path(__file__).parent
    command = [
        sys.executable,
        str(here / "colocated_vllm.py"),
        str(learned.model),
        str(learned.rows),
    ]
    path = os.pathsep.join([str(here), *sys.path])
    ran = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    lines = [line for line in ran.stdout.splitlines() if line.startswith("found ")]
    assert lines, ran.stdout + ran.stderr
    found = json.loads(lines[0].removeprefix("found "))
    assert found["mended"]["prompts"] == found["trainer"]
    assert max(found["mended"]["differences"]) < 1e-4
    assert all(
        plain > ours
        for plain, ours in zip(found["plain"]["prompts"], found["trainer"], strict=True)
    )
    assert min(found["plain"]["differences"]) > 1e-2
    assert max(found["stale"]) > 1e-2
    assert max(found["renewed"]) < 1e-4
