from datetime import date, timedelta

import pytest
from deliveries import AUTHORITY, NAME, TODAY, Desk, abnormal, code, penalty, profile, tally

from indexers.documents import Gone, Moved, PublicRecord
from indexers.errors import UsageError
from indexers.ledger import erase_ended, record_event
from indexers.ledger.events import NOTE_ERASED, NOTE_FUTURE, NOTE_NONE, NOTE_SAME, NOTE_SEVERAL, Recorded
from indexers.records import ENDINGS, FileAccount


def event(what: str = "信用修复", *, on: str = "2026-11-22", **columns: str) -> dict[str, str]:
    return {"事件": what, "日期": on, **columns}


def by_key(what: str = "信用修复", number: int = 1, **columns: str) -> dict[str, str]:
    key = {
        "信息类别": "administrative_penalty",
        "主体名称": NAME,
        "统一社会信用代码": "",
        "决定机关": AUTHORITY,
        "文书号": f"某罚〔2026〕{number}号",
        "决定日期": "2026-05-06",
    }
    return event(what, **{**key, **columns})


def told(account: FileAccount) -> list[tuple[int, str]]:
    return [(told.row, told.message) for told in (*account.problems, *account.notes)]


def states(desk: Desk) -> list[tuple[object, ...]]:
    return desk.query("SELECT state, ended_by, ended_on FROM records ORDER BY number")


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_ending_takes_the_record_out_and_reinstated_brings_it_back(desk: Desk, ending: str) -> None:
    desk.bring(penalty(1))
    record = desk.record_id()
    desk.sync()
    assert desk.end(record, ending)
    assert desk.publisher.apply_removals() == 2
    assert desk.shown(record) == Gone(record)
    assert states(desk) == [("ended", ending, "2026-11-22")]
    assert desk.end(record, "reinstated")
    desk.sync()
    assert isinstance(desk.shown(record), PublicRecord)
    assert states(desk) == [("current", "", "")]


def test_the_same_event_twice_changes_nothing(desk: Desk) -> None:
    desk.bring(penalty(1))
    record = desk.record_id()
    assert not desk.end(record, "reinstated")
    desk.end(record)
    before = desk.ledger.last_seq()
    assert not desk.end(record)
    assert not desk.end(record, "revoked")
    assert desk.ledger.last_seq() == before


def test_an_event_row_names_its_record_in_any_spelling_of_the_number(desk: Desk) -> None:
    desk.bring(penalty(1))
    spelled = by_key() | {"文书号": "某罚2026年第01号"}
    assert tally(desk.bring(spelled)) == (1, 1, 0, 0)
    assert states(desk) == [("ended", "repaired", "2026-11-22")]
    again = desk.bring(by_key() | {"文书号": "某罚〔2026〕第1号"})
    assert (tally(again), told(again)) == ((1, 0, 1, 0), [(2, NOTE_SAME)])


def test_an_event_on_an_unknown_record_is_an_error(desk: Desk) -> None:
    with pytest.raises(UsageError, match="没有编号为 r0000 的记录"):
        desk.end("r0000")


def test_an_event_sheet_names_records_by_id(desk: Desk) -> None:
    desk.bring(penalty(1), penalty(2))
    first, second = desk.ids()
    account = desk.bring(event(记录编号=first, on="2026-11-20"))
    assert tally(account) == (1, 1, 0, 0)
    assert states(desk) == [("ended", "repaired", "2026-11-20"), ("current", "", "")]
    desk.sync()
    assert desk.shown(first) == Gone(first)
    assert isinstance(desk.shown(second), PublicRecord)


@pytest.mark.parametrize("given", ["", code(1)])
def test_an_event_sheet_names_records_by_key(desk: Desk, given: str) -> None:
    desk.bring(penalty(1, 统一社会信用代码=given), penalty(2))
    assert tally(desk.bring(by_key(统一社会信用代码=given))) == (1, 1, 0, 0)
    assert states(desk)[0] == ("ended", "repaired", "2026-11-22")
    assert states(desk)[1] == ("current", "", "")


def test_an_event_row_with_a_code_finds_a_record_without_one(desk: Desk) -> None:
    desk.bring(penalty(1))
    assert tally(desk.bring(by_key(统一社会信用代码=code(1)))) == (1, 1, 0, 0)


def test_an_event_row_without_a_code_finds_a_record_with_one(desk: Desk) -> None:
    desk.bring(penalty(1, 统一社会信用代码=code(1)))
    assert tally(desk.bring(by_key())) == (1, 1, 0, 0)


def test_event_rows_that_name_nothing_or_several_are_refused(desk: Desk) -> None:
    same = {"行政处罚决定书文号": "某罚〔2026〕1号"}
    desk.bring(penalty(**same, 处罚结果="一"), penalty(**same, 处罚结果="二"))
    account = desk.bring(by_key(number=9), event(记录编号="r0000"), by_key())
    assert tally(account) == (3, 0, 0, 3)
    assert told(account) == [(2, NOTE_NONE), (3, NOTE_NONE), (4, NOTE_SEVERAL)]
    assert {row[0] for row in states(desk)} == {"current"}


def test_an_event_that_has_taken_place_is_unchanged(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.end(desk.record_id())
    account = desk.bring(by_key(), event("恢复", 记录编号=desk.record_id()), by_key("撤销"))
    assert tally(account) == (3, 2, 1, 0)
    assert told(account) == [(2, NOTE_SAME)]
    assert states(desk) == [("ended", "revoked", "2026-11-22")]


def test_an_event_of_a_day_to_come_is_refused(desk: Desk) -> None:
    desk.bring(penalty(1))
    account = desk.bring(event(记录编号=desk.record_id(), on="2026-11-23"))
    assert (tally(account), told(account)) == ((1, 0, 0, 1), [(2, NOTE_FUTURE)])
    assert states(desk) == [("current", "", "")]


def test_an_event_row_by_key_must_say_which_kind(desk: Desk) -> None:
    desk.bring(penalty(1))
    account = desk.bring(by_key(信息类别=""), by_key(信息类别="没有这一类"))
    assert tally(account) == (2, 0, 0, 2)


def test_exited_on_and_a_revoked_state_end_publicity(desk: Desk) -> None:
    desk.bring(abnormal(1), abnormal(2))
    desk.sync()
    first, second = desk.ids()
    assert desk.removes(abnormal(1, 移出日期="2026-11-22"))
    desk.publisher.apply_removals()
    assert desk.shown(first) == Gone(first)
    assert isinstance(desk.shown(second), PublicRecord)
    revoked = desk.bring(penalty(1, 当前状态="撤销"))
    assert (tally(revoked), revoked.withheld_by) == ((1, 1, 0, 0), {"ended": 1})


def test_an_exit_to_come_ends_publicity_on_its_day(desk: Desk) -> None:
    desk.bring(abnormal(1, 移出日期="2026-11-24"))
    desk.sync()
    record = desk.record_id()
    desk.clock.move_to(date(2026, 11, 23))
    assert isinstance(desk.shown(record), PublicRecord)
    desk.clock.move_to(date(2026, 11, 24))
    assert desk.shown(record) == Gone(record)


def test_erasing_keeps_no_name_and_the_record_stays_ended(desk: Desk) -> None:
    desk.bring(penalty(1, 统一社会信用代码=code(1)), penalty(2))
    record = desk.ids()[0]
    desk.end(record)
    assert erase_ended(desk.ledger, TODAY) == 0
    assert erase_ended(desk.ledger, TODAY + timedelta(days=1)) == 1
    kept = desk.query("SELECT * FROM records WHERE id = :id", id=record)
    assert NAME not in str(kept)
    assert code(1) not in str(kept)
    assert desk.query("SELECT COUNT(*) FROM contents") == [(1,)]
    assert tally(desk.bring(penalty(1, 统一社会信用代码=code(1), 处罚结果="罚款六千元"))) == (1, 0, 1, 0)
    desk.publisher.rebuild()
    assert desk.shown(record) == Gone(record)


def erased(desk: Desk) -> None:
    assert erase_ended(desk.ledger, TODAY + timedelta(days=1)) == 1


def names_kept(desk: Desk) -> list[object]:
    """Names of the subjects known by name only; one that lost it has its own id there."""
    return [
        name
        for name, subject in desk.query("SELECT name_norm, id FROM subjects WHERE uscc = '' ORDER BY number")
        if name != subject
    ]


def test_erasing_leaves_no_subject_in_the_events_of_the_record(desk: Desk) -> None:
    desk.bring(penalty(1), penalty(2, 统一社会信用代码=code(2), 行政相对人名称="鹿乡二号食品有限公司"))
    desk.bring(profile())
    desk.end(desk.ids()[0])
    erased(desk)
    told = desk.query(
        "SELECT e.event, e.subject_id FROM events e JOIN records r ON r.id = e.record_id"
        " WHERE r.collection = 'records' ORDER BY e.seq"
    )
    assert told == [("accepted", ""), ("accepted", code(2)), ("attached", ""), ("repaired", "")]


def test_erasing_the_last_record_of_a_name_forgets_the_name(desk: Desk) -> None:
    other = "鹿乡二号食品有限公司"
    desk.bring(penalty(1), penalty(2), penalty(3, 行政相对人名称=other))
    first, second, third = desk.ids()
    desk.end(first)
    erased(desk)
    assert names_kept(desk) == [NAME, other]
    desk.end(second)
    erased(desk)
    assert names_kept(desk) == [other]
    desk.end(third)
    erased(desk)
    assert names_kept(desk) == []
    desk.sync()
    assert desk.all_shown("subjects") == {}
    desk.bring(penalty(4))
    assert names_kept(desk) == [NAME]


def test_a_name_stays_while_a_coded_subject_has_it_and_goes_with_that(desk: Desk) -> None:
    desk.bring(penalty(1))
    [(_, name_only, _)] = desk.attachments()
    desk.bring(penalty(2, 统一社会信用代码=code(1)))
    first, second = desk.ids()
    desk.sync()
    desk.end(first)
    erased(desk)
    desk.sync()
    assert desk.shown(str(name_only), "subjects") == Moved(str(name_only), code(1))
    desk.end(second)
    erased(desk)
    assert names_kept(desk) == []
    desk.sync()
    assert desk.shown(str(name_only), "subjects") is None
    assert desk.query("SELECT joined_to FROM subjects WHERE uscc = ''") == [("",)]


def test_reinstating_what_was_erased_lifts_the_lock_on_its_key(desk: Desk) -> None:
    desk.bring(penalty(1))
    record = desk.record_id()
    desk.end(record)
    erase_ended(desk.ledger, date(2027, 1, 1))
    account = desk.bring(event("恢复", 记录编号=record))
    assert (tally(account), told(account)) == ((1, 1, 0, 0), [(2, NOTE_ERASED)])
    assert tally(desk.bring(penalty(1))) == (1, 1, 0, 0)
    desk.sync()
    assert desk.shown(record) == Gone(record)
    assert len(desk.all_shown("records")) == 1


def came_to(recorded: Recorded) -> tuple[bool, bool]:
    return recorded.changed, recorded.is_erased


def test_an_end_of_an_earlier_day_is_erased_as_late_as_one_of_the_day_it_was_recorded(desk: Desk) -> None:
    desk.bring(penalty(1), penalty(2))
    first, second = desk.ids()
    record_event(desk.ledger, first, "repaired", "2026-06-01")
    desk.bring(event(记录编号=second, on="2026-06-01"))
    desk.sync()
    desk.clock.move_to(date(2026, 12, 22))
    assert desk.publisher.erase(30) == 0
    assert came_to(record_event(desk.ledger, first, "reinstated", "2026-12-22")) == (True, False)
    desk.sync()
    assert isinstance(desk.shown(first), PublicRecord)
    desk.clock.move_to(date(2026, 12, 23))
    assert desk.publisher.erase(30) == 1
    assert came_to(record_event(desk.ledger, second, "reinstated", "2026-12-23")) == (True, True)
    assert came_to(record_event(desk.ledger, second, "repaired", "2026-12-23")) == (False, True)


def test_what_ended_by_the_clock_is_erased_too(desk: Desk) -> None:
    desk.bring(penalty(1, 公示截止期="2026-11-25"))
    desk.bring(profile())
    desk.sync()
    record = desk.record_id()
    desk.clock.move_to(date(2026, 12, 20))
    assert desk.publisher.erase(25) == 0
    assert desk.publisher.erase(24) == 1
    assert tally(desk.bring(penalty(1))) == (1, 0, 1, 0)
    desk.sync()
    assert desk.shown(record) == Gone(record)
    desk.publisher.rebuild()
    assert desk.shown(record) == Gone(record)


def test_a_record_that_comes_back_is_attached_as_things_stand_now(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.bring(profile())
    record = desk.record_id()
    assert desk.attachments() == [(NAME, code(1), "name")]
    desk.end(record)
    desk.bring(profile(NAME, 2))
    desk.end(record, "reinstated")
    [(_, subject, how)] = desk.attachments()
    assert (str(subject)[:2], how) == ("n-", "name_only")
    desk.sync()
    assert desk.record(record).subject_id == subject
