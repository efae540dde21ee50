import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date

import msgspec
import pytest
from deliveries import ANALYZER, CATALOG, TODAY, Desk, code, do_meanwhile, penalty, profile

from indexers import publishing
from indexers.documents import Bury, Gone, Moved, Operation, PublicRecord, PublicSubject
from indexers.engines.base import LIVE, Applied, Build, SearchEngine, WriteReport
from indexers.engines.base import Rejected as RejectedDocument
from indexers.errors import EngineBusy, EngineDown, FingerprintMismatch, PublishError
from indexers.ledger import Ledger
from indexers.publishing import Publisher, measure_lag
from indexers.query import SearchQuery


class Fronting:
    """An engine with some of its calls replaced; everything else is the engine's own."""

    def __init__(self, engine: SearchEngine, **calls: Callable[..., object]) -> None:
        self._engine = engine
        self._calls = calls

    def __getattr__(self, name: str) -> object:
        return self._calls.get(name) or getattr(self._engine, name)


def publisher(desk: Desk, **calls: Callable[..., object]) -> Publisher:
    front = Fronting(desk.engine, **calls)
    return Publisher(CATALOG, ANALYZER, desk.ledger, front)  # type: ignore[arg-type]


def foreign(desk: Desk) -> Publisher:
    """A publisher whose program analyses in another way than the index was made."""
    return publisher(desk, fingerprint="another")  # type: ignore[arg-type]


def positions(desk: Desk) -> list[tuple[int, int]]:
    status = desk.engine.status()
    both = [generation for generation in (status.live, status.kept) if generation is not None]
    return [(generation.applied.seq, generation.applied.removed_seq) for generation in both]


def kept_document(desk: Desk, record: str) -> object:
    """What the kept generation holds, seen by swapping it in and out again."""
    desk.engine.rollback()
    found = desk.shown(record)
    desk.engine.rollback()
    return found


# -- sync -------------------------------------------------------------------------------------------------------


def test_sync_builds_the_first_generation_and_then_follows(desk: Desk) -> None:
    desk.bring(penalty(1))
    first = desk.sync()
    desk.bring(penalty(2))
    assert measure_lag(desk.ledger, desk.engine.status()) == 2
    second = desk.sync()
    third = desk.sync()
    assert (first.rebuilt, second.rebuilt, third.rebuilt) == (True, False, False)
    assert (first.operations, second.operations, third.operations) == (2, 2, 0)
    assert second.seq == third.seq == desk.ledger.last_seq()
    assert set(desk.all_shown("records")) == set(desk.ids())
    assert measure_lag(desk.ledger, desk.engine.status()) == 0


def test_a_sync_without_changes_leaves_the_revision_alone(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.sync()
    revision = desk.engine.data_version()
    desk.bring(penalty(1))
    desk.publisher.apply_removals()
    desk.sync()
    assert desk.engine.data_version() == revision


def test_a_rejected_document_is_told_and_offered_again(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.sync()
    desk.bring(penalty(2), penalty(3))
    refused = desk.ids()[1]

    def write(
        operations: Iterable[Operation], applied: Applied | None = None, which: str = LIVE
    ) -> WriteReport:
        fine = [operation for operation in operations if operation.id != refused]
        report = desk.engine.write(fine, applied, which)
        return msgspec.structs.replace(report, rejected=(RejectedDocument(refused, "too long"),))

    with pytest.raises(PublishError, match=f"{refused}.too long"):
        publisher(desk, write=write).sync()
    assert len(desk.all_shown("records")) == 2
    desk.sync()
    assert len(desk.all_shown("records")) == 3


def test_a_sync_under_another_fingerprint_asks_for_a_rebuild(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.sync()
    record = desk.record_id()
    desk.bring(penalty(2))
    desk.end(record)
    other = foreign(desk)
    with pytest.raises(FingerprintMismatch, match="rebuild"):
        other.sync()
    assert desk.shown(record) == Gone(record)
    assert desk.all_shown("records") == {}


# -- removals ---------------------------------------------------------------------------------------------------


def test_removals_reach_the_live_and_the_kept_generation(desk: Desk) -> None:
    desk.bring(penalty(1), penalty(2, 行政相对人名称="鹿乡二号食品有限公司"))
    desk.sync()
    desk.publisher.rebuild()
    record, other = desk.ids()
    subject = str(desk.attachments()[0][1])
    desk.end(record)
    assert isinstance(desk.shown(record), PublicRecord)
    assert desk.publisher.apply_removals() == 4
    assert desk.shown(record) == Gone(record)
    assert desk.shown(subject, "subjects") is None
    assert kept_document(desk, record) == Gone(record)
    assert isinstance(kept_document(desk, other), PublicRecord)
    assert desk.publisher.apply_removals() == 0


@pytest.mark.parametrize("shortened", [False, True])
def test_removals_are_applied_under_any_fingerprint(desk: Desk, shortened: bool) -> None:
    """What is to be shown for a shorter time is not shown at all until the rebuild."""
    desk.bring(penalty(1, 统一社会信用代码=code(1)))
    desk.bring(profile())
    desk.sync()
    record = desk.record_id()
    if shortened:
        desk.bring(penalty(1, 统一社会信用代码=code(1), 公示截止期="2026-12-31"))
    else:
        desk.end(record)
    foreign(desk).apply_removals()
    assert desk.shown(record) == Gone(record)
    assert isinstance(desk.shown(code(1), "subjects"), PublicSubject)


def test_a_shorter_publicity_is_applied_at_once(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.sync()
    assert desk.removes(penalty(1, 公示截止期="2026-12-01"))
    desk.publisher.apply_removals()
    assert desk.record(desk.record_id()).last_day == "2026-12-01"
    desk.clock.move_to(date(2026, 12, 2))
    assert desk.shown(desk.record_id()) == Gone(desk.record_id())


def test_a_longer_publicity_removes_nothing(desk: Desk) -> None:
    desk.bring(penalty(1, 公示截止期="2026-12-01"))
    assert not desk.removes(penalty(1))


def test_with_the_engine_down_a_removal_is_recorded_and_the_next_sync_applies_it(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.sync()
    record = desk.record_id()
    desk.end(record)

    def down(*_: object) -> WriteReport:
        raise EngineDown("no connection")

    broken = publisher(desk, write=down)
    with pytest.raises(EngineDown):
        broken.apply_removals()
    assert isinstance(desk.shown(record), PublicRecord)
    report = desk.sync()
    assert report.removals == 2
    assert desk.shown(record) == Gone(record)


def test_removals_need_no_generation(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.end(desk.record_id())
    assert desk.publisher.apply_removals() == 0
    desk.sync()
    assert desk.shown(desk.record_id()) == Gone(desk.record_id())


# -- rebuild and rollback ---------------------------------------------------------------------------------------


def test_a_rebuild_catches_up_with_what_is_imported_meanwhile(desk: Desk) -> None:
    desk.bring(penalty(1), penalty(2))
    desk.sync()
    removed, kept = desk.ids()

    def begin_build() -> Build:
        build = desk.engine.begin_build()
        finish = build.finish
        later = [lambda: desk.bring(penalty(3)), lambda: desk.end(removed)]

        def finish_while_importing() -> dict[str, int]:
            counts = finish()
            if later:
                later.pop(0)()
            return counts

        build.finish = finish_while_importing  # type: ignore[method-assign]
        return build

    report = publisher(desk, begin_build=begin_build).rebuild()
    assert report.seq == desk.ledger.last_seq()
    assert positions(desk)[0] == (report.seq, report.seq)
    assert set(desk.all_shown("records")) == {kept, desk.ids()[2]}
    assert desk.shown(removed) == Gone(removed)
    assert desk.sync().operations == 0


def while_filling(desk: Desk, act: Callable[[], None]) -> Publisher:
    """A publisher that calls this, in a thread of its own as another process would, between the fill of a build and
    the rest."""

    def begin_build() -> Build:
        build = desk.engine.begin_build()
        write = build.write
        once = [act]

        def write_and_act(operations: Iterable[Operation]) -> WriteReport:
            report = write(operations)
            if once:
                do_meanwhile(once.pop(), 30)
            return report

        build.write = write_and_act  # type: ignore[method-assign]
        return build

    return publisher(desk, begin_build=begin_build)


def test_a_removal_does_not_wait_for_a_rebuild_and_holds_after_it(desk: Desk) -> None:
    desk.bring(penalty(1), penalty(2))
    desk.sync()
    record, other = desk.ids()
    during: list[object] = []

    def retract() -> None:
        desk.end(record)
        during.extend((desk.publisher.apply_removals(), desk.shown(record)))

    report = while_filling(desk, retract).rebuild()
    assert during == [2, Gone(record)]
    live = desk.engine.status().live
    assert live is not None
    assert live.name == report.generation
    assert (desk.shown(record), kept_document(desk, record)) == (Gone(record), Gone(record))
    assert set(desk.all_shown("records")) == {other}


def test_a_sync_during_a_rebuild_brings_the_live_generation_up(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.sync()
    during: list[set[str]] = []

    def deliver() -> None:
        desk.bring(penalty(2))
        desk.sync()
        during.append(set(desk.all_shown("records")))

    while_filling(desk, deliver).rebuild()
    assert during == [set(desk.ids())]
    assert set(desk.all_shown("records")) == set(desk.ids())
    assert desk.sync().operations == 0


@pytest.mark.parametrize("has_index", [True, False])
def test_a_second_rebuild_is_told_that_one_is_running(desk: Desk, has_index: bool) -> None:
    desk.bring(penalty(1))
    if has_index:
        desk.sync()
    told: list[str] = []

    def build_too() -> None:
        again = Publisher(CATALOG, ANALYZER, Ledger(desk.ledger.address, desk.clock), desk.engine)
        with pytest.raises(EngineBusy) as caught:
            again.rebuild() if has_index else again.sync()
        told.append(str(caught.value))
        again.ledger.close()

    assert while_filling(desk, build_too).rebuild().rebuilt
    assert told == ["另一个进程正在重建索引；请等它结束后再试"]
    assert set(desk.all_shown("records")) == set(desk.ids())
    assert desk.publisher.rebuild().rebuilt


def test_the_right_to_build_in_memory_is_free_again_after_a_build(desk: Desk) -> None:
    ledger = Ledger("sqlite://", desk.clock)
    with ledger.build_lock() as first, ledger.build_lock() as second:
        assert (first, second) == (True, False)
    with ledger.build_lock() as third:
        assert third
    ledger.close()


def test_a_build_that_lost_documents_is_refused(desk: Desk) -> None:
    desk.bring(penalty(1), penalty(2))
    desk.sync()
    live = desk.engine.data_version()

    def begin_build() -> Build:
        build = desk.engine.begin_build()
        write = build.write
        lost = desk.ids()[0]
        build.write = lambda operations: write(o for o in operations if o.id != lost)  # type: ignore[method-assign]
        return build

    lossy = publisher(desk, begin_build=begin_build)
    with pytest.raises(PublishError, match="records 有 1 条，应有 2 条"):
        lossy.rebuild()
    assert desk.engine.data_version() == live
    assert len(desk.all_shown("records")) == 2
    assert desk.publisher.rebuild().rebuilt


def test_a_build_that_finds_nothing_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.bring(profile())
    monkeypatch.setattr(
        publishing,
        "SearchQuery",
        lambda *_, **__: SearchQuery("subjects", TODAY, readings=ANALYZER.queries("没有这家")),
    )
    with pytest.raises(PublishError, match="查不到"):
        desk.sync()
    assert desk.engine.status().live is None


def test_a_broken_build_leaves_the_live_generation(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.sync()

    def begin_build() -> Build:
        build = desk.engine.begin_build()

        def fail(operations: Iterator[Operation]) -> WriteReport:
            next(operations)
            raise EngineDown("disk full")

        build.write = fail  # type: ignore[method-assign,assignment]
        return build

    broken = publisher(desk, begin_build=begin_build)
    with pytest.raises(EngineDown):
        broken.rebuild()
    assert len(desk.all_shown("records")) == 1
    assert desk.publisher.rebuild().rebuilt


def test_rollback_brings_the_kept_generation_up_first(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.sync()
    desk.publisher.rebuild()
    desk.bring(penalty(2))
    desk.sync()
    first, second = desk.ids()
    desk.end(first)
    status = desk.publisher.rollback()
    assert status.live is not None
    assert status.live.name.startswith("g000001-")
    assert desk.shown(first) == Gone(first)
    assert set(desk.all_shown("records")) == {second}
    assert desk.sync().operations == 0


def test_a_rebuild_writes_tombstones_and_pointers_again(desk: Desk) -> None:
    desk.bring(penalty(1), penalty(2))
    name_only = str(desk.attachments()[0][1])
    desk.bring(profile())
    record = desk.ids()[0]
    desk.end(record)
    desk.sync()
    desk.publisher.rebuild()
    assert desk.shown(record) == Gone(record)
    assert desk.shown(name_only, "subjects") == Moved(name_only, code(1))


# -- one at a time ----------------------------------------------------------------------------------------------


def test_one_publisher_at_a_time(desk: Desk) -> None:
    inside: list[str] = []

    def second() -> None:
        with desk.ledger.publication_lock():
            inside.append("second")

    waiting = threading.Thread(target=second)
    with desk.ledger.publication_lock():
        waiting.start()
        waiting.join(0.3)
        inside.append("first")
    waiting.join(30)
    assert inside == ["first", "second"]


def test_a_failure_lets_go_of_the_publication_lock(desk: Desk) -> None:
    with suppress(KeyError), desk.ledger.publication_lock():
        raise KeyError
    assert desk.publisher.apply_removals() == 0


def test_a_tombstone_older_than_what_is_stored_changes_nothing(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.sync()
    record = desk.record_id()
    report = desk.engine.write([Bury("records", record, 0)])
    assert (report.ok, report.stale) == (0, 1)
    assert isinstance(desk.shown(record), PublicRecord)


def test_a_ledger_that_is_older_than_the_index_is_refused(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.publisher.sync()
    other = Ledger("sqlite://", desk.clock)
    with pytest.raises(PublishError, match="CREDIT_SEARCH_LEDGER"):
        Publisher(CATALOG, ANALYZER, other, desk.engine).sync()
    other.close()
    assert desk.engine.status().live is not None


def test_a_subject_is_called_by_the_name_of_its_latest_decision_to_the_last_day_of_that(desk: Desk) -> None:
    named = {"统一社会信用代码": code(1), "处罚决定日期": "2026-06-01"}
    desk.bring(
        penalty(1, **{**named, "行政相对人名称": "鹿乡新名食品有限公司", "公示截止期": "2026-11-25"}),
        penalty(2, **{**named, "行政相对人名称": "鹿乡旧名食品有限公司", "处罚决定日期": "2026-05-01"}),
    )
    desk.publisher.sync()
    before = desk.subject(code(1))
    desk.clock.move_to(date(2026, 11, 26))
    by_the_clock_alone = desk.shown(code(1), "subjects")
    desk.publisher.sync()
    assert by_the_clock_alone is None
    assert [before.title, desk.subject(code(1)).title] == ["鹿乡新名食品有限公司", "鹿乡旧名食品有限公司"]
