"""Does the site answer 503 while its search server fails, whatever fails, and recover without a restart?"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from elastic_site import NOTHING_FOUND, Site, problem
from meilisearch_site import FakeMeilisearch
from scripted_server import Reply, Request, closed_port, scripted
from starlette.testclient import TestClient

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.engines import open_engine
from indexers.engines.base import Applied
from search_site.app import create_app
from search_site.settings import Settings

DEADLINE = 1.0
PART_FOUND = {**NOTHING_FOUND, "_shards": {"failed": 1}}


class Product(NamedTuple):
    """A product whose healthy server is `answer`; how it says that an index is missing, or a part of an answer."""

    scheme: str
    answer: Callable[[Request], Reply]
    searches: tuple[str, ...]
    version: tuple[str, Reply]
    missing: Reply
    partial: Callable[[Request], Reply]


@pytest.fixture
def elastic(site: Site) -> Product:
    return Product(
        scheme="opensearch",
        answer=site.answer,
        searches=("/_search", "/_msearch"),
        version=("/", Reply({"version": {"number": "1.3.0", "distribution": "opensearch"}})),
        missing=problem(404, "index_not_found_exception"),
        partial=lambda request: Reply(
            {**PART_FOUND, "responses": [PART_FOUND for _ in request.raw.splitlines()[1::2]]}
        ),
    )


@pytest.fixture
def meilisearch(catalog: Catalog, analyzer: Analyzer) -> Product:
    fake = FakeMeilisearch()
    with scripted(fake.answer) as server:
        engine = open_engine(f"meilisearch://127.0.0.1:{server.port}/site?poll=0.01", catalog, analyzer)
        engine.begin_build().publish(Applied())
        engine.close()
    return Product(
        scheme="meilisearch",
        answer=fake.answer,
        searches=("/multi-search",),
        version=("/version", Reply({"pkgVersion": "2.0.0"})),
        missing=Reply({"message": "no", "code": "index_not_found"}, 404),
        partial=lambda request: Reply(
            {"hits": [], "degraded": True, "results": [{"degraded": True} for _ in request.body["queries"]]}
        ),
    )


@pytest.fixture(params=["elastic", "meilisearch"])
def product(request: pytest.FixtureRequest) -> Product:
    found: Product = request.getfixturevalue(request.param)
    return found


HALF = Reply(b'FF\r\n{"hits"', headers=(("Transfer-Encoding", "chunked"), ("Connection", "close")))
ALWAYS: dict[str, tuple[Reply, str]] = {
    "hangs up": (Reply(hang_up=True), "5"),
    "half an answer": (HALF, "5"),
    "401": (problem(401), "5"),
    "403": (problem(403), "5"),
    "429": (Reply({}, 429, headers=(("Retry-After", "7"),)), "7"),
    "503": (Reply({}, 503), "1"),
    "503 of a proxy": (Reply(b"<html>s3cret</html>", 503, headers=(("Retry-After", "30"),)), "30"),
    "500": (problem(500), "5"),
    "no JSON": (Reply(b"{"), "5"),
}
"""What a server answers to everything, and when a visitor is told to come back."""


class Broken:
    """A server that is healthy until it is given a fault."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.fault: Callable[[Request], Reply | None] = lambda request: None

    def answer(self, request: Request) -> Reply:
        return self.fault(request) or self.product.answer(request)


@pytest.fixture
def broken(product: Product) -> Broken:
    return Broken(product)


OpenSite = Callable[[int], contextlib.AbstractContextManager[TestClient]]


@pytest.fixture
def open_site(product: Product, catalog: Catalog, analyzer: Analyzer) -> OpenSite:
    """Opens the site over a server at a port; without what runs beside it."""

    @contextlib.contextmanager
    def opened(port: int) -> Iterator[TestClient]:
        address = f"{product.scheme}://u:s3cret@127.0.0.1:{port}/site?poll=0.01"
        # Data files and words are read once for all tests: a site that reads its own is as good as another.
        with contextlib.closing(open_engine(address, catalog, analyzer)) as engine:
            app = create_app(Settings(engine=address, deadline=DEADLINE), engine=engine)
            yield TestClient(app, base_url="http://credit.test")

    return opened


@pytest.fixture
def client(broken: Broken, open_site: OpenSite) -> Iterator[TestClient]:
    with scripted(broken.answer) as server, open_site(server.port) as client:
        yield client


def assert_unavailable(client: TestClient, word: str, retry_after: str = "5") -> None:
    page = client.get(f"/search?q={word}")
    assert (page.status_code, page.headers["retry-after"]) == (503, retry_after)
    assert "检索暂时不可用" in page.text
    assert "s3cret" not in page.text
    assert "127.0.0.1" not in page.text
    told = client.get(f"/api/v1/search?q={word}")
    assert (told.status_code, told.headers["retry-after"]) == (503, retry_after)
    assert told.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("fault", sorted(ALWAYS))
def test_a_server_that_fails_is_a_503_which_ends_by_itself(
    client: TestClient, broken: Broken, fault: str
) -> None:
    reply, retry_after = ALWAYS[fault]
    assert client.get("/search?q=城关").status_code == 200
    broken.fault = lambda request: reply
    assert_unavailable(client, "鹿乡", retry_after)
    broken.fault = lambda request: None
    assert client.get("/search?q=鹿乡").status_code == 200


def test_a_missing_index_is_a_503_which_ends_by_itself(client: TestClient, broken: Broken) -> None:
    missing = broken.product.missing
    broken.fault = lambda request: missing if request.path.endswith(broken.product.searches) else None
    assert_unavailable(client, "鹿乡")
    broken.fault = lambda request: None
    assert client.get("/search?q=鹿乡").status_code == 200


def test_a_part_of_an_answer_is_a_503_which_ends_by_itself(client: TestClient, broken: Broken) -> None:
    partial = broken.product.partial
    broken.fault = lambda request: (
        partial(request) if request.path.endswith(broken.product.searches) else None
    )
    assert_unavailable(client, "鹿乡")
    broken.fault = lambda request: None
    assert client.get("/search?q=鹿乡").status_code == 200


def test_another_version_is_refused_until_the_right_one_answers(client: TestClient, broken: Broken) -> None:
    path, reply = broken.product.version
    broken.fault = lambda request: reply if request.path == path else None
    assert_unavailable(client, "鹿乡")
    broken.fault = lambda request: None
    assert client.get("/search?q=鹿乡").status_code == 200


@pytest.mark.parametrize("is_silent_to_all", [True, False])
def test_a_server_that_is_slow_is_a_503_in_time(
    client: TestClient, broken: Broken, is_silent_to_all: bool
) -> None:
    never = threading.Event()
    slow = Reply({}, pause=never)
    broken.fault = lambda request: (
        slow if is_silent_to_all or request.path.endswith(broken.product.searches) else None
    )
    started = time.monotonic()
    assert_unavailable(client, "鹿乡")
    # Two requests; each is to be answered within its deadline, however many questions it has.
    assert time.monotonic() - started < 2 * (DEADLINE + 1)
    never.set()
    broken.fault = lambda request: None
    assert client.get("/search?q=鹿乡").status_code == 200


def test_a_server_that_is_down_is_a_503_until_it_is_back(product: Product, open_site: OpenSite) -> None:
    port = closed_port()
    with open_site(port) as client:
        assert_unavailable(client, "鹿乡")
        for word in ("城关", "白山"):
            with scripted(product.answer, port):
                assert client.get(f"/search?q={word}").status_code == 200
            assert_unavailable(client, "鹿乡")
