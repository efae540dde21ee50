"""Is everything as visible after a rollback as before it, without a sync?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from deliveries import ANALYZER, CATALOG, NAME, Desk, abnormal, code, penalty, profile

from indexers.analysis import Analyzer
from indexers.documents import Gone, Moved, PublicDocument, PublicRecord
from indexers.engines import open_engine
from indexers.errors import IndexBroken, PublishError
from indexers.ledger import Ledger
from indexers.publishing import Publisher

OTHER = "鹿乡新名食品有限公司"


def everything(desk: Desk) -> list[dict[str, PublicDocument]]:
    return [desk.all_shown(collection) for collection in ("subjects", "records", "library")]


def penalised() -> dict[str, str]:
    return penalty(1, 统一社会信用代码=code(1), 公示截止期="2026-12-01")


@pytest.fixture
def twice(desk: Desk) -> Desk:
    """Two generations; in the ledger a record with a code, public until 2026-12-01, one without, and a list entry."""
    desk.bring(penalised(), penalty(2, 行政相对人名称=OTHER))
    desk.bring(abnormal(1, 企业名称="鹿乡三号食品有限公司", 统一社会信用代码=code(3)))
    desk.sync()
    desk.publisher.rebuild()
    return desk


def retract(desk: Desk) -> None:
    desk.end(desk.ids()[0], "withdrawn")


def retract_and_reinstate(desk: Desk) -> None:
    for record in desk.ids():
        desk.end(record, "withdrawn")
    desk.publisher.apply_removals()
    assert everything(desk) == [{}, {}, {}]
    for record in desk.ids():
        desk.end(record, "reinstated")


def lengthen(desk: Desk) -> None:
    desk.bring({**penalised(), "公示截止期": "2026-12-31"})


def shorten_and_lengthen(desk: Desk) -> None:
    desk.bring({**penalised(), "公示截止期": "2026-11-24"})
    desk.publisher.apply_removals()
    desk.clock.move_to(date(2026, 11, 25))
    desk.sync()
    assert desk.shown(desk.ids()[0]) == Gone(desk.ids()[0])
    lengthen(desk)


def attach_by_name(desk: Desk) -> None:
    desk.bring(profile(OTHER, 2))


def deliver(desk: Desk) -> None:
    desk.bring(penalty(4, 统一社会信用代码=code(1), 处罚决定日期="2026-10-01", 行政相对人名称=OTHER))


def let_days_pass(desk: Desk) -> None:
    desk.clock.move_to(date(2026, 12, 2))


CHANGES: dict[str, Callable[[Desk], None]] = {
    "a retraction": retract,
    "a reinstatement": retract_and_reinstate,
    "a longer period": lengthen,
    "a longer period after a shorter one": shorten_and_lengthen,
    "another subject": attach_by_name,
    "a new record": deliver,
    "the clock": let_days_pass,
}


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_a_rollback_shows_what_was_shown_before_it(twice: Desk, change: str) -> None:
    old = everything(twice)
    CHANGES[change](twice)
    twice.sync()
    before = everything(twice)
    assert (before == old) == (change == "a reinstatement")
    kept = twice.engine.status().kept
    status = twice.publisher.rollback()
    assert kept is not None
    assert status.live is not None
    assert status.live.name == kept.name
    assert everything(twice) == before
    assert twice.sync().operations == 0


def test_a_rollback_needs_no_sync_before_it(twice: Desk) -> None:
    retract_and_reinstate(twice)
    attach_by_name(twice)
    twice.publisher.rollback()
    first, second, _ = twice.ids()
    assert twice.record(first).last_day == "2026-12-01"
    assert twice.record(second).subject_id == code(2)
    [name_only] = [str(row[0]) for row in twice.query("SELECT id FROM subjects WHERE joined_to <> ''")]
    assert twice.shown(name_only, "subjects") == Moved(name_only, code(2))


def test_two_rollbacks_lose_nothing_that_was_removed_in_between(twice: Desk) -> None:
    twice.publisher.rollback()
    retract(twice)
    twice.publisher.apply_removals()
    before = everything(twice)
    for _ in range(2):
        twice.publisher.rollback()
        assert everything(twice) == before
    assert twice.shown(twice.ids()[0]) == Gone(twice.ids()[0])


def test_the_name_of_a_subject_is_todays_after_a_rollback(desk: Desk) -> None:
    named = {"统一社会信用代码": code(1), "公示截止期": "2026-11-25"}
    desk.bring(penalty(1, 统一社会信用代码=code(1)))
    desk.bring(penalty(2, 行政相对人名称=OTHER, 处罚决定日期="2026-10-01", **named))
    desk.sync()
    desk.publisher.rebuild()
    assert desk.subject(code(1)).title == OTHER
    desk.clock.move_to(date(2026, 11, 26))
    desk.publisher.rollback()
    assert desk.subject(code(1)).title == NAME


# -- refused ----------------------------------------------------------------------------------------------------


def test_a_kept_generation_that_follows_a_newer_ledger_is_refused(twice: Desk) -> None:
    older = Ledger("sqlite://", twice.clock)
    before, revision = everything(twice), twice.engine.data_version()
    with pytest.raises(PublishError, match="CREDIT_SEARCH_LEDGER"):
        Publisher(CATALOG, ANALYZER, older, twice.engine).rollback()
    older.close()
    assert (everything(twice), twice.engine.data_version()) == (before, revision)


class OtherAnalyzer(Analyzer):
    """The same analysis under another fingerprint, as after a change of the word lists."""

    def __init__(self) -> None:
        self.__dict__.update(ANALYZER.__dict__)
        self.fingerprint = "another"


def test_a_kept_generation_of_another_fingerprint_is_refused(desk: Desk) -> None:
    desk.bring(penalised())
    desk.sync()
    other = OtherAnalyzer()
    engine = open_engine(f"embedded:{desk.folder / 'index'}", CATALOG, other)
    publisher = Publisher(CATALOG, other, desk.ledger, engine)
    publisher.rebuild()
    revision = engine.data_version()
    with pytest.raises(PublishError, match="无法回退"):
        publisher.rollback()
    assert engine.data_version() == revision
    # Whoever still runs the program that made it can go back to it.
    desk.publisher.rollback()
    assert isinstance(desk.shown(desk.record_id()), PublicRecord)
    engine.close()


def test_a_kept_generation_that_cannot_be_written_is_refused(twice: Desk) -> None:
    kept = twice.engine.status().kept
    assert kept is not None
    for path in (twice.folder / "index" / kept.name / "records").iterdir():
        path.write_bytes(b"")
    deliver(twice)
    before = everything(twice)
    with pytest.raises(IndexBroken):
        twice.publisher.rollback()
    assert everything(twice) == before
