"""The exit code of several processes is that of the first that failed."""

import signal
import subprocess
import sys

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
