"""What the reward client does when the endpoint fails in one of many ways."""

import asyncio
import json

import pytest

from live_endpoint import free_port, live_endpoint
from r1sgg_worker import reward_client
from r1sgg_worker.errors import ConfigError, WorkerError
from r1sgg_worker.reward_request import reward_request
from r1sgg_worker.rewards import RewardClient
from reward_stand_in import reward_stand_in

NAMES = ["format_reward", "edge_hard_reward"]
NONE = {name: [None, None] for name in NAMES}
GRAPH = {
    "objects": [
        {"id": "cat.1", "bbox": [0, 0, 50, 50]},
        {"id": "mat.2", "bbox": [0, 50, 100, 100]},
    ],
    "relationships": [{"subject": "cat.1", "predicate": "on", "object": "mat.2"}],
}
TARGETS = [{"image_id": name, "width": 100, "height": 100, **GRAPH} for name in ("a", "b")]


@pytest.fixture
def endpoint():
    with reward_stand_in() as running:
        yield running


@pytest.fixture
def pauses(monkeypatch):
    """Nobody waits between tries; what would have been waited is noted."""
    noted = []

    async def note(seconds):
        noted.append(seconds)

    monkeypatch.setattr(reward_client, "sleep", note)
    return noted


def client_of(endpoint, **options):
    return RewardClient(endpoint.url, NAMES, **{"retries": 2, **options})


def request(step=3, completions=("x", "yy"), **options):
    return reward_request(("run", step, 0), tuple(NAMES), list(completions), TARGETS, **options)


def send(client, *requests):
    async def one_by_one():
        return [await client.send(one) for one in requests or (request(),)]

    return asyncio.run(one_by_one())[-1]


CHANGES = {
    "one reward missing": lambda answer: {**answer, "rewards": {"format_reward": [0.0, 1.0]}},
    "too few values": lambda answer: {**answer, "rewards": dict.fromkeys(NAMES, [0.0])},
    "too many values": lambda answer: {**answer, "rewards": dict.fromkeys(NAMES, [0.0] * 3)},
    "null": lambda answer: {**answer, "rewards": dict.fromkeys(NAMES, [0.0, None])},
    "NaN": lambda answer: {**answer, "rewards": dict.fromkeys(NAMES, [0.0, float("nan")])},
    "infinite": lambda answer: {**answer, "rewards": dict.fromkeys(NAMES, [0.0, 1e999])},
    "text": lambda answer: {**answer, "rewards": dict.fromkeys(NAMES, [0.0, "1"])},
    "truth": lambda answer: {**answer, "rewards": dict.fromkeys(NAMES, [0.0, True])},
    "no list": lambda answer: {**answer, "rewards": dict.fromkeys(NAMES, 1.0)},
    "another's answer": lambda answer: {**answer, "request_id": "other"},
    "a list": lambda _: [],
    "a number": lambda _: 1,
}
STATUSES = [408, 429, 500, 501, 502, 503, 504, 599]
CONNECTIONS = ["hang", "trickle", "cut", "reset", "silence", "noise", "zipped"]
FAULTS = {
    **{f"status {status}": status for status in STATUSES},
    **{name: name for name in CONNECTIONS},
    **CHANGES,
}


def limit_s(fault):
    """Short where the limit must be reached, but long enough for a loaded machine to answer."""
    return 1.0 if fault in ("hang", "trickle") else 30.0


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_passing_fault_costs_a_try_and_no_reward(endpoint, pauses, fault):
    endpoint.script = [fault]
    found = send(client_of(endpoint, timeout_s=limit_s(fault)))
    assert found.scored
    assert found.rewards == endpoint.answers[-1]["rewards"]
    assert len(endpoint.requests) == 2
    assert endpoint.requests[0] == endpoint.requests[1]
    assert len(pauses) == 1


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_lasting_fault_leaves_everything_unscored(endpoint, pauses, fault):
    endpoint.down = fault
    client = client_of(endpoint, timeout_s=limit_s(fault), retries=1)
    found = send(client)
    assert (found.scored, found.rewards) == (False, NONE)
    assert len(endpoint.requests) == 2
    assert (client.unscored.unscored, client.latest_failed) == (2, True)


@pytest.mark.parametrize("status", [201, 204, 301, 400, 401, 403, 404, 405, 413, 415, 422])
def test_what_would_be_refused_again_ends_the_run_at_once(endpoint, pauses, status):
    endpoint.script = [status]
    with pytest.raises(WorkerError, match=f"answered {status}.*expected 200 with rewards"):
        send(client_of(endpoint))
    assert (len(endpoint.requests), pauses) == (1, [])


def test_an_endpoint_that_is_gone_leaves_everything_unscored(pauses):
    client = RewardClient(f"http://127.0.0.1:{free_port()}", NAMES, retries=3)
    assert send(client).rewards == NONE
    assert len(pauses) == 3


def test_retry_after_is_waited_for(endpoint, pauses):
    endpoint.script = [(429, {"Retry-After": "7"}), (503, {"Retry-After": "soon"})]
    assert send(client_of(endpoint, first_pause_s=0.5)).scored
    assert 7.0 <= pauses[0] <= 7.5
    assert 0.5 <= pauses[1] <= 1.5  # 0.5 s twice doubled, varied by half


def test_batches_share_a_kept_connection(endpoint):
    send(client_of(endpoint), *(request(step) for step in range(4)))
    assert (len(endpoint.requests), len(endpoint.connections)) == (4, 1)


def test_batches_at_once_are_not_mixed_up(endpoint):
    requests = [request(step, ("x" * step, "y")) for step in range(20)]
    client = client_of(endpoint)

    async def together():
        return await asyncio.gather(*map(client.send, requests))

    found = asyncio.run(together())
    answers = {answer["request_id"]: answer["rewards"] for answer in endpoint.answers}
    assert [one.rewards for one in found] == [answers[one.id] for one in requests]
    assert len({json.dumps(one.rewards) for one in found}) > 1


def test_a_client_outlives_its_event_loop(endpoint):
    client = client_of(endpoint)
    assert [send(client, request(step)).scored for step in (1, 2)] == [True, True]


def test_an_endpoint_that_is_started_again_goes_on_scoring(tmp_path, monkeypatch):
    """It is down at the second batch, and comes back, on the same port, during the pause."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    text = f"<think>.</think><answer>{json.dumps(GRAPH)}</answer>"
    batches = [request(step, (text, "no graph"), box_scale=[[100, 100]] * 2) for step in (1, 2)]
    client = RewardClient(url, NAMES, retries=1)

    async def run():
        with live_endpoint(tmp_path / "first", port=port):
            first = await client.send(batches[0])
        second_endpoint = live_endpoint(tmp_path / "second", port=port)

        async def start(_):
            second_endpoint.__enter__()

        monkeypatch.setattr(reward_client, "sleep", start)
        try:
            return first, await client.send(batches[1])
        finally:
            second_endpoint.__exit__(None, None, None)

    first, second = asyncio.run(run())
    assert first.rewards == second.rewards == {NAMES[0]: [1.0, 0.0], NAMES[1]: [5.0, 0.0]}
    assert client.unscored.unscored == 0


def test_the_token_travels_as_bearer_and_not_in_errors(endpoint, monkeypatch):
    monkeypatch.setenv("R1SGG_REWARD_TOKEN", "s3cret")
    endpoint.script = [401]
    with pytest.raises(WorkerError) as error:
        send(client_of(endpoint))
    assert endpoint.headers[0]["authorization"] == "Bearer s3cret"
    assert "s3cret" not in str(error.value)


def test_a_token_in_the_path_is_not_in_errors(endpoint):
    endpoint.script = [403]
    with pytest.raises(WorkerError) as error:
        send(RewardClient(f"{endpoint.url}/t/s3cret", NAMES))
    assert "/t/…/v1/rewards" in str(error.value)
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize("url", ["127.0.0.1:8765", "ftp://host", "http://", ""])
def test_a_url_that_is_none_is_refused_before_the_run(url):
    with pytest.raises(ConfigError, match="expected http://HOST:PORT"):
        RewardClient(url, NAMES)
