"""How far the samples of a step are from the policy that learns from them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def drift_sums(trainer: Any, server: Any, mask: Any) -> tuple[float, float]:
    """Sums over sampled tokens of the log ratio d = log p_trainer - log p_server, and of its KL.

    KL(server || trainer) is estimated by e^d - 1 - d, which is never negative and, over the
    server's samples, right on average.

    Shape: three tensors, completions x tokens; tokens with a true mask count, and of them those for
    which both sides gave a number. Unit: nats.
    Source: J. Schulman, "Approximating KL divergence" (2020), k3.
    """
    ratio = (trainer.double() - server.double())[mask.bool()]
    ratio = ratio[~ratio.isnan()]
    return float(ratio.sum()), float((ratio.expm1() - ratio).sum())


def kept_mass(logprobs: Iterable[float], top_p: float, top_k: int) -> float:
    """The probability of all tokens that top-k and then top-p leave to the sampler.

    A token that may be sampled is so with its probability divided by this mass. Its log is the log
    ratio of policy and sampler at every such token, and minus its log their KL.

    Shape: log-probabilities of the most likely tokens, at least ``top_k`` of them where that is
    set. Unit: nats in, probability out. Range: (0, 1]. Where the given tokens hold less than
    ``top_p``, as they may without top-k, the answer is ``top_p``, the least it can be.
    Source: vLLM, v1/sample/ops/topk_topp_sampler.py: top-k first, then the smallest set of the
    renormalised rest that reaches top-p.

    >>> round(kept_mass([math.log(0.5), math.log(0.3), math.log(0.2)], 0.6, 0), 6)
    0.8
    """
    if top_p >= 1.0 and top_k == 0:
        return 1.0
    likely = sorted((math.exp(one) for one in logprobs), reverse=True)
    whole = 1.0
    if top_k > 0:
        likely = likely[:top_k]
        whole = sum(likely)
    kept = 0.0
    for one in likely:
        if kept >= top_p * whole:
            break
        kept += one
    return max(kept, top_p) if top_k == 0 else kept
