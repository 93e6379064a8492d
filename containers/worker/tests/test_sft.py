"""Two steps of SFT on a tiny model, and what they leave behind."""

import json
import resource
import subprocess
import sys

import pytest

from r1sgg_worker.__main__ import main


def run(tmp_path, tiny, rows, **change):
    config = {
        "model": str(tiny),
        "dataset": str(rows / "sft.jsonl"),
        "output_dir": str(tmp_path / "checkpoint"),
        "progress": str(tmp_path / "progress" / "sft.jsonl"),
        "steps": 2,
        "batch_size": 2,
        "learning_rate": 1e-3,
        **change,
    }
    path = tmp_path / "sft.json"
    path.write_text(json.dumps(config))
    return main(["sft", str(path)])


def progress(tmp_path):
    text = (tmp_path / "progress" / "sft.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def test_two_steps_leave_a_checkpoint_that_loads_and_differs(tmp_path, tiny, rows):
    from safetensors.torch import load_file
    from transformers import AutoModelForImageTextToText, AutoProcessor

    assert run(tmp_path, tiny, rows) == 0
    folder = tmp_path / "checkpoint"
    before, after = (load_file(path / "model.safetensors") for path in (tiny, folder))
    assert before.keys() == after.keys()
    moved = {name for name in before if not before[name].equal(after[name])}
    assert any("visual" in name for name in moved)
    assert any("layers.0.self_attn" in name for name in moved)
    AutoModelForImageTextToText.from_pretrained(folder)
    size = AutoProcessor.from_pretrained(folder).image_processor.size
    assert (size["shortest_edge"], size["longest_edge"]) == (3136, 18816)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert json.loads((folder / "effective-config.json").read_text())["stage"] == "sft"


def test_progress_has_the_phases_and_a_line_a_step(tmp_path, tiny, rows):
    assert run(tmp_path, tiny, rows) == 0
    lines = progress(tmp_path)
    phases = [line["phase"] for line in lines if "phase" in line]
    assert phases == ["importing", "loading model", "training", "saving", "done"]
    steps = [line for line in lines if "step" in line]
    assert [(line["step"], line["of"]) for line in steps] == [(1, 2), (2, 2)]
    for line in steps:
        for name in ("loss", "grad_norm", "time/step_s", "tokens_per_s", "memory_gib", "time"):
            assert line[name] > 0


def batch_of(tiny, rows, **change):
    """One batch as the trainer gets it, its row, and the tokenizer."""
    from transformers import AutoProcessor
    from trl.trainer.sft_trainer import DataCollatorForVisionLanguageModeling

    from r1sgg_worker.config import SftConfig
    from r1sgg_worker.rows import SftRow, as_messages, load_rows, open_image
    from r1sgg_worker.sft import sft_arguments
    from r1sgg_worker.sft_collator import SftCollator

    row = load_rows(rows / "sft.jsonl", SftRow)[0]
    shared = {"model": str(tiny), "dataset": rows / "sft.jsonl", "output_dir": "o"}
    optimiser = {"progress": "p", "steps": 1, "batch_size": 1, "learning_rate": 1}
    config = SftConfig.model_validate({**shared, **optimiser, **change})
    fields = sft_arguments(config)
    processor = AutoProcessor.from_pretrained(tiny)
    collate = DataCollatorForVisionLanguageModeling(
        processor,
        max_length=fields["max_length"],
        completion_only_loss=fields["completion_only_loss"],
    )
    example = {
        "image_id": row.image_id,
        "images": [open_image(row.image_path)],
        "prompt": as_messages(row.prompt),
        "completion": as_messages(row.completion),
    }
    return SftCollator(collate, processor.tokenizer, config)([example]), row, processor.tokenizer


def test_only_the_answer_is_learned(tiny, rows):
    batch, row, tokenizer = batch_of(tiny, rows)
    labels = batch["labels"][0]
    text = tokenizer.decode(labels[labels != -100])
    assert text == row.completion[0].content + "<|im_end|>\n"


def test_the_references_loss_is_on_all_but_the_image(tiny, rows):
    """Every token of the row is its own label, save the three kinds that hold an image's place."""
    batch, row, tokenizer = batch_of(tiny, rows, loss_on="all")
    ids, labels = batch["input_ids"][0], batch["labels"][0]
    names = ("<|vision_start|>", "<|image_pad|>", "<|vision_end|>")
    image = {tokenizer.convert_tokens_to_ids(name) for name in names}
    assert {int(one) for one in ids[labels == -100]} == image
    assert ids[labels != -100].equal(labels[labels != -100])
    text = tokenizer.decode(labels[labels != -100])
    assert row.prompt[0].content in text
    assert row.prompt[1].content in text
    assert text.endswith(row.completion[0].content + "<|im_end|>\n")


def test_a_row_that_is_too_long_is_refused_and_not_cut(tiny, rows):
    from r1sgg_worker.errors import DataError

    length = batch_of(tiny, rows)[0]["input_ids"].shape[1]
    batch_of(tiny, rows, max_length=length)
    words = f'image "0": its row has {length} tokens, expected at most max_length {length - 1}'
    with pytest.raises(DataError, match=words):
        batch_of(tiny, rows, max_length=length - 1)


def test_a_model_of_another_family_is_one_sentence(tmp_path, tiny, rows, capsys):
    assert run(tmp_path, tiny, rows, family="qwen2_5_vl") == 2
    err = capsys.readouterr().err.splitlines()[-1]
    assert err.endswith('its model_type is "qwen2_vl", expected qwen2_5_vl')


def test_a_loss_that_is_lost_ends_the_run(tmp_path, tiny, rows, capsys):
    assert run(tmp_path, tiny, rows, learning_rate=1e30, steps=4, max_grad_norm=1e30) == 1
    assert "expected a finite number" in capsys.readouterr().err
    assert not (tmp_path / "checkpoint").exists()


@pytest.mark.parametrize("model", ["/no/such/folder"])
def test_a_model_that_does_not_exist_is_one_line_and_code_2(tmp_path, rows, capsys, model):
    assert run(tmp_path, model, rows) == 2
    err = capsys.readouterr().err
    assert model in err
    assert len(err.splitlines()) == 1


def test_a_disk_that_is_full_at_the_end_is_one_sentence(tmp_path, tiny, rows):
    """A limit on the size of files stands in for the full disk."""
    path = tmp_path / "sft.json"
    config = {
        "model": str(tiny),
        "dataset": str(rows / "sft.jsonl"),
        "output_dir": str(tmp_path / "checkpoint"),
        "progress": str(tmp_path / "sft.jsonl"),
        "steps": 1,
        "batch_size": 1,
        "learning_rate": 1e-3,
    }
    path.write_text(json.dumps(config))
    done = subprocess.run(
        [sys.executable, "-m", "r1sgg_worker", "sft", str(path)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000)),
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Cannot write" in done.stderr.splitlines()[-1]
    assert not (tmp_path / "checkpoint").exists()
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_an_attention_that_is_not_installed_is_one_sentence(tmp_path, tiny, rows, capsys):
    assert run(tmp_path, tiny, rows, attn_implementation="flash_attention_2") == 2
    assert 'not installed, expected it or "sdpa"' in capsys.readouterr().err.splitlines()[-1]


def test_a_gpu_that_is_not_there_is_one_sentence(tmp_path, tiny, rows, capsys):
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    assert run(tmp_path, tiny, rows, device="cuda") == 2
    assert "torch finds no GPU" in capsys.readouterr().err
