"""Against a real vLLM server: exact after every sync, and noticed when it is not."""

from __future__ import annotations

import json
import urllib.request

import pytest
import torch

from helpers import MAX_PIXELS, MIN_PIXELS
from r1sgg_worker.__main__ import main
from r1sgg_worker.config import GrpoConfig
from r1sgg_worker.errors import IntegrityError, WorkerError
from r1sgg_worker.fleet import SamplerFleet
from r1sgg_worker.generation import FleetGeneration
from r1sgg_worker.integrity import IntegrityRecord, largest_difference
from r1sgg_worker.rows import GrpoRow, as_messages, load_rows, open_image
from r1sgg_worker.special_tokens import forbidden_token_ids
from r1sgg_worker.weights import tensor_info
from reward_stand_in import reward_stand_in

pytestmark = pytest.mark.vllm


class Pair:
    """The server, and the same model here, scoring the same tokens."""

    def __init__(self, server, rows, folder):
        from transformers import AutoModelForImageTextToText, AutoProcessor

        from r1sgg_worker.sampler import Sampler

        self.processor = AutoProcessor.from_pretrained(server.model)
        self.model = AutoModelForImageTextToText.from_pretrained(server.model).eval()
        self.rows = load_rows(rows / "grpo.jsonl", GrpoRow)
        self.fleet = SamplerFleet([Sampler(server.url, 5, 120)], folder, lambda _: None)
        self.banned = forbidden_token_ids(self.processor.tokenizer)

    def sync(self):
        named = list(self.model.named_parameters())
        self.fleet.update_named_params([tensor_info(*one) for one in named], iter(named))

    def change(self, part, factor):
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                if part in name:
                    parameter.mul_(factor)

    @torch.no_grad()
    def difference(self, index):
        """Largest difference of log-probabilities on 4 fresh completions for one image."""
        row = self.rows[index]
        system, user = as_messages(row.prompt)
        content = [{"type": "image"}, {"type": "text", "text": user["content"]}]
        text = self.processor.apply_chat_template(
            [system, {"role": "user", "content": content}],
            add_generation_prompt=True,
            tokenize=False,
        )
        image = open_image(row.image_path)
        inputs = self.processor(text=[text], images=[image], return_tensors="pt")
        prompt = inputs["input_ids"][0].tolist()
        placing = FleetGeneration.__new__(FleetGeneration)
        placing.processing_class = self.processor
        features = placing._place_features(self.fleet.image_features([[image]])[0], prompt)
        answer = self.fleet.generate(
            [prompt],
            [features],
            n=4,
            max_tokens=24,
            logprobs=0,
            generation_kwargs={"logit_bias": {str(token): -100.0 for token in self.banned}},
        )
        worst = 0.0
        for ids, logprobs in zip(answer["completion_ids"], answer["logprobs"], strict=True):
            assert not set(ids) & set(self.banned)
            whole = torch.tensor([prompt + ids])
            inputs["input_ids"], inputs["attention_mask"] = whole, torch.ones_like(whole)
            inputs["mm_token_type_ids"] = (whole == self.processor.image_token_id).int()
            logits = self.model(**inputs).logits[0, len(prompt) - 1 : -1]
            ours = logits.log_softmax(-1).gather(1, torch.tensor(ids)[:, None])[:, 0]
            theirs = torch.tensor([one[0] for one in logprobs])
            worst = max(worst, largest_difference(ours, theirs, torch.ones(len(ids))))
        return worst


@pytest.fixture
def pair(server, rows, tmp_path):
    pair = Pair(server, rows, tmp_path / "sync")
    pair.sync()
    yield pair
    pair.fleet.close()


def test_after_a_sync_both_score_the_same_also_images_seen_before(pair):
    assert pair.difference(0) < 1e-5
    for part, factor in (("visual", 1.5), ("", 1.01), ("layers.0.self_attn.q_proj", 1.3)):
        pair.change(part, factor)
        pair.sync()
        assert pair.difference(0) < 1e-5  # seen before the change
        assert pair.difference(1) < 1e-5


def test_a_server_that_was_not_synced_is_noticed(pair, tmp_path):
    pair.change("", 1.05)
    difference = pair.difference(0)
    assert difference > 1e-3
    with pytest.raises(IntegrityError):
        IntegrityRecord(tmp_path / "i.json", 1e-5).step(1, difference, 96, 0)
    pair.sync()
    assert pair.difference(0) < 1e-5


def test_the_server_makes_the_same_prompt_tokens_of_an_image(server, pair):
    """The chat API, which inference uses, with the image as it is stored."""
    import base64

    row = pair.rows[2]
    data = base64.b64encode(row.image_path.read_bytes()).decode()
    system, user = as_messages(row.prompt)
    content = [
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}},
        {"type": "text", "text": user["content"]},
    ]
    body = {
        "model": "policy",
        "messages": [system, {"role": "user", "content": content}],
        "max_tokens": 1,
        "return_token_ids": True,
    }
    request = urllib.request.Request(
        f"{server.url}/v1/chat/completions",
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        theirs = json.load(answer)["prompt_token_ids"]
    parts = [{"type": "image"}, {"type": "text", "text": user["content"]}]
    text = pair.processor.apply_chat_template(
        [system, {"role": "user", "content": parts}], add_generation_prompt=True, tokenize=False
    )
    ours = pair.processor(text=[text], images=[open_image(row.image_path)])["input_ids"][0]
    assert list(ours) == theirs


def test_a_sampler_that_is_not_there_is_one_sentence():
    from r1sgg_worker.sampler import Sampler

    with pytest.raises(WorkerError, match=r"127\.0\.0\.1:9/health.*refused"):
        Sampler("http://127.0.0.1:9", 1, 5)


def grpo_config(tmp_path, model, rows, endpoints, **change):
    config = {
        "model": str(model),
        "dataset": str(rows / "grpo.jsonl"),
        "output_dir": str(tmp_path / "checkpoint"),
        "progress": str(tmp_path / "grpo.jsonl"),
        "endpoints": str(endpoints),
        "work_dir": str(tmp_path / "grpo"),
        "sync_dir": str(tmp_path / "sync"),
        "integrity": str(tmp_path / "grpo" / "integrity.json"),
        "run": "test",
        "steps": 2,
        "prompts_per_step": 2,
        "num_generations": 4,
        "max_completion_length": 24,
        "learning_rate": 1e-3,
        "min_pixels": MIN_PIXELS,
        "max_pixels": MAX_PIXELS,
        **change,
    }
    path = tmp_path / "grpo.json"
    path.write_text(json.dumps(config))
    GrpoConfig.model_validate(config)
    return path


def test_two_steps_end_to_end(tmp_path, server, rows, endpoints, capsys):
    import pandas
    from safetensors.torch import load_file

    with reward_stand_in() as reward:
        config = grpo_config(tmp_path, server.model, rows, endpoints(reward.url))
        assert main(["grpo", str(config)]) == 0
    record = json.loads((tmp_path / "grpo" / "integrity.json").read_text())
    assert record["logprob_max_abs_diff"] < 1e-5
    assert record["special_tokens_sampled"] == 0
    assert [step["step"] for step in record["steps"]] == [1, 2]
    assert all(step["tokens"] >= 8 for step in record["steps"])
    assert [sync["version"] for sync in record["syncs"]] == [1, 2]

    lines = [json.loads(line) for line in (tmp_path / "grpo.jsonl").read_text().splitlines()]
    steps = [line for line in lines if "step" in line]
    assert [line["step"] for line in steps] == [1, 2]
    for line, step in zip(steps, record["steps"], strict=True):
        trl = line["sampling/sampling_logp_difference/max"]
        assert line["integrity/logprob_max_abs_diff"] == pytest.approx(trl)
        assert step["logprob_max_abs_diff"] == pytest.approx(trl)
        assert abs(line["sampling/importance_sampling_ratio/mean"] - 1) < 1e-4
    assert any(line["reward_std"] > 0 for line in steps)

    # every row of TRL's log is what the endpoint answered, found by request id and index
    assert len(reward.requests) == 2
    answers = {answer["request_id"]: answer["rewards"] for answer in reward.answers}
    texts = {body["request_id"]: body["completions"] for body in reward.requests}
    seen = 0
    for path in sorted((tmp_path / "grpo" / "completions").glob("*.parquet")):
        for row in pandas.read_parquet(path).to_dict("records"):
            rewards = answers[row["request_id"]]
            index = row["request_index"]
            assert row["completion"][0]["content"] == texts[row["request_id"]][index]
            for name, values in rewards.items():
                assert row[name] == values[index]
            seen += 1
    assert seen == 16

    before = load_file(server.model / "model.safetensors")
    after = load_file(tmp_path / "checkpoint" / "model.safetensors")
    assert any(not before[name].equal(after[name]) for name in before if "visual" in name)
    assert not (tmp_path / "sync").exists()
    out = capsys.readouterr().out
    assert "Generate the scene graph" not in out  # completions do not flood the terminal


def test_a_run_whose_sync_does_nothing_stops_with_code_5(
    tmp_path, server, rows, endpoints, capsys, monkeypatch
):
    """The fleet is made to keep old weights: the server still has those of the test before."""
    monkeypatch.setattr(SamplerFleet, "update_named_params", lambda *_: None)
    with reward_stand_in() as reward:
        config = grpo_config(
            tmp_path, server.model, rows, endpoints(reward.url), logprob_tolerance=1e-5
        )
        assert main(["grpo", str(config)]) == 5
    error = capsys.readouterr().err
    assert "does not hold the trainer's weights" in error
    record = json.loads((tmp_path / "grpo" / "integrity.json").read_text())
    assert record["logprob_max_abs_diff"] > 1e-3
    assert not (tmp_path / "checkpoint").exists()


def test_other_pixel_limits_than_the_servers_stop_the_run(
    tmp_path, server, rows, endpoints, capsys
):
    with reward_stand_in() as reward:
        config = grpo_config(
            tmp_path, server.model, rows, endpoints(reward.url), max_pixels=6 * 28 * 28
        )
        assert main(["grpo", str(config)]) == 5
    assert "expected the same min_pixels and max_pixels" in capsys.readouterr().err
    assert reward.requests == []


def test_a_reward_endpoint_that_refuses_ends_the_run(tmp_path, server, rows, endpoints, capsys):
    with reward_stand_in() as reward:
        reward.script = [422]
        config = grpo_config(tmp_path, server.model, rows, endpoints(reward.url))
        assert main(["grpo", str(config)]) == 1
    error = capsys.readouterr().err
    assert "answered 422" in error
    assert "Traceback" not in error


def test_a_lost_request_costs_its_batch_and_not_the_run(tmp_path, server, rows, endpoints):
    with reward_stand_in() as reward:
        reward.script = [503]
        config = grpo_config(tmp_path, server.model, rows, endpoints(reward.url), reward_retries=0)
        assert main(["grpo", str(config)]) == 0
        lost, _ = (body["request_id"] for body in reward.requests)
    record = json.loads((tmp_path / "grpo" / "unscored-0.json").read_text())
    assert (record["requests"], record["completions"], record["unscored"]) == (2, 16, 8)
    assert [failure["request_id"] for failure in record["failures"]] == [lost]
    lines = [json.loads(line) for line in (tmp_path / "grpo.jsonl").read_text().splitlines()]
    steps = [line for line in lines if "step" in line]
    assert [step["rewards/unscored_fraction"] for step in steps] == [1.0, 0.0]
    assert (steps[0]["reward"], steps[0]["loss"]) == (None, 0.0)
    assert steps[1]["reward"] is not None
    assert (tmp_path / "checkpoint").is_dir()


def test_too_much_unscored_stops_the_run_with_code_5(tmp_path, server, rows, endpoints, capsys):
    with reward_stand_in() as reward:
        reward.down = 503
        config = grpo_config(
            tmp_path,
            server.model,
            rows,
            endpoints(reward.url),
            reward_retries=1,
            min_unscored_requests=1,
        )
        assert main(["grpo", str(config)]) == 5
        assert len(reward.requests) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("Cannot go on with step 1: 8 of 8 completions have no reward")
    assert "answered 503" in error
    assert not (tmp_path / "checkpoint").exists()
