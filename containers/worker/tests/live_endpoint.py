"""The real reward endpoint, started as a user starts it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[3] / "bin" / "r1sgg"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class LiveEndpoint:
    """A running ``r1sgg reward serve`` and the log of its answers."""

    url: str
    log: Path
    process: subprocess.Popen

    def answers(self) -> dict[str, dict]:
        """Its answers by request id."""
        lines = self.log.read_text().splitlines()
        return {answer["request_id"]: answer for answer in map(json.loads, lines)}


@contextlib.contextmanager
def live_endpoint(folder: Path, *options: str, port: int = 0):
    """The real endpoint, started as a user starts it."""
    folder.mkdir(parents=True, exist_ok=True)
    ready, log = folder / "ready.json", folder / "rewards.jsonl"
    files = ("--ready-file", str(ready), "--log", str(log))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    words = folder / "serve.log"
    with words.open("w") as file:
        process = subprocess.Popen(
            [str(PROGRAM), "reward", "serve", "--port", str(port), *files, *options],
            env=environment,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + 60
        while not ready.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The endpoint did not start:\n{words.read_text()[-3000:]}")
            time.sleep(0.05)
        yield LiveEndpoint(json.loads(ready.read_text())["url"], log, process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
        ready.unlink(missing_ok=True)
