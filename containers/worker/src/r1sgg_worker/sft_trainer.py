"""TRL's SFTTrainer with verified checkpoints, and rows of one length side by side where asked."""

from __future__ import annotations

from typing import Any

from transformers.trainer_pt_utils import BatchRebalanceSampler
from trl import SFTTrainer

from .checkpointing import Checkpointing


class CheckpointingSFTTrainer(Checkpointing, SFTTrainer):
    """Everything else is TRL's.

    ``row_lengths``, tokens, must be there before a training by ``batch_rebalance``: transformers
    looks for them in a column, which a dataset that is read when it is needed does not have.
    """

    row_lengths: list[int]

    def _get_train_sampler(self, train_dataset: Any = None) -> Any:
        """As transformers makes it, but for the seed: there it is 42, whatever the run's is."""
        args = self.args
        if args.train_sampling_strategy != "batch_rebalance":
            return super()._get_train_sampler(train_dataset)
        processes, parts = args.world_size, args.gradient_accumulation_steps
        return BatchRebalanceSampler(
            self.row_lengths,
            effective_batch_size=args.train_batch_size * parts * processes,
            dp_size=processes,
            grad_accum=parts,
            seed=args.data_seed,
            rank=args.process_index,
            drop_last=args.dataloader_drop_last,
        )
