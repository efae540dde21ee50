from datetime import date

from deliveries import NAME, TODAY, Desk, code, penalty

from indexers.documents import Gone, PublicSubject
from indexers.engines.base import Applied
from indexers.publishing import measure_lag


def test_a_subject_without_a_profile_appears_and_goes_with_its_records(desk: Desk) -> None:
    desk.bring(
        penalty(1, 公示截止期="2026-11-25"),
        penalty(2, 处罚决定日期="2026-11-20", 公示截止期="2026-11-30"),
    )
    subject = str(desk.attachments()[0][1])
    desk.sync()
    desk.clock.move_to(date(2026, 11, 30))
    assert desk.subject(subject).title == NAME
    desk.clock.move_to(date(2026, 12, 1))
    assert desk.shown(subject, "subjects") is None
    assert [desk.shown(record) for record in desk.ids()] == [Gone(record) for record in desk.ids()]
    assert desk.sync().operations == 3
    assert desk.shown(subject, "subjects") is None


def test_sync_rewrites_a_subject_at_the_boundaries_of_its_intervals(desk: Desk) -> None:
    desk.bring(penalty(1, 公示截止期="2026-11-25"), penalty(2))
    desk.execute("UPDATE records SET visible_from = 20261201 WHERE content_no = 2")
    subject = str(desk.attachments()[0][1])
    desk.sync()
    assert isinstance(desk.shown(subject, "subjects"), PublicSubject)
    desk.clock.move_to(date(2026, 11, 26))
    desk.sync()
    assert desk.shown(subject, "subjects") is None
    desk.clock.move_to(date(2026, 12, 1))
    desk.sync()
    assert isinstance(desk.shown(subject, "subjects"), PublicSubject)
    assert desk.all_shown("records").keys() == {desk.ids()[1]}


def test_a_rollback_to_an_older_day_is_brought_to_today(desk: Desk) -> None:
    desk.bring(penalty(1, 公示截止期="2026-11-25"))
    desk.sync()
    desk.clock.move_to(date(2026, 11, 26))
    desk.publisher.rebuild()
    desk.publisher.rollback()
    assert desk.shown(desk.record_id()) == Gone(desk.record_id())
    report = desk.sync()
    live = desk.engine.status().live
    assert live is not None
    assert (live.applied.day, report.operations) == ("2026-11-26", 2)


def test_day_and_time_of_a_sync_are_the_ledgers_clock(desk: Desk) -> None:
    desk.sync()
    live = desk.engine.status().live
    assert live is not None
    assert live.applied == Applied(0, 0, TODAY.isoformat(), f"{TODAY}T00:00+08:00")


def test_the_index_follows_what_erasing_takes_from_a_subject(desk: Desk) -> None:
    """Nobody synced since the record ended: its content leaves the index, and its name leaves the subject."""
    old_name = "鹿乡旧名食品有限公司"
    desk.bring(
        penalty(1, 统一社会信用代码=code(1), 行政相对人名称=old_name, 公示截止期="2026-11-25"),
        penalty(2, 统一社会信用代码=code(1), 处罚决定日期="2026-05-05"),
    )
    desk.sync()
    assert desk.subject(code(1)).title == old_name
    desk.clock.move_to(date(2026, 12, 30))
    assert desk.publisher.erase(30) == 1
    assert desk.subject(code(1)).title == NAME
    assert measure_lag(desk.ledger, desk.engine.status()) == 0
    desk.clock.move_to(date(2026, 11, 25))
    assert desk.shown(desk.ids()[0]) == Gone(desk.ids()[0])
