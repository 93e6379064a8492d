"""The exit code of several processes is that of the first that failed."""

import signal
import subprocess
import sys
import time

import pytest

SCRIPT = """
import os, signal, sys, time
codes = dict(zip("01", sys.argv[1:]))
code = codes[os.environ["RANK"]]
if code == "waits":
    time.sleep(600)
if code == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
sys.exit(int(code))
"""


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("0", "0"), 0),
        (("75", "75"), 75),
        (("waits", "5"), 5),
        (("killed", "waits"), 128 + signal.SIGKILL),
    ],
)
def test_the_code_of_the_process_that_failed_first(tmp_path, codes, expected):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    launcher = (sys.executable, "-m", "r1sgg_worker.torchrun", "--standalone")
    done = subprocess.run(
        [*launcher, "--nproc_per_node", "2", str(script), *codes],
        capture_output=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == expected


WAITER = """
import os, signal, sys, time
from pathlib import Path
signal.signal(signal.SIGUSR1, lambda *_: sys.exit(75))
Path(sys.argv[1], os.environ["RANK"]).touch()
time.sleep(600)
"""


def test_sigusr1_reaches_the_processes_and_does_not_end_the_launcher(tmp_path):
    script = tmp_path / "waiter.py"
    script.write_text(WAITER)
    here = tmp_path / "here"
    here.mkdir()
    launcher = (sys.executable, "-m", "r1sgg_worker.torchrun", "--standalone")
    started = subprocess.Popen([*launcher, "--nproc_per_node", "2", str(script), str(here)])
    try:
        deadline = time.monotonic() + 150
        while len(list(here.iterdir())) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
        started.send_signal(signal.SIGUSR1)
        assert started.wait(timeout=150) == 75
    finally:
        started.kill()
        started.wait()
