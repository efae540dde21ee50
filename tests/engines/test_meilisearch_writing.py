"""Are tasks waited for, told apart and bisected, and does the pointer follow only what was done?"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from engine_documents import TODAY, Documents, ask, ids
from meilisearch_site import FakeMeilisearch
from scripted_server import ScriptedServer, closed_port, scripted

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.documents import Bury, Remove, Upsert
from indexers.engines import open_engine
from indexers.engines.base import Applied, SearchEngine, WriteReport
from indexers.engines.fitting import make_forms
from indexers.engines.meilisearch.address import parse_address
from indexers.engines.meilisearch.tasks import Server
from indexers.engines.meilisearch.writing import GenerationWriter, LineForm, StoredSeqs
from indexers.errors import EngineBusy, EngineDown, EngineError, EngineTimeout, IndexMissing, Partial

POLL = 0.1
"""Seconds between two looks at the pointer, in place of one."""


@pytest.fixture
def fake() -> FakeMeilisearch:
    return FakeMeilisearch()


@pytest.fixture
def server(fake: FakeMeilisearch) -> Iterator[ScriptedServer]:
    with scripted(fake.answer) as running:
        yield running


@pytest.fixture
def engine(server: ScriptedServer, catalog: Catalog, analyzer: Analyzer) -> Iterator[SearchEngine]:
    opened = open_engine(f"meilisearch://127.0.0.1:{server.port}/t?poll={POLL}", catalog, analyzer)
    yield opened
    opened.close()


@pytest.fixture
def published(engine: SearchEngine, fake: FakeMeilisearch) -> SearchEngine:
    """An engine with an empty generation."""
    fake.searches = lambda body: {"results": [{"facetDistribution": {}} for _ in body["queries"]]}
    build = engine.begin_build()
    build.publish(Applied(seq=1))
    return engine


def subjects(documents: Documents, *names: str) -> list[Upsert]:
    return [documents.subject(name, f"鹿乡{name}商行", rank=n) for n, name in enumerate(names, 1)]


def live(fake: FakeMeilisearch) -> str:
    """The name of the live generation."""
    return str(fake.indexes["t_pointer"]["pointer"]["live"]["name"])


def subjects_of(fake: FakeMeilisearch) -> str:
    """The index of its subjects."""
    return f"t_{live(fake)}_subjects"


def held(fake: FakeMeilisearch) -> list[str]:
    return sorted(fake.indexes[subjects_of(fake)])


def test_indexes_are_named_after_their_generation_and_the_pointer_names_it(
    published: SearchEngine, fake: FakeMeilisearch
) -> None:
    name = live(fake)
    assert sorted(fake.indexes) == [
        f"t_{name}_library",
        f"t_{name}_records",
        f"t_{name}_subjects",
        "t_pointer",
    ]
    pointer = fake.indexes["t_pointer"]["pointer"]
    assert (pointer["revision"], name[:8], pointer["kept"]) == (1, "g000001-", None)
    assert published.data_version()[:2] == (name, 1)


def test_one_bad_document_of_many_is_found_by_halves(
    published: SearchEngine, fake: FakeMeilisearch, documents: Documents
) -> None:
    fake.bad = {"e": ("failed", "invalid_request")}
    report = published.write(subjects(documents, *"abcdefgh"))
    assert (report.ok, [rejected.id for rejected in report.rejected]) == (7, ["e"])
    assert "some_code" in report.rejected[0].reason
    assert held(fake) == list("abcdfgh")


def test_what_came_later_is_not_overwritten_by_what_is_tried_again(
    server: ScriptedServer, fake: FakeMeilisearch, documents: Documents, catalog: Catalog
) -> None:
    fake.bad = {"b": ("failed", "invalid_request")}
    to = Server(parse_address(f"meilisearch://127.0.0.1:{server.port}/t"))
    forms = make_forms(LineForm, catalog)
    two = len(forms["subjects"].body(documents.subject("a", "甲甲商行"))) * 3 // 2
    writer = GenerationWriter(to, {"subjects": "i"}, forms, StoredSeqs(None), two)
    operations = [
        documents.subject("a", "甲甲商行", seq=1),
        documents.subject("b", "乙乙商行", seq=1),
        documents.subject("a", "丙丙商行", seq=2),
        documents.subject("c", "丁丁商行", seq=2),
    ]
    report = writer.put_all(operations)
    assert (report.ok, [rejected.id for rejected in report.rejected]) == (3, ["b"])
    assert {key: held["seq"] for key, held in fake.indexes["i"].items()} == {"a": 2, "c": 2}
    handed = [[line["id"] for line in request.lines] for request in server.asked("/indexes/i/documents")]
    assert handed == [["a", "b"], ["a", "c"], ["b"]]


def test_a_task_that_does_not_end_is_a_timeout() -> None:
    task = FakeMeilisearch()
    task.end_task("processing")
    with scripted(task.answer) as server:
        to = Server(parse_address(f"meilisearch://127.0.0.1:{server.port}/t"))
        with pytest.raises(EngineTimeout):
            to.wait(0, seconds=0.05)


def test_a_failure_that_is_no_documents_fault_is_not_blamed_on_them(
    published: SearchEngine, fake: FakeMeilisearch, documents: Documents
) -> None:
    fake.bad = {"b": ("failed", "internal")}
    with pytest.raises(EngineError) as caught:
        published.write(subjects(documents, *"abc"), Applied(seq=9))
    assert "some_code" in str(caught.value)
    state = published.status().live
    assert state is not None
    assert (state.applied.seq, published.data_version().revision) == (1, 2)


def test_a_canceled_task_ends_the_wait_and_may_be_tried_again(
    published: SearchEngine, fake: FakeMeilisearch, documents: Documents
) -> None:
    fake.bad = {"a": ("canceled", "")}
    with pytest.raises(EngineBusy):
        published.write(subjects(documents, "a"))
    fake.bad = {}
    assert published.write(subjects(documents, "a")) == WriteReport(ok=1)


def test_what_is_stored_is_compared_before_it_is_written(
    published: SearchEngine, fake: FakeMeilisearch, documents: Documents, server: ScriptedServer
) -> None:
    published.write([documents.subject("a", "甲甲商行", seq=7)])
    before = len(server.asked(f"{subjects_of(fake)}/documents?"))
    assert published.write([documents.subject("a", "乙乙商行", seq=6)]) == WriteReport(stale=1)
    assert len(server.asked(f"{subjects_of(fake)}/documents?")) == before
    assert fake.indexes[subjects_of(fake)]["a"]["seq"] == 7


def test_what_is_removed_is_forgotten(
    published: SearchEngine, fake: FakeMeilisearch, documents: Documents
) -> None:
    published.write(subjects(documents, *"abc"))
    assert published.write([Remove("subjects", "a", 5), Remove("subjects", "c", 5)]) == WriteReport(ok=2)
    assert held(fake) == ["b"]


def test_a_tombstone_has_neither_words_nor_days(published: SearchEngine, fake: FakeMeilisearch) -> None:
    published.write([Bury("subjects", "a", 3)])
    assert fake.indexes[subjects_of(fake)]["a"] == {"id": "a", "seq": 3, "gone": 1}


def test_a_writer_returns_when_every_worker_has_looked_again(
    published: SearchEngine, documents: Documents
) -> None:
    started = time.monotonic()
    published.write(subjects(documents, "a"))
    assert time.monotonic() - started >= POLL


def test_the_pointer_is_not_asked_for_at_every_question(
    published: SearchEngine, fake: FakeMeilisearch, server: ScriptedServer
) -> None:
    before = len(server.asked("t_pointer"))
    seen = {published.data_version() for _ in range(50)}
    assert [(version.generation, version.revision) for version in seen] == [(live(fake), 1)]
    assert len(server.asked("t_pointer")) - before <= 2


def test_left_overs_of_a_killed_build_are_cleared_by_the_next(
    published: SearchEngine, fake: FakeMeilisearch
) -> None:
    published.begin_build()
    fake.indexes["other_g000002_subjects"] = {}
    fake.indexes["t_g000007_subjects"] = {}
    fake.indexes["t_notes"] = {}
    published.begin_build().abort()
    assert sorted(name for name in fake.indexes if live(fake) not in name) == [
        "other_g000002_subjects",
        "t_notes",
        "t_pointer",
    ]


def test_an_answer_that_is_not_whole_is_an_error(published: SearchEngine, fake: FakeMeilisearch) -> None:
    fake.searches = {"results": [{"hits": [], "estimatedTotalHits": 3, "degraded": True}]}
    with pytest.raises(Partial):
        ask(published)


def test_an_answer_of_another_shape_is_an_error(published: SearchEngine, fake: FakeMeilisearch) -> None:
    fake.searches = {"results": [{"hits": [{"id": "a"}]}]}
    with pytest.raises(EngineError):
        ask(published)


def test_hits_are_read_from_what_is_stored(
    published: SearchEngine, fake: FakeMeilisearch, documents: Documents
) -> None:
    stored = documents.subject("a", "鹿乡商行").stored.decode()
    hit = {"stored": stored, "rank_key": 1, "_federation": {"queriesPosition": 0, "indexUid": "i"}}
    fake.searches = {"hits": [hit], "estimatedTotalHits": 10_002}
    page = ask(published, "鹿乡商行")
    assert (ids(page), page.hits[0].tier) == (["a"], "exact")
    assert (page.total.value, page.total.exact) == (10_000, False)


def test_ids_that_cannot_be_ours_are_not_asked_for(published: SearchEngine, server: ScriptedServer) -> None:
    before = len(server.requests)
    assert [published.get("records", doc_id, TODAY) for doc_id in ("a/../b", "?", "", "x" * 65)] == [None] * 4
    assert len(server.asked("records/documents/fetch")) == 0
    assert len(server.requests) - before <= 1


def test_nothing_published_and_nobody_there_are_told_apart(
    engine: SearchEngine, catalog: Catalog, analyzer: Analyzer
) -> None:
    with pytest.raises(IndexMissing):
        engine.data_version()
    nobody = open_engine(f"meilisearch://127.0.0.1:{closed_port()}", catalog, analyzer)
    with pytest.raises(EngineDown):
        nobody.data_version()
    with pytest.raises(EngineDown):
        nobody.begin_build()
