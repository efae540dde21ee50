"""What does a visitor get while the search server takes connections and never says a word?"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from search_site.app import create_app
from search_site.settings import Settings

DEADLINE = 0.5
ADDRESSES = (
    "opensearch://127.0.0.1:{port}/site",
    "elasticsearch://127.0.0.1:{port}/site",
    "meilisearch://127.0.0.1:{port}/site",
)


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server whose connections the system takes for it, and which answers none."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture(params=ADDRESSES)
def client(request: pytest.FixtureRequest, silent: socket.socket) -> Iterator[TestClient]:
    address = request.param.format(port=silent.getsockname()[1])
    app = create_app(Settings(engine=address, deadline=DEADLINE))
    engine = app.state.site.finder.engine
    yield TestClient(app)
    engine.close()


@pytest.mark.parametrize(
    "path", ["/", "/search?q=鹿乡", "/r/r1", "/lists", "/status", "/api/v1/search?q=鹿乡"]
)
def test_what_needs_the_engine_is_a_503_once_the_deadline_is_over(path: str, client: TestClient) -> None:
    started = time.monotonic()
    answer = client.get(path)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert time.monotonic() - started < DEADLINE + 2


@pytest.mark.parametrize(
    "path",
    [
        "/glossary",
        "/robots.txt",
        "/opensearch.xml",
        "/problems/503",
        "/openapi.json",
        "/healthz",
        "/static/x",
    ],
)
def test_what_needs_no_engine_asks_none(path: str, client: TestClient, silent: socket.socket) -> None:
    assert client.get(path).status_code == (404 if path == "/static/x" else 200)
    with pytest.raises(BlockingIOError):
        silent.accept()


@pytest.mark.parametrize(
    ("path", "status"),
    [("/search?page=x", 400), ("/no/such/page", 404), ("/search/", 308), ("/lists/none", 404)],
)
def test_a_wrong_address_is_told_all_the_same(path: str, status: int, client: TestClient) -> None:
    assert client.get(path, follow_redirects=False).status_code == status


def test_pages_without_the_engine_are_kept_under_a_tag_of_the_program(client: TestClient) -> None:
    first = client.get("/glossary")
    again = client.get("/glossary", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
