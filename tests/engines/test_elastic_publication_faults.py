"""Is a write, a build or a publication on a server of the Elasticsearch family whole, whatever fails on the way?"""

from __future__ import annotations

import time

import msgspec
import pytest
from elastic_site import COUNTS, Site, problem
from engine_documents import Documents
from scripted_server import Reply, Request, ScriptedServer

from indexers.documents import Bury, Operation, Remove
from indexers.engines.base import Applied, SearchEngine, WriteReport
from indexers.engines.published import Pointer
from indexers.errors import BadQuery, EngineBusy, EngineDown, IndexMissing, PublishError


@pytest.fixture
def engine(site_engine: SearchEngine) -> SearchEngine:
    return site_engine


def test_what_a_server_had_no_room_for_is_sent_again_and_nothing_else(
    engine: SearchEngine, site: Site, site_server: ScriptedServer
) -> None:
    site.bulks = [
        problem(503),
        Reply({"items": [{"index": {"status": 429}}, {"index": {"status": 201}}]}),
        Reply({"items": [{"index": {"status": 201}}]}),
    ]
    assert engine.write([Bury("records", "r1", 1), Bury("records", "r2", 1)]) == WriteReport(ok=2)
    sent = [[line["index"]["_id"] for line in request.lines[::2]] for request in site_server.asked("_bulk")]
    assert sent == [["r1", "r2"], ["r1", "r2"], ["r1"]]


def test_outcomes_are_told_for_each_document(engine: SearchEngine, site: Site, documents: Documents) -> None:
    bad = {"type": "document_parsing_exception", "reason": "no number"}
    outcomes = [{"status": 201}, {"status": 409, "error": {}}, {"status": 400, "error": bad}]
    site.bulks = [Reply({"items": [{"index": outcome} for outcome in outcomes]})]
    report = engine.write([documents.subject(f"s{n}", "鹿乡食品") for n in range(3)])
    assert (report.ok, report.stale) == (1, 1)
    assert [(r.id, r.reason) for r in report.rejected] == [("s2", "document_parsing_exception:no number")]


GONE_INDEX = {"type": "index_not_found_exception", "reason": "is not an alias"}
GONE_ALIAS = {"type": "invalid_index_name_exception", "reason": "must be lowercase"}
LOST: dict[str, tuple[Operation, dict[str, object]]] = {
    "a tombstone": (Bury("records", "r1", 1), {"index": {"status": 404, "error": GONE_INDEX}}),
    "a deletion": (Remove("subjects", "s1", 1), {"delete": {"status": 400, "error": GONE_ALIAS}}),
    "a deletion among others": (
        Remove("subjects", "s1", 1),
        {"delete": {"status": 404, "error": GONE_INDEX}},
    ),
}


@pytest.mark.parametrize("lost", sorted(LOST))
def test_an_index_that_somebody_removed_is_told_and_not_made_by_a_write(
    engine: SearchEngine, site: Site, site_server: ScriptedServer, lost: str
) -> None:
    operation, outcome = LOST[lost]
    site.bulks = [Reply({"items": [outcome]})]
    with pytest.raises(IndexMissing, match="credit-search rebuild"):
        engine.write([operation], Applied(seq=1))
    [bulk] = site_server.asked("/_bulk")
    assert "require_alias=true" in bulk.path
    [where] = bulk.lines[0].values()
    assert where["_index"] == f"site-g000001-{operation.collection}-WRITE"
    assert [request for request in site_server.requests if request.method == "PUT"] == []


def test_a_deletion_of_what_is_not_there_is_fine(engine: SearchEngine, site: Site) -> None:
    site.bulks = [Reply({"items": [{"delete": {"status": 404}}]})]
    assert engine.write([Remove("subjects", "s1", 1)]) == WriteReport(ok=1)


def test_the_indexes_of_a_build_are_made_with_the_alias_that_they_are_written_by(
    engine: SearchEngine, site: Site, site_server: ScriptedServer
) -> None:
    build = engine.begin_build()
    site.bulks = [Reply({"items": [{"index": {"status": 201}}]})]
    build.write([Bury("records", "r1", 1)])
    made = {request.path[1:]: request.body for request in site_server.requests if is_new_index(request)}
    assert {name: list(body["aliases"]) for name, body in made.items()} == {
        name: [f"{name}-WRITE"] for name in made
    }
    [bulk] = site_server.asked("/_bulk")
    assert bulk.lines[0]["index"]["_index"] == f"site-{build.name}-records-WRITE"
    build.abort()


def test_a_publication_whose_answer_was_lost_is_looked_up(engine: SearchEngine, site: Site) -> None:
    swapped = Pointer(2, site.pointer.live, site.pointer.live)

    def lose(request: Request) -> Reply:
        site.pointer = swapped
        return Reply(hang_up=True)

    answer = site.answer
    site.answer = lambda request: lose(request) if request.method == "PUT" else answer(request)  # type: ignore[method-assign]
    engine.rollback()
    assert engine.data_version()[:2] == ("g000001", 2)


def test_a_publication_waits_for_a_node_that_takes_the_place_of_another(
    engine: SearchEngine, site: Site, site_server: ScriptedServer
) -> None:
    site.puts = [problem(503), Reply(hang_up=True), Reply({"_seq_no": 2, "_primary_term": 2})]
    engine.rollback()
    sent = [request.body["pointer"]["revision"] for request in site_server.asked("pointer?if_seq_no=1")]
    assert sent == [2, 2, 2]


def test_an_index_that_a_lost_master_made_is_taken(engine: SearchEngine, site: Site) -> None:
    answer = site.answer
    site.answer = lambda request: (  # type: ignore[method-assign]
        problem(400, "resource_already_exists_exception") if is_new_index(request) else answer(request)
    )
    engine.begin_build().abort()
    site.answer = lambda request: (  # type: ignore[method-assign]
        problem(400, "mapper_parsing_exception") if is_new_index(request) else answer(request)
    )
    with pytest.raises(BadQuery):
        engine.begin_build()


def test_an_index_is_made_by_another_node_when_one_is_lost(
    engine: SearchEngine, site: Site, site_server: ScriptedServer
) -> None:
    answer = site.answer
    lost = iter([Reply(hang_up=True)])
    site.answer = lambda request: (  # type: ignore[method-assign]
        next(lost, answer(request)) if is_new_index(request) else answer(request)
    )
    engine.begin_build().abort()
    made = [request.path for request in site_server.requests if is_new_index(request)]
    assert (len(made), len(set(made))) == (4, 3)


def is_new_index(request: Request) -> bool:
    return request.method == "PUT" and request.path.startswith("/site-g")


def health(status: str) -> Reply:
    return Reply({"status": status}, 200 if status == "green" else 408)


@pytest.mark.parametrize(
    ("looks", "made"),
    [(["yellow", "green"], 1), (["red"] * 4 + ["green"], 1), (["red"] * 5 + ["yellow", "green"], 2)],
)
def test_a_generation_whose_part_was_lost_before_it_had_copies_is_made_again(
    engine: SearchEngine, site: Site, site_server: ScriptedServer, looks: list[str], made: int
) -> None:
    answer = site.answer
    told = iter(looks)
    site.answer = lambda request: (  # type: ignore[method-assign]
        health(next(told)) if "/_cluster/health" in request.path else answer(request)
    )
    engine.begin_build()
    assert next(told, None) is None
    assert len([request for request in site_server.requests if is_new_index(request)]) == 3 * made


def test_a_cluster_that_loses_every_generation_gets_none(engine: SearchEngine, site: Site) -> None:
    answer = site.answer
    site.answer = lambda request: (  # type: ignore[method-assign]
        health("red") if "/_cluster/health" in request.path else answer(request)
    )
    with pytest.raises(EngineDown, match="一再丢失"):
        engine.begin_build()


def test_a_generation_that_went_live_is_never_removed(engine: SearchEngine, site: Site) -> None:
    build = engine.begin_build()
    removed: list[str] = []
    answer = site.answer

    def keep_and_fail(request: Request) -> Reply:
        if request.method == "DELETE":
            removed.append(request.path)
            return problem(503)
        if request.method == "PUT" and "_doc/pointer" in request.path:
            site.pointer = msgspec.convert(request.body["pointer"], Pointer)
        return answer(request)

    site.answer = keep_and_fail  # type: ignore[method-assign]
    build.publish(Applied())
    build.abort()
    assert engine.data_version()[:2] == (build.name, 2)
    assert [path for path in removed if build.name in path] == []


def test_a_sign_whose_answer_was_lost_does_not_cost_the_right_to_build(
    engine: SearchEngine, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexers.engines.elastic.generations.BEAT", 0.02)
    build = engine.begin_build()
    site.lost_signs = 1
    time.sleep(0.2)
    assert build.write([]) == WriteReport()
    assert build.finish() == COUNTS
    site.builder = "somebody else"
    site.lost_signs = 1
    time.sleep(0.2)
    with pytest.raises(PublishError):
        build.publish(Applied())


def test_a_pointer_that_others_replace_all_the_time_is_given_up(engine: SearchEngine, site: Site) -> None:
    site.puts = [Reply({}, 409)] * 20
    with pytest.raises(EngineBusy):
        engine.rollback()
    assert len(site.puts) == 12
