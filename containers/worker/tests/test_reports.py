"""Where the numbers of a step go: event files, samples of completions, the heartbeat."""

import json
import struct
import sys
from types import SimpleNamespace

import pytest
import torch

from r1sgg_worker.completions_sample import CompletionsSample
from r1sgg_worker.errors import ConfigError, WorkerError
from r1sgg_worker.heartbeat import Heartbeat
from r1sgg_worker.reward_warmup import RewardWarmup
from r1sgg_worker.tensorboard_events import TensorBoard
from r1sgg_worker.training_options import ReportOptions, SampleOptions
from r1sgg_worker.wandb_run import WandbRun

# "hello" in a record, as TensorBoard itself writes it
GOLDEN = "0500000000000000eab2043e68656c6c6fbb1f1c19"


def records(path):
    """The framed records of an event file, lengths and all."""
    data, found = path.read_bytes(), []
    while data:
        (length,) = struct.unpack_from("<Q", data)
        found.append(data[: 16 + length])
        data = data[16 + length :]
    return found


def without_time(record):
    """The protocol buffer of a record after its first field, the wall time of 9 bytes."""
    return record[12 + 9 : -4]


def test_an_event_file_holds_the_numbers_of_each_step(tmp_path):
    """Bytes by hand: step 300 is ac 02; tag "loss", value 1.5 as float 00 00 c0 3f."""
    board = TensorBoard(tmp_path / "deep")
    board.step(300, 400, {"loss": 1.5, "missing": None})
    (path,) = (tmp_path / "deep").glob("events.out.tfevents.*")
    version, step = map(without_time, records(path))
    assert version == b"\x10\x00\x1a\x0dbrain.Event:2"
    value = b"\x0a\x04loss" + b"\x15\x00\x00\xc0\x3f"
    assert step == b"\x10\xac\x02" + b"\x2a\x0d" + b"\x0a\x0b" + value


def test_a_record_is_framed_with_the_checksums_that_tensorboard_wants(tmp_path):
    """Made once by TensorBoard 2.21's RecordWriter from the data b"hello"."""
    from r1sgg_worker.tensorboard_events import _record

    assert _record(b"hello").hex() == GOLDEN


def test_a_resumed_run_hides_the_steps_beyond_its_own(tmp_path):
    """SessionLog.START with the first step that will be written again."""
    TensorBoard(tmp_path, after=7)
    (path,) = tmp_path.glob("events.out.tfevents.*")
    assert without_time(records(path)[1]) == b"\x10\x08" + b"\x3a\x02\x08\x01"


def test_wandb_that_is_not_installed_is_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "wandb", None)
    with pytest.raises(ConfigError, match="not installed"):
        WandbRun(ReportOptions(wandb="offline"), {})


def test_wandb_gets_the_settings_and_the_numbers(monkeypatch):
    calls = []
    run = SimpleNamespace(log=lambda numbers, step: calls.append((step, numbers)))
    wandb = SimpleNamespace(init=lambda **options: calls.append(options) or run)
    monkeypatch.setitem(sys.modules, "wandb", wandb)
    options = ReportOptions(wandb="offline", wandb_project="p", run_name="n")
    WandbRun(options, {"seed": 1}).step(3, 9, {"loss": 1.5, "missing": None})
    settings = {"project": "p", "name": "n", "mode": "offline", "config": {"seed": 1}}
    assert calls == [settings, (3, {"loss": 1.5})]


def logs_of(count):
    return {
        "completion": [[{"role": "assistant", "content": f"c{i}"}] for i in range(count)],
        "rewards": {"format_reward": [i / 4 for i in range(count)]},
        "extra": {"request_id": ["r"] * count},
        "advantages": [float(i) for i in range(count)],
    }


def sample(path, after=None, **options):
    return CompletionsSample(SampleOptions(path=path, **options), after)


def test_a_sample_is_drawn_by_seed_and_step(tmp_path):
    one, again, other = (tmp_path / name for name in ("one", "again", "other"))
    for path, seed in ((one, 1), (again, 1), (other, 2)):
        writer = sample(path, count=3, every_steps=2, seed=seed)
        for step in range(1, 9):
            writer.step(step, logs_of(16))
    lines = [json.loads(line) for line in one.read_text().splitlines()]
    assert [line["step"] for line in lines] == [step for step in (2, 4, 6, 8) for _ in range(3)]
    for line in lines:
        place = line["place"]
        assert line["completion"] == f"c{place}"
        assert (line["format_reward"], line["advantage"]) == (place / 4, place)
        assert line["request_id"] == "r"
    assert one.read_text() == again.read_text() != other.read_text()
    assert len({line["place"] for line in lines}) > 3


def test_a_resumed_sample_is_that_of_the_undisturbed_run(tmp_path):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    for path, spans in ((whole, [(None, 1, 6)]), (broken, [(None, 1, 4), (2, 3, 6)])):
        for after, first, last in spans:
            writer = sample(path, after)
            for step in range(first, last + 1):
                writer.step(step, logs_of(8))
    assert broken.read_text() == whole.read_text()


def test_fewer_completions_than_asked_for_are_all_written(tmp_path):
    sample(tmp_path / "s", count=9).step(1, logs_of(2))
    assert len((tmp_path / "s").read_text().splitlines()) == 2


def test_a_disk_that_refuses_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(WorkerError, match="Cannot write completions"):
        sample(tmp_path / "file" / "s")
    with pytest.raises(WorkerError, match="Cannot write"):
        TensorBoard(tmp_path / "file" / "t")


def test_a_beat_counts_the_tokens_since_the_one_before():
    heartbeat = Heartbeat()
    first, second = heartbeat.beat(100.0), heartbeat.beat(250.0)
    for beat, tokens in ((first, 100), (second, 150)):
        assert beat["tokens_per_s"] == pytest.approx(tokens / beat["time/step_s"])
        assert 0.01 < beat["memory_gib"] < 1000
    assert Heartbeat(None).beat(100.0)["tokens_per_s"] is None


def test_a_rewards_weight_grows_from_zero():
    trainer = SimpleNamespace(reward_weights=torch.tensor([1.0, 2.0, 3.0]))
    warmup = RewardWarmup(trainer, [0, 4, 2])
    found = []
    for step in range(6):
        warmup.on_step_begin(None, SimpleNamespace(global_step=step), None)
        found.append(trainer.reward_weights.tolist())
    assert found == [
        [1.0, 0.0, 0.0],
        [1.0, 0.5, 1.5],
        [1.0, 1.0, 3.0],
        [1.0, 1.5, 3.0],
        [1.0, 2.0, 3.0],
        [1.0, 2.0, 3.0],
    ]
