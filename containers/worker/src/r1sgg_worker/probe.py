"""The same tokens on every sampler and in the trainer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .integrity import largest_difference
from .off_policy import kept_mass

if TYPE_CHECKING:
    from .fleet import SamplerFleet

_MOST_LIKELY = 64


class Probe:
    """Asks all samplers for the log-probabilities of a completion that the trainer has scored."""

    def __init__(self, fleet: SamplerFleet) -> None:
        self.fleet = fleet

    def compare(
        self, output: Any, features: Any, top_p: float, top_k: int
    ) -> tuple[dict[str, float], float | None]:
        """Each sampler's largest difference to the trainer, and what top-p and top-k cut off.

        ``output`` is TRL's batch; its first completion is the probe, ``features`` are its image's.
        The first sampler that answers also tells its most likely tokens. What is cut off is the
        mean of -log of the mass that is kept (`kept_mass`), which is the KL of the truncated
        sampler to the policy; None without truncation.

        Unit: nats. Errors: those of `SamplerFleet.on_each`.
        """
        import torch

        prompt = output["prompt_ids"][0][output["prompt_mask"][0].bool()].tolist()
        mask = output["completion_mask"][0].bool()
        completion = output["completion_ids"][0][mask].tolist()
        ours = output["old_per_token_logps"][0][mask].double().cpu()
        truncated = top_p < 1.0 or top_k > 0
        most_likely = (top_k or _MOST_LIKELY) if truncated else 0
        first = self.fleet.ready()[0].sampler.name
        scores = self.fleet.on_each(
            lambda sampler: sampler.score(
                prompt + completion,
                features,
                len(prompt),
                most_likely if sampler.name == first else 0,
            )
        )
        found = {}
        truncation = None
        for name, rows in zip(self.fleet.names, scores, strict=True):
            if rows is None:
                continue
            theirs = [row.get(token, math.nan) for row, token in zip(rows, completion, strict=True)]
            found[name] = largest_difference(ours, torch.tensor(theirs), torch.ones(len(theirs)))
            if truncated and name == first:
                masses = [kept_mass(row.values(), top_p, top_k) for row in rows]
                truncation = sum(-math.log(mass) for mass in masses) / len(masses)
        return found, truncation
