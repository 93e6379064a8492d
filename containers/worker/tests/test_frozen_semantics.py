"""What SFT and GRPO are, field by field: the reference's values, and every default of TRL."""

import json
from pathlib import Path

import pytest

from r1sgg_worker.config import GrpoConfig, SftConfig
from r1sgg_worker.effective_config import (
    NAME,
    effective_fields,
    library_versions,
    write_effective_config,
)
from r1sgg_worker.grpo_arguments import grpo_arguments
from r1sgg_worker.reference import DIFFERENCES, differences_of
from r1sgg_worker.sft import sft_arguments

GOLDEN = Path(__file__).with_name("golden")
SHARED = {"model": "m", "dataset": "d", "output_dir": "o", "progress": "p", "seed": 42}
RIM = {"endpoints": "e", "work_dir": "w", "sync_dir": "s", "integrity": "i"}

# The paper's runs: train_a100_2B.sh of paper v1 on one process, and sft_local/2B_sgg.sh.
GRPO = {
    "epochs": 1,
    "learning_rate": 6e-7,
    "prompts_per_step": 32,
    "num_generations": 8,
    "gradient_accumulation_steps": 4,
    "gradient_checkpointing": True,
    "max_completion_length": 1024,
    "top_p": 0.9,
    "top_k": 50,
    "rewards": ["format_reward", "node_acc_reward", "node_box_reward", "edge_reward"],
}
SFT = {
    "epochs": 3,
    "learning_rate": 1e-5,
    "warmup_ratio": 0.05,
    "per_device_batch_size": 4,
    "gradient_accumulation_steps": 8,
    "gradient_checkpointing": True,
}

# Of the release's trainer and scripts (sections 4.8 and 6 of its description; transformers 4.50
# where they leave a default).
REFERENCE_GRPO = {
    "loss_type": "bnpo",
    "epsilon": 0.2,
    "epsilon_high": 0.2,
    "delta": None,
    "beta": 0.0,
    "num_iterations": 1,
    "num_generations": 8,
    "scale_rewards": "group",
    "multi_objective_aggregation": "sum_then_normalize",
    "importance_sampling_level": "token",
    "mask_truncated_completions": False,
    "top_entropy_quantile": 1.0,
    "entropy_coef": 0.0,
    "off_policy_mask_threshold": None,
    "use_bias_correction_kl": False,
    "reward_weights": [1.0, 1.0, 1.0, 1.0],
    "temperature": 1.0,
    "top_p": 0.9,
    "top_k": 50,
    "min_p": None,
    "repetition_penalty": 1.0,
    "max_completion_length": 1024,
    "learning_rate": 6e-7,
    "lr_scheduler_type": "linear",
    "warmup_steps": 0.0,
    "weight_decay": 0.0,
    "max_grad_norm": 1.0,
    "optim": "adamw_torch",
    "adam_beta1": 0.9,
    "adam_beta2": 0.999,
    "adam_epsilon": 1e-8,
    "num_train_epochs": 1,
    "max_steps": -1,
    "seed": 42,
    "generation_batch_size": 256,
    "steps_per_generation": 4,
    "gradient_accumulation_steps": 4,
    "gradient_checkpointing": True,
    "use_liger_kernel": False,
    "cast_lm_head_to_fp32": False,
    "disable_dropout": False,
}
REFERENCE_SFT = {
    "learning_rate": 1e-5,
    "lr_scheduler_type": "linear",
    "warmup_steps": 0.05,
    "max_grad_norm": 0.3,
    "weight_decay": 0.0,
    "optim": "adamw_torch",
    "adam_beta1": 0.9,
    "adam_beta2": 0.999,
    "adam_epsilon": 1e-8,
    "num_train_epochs": 3,
    "per_device_train_batch_size": 4,
    "gradient_accumulation_steps": 8,
    "loss_type": "nll",
    "packing": False,
    "padding_free": False,
    "max_length": None,
    "assistant_only_loss": False,
    "label_smoothing_factor": 0.0,
    "dataloader_drop_last": False,
    "train_sampling_strategy": "random",
    "shuffle_dataset": False,
    "seed": 42,
}


def effective(stage, **change):
    from trl import GRPOConfig, SFTConfig

    if stage == "grpo":
        config = GrpoConfig.model_validate({**SHARED, **RIM, **GRPO, **change})
        return effective_fields(GRPOConfig(output_dir="o", **grpo_arguments(config)))
    config = SftConfig.model_validate({**SHARED, **SFT, **change})
    return effective_fields(SFTConfig(output_dir="o", **sft_arguments(config)))


@pytest.mark.parametrize(("stage", "reference"), [("grpo", REFERENCE_GRPO), ("sft", REFERENCE_SFT)])
def test_the_papers_runs_have_the_references_values(stage, reference):
    found = effective(stage)
    assert {name: found[name] for name in reference} == reference


@pytest.mark.parametrize("stage", ["grpo", "sft"])
def test_no_field_of_trl_has_moved(stage):
    """Not one of all its fields, also those that we leave to their default.

    After an upgrade: read what each changed field means, decide, and only then write the file anew
    from ``effective``.
    """
    assert effective(stage) == json.loads((GOLDEN / f"{stage}-effective.json").read_text())


def test_the_references_loss_on_all_tokens_is_an_option():
    assert effective("sft")["completion_only_loss"] is True
    assert effective("sft", loss_on="all")["completion_only_loss"] is False


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"beta": 0.04}, "beta", 0.04),
        ({"epsilon_high": 0.28}, "epsilon_high", 0.28),
        ({"loss_type": "dr_grpo"}, "loss_type", "dr_grpo"),
        ({"scale_rewards": "none"}, "scale_rewards", "none"),
        ({"split_rewards": True}, "multi_objective_aggregation", "normalize_then_sum"),
        ({"num_iterations": 2}, "num_iterations", 2),
        ({"min_p": 0.1}, "min_p", 0.1),
        ({"steps": 2000, "epochs": None}, "max_steps", 2000),
        ({"lr_scheduler": "cosine", "warmup_steps": 7}, "warmup_steps", 7.0),
        ({"ddp_timeout_s": 3600}, "ddp_timeout", 3600),
        ({"reward_weights": [1, 2, 2, 5]}, "reward_weights", [1.0, 2.0, 2.0, 5.0]),
    ],
)
def test_an_option_changes_its_own_field(change, field, value):
    before, after = effective("grpo"), effective("grpo", **change)
    assert before[field] != value
    assert after[field] == value


def test_the_record_holds_all_fields_versions_and_differences(tmp_path):
    from trl import SFTConfig

    config = SftConfig.model_validate({**SHARED, **SFT})
    arguments = SFTConfig(output_dir="o", **sft_arguments(config))
    write_effective_config(tmp_path / NAME, "sft", config, arguments, processes=4)
    record = json.loads((tmp_path / NAME).read_text())
    assert record["effective"] == effective("sft")
    assert record["config"]["per_device_batch_size"] == 4
    assert (record["stage"], record["processes"]) == ("sft", 4)
    assert record["versions"]["trl"] == "1.16.0"
    assert record["versions"] == library_versions()
    told = {one["what"] for one in record["differences_from_the_reference"]}
    assert "tokens of the loss" in told
    assert "fp8" not in told


def test_a_record_can_be_read_as_a_configuration_again():
    """What the planner wrote, defaults filled in."""
    config = GrpoConfig.model_validate({**SHARED, **RIM, **GRPO})
    assert GrpoConfig.model_validate(config.model_dump(mode="json")) == config
    sft = SftConfig.model_validate({**SHARED, **SFT})
    assert SftConfig.model_validate(sft.model_dump(mode="json")) == sft


def test_the_docs_tell_every_difference():
    docs = (Path(__file__).resolve().parents[3] / "docs" / "training.md").read_text()
    for one in DIFFERENCES:
        told = f"| {one.what} | {one.reference} | {one.here} | {one.why} |"
        assert told in docs


def test_every_difference_is_of_a_stage():
    assert {one.what for stage in ("sft", "grpo") for one in differences_of(stage)} == {
        one.what for one in DIFFERENCES
    }
