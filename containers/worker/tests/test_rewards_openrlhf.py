"""A GRPO run of TRL that asks for its rewards as OpenRLHF does, against the real endpoint."""

import json

import httpx
import pandas
from transformers import AutoProcessor

from live_endpoint import live_endpoint
from openrlhf_request import openrlhf_reward
from plain_trl import dataset, trainer_of

BOX_SCALE = [140, 112]


def test_openrlhfs_requests_get_the_totals_of_the_native_route(tmp_path, learned):
    rows = dataset(learned, label=lambda row: json.dumps({**row.target, "box_scale": BOX_SCALE}))
    processor = AutoProcessor.from_pretrained(learned.model)
    exchanges = []
    with live_endpoint(tmp_path / "endpoint") as endpoint:
        reward = openrlhf_reward(f"{endpoint.url}/get_reward", processor, exchanges)
        run = {"max_steps": 2, "max_completion_length": 192, "learning_rate": 1e-6}
        trainer_of(learned, tmp_path, [reward], rows, **run).train()
        body = {
            "completions": [one.text for one in exchanges],
            "targets": [json.loads(one.body["labels"][0]) for one in exchanges],
            "box_scale": BOX_SCALE,
        }
        native = httpx.post(f"{endpoint.url}/v1/rewards", json=body).raise_for_status().json()
    rewards = [one.reward for one in exchanges]
    assert rewards == native["total"]
    assert len(rewards) == 16
    assert len(set(rewards)) > 1
    tables = [pandas.read_parquet(path) for path in sorted(tmp_path.glob("completions/*"))]
    logged = pandas.concat(tables)["openrlhf"].tolist()
    assert logged == pandas.Series(rewards, dtype="float32").tolist()
    # The requests have what makes OpenRLHF's hard to read.
    for one in exchanges:
        (query,), (prompt,) = one.body["query"], one.body["prompts"]
        assert (prompt.count("<|image_pad|>"), query.count("<|image_pad|>")) == (1, 20)
    assert any(one.body["query"][0].endswith("<|im_end|>") for one in exchanges)
