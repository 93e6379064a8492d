"""How long to wait before a request is sent again."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_PAUSE_S = 10.0
LONGEST_ASKED_PAUSE_S = 60.0


def pause_s(attempt: int, first_s: float, asked_s: float = 0.0) -> float:
    """The pause before try ``attempt`` (1 is the first repetition).

    It doubles from ``first_s`` up to 10 s and varies by half, so that many trainers do not come
    back at the same moment. What the server asked for is waited for in any case, up to 60 s.

    Unit: seconds. Range: at least ``asked_s`` where that is at most 60.
    """
    usual = min(LONGEST_PAUSE_S, first_s * 2.0 ** (attempt - 1))
    varied = usual * random.uniform(0.5, 1.5)  # noqa: S311 - a spread, no secret
    asked = min(asked_s, LONGEST_ASKED_PAUSE_S)
    spread = random.uniform(0.0, first_s)  # noqa: S311 - as above
    return max(varied, asked + spread if asked else 0.0)


def retry_after_s(header: str | None, now: datetime | None = None) -> float:
    """What a Retry-After header asks for: seconds, or the time until a date.

    Unit: seconds. Range: [0, inf); 0 without a header, for a date gone by and for other text.
    Source: RFC 9110, section 10.2.3.
    """
    if header is None:
        return 0.0
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (aware - (now or datetime.now(UTC))).total_seconds())
