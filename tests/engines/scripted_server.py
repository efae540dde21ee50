"""A small HTTP server on this machine that answers as a test tells it: for faults that real servers seldom show."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Request(NamedTuple):
    """What came in; `lines` are the documents of a body that is not one JSON value."""

    method: str
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw) if self.raw else None

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.raw.splitlines()]


class Reply(NamedTuple):
    """What goes out: after `pause` seconds, or nothing at all with `hang_up`."""

    body: Any = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    pause: threading.Event | None = None
    hang_up: bool = False


class ScriptedServer:
    """Keeps every request; asks `script` for every reply."""

    def __init__(self, script: Callable[[Request], Reply], port: int = 0) -> None:
        self.script = script
        self.requests: list[Request] = []
        self.connections = 0
        self._open: set[socket.socket] = set()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Head and body are written apart: the body would wait 40 ms for word that the head has come.
            disable_nagle_algorithm = True

            def setup(self) -> None:
                owner.connections += 1
                owner._open.add(self.request)
                super().setup()

            def finish(self) -> None:
                owner._open.discard(self.request)
                super().finish()

            def handle_any(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = Request(self.command, self.path, dict(self.headers), raw)
                owner.requests.append(request)
                # Whoever asked may have given up.
                with suppress(ConnectionError):
                    self.reply(owner.script(request))

            do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any  # noqa: N815

            def reply(self, reply: Reply) -> None:
                if reply.pause is not None:
                    reply.pause.wait(10)
                if reply.hang_up:
                    self.close_connection = True
                    return
                content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
                self.send_response(reply.status)
                for name, value in reply.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            def log_message(self, *words: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def asked(self, part: str) -> list[Request]:
        """The requests whose path contains the text."""
        return [request for request in self.requests if part in request.path]

    def close(self) -> None:
        """Stop answering, on kept connections too."""
        self._server.shutdown()
        for connection in [*self._open]:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._server.server_close()


@contextmanager
def scripted(script: Callable[[Request], Reply], port: int = 0) -> Iterator[ScriptedServer]:
    """A server for one test, on a port that is free unless one is given."""
    server = ScriptedServer(script, port)
    try:
        yield server
    finally:
        server.close()


def closed_port() -> int:
    """A port of this machine on which nobody answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    port = server.server_address[1]
    server.server_close()
    return port
