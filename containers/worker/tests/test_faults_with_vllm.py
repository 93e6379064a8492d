"""What befalls real vLLM servers: as much of the matrix of test_fleet.py as they can suffer."""

from __future__ import annotations

import signal
import time
from threading import Event, Thread

import pytest
from safetensors.torch import load_file

from helpers import healthy, serve_vllm, start_vllm
from r1sgg_worker.disk_transport import DiskTransport
from r1sgg_worker.endpoints import SamplerEndpoint
from r1sgg_worker.errors import SamplerError
from r1sgg_worker.fleet import SamplerFleet
from r1sgg_worker.roster import Roster
from r1sgg_worker.sampler import Sampler
from r1sgg_worker.weight_folder import WeightFolder
from r1sgg_worker.weights import tensor_info

pytestmark = [pytest.mark.long, pytest.mark.vllm, pytest.mark.timeout(1800)]

PROMPT = [5, 6, 7, 8]


@pytest.fixture(scope="module")
def pair(learned, tmp_path_factory):
    """Two servers of this file's own: it kills one of them."""
    with serve_vllm(learned.model, tmp_path_factory.mktemp("faults"), count=2) as running:
        yield running


@pytest.fixture
def weights(learned):
    return load_file(learned.model / "model.safetensors")


@pytest.fixture
def fleet_of(pair, tmp_path, monkeypatch):
    """Makes a fleet of the pair with its list of events; lost servers are asked again at once."""
    monkeypatch.setattr("r1sgg_worker.roster.ASK_AGAIN_S", 0.0)
    made = []

    def make(on_loss="continue", timeout_s=120.0):
        endpoints = [SamplerEndpoint(url=one.url, model="policy") for one in pair]
        samplers = [Sampler(one, 5, timeout_s) for one in endpoints]
        events: list[str] = []
        transport = DiskTransport(WeightFolder(tmp_path / f"sync-{len(made)}"))
        fleet = SamplerFleet(Roster(samplers, on_loss, events.append), transport, 120.0, print)
        made.append(fleet)
        return fleet, events

    yield make
    for fleet in made:
        fleet.close()


def push(fleet, weights, before_the_last=lambda: None):
    def named():
        *most, last = weights.items()
        yield from most
        before_the_last()
        yield last

    fleet.update_named_params([tensor_info(*one) for one in weights.items()], named())


def changed(weights, factor):
    return {name: tensor * factor for name, tensor in weights.items()}


def sample(fleet, count=4, tokens=32):
    """The place of the server that answered each prompt."""
    settings = {"n": 2, "max_tokens": tokens, "logprobs": 0}
    more = {"generation_kwargs": {"ignore_eos": True}}

    def one(sampler, _):
        return sampler.generate([PROMPT], None, **settings, **more)["completion_ids"]

    answers = fleet.map(count, one)
    assert all(len(ids) == tokens for _, completions in answers for ids in completions)
    return [place for place, _ in answers]


def scores(fleet):
    rows = fleet.on_each(lambda sampler: sampler.score(PROMPT, None, 1))
    return [None if row is None else [next(iter(one.values())) for one in row] for row in rows]


def once_it_samples(server, act):
    """Acts as soon as the server has a request under way; gives whether it did, when joined."""
    done, over = Event(), Event()

    def watch():
        import urllib.request

        while not over.is_set():
            with urllib.request.urlopen(f"{server.url}/metrics", timeout=60) as answer:
                lines = answer.read().decode().splitlines()
            running = [one for one in lines if one.startswith("vllm:num_requests_running")]
            if any(float(one.split()[-1]) > 0 for one in running):
                act()
                done.set()
                return
            time.sleep(0.01)

    thread = Thread(target=watch)
    thread.start()

    def join():
        over.set()
        thread.join()
        return done.is_set()

    return join


def test_a_server_that_is_stopped_while_it_samples_is_left_and_taken_back(pair, weights, fleet_of):
    fleet, events = fleet_of(timeout_s=20.0)
    push(fleet, weights)
    assert sample(fleet) == [0, 1, 0, 1]
    pair[1].signal(signal.SIGSTOP)
    try:
        assert sample(fleet) == [0, 0, 0, 0]
    finally:
        pair[1].signal(signal.SIGCONT)
    assert events[0].startswith(f'Going on without sampler "{pair[1].url}"')
    push(fleet, changed(weights, 1.01))
    assert sample(fleet) == [0, 1, 0, 1]
    assert events[1].startswith(f'Sampler "{pair[1].url}" is back')
    first, second = scores(fleet)
    assert first == pytest.approx(second, abs=1e-5)


def test_a_server_killed_while_it_samples_is_taken_back_with_the_weights_of_the_step(
    pair, learned, weights, fleet_of, tmp_path
):
    fleet, events = fleet_of()
    push(fleet, changed(weights, 1.05))
    before = scores(fleet)[0]
    killed = once_it_samples(pair[1], lambda: pair[1].signal(signal.SIGKILL))
    assert sample(fleet, count=4, tokens=600) == [0, 0, 0, 0]
    assert killed()
    assert len(events) == 1
    pair[1].process.wait(60)
    port = int(pair[1].url.rsplit(":", 1)[1])
    pair[1] = start_vllm(learned.model, tmp_path / "again.log", port)
    deadline = time.monotonic() + 900
    while not healthy(pair[1].url):
        assert pair[1].process.poll() is None, (tmp_path / "again.log").read_text()[-3000:]
        assert time.monotonic() < deadline
        time.sleep(1)
    after = scores(fleet)
    assert after[0] == before
    assert after[1] == pytest.approx(before, abs=1e-5)
    assert events[1].startswith(f'Sampler "{pair[1].url}" is back')


def test_a_server_killed_in_a_push_ends_the_run_with_its_name_where_that_is_asked_for(
    pair, weights, fleet_of
):
    fleet, _ = fleet_of("end")
    push(fleet, weights)

    def kill():
        pair[1].signal(signal.SIGKILL)
        pair[1].process.wait(60)

    with pytest.raises(SamplerError, match=pair[1].url) as error:
        push(fleet, weights, kill)
    assert error.value.exit_code == 4
