"""Requests to samplers, one connection each."""

import socket
import struct
from threading import Thread

import pytest
import requests

from r1sgg_worker.endpoints import SamplerEndpoint
from r1sgg_worker.plain_http import PlainAdapter

CLOSE = b"\r\nConnection: close\r\n"


def serve(listener, seen, tells):
    """A server that ends a connection after its answer, which it tells or not."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            request = connection.recv(65536)
            seen.append(request)
            closes = b"Connection: close\r\n" if tells and CLOSE in request else b""
            connection.sendall(b"HTTP/1.1 200 OK\r\n" + closes + b"Content-Length: 2\r\n\r\n{}")
            if not closes and connection.recv(65536):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize("tells", [True, False])
def test_a_connection_that_the_server_is_about_to_close_is_not_used_again(tells):
    seen = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=serve, args=(listener, seen, tells), daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        session = requests.Session()
        session.mount("http://", PlainAdapter(SamplerEndpoint(url=url, model="policy"), 5, 5))
        for _ in range(3):
            assert session.get(f"{url}/health").json() == {}
    assert len(seen) == 3
