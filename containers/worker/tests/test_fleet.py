"""The fleet over stand-ins: order, shares, weights, and every way in which a server can fail.

Real vLLM has its own tests; here servers are killed and stopped by the dozen.
"""

import time
from contextlib import contextmanager

import pytest
import torch

from r1sgg_worker.disk_transport import DiskTransport
from r1sgg_worker.errors import IntegrityError, SamplerError, TimeLimitError, WorkerError
from r1sgg_worker.fleet import SamplerFleet
from r1sgg_worker.roster import Roster
from r1sgg_worker.sampler import Sampler
from r1sgg_worker.weight_folder import WeightFolder
from r1sgg_worker.weights import tensor_info
from stand_in_process import stand_ins

WEIGHTS = {"w": torch.full((4,), -0.5), "visual.v": torch.full((2, 2), -0.25)}
PUSH_TIMEOUT_S = 2.0


@pytest.fixture
def pair():
    with stand_ins(2) as found:
        yield found


@contextmanager
def fleet_of(found, folder, on_loss="continue", timeout_s=5.0, capacities=(1, 1)):
    """A fleet that notes what it tells and what it synced."""
    endpoints = [one.endpoint(capacity=take) for one, take in zip(found, capacities, strict=True)]
    samplers = [Sampler(endpoint, 1, timeout_s) for endpoint in endpoints]
    events, syncs = [], []
    roster = Roster(samplers, on_loss, events.append)
    transport = DiskTransport(WeightFolder(folder / "sync"))
    fleet = SamplerFleet(roster, transport, PUSH_TIMEOUT_S, syncs.append)
    fleet.events, fleet.syncs = events, syncs
    try:
        yield fleet
    finally:
        fleet.close()


def push(fleet, weights=WEIGHTS):
    metadata = [tensor_info(name, tensor) for name, tensor in weights.items()]
    fleet.update_named_params(metadata, iter(weights.items()))


def sample(fleet, prompts, n=2):
    """Completions by prompt, and the place of the server that gave each group."""
    settings = {"n": n, "max_tokens": 2, "logprobs": 0}
    groups = fleet.map(
        len(prompts), lambda sampler, i: sampler.generate([prompts[i]], [None], **settings)
    )
    return [answer["completion_ids"] for _, answer in groups], [place for place, _ in groups]


def scores(fleet, token=3):
    """The log-probability that each server gives a token."""
    rows = fleet.on_each(lambda sampler: sampler.score([5, token], None, 1))
    return [None if row is None else row[0][token] for row in rows]


def test_prompts_are_shared_out_and_groups_stay_whole_and_in_order(pair, tmp_path):
    with fleet_of(pair, tmp_path) as fleet:
        push(fleet)
        answers, places = sample(fleet, [[1], [2], [3], [4]])
    assert answers == [[[p * 10, 0], [p * 10 + 1, 1]] for p in (1, 2, 3, 4)]
    assert places == [0, 1, 0, 1]
    for one, prompts in zip(pair, ([[1], [3]], [[2], [4]]), strict=True):
        asked = one.requests("inference/v1/generate")
        assert sorted(body["token_ids"] for body in asked) == prompts
        assert all(body["sampling_params"]["n"] == 2 for body in asked)


def test_a_server_of_twice_the_capacity_gets_twice_the_prompts(pair, tmp_path):
    with fleet_of(pair, tmp_path, capacities=(2, 1)) as fleet:
        push(fleet)
        _, places = sample(fleet, [[i] for i in range(9)])
    assert [places.count(0), places.count(1)] == [6, 3]


def test_a_push_reaches_every_server_and_only_the_latest_weights_are_kept(pair, tmp_path):
    with fleet_of(pair, tmp_path) as fleet:
        push(fleet)
        assert scores(fleet) == [pytest.approx(-1.3 - 0.5)] * 2
        push(fleet, {**WEIGHTS, "w": torch.full((4,), -0.75)})
        assert scores(fleet) == [pytest.approx(-1.3 - 0.75)] * 2
        kept = sorted(path.name for path in (tmp_path / "sync").iterdir())
        assert kept == [".owner", "v000002"]
        assert [(one.version, one.bytes, one.samplers) for one in fleet.syncs] == [
            (1, 32, 2),
            (2, 32, 2),
        ]
    assert not (tmp_path / "sync").exists()
    resets = ["reset_mm_cache", "reset_encoder_cache", "reset_prefix_cache"]
    for one in pair:
        routes = [at for at in one.requests() if at == "collective_rpc" or at.startswith("reset")]
        assert routes == ["collective_rpc", *resets] * 2


def test_a_server_killed_in_the_middle_of_sampling_costs_nothing_but_itself(pair, tmp_path):
    with fleet_of(pair, tmp_path) as fleet:
        push(fleet)
        pair[1].fault("inference/v1/generate", "die")
        answers, places = sample(fleet, [[1], [2], [3], [4]])
        assert answers == [[[p * 10, 0], [p * 10 + 1, 1]] for p in (1, 2, 3, 4)]
        assert places == [0, 0, 0, 0]
        assert len(fleet.events) == 1
        assert fleet.events[0].startswith(f'Going on without sampler "{pair[1].url}"')
        push(fleet)
        assert fleet.syncs[-1].samplers == 1


def test_a_loss_ends_the_run_and_names_the_server_when_asked_to(pair, tmp_path):
    with fleet_of(pair, tmp_path, on_loss="end") as fleet:
        push(fleet)
        pair[1].kill()
        with pytest.raises(SamplerError, match=f"{pair[1].url}.*refused") as error:
            sample(fleet, [[1], [2]])
    assert error.value.exit_code == 4


def test_the_last_loss_ends_the_run_and_names_all(pair, tmp_path):
    with fleet_of(pair, tmp_path) as fleet:
        push(fleet)
        for one in pair:
            one.kill()
        with pytest.raises(SamplerError, match="no sampler left of 2") as error:
            sample(fleet, [[1], [2]])
    assert all(one.url in str(error.value) for one in pair)


def test_a_server_that_hangs_in_sampling_is_left_after_its_time(pair, tmp_path):
    with fleet_of(pair, tmp_path, timeout_s=1.0) as fleet:
        push(fleet)
        pair[0].fault("inference/v1/generate", "stall")
        _, places = sample(fleet, [[1], [2], [3], [4]])
        assert places == [1, 1, 1, 1]
        assert "no answer, expected one within 1 s to connect and 1 s" in fleet.events[0]


def test_servers_that_all_hang_end_the_run_and_the_limit_is_named(pair, tmp_path):
    with fleet_of(pair, tmp_path, timeout_s=1.0) as fleet:
        push(fleet)
        for one in pair:
            one.fault("inference/v1/generate", "stall")
        with pytest.raises(SamplerError, match=r"no sampler left of 2.*and 1 s") as error:
            sample(fleet, [[1], [2], [3], [4]])
    assert all(one.url in str(error.value) for one in pair)


def test_a_request_that_the_server_refuses_ends_the_run_and_is_not_sent_again(pair, tmp_path):
    with fleet_of(pair, tmp_path) as fleet:
        push(fleet)
        pair[0].fault("inference/v1/generate", "400")
        with pytest.raises(WorkerError, match="made to refuse") as error:
            sample(fleet, [[1]])
    assert not isinstance(error.value, SamplerError)
    assert pair[1].requests("inference/v1/generate") == []


def test_log_probabilities_that_are_no_numbers_end_the_run(pair, tmp_path):
    with fleet_of(pair, tmp_path) as fleet:
        push(fleet)
        pair[0].fault("inference/v1/generate", "nan")
        with pytest.raises(IntegrityError, match=f"{pair[0].url}.*not finite"):
            sample(fleet, [[1]])


@pytest.mark.parametrize("when", ["sampling", "push"])
def test_a_restarted_server_has_the_weights_of_the_step_before_it_is_used(pair, tmp_path, when):
    with fleet_of(pair, tmp_path) as fleet:
        push(fleet)
        pair[1].restart()  # its weights are those of its launch now
        if when == "push":
            push(fleet)
        assert scores(fleet) == [pytest.approx(-1.3 - 0.5)] * 2
        assert fleet.events == []


def test_a_lost_server_that_is_back_is_taken_back(pair, tmp_path, monkeypatch):
    monkeypatch.setattr("r1sgg_worker.roster.ASK_AGAIN_S", 0.0)
    with fleet_of(pair, tmp_path) as fleet:
        push(fleet)
        pair[1].kill()
        assert scores(fleet)[1] is None
        push(fleet, {**WEIGHTS, "w": torch.full((4,), -0.75)})
        pair[1].start()
        assert scores(fleet) == [pytest.approx(-1.3 - 0.75)] * 2
        assert [event.split('"')[0] for event in fleet.events] == [
            "Going on without sampler ",
            "Sampler ",
        ]


def test_a_lost_server_is_not_asked_again_at_once(pair, tmp_path):
    with fleet_of(pair, tmp_path) as fleet:
        push(fleet)
        pair[1].kill()
        sample(fleet, [[1], [2]])
        pair[1].start()
        sample(fleet, [[1], [2]])
        assert pair[1].requests() == []


@pytest.mark.parametrize("route", ["collective_rpc", "reset_encoder_cache"])
@pytest.mark.parametrize("on_loss", ["continue", "end"])
def test_a_server_that_fails_in_a_push_is_lost(pair, tmp_path, on_loss, route):
    pair[1].fault(route, "500")
    with fleet_of(pair, tmp_path, on_loss=on_loss) as fleet:
        if on_loss == "end":
            with pytest.raises(SamplerError, match=f"{pair[1].url}/{route}.*made to fail"):
                push(fleet)
            return
        push(fleet)
        assert fleet.syncs[0].samplers == 1
        assert scores(fleet) == [pytest.approx(-1.8), None]


def test_a_push_that_no_server_takes_ends_the_run(pair, tmp_path):
    for one in pair:
        one.fault("collective_rpc", "500")
    with fleet_of(pair, tmp_path) as fleet, pytest.raises(SamplerError, match="no sampler left"):
        push(fleet)


def test_a_cache_that_is_still_held_is_reset_again(pair, tmp_path):
    pair[0].fault("reset_prefix_cache", "false", times=2)
    with fleet_of(pair, tmp_path) as fleet:
        push(fleet)
        assert fleet.syncs[0].samplers == 2
    assert len(pair[0].requests("reset_prefix_cache")) == 3


def test_a_cache_that_is_never_reset_loses_the_server(pair, tmp_path):
    pair[0].fault("reset_prefix_cache", "false")
    with fleet_of(pair, tmp_path) as fleet:
        push(fleet)
        assert fleet.syncs[0].samplers == 1
        assert 'Cannot reset the prefix cache of sampler "' in fleet.events[0]


@pytest.mark.parametrize("how", ["stall", "stop"])
@pytest.mark.parametrize("route", ["collective_rpc", "reset_prefix_cache", "metrics"])
def test_a_push_that_is_not_confirmed_in_its_time_ends_the_run(pair, tmp_path, route, how):
    """SIGSTOP and a server that hangs look alike; both end the run, whatever a loss does."""
    with fleet_of(pair, tmp_path, timeout_s=PUSH_TIMEOUT_S) as fleet:
        push(fleet)
        pair[1].fault(route, how)
        start = time.monotonic()
        with pytest.raises(TimeLimitError, match=f'"{pair[1].url}".*push_timeout_s 2 s') as error:
            push(fleet)
        assert time.monotonic() - start < PUSH_TIMEOUT_S + 60  # a hang would be one for ever
    assert error.value.exit_code == 5
    assert len(fleet.syncs) == 1


def test_all_tensors_are_walked_through_when_a_push_fails(pair, tmp_path):
    """The other processes gather them one by one and would wait for the main one."""
    walked = []

    def tensors():
        for name, tensor in WEIGHTS.items():
            walked.append(name)
            yield name, tensor

    with fleet_of(pair, tmp_path) as fleet:
        (tmp_path / "sync" / "v000001").touch()
        with pytest.raises(WorkerError, match="Cannot write weights"):
            fleet.update_named_params([tensor_info(*one) for one in WEIGHTS.items()], tensors())
        assert walked == list(WEIGHTS)


def test_other_log_probabilities_than_raw_ones_are_refused(tmp_path):
    with stand_ins(1, logprobs="processed_logprobs") as [one]:
        with pytest.raises(WorkerError, match="processed_logprobs, expected raw_logprobs") as error:
            Sampler(one.endpoint(), 1, 5)
        assert error.value.exit_code == 2
