"""The reward client against a real HTTP server that stands in for the endpoint."""

import asyncio
import json
from types import SimpleNamespace

import pytest

from helpers import reward_stand_in
from r1sgg_worker.errors import WorkerError
from r1sgg_worker.rewards import RewardClient, reward_functions

NAMES = ["format_reward", "edge_hard_reward"]
TARGETS = [{"image_id": "a"}, {"image_id": "b"}]


@pytest.fixture
def endpoint():
    with reward_stand_in() as running:
        yield running


def client_of(endpoint, **options):
    options = {"run": "run", "timeout_s": 5.0, "first_pause_s": 0.01, **options}
    return RewardClient(endpoint.url, NAMES, **options)


def score(client, completions=("x", "yy"), step=3):
    return asyncio.run(client.score(step, list(completions), TARGETS))


def call_all(client, extra, completions=("x", "yy"), step=2):
    """Calls the reward functions as TRL does: together, with columns as lists."""
    arguments = {
        "prompts": [[]] * 2,
        "completions": [[{"role": "assistant", "content": text}] for text in completions],
        "completion_ids": [[1], [2]],
        "target": TARGETS,
        "image_id": ["a", "b"],
        "trainer_state": SimpleNamespace(global_step=step),
        "log_extra": lambda name, values: extra.setdefault(name, []).extend(values),
        "log_metric": None,
    }

    async def gather():
        functions = reward_functions(client, NAMES)
        return await asyncio.gather(*(function(**arguments) for function in functions))

    return asyncio.run(gather())


def test_one_request_feeds_all_rewards(endpoint):
    found = call_all(client_of(endpoint), {})
    assert len(endpoint.requests) == 1
    assert found == [endpoint.answers[0]["rewards"][name] for name in NAMES]
    body = endpoint.requests[0]
    assert body["completions"] == ["x", "yy"]
    assert (body["targets"], body["rewards"]) == (TARGETS, NAMES)


def test_every_completion_can_be_joined_with_the_answer(endpoint):
    extra = {}
    call_all(client_of(endpoint, rank=1), extra)
    request_id = endpoint.requests[0]["request_id"]
    assert request_id.startswith("run-3-1-")
    assert extra == {"request_id": [request_id] * 2, "request_index": [0, 1]}


def test_functions_carry_the_names_of_their_rewards(endpoint):
    functions = reward_functions(client_of(endpoint), NAMES)
    assert [function.__name__ for function in functions] == NAMES


def test_another_batch_or_step_is_another_request(endpoint):
    async def three(client):
        for step, texts in ((1, ["x", "y"]), (1, ["x", "z"]), (2, ["x", "z"])):
            await client.score(step, texts, TARGETS)

    asyncio.run(three(client_of(endpoint)))
    assert len({body["request_id"] for body in endpoint.requests}) == 3


@pytest.mark.parametrize("failure", [500, 503, 429, "slow"])
def test_a_passing_failure_is_retried(endpoint, failure):
    endpoint.script = [failure]
    found = score(client_of(endpoint, timeout_s=0.3))
    assert len(endpoint.requests) == 2
    assert found.rewards == endpoint.answers[-1]["rewards"]


def test_retries_are_bounded(endpoint):
    endpoint.script = [500] * 9
    with pytest.raises(WorkerError, match="answered 500"):
        score(client_of(endpoint, retries=2))
    assert len(endpoint.requests) == 3


def test_a_refused_request_is_not_repeated(endpoint):
    endpoint.script = [422]
    with pytest.raises(WorkerError, match=r"answered 422.*refused with 422"):
        score(client_of(endpoint))
    assert len(endpoint.requests) == 1


def test_an_endpoint_that_is_gone_is_named():
    client = RewardClient("http://127.0.0.1:9", NAMES, retries=1, first_pause_s=0.01)
    with pytest.raises(WorkerError, match=r"127\.0\.0\.1:9") as error:
        score(client)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda answer: {**answer, "rewards": {"format_reward": [0.0, 1.0]}}, "JSON answer with"),
        (lambda answer: {**answer, "rewards": dict.fromkeys(NAMES, [0.0])}, "2 finite numbers"),
        (lambda answer: {**answer, "rewards": dict.fromkeys(NAMES, [0.0, None])}, "2 finite"),
        (lambda answer: {**answer, "rewards": dict.fromkeys(NAMES, [0.0, 1e999])}, "2 finite"),
        (lambda answer: {**answer, "request_id": "other"}, 'answered request "other"'),
        (lambda _: [], "JSON answer with"),
    ],
)
def test_an_answer_that_is_not_whole_ends_the_run(endpoint, change, words):
    endpoint.script = [change]
    with pytest.raises(WorkerError, match=words):
        score(client_of(endpoint))


def test_the_token_travels_as_bearer_and_not_in_errors(endpoint, monkeypatch):
    monkeypatch.setenv("R1SGG_REWARD_TOKEN", "s3cret")
    endpoint.script = [401]
    with pytest.raises(WorkerError) as error:
        score(client_of(endpoint))
    assert endpoint.headers[0]["Authorization"] == "Bearer s3cret"
    assert "s3cret" not in str(error.value)


def test_a_failure_reaches_every_reward(endpoint):
    endpoint.script = [422]
    with pytest.raises(WorkerError, match="422"):
        call_all(client_of(endpoint), {})
    assert json.dumps(endpoint.requests[0])  # one request, already consumed by all
    assert len(endpoint.requests) == 1
