"""The time limits of a step's common parts, watched from outside the process."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .config import GrpoConfig
    from .endpoints import Endpoints
    from .watchdog import Watchdog

_GRACE_S = 5.0
_GRACE_OF_OTHERS_S = 15.0


@dataclass(frozen=True)
class Limits:
    """Ends this process with one sentence when pushing or sampling is not done in its time.

    A request to a server has the same limit and ends with a sentence that names the server; these
    are for what no request limit reaches: a hang in NCCL, in a gathering of weights, on a disk.
    They come a few seconds later, and later still in processes that only wait for the main one.

    Unit: seconds. ``sampling_timeout_s`` is that of one request; a prompt takes two (its image, its
    completions) on every server at worst, after the servers have been given the weights.
    """

    watchdog: Watchdog
    samplers: Sequence[str]
    push_timeout_s: float
    sampling_timeout_s: float
    main: bool

    @contextmanager
    def push(self) -> Iterator[Callable[[str], None]]:
        """Round a push; what it gives is told each server that has confirmed."""
        waiting = list(self.samplers)

        def sentence() -> str:
            named = ", ".join(f'"{name}"' for name in waiting)
            return (
                f"Cannot bring weights to sampler {named}: not confirmed within push_timeout_s "
                f"{self.push_timeout_s:g} s"
            )

        def confirmed(name: str) -> None:
            if name in waiting:
                waiting.remove(name)
            if waiting:
                self.watchdog.say(sentence())

        with self.watchdog.limit(self.push_timeout_s + self._grace(), sentence()):
            yield confirmed

    @contextmanager
    def sampling(self) -> Iterator[None]:
        """Round the sampling of a step."""
        named = ", ".join(f'"{name}"' for name in self.samplers)
        seconds = self.push_timeout_s + 2 * self.sampling_timeout_s * len(self.samplers)
        with self.watchdog.limit(
            seconds + self._grace(),
            f"Cannot sample from {named}: not done within {seconds:g} s, from push_timeout_s "
            "and sampler_timeout_s",
        ):
            yield

    def _grace(self) -> float:
        return _GRACE_S if self.main else _GRACE_OF_OTHERS_S


def limits_of(
    config: GrpoConfig, endpoints: Endpoints, watchdog: Watchdog, *, main: bool
) -> Limits:
    """The limits of a run."""
    return Limits(
        watchdog,
        [one.url.rstrip("/") for one in endpoints.samplers],
        config.push_timeout_s,
        config.sampler_timeout_s,
        main,
    )
