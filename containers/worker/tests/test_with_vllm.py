"""Against a real vLLM server: exact after every sync, and noticed when it is not."""

from __future__ import annotations

import json
import time
import urllib.request

import pytest

from helpers import FLOAT32_TOLERANCE, MAX_PIXELS, MIN_PIXELS
from r1sgg_worker.__main__ import main
from r1sgg_worker.config import GrpoConfig
from r1sgg_worker.endpoints import SamplerEndpoint
from r1sgg_worker.errors import SamplerError
from r1sgg_worker.fleet import SamplerFleet
from r1sgg_worker.generation import FleetGeneration
from r1sgg_worker.limits import Limits
from r1sgg_worker.rows import as_messages, open_image
from r1sgg_worker.weights import tensor_info, write_safetensors
from reward_stand_in import reward_stand_in
from vllm_pair import Pair

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(900)]  # the servers start in the first one


@pytest.fixture
def pair(server, rows, tmp_path):
    pair = Pair(server, rows, tmp_path / "sync")
    pair.sync()
    yield pair
    pair.fleet.close()


def test_after_a_sync_both_score_the_same_also_images_seen_before(pair):
    assert pair.difference(0) < FLOAT32_TOLERANCE
    for part, factor in (("visual", 1.5), ("", 1.01), ("layers.0.self_attn.q_proj", 1.3)):
        pair.change(part, factor)
        pair.sync()
        assert pair.difference(0) < FLOAT32_TOLERANCE  # seen before the change
        assert pair.difference(1) < FLOAT32_TOLERANCE


def test_a_server_that_was_not_synced_is_noticed(pair):
    pair.change("", 1.05)
    assert pair.difference(0) > 1e-3
    pair.sync()
    assert pair.difference(0) < FLOAT32_TOLERANCE


@pytest.mark.parametrize(
    "name", ["model.language_model.layers.0.mlp.down_proj.weight", "lm_head.weight"]
)
def test_a_sync_that_skips_one_tensor_is_noticed(pair, name):
    """Not one of q, k and v, which vLLM fuses: without one it reads memory that nobody wrote, and
    has answered NaN even after the next whole sync.
    """
    assert name in dict(pair.model.named_parameters())
    pair.change("", 1.05)
    pair.sync(without=name)
    assert pair.difference(0) > 1e-3
    pair.sync()
    assert pair.difference(0) < FLOAT32_TOLERANCE


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

    with pytest.raises(SamplerError, match=r"127\.0\.0\.1:9/health.*refused"):
        Sampler(SamplerEndpoint(url="http://127.0.0.1:9", model="policy"), 1, 5)


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
        config = grpo_config(tmp_path, server.model, rows, endpoints(reward.url, server))
        assert main(["grpo", str(config)]) == 0
    record = json.loads((tmp_path / "grpo" / "integrity.json").read_text())
    assert record["logprob_max_abs_diff"] < FLOAT32_TOLERANCE
    assert record["special_tokens_sampled"] == 0
    assert [step["step"] for step in record["steps"]] == [1, 2]
    assert all(step["tokens"] >= 8 for step in record["steps"])
    assert [sync["version"] for sync in record["syncs"]] == [1, 2]

    lines = [json.loads(line) for line in (tmp_path / "grpo.jsonl").read_text().splitlines()]
    steps = [line for line in lines if "step" in line]
    assert [line["step"] for line in steps] == [1, 2]
    for line, step in zip(steps, record["steps"], strict=True):
        trl = line["sampling/sampling_logp_difference/max"]
        assert step["samplers"] == {server.url: pytest.approx(trl)}
        assert line["integrity/logprob_max_abs_diff"] == step["logprob_max_abs_diff"]
        assert abs(line["sampling/log_ratio/mean"]) < 1e-5
        assert 0 <= line["sampling/kl"] < 1e-9
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
            tmp_path,
            server.model,
            rows,
            endpoints(reward.url, server),
            logprob_tolerance=FLOAT32_TOLERANCE,
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
            tmp_path, server.model, rows, endpoints(reward.url, server), max_pixels=6 * 28 * 28
        )
        assert main(["grpo", str(config)]) == 5
    assert "expected the same min_pixels and max_pixels" in capsys.readouterr().err
    assert reward.requests == []


def test_a_reward_endpoint_that_refuses_ends_the_run(tmp_path, server, rows, endpoints, capsys):
    with reward_stand_in() as reward:
        reward.script = [422]
        config = grpo_config(tmp_path, server.model, rows, endpoints(reward.url, server))
        assert main(["grpo", str(config)]) == 1
    error = capsys.readouterr().err
    assert "answered 422" in error
    assert "Traceback" not in error


def test_a_lost_request_costs_its_batch_and_not_the_run(tmp_path, server, rows, endpoints):
    with reward_stand_in() as reward:
        reward.script = [503]
        config = grpo_config(
            tmp_path, server.model, rows, endpoints(reward.url, server), reward_retries=0
        )
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
            endpoints(reward.url, server),
            reward_retries=1,
            min_unscored_requests=1,
        )
        assert main(["grpo", str(config)]) == 5
        assert len(reward.requests) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("Cannot go on with step 1: 8 of 8 completions have no reward")
    assert "answered 503" in error
    assert not (tmp_path / "checkpoint").exists()


def test_an_image_seen_before_that_a_stale_encoder_cache_describes_is_noticed(pair, tmp_path):
    """As with weights by NCCL, after which TRL resets the prefix cache only."""
    assert pair.difference(0) < FLOAT32_TOLERANCE
    pair.change("visual", 1.5)
    folder = tmp_path / "changed"
    folder.mkdir()
    write_safetensors(
        folder / "model.safetensors",
        [tensor_info(*one) for one in pair.model.named_parameters()],
        pair.model.named_parameters(),
    )
    until = time.monotonic() + 60
    request = {"method": "load_quietly", "kwargs": {"weights_path": str(folder)}}
    pair.sampler.post("collective_rpc", request, until)
    pair.sampler.post("reset_prefix_cache", None, until)
    assert pair.difference(0) > FLOAT32_TOLERANCE  # seen before
    assert pair.difference(5) < FLOAT32_TOLERANCE  # not seen before
    pair.sampler.reset_caches(until)
    assert pair.difference(0) < FLOAT32_TOLERANCE


def test_lora_is_merged_under_the_names_that_vllm_knows(pair):
    """TRL's own walk through the parameters of a PEFT model."""
    from accelerate import Accelerator
    from peft import LoraConfig, get_peft_model

    lora = LoraConfig(r=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
    whole = {name: one.detach().clone() for name, one in pair.model.named_parameters()}
    adapted = get_peft_model(pair.model, lora)
    generation = FleetGeneration(
        None,
        Limits(None, [], 1, 1, main=True),
        model=adapted,
        accelerator=Accelerator(cpu=True),
        processing_class=pair.processor,
    )
    named = [(name, tensor.clone()) for name, tensor in generation._iter_named_params()]
    assert [name for name, _ in named] == list(whole)
    changed = {name for name, tensor in named if not tensor.equal(whole[name])}
    assert changed == {name for name in whole if name.endswith(("q_proj.weight", "v_proj.weight"))}
    pair.fleet.update_named_params([tensor_info(*one) for one in named], iter(named))
    pair.model = adapted
    assert pair.difference(0) < FLOAT32_TOLERANCE
