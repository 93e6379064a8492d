"""What one process holds of a model in training, by the kind of parallelism."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .config_base import Dtype
    from .model_sizes import ModelSize
    from .training_options import Parallel

_FULL = 4
_HALF = 2
_MOMENTS = 2


@dataclass(frozen=True)
class ShardMemory:
    """Bytes of one process. Activations, logits, buffers and a colocated sampler come on top."""

    weights: int
    gradients: int
    optimiser: int
    optimiser_on_cpu: int

    @property
    def device(self) -> int:
        """What lies on the process's own device."""
        return self.weights + self.gradients + self.optimiser


def shard_memory(size: ModelSize, parallel: Parallel, dtype: Dtype, processes: int) -> ShardMemory:
    """What each of the processes holds between two steps.

    With ``none`` and ``ddp`` weights, gradients and both moments of AdamW are in ``dtype``.
    DeepSpeed in bfloat16 keeps full-precision copies of the weights with full-precision moments,
    sharded; FSDP by accelerate trains full-precision weights, sharded, and computes in ``dtype``.

    Unit: bytes. Range: exact for ``none`` and ``ddp``, a lower bound for the others.
    Source: Rajbhandari et al., ZeRO, section 3: (2 + 2 + 12) bytes a parameter in half precision.
    """
    width = _HALF if dtype == "bfloat16" else _FULL
    copies = _FULL * (_MOMENTS + (dtype == "bfloat16"))
    held, trained = size.parameters, size.trainable

    def share(count: int) -> int:
        return -(-count // processes)

    if parallel in ("none", "ddp"):
        return ShardMemory(width * held, width * trained, _MOMENTS * width * trained, 0)
    if parallel == "fsdp":
        frozen = width * share(held - trained)
        shard = share(trained)
        return ShardMemory(frozen + _FULL * shard, _FULL * shard, _MOMENTS * _FULL * shard, 0)
    weights = width * (share(held) if parallel == "zero3" else held)
    gradients, states = width * share(trained), copies * share(trained)
    if parallel == "zero2-offload":
        return ShardMemory(weights, gradients, 0, states)
    return ShardMemory(weights, gradients, states, 0)
