"""A stand-in of the reward endpoint, which can fail in many ways."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class RewardStandIn:
    """Stands in for the TypeScript reward endpoint: same protocol, another, trivial reward.

    ``script`` holds what the next requests get instead of an answer: a status, a pair of status
    and headers, the name of a fault of the connection, or a function from the good answer to
    another one. ``down`` is what all requests get that have no other script.
    """

    requests: list[dict] = field(default_factory=list)
    answers: list[dict] = field(default_factory=list)
    headers: list[dict] = field(default_factory=list)
    connections: set = field(default_factory=set)
    script: list = field(default_factory=list)
    down: object = None
    url: str = ""


def _score(body: dict) -> dict:
    count = len(body["completions"])
    rewards = {
        name: [
            (len(text) * 7 + 31 * number + index) % 5 / 4
            for index, text in enumerate(body["completions"])
        ]
        for number, name in enumerate(body["rewards"])
    }
    return {
        "profile": "stand-in",
        "rewards": rewards,
        "total": [sum(column) for column in zip(*rewards.values(), strict=True)],
        "outcomes": [{"parsed": True}] * count,
        "request_id": body["request_id"],
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: RewardStandIn

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        state = self.state
        state.requests.append(body)
        state.headers.append(dict(self.headers))
        state.connections.add(self.client_address)
        step = state.script.pop(0) if state.script else state.down
        answer = _score(body)
        match step:
            case None:
                state.answers.append(answer)
                self._send(200, answer)
            case int():
                self._send(step, {"error": f"refused with {step}"})
            case (status, headers):
                self._send(status, {"error": f"refused with {status}"}, headers)
            case str():
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    getattr(self, f"_{step}")(json.dumps(answer).encode())
                self.close_connection = True
            case _:
                changed = step(answer)
                state.answers.append(changed)
                self._send(200, changed)

    def _send(self, status: int, answer: object, headers: dict | None = None) -> None:
        content = json.dumps(answer).encode()
        self._head(status, len(content), headers)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(content)

    def _head(self, status: int, length: int, headers: dict | None = None) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(length))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()

    def _hang(self, _content: bytes) -> None:
        """Says nothing until the client goes."""
        self.connection.settimeout(10)
        self.connection.recv(1)

    def _trickle(self, content: bytes) -> None:
        """Each byte comes in time, the whole does not."""
        self._head(200, len(content))
        for byte in content:
            self.wfile.write(bytes([byte]))
            time.sleep(0.05)

    def _cut(self, content: bytes) -> None:
        """Ends in the middle of the body."""
        self._head(200, len(content))
        self.wfile.write(content[: len(content) // 2])

    def _reset(self, content: bytes) -> None:
        """As _cut, but with a reset of the connection."""
        self._cut(content)
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _silence(self, _content: bytes) -> None:
        """Closes without a word."""

    def _noise(self, _content: bytes) -> None:
        """Something else than HTTP."""
        self.wfile.write(b"220 mail.example ESMTP\r\n\r\n")

    def _zipped(self, content: bytes) -> None:
        """Claims to be compressed."""
        self._head(200, len(content), {"content-encoding": "gzip"})
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """A connection that a test has broken is no news."""


@contextlib.contextmanager
def reward_stand_in():
    """A real HTTP server on a free port."""
    state = RewardStandIn()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"state": state}))
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
