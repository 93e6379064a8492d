"""The reward functions as TRL calls them, against a stand-in of the endpoint."""

import asyncio
import subprocess
import sys
from types import SimpleNamespace

import pytest

from r1sgg_worker.errors import DataError, WorkerError
from r1sgg_worker.rewards import RewardClient, completion_text, reward_functions
from reward_stand_in import reward_stand_in

NAMES = ["format_reward", "edge_hard_reward"]
TARGETS = [{"image_id": "a"}, {"image_id": "b"}]


@pytest.fixture
def endpoint():
    with reward_stand_in() as running:
        yield running


def client_of(endpoint, **options):
    return RewardClient(endpoint.url, NAMES, **{"first_pause_s": 0.001, **options})


def call_all(client, logged=None, completions=("x", "yy"), step=2, control=None, **columns):
    """Calls the reward functions as TRL does: together, with columns as lists."""
    logged = {} if logged is None else logged

    def log(name, value):
        logged.setdefault(name, []).extend(value if isinstance(value, list) else [value])

    arguments = {
        "prompts": [[]] * 2,
        "completions": [[{"role": "assistant", "content": text}] for text in completions],
        "completion_ids": [[1], [2]],
        "image_id": ["a", "b"],
        "trainer_state": SimpleNamespace(global_step=step),
        "log_extra": log,
        "log_metric": log,
        **({"target": TARGETS} | columns),
    }

    async def gather():
        functions = reward_functions(client, control)
        return await asyncio.gather(*(function(**arguments) for function in functions))

    return asyncio.run(gather())


def test_one_request_feeds_all_rewards(endpoint):
    found = call_all(client_of(endpoint))
    assert len(endpoint.requests) == 1
    assert found == [endpoint.answers[0]["rewards"][name] for name in NAMES]
    body = endpoint.requests[0]
    assert set(body) == {"completions", "targets", "rewards", "request_id"}
    assert body["completions"] == ["x", "yy"]
    assert (body["targets"], body["rewards"]) == (TARGETS, NAMES)


def test_as_a_control_completions_get_the_rewards_of_others_all_of_them_together(endpoint):
    texts = [str(i) for i in range(40)]
    many = {"completions": texts, "target": [{}] * 40, "image_id": texts}
    found = call_all(client_of(endpoint), control="shuffled", step=2, **many)
    asked = [endpoint.answers[0]["rewards"][name] for name in NAMES]
    assert found != asked
    assert sorted(zip(*found, strict=True)) == sorted(zip(*asked, strict=True))
    assert call_all(client_of(endpoint), control="shuffled", step=2, **many) == found
    assert call_all(client_of(endpoint), control="shuffled", step=3, **many) != found


def test_every_completion_can_be_joined_with_the_answer(endpoint):
    logged = {}
    call_all(client_of(endpoint, rank=1), logged)
    request_id = endpoint.requests[0]["request_id"]
    assert request_id.startswith("run-3-1-")
    assert logged.pop("time/reward_s")[0] > 0
    assert logged == {
        "request_id": [request_id] * 2,
        "request_index": [0, 1],
        "image_id": ["a", "b"],
        "rewards/unscored_fraction": [0.0],
        "answers/unparsed": [1.0],
        "answers/empty_graph": [0.0],
        "answers/non_finite_box": [0.0],
        "answers/repeated_object": [0.0],
    }


def test_functions_carry_the_names_of_their_rewards(endpoint):
    functions = reward_functions(client_of(endpoint))
    assert [function.__name__ for function in functions] == NAMES


def test_another_batch_or_step_is_another_request(endpoint):
    client = client_of(endpoint)
    for step, texts in ((1, ("x", "y")), (1, ("x", "z")), (2, ("x", "z"))):
        call_all(client, completions=texts, step=step)
    assert len({body["request_id"] for body in endpoint.requests}) == 3


def test_the_same_batch_again_is_asked_again(endpoint):
    """Two groups of a step may be equal: each has its own request, and is counted."""

    async def twice():
        functions = reward_functions(client_of(endpoint))
        for _ in range(2):
            arguments = {"completions": ["x", "yy"], "target": TARGETS}
            state = SimpleNamespace(global_step=0)
            for function in functions:
                await function(**arguments, trainer_state=state)

    asyncio.run(twice())
    assert len(endpoint.requests) == 2
    assert endpoint.requests[0] == endpoint.requests[1]


def test_box_scale_and_task_of_the_rows_are_passed_on(endpoint):
    call_all(client_of(endpoint), box_scale=[(140.0, 112.0), None], task=["cls", None])
    body = endpoint.requests[0]
    assert body["box_scale"] == [[140.0, 112.0], [1000, 1000]]
    assert body["task"] == ["cls", "sgg"]


def test_columns_without_any_value_are_not_passed_on(endpoint):
    call_all(client_of(endpoint), box_scale=[None, None], task=[None, None])
    assert not {"box_scale", "task"} & set(endpoint.requests[0])


def test_a_target_may_be_json_text(endpoint):
    call_all(client_of(endpoint), target=['{"image_id": "a"}', {"image_id": "b"}])
    assert endpoint.requests[0]["targets"] == TARGETS


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ([{"width": float("nan")}] * 2, "Out of range float values"),
        ([{"image": object()}] * 2, "not JSON serializable"),
        (["{", "{}"], "target '{'"),
    ],
)
def test_a_target_that_cannot_be_sent_ends_the_run(endpoint, target, words):
    with pytest.raises(DataError, match=words):
        call_all(client_of(endpoint), target=target)
    assert endpoint.requests == []


def test_rows_without_a_target_are_told_which_column_is_missing(endpoint):
    function = reward_functions(client_of(endpoint))[0]
    state = SimpleNamespace(global_step=0)
    with pytest.raises(DataError, match='columns solution, expected one named "target"'):
        asyncio.run(function(completions=["x"], trainer_state=state, solution=["y"]))


def test_half_a_surrogate_pair_travels(endpoint):
    call_all(client_of(endpoint), completions=("\ud83d", "é"))
    assert endpoint.requests[0]["completions"] == ["\ud83d", "é"]


@pytest.mark.parametrize(
    ("completion", "text"),
    [
        ("plain", "plain"),
        ([{"role": "assistant", "content": "one"}], "one"),
        ([{"role": "assistant", "content": None}], ""),
        (
            [{"role": "assistant", "content": [{"type": "text", "text": "a"}, {"type": "image"}]}],
            "a",
        ),
    ],
)
def test_text_of_a_completion_in_every_form(completion, text):
    assert completion_text(completion) == text


def test_a_failure_leaves_every_reward_none_and_is_told_to_trl(endpoint):
    endpoint.down = 500
    logged = {}
    assert call_all(client_of(endpoint, retries=2), logged) == [[None, None], [None, None]]
    assert len(endpoint.requests) == 3
    request_id = endpoint.requests[0]["request_id"]
    assert logged["rewards/unscored_fraction"] == [1.0]
    assert logged["request_id"] == [request_id] * 2


def test_a_refusal_reaches_every_reward_after_one_request(endpoint):
    endpoint.script = [422]
    with pytest.raises(WorkerError, match="422"):
        call_all(client_of(endpoint))
    assert len(endpoint.requests) == 1


def test_the_module_needs_no_trainer():
    """Whoever has TRL from elsewhere gets no second torch by the import, nor a slow start."""
    code = (
        "import sys, r1sgg_worker.rewards; "
        "print({'torch', 'trl', 'transformers', 'pydantic'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
