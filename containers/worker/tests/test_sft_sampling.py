"""SFT by ``batch_rebalance``: the same steps with less padding."""

import json
from types import SimpleNamespace

import pytest
import torch

from r1sgg_worker.__main__ import main
from r1sgg_worker.rows import SftRow, load_rows
from r1sgg_worker.sft import token_counts


def trained(folder, tiny, rows, strategy):
    """The weights after one step on all 12 rows, in 4 parts."""
    from safetensors.torch import load_file

    folder.mkdir()
    config = {
        "model": str(tiny),
        "dataset": str(rows / "sft.jsonl"),
        "output_dir": str(folder / "checkpoint"),
        "progress": str(folder / "sft.jsonl"),
        "steps": 1,
        "per_device_batch_size": 3,
        "gradient_accumulation_steps": 4,
        "learning_rate": 1e-3,
        "adam_epsilon": 1e-3,
        "train_sampling_strategy": strategy,
    }
    path = folder / "sft.json"
    path.write_text(json.dumps(config))
    assert main(["sft", str(path)]) == 0
    return load_file(folder / "checkpoint" / "model.safetensors")


def test_a_step_on_the_same_rows_makes_the_same_model(tmp_path, tiny, rows):
    """Parts of different sizes weigh by their tokens: the gradient is that of the whole step."""
    one, other = (
        trained(tmp_path / name, tiny, rows, name) for name in ("random", "batch_rebalance")
    )
    for name, weights in one.items():
        torch.testing.assert_close(other[name], weights, atol=2e-6, rtol=0, msg=name)


def sampler(seed, lengths, *, rank=0, processes=1):
    from r1sgg_worker.sft_trainer import CheckpointingSFTTrainer

    trainer = CheckpointingSFTTrainer.__new__(CheckpointingSFTTrainer)
    trainer.args = SimpleNamespace(
        train_sampling_strategy="batch_rebalance",
        world_size=processes,
        process_index=rank,
        gradient_accumulation_steps=3,
        train_batch_size=4,
        data_seed=seed,
        dataloader_drop_last=False,
    )
    trainer.row_lengths = lengths
    return trainer._get_train_sampler()


LENGTHS = [10 + (row * 7919) % 97 for row in range(120)]


def test_an_epoch_has_every_row_once_in_another_order_for_another_seed():
    one, other = (list(sampler(seed, LENGTHS)) for seed in (1, 2))
    for parts in (one, other):
        assert sorted(row for part in parts for row in part) == list(range(120))
    assert one == list(sampler(1, LENGTHS))
    assert one != other


@pytest.mark.parametrize("processes", [1, 2])
def test_rows_of_a_step_lie_beside_rows_of_their_length(processes):
    """Padding falls by more than half, though the rows of each step are drawn at random."""
    ranks = [list(sampler(0, LENGTHS, rank=rank, processes=processes)) for rank in range(processes)]
    parts = [part for rank in ranks for part in rank]
    assert sorted(row for part in parts for row in part) == list(range(120))
    steps = [
        sorted(row for rank in ranks for part in rank[at : at + 3] for row in part)
        for at in range(0, len(ranks[0]), 3)
    ]
    assert all(len(step) == 12 * processes for step in steps)
    fours = [step[at : at + 4] for step in steps for at in range(0, len(step), 4)]

    def padding(batches):
        lengths = [[LENGTHS[row] for row in batch] for batch in batches]
        return sum(max(one) * len(one) - sum(one) for one in lengths)

    assert padding(parts) < padding(fours) / 2


def test_a_rows_length_is_that_of_its_texts(tiny, rows):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny)
    found = load_rows(rows / "sft.jsonl", SftRow)
    counts = token_counts(found, tokenizer)
    text = "".join(part.content for part in (*found[0].prompt, *found[0].completion))
    assert counts[0] == len(tokenizer(text)["input_ids"])
    assert len(counts) == len(found)
