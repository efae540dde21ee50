"""Do generations switch whole, and can the one before come back?"""

from __future__ import annotations

import pytest
from engine_documents import TODAY, Documents, OpenEngine, Publish, ask, ids

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.documents import Bury, Gone
from indexers.engines import open_engine
from indexers.engines.base import KEPT, Applied, SearchEngine, WriteReport
from indexers.errors import FingerprintMismatch, IndexMissing, PublishError


class OtherAnalyzer(Analyzer):
    """The same analysis under another fingerprint, as after a change of the word lists."""

    def __init__(self, analyzer: Analyzer) -> None:
        self.__dict__.update(analyzer.__dict__)
        self.fingerprint = "another"


@pytest.fixture
def twice(publish: Publish, documents: Documents) -> SearchEngine:
    """Old generation: s1. Live generation: s2."""
    publish([documents.subject("s1", "鹿乡食品")], Applied(seq=1))
    return publish([documents.subject("s2", "鹿乡食品")], Applied(seq=2))


def test_a_build_is_seen_only_after_it_is_published(
    publish: Publish, documents: Documents, open_again: OpenEngine
) -> None:
    engine = publish([documents.subject("s1", "鹿乡食品")])
    reader = open_again()
    before = reader.data_version()
    build = engine.begin_build()
    build.write([documents.subject("s2", "鹿乡食品"), Bury("records", "r1", 1)])
    assert build.finish() == {"subjects": 1, "records": 0, "library": 0}
    assert ids(ask(build.engine())) == ["s2"]
    assert ids(ask(reader)) == ["s1"]
    assert reader.data_version() == before
    build.publish(Applied(seq=9))
    assert ids(ask(reader)) == ["s2"]
    assert reader.data_version()[:2] == (build.name, before.revision + 1)
    assert reader.get("records", "r1", TODAY) == Gone("r1")


def test_a_finished_build_can_catch_up_before_it_is_published(
    engine: SearchEngine, documents: Documents
) -> None:
    build = engine.begin_build()
    build.write([documents.subject("s1", "鹿乡食品", rank=1, seq=5)])
    build.finish()
    later = [documents.subject("s1", "城关商行", rank=1, seq=4), documents.subject("s2", "白山", rank=2)]
    assert build.write(later) == WriteReport(ok=1, stale=1)
    build.write([documents.subject("s1", "鹿乡食品厂", rank=1, seq=6)])
    assert build.finish()["subjects"] == 2
    build.publish(Applied(seq=6))
    assert ids(ask(engine)) == ["s2", "s1"]
    assert ids(ask(engine, "鹿乡食品厂")) == ["s1"]


def test_an_aborted_build_leaves_nothing(publish: Publish, documents: Documents) -> None:
    engine = publish([documents.subject("s1", "鹿乡食品")])
    build = engine.begin_build()
    build.write([documents.subject("s2", "鹿乡食品")])
    build.abort()
    assert ids(ask(engine)) == ["s1"]
    assert engine.status().kept is None
    engine.begin_build().abort()


def test_rollback_swaps_live_and_kept(twice: SearchEngine) -> None:
    before = twice.data_version().revision
    twice.rollback()
    assert ids(ask(twice)) == ["s1"]
    assert twice.data_version().revision == before + 1
    twice.rollback()
    assert ids(ask(twice)) == ["s2"]
    status = twice.status()
    assert status.live is not None
    assert status.kept is not None
    assert (status.live.applied.seq, status.kept.applied.seq) == (2, 1)


def test_a_removal_written_to_the_kept_generation_holds_after_rollback(
    publish: Publish, documents: Documents
) -> None:
    old = [documents.record("r1", "鹿乡食品", seq=1), documents.record("r2", "鹿乡食品", rank=2, seq=1)]
    publish(old)
    engine = publish(old)
    for generation in ("live", KEPT):
        assert engine.write([Bury("records", "r1", 2)], generation=generation) == WriteReport(ok=1)
    engine.rollback()
    assert ids(ask(engine, "", "records")) == ["r2"]
    assert engine.get("records", "r1", TODAY) == Gone("r1")


def test_what_comes_back_into_the_kept_generation_is_there_after_rollback(
    publish: Publish, documents: Documents
) -> None:
    old = [documents.record("r1", "鹿乡食品", seq=1), documents.subject("s1", "鹿乡食品", seq=1)]
    publish(old)
    engine = publish(old)
    engine.write([Bury("records", "r1", 2)], generation=KEPT)
    again = [
        documents.record("r1", "鹿乡食品", seq=3, subject_id="s2"),
        documents.record("r2", "鹿乡食品", rank=2, seq=3),
        documents.subject("s1", "鹿乡食品厂", seq=3),
    ]
    assert engine.write(again, generation=KEPT) == WriteReport(ok=3)
    engine.write((), Applied(seq=3, removed_seq=3), KEPT)
    assert (ids(ask(engine, "", "records")), ids(ask(engine, "鹿乡食品厂"))) == (["r1"], [])
    engine.rollback()
    assert (ids(ask(engine, "", "records")), ids(ask(engine, "鹿乡食品厂"))) == (["r2", "r1"], ["s1"])
    live = engine.status().live
    assert live is not None
    assert (live.applied, live.counts["records"]) == (Applied(seq=3, removed_seq=3), 2)


def test_there_is_nothing_to_roll_back_to_after_the_first_publication(
    publish: Publish, documents: Documents
) -> None:
    engine = publish([documents.subject("s1", "鹿乡食品")])
    with pytest.raises(PublishError):
        engine.rollback()


def test_another_fingerprint_is_refused_until_a_rebuild(
    publish: Publish, documents: Documents, address: str, catalog: Catalog, analyzer: Analyzer
) -> None:
    old = publish([documents.subject("s1", "鹿乡食品")])
    new = open_engine(address, catalog, OtherAnalyzer(analyzer))
    with pytest.raises(FingerprintMismatch) as asked:
        ask(new)
    assert "credit-search rebuild" in str(asked.value)
    with pytest.raises(FingerprintMismatch):
        new.write([documents.subject("s2", "城关商行", rank=2)])
    build = new.begin_build()
    build.write([documents.subject("s2", "城关商行", rank=2)])
    build.publish(Applied(seq=2))
    # The worker that was not restarted goes on with the generation it can read.
    assert (ids(ask(new)), ids(ask(old))) == (["s2"], ["s1"])
    with pytest.raises(PublishError):
        new.rollback()


def test_removals_are_written_under_any_fingerprint(
    publish: Publish, documents: Documents, address: str, catalog: Catalog, analyzer: Analyzer
) -> None:
    engine = publish([documents.record("r1", "鹿乡食品", seq=1)])
    other = open_engine(address, catalog, OtherAnalyzer(analyzer))
    assert other.write([Bury("records", "r1", 2)]) == WriteReport(ok=1)
    assert engine.get("records", "r1", TODAY) == Gone("r1")
    assert ids(ask(engine, "", "records")) == []


def test_a_kept_generation_that_is_let_go_does_not_come_back(twice: SearchEngine) -> None:
    before = twice.data_version()
    twice.forget_kept()
    after = twice.data_version()
    assert (after.generation, after.revision) == (before.generation, before.revision + 1)
    assert twice.status().kept is None
    with pytest.raises(PublishError):
        twice.rollback()
    assert ids(ask(twice)) == ["s2"]


def test_a_check_asks_what_is_published(engine: SearchEngine, publish: Publish, documents: Documents) -> None:
    with pytest.raises(IndexMissing):
        engine.check()
    publish([documents.subject("s1", "鹿乡食品")]).check()
