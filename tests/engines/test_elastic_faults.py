"""Is every failure of a server of the Elasticsearch family one of our errors, the right one, and in time?"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import msgspec
import pytest
from engine_documents import TODAY, Documents
from scripted_server import Reply, Request, ScriptedServer, closed_port, scripted

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.documents import Bury
from indexers.engines import open_engine
from indexers.engines.base import Applied, SearchEngine, WriteReport
from indexers.engines.published import Generation, Pointer
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

SECONDS = 0.4
"""The deadline of a question here."""
NOTHING_FOUND = {"hits": {"total": {"value": 0}, "hits": []}, "_shards": {"failed": 0}, "timed_out": False}
COUNTS = {"subjects": 0, "records": 0, "library": 0}

Script = Callable[[Request], Reply]
Ask = Callable[[], SearchPage]


class Site:
    """A healthy server of one generation whose answers to searches a test replaces."""

    def __init__(self, fingerprint: str) -> None:
        generation = Generation("g000001", fingerprint, Applied(), COUNTS)
        self.pointer = Pointer(1, generation, generation)
        self.root = Reply({"version": {"distribution": "opensearch", "number": "3.8.0"}})
        self.pause: threading.Event | None = None
        self.searches: list[Reply] = []
        self.bulks: list[Reply] = []
        self.puts: list[Reply] = []

    def answer(self, request: Request) -> Reply:
        path = request.path
        if path == "/":
            return self.root
        if path.endswith("/_doc/pointer") and request.method == "GET":
            source = {"pointer": msgspec.to_builtins(self.pointer)}
            found = {"_seq_no": 1, "_primary_term": 1, "found": True, "_source": source}
            return Reply(found, pause=self.pause)
        if "/_doc/pointer" in path:
            return self.puts.pop(0) if self.puts else Reply({"_seq_no": 2, "_primary_term": 1})
        if path.startswith("/_bulk"):
            return self.bulks.pop(0)
        if path.endswith("/_refresh"):
            return Reply({"_shards": {"failed": 0}})
        if len(self.searches) > 1:
            return self.searches.pop(0)
        return self.searches[0] if self.searches else Reply(NOTHING_FOUND)


@pytest.fixture
def site(catalog: Catalog, analyzer: Analyzer) -> Site:
    return Site(catalog.fingerprint(analyzer.fingerprint))


@pytest.fixture
def server(site: Site) -> Iterator[ScriptedServer]:
    with scripted(lambda request: site.answer(request)) as server:
        yield server


@pytest.fixture
def engine(server: ScriptedServer, catalog: Catalog, analyzer: Analyzer) -> Iterator[SearchEngine]:
    address = f"opensearch://reader:s3cret@127.0.0.1:{server.port}/site?poll=0.01"
    engine = open_engine(address, catalog, analyzer)
    yield engine
    engine.close()


def ask(engine: SearchEngine) -> SearchPage:
    return engine.search(SearchQuery("subjects", TODAY, deadline=SECONDS))


def problem(status: int, kind: str = "some_exception") -> Reply:
    return Reply({"error": {"type": kind, "reason": "because"}, "status": status}, status)


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


def test_another_node_answers_for_one_that_is_down(
    server: ScriptedServer, catalog: Catalog, analyzer: Analyzer
) -> None:
    nodes = f"127.0.0.1:{closed_port()},127.0.0.1:{server.port}"
    for _ in range(4):
        engine = open_engine(f"opensearch://{nodes}/site", catalog, analyzer)
        assert ask(engine).total.value == 0
        engine.close()


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


@pytest.mark.parametrize(
    ("root", "named"),
    [
        (Reply({"version": {"distribution": "opensearch", "number": "1.3.0"}}), "OpenSearch 1.3.0"),
        (Reply({"version": {"number": "9.3.2"}}), "Elasticsearch 9.3.2"),
        (Reply({"version": {"distribution": "opensearch", "number": "soon"}}), "OpenSearch soon"),
        (Reply({}), "Elasticsearch"),
    ],
)
def test_a_server_of_another_product_or_version_is_refused_by_name(
    engine: SearchEngine, site: Site, root: Reply, named: str
) -> None:
    site.root = root
    with pytest.raises(WrongVersion) as caught:
        ask(engine)
    assert named in str(caught.value)
    assert "2 或 3" in str(caught.value)


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


def test_what_a_server_had_no_room_for_is_sent_again_and_nothing_else(
    engine: SearchEngine, site: Site, server: ScriptedServer
) -> None:
    site.bulks = [
        problem(503),
        Reply({"items": [{"index": {"status": 429}}, {"index": {"status": 201}}]}),
        Reply({"items": [{"index": {"status": 201}}]}),
    ]
    assert engine.write([Bury("records", "r1", 1), Bury("records", "r2", 1)]) == WriteReport(ok=2)
    sent = [[line["index"]["_id"] for line in request.lines[::2]] for request in server.asked("_bulk")]
    assert sent == [["r1", "r2"], ["r1", "r2"], ["r1"]]


def test_outcomes_are_told_for_each_document(engine: SearchEngine, site: Site, documents: Documents) -> None:
    bad = {"type": "document_parsing_exception", "reason": "no number"}
    outcomes = [{"status": 201}, {"status": 409, "error": {}}, {"status": 400, "error": bad}]
    site.bulks = [Reply({"items": [{"index": outcome} for outcome in outcomes]})]
    report = engine.write([documents.subject(f"s{n}", "鹿乡食品") for n in range(3)])
    assert (report.ok, report.stale) == (1, 1)
    assert [(r.id, r.reason) for r in report.rejected] == [("s2", "document_parsing_exception:no number")]


def test_a_publication_whose_answer_was_lost_is_looked_up(engine: SearchEngine, site: Site) -> None:
    swapped = Pointer(2, site.pointer.live, site.pointer.live)

    def lose(request: Request) -> Reply:
        site.pointer = swapped
        return Reply(hang_up=True)

    answer = site.answer
    site.answer = lambda request: lose(request) if request.method == "PUT" else answer(request)  # type: ignore[method-assign]
    engine.rollback()
    assert engine.revision() == ("g000001", 2)


def test_a_pointer_that_others_replace_all_the_time_is_given_up(engine: SearchEngine, site: Site) -> None:
    site.puts = [Reply({}, 409)] * 20
    with pytest.raises(EngineBusy):
        engine.rollback()
    assert len(site.puts) == 12
