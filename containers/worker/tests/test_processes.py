"""Two processes: what fails in the main one ends both with the same sentence, and neither hangs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from stand_in_process import stand_ins


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two")
    with stand_ins(2) as servers:
        subprocess.run(
            [
                *(sys.executable, "-m", "torch.distributed.run", "--standalone"),
                *(
                    "--nproc_per_node",
                    "2",
                    str(Path(__file__).with_name("fleet_in_two_processes.py")),
                ),
                *(str(folder), *(str(one.port) for one in servers)),
            ],
            check=True,
            timeout=200,
        )
        urls = [one.url for one in servers]
    return [json.loads((folder / f"{rank}.json").read_text()) for rank in range(2)], urls


def test_the_main_process_works_for_both(seen):
    (main, other), _ = seen
    assert (main["result"], other["result"]) == ("of 0", "of 0")
    assert (main["kept"], other["kept"]) == ("of 0", None)
    assert (main["sync"], other["sync"]) == ("done", "done")


def test_each_process_gets_its_rows_and_groups_come_whole_from_one_server(seen):
    (main, other), _ = seen
    rows = [[[p * 10 + i, i] for i in range(4)] for p in (1, 2, 3)]
    assert main["generate"] == [rows[0] + rows[1][:2], [0, 0, 0, 0, 1, 1]]
    assert other["generate"] == [rows[1][2:] + rows[2], [1, 1, 0, 0, 0, 0]]


def test_weights_that_are_sharded_over_the_processes_arrive_whole(seen):
    """FSDP 2 over gloo, gathered by TRL: the mean of all ten numbers is -0.4."""
    (main, other), _ = seen
    assert main["sharded"] == other["sharded"] == [4, *[pytest.approx(-1.3 - 0.4)] * 2]


def test_a_push_that_fails_while_shards_are_gathered_ends_both(seen):
    (main, other), _ = seen
    assert main["sharded, full disk"] == other["sharded, full disk"]
    assert main["sharded, full disk"][2].startswith("Cannot write weights to ")


def test_a_bug_of_the_main_process_is_one_sentence_in_the_other(seen):
    (main, other), _ = seen
    assert main["a bug"] == ["ValueError", "a bug"]
    assert other["a bug"][0] == "WorkerError"
    assert "the main process failed (ValueError: a bug)" in other["a bug"][1]


@pytest.mark.parametrize(
    ("what", "kind", "code", "sentence"),
    [
        ("refused", "WorkerError", 1, "made to refuse"),
        ("slow", "TimeLimitError", 5, "not confirmed within push_timeout_s 3 s"),
        ("none left", "SamplerError", 4, "no sampler left of 2"),
    ],
)
def test_a_failure_is_the_same_sentence_and_code_in_both(seen, what, kind, code, sentence):
    (main, other), _ = seen
    assert main[what] == other[what]
    assert main[what][:2] == [kind, code]
    assert sentence in main[what][2]
