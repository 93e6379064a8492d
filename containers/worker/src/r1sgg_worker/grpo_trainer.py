"""TRL's GRPOTrainer over the fleet, with verified checkpoints that keep the order of the data."""

from __future__ import annotations

from typing import Any

import torch
from trl import GRPOTrainer

from .checkpointing import Checkpointing
from .trainer import FleetGRPOTrainer


class ResumableOrder:
    """To be inherited from before TRL's GRPOTrainer: the data's order after a resume.

    TRL 1.16 shuffles with a generator that starts from the seed in every process that starts, so
    that a run resumed in its second epoch would see the first one's order again. The generator is
    turned on by as many shuffles as epochs are over.
    """

    epochs_over: int = 0

    def _get_train_sampler(self, dataset: Any = None) -> Any:
        sampler = super()._get_train_sampler(dataset)  # type: ignore[misc]
        for _ in range(self.epochs_over if sampler.shuffle else 0):
            torch.randperm(sampler.num_samples, generator=sampler.generator)
        return sampler


class ResumableGRPOTrainer(Checkpointing, ResumableOrder, FleetGRPOTrainer):
    """Samples from the fleet."""


class ColocatedGRPOTrainer(Checkpointing, ResumableOrder, GRPOTrainer):
    """Samples from the vLLM in its own process, as TRL does it."""
