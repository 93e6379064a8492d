"""A training that was interrupted and resumed is the training that was not."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import MAX_PIXELS, MIN_PIXELS
from r1sgg_worker.__main__ import main
from replay import interrupted, replaying
from reward_stand_in import reward_stand_in

STEPS = 10


def configuration(folder, learned, stage, reward_url="http://127.0.0.1:9", **change):
    """Ten steps over four rows, two at a time: five epochs; a checkpoint every four steps."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = learned.rows.parent
    shared = {
        "model": str(learned.model),
        "dataset": str(rows / f"{stage}.jsonl"),
        "output_dir": str(folder / "model"),
        "work_dir": str(folder / "work"),
        "progress": str(folder / "progress.jsonl"),
        "steps": STEPS,
        "learning_rate": 1e-3,
        "weight_decay": 0.01,
        "seed": 3,
        "min_pixels": MIN_PIXELS,
        "max_pixels": MAX_PIXELS,
        "checkpoints": {"dir": str(folder / "checkpoints"), "every_steps": 4, "keep": 2},
    }
    endpoints = {
        "reward": {"url": reward_url},
        "samplers": [{"url": "http://127.0.0.1:9", "model": "policy"}],
    }
    (folder / "endpoints.json").write_text(json.dumps(endpoints))
    stages = {
        "sft": {"per_device_batch_size": 1, "gradient_accumulation_steps": 2, "warmup_steps": 3},
        "grpo": {
            "endpoints": str(folder / "endpoints.json"),
            "sync_dir": str(folder / "sync"),
            "integrity": str(folder / "integrity.json"),
            "prompts_per_step": 2,
            "num_generations": 4,
            "gradient_accumulation_steps": 2,
            "max_completion_length": 40,
            "completions_sample": {"path": str(folder / "sample.jsonl"), "count": 3},
            "report_to": {"tensorboard": str(folder / "tensorboard")},
        },
    }
    path = folder / f"{stage}.json"
    path.write_text(json.dumps({**shared, **stages[stage], **change}))
    return path


def steps_of(folder):
    lines = [json.loads(line) for line in (folder / "progress.jsonl").read_text().splitlines()]
    return [line for line in lines if "step" in line]


def weights_of(folder):
    from safetensors.torch import load_file

    return load_file(folder / "model" / "model.safetensors")


@pytest.fixture(scope="module")
def reward():
    with reward_stand_in() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, learned, reward):
    """The folder of a stage's run from its first step to its last."""
    done = {}

    def run(stage):
        if stage not in done:
            folder = tmp_path_factory.mktemp("undisturbed") / stage
            path = configuration(folder, learned, stage, reward.url)
            with replaying(learned.rows.parent / "sft.jsonl"):
                assert main([stage, str(path)]) == 0
            done[stage] = folder
        return done[stage]

    return run


def assert_same(folder, expected):
    sample = expected / "sample.jsonl"
    if sample.exists():
        assert (folder / sample.name).read_text() == sample.read_text()
    numbers = ("loss", "grad_norm", "learning_rate")
    ours, theirs = steps_of(folder), steps_of(expected)
    assert [line["step"] for line in ours] == list(range(1, STEPS + 1))
    for one, other in zip(ours, theirs, strict=True):
        for name in numbers:
            assert one[name] == pytest.approx(other[name], abs=1e-6), (one["step"], name)
    found, wanted = weights_of(folder), weights_of(expected)
    assert found.keys() == wanted.keys()
    for name, tensor in wanted.items():
        assert (found[name] - tensor).abs().max() <= 1e-6, name


@pytest.mark.parametrize("stage", ["sft", "grpo"])
@pytest.mark.parametrize(("name", "step"), [("SIGUSR1", 7), ("SIGTERM", 2)])
def test_a_signal_saves_at_the_next_boundary_and_the_run_goes_on(
    tmp_path, learned, reward, undisturbed, capsys, stage, name, step
):
    path = configuration(tmp_path, learned, stage, reward.url)
    recorded = learned.rows.parent / "sft.jsonl"
    with replaying(recorded), interrupted(signal.Signals[name], step):
        assert main([stage, str(path)]) == 75
    saved = tmp_path / "checkpoints" / f"checkpoint-{step}"
    told = capsys.readouterr().err.splitlines()[-1]
    assert told == f'Stopped at step {step} of {STEPS} on {name}: checkpoint saved in "{saved}"'
    assert saved.is_dir()
    assert not (tmp_path / "model").exists()
    with replaying(recorded):
        assert main([stage, str(path)]) == 0
    assert_same(tmp_path, undisturbed(stage))


@pytest.mark.parametrize(("stage", "step"), [("sft", 7), ("grpo", 9)])
def test_a_killed_run_goes_on_from_its_last_checkpoint(
    tmp_path, learned, reward, undisturbed, stage, step
):
    path = configuration(tmp_path, learned, stage, reward.url)
    recorded = learned.rows.parent / "sft.jsonl"
    program = Path(__file__).with_name("replay.py")
    command = [sys.executable, str(program), stage, str(path), str(recorded), "SIGKILL", str(step)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert steps_of(tmp_path)[-1]["step"] == step - 1
    last = 4 * ((step - 1) // 4)
    assert (tmp_path / "checkpoints" / f"checkpoint-{last}").is_dir()
    with replaying(recorded):
        assert main([stage, str(path)]) == 0
    assert_same(tmp_path, undisturbed(stage))


def test_rows_that_are_dealt_by_length_go_on_in_their_order(tmp_path, learned):
    strategy = {"train_sampling_strategy": "batch_rebalance"}
    whole, broken = (
        configuration(tmp_path / name, learned, "sft", **strategy) for name in ("whole", "broken")
    )
    assert main(["sft", str(whole)]) == 0
    with replaying(learned.rows.parent / "sft.jsonl"), interrupted(signal.SIGUSR1, 7):
        assert main(["sft", str(broken)]) == 75
    assert main(["sft", str(broken)]) == 0
    assert_same(tmp_path / "broken", tmp_path / "whole")


@pytest.mark.parametrize("stage", ["sft", "grpo"])
def test_a_run_that_ended_while_it_saved_its_model_makes_no_step_more(
    tmp_path, learned, reward, stage
):
    every = {"dir": str(tmp_path / "checkpoints"), "every_steps": 3, "keep": 2}
    path = configuration(tmp_path, learned, stage, reward.url, steps=3, checkpoints=every)
    recorded = learned.rows.parent / "sft.jsonl"
    with replaying(recorded):
        assert main([stage, str(path)]) == 0
    wanted = weights_of(tmp_path)
    shutil.rmtree(tmp_path / "model")  # as if it had been killed then
    with replaying(recorded):
        assert main([stage, str(path)]) == 0
    assert [line["step"] for line in steps_of(tmp_path)] == [1, 2, 3]
    for name, tensor in weights_of(tmp_path).items():
        assert (wanted[name] - tensor).abs().max() == 0, name


@pytest.mark.long
@pytest.mark.timeout(3600)  # three starts of two processes
@pytest.mark.parametrize("stage", ["sft", "grpo"])
def test_a_signal_to_one_of_two_processes_stops_both_at_one_step(tmp_path, learned, reward, stage):
    recorded = str(learned.rows.parent / "sft.jsonl")
    program = str(Path(__file__).with_name("replay.py"))
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    change = {"gradient_accumulation_steps": 1, "world_size": 2, "threads": 1}

    def run(folder, *interruption):
        path = configuration(folder, learned, stage, reward.url, **change)
        command = [sys.executable, *torchrun, program, stage, str(path), recorded, *interruption]
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, **pipes) as started:
            try:
                told = started.communicate()[1].decode()
                return started.returncode, told
            finally:
                started.terminate()  # torchrun that is killed leaves its processes behind

    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert run(whole)[0] == 0
    code, told = run(broken, "SIGUSR1", "5")
    assert code != 0
    assert told.count(f"Stopped at step 5 of {STEPS} on ") == 2
    assert "Stopped at step 5 of 10 on SIGUSR1" in told
    lines = (broken / "progress.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["phase"] == "stopped at step 5"
    assert run(broken)[0] == 0
    assert_same(broken, whole)


def test_the_learning_rate_of_grpo_falls_linearly_from_the_first_step(undisturbed):
    found = [line["learning_rate"] for line in steps_of(undisturbed("grpo"))]
    assert found == pytest.approx([1e-3 * (1 - step / STEPS) for step in range(STEPS)])


def test_a_step_of_grpo_tells_what_its_curves_need(undisturbed):
    folder = undisturbed("grpo")
    for line in steps_of(folder):
        for name in ("loss", "reward", "time/sampler_s", "time/reward_s", "tokens_per_s"):
            assert line[name] is not None
        for name in ("format_reward", "edge_hard_reward"):
            assert 0 <= line[f"rewards/{name}/mean"] <= 1
        assert line["answers/unparsed"] > 0.5  # most recorded answers are cut off
        assert line["completions/clipped_ratio"] == 0  # and end nevertheless
        assert "frac_reward_zero_std" in line
    lines = [json.loads(line) for line in (folder / "progress.jsonl").read_text().splitlines()]
    assert [line["at_step"] for line in lines if line.get("alarm") == "unparsed"] == [1]
    sample = [json.loads(line) for line in (folder / "sample.jsonl").read_text().splitlines()]
    assert [line["step"] for line in sample] == [n for n in range(1, STEPS + 1) for _ in range(3)]
    for line in sample:
        assert line["image_id"] in ("0", "1", "2", "3")
        assert line["request_id"].startswith(f"run-{line['step']}-0-")
        assert 0 <= line["format_reward"] <= 1
    (events,) = (folder / "tensorboard").iterdir()
    assert events.read_bytes().count(b"rewards/format_reward/mean") == STEPS
    record = json.loads((folder / "work" / "effective-config.json").read_text())
    assert record["effective"]["loss_type"] == "bnpo"
    assert (folder / "model" / "effective-config.json").is_file()


def test_a_prompt_that_is_too_long_is_refused(tmp_path, learned, reward, capsys):
    path = configuration(tmp_path, learned, "grpo", reward.url, max_prompt_length=20)
    with replaying(learned.rows.parent / "sft.jsonl"):
        assert main(["grpo", str(path)]) == 3
    assert "expected at most max_prompt_length 20" in capsys.readouterr().err.splitlines()[-1]


def test_adapters_go_on_where_they_were(tmp_path, learned):
    """With their dropout, whose random numbers are part of a checkpoint."""
    lora = {"rank": 4, "alpha": 8, "dropout": 0.2}
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    for folder, number, ends in ((whole, signal.SIGCONT, [0]), (broken, signal.SIGUSR1, [75, 0])):
        path = configuration(folder, learned, "sft", lora=lora)
        for index, end in enumerate(ends):
            with interrupted(signal.SIGCONT if index else number, 5):
                assert main(["sft", str(path)]) == end
    assert_same(broken, whole)


def test_models_for_curves_are_left_beside_the_checkpoints(tmp_path, learned):
    options = {"dir": str(tmp_path / "c"), "every_steps": 4, "keep": 1, "model_every_steps": 3}
    path = configuration(tmp_path, learned, "sft", checkpoints=options)
    assert main(["sft", str(path)]) == 0
    found = {one.name for one in (tmp_path / "c").iterdir() if one.name[0] != "."}
    assert found == {"checkpoint-8", "model-3", "model-6", "model-9"}
    assert (tmp_path / "c" / "model-3" / "model.safetensors").is_file()
    assert not (tmp_path / "c" / "model-3" / "optimizer.pt").exists()


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), RuntimeError("pos 7")])
def test_a_checkpoint_that_cannot_be_written_ends_the_run_and_leaves_the_others(
    tmp_path, learned, capsys, monkeypatch, error
):
    import torch

    save = torch.save

    def full(state, path, *rest, **options):
        if "checkpoint-8" in str(path):
            raise error
        return save(state, path, *rest, **options)

    monkeypatch.setattr(torch, "save", full)
    path = configuration(tmp_path, learned, "sft")
    assert main(["sft", str(path)]) == 1
    assert "Cannot write checkpoint to" in capsys.readouterr().err.splitlines()[-1]
    folders = (tmp_path / "checkpoints").iterdir()
    assert [one.name for one in folders if one.name[0] != "."] == ["checkpoint-4"]


def test_the_replay_depends_on_order_and_weights(undisturbed):
    """Else the tests above would prove nothing: every step has another loss."""
    for stage in ("sft", "grpo"):
        losses = [round(line["grad_norm"], 9) for line in steps_of(undisturbed(stage))]
        assert len(set(losses)) == STEPS
