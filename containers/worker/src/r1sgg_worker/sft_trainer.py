"""TRL's SFTTrainer with verified checkpoints."""

from __future__ import annotations

from trl import SFTTrainer

from .checkpointing import Checkpointing


class CheckpointingSFTTrainer(Checkpointing, SFTTrainer):
    """Everything else is TRL's."""
