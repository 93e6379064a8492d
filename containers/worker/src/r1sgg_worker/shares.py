"""Which server samples which prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def share_out(count: int, capacities: Sequence[int]) -> list[int]:
    """The server of each prompt, in proportion to what the servers can take.

    Every prompt goes to the server that is furthest behind its share, so that no prefix of the
    prompts is far from it either. Equal servers take turns.

    Shape: ``count`` indices into ``capacities``. Range: of every ``sum(capacities)`` prompts in a
    row from the first, each server has exactly its share.
    Errors: none; capacities are positive, checked by `SamplerEndpoint`.
    Source: smooth weighted round robin, as nginx balances.

    >>> share_out(6, [2, 1])
    [0, 1, 0, 0, 1, 0]
    """
    total = sum(capacities)
    credit = [0] * len(capacities)
    chosen = []
    for _ in range(count):
        credit = [have + gain for have, gain in zip(credit, capacities, strict=True)]
        best = max(range(len(credit)), key=credit.__getitem__)  # the first of equals
        credit[best] -= total
        chosen.append(best)
    return chosen
