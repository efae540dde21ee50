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


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("ENGINE", "foo:bar", "不认识的检索引擎 'foo'"),
        ("ENGINE", "opensearch+https://h?ca=/nope.pem", "ca 指定的证书文件不存在：/nope.pem"),
        ("ENGINE", f"opensearch+https://h?ca={__file__}", "ca 指定的文件不是可用的证书"),
        ("ENGINE", "meilisearch://key@host:port", "检索引擎地址无法解析"),
        ("LEDGER", "mysql://host/ledger", "台账只支持 SQLite 和 PostgreSQL，不支持 mysql"),
        ("LEDGER", "nonsense", "台账地址"),
        ("BASE_URL", "https://credit.example.cn/search", "不含路径"),
    ],
)
def test_a_setting_that_no_site_can_run_with_is_told_in_one_sentence(
    setting: str,
    value: str,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"CREDIT_SEARCH_{setting}", value)
    monkeypatch.setattr("uvicorn.run", lambda app, **options: pytest.fail("the site was started"))
    assert main(["serve", "--port", "1"]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_engine_that_does_not_answer_yet_keeps_no_site_from_running(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("CREDIT_SEARCH_ENGINE", f"opensearch://127.0.0.1:{port}")
    monkeypatch.setattr("uvicorn.run", lambda app, **options: runs.append(app))
    assert main(["serve", "--port", str(port)]) == 0
    assert len(runs) == 1


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
