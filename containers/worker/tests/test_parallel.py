"""The files for DeepSpeed and FSDP, read by those who will read them."""

import pytest

from r1sgg_worker.config import SftConfig
from r1sgg_worker.families import FAMILIES
from r1sgg_worker.parallel_arguments import parallel_arguments, parallel_file
from zero_of_reference import REFERENCE, ZERO


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
