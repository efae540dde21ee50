"""Is every failure of a server of the Elasticsearch family one of our errors, the right one, and in time?"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from elastic_site import NOTHING_FOUND, Site, problem
from engine_documents import TODAY
from scripted_server import Reply, Request, ScriptedServer, closed_port, scripted

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.documents import Bury
from indexers.engines import open_engine
from indexers.engines.base import SearchEngine, WriteReport
from indexers.errors import (
    AuthFailed,
    BadQuery,
    EngineBusy,
    EngineDown,
    EngineError,
    EngineTimeout,
    IndexMissing,
    Partial,
    WrongVersion,
)
from indexers.query import SearchPage, SearchQuery

SECONDS = 2.0
"""The deadline of a question here."""
Script = Callable[[Request], Reply]
Beside = Callable[..., SearchEngine]


@pytest.fixture
def server(site_server: ScriptedServer) -> ScriptedServer:
    return site_server


@pytest.fixture
def engine(site_engine: SearchEngine) -> SearchEngine:
    return site_engine


def ask(engine: SearchEngine) -> SearchPage:
    return engine.search(SearchQuery("subjects", TODAY, deadline=SECONDS))


HALF = Reply(b'FF\r\n{"hits"', headers=(("Transfer-Encoding", "chunked"), ("Connection", "close")))
PAGE_OF_A_PROXY = Reply(b"<html>busy</html>", 503, headers=(("Content-Type", "text/html"),))
FAULTS: dict[str, tuple[Reply, type[EngineError]]] = {
    "hangs up": (Reply(hang_up=True), EngineDown),
    "half an answer": (HALF, EngineDown),
    "no JSON": (Reply(b'{"hits":'), EngineError),
    "another form": (Reply({"hits": "none"}), EngineError),
    "400": (problem(400), BadQuery),
    "401": (problem(401), AuthFailed),
    "403": (problem(403), AuthFailed),
    "404": (problem(404, "index_not_found_exception"), IndexMissing),
    "429": (problem(429), EngineBusy),
    "500": (problem(500), EngineError),
    "502": (problem(502), EngineDown),
    "503": (problem(503), EngineBusy),
    "503 of a proxy": (PAGE_OF_A_PROXY, EngineBusy),
    "504": (problem(504), EngineTimeout),
    "a shard failed": (Reply({**NOTHING_FOUND, "_shards": {"failed": 1}}), Partial),
    "time was over": (Reply({**NOTHING_FOUND, "timed_out": True}), Partial),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_fault_is_the_right_error_in_time(engine: SearchEngine, site: Site, fault: str) -> None:
    reply, kind = FAULTS[fault]
    site.searches = [reply]
    started = time.monotonic()
    with pytest.raises(EngineError) as caught:
        ask(engine)
    assert type(caught.value) is kind
    assert time.monotonic() - started < SECONDS + 1
    assert "s3cret" not in str(caught.value)
    assert "because" not in str(caught.value)


def test_a_server_that_does_not_answer_times_out(
    engine: SearchEngine, site: Site, server: ScriptedServer
) -> None:
    never = threading.Event()
    site.searches = [Reply(NOTHING_FOUND, pause=never)]
    started = time.monotonic()
    with pytest.raises(EngineTimeout):
        ask(engine)
    never.set()
    assert SECONDS <= time.monotonic() - started < SECONDS + 1
    assert len(server.asked("_search")) == 1


def test_a_pointer_that_does_not_come_times_out_for_everybody_who_waits(
    engine: SearchEngine, site: Site
) -> None:
    site.pause = threading.Event()
    took: list[float] = []

    def wait() -> None:
        started = time.monotonic()
        with pytest.raises(EngineTimeout):
            ask(engine)
        took.append(time.monotonic() - started)

    waiting = [threading.Thread(target=wait) for _ in range(4)]
    for thread in waiting:
        thread.start()
    for thread in waiting:
        thread.join()
    site.pause.set()
    assert len(took) == 4
    assert max(took) < SECONDS + 1


def test_a_server_that_is_down_is_down(catalog: Catalog, analyzer: Analyzer) -> None:
    engine = open_engine(f"elasticsearch://127.0.0.1:{closed_port()}", catalog, analyzer)
    with pytest.raises(EngineDown) as caught:
        engine.status()
    engine.close()
    assert "连不上" in str(caught.value)


@pytest.fixture
def beside(server: ScriptedServer, catalog: Catalog, analyzer: Analyzer) -> Iterator[Beside]:
    """Opens engines on the healthy server and on other nodes, whichever is asked first."""
    opened: list[SearchEngine] = []

    def open_beside(*ports: int) -> SearchEngine:
        nodes = ",".join(f"127.0.0.1:{port}" for port in (*ports, server.port))
        opened.append(open_engine(f"opensearch://{nodes}/site?poll=0.01", catalog, analyzer))
        return opened[-1]

    yield open_beside
    for engine in opened:
        engine.close()


def test_a_node_answers_for_those_that_are_down(beside: Beside) -> None:
    for _ in range(6):
        assert ask(beside(closed_port(), closed_port())).total.value == 0


def test_a_change_is_sent_to_a_node_that_takes_it(beside: Beside, site: Site) -> None:
    for _ in range(6):
        site.bulks = [Reply({"items": [{"index": {"status": 201}}]})]
        engine = beside(closed_port(), closed_port())
        assert engine.write([Bury("records", "r1", 1)]) == WriteReport(ok=1)


def test_a_node_that_is_gone_without_a_word_costs_half_of_the_time(beside: Beside) -> None:
    never = threading.Event()
    with scripted(lambda request: Reply({}, pause=never)) as silent:
        for _ in range(4):
            started = time.monotonic()
            assert ask(beside(silent.port)).total.value == 0
            assert time.monotonic() - started < SECONDS
        never.set()


def test_a_missing_part_of_an_answer_is_asked_for_once_more(
    engine: SearchEngine, site: Site, server: ScriptedServer
) -> None:
    site.searches = [Reply({**NOTHING_FOUND, "_shards": {"failed": 1}}), Reply(NOTHING_FOUND)]
    assert ask(engine).total.value == 0
    no_copy = {"error": {"type": "search_phase_execution_exception"}, "status": 503}
    site.searches = [
        Reply({"responses": [NOTHING_FOUND, no_copy]}),
        Reply({"responses": [NOTHING_FOUND, {**NOTHING_FOUND, "aggregations": {"status": {}}}]}),
    ]
    query = SearchQuery("subjects", TODAY, facets=("status",), size=5, deadline=SECONDS)
    assert engine.search(query).facets["status"].values == ()
    assert len(server.asked("_msearch")) == 2


def test_a_read_is_asked_once_more(engine: SearchEngine, site: Site, server: ScriptedServer) -> None:
    site.searches = [problem(503), Reply(NOTHING_FOUND)]
    assert ask(engine).total.value == 0
    assert len(server.asked("_search")) == 2


def test_a_read_is_asked_twice_at_most(engine: SearchEngine, site: Site, server: ScriptedServer) -> None:
    site.searches = [problem(503)]
    with pytest.raises(EngineBusy):
        ask(engine)
    assert len(server.asked("_search")) == 2


def test_the_time_a_server_asks_for_is_told_and_not_waited_for(
    engine: SearchEngine, site: Site, server: ScriptedServer
) -> None:
    site.searches = [Reply({}, 429, headers=(("Retry-After", "7"),))]
    with pytest.raises(EngineBusy) as caught:
        ask(engine)
    assert caught.value.retry_after == 7
    assert len(server.asked("_search")) == 1


def root_of(number: str, **more: str) -> Reply:
    return Reply({"version": {**more, "number": number}})


OPENSEARCH = {"distribution": "opensearch"}
ACCEPTED = [
    ("elasticsearch", root_of("8.0.0")),
    ("elasticsearch", root_of("8.19.21")),
    ("elasticsearch", root_of("9.3.2")),
    ("opensearch", root_of("2.19.1", **OPENSEARCH)),
    ("opensearch", root_of("3.8.0", **OPENSEARCH)),
]
REFUSED = [
    ("elasticsearch", root_of("7.17.29"), "Elasticsearch 7.17.29", "8 或 9"),
    ("elasticsearch", root_of("10.0.0"), "Elasticsearch 10.0.0", "8 或 9"),
    ("elasticsearch", root_of("3.8.0", **OPENSEARCH), "OpenSearch 3.8.0", "8 或 9"),
    ("opensearch", root_of("1.3.20", **OPENSEARCH), "OpenSearch 1.3.20", "2 或 3"),
    ("opensearch", root_of("4.0.0", **OPENSEARCH), "OpenSearch 4.0.0", "2 或 3"),
    ("opensearch", root_of("9.3.2"), "Elasticsearch 9.3.2", "2 或 3"),
    ("opensearch", root_of("soon", **OPENSEARCH), "OpenSearch soon", "2 或 3"),
    ("opensearch", Reply({}), "Elasticsearch", "2 或 3"),
]


def status_of(product: str, server: ScriptedServer, catalog: Catalog, analyzer: Analyzer) -> str:
    engine = open_engine(f"{product}://127.0.0.1:{server.port}/site", catalog, analyzer)
    try:
        return engine.status().version
    finally:
        engine.close()


@pytest.mark.parametrize(("product", "root"), ACCEPTED)
def test_both_products_are_accepted_in_both_major_versions(
    server: ScriptedServer, site: Site, catalog: Catalog, analyzer: Analyzer, product: str, root: Reply
) -> None:
    site.root = root
    assert status_of(product, server, catalog, analyzer).endswith(root.body["version"]["number"])


@pytest.mark.parametrize(("product", "root", "named", "wanted"), REFUSED)
def test_a_server_of_another_product_or_version_is_refused_by_name(
    server: ScriptedServer,
    site: Site,
    catalog: Catalog,
    analyzer: Analyzer,
    product: str,
    root: Reply,
    named: str,
    wanted: str,
) -> None:
    site.root = root
    with pytest.raises(WrongVersion) as caught:
        status_of(product, server, catalog, analyzer)
    assert named in str(caught.value)
    assert wanted in str(caught.value)


def test_who_asks_is_sent_with_every_request(engine: SearchEngine, server: ScriptedServer) -> None:
    ask(engine)
    sent = {
        request.headers.get("Authorization") or request.headers["authorization"]
        for request in server.requests
    }
    assert sent == {"Basic cmVhZGVyOnMzY3JldA=="}


def test_a_refused_part_of_several_searches_is_its_own_error(engine: SearchEngine, site: Site) -> None:
    refused = {"error": {"type": "circuit_breaking_exception"}, "status": 429}
    site.searches = [Reply({"responses": [NOTHING_FOUND, refused]})]
    with pytest.raises(EngineBusy):
        engine.search(SearchQuery("subjects", TODAY, facets=("status",), deadline=SECONDS))
