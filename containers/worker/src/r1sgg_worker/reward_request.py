"""A batch of completions in the form in which the reward endpoint takes it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from .errors import DataError


@dataclass(frozen=True)
class RewardRequest:
    """The body of ``POST /v1/rewards``; ``names`` and ``count`` are what the answer must have."""

    id: str
    step: int
    names: tuple[str, ...]
    count: int
    content: bytes


def reward_request(
    origin: tuple[str, int, int],
    names: tuple[str, ...],
    completions: list[str],
    targets: list[dict[str, Any]],
    **options: list[Any],
) -> RewardRequest:
    """A batch ready to be sent; ``options`` are ``box_scale`` and ``task``, one a completion.

    The id is made of ``origin`` (run, step, rank) and a hash over the rest, so that equal batches
    of a step have equal ids, also when one is sent again.

    Errors: DataError for values that JSON has no form for, NaN among them.
    """
    run, step, rank = origin
    body = {"completions": completions, "targets": targets, "rewards": names, **options}
    try:
        text = json.dumps(body, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise DataError(f"Cannot ask for rewards of step {step}: {error}") from error
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    request_id = f"{run}-{step}-{rank}-{digest}"
    content = json.dumps({**body, "request_id": request_id}).encode()
    return RewardRequest(request_id, step, names, len(completions), content)
