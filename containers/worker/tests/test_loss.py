"""TRL's own advantages and loss against their definitions, on numbers small enough to check."""

import math
from types import SimpleNamespace

import pandas
import pytest
import torch

from plain_trl import trainer_of

NAN = float("nan")


@pytest.fixture(scope="module")
def trainer(tmp_path_factory, learned):
    """A trainer whose rewards are what the test says."""
    given = SimpleNamespace(rewards=[0.0] * 8)
    folder = tmp_path_factory.mktemp("loss")
    trainer = trainer_of(
        learned,
        folder,
        [lambda completions, **_: given.rewards],
        max_steps=1,
        loss_type="bnpo",
        epsilon=0.2,
        epsilon_high=0.2,
        scale_rewards="group",
        beta=0.0,
    )
    return SimpleNamespace(trl=trainer, given=given, folder=folder)


def test_an_advantage_is_the_distance_from_the_mean_in_deviations(trainer):
    """(r - mean) / (std + 1e-4) in a group of four, the deviation unbiased.

    0 0 1 1: mean 1/2, variance (4/4) / 3 = 1/3. 2 2 2 6: mean 3, variance (1+1+1+9) / 3 = 4.
    """
    trainer.given.rewards = [0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 2.0, 6.0]
    trainer.trl.train()
    (path,) = trainer.folder.glob("completions/*.parquet")
    one = 0.5 / (3**-0.5 + 1e-4)
    low, high = -1 / (2 + 1e-4), 3 / (2 + 1e-4)
    expected = [-one, -one, one, one, low, low, low, high]
    assert pandas.read_parquet(path)["advantage"].tolist() == pytest.approx(expected, abs=1e-6)


# Two completions of three tokens, the second of which has two: log-probabilities now and when
# sampled, advantages, and the truncated ratio of trainer and sampler.
NOW = [[-1.0, -2.0, -0.5], [-0.1, -3.0, NAN]]
THEN = [[-1.0, -2.5, -0.3], [-0.9, -3.0, NAN]]
ADVANTAGES = [1.5, -0.5]
RATIOS = [[1.0, 2.0, 0.5], [1.0, 1.25, NAN]]
MASK = [[1, 1, 1], [1, 1, 0]]
PARTS = 2


def clipped_loss(*, correction, kind):
    """From the definition, in plain Python: min(ratio A, clip(ratio) A), summed, by its count."""
    rows = []
    for now, then, advantage, ratios, mask in zip(NOW, THEN, ADVANTAGES, RATIOS, MASK, strict=True):
        terms = []
        for i, kept in enumerate(mask):
            if not kept:
                continue
            ratio = math.exp(now[i] - then[i])
            clip = min(max(ratio, 0.8), 1.2)
            gain = min(ratio * advantage, clip * advantage)
            terms.append(-gain * (ratios[i] if correction else 1.0))
        rows.append(terms)
    if kind == "bnpo":
        every = [term for terms in rows for term in terms]
        return sum(every) / len(every) / PARTS
    return sum(sum(terms) / len(terms) for terms in rows) / len(rows) / PARTS


@pytest.mark.parametrize("kind", ["bnpo", "grpo"])
@pytest.mark.parametrize("correction", [False, True])
def test_the_loss_is_that_of_its_definition(trainer, monkeypatch, kind, correction):
    now = torch.tensor(NOW).nan_to_num(-1.0).requires_grad_()
    trl = trainer.trl
    monkeypatch.setattr(trl, "loss_type", kind)
    monkeypatch.setattr(trl, "use_vllm", correction)
    monkeypatch.setattr(trl, "vllm_importance_sampling_correction", True)
    monkeypatch.setattr(trl, "current_gradient_accumulation_steps", PARTS)
    monkeypatch.setattr(
        trl,
        "_get_per_token_logps_and_entropies",
        lambda *_, **__: (now, torch.zeros(2, 3), None),
    )
    inputs = {
        "prompt_ids": torch.ones(2, 1, dtype=torch.long),
        "prompt_mask": torch.ones(2, 1, dtype=torch.long),
        "completion_ids": torch.ones(2, 3, dtype=torch.long),
        "completion_mask": torch.tensor(MASK),
        "advantages": torch.tensor(ADVANTAGES),
        "old_per_token_logps": torch.tensor(THEN).nan_to_num(-1.0),
        "importance_sampling_ratio": torch.tensor(RATIOS).nan_to_num(1.0),
        "num_items_in_batch": torch.tensor(5),
    }
    loss = trl._compute_loss(trl.model, inputs)
    expected = clipped_loss(correction=correction, kind=kind)
    assert loss.item() == pytest.approx(expected, abs=1e-6)
    loss.backward()
    # A token whose ratio is beyond the clip in the direction of its advantage has no gradient:
    # exp(0.5) > 1.2 with A > 0. The next one, exp(-0.2) within, has one; padding has none.
    assert now.grad[0, 1] == 0
    assert now.grad[0, 2] != 0
    assert now.grad[1, 2] == 0
