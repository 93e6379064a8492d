"""The files for DeepSpeed and FSDP, read by those who will read them."""

import pytest

from r1sgg_worker.config import SftConfig
from r1sgg_worker.families import FAMILIES
from r1sgg_worker.parallel_arguments import parallel_arguments, parallel_file

ZERO = ("zero2", "zero2-offload", "zero3")

# local_scripts of the release, where they say something that is not "auto" or a default.
REFERENCE = {
    "zero2": {
        "stage": 2,
        "overlap_comm": False,
        "reduce_scatter": True,
        "contiguous_gradients": True,
        "allgather_bucket_size": 2e8,
        "reduce_bucket_size": 2e8,
    },
    "zero3": {
        "stage": 3,
        "overlap_comm": True,
        "contiguous_gradients": True,
        "sub_group_size": 1e9,
        "stage3_max_live_parameters": 1e9,
        "stage3_max_reuse_distance": 1e9,
        "stage3_gather_16bit_weights_on_model_save": True,
    },
}
REFERENCE["zero2-offload"] = {
    **REFERENCE["zero2"],
    "offload_optimizer": {"device": "cpu", "pin_memory": True},
}


def config_of(parallel, **change):
    shared = {"model": "m", "dataset": "d", "output_dir": "o", "progress": "p", "steps": 1}
    own = {"learning_rate": 1e-5, "per_device_batch_size": 4, "device": "cuda"}
    return SftConfig.model_validate({**shared, **own, "parallel": parallel, **change})


@pytest.mark.parametrize("kind", ZERO)
def test_zero_has_the_references_settings(kind):
    found = parallel_file(kind)
    zero = found["zero_optimization"]
    assert {name: zero[name] for name in REFERENCE[kind]} == REFERENCE[kind]
    for name in ("train_batch_size", "train_micro_batch_size_per_gpu", "gradient_clipping"):
        assert found[name] == "auto"
    assert found["bf16"]["enabled"] == found["fp16"]["enabled"] == "auto"


@pytest.mark.parametrize("kind", ZERO)
def test_deepspeed_reads_its_files(kind):
    """DeepSpeed is no part of the CPU environment: skipped there, with what to install."""
    pytest.importorskip("deepspeed", reason="needs deepspeed==0.19.8, which is in the cuda lock")
    from deepspeed.runtime.config import DeepSpeedConfig
    from transformers.integrations.deepspeed import HfTrainerDeepSpeedConfig
    from trl import SFTConfig

    class Model:
        class config:  # noqa: N801 - as a model has it
            hidden_size = 3584

    arguments = SFTConfig(output_dir="o", use_cpu=True, bf16=True, max_grad_norm=0.3)
    ours = HfTrainerDeepSpeedConfig(parallel_file(kind))
    ours.trainer_config_process(arguments)
    ours.trainer_config_finalize(arguments, Model, 100)
    read = DeepSpeedConfig(ours.config)
    assert read.zero_config.stage == REFERENCE[kind]["stage"]
    assert read.zero_config.overlap_comm is REFERENCE[kind]["overlap_comm"]
    assert read.bfloat16_config.enabled
    assert not read.float16_config.enabled
    assert read.gradient_clipping == 0.3
    offload = read.zero_config.offload_optimizer
    assert offload.device == ("cpu" if kind == "zero2-offload" else "none")
    assert (read.optimizer_name == "adamw") is (kind == "zero2-offload")


def test_accelerate_reads_the_fsdp_file():
    from accelerate.utils import FullyShardedDataParallelPlugin
    from trl import SFTConfig

    fields = parallel_arguments(config_of("fsdp", gradient_checkpointing=True))
    arguments = SFTConfig(output_dir="o", use_cpu=True, bf16=False, **fields)
    plugin = FullyShardedDataParallelPlugin(**arguments.fsdp_plugin_args)
    assert plugin.fsdp_version == 2
    assert plugin.reshard_after_forward is True
    assert plugin.activation_checkpointing is True
    assert "FULL_STATE_DICT" in str(plugin.state_dict_type)
    assert plugin.auto_wrap_policy.__name__ == "transformer_auto_wrap_policy"


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_the_blocks_that_fsdp_shards_are_layers_of_the_family(family):
    import torch
    from transformers import CONFIG_MAPPING, AutoModelForImageTextToText

    with torch.device("meta"):
        model = AutoModelForImageTextToText.from_config(CONFIG_MAPPING[family]())
    layers = {type(module).__name__ for module in model.modules()}
    assert set(FAMILIES[family].blocks) <= layers
    assert set(FAMILIES[family].blocks) == set(model._no_split_modules)


def test_an_image_costs_a_token_for_28_pixels_squared():
    """24 x 28 x 28 pixels, the limit of the tiny model: 24 tokens."""
    assert FAMILIES["qwen2_vl"].tokens_of(6 * 28, 4 * 28) == 24


@pytest.mark.parametrize(
    ("parallel", "checkpointing", "own"),
    [
        ("ddp", False, (False, None)),
        ("ddp", True, (True, {"use_reentrant": False})),
        ("zero2", True, (True, {"use_reentrant": False})),
        ("fsdp", True, (False, None)),
    ],
)
def test_gradient_checkpointing_is_done_once(parallel, checkpointing, own):
    config = config_of(parallel, gradient_checkpointing=checkpointing)
    fields = parallel_arguments(config)
    found = (fields["gradient_checkpointing"], fields["gradient_checkpointing_kwargs"])
    assert found == own
    assert (fields["fsdp"] is True) is (parallel == "fsdp")
    assert (fields["deepspeed"] is None) is not parallel.startswith("zero")
