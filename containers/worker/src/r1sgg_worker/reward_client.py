"""Client of the reward endpoint: a batch gets all its rewards, or none of them."""

from __future__ import annotations

import asyncio
import math
import os
import re
from asyncio import sleep
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from .errors import ConfigError, WorkerError
from .retry import pause_s, retry_after_s
from .unscored import Failure, UnscoredLimit

if TYPE_CHECKING:
    from .reward_request import RewardRequest

_TOKEN_VARIABLE = "R1SGG_REWARD_TOKEN"
_CONNECT_TIMEOUT_S = 5.0
_OK_STATUS = 200
_RETRIED_STATUS = frozenset({408, 429})
_SERVER_STATUS = 500
_QUOTED_CHARACTERS = 300


@dataclass(frozen=True)
class Scores:
    """For each reward a value for every completion, in the order sent: all numbers or all None."""

    request_id: str
    rewards: dict[str, list[float]] | dict[str, list[None]]
    scored: bool


class _PassingError(Exception):
    """A failure that may be gone at the next try; the server may have asked for a pause."""

    def __init__(self, reason: str, asked_s: float = 0.0) -> None:
        super().__init__(reason)
        self.asked_s = asked_s


class RewardClient:
    """Asks ``POST /v1/rewards`` for the rewards ``names``, over kept connections.

    What may pass is tried again after a growing pause, a Retry-After honoured: no connection, no
    whole answer within ``timeout_s``, 408, 429, 5xx, an answer that is not what it should be. When
    all ``retries + 1`` tries have failed, every value of the batch is None, never 0, and
    ``unscored`` counts it. A batch so waits at most ``(retries + 1) x timeout_s`` and the pauses:
    keep that below the time-out of the trainers' collectives (10 minutes by default).

    The environment variable R1SGG_REWARD_TOKEN holds the token, if there is one.

    Unit: seconds. Errors: ConfigError for a URL that is none; WorkerError for any other answer,
    since the next try would get it too; UnscoredError when too much went unscored.
    """

    def __init__(  # noqa: PLR0913 - options, given by name
        self,
        url: str,
        names: list[str],
        *,
        run: str = "run",
        rank: int = 0,
        timeout_s: float = 60.0,
        retries: int = 4,
        first_pause_s: float = 0.5,
        unscored: UnscoredLimit | None = None,
    ) -> None:
        if not re.match(r"https?://[^/\s]", url):
            raise ConfigError(f'Cannot use reward endpoint "{url}": expected http://HOST:PORT')
        self.names = tuple(names)
        self.run = run
        self.rank = rank
        self.unscored = unscored or UnscoredLimit()
        self.latest_failed = False
        self._url = f"{url.rstrip('/')}/v1/rewards"
        self._shown_url = re.sub(r"/t/[^/]+/", "/t/…/", self._url)
        self._timeout_s = timeout_s
        self._retries = retries
        self._first_pause_s = first_pause_s
        self._client: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def send(self, request: RewardRequest) -> Scores:
        """The rewards of a batch: numbers for all its completions, or None for all."""
        reason, asked_s = "", 0.0
        for attempt in range(self._retries + 1):
            if attempt:
                await sleep(pause_s(attempt, self._first_pause_s, asked_s))
            try:
                rewards = await self._try(request)
            except _PassingError as error:
                reason, asked_s = str(error), error.asked_s
                continue
            self.latest_failed = False
            self.unscored.scored(request.count)
            return Scores(request.id, rewards, scored=True)
        self.latest_failed = True
        reason = f"{self._shown_url} {reason}"
        tries = self._retries + 1
        self.unscored.failed(Failure(request.id, request.step, request.count, tries, reason))
        none = {name: [None] * request.count for name in request.names}
        return Scores(request.id, none, scored=False)

    async def _try(self, request: RewardRequest) -> dict[str, list[float]]:
        try:
            # httpx limits each part of an exchange; a trickling answer needs a limit for the whole.
            async with asyncio.timeout(self._timeout_s):
                response = await self._connection().post(self._url, content=request.content)
        except (httpx.TimeoutException, TimeoutError) as error:
            raise _PassingError(f"gave no answer within {self._timeout_s:g} s") from error
        except httpx.RequestError as error:
            reason = _one_line(str(error)) or type(error).__name__
            raise _PassingError(f"cannot be reached: {reason}") from error
        if response.status_code == _OK_STATUS:
            return _read(response, request)
        found = f"answered {response.status_code} {_one_line(response.text)}"
        if response.status_code in _RETRIED_STATUS or response.status_code >= _SERVER_STATUS:
            raise _PassingError(found, retry_after_s(response.headers.get("retry-after")))
        raise WorkerError(
            f'Cannot get rewards from "{self._shown_url}": {found}, expected 200 with rewards'
        )

    def _connection(self) -> httpx.AsyncClient:
        """The pool of connections, which belongs to the event loop that uses it."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            token = os.environ.get(_TOKEN_VARIABLE)
            self._loop = loop
            self._client = httpx.AsyncClient(
                timeout=httpx.Timeout(
                    self._timeout_s, connect=min(_CONNECT_TIMEOUT_S, self._timeout_s)
                ),
                headers={
                    "content-type": "application/json",
                    **({"authorization": f"Bearer {token}"} if token else {}),
                },
                trust_env=False,
            )
        return self._client


def _read(response: httpx.Response, request: RewardRequest) -> dict[str, list[float]]:
    """The rewards of an answer. Errors: _PassingError when they are not whole or another's."""
    try:
        answer = response.json()
        rewards = {name: list(answer["rewards"][name]) for name in request.names}
        echoed = answer.get("request_id")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        wanted = f"JSON with the rewards {', '.join(request.names)}"
        raise _PassingError(f"answered {_one_line(response.text)}, expected {wanted}") from error
    for name, values in rewards.items():
        if len(values) != request.count or not all(map(_is_number, values)):
            found = f'answered "{name}": {_one_line(str(values))}'
            raise _PassingError(f"{found}, expected {request.count} finite numbers")
    if echoed != request.id:
        raise _PassingError(f'answered request "{echoed}", expected "{request.id}"')
    return rewards


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_QUOTED_CHARACTERS]
