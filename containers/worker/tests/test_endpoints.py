"""endpoints.json."""

import json

import pytest

from r1sgg_worker.endpoints import load_endpoints
from r1sgg_worker.errors import ConfigError

REWARD = {"url": "http://127.0.0.1:8765"}


def written(tmp_path, *samplers):
    path = tmp_path / "endpoints.json"
    path.write_text(json.dumps({"reward": REWARD, "samplers": list(samplers)}))
    return path


def sampler(port, **more):
    return {"url": f"http://node1:{port}", "model": "policy", **more}


def test_servers_take_equal_shares_unless_told_otherwise(tmp_path):
    path = written(tmp_path, sampler(1, capacity=4, group_port=51216, log="s0.log"), sampler(2))
    first, second = load_endpoints(path).samplers
    assert (first.capacity, first.group_port, first.log) == (4, 51216, "s0.log")
    assert (second.capacity, second.group_port, second.log) == (1, None, None)


@pytest.mark.parametrize(
    ("samplers", "said"),
    [
        ([], "no samplers, expected at least one"),
        ([sampler(1, capacity=0)], "samplers.0.capacity: found 0"),
        ([sampler(1), sampler(1)], "one url twice"),
        ([sampler(1, group_port=9), sampler(2, group_port=9)], "one group_port twice"),
        ([sampler(1, group_port=70000)], "samplers.0.group_port"),
        ([{"url": "node1:8000", "model": "policy"}], "samplers.0.url"),
    ],
)
def test_every_fault_is_named(tmp_path, samplers, said):
    with pytest.raises(ConfigError, match=said):
        load_endpoints(written(tmp_path, *samplers))


def test_vllm_inside_the_trainers_needs_no_samplers(tmp_path):
    """The planner's endpoints.json of a colocated run."""
    assert load_endpoints(written(tmp_path), "colocate").samplers == []
