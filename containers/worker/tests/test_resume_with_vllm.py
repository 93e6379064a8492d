"""GRPO against a real vLLM server, interrupted and resumed: what can be the same is the same."""

import json
import signal

import pytest
import torch

from helpers import FLOAT32_TOLERANCE
from r1sgg_worker.__main__ import main
from replay import interrupted
from reward_stand_in import reward_stand_in
from test_resume import configuration, steps_of

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(900)]

STEPS = 4


def state_of(folder):
    """Of the last checkpoint: moments' step, learning rate, and all random numbers to come."""
    checkpoint = folder / "checkpoints" / f"checkpoint-{STEPS}"
    optimiser = torch.load(checkpoint / "optimizer.pt", weights_only=True)
    scheduler = torch.load(checkpoint / "scheduler.pt", weights_only=True)
    random = torch.load(checkpoint / "rng_state.pth", weights_only=False)
    steps = {float(one["step"]) for one in optimiser["state"].values()}
    python, numpy = random["python"], random["numpy"]
    return (
        *(steps, scheduler["last_epoch"], scheduler["_last_lr"]),
        *(python, str(numpy), random["cpu"].tolist()),
    )


def images_of(folder):
    """The images whose completions a step was made of, in their order."""
    lines = [json.loads(line) for line in (folder / "sample.jsonl").read_text().splitlines()]
    return [(line["step"], line["image_id"]) for line in lines]


def test_a_resumed_run_has_the_prompts_steps_and_state_of_the_undisturbed(
    tmp_path, server, learned, endpoints
):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    with reward_stand_in() as reward:
        for folder, ends in ((whole, [0]), (broken, [75, 0])):
            change = {
                "endpoints": str(endpoints(reward.url, server)),
                "steps": STEPS,
                "learning_rate": 1e-4,  # with 1e-3 rounding alone has come to 1.4e-5
                "checkpoints": {"dir": str(folder / "checkpoints"), "every_steps": 2},
                "completions_sample": {"path": str(folder / "sample.jsonl"), "count": 8},
            }
            path = configuration(folder, learned, "grpo", reward.url, **change)
            for end in ends:
                number = signal.SIGUSR1 if end else signal.SIGCONT
                with interrupted(number, 3):
                    assert main(["grpo", str(path)]) == end
    for folder in (whole, broken):
        assert [line["step"] for line in steps_of(folder)] == [1, 2, 3, 4]
        assert all(
            line["integrity/logprob_max_abs_diff"] < FLOAT32_TOLERANCE for line in steps_of(folder)
        )
        assert len(images_of(folder)) == 8 * STEPS
    assert images_of(broken) == images_of(whole)
    assert len({image for _, image in images_of(whole)}) > 2
    assert state_of(broken) == state_of(whole)
