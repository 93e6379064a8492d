"""How far samples are from the policy."""

import math
from random import Random

import pytest
import torch

from r1sgg_worker.off_policy import drift_sums, kept_mass


def test_the_log_ratio_and_its_kl_are_summed_over_sampled_tokens():
    trainer = torch.tensor([[-1.0, -2.0], [-3.0, 50.0]])
    server = torch.tensor([[-1.0, -1.5], [-3.25, 0.0]])
    ratio, divergence = drift_sums(trainer, server, torch.tensor([[1, 1], [1, 0]]))
    assert ratio == pytest.approx(-0.5 + 0.25)
    assert divergence == pytest.approx(math.exp(-0.5) + 0.5 - 1 + math.exp(0.25) - 0.25 - 1)


def test_tokens_without_a_log_probability_are_left_out():
    trainer, server = torch.tensor([[-1.0, -2.0]]), torch.tensor([[math.nan, -2.5]])
    assert drift_sums(trainer, server, torch.ones(1, 2))[0] == pytest.approx(0.5)


def test_the_kl_of_samples_of_a_distribution_is_right_on_average():
    """Exact sum over all tokens: the estimator's mean is the KL of server to trainer."""
    server = torch.tensor([0.5, 0.3, 0.2]).double()
    trainer = torch.tensor([0.4, 0.4, 0.2]).double()
    each = [
        drift_sums(trainer[i : i + 1].log(), server[i : i + 1].log(), torch.ones(1))[1]
        for i in range(3)
    ]
    exact = float((server * (server / trainer).log()).sum())
    assert float(server @ torch.tensor(each).double()) == pytest.approx(exact)


LIKELY = [math.log(p) for p in (0.5, 0.25, 0.15, 0.1)]


@pytest.mark.parametrize(
    ("top_p", "top_k", "mass"),
    [
        (1.0, 0, 1.0),
        (0.9, 0, 0.9),  # the first three reach it exactly
        (0.8, 0, 0.9),
        (0.4, 0, 0.5),
        (1.0, 2, 0.75),
        (0.9, 2, 0.75),  # 0.5 of 0.75 is less than 0.9, both stay
        (0.6, 2, 0.5),  # 0.5 of 0.75 is 0.67
        (0.9, 1, 0.5),
    ],
)
def test_hand_worked_masses(top_p, top_k, mass):
    assert kept_mass(LIKELY, top_p, top_k) == pytest.approx(mass)


def test_the_mass_is_that_of_vllms_own_sampler():
    from vllm.v1.sample.ops.topk_topp_sampler import apply_top_k_top_p_pytorch

    rng = Random(5)
    torch.manual_seed(5)
    for _ in range(100):
        logits = torch.randn(1, 40) * rng.uniform(0.5, 4)
        top_p = rng.choice([0.3, 0.7, 0.9, 1.0])
        top_k = rng.choice([0, 1, 5, 39])
        kept = apply_top_k_top_p_pytorch(
            logits.clone(),
            torch.tensor([top_k]) if top_k else None,
            torch.tensor([top_p]) if top_p < 1 else None,
            allow_cpu_sync=True,
        )
        exact = float(logits.softmax(-1)[kept > -math.inf].sum())
        found = kept_mass(logits.log_softmax(-1)[0].tolist(), top_p, top_k)
        assert found == pytest.approx(exact, abs=1e-5)


def test_without_top_k_the_mass_is_at_least_top_p_when_few_tokens_are_known():
    assert kept_mass(LIKELY[:1], 0.9, 0) == 0.9
