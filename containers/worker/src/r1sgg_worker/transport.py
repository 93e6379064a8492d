"""How new weights come to the samplers: what the two ways have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .errors import SamplerError
    from .sampler import Sampler
    from .weights import TensorInfo

NamedTensors = Iterable[tuple[str, Any]]
Outcomes = Sequence["SamplerError | None"]
Confirmed = Callable[[str], None]


class WeightTransport(Protocol):
    """Brings weights to samplers. Only the main process has one.

    Unit: ``until`` is a time of ``time.monotonic``.
    """

    def push(
        self,
        samplers: Sequence[Sampler],
        metadata: Sequence[TensorInfo],
        named_tensors: NamedTensors,
        until: float,
        confirmed: Confirmed,
    ) -> Outcomes:
        """Bring all tensors to all samplers, and reset what they computed with the old ones.

        All tensors, always: part of a fused layer (q without k and v) is loaded silently wrong.
        They exist one after the other, gathered by all processes, and are walked through once.

        Shape: for each sampler None, or why it does not hold the weights. ``confirmed`` hears the
        name of each that does. Errors: WorkerError when no sampler can have them.
        """

    def catch_up(self, sampler: Sampler, until: float) -> bool:
        """Bring the weights of the latest push to one sampler; False if it must wait for the next.

        Errors: SamplerError.
        """

    def close(self) -> None:
        """Give back what the transport holds. Never fails."""
