"""What a row of grpo.jsonl asks for reaches the endpoint: its task, and the scale of its boxes."""

import json

import httpx
import pytest

from live_endpoint import live_endpoint
from plain_trl import trainer_of
from r1sgg_worker.grpo import columns_of
from r1sgg_worker.rewards import RewardClient, reward_functions
from r1sgg_worker.rows import GrpoRow
from r1sgg_worker.rows_on_demand import RowsOnDemand

NAMES = ["node_acc_reward", "node_box_reward", "edge_reward"]
SIZE = [140, 112]
ASKED = {
    "0": {"box_scale": SIZE},
    "1": {"box_scale": SIZE, "task": "det"},
    "2": {"box_scale": SIZE, "task": "cls"},
    "3": {},
}


def sent_in_a_step(learned, folder, url):
    """The bodies of the requests of one step of TRL's trainer over our rows."""
    lines = [json.loads(line) for line in learned.rows.read_text().splitlines()]
    path = learned.rows.with_name("tasks.jsonl")
    path.write_text("".join(json.dumps({**row, **ASKED[row["image_id"]]}) + "\n" for row in lines))
    client = RewardClient(url, NAMES)
    bodies, send = [], client.send

    async def noted(request):
        bodies.append(json.loads(request.content))
        return await send(request)

    client.send = noted
    rows = RowsOnDemand(path, GrpoRow, columns_of).dataset()
    trainer = trainer_of(
        learned,
        folder,
        reward_functions(client),
        rows,
        max_steps=1,
        per_device_train_batch_size=16,
        remove_unused_columns=False,
    )
    trainer.train()
    return bodies


def rewards_of_right_answers(url, body):
    """What the endpoint gives, by image, for the target itself as the answer, in pixels."""
    graphs = [{name: one[name] for name in ("objects", "relationships")} for one in body["targets"]]
    answers = [f"<answer>\n```json\n{json.dumps(graph)}\n```\n</answer>" for graph in graphs]
    answer = httpx.post(f"{url}/v1/rewards", json={**body, "completions": answers})
    rewards = answer.raise_for_status().json()["rewards"]
    by_image = {}
    for index, target in enumerate(body["targets"]):
        values = tuple(rewards[name][index] for name in NAMES)
        assert by_image.setdefault(target["image_id"], values) == values
    return by_image


def test_task_and_box_scale_of_a_row_decide_over_its_reward(tmp_path, learned):
    with live_endpoint(tmp_path / "endpoint") as endpoint:
        (body,) = sent_in_a_step(learned, tmp_path, endpoint.url)
        with_both = rewards_of_right_answers(endpoint.url, body)
        without_task = rewards_of_right_answers(endpoint.url, {**body, "task": "sgg"})
        without_scale = rewards_of_right_answers(
            endpoint.url, {name: value for name, value in body.items() if name != "box_scale"}
        )
    for target, task, scale in zip(body["targets"], body["task"], body["box_scale"], strict=True):
        asked = ASKED[target["image_id"]]
        assert task == asked.get("task", "sgg")
        assert scale == asked.get("box_scale", [1000, 1000])
    # Of a detection the relations do not count, of a classification the boxes.
    graph, detection, classification, thousandths = (with_both[image] for image in ASKED)
    assert (detection[0], detection[1], detection[2]) == (graph[0], graph[1], 0.0)
    assert classification[1] == 0.0
    assert thousandths[1] < graph[1] == pytest.approx(without_task["1"][1])
    assert without_task["1"][2] == graph[2] > 0.0
    assert without_task["2"] == graph
    assert without_scale["0"][1] < graph[1]
