"""Signs of reward hacking in completions, hand-worked, and when the run warns of them."""

import json

import pytest

from r1sgg_worker.alarms import Alarms
from r1sgg_worker.answer_flags import answer_flags, shares_of
from r1sgg_worker.progress import Progress
from r1sgg_worker.training_options import AlarmLimits

CAT = '{"id": "cat.1", "bbox": [1, 2, 3, 4]}'
MAT = '{"id": "mat.2", "bbox": [1, 2, 3, 4]}'


def graph(*objects):
    return f'{{"objects": [{", ".join(objects)}], "relationships": []}}'


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (graph(CAT, MAT), set()),
        (f"<think>json</think><answer>\n```json\n{graph(CAT)}\n```</answer>", set()),
        (f"<answer>{graph(CAT)}", set()),
        ("no graph", {"unparsed"}),
        ("[1]", {"unparsed"}),
        ('{"objects": {}}', {"unparsed"}),
        (graph(CAT)[:-1], {"unparsed"}),
        (f"words {graph(CAT)}", {"unparsed"}),
        ("[" * 100_000, {"unparsed"}),
        (graph(), {"empty_graph"}),
        (graph('{"id": "cat.1", "bbox": [NaN, 2, 3, 4]}'), {"non_finite_box"}),
        (graph('{"id": "cat.1", "bbox": [1, 2, 1e999, 4]}'), {"non_finite_box"}),
        (graph('{"id": "cat.1", "bbox": 7}', "3"), set()),
        (graph(CAT, '{"id": "cat.1", "bbox": [5, 6, 7, 8]}'), {"repeated_object"}),
        (graph(CAT, '{"id": "cat.2", "bbox": [1, 2, 3, 4]}'), {"repeated_object"}),
        (graph(CAT, '{"id": "cat.2", "bbox": [1, 2, 3, 5]}'), set()),
    ],
)
def test_a_completion_shows_what_is_wrong_with_it(text, kinds):
    assert {kind for kind, shown in answer_flags(text).items() if shown} == kinds


def test_shares_are_of_all_completions():
    assert shares_of([graph(), graph(CAT), "x", "y"]) == {
        "unparsed": 0.5,
        "empty_graph": 0.25,
        "non_finite_box": 0.0,
        "repeated_object": 0.0,
    }


def alarms_of(tmp_path, *steps):
    path = tmp_path / "progress.jsonl"
    alarms = Alarms(AlarmLimits(empty_graph=0.25), Progress(path))
    for number, numbers in enumerate(steps, start=1):
        alarms.step(number, 9, numbers)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [(line["alarm"], line["at_step"], line["phase"]) for line in lines]


def test_a_limit_warns_once_and_only_above_it(tmp_path, caplog):
    at, above = {"answers/empty_graph": 0.25}, {"answers/empty_graph": 0.3}
    words = "30% of the completions are scene graphs without objects, expected at most 25%"
    assert alarms_of(tmp_path, at, above, above) == [("empty_graph", 2, f"warning: {words}")]
    assert [record.getMessage() for record in caplog.records] == [f"Step 2: {words}"]


def test_every_limit_has_its_number_in_the_log(tmp_path):
    numbers = {
        "answers/unparsed": 1.0,
        "answers/empty_graph": 1.0,
        "answers/non_finite_box": 0.001,
        "answers/repeated_object": 1.0,
        "completions/clipped_ratio": 1.0,
        "frac_reward_zero_std": 1.0,
    }
    assert {kind for kind, _, _ in alarms_of(tmp_path, numbers)} == set(AlarmLimits.model_fields)
    assert alarms_of(tmp_path, dict.fromkeys(numbers), {}) == []
