"""What is trained, and what is saved: adapters merged by hand, a frozen image encoder."""

import json

import pytest
import torch
from safetensors.torch import load_file

from r1sgg_worker.__main__ import main

TARGETS = ("q_proj", "v_proj")


def run(tmp_path, tiny, rows, **change):
    config = {
        "model": str(tiny),
        "dataset": str(rows / "sft.jsonl"),
        "output_dir": str(tmp_path / "model"),
        "progress": str(tmp_path / "sft.jsonl"),
        "steps": 3,
        "per_device_batch_size": 2,
        "learning_rate": 1e-2,
        **change,
    }
    path = tmp_path / "sft.json"
    path.write_text(json.dumps(config))
    assert main(["sft", str(path)]) == 0
    return load_file(tiny / "model.safetensors"), load_file(tmp_path / "model/model.safetensors")


def moved(before, after):
    assert before.keys() == after.keys()
    return {name for name in before if not before[name].equal(after[name])}


@pytest.fixture(scope="module")
def adapted(tmp_path_factory, tiny, rows):
    folder = tmp_path_factory.mktemp("adapted")
    lora = {"rank": 4, "alpha": 8, "dropout": 0.05, "targets": list(TARGETS)}
    return folder, *run(folder, tiny, rows, lora=lora)


def test_only_adapters_of_the_language_model_train(adapted):
    _, before, after = adapted
    expected = {
        f"model.layers.{layer}.self_attn.{name}.weight" for layer in (0, 1) for name in TARGETS
    }
    assert moved(before, after) == expected


def test_the_merged_weights_are_the_base_plus_the_adapters_product(adapted):
    """W + alpha / rank x B A, with both taken from the folder ``adapter``."""
    folder, before, after = adapted
    adapter = load_file(folder / "model/adapter/adapter_model.safetensors")
    settings = json.loads((folder / "model/adapter/adapter_config.json").read_text())
    assert (settings["r"], settings["lora_alpha"], settings["lora_dropout"]) == (4, 8, 0.05)
    for layer in (0, 1):
        for name in TARGETS:
            place = f"base_model.model.model.language_model.layers.{layer}.self_attn.{name}"
            a, b = (adapter[f"{place}.lora_{one}.weight"] for one in "AB")
            assert a.shape[0] == b.shape[1] == 4
            weight = f"model.layers.{layer}.self_attn.{name}.weight"
            torch.testing.assert_close(after[weight], before[weight] + 8 / 4 * b @ a)


def test_the_merged_model_is_a_model_like_any_other(adapted):
    from transformers import AutoModelForImageTextToText, AutoProcessor

    folder = adapted[0] / "model"
    names = {path.name for path in (folder / "adapter").iterdir()}
    assert names == {"adapter_config.json", "adapter_model.safetensors"}
    model = AutoModelForImageTextToText.from_pretrained(folder)
    assert not hasattr(model, "peft_config")
    AutoProcessor.from_pretrained(folder)


def test_a_frozen_image_encoder_stays_as_it_is(tmp_path, tiny, rows):
    changed = moved(*run(tmp_path, tiny, rows, freeze_vision=True, gradient_checkpointing=True))
    assert not any("visual" in name for name in changed)
    assert any("q_proj" in name for name in changed)


def test_layers_of_the_image_encoder_are_never_adapted():
    """Qwen2.5-VL's has a gate_proj too."""
    from r1sgg_worker.adapters import lora_of
    from r1sgg_worker.config import SftConfig
    from r1sgg_worker.training_options import LoraOptions

    shared = {"model": "m", "dataset": "d", "output_dir": "o", "progress": "p", "steps": 1}
    config = SftConfig.model_validate(
        {**shared, "learning_rate": 1, "batch_size": 1, "lora": LoraOptions()}
    )
    import re

    pattern = lora_of(config).target_modules
    assert re.fullmatch(pattern, "model.language_model.layers.3.mlp.gate_proj")
    assert not re.fullmatch(pattern, "model.visual.blocks.3.mlp.gate_proj")
