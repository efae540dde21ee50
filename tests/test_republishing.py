"""Does a correction leave the first public day of a record whose period counts from publication as it was?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec
import pytest
from deliveries import ANALYZER, CATALOG, Desk, Row, penalty, write_sheet

from indexers.catalog import Catalog
from indexers.importing import Importer
from indexers.ledger import republishing
from indexers.publication import Publications
from indexers.records import FileAccount

FIRST, LATER = date(2026, 5, 10), date(2028, 5, 10)
MONTHS_36 = (20260510, 20290511)


def ruled_by(rule: str) -> Catalog:
    """The shipped data files, but penalties are published under this rule."""
    kind = msgspec.structs.replace(CATALOG.kinds["administrative_penalty"], publicity=rule)
    return msgspec.structs.replace(CATALOG, kinds={**CATALOG.kinds, kind.key: kind})


FROM_PUBLICATION = ruled_by("administrative_penalty_market_supervision")


@pytest.fixture
def bring(desk: Desk) -> Callable[..., FileAccount]:
    def one_file(*rows: Row, catalog: Catalog = FROM_PUBLICATION) -> FileAccount:
        path = write_sheet(desk.folder / "a.csv", rows)
        return Importer(catalog, ANALYZER, desk.ledger).import_file(str(path))

    desk.clock.move_to(FIRST)
    return one_file


def periods(desk: Desk) -> list[tuple[object, ...]]:
    return desk.query("SELECT visible_from, visible_until FROM records ORDER BY number")


def test_a_correction_begins_no_new_period(
    desk: Desk, bring: Callable[..., FileAccount], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(republishing, "CHUNK", 2)
    numbers = range(1, 6)
    bring(*(penalty(number) for number in numbers))
    [(repairable_from,)] = desk.query("SELECT DISTINCT repairable_from FROM records")
    desk.clock.move_to(LATER)
    account = bring(*(penalty(number, 处罚结果="罚款六千元") for number in numbers), penalty(9))
    assert account.amended == 5
    assert periods(desk) == [*[MONTHS_36] * 5, (20280510, 20310511)]
    assert (
        desk.query("SELECT repairable_from, removed_seq FROM records WHERE visible_from = 20260510")
        == [(repairable_from, 0)] * 5
    )


def test_a_corrected_last_day_counts_and_the_first_day_stays(
    desk: Desk, bring: Callable[..., FileAccount]
) -> None:
    bring(penalty(1))
    desk.clock.move_to(LATER)
    bring(penalty(1, 公示截止期="2028-12-31"))
    assert periods(desk) == [(20260510, 20290101)]


def test_a_correction_that_comes_after_the_new_end_is_told_as_not_public(
    desk: Desk, bring: Callable[..., FileAccount]
) -> None:
    bring(penalty(1))
    desk.clock.move_to(LATER)
    account = bring(penalty(1, 公示截止期="2027-12-31"))
    assert (account.amended, account.withheld_by) == (1, {"ended": 1})


def test_what_was_withheld_is_published_for_the_first_time_by_its_correction(
    desk: Desk, bring: Callable[..., FileAccount]
) -> None:
    bring(penalty(1, 处罚类别="警告", 处罚结果="警告"))
    assert desk.query("SELECT withheld FROM records") == [("minor",)]
    desk.clock.move_to(LATER)
    assert bring(penalty(1)).amended == 1
    assert periods(desk) == [(20280510, 20310511)]


def test_a_period_from_the_decision_follows_the_corrected_day(
    desk: Desk, bring: Callable[..., FileAccount]
) -> None:
    bring(penalty(1), catalog=CATALOG)
    desk.clock.move_to(date(2026, 9, 1))
    named = penalty(1, 处罚决定日期="2026-06-06", 记录编号=desk.record_id())
    assert bring(named, catalog=CATALOG).amended == 1
    assert periods(desk) == [(20260606, 20270607)]


def test_only_a_rule_that_counts_from_publication_asks_for_the_first_day() -> None:
    content = '{"decided_on":"2026-05-06"}'
    kind = "administrative_penalty"
    assert Publications(CATALOG, LATER).since(kind, "", content, 20260510) is None
    found = Publications(FROM_PUBLICATION, LATER).since(kind, "", content, 20260510)
    assert found is not None
    assert (found.visible_from, found.visible_until) == MONTHS_36
    assert Publications(FROM_PUBLICATION, LATER).since(kind, "", "{}", 20260510) is None
