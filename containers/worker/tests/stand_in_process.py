"""Stand-ins for vLLM servers as processes that a test can kill, stop and start again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from r1sgg_worker.endpoints import SamplerEndpoint

PROGRAM = Path(__file__).with_name("vllm_stand_in.py")


@dataclass
class StandIn:
    """One stand-in; ``settings`` as its command line takes them."""

    settings: dict = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def endpoint(self, **more) -> SamplerEndpoint:
        return SamplerEndpoint(url=self.url, model="policy", **more)

    def start(self) -> StandIn:
        self.process = subprocess.Popen(
            [sys.executable, "-I", str(PROGRAM), str(self.port), json.dumps(self.settings)],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self.process.stdout.readline())
        return self

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def restart(self) -> None:
        self.kill()
        self.start()

    def stop(self) -> None:
        os.kill(self.process.pid, signal.SIGSTOP)

    def fault(self, route: str, do: str, times: int | None = None) -> None:
        self.ask("stand-in/fault", {"route": route, "do": do, "times": times})

    def requests(self, route: str | None = None) -> list:
        """What it was asked, in order: all routes, or the bodies of one."""
        every = self.ask("stand-in/requests")
        return [body for at, body in every if at == route] if route else [at for at, _ in every]

    def ask(self, route: str, body: object = None):
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.url}/{route}", data, timeout=10) as answer:
            return json.load(answer)


@contextlib.contextmanager
def stand_ins(count: int, **settings):
    """Running stand-ins, all ended with the block."""
    found = [StandIn(settings) for _ in range(count)]
    try:
        yield [one.start() for one in found]
    finally:
        for one in found:
            if one.process is not None and one.process.poll() is None:
                one.kill()
