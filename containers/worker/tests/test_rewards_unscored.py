"""Completions without a reward: counted, recorded, and too many of them end the run."""

import contextlib
import json

import pytest

from r1sgg_worker.errors import UnscoredError
from r1sgg_worker.unscored import Failure, UnscoredLimit


def failure(number=0, completions=8):
    return Failure(f"run-{number}", number, completions, 5, "http://host answered 500")


def test_the_first_failures_of_a_run_are_borne_and_the_third_ends_it():
    limit = UnscoredLimit(max_fraction=0.01, min_requests=3)
    limit.failed(failure(1))
    limit.failed(failure(2))
    with pytest.raises(UnscoredError) as error:
        limit.failed(failure(3))
    assert error.value.exit_code == 5
    assert str(error.value) == (
        "Cannot go on with step 3: 24 of 24 completions have no reward, expected at most 1.00%; "
        'the latest of 3 failed requests is "run-3": http://host answered 500'
    )


@pytest.mark.parametrize(("scored", "ends"), [(297, False), (296, True)])
def test_the_share_is_that_of_all_completions_until_now(scored, ends):
    """3 of 300 requests are 1 %, which is allowed; with one scored request fewer they are not."""
    limit = UnscoredLimit(max_fraction=0.01, min_requests=3)
    for _ in range(scored):
        limit.scored(8)
    limit.failed(failure(1))
    limit.failed(failure(2))
    with pytest.raises(UnscoredError, match="24 of 2392") if ends else contextlib.nullcontext():
        limit.failed(failure(3))
    assert limit.unscored == 24


def test_with_the_least_of_both_the_first_failure_ends_the_run():
    with pytest.raises(UnscoredError):
        UnscoredLimit(max_fraction=0.0, min_requests=1).failed(failure())


def test_with_the_most_nothing_ends_it():
    limit = UnscoredLimit(max_fraction=1.0, min_requests=1)
    for number in range(9):
        limit.failed(failure(number))
    assert limit.unscored == 72


def test_the_record_is_there_from_the_start_and_names_every_request(tmp_path):
    path = tmp_path / "deep" / "unscored-0.json"
    limit = UnscoredLimit(0.5, 2, path)
    empty = {"max_unscored_fraction": 0.5, "min_unscored_requests": 2}
    empty |= {"requests": 0, "completions": 0, "unscored": 0, "failures": []}
    assert json.loads(path.read_text()) == empty
    limit.scored(16)
    limit.failed(failure(7))
    assert json.loads(path.read_text()) == {
        **empty,
        "requests": 2,
        "completions": 24,
        "unscored": 8,
        "failures": [
            {
                "request_id": "run-7",
                "step": 7,
                "completions": 8,
                "tries": 5,
                "reason": "http://host answered 500",
            }
        ],
    }


def test_the_failure_that_ends_the_run_is_recorded(tmp_path):
    path = tmp_path / "unscored-0.json"
    with pytest.raises(UnscoredError):
        UnscoredLimit(0.0, 1, path).failed(failure(7))
    assert json.loads(path.read_text())["unscored"] == 8


def test_each_failure_is_told_in_the_log(caplog):
    UnscoredLimit().failed(failure(7))
    assert caplog.messages == [
        "No rewards for the 8 completions of request run-7: http://host answered 500 in 5 tries"
    ]
