"""Reward functions for TRL that the reward endpoint computes; needs no launcher of ours.

``reward_funcs=reward_functions(RewardClient("http://127.0.0.1:8765", ["format_reward", …]))``
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any, Literal

from .answer_flags import shares_of
from .control import shuffled
from .errors import DataError
from .reward_client import RewardClient, Scores
from .reward_request import RewardRequest, reward_request
from .unscored import UnscoredLimit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

__all__ = ["RewardClient", "UnscoredLimit", "completion_text", "reward_functions"]

_DEFAULT_OPTIONS: dict[str, Any] = {"box_scale": [1000, 1000], "task": "sgg"}
_UNSCORED_METRIC = "rewards/unscored_fraction"


def reward_functions(
    client: RewardClient, control: Literal["shuffled"] | None = None
) -> list[Callable[..., Awaitable[Any]]]:
    """One function for each reward of the client, in the form that TRL calls.

    A batch is one request, whose answer all of them share: either each of them gives a number for
    each completion, or each gives None for every one (TRL leaves a completion out only when all its
    rewards are None). The dataset needs a column ``target``, a scene graph as the endpoint takes it
    or its JSON text; columns ``box_scale`` and ``task`` are passed on where there are any.

    The first function also tells TRL which request scored a completion (columns ``request_id`` and
    ``request_index`` of its log, to be found in the endpoint's own log) and, as metrics, the share
    of the batch that was not scored, the seconds that the answer took, and the shares of
    completions with the signs of `answer_flags`.

    With ``control`` ``shuffled`` a completion gets the rewards of another one of its batch.
    """
    share = _shared(client, shuffled if control == "shuffled" else None)
    return [_reward_function(client, name, share) for name in client.names]


def _reward_function(
    client: RewardClient,
    name: str,
    share: Callable[[str, RewardRequest], Awaitable[Scores]],
) -> Callable[..., Awaitable[Any]]:
    async def reward(
        completions: list[Any],
        trainer_state: Any,
        log_extra: Callable[[str, list[Any]], None] | None = None,
        log_metric: Callable[[str, float], None] | None = None,
        **columns: Any,
    ) -> list[float] | list[None]:
        texts = [completion_text(completion) for completion in completions]
        origin = (client.run, trainer_state.global_step + 1, client.rank)
        targets = [_target(one) for one in _targets(columns)]
        request = reward_request(origin, client.names, texts, targets, **_options(columns))
        start = time.perf_counter()
        scores = await share(name, request)
        if name == client.names[0]:
            if log_extra is not None:
                log_extra("request_id", [request.id] * request.count)
                log_extra("request_index", list(range(request.count)))
                if "image_id" in columns:
                    log_extra("image_id", list(columns["image_id"]))
            if log_metric is not None:
                log_metric(_UNSCORED_METRIC, 0.0 if scores.scored else 1.0)
                log_metric("time/reward_s", time.perf_counter() - start)
                for kind, found in shares_of(texts).items():
                    log_metric(f"answers/{kind}", found)
        return scores.rewards[name]

    reward.__name__ = name
    return reward


def _shared(
    client: RewardClient, change: Callable[[Scores], Scores] | None
) -> Callable[[str, RewardRequest], Awaitable[Scores]]:
    """Sends a request once for all rewards; a reward that asks again begins a new one."""
    latest: tuple[str, asyncio.Task[Scores], set[str]] | None = None

    async def share(name: str, request: RewardRequest) -> Scores:
        nonlocal latest
        if latest is None or latest[0] != request.id or name in latest[2]:
            latest = (request.id, asyncio.ensure_future(client.send(request)), set())
        _, task, served = latest
        served.add(name)
        scores = await asyncio.shield(task)
        return scores if change is None else change(scores)

    return share


def completion_text(completion: str | list[dict[str, Any]]) -> str:
    """The text of a completion, which TRL hands over as messages where the prompt is messages."""
    if isinstance(completion, str):
        return completion
    return "".join(_content_text(message["content"]) for message in completion)


def _content_text(content: str | list[dict[str, Any]] | None) -> str:
    if isinstance(content, list):
        return "".join(part["text"] for part in content if part["type"] == "text")
    return content or ""


def _targets(columns: dict[str, Any]) -> list[Any]:
    if "target" in columns:
        return list(columns["target"])
    known = ", ".join(sorted(columns))
    raise DataError(f'Cannot ask for rewards: found columns {known}, expected one named "target"')


def _target(target: Any) -> Any:
    if not isinstance(target, str):
        return target
    try:
        return json.loads(target)
    except ValueError as error:
        raise DataError(f"Cannot ask for rewards: target {target[:60]!r}: {error}") from error


def _options(columns: dict[str, Any]) -> dict[str, list[Any]]:
    """The columns that the endpoint takes, where a row has a value; other rows get the default."""
    found = {name: columns[name] for name in _DEFAULT_OPTIONS if name in columns}
    return {
        name: [_DEFAULT_OPTIONS[name] if value is None else value for value in values]
        for name, values in found.items()
        if any(value is not None for value in values)
    }
