"""Client of the reward endpoint: one request scores a batch for all rewards."""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
import os
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from .errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_TOKEN_VARIABLE = "R1SGG_REWARD_TOKEN"
_CONNECT_TIMEOUT_S = 5.0
_RETRY_STATUS = frozenset({408, 429, 500, 502, 503, 504})
_OK_STATUS = 200
_QUOTED_CHARACTERS = 300
_LONGEST_PAUSE_S = 10.0


@dataclass(frozen=True)
class Scores:
    """The endpoint's answer: for each reward one finite number a completion, in the order sent."""

    request_id: str
    rewards: dict[str, list[float]]


class RewardClient:
    """Asks ``POST /v1/rewards`` once a batch, however many rewards wait for the answer.

    Unit: seconds. Errors: WorkerError when the endpoint refuses (any other 4xx), answers something
    else than it should, or fails after all retries (connection, timeout, 408, 429, 5xx); the run
    then ends, since a batch without rewards teaches nothing.
    """

    def __init__(  # noqa: PLR0913
        self,
        url: str,
        names: list[str],
        *,
        run: str = "run",
        rank: int = 0,
        timeout_s: float = 60.0,
        retries: int = 3,
        first_pause_s: float = 0.5,
    ) -> None:
        self._url = f"{url.rstrip('/')}/v1/rewards"
        self._names = names
        self._id_prefix = (run, rank)
        self._timeout_s = timeout_s
        self._retries = retries
        self._first_pause_s = first_pause_s
        self._client: httpx.AsyncClient | None = None
        self._latest: tuple[str, asyncio.Task[Scores]] | None = None

    async def score(
        self, step: int, completions: list[str], targets: list[dict[str, Any]]
    ) -> Scores:
        """Rewards of a batch; calls with the same batch share one request."""
        body = {"completions": completions, "targets": targets, "rewards": self._names}
        digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:12]
        run, rank = self._id_prefix
        request_id = f"{run}-{step}-{rank}-{digest}"
        if self._latest is None or self._latest[0] != request_id:
            body["request_id"] = request_id
            task = asyncio.ensure_future(self._ask(request_id, body, len(completions)))
            self._latest = (request_id, task)
        return await asyncio.shield(self._latest[1])

    async def _ask(self, request_id: str, body: dict[str, Any], count: int) -> Scores:
        failure = ""
        for attempt in range(self._retries + 1):
            if attempt:
                pause = min(_LONGEST_PAUSE_S, self._first_pause_s * 2 ** (attempt - 1))
                await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311
            try:
                response = await self._connection().post(self._url, json=body)
            except httpx.TimeoutException:
                failure = f"no answer within {self._timeout_s:g} s"
                continue
            except httpx.TransportError as error:
                failure = str(error) or type(error).__name__
                continue
            if response.status_code == _OK_STATUS:
                return self._read(response, request_id, count)
            failure = f"answered {response.status_code} {_quote(response.text)}"
            if response.status_code not in _RETRY_STATUS:
                break
        raise self._error(failure, "200 with rewards")

    def _connection(self) -> httpx.AsyncClient:
        """The pooled client; made late, since it belongs to the event loop that uses it."""
        if self._client is None:
            token = os.environ.get(_TOKEN_VARIABLE)
            self._client = httpx.AsyncClient(
                timeout=httpx.Timeout(
                    self._timeout_s, connect=min(_CONNECT_TIMEOUT_S, self._timeout_s)
                ),
                headers={"Authorization": f"Bearer {token}"} if token else {},
                trust_env=False,
            )
        return self._client

    def _read(self, response: httpx.Response, request_id: str, count: int) -> Scores:
        try:
            answer = response.json()
            rewards = {name: list(answer["rewards"][name]) for name in self._names}
            echoed = answer.get("request_id")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            wanted = f"a JSON answer with {', '.join(self._names)}"
            raise self._error(f"answered {_quote(response.text)}", wanted) from error
        for name, values in rewards.items():
            if len(values) != count or not all(map(_is_number, values)):
                raise self._error(f'"{name}" is {_quote(str(values))}', f"{count} finite numbers")
        if echoed != request_id:
            raise self._error(f'answered request "{echoed}"', f'"{request_id}"')
        return Scores(request_id, rewards)

    def _error(self, found: str, wanted: str) -> WorkerError:
        return WorkerError(f'Cannot get rewards from "{self._url}": {found}, expected {wanted}')


def reward_functions(client: RewardClient, names: list[str]) -> list[Callable[..., Awaitable[Any]]]:
    """One function a reward, in the form that TRL calls; all share the client's one request.

    The first also adds the columns ``request_id`` and ``request_index`` to TRL's log of
    completions, so that every row can be found in the endpoint's own log.
    """
    return [_reward_function(client, name, logs=name == names[0]) for name in names]


def _reward_function(
    client: RewardClient, name: str, *, logs: bool
) -> Callable[..., Awaitable[Any]]:
    async def reward(
        completions: list[Any],
        target: list[dict[str, Any]],
        trainer_state: Any,
        log_extra: Callable[[str, list[Any]], None],
        **_: Any,
    ) -> list[float]:
        texts = [completion_text(completion) for completion in completions]
        scores = await client.score(trainer_state.global_step + 1, texts, target)
        if logs:
            log_extra("request_id", [scores.request_id] * len(texts))
            log_extra("request_index", list(range(len(texts))))
        return scores.rewards[name]

    reward.__name__ = name
    return reward


def completion_text(completion: str | list[dict[str, Any]]) -> str:
    """The text of a completion, which TRL hands over as messages where the prompt is messages."""
    if isinstance(completion, str):
        return completion
    return "".join(str(message["content"]) for message in completion)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _quote(text: str) -> str:
    return " ".join(text.split())[:_QUOTED_CHARACTERS]
