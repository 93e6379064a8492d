"""The check that stops a run whose samplers do not hold its weights."""

import json
import math

import pytest
import torch

from r1sgg_worker.errors import IntegrityError
from r1sgg_worker.fleet import Sync
from r1sgg_worker.integrity import IntegrityRecord, count_tokens, largest_difference

TRAINER = torch.tensor([[-1.0, -2.0, -3.0], [-4.0, -5.0, -99.0]])
MASK = torch.tensor([[1, 1, 1], [1, 1, 0]])


def test_the_largest_difference_is_found_among_sampled_tokens_only():
    server = TRAINER + torch.tensor([[0.0, 0.25, 0.0], [0.0, -0.5, 50.0]])
    assert largest_difference(TRAINER, server, MASK) == 0.5


@pytest.mark.parametrize("side", [0, 1])
def test_a_missing_log_probability_is_no_agreement(side):
    pair = [TRAINER.clone(), TRAINER.clone()]
    pair[side][0, 1] = math.nan
    assert largest_difference(*pair, MASK) == math.inf


def test_no_token_is_no_agreement():
    assert largest_difference(TRAINER, TRAINER, torch.zeros_like(MASK)) == math.inf


def test_forbidden_tokens_are_counted_where_the_mask_is_true():
    ids = torch.tensor([[5, 7, 9], [7, 1, 7]])
    assert count_tokens(ids, MASK, [7, 9]) == 3


A, B = "http://a", "http://b"


def test_a_resumed_run_keeps_the_steps_before_its_checkpoint(tmp_path):
    path = tmp_path / "integrity.json"
    record = IntegrityRecord(path, tolerance=1e-5)
    for step in (1, 2, 3):
        record.sync(Sync(version=step, seconds=0.5, bytes=100, samplers=2))
        record.step(step, {A: step * 1e-6}, 10, 0)
    IntegrityRecord(path, 1e-5, after=2).step(3, {A: 1e-6}, 10, 0)
    found = json.loads(path.read_text())
    assert [line["step"] for line in found["steps"]] == [1, 2, 3]
    assert found["steps"][2]["logprob_max_abs_diff"] == 1e-6  # that of the second time
    assert found["logprob_max_abs_diff"] == 2e-6
    assert len(found["syncs"]) == 3
    IntegrityRecord(path, 1e-5)  # one that starts afresh has nothing to keep
    assert json.loads(path.read_text())["steps"] == []


def test_the_record_holds_every_step_and_sync(tmp_path):
    path = tmp_path / "deep" / "integrity.json"
    record = IntegrityRecord(path, tolerance=1e-5)
    assert json.loads(path.read_text())["logprob_max_abs_diff"] is None
    record.sync(Sync(version=1, seconds=0.5, bytes=100, samplers=2))
    record.step(1, {A: 1e-6, B: 2e-6}, 10, 0, {A: 1e-6, B: 3e-6})
    record.step(2, {A: 1e-6}, 20, 0)
    assert json.loads(path.read_text()) == {
        "logprob_max_abs_diff": 3e-6,
        "tolerance": 1e-5,
        "special_tokens_sampled": 0,
        "steps": [
            {
                "step": 1,
                "logprob_max_abs_diff": 3e-6,
                "tokens": 10,
                "samplers": {A: 1e-6, B: 2e-6},
                "probed": {A: 1e-6, B: 3e-6},
            },
            {"step": 2, "logprob_max_abs_diff": 1e-6, "tokens": 20, "samplers": {A: 1e-6}},
        ],
        "syncs": [{"version": 1, "seconds": 0.5, "bytes": 100, "samplers": 2}],
        "events": [],
    }


@pytest.mark.parametrize("where", ["sampled", "probed"])
@pytest.mark.parametrize(("difference", "said"), [(1.1e-5, 1.1e-5), (math.inf, None)])
def test_a_difference_above_the_tolerance_warns_and_the_second_one_stops_the_run(
    tmp_path, capsys, difference, said, where
):
    path = tmp_path / "integrity.json"
    record = IntegrityRecord(path, tolerance=1e-5)
    bad = {A: 0.0, B: difference}
    found = (bad, 10, 0, None) if where == "sampled" else ({A: 0.0}, 10, 0, bad)
    record.step(3, *found)
    warning = capsys.readouterr().err
    assert warning.startswith("Step 3 is doubtful, and the run ends the next time: ")
    assert f'trainer and sampler "{B}" differ' in warning
    record.step(4, {A: 0.0, B: 1e-5}, 10, 0)
    with pytest.raises(IntegrityError, match=f'step 5.*"{B}".*second time, after step 3') as error:
        record.step(5, *found)
    assert error.value.exit_code == 5
    kept = json.loads(path.read_text())
    assert [step["logprob_max_abs_diff"] for step in kept["steps"]] == [said, 1e-5, said]
    assert len(kept["events"]) == 1


def test_a_step_in_which_no_sampler_gave_anything_is_doubtful(tmp_path, capsys):
    IntegrityRecord(tmp_path / "integrity.json", tolerance=1e-5).step(1, {}, 0, 0)
    assert "Step 1 is doubtful" in capsys.readouterr().err


def test_a_sampled_special_token_stops_the_run(tmp_path):
    record = IntegrityRecord(tmp_path / "integrity.json", tolerance=1e-5)
    with pytest.raises(IntegrityError, match="2 special tokens"):
        record.step(1, {A: 0.0}, 10, 2)
