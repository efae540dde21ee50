"""What does a running site write to its log, and where does it say that it is?"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from search_site.cli import main
from search_site.cli_serve import address_of

ASKED = """
import logging.config
from starlette.testclient import TestClient
from search_site.app import create_app
from search_site.cli_serve import log_config
from search_site.settings import Settings

logging.config.dictConfig(log_config({level!r}))
client = TestClient(create_app(Settings(engine="embedded:{folder}", ledger="sqlite:///{folder}/ledger.db")))
client.get("/healthz?q=鹿乡食品")
"""


@pytest.mark.parametrize(("level", "lines"), [("info", 1), ("warning", 0)])
def test_a_request_is_one_line_that_tells_nothing_of_what_was_asked(
    level: str, lines: int, tmp_path: object
) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ASKED.format(level=level, folder=tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    requests = [line for line in done.stderr.splitlines() if "search_site.access" in line]
    assert len(requests) == lines
    assert all(" GET health 400 " in line or " GET health 200 " in line for line in requests)
    assert "鹿乡" not in done.stderr


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_where_the_site_is_stands_in_one_document_before_it_runs(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []
    monkeypatch.setattr("uvicorn.run", lambda app, **options: said.extend(capsys.readouterr()))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert main(["serve", "--port", str(port), *arguments]) == 0
    out, err = said
    address = f"http://127.0.0.1:{port}/"
    assert (json.loads(out) if out else None) == ({"address": address} if arguments else None)
    assert err == f"信用查询：{address}（Ctrl+C 停止）\n"


def test_an_ipv6_address_stands_in_brackets() -> None:
    assert address_of("::1", 8000) == "http://[::1]:8000/"
    assert address_of("localhost", 8000) == "http://localhost:8000/"


SOCKET_WANTED = (
    b"GET /healthz?q=lu-xiang HTTP/1.1\r\nHost: credit.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def test_nothing_is_told_of_what_was_asked_with_the_wish_for_a_socket(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    places = {"ENGINE": f"embedded:{tmp_path / 'index'}", "LEDGER": f"sqlite:///{tmp_path / 'ledger.db'}"}
    environ = {**os.environ, **{f"CREDIT_SEARCH_{name}": value for name, value in places.items()}}
    log = tmp_path / "log"
    with (
        log.open("w") as written,
        subprocess.Popen(
            [sys.executable, "-m", "search_site", "serve", "--port", str(port)], stderr=written, env=environ
        ) as site,
    ):
        try:
            answer = ask_when_ready(port, SOCKET_WANTED)
        finally:
            site.terminate()
    assert answer.startswith(b"HTTP/1.1 ")
    assert "GET health" in log.read_text()
    assert "lu-xiang" not in log.read_text()


def ask_when_ready(port: int, request: bytes) -> bytes:
    """The first bytes of the answer of a site that may not listen yet."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
                connection.sendall(request)
                return connection.recv(64)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
