"""Dry runs of every combination that the paper used; sizes and memory by hand."""

import json

import pytest

from paper_runs import PAPER_RUNS
from r1sgg_worker.__main__ import main
from r1sgg_worker.config import GrpoConfig, SftConfig
from r1sgg_worker.dry_run import dry_run
from r1sgg_worker.errors import ConfigError
from r1sgg_worker.memory_by_shard import shard_memory
from r1sgg_worker.model_sizes import ModelSize, known_models, model_size

SHARED = {
    "dataset": "d",
    "output_dir": "o",
    "progress": "p",
    "device": "cuda",
    "dtype": "bfloat16",
    "tf32": True,
    "attn_implementation": "flash_attention_2",
    "gradient_checkpointing": True,
    "seed": 42,
}
RIM = {"endpoints": "e", "work_dir": "w", "sync_dir": "s", "integrity": "i"}
# As the Hub says of the safetensors of each.
PARAMETERS = {
    "Qwen2-VL-2B-Instruct": 2_208_985_600,
    "Qwen2-VL-7B-Instruct": 8_291_375_616,
    "Qwen2.5-VL-3B-Instruct": 3_754_622_976,
    "Qwen2.5-VL-7B-Instruct": 8_292_166_656,
}


def config_of(run, **change):
    _, stage, size, parallel, processes, local, parts, group, step = run
    shared = {
        **SHARED,
        "model": f"Qwen/Qwen2-VL-{size}-Instruct",
        "parallel": parallel,
        "world_size": processes,
        "per_device_batch_size": local,
        "gradient_accumulation_steps": parts,
    }
    if stage == "sft":
        own = {"global_batch_size": step, "epochs": 3, "learning_rate": 1e-5, "warmup_ratio": 0.05}
        return SftConfig.model_validate({**shared, **own, **change})
    own = {"prompts_per_step": step, "num_generations": group, "epochs": 1, "learning_rate": 6e-7}
    return GrpoConfig.model_validate({**shared, **RIM, **own, **change})


@pytest.mark.parametrize("run", PAPER_RUNS, ids=lambda run: run[0])
def test_a_run_of_the_paper_can_be_planned(run):
    _, stage, size, parallel, processes, local, parts, group, step = run
    found = dry_run(config_of(run))
    assert found["stage"] == stage
    assert found["model"]["parameters"] == PARAMETERS[f"Qwen2-VL-{size}-Instruct"]
    assert found["batch"]["per_device_batch_size"] == local
    if stage == "grpo":
        assert found["batch"]["prompts_a_step"] == step
        assert found["batch"]["completions_a_step"] == step * group == local * parts * processes
    else:
        assert found["batch"]["rows_a_step"] == step == local * parts * processes
    effective = found["effective"]
    assert effective["per_device_train_batch_size"] == local
    assert effective["bf16"] is True
    assert effective["use_cpu"] is False
    if parallel == "fsdp":
        assert (effective["fsdp"], effective["gradient_checkpointing"]) == (True, False)
        assert effective["fsdp_config"]["activation_checkpointing"] is True
    else:
        assert effective["deepspeed"]["zero_optimization"]["stage"] == int(parallel[4])
        assert effective["gradient_checkpointing"] is True
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_the_sizes_are_those_of_the_published_weights(name):
    run = PAPER_RUNS[-1]
    assert model_size(config_of(run, model=f"Qwen/{name}")).parameters == PARAMETERS[name]
    assert known_models() == sorted(PARAMETERS)


def test_adapters_and_a_frozen_encoder_train_less():
    """A layer's seven, rank 16: q and o 2 x 16 (3584 + 3584), k and v 2 x 16 (3584 + 512), the MLP
    3 x 16 (3584 + 18944); 28 layers."""
    layer = 2 * 16 * (3584 + 3584) + 2 * 16 * (3584 + 512) + 3 * 16 * (3584 + 18944)
    run = PAPER_RUNS[-1]
    size = model_size(config_of(run, lora={"rank": 16}))
    assert size.trainable == 28 * layer == 40_370_176
    assert size.parameters == PARAMETERS["Qwen2-VL-7B-Instruct"] + size.trainable
    frozen = model_size(config_of(run, freeze_vision=True))
    assert PARAMETERS["Qwen2-VL-7B-Instruct"] - frozen.trainable == 675_759_104


SIZE = ModelSize("qwen2_vl", 1000, 1000)


@pytest.mark.parametrize(
    ("parallel", "dtype", "expected"),
    [
        ("none", "float32", (4000, 4000, 8000, 0)),
        ("ddp", "bfloat16", (2000, 2000, 4000, 0)),
        ("zero2", "bfloat16", (2000, 500, 3000, 0)),  # 12 bytes x 1000 / 4
        ("zero2-offload", "bfloat16", (2000, 500, 0, 3000)),
        ("zero3", "bfloat16", (500, 500, 3000, 0)),
        ("fsdp", "bfloat16", (1000, 1000, 2000, 0)),
    ],
)
def test_memory_of_one_of_four_processes(parallel, dtype, expected):
    found = shard_memory(SIZE, parallel, dtype, 4)
    fields = (found.weights, found.gradients, found.optimiser, found.optimiser_on_cpu)
    assert fields == expected
    assert found.device == sum(expected[:3])


def test_frozen_weights_have_no_gradient_and_no_moments():
    found = shard_memory(ModelSize("qwen2_vl", 1000, 10), "ddp", "float32", 1)
    assert (found.weights, found.gradients, found.optimiser) == (4000, 40, 80)


def written(tmp_path, config):
    path = tmp_path / "config.json"
    path.write_text(config.model_dump_json())
    return str(path)


def test_the_command_prints_one_json_value_and_writes_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path, config_of(PAPER_RUNS[0]))
    assert main(["grpo", path, "--dry-run"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == json.loads(json.dumps(dry_run(config_of(PAPER_RUNS[0]))))
    assert [one.name for one in tmp_path.iterdir()] == ["config.json"]


def test_other_processes_than_the_plan_promised_are_refused(tmp_path, capsys):
    path = written(tmp_path, config_of(PAPER_RUNS[0]))
    assert main(["grpo", path, "--dry-run", "--processes", "12"]) == 2
    assert "found world_size 16" in capsys.readouterr().err


def test_a_checkpoint_to_come_is_measured_like_its_base(tmp_path):
    config = config_of(PAPER_RUNS[0], model="checkpoints/sft")
    with pytest.raises(ConfigError, match="--like with one of Qwen2-VL-2B-Instruct"):
        dry_run(config)
    found = dry_run(config, like="Qwen/Qwen2-VL-2B-Instruct")
    assert found["model"]["parameters"] == PARAMETERS["Qwen2-VL-2B-Instruct"]


def test_a_model_in_a_folder_is_measured_itself(tiny):
    from safetensors.torch import load_file

    weights = load_file(tiny / "model.safetensors")
    config = config_of(PAPER_RUNS[-1], model=str(tiny))
    assert model_size(config).parameters == sum(one.numel() for one in weights.values())


def test_another_family_than_the_models_is_refused():
    with pytest.raises(ConfigError, match='model_type is "qwen2_vl", expected qwen2_5_vl'):
        dry_run(config_of(PAPER_RUNS[0], family="qwen2_5_vl"))
