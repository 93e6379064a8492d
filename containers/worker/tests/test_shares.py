"""Prompts shared out by capacity."""

from random import Random

import pytest

from r1sgg_worker.shares import share_out


@pytest.mark.parametrize(
    ("count", "capacities", "expected"),
    [
        (5, [1, 1], [0, 1, 0, 1, 0]),
        (4, [3, 3, 3], [0, 1, 2, 0]),
        (6, [2, 1], [0, 1, 0, 0, 1, 0]),
        (7, [5, 1, 1], [0, 0, 1, 0, 2, 0, 0]),
        (0, [1, 1], []),
        (3, [4], [0, 0, 0]),
    ],
)
def test_hand_worked_shares(count, capacities, expected):
    assert share_out(count, capacities) == expected


def test_each_whole_round_gives_every_server_exactly_its_share():
    rng = Random(3)
    for _ in range(300):
        capacities = [rng.randint(1, 9) for _ in range(rng.randint(1, 6))]
        rounds = rng.randint(1, 4)
        chosen = share_out(rounds * sum(capacities), capacities)
        for server, capacity in enumerate(capacities):
            assert chosen.count(server) == rounds * capacity
