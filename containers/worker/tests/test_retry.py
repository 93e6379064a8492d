"""How long a client waits before it asks again."""

from datetime import UTC, datetime

import pytest

from r1sgg_worker.retry import pause_s, retry_after_s


def test_pauses_double_up_to_ten_seconds_and_vary_by_half():
    for attempt, usual in enumerate((0.5, 1, 2, 4, 8, 10, 10), start=1):
        found = [pause_s(attempt, 0.5) for _ in range(200)]
        assert usual * 0.5 <= min(found) < usual * 0.75
        assert usual * 1.25 < max(found) <= usual * 1.5


def test_what_the_server_asks_for_is_the_least_pause_but_for_a_minute():
    assert all(30.0 <= pause_s(1, 0.5, 30.0) <= 30.5 for _ in range(100))
    assert all(60.0 <= pause_s(1, 0.5, 3600.0) <= 60.5 for _ in range(100))
    assert any(pause_s(9, 0.5, 3.0) > 10.0 for _ in range(100))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0.0),
        ("0", 0.0),
        (" 120 ", 120.0),
        ("Wed, 21 Oct 2026 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2026 07:28:30 -0000", 30.0),
        ("Wed, 21 Oct 2026 07:27:00 GMT", 0.0),
        ("-5", 0.0),
        ("1.5", 0.0),
        ("\u0661", 0.0),
        ("soon", 0.0),
    ],
)
def test_a_retry_after_header_is_seconds_or_a_date(header, seconds):
    assert retry_after_s(header, datetime(2026, 10, 21, 7, 28, tzinfo=UTC)) == seconds
