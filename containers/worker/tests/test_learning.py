"""GRPO learns: the format reward rises from an SFT start, and with shuffled rewards does not."""

import random

import pytest

from live_endpoint import live_endpoint
from plain_trl import trainer_of
from r1sgg_worker.rewards import RewardClient, reward_functions

pytestmark = [pytest.mark.long, pytest.mark.timeout(3600)]

STEPS = 30


def shuffled(function, rng):
    """The same rewards, each given to another completion of the batch."""

    async def reward(*arguments, **options):
        values = list(await function(*arguments, **options))
        rng.shuffle(values)
        return values

    reward.__name__ = function.__name__
    return reward


def curve(learned, folder, functions):
    """Mean format reward of each step."""
    trainer = trainer_of(
        learned,
        folder,
        functions,
        max_steps=STEPS,
        per_device_train_batch_size=32,
        num_generations=8,
        max_completion_length=120,
        learning_rate=1e-3,
        lr_scheduler_type="constant",
        weight_decay=0.0,
        loss_type="bnpo",
        log_completions=False,
        seed=3,
    )
    trainer.train()
    return [line["reward"] for line in trainer.state.log_history if "reward" in line]


def test_the_format_reward_rises_against_a_control(tmp_path, learned, record_property):
    """Four drawn scenes, 32 completions a step, the real endpoint's strict format reward."""
    with live_endpoint(tmp_path / "endpoint") as endpoint:
        functions = reward_functions(RewardClient(endpoint.url, ["format_reward"]))
        true = curve(learned, tmp_path / "true", functions)
        mixed = [shuffled(one, random.Random(1)) for one in functions]
        control = curve(learned, tmp_path / "control", mixed)
    assert len(true) == len(control) == STEPS
    # ten at the end: a policy that learns this fast also stumbles
    start, end, without = (sum(part) / len(part) for part in (true[:5], true[-10:], control[-10:]))
    for name, value in (("start", start), ("end", end), ("control, end", without)):
        record_property(f"mean format reward, {name}", round(value, 3))
    assert end > start + 0.3
    assert end > without + 0.3
