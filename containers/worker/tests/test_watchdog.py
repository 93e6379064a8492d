"""The watchdog against a trainer that hangs, in Python and in C that never lets go."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TRAINER = """
import ctypes, sys, time
from pathlib import Path
from r1sgg_worker.watchdog import Watchdog

def hang(library):
    mutex = ctypes.create_string_buffer(64)  # of zeros: a plain mutex, which no signal wakes
    library.pthread_mutex_lock(mutex)
    library.pthread_mutex_lock(mutex)

how, evidence = sys.argv[1], Path(sys.argv[2])
watchdog = Watchdog(evidence, rank=3)
if how == "in time":
    with watchdog.limit(0.2, "Cannot be late"):
        pass
    time.sleep(1)
    watchdog.close()
    print("done")
elif how == "gives up":
    with watchdog.limit(600, "Cannot wait"):
        watchdog.give_up("Cannot go on: the server has left")
        time.sleep(600)
else:
    with watchdog.limit(0.3, 'Cannot push to "a", "b"'):
        watchdog.say('Cannot push to "b": not done in 0.3 s')
        if how == "in Python":
            time.sleep(600)
        elif how == "in C":
            hang(ctypes.CDLL(None))
        elif how == "in C with the interpreter":
            hang(ctypes.PyDLL(None))  # with the lock that every thread of Python needs
"""


def run(how, evidence, env=None):
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", TRAINER, how, str(evidence)],
        capture_output=True,
        text=True,
        timeout=200,
        env=os.environ | (env or {}),
        check=False,
    )
    assert time.monotonic() - start < 150
    return done


@pytest.mark.parametrize(
    ("how", "code"),
    [("in Python", 5), ("in C", 5), ("in C with the interpreter", -signal.SIGKILL)],
)
def test_a_trainer_that_hangs_ends_with_a_sentence_and_its_stacks(tmp_path, how, code):
    done = run(how, tmp_path / "evidence")
    assert done.returncode == code
    assert done.stderr.splitlines()[-1] == (
        'Cannot push to "b": not done in 0.3 s; '
        f'what the trainer did then is in "{tmp_path / "evidence"}"'
    )
    stacks = (tmp_path / "evidence" / "stacks-3.txt").read_text()
    assert 'File "<string>", line ' in stacks
    assert "most recent call first" in stacks


def test_a_part_that_is_done_in_time_ends_nothing(tmp_path):
    done = run("in time", tmp_path / "evidence")
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
    assert (tmp_path / "evidence" / "stacks-3.txt").read_text() == ""


def test_a_thread_can_end_a_trainer_that_hangs_before_its_limit(tmp_path):
    done = run("gives up", tmp_path / "evidence")
    assert done.returncode == 5
    assert "Cannot go on: the server has left" in done.stderr


def test_py_spy_tells_more_where_it_is_there(tmp_path):
    program = tmp_path / "bin" / "py-spy"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "asked: $*"\n')
    program.chmod(0o755)
    run("in Python", tmp_path / "evidence", {"PATH": f"{program.parent}:{os.environ['PATH']}"})
    said = (tmp_path / "evidence" / "py-spy-3.txt").read_text()
    assert said.startswith("asked: dump --native --pid ")


def test_nccl_is_asked_for_its_last_collectives_through_torchs_pipe(tmp_path):
    """torch makes the pipe where a process has NCCL groups; here the test stands for it."""
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    pipe = evidence / "nccl-pipe-3.pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    run("in Python", evidence)
    assert os.read(reader, 10) == b"1\n"
    os.close(reader)


def test_a_trainer_that_is_killed_leaves_no_watchdog(tmp_path):
    text = """
import sys, time
from pathlib import Path
from r1sgg_worker.watchdog import Watchdog
watchdog = Watchdog(Path(sys.argv[1]))
print(watchdog._process.pid, flush=True)
time.sleep(600)
"""
    trainer = subprocess.Popen(
        [sys.executable, "-c", text, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    pid = int(trainer.stdout.readline())
    trainer.kill()
    trainer.communicate()
    deadline = time.monotonic() + 120
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
