"""What a process takes at a time, hand-worked from the paper's layouts, and what is refused."""

import pytest

from r1sgg_worker.batch_arithmetic import check_processes, grpo_batch, sft_batch
from r1sgg_worker.config import GrpoConfig, SftConfig
from r1sgg_worker.errors import ConfigError

SHARED = {
    "model": "m",
    "dataset": "d",
    "output_dir": "o",
    "progress": "p",
    "steps": 4,
    "learning_rate": 6e-7,
}


def grpo(**change):
    rim = {"endpoints": "e", "work_dir": "w", "sync_dir": "s", "integrity": "i"}
    return GrpoConfig.model_validate({**SHARED, **rim, "prompts_per_step": 32, **change})


def sft(**change):
    return SftConfig.model_validate({**SHARED, "per_device_batch_size": 4, **change})


@pytest.mark.parametrize(
    ("accumulation", "processes", "local"), [(1, 1, 256), (4, 1, 64), (4, 16, 4), (1, 8, 32)]
)
def test_completions_are_divided_over_processes_and_accumulation(accumulation, processes, local):
    assert grpo_batch(grpo(gradient_accumulation_steps=accumulation), processes) == local


@pytest.mark.parametrize(
    ("change", "processes", "words"),
    [
        ({}, 12, "Cannot divide 256 completions a step over 12 processes"),
        ({"per_device_batch_size": 4}, 16, "Cannot sample 256 .* is 64, expected"),
        ({"world_size": 16}, 8, "Cannot start with 8 processes: found world_size 16"),
        ({"parallel": "none"}, 2, 'Cannot start with 2 processes: parallel is "none"'),
    ],
)
def test_what_the_plan_did_not_promise_is_refused(change, processes, words):
    with pytest.raises(ConfigError, match=words):
        grpo_batch(grpo(**change), processes)


def test_a_promised_batch_of_grpo_is_accepted():
    fields = {"per_device_batch_size": 4, "gradient_accumulation_steps": 4, "world_size": 16}
    assert grpo_batch(grpo(**fields), 16) == 4


def test_rows_of_an_sft_step_are_those_of_all_processes():
    assert sft_batch(sft(global_batch_size=128, gradient_accumulation_steps=8), 4) == 4
    with pytest.raises(ConfigError, match=r"Cannot train on 128 rows a step: .* is 64, expected"):
        sft_batch(sft(global_batch_size=128, gradient_accumulation_steps=8), 2)


def test_one_process_may_be_none_or_ddp():
    check_processes(sft(parallel="none"), 1)
    check_processes(sft(parallel="ddp"), 1)
