"""Configuration files: what is refused, with which words and exit code."""

import json
from pathlib import Path

import pytest

from r1sgg_worker.__main__ import main
from r1sgg_worker.config import GrpoConfig, SftConfig
from r1sgg_worker.config_file import load_config
from r1sgg_worker.errors import ConfigError
from r1sgg_worker.model_configs import TinyModelConfig

SFT = {
    "model": "m",
    "dataset": "sft.jsonl",
    "output_dir": "out",
    "progress": "p.jsonl",
    "steps": 2,
    "batch_size": 2,
    "learning_rate": 1e-3,
}
GRPO = {
    **{key: value for key, value in SFT.items() if key != "batch_size"},
    "endpoints": "e.json",
    "work_dir": "w",
    "sync_dir": "s",
    "integrity": "i.json",
}


def written(tmp_path, content):
    path = tmp_path / "config.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_a_complete_config_is_read(tmp_path):
    config = load_config(written(tmp_path, SFT), SftConfig)
    assert (config.steps, config.per_device_batch_size, config.device) == (2, 2, "cpu")


def test_a_batch_may_have_its_older_name_but_not_both(tmp_path):
    newer = {**SFT, "per_device_batch_size": 2}
    del newer["batch_size"]
    assert load_config(written(tmp_path, newer), SftConfig).per_device_batch_size == 2
    with pytest.raises(ConfigError, match="batch_size: found 2, expected no such field"):
        load_config(written(tmp_path, {**newer, "batch_size": 2}), SftConfig)


@pytest.mark.parametrize(
    ("resume", "expected"),
    [("auto", "auto"), ("never", "never"), ("c/checkpoint-3", Path("c/checkpoint-3"))],
)
def test_resume_is_a_word_or_a_path(tmp_path, resume, expected):
    content = {**SFT, "checkpoints": {"dir": "c", "resume": resume}}
    options = load_config(written(tmp_path, content), SftConfig).checkpoints
    assert options is not None
    assert options.resume == expected


def test_all_faults_are_told_at_once_with_their_paths(tmp_path):
    wrong = {**SFT, "steps": "five", "batch_size": 0, "extra": 1}
    del wrong["model"]
    with pytest.raises(ConfigError) as error:
        load_config(written(tmp_path, wrong), SftConfig)
    text = str(error.value)
    assert "\n" not in text
    for part in ('steps: found "five"', "batch_size: found 0", "extra: found 1", "model: found"):
        assert part in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"temperature": 0.7}, "raw log-probabilities need 1"),
        ({"reward_weights": [1.0]}, "1 numbers for 2 rewards"),
        ({"rewards": ["a", "a"]}, "one reward twice"),
        ({"gradient_accumulation_steps": 5}, "do not divide by gradient_accumulation_steps 5"),
        ({"min_pixels": 9000, "max_pixels": 3136}, "min_pixels 9000 is above max_pixels 3136"),
        ({"num_generations": 1}, "num_generations: found 1"),
        ({"max_unscored_fraction": 1.5}, "max_unscored_fraction: found 1.5"),
        ({"min_unscored_requests": 0}, "min_unscored_requests: found 0"),
        ({"reward_warmup": [1, 2, 3]}, "reward_warmup has 3 numbers for 2 rewards"),
        ({"sampler_mode": "colocate"}, 'needs "cuda"'),
        ({"epochs": 1}, "steps is 2 and epochs is 1.0, one of them is needed"),
        ({"steps": None}, "steps is None and epochs is None"),
        ({"warmup_steps": 3, "warmup_ratio": 0.05}, "exclude each other"),
        ({"save_only_model": True, "checkpoints": {"dir": "c"}}, "nothing to resume from"),
        ({"parallel": "zero2"}, 'parallel "zero2" needs device "cuda"'),
        ({"parallel": "none", "world_size": 2}, "which is one process"),
        ({"parallel": "zero1"}, 'parallel: found "zero1"'),
        ({"family": "llava"}, 'family: found "llava"'),
        ({"lora": {"rank": 0}}, "lora.rank: found 0"),
        ({"checkpoints": {"dir": "c", "keep": 0}}, "checkpoints.keep: found 0"),
    ],
)
def test_grpo_settings_that_contradict_are_refused(tmp_path, change, words):
    with pytest.raises(ConfigError, match=words):
        load_config(written(tmp_path, {**GRPO, **change}), GrpoConfig)


@pytest.mark.parametrize("content", ["{", "[]", '{"steps": 1}'])
def test_a_bad_config_ends_the_command_with_one_line_and_code_2(tmp_path, capsys, content):
    assert main(["sft", str(written(tmp_path, content))]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [({"heads": 5}, "no multiple of 16"), ({"key_value_heads": 4}, "6 heads do not divide")],
)
def test_sizes_that_make_no_model_are_refused(tmp_path, change, words):
    tiny = {"output_dir": "out", "corpus": ["sft.jsonl"], **change}
    with pytest.raises(ConfigError, match=words):
        load_config(written(tmp_path, tiny), TinyModelConfig)


def test_a_missing_config_ends_the_command_with_code_2(tmp_path, capsys):
    assert main(["grpo", str(tmp_path / "none.json")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    for command in ("tiny-model", "check-model", "sft", "grpo"):
        assert command in text
