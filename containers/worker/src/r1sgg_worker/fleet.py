"""All samplers of a run: prompts shared out, weights in step."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import SamplerError, SamplerTimeoutError, TimeLimitError
from .shares import share_out
from .weights import CountedTensors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .roster import Member, Roster
    from .sampler import Sampler
    from .transport import Confirmed, WeightTransport
    from .weights import TensorInfo

Result = TypeVar("Result")
_REQUESTS_A_SAMPLER = 64


@dataclass(frozen=True)
class Sync:
    """One transfer of weights. Unit: seconds, bytes of tensor data, samplers that confirmed."""

    version: int
    seconds: float
    bytes: int
    samplers: int


class SamplerFleet:
    """Samples from several servers and brings them weights; only the main process has one.

    A prompt is the unit: one server samples its whole group. A server that fails is left out and
    its prompts go to the others, or it ends the run (`Roster`); one that was restarted, or is back,
    has this step's weights before it is asked for anything.

    Unit: seconds.
    """

    def __init__(
        self,
        roster: Roster,
        transport: WeightTransport,
        push_timeout_s: float,
        on_sync: Callable[[Sync], None],
    ) -> None:
        self._roster = roster
        self._transport = transport
        self._push_timeout_s = push_timeout_s
        self._on_sync = on_sync
        self._version = 0
        self.waiting_for: Confirmed = lambda _: None

    @property
    def names(self) -> list[str]:
        """The servers, in the order of endpoints.json."""
        return [member.sampler.name for member in self._roster.members]

    def map(self, count: int, call: Callable[[Sampler, int], Result]) -> list[tuple[int, Result]]:
        """``call(sampler, i)`` for every prompt i, in order, each with the server that answered.

        Errors: SamplerError when no server is left, or a loss ends the run; whatever else the call
        raises, at once.
        """
        live = self.ready()
        places = {id(member): place for place, member in enumerate(self._roster.members)}
        chosen = share_out(count, [one.sampler.endpoint.capacity for one in live])

        def run(i: int) -> tuple[int, Result]:
            for turn in range(len(live)):
                member = live[(chosen[i] + turn) % len(live)]
                if member.version != self._version:
                    continue  # another prompt has found it lost
                try:
                    return places[id(member)], call(member.sampler, i)
                except SamplerError as error:
                    self._roster.lose(member, error)
            raise self._roster.none_left()

        pool = ThreadPoolExecutor(max(1, min(count, _REQUESTS_A_SAMPLER * len(live))))
        try:
            return list(pool.map(run, range(count)))
        finally:
            pool.shutdown(cancel_futures=True)

    def on_each(self, call: Callable[[Sampler], Result]) -> list[Result | None]:
        """``call`` on every server, in the order of endpoints.json; None for a lost one.

        Errors: as `map`.
        """

        def run(member: Member) -> Result | None:
            if member.version != self._version:
                return None
            try:
                return call(member.sampler)
            except SamplerError as error:
                self._roster.lose(member, error)
                return None

        self.ready()
        return self._together(run)

    def ready(self) -> list[Member]:
        """The servers that hold this step's weights, after those that are up have been given them.

        Errors: SamplerError when there is none, or a loss ends the run.
        """
        until = time.monotonic() + self._push_timeout_s

        def refresh(member: Member) -> None:
            if member.version is None and time.monotonic() < member.ask_again:
                return
            try:
                boot = member.sampler.boot_time()
                if (member.version, member.boot) == (self._version, boot):
                    return
                member.version = None
                if self._transport.catch_up(member.sampler, until):
                    self._roster.holds(member, self._version, boot)
            except SamplerError as error:
                self._roster.lose(member, error)

        self._together(refresh)
        live = [one for one in self._roster.members if one.version == self._version]
        if not live:
            raise self._roster.none_left()
        return live

    def update_named_params(
        self, metadata: Sequence[TensorInfo], named_params: Iterable[tuple[str, Any]]
    ) -> None:
        """Bring all weights to all servers; TRL calls this before each step's first sample.

        Errors: TimeLimitError when a server does not confirm within ``push_timeout_s``;
        SamplerError when none is left, or a loss ends the run; WorkerError of the transport.
        """
        start = time.monotonic()
        until = start + self._push_timeout_s
        self._version += 1
        counted = CountedTensors(named_params)
        try:
            asked = self._answering()
            outcomes = self._transport.push(
                [member.sampler for member, _ in asked], metadata, counted, until, self.waiting_for
            )
        finally:
            for _ in counted:  # the other processes gather every tensor: go through all with them
                pass
        for (member, boot), error in zip(asked, outcomes, strict=True):
            if error is None:
                self._roster.holds(member, self._version, boot)
            else:
                self._lose_in_push(member, error)
        if not (confirmed := sum(error is None for error in outcomes)):
            raise self._roster.none_left()
        self._on_sync(Sync(self._version, time.monotonic() - start, counted.bytes, confirmed))

    def reset_prefix_cache(self) -> None:
        """Nothing to do: TRL calls it after a push, and a transport has reset all three caches."""

    def close(self) -> None:
        """Give back what the transport holds."""
        self._transport.close()

    def _answering(self) -> list[tuple[Member, str]]:
        def ask(member: Member) -> tuple[Member, str] | None:
            if member.lost is not None and time.monotonic() < member.ask_again:
                return None
            try:
                return member, member.sampler.boot_time()
            except SamplerError as error:
                if member.lost is not None:  # and still is
                    self._roster.lose(member, error)
                else:
                    self._lose_in_push(member, error)
                return None

        found = [one for one in self._together(ask) if one is not None]
        if not found:
            raise self._roster.none_left()
        return found

    def _lose_in_push(self, member: Member, error: SamplerError) -> None:
        if isinstance(error, SamplerTimeoutError):
            raise TimeLimitError(
                f'Cannot bring weights to sampler "{member.sampler.name}": not confirmed within '
                f"push_timeout_s {self._push_timeout_s:g} s ({error})"
            ) from error
        self._roster.lose(member, error)

    def _together(self, call: Callable[[Member], Result]) -> list[Result]:
        with ThreadPoolExecutor(len(self._roster.members)) as pool:
            return list(pool.map(call, self._roster.members))
