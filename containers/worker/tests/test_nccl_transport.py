"""Weights by NCCL: the requests around the broadcast, against stand-ins.

The broadcast itself needs GPUs and is replaced; it has never run. TRL's client opens the groups.
"""

import time

import pytest
import torch

from r1sgg_worker.connect import refuse_without_ports
from r1sgg_worker.endpoints import Endpoints
from r1sgg_worker.errors import ConfigError, SamplerError
from r1sgg_worker.fleet import SamplerFleet
from r1sgg_worker.nccl_transport import NcclTransport
from r1sgg_worker.roster import Roster
from r1sgg_worker.sampler import Sampler
from r1sgg_worker.weights import tensor_info
from stand_in_process import stand_ins

WEIGHTS = {"w": torch.full((4,), -0.5), "visual.v": torch.full((2, 2), -0.25)}
ROUTES = ["start_weight_update", "update_weights", "finish_weight_update"]
RESETS = ["reset_mm_cache", "reset_encoder_cache", "reset_prefix_cache"]


@pytest.fixture
def pair():
    with stand_ins(2, weight_transfer="nccl") as found:
        yield found


@pytest.fixture
def groups(pair, monkeypatch):
    """Each group that TRL opens on the trainer's side; what is sent goes to its stand-in."""
    opened = []

    class Group:
        def __init__(self, init_info):
            self.init_info, self.group, self.sent = init_info, self, []
            self.server = next(
                one for one in pair if 50000 + one.port % 1000 == init_info["master_port"]
            )
            opened.append(self)

        def broadcast(self, tensor, src):
            assert src == 0
            self.sent.append(tensor)

        def done(self):
            values = {name: tensor.flatten().tolist() for name, tensor in self.sent}
            self.server.ask("stand-in/tensors", values)
            self.sent = []

    monkeypatch.setattr("trl.generation.vllm_client.open_trainer_endpoint", Group)
    monkeypatch.setattr("trl.generation.vllm_client.get_ip", lambda: "10.0.0.1")
    return opened


def broadcast(named_tensors, groups):
    """As vLLM's producer: every tensor once, to what it takes for one group."""
    for item in named_tensors:
        groups.broadcast(item, src=0)
    for group in groups._groups:
        group.done()


def fleet_of(found, given_up=None, on_loss="continue", send=broadcast):
    samplers = [Sampler(one.endpoint(group_port=50000 + one.port % 1000), 1, 5) for one in found]
    give_up = (given_up if given_up is not None else []).append
    transport = NcclTransport("cuda", give_up, send)
    syncs = []
    fleet = SamplerFleet(Roster(samplers, on_loss, lambda _: None), transport, 5, syncs.append)
    fleet.syncs = syncs
    return fleet


def push(fleet, weights=WEIGHTS):
    metadata = [tensor_info(name, tensor) for name, tensor in weights.items()]
    fleet.update_named_params(metadata, iter(weights.items()))


def scores(fleet, token=3):
    rows = fleet.on_each(lambda sampler: sampler.score([5, token], None, 1))
    return [None if row is None else row[0][token] for row in rows]


def test_each_server_has_a_group_of_its_own_and_all_get_all_tensors(pair, groups):
    fleet = fleet_of(pair)
    push(fleet)
    push(fleet, {**WEIGHTS, "w": torch.full((4,), -0.75)})
    assert scores(fleet) == [pytest.approx(-2.05)] * 2
    assert [sync.samplers for sync in fleet.syncs] == [2, 2]
    assert len(groups) == 2
    for one, group in zip(pair, groups, strict=True):
        routes = [at for at in one.requests() if at in (*ROUTES, *RESETS)]
        assert routes == [*ROUTES, *RESETS] * 2
        [asked] = one.requests("init_weight_transfer_engine")
        expected = {"master_address": "10.0.0.1", "master_port": 50000 + one.port % 1000}
        expected |= {"rank_offset": 1, "world_size": 3, "packed": True}
        assert asked["init_info"] == group.init_info == expected
        [update, _] = one.requests("update_weights")
        assert update["update_info"] == {
            "names": ["w", "visual.v"],
            "dtype_names": ["float32", "float32"],
            "shapes": [[4], [2, 2]],
        }


def test_an_image_seen_before_a_push_is_scored_with_the_new_encoder(pair, groups):
    fleet = fleet_of(pair)
    features = {"mm_hashes": {"image": ["picture"]}}

    def seen():
        rows = fleet.on_each(lambda sampler: sampler.score([5, 3], features, 1))
        return [row[0][3] for row in rows]

    push(fleet)
    assert seen() == [pytest.approx(-1.3 - 0.5 - 0.25)] * 2
    push(fleet, {**WEIGHTS, "visual.v": torch.full((2, 2), -0.5)})
    assert seen() == [pytest.approx(-1.3 - 0.5 - 0.5)] * 2


def test_a_restarted_server_waits_for_the_next_push_and_gets_a_new_group(pair, groups):
    fleet = fleet_of(pair)
    push(fleet)
    pair[1].restart()
    assert scores(fleet) == [pytest.approx(-1.8), None]
    push(fleet)
    assert scores(fleet) == [pytest.approx(-1.8)] * 2
    assert [group.server for group in groups] == [*pair, pair[1]]


def test_a_server_that_fails_before_the_broadcast_is_left_out_of_it(pair, groups):
    pair[1].fault("start_weight_update", "500")
    fleet = fleet_of(pair)
    push(fleet)
    assert scores(fleet) == [pytest.approx(-1.8), None]
    assert pair[1].requests("update_weights") == []


def test_a_server_that_fails_after_the_broadcast_is_lost(pair, groups):
    pair[1].fault("finish_weight_update", "500")
    fleet = fleet_of(pair)
    push(fleet)
    assert scores(fleet) == [pytest.approx(-1.8), None]


def test_a_server_that_leaves_a_broadcast_ends_the_trainer(pair, groups, monkeypatch):
    """NCCL would hang in it for ever; here the broadcast takes longer than the grace."""
    monkeypatch.setattr("r1sgg_worker.nccl_transport._GRACE_S", 0.1)
    given_up = []

    def hang(named_tensors, into):
        deadline = time.monotonic() + 120
        while not given_up and time.monotonic() < deadline:
            time.sleep(0.01)
        broadcast(named_tensors, into)

    pair[1].fault("update_weights", "500")
    push(fleet_of(pair, given_up, send=hang))
    [sentence] = given_up
    assert f"{pair[1].url}/update_weights" in sentence
    assert "made to fail" in sentence


def test_a_failed_update_under_a_broadcast_that_ends_is_a_loss(pair, groups):
    given_up = []
    pair[1].fault("update_weights", "500")
    with pytest.raises(SamplerError, match="made to fail"):
        push(fleet_of(pair, given_up, on_loss="end"))
    assert given_up == []


def test_servers_without_weight_transfer_are_refused(groups):
    with stand_ins(1) as found, pytest.raises(ConfigError, match="--weight-transfer-config"):
        push(fleet_of(found))


def test_every_server_needs_a_port(pair):
    samplers = [pair[0].endpoint(group_port=51216), pair[1].endpoint()]
    endpoints = Endpoints(reward={"url": "http://127.0.0.1:1"}, samplers=samplers)
    with pytest.raises(ConfigError, match=f"{pair[1].url}.*no group_port"):
        refuse_without_ports(endpoints)


def test_vllms_sender_takes_several_groups_for_one():
    """What we lean on: it calls nothing of its group but ``broadcast(tensor, src=src)``."""
    import inspect

    from vllm.distributed.weight_transfer.packed_tensor import packed_nccl_broadcast_producer

    source = inspect.getsource(packed_nccl_broadcast_producer)
    assert source.count("group.") == 1
    assert "group.broadcast(chunk.packed_tensor, src=src)" in source
