"""Does a record go when a later row says that it is about a natural person?"""

from __future__ import annotations

import pytest
from deliveries import AUTHORITY, NAME, Desk, Row, code, penalty, profile, tally

from indexers.documents import Gone
from indexers.ledger.matching import NOTE_ENDED, PROBLEM_AMBIGUOUS, PROBLEM_SHARED_ID
from indexers.records import FileAccount

PERSON = "钟意外"
ORGANISATION = {"行政相对人类别": "法人及非法人组织"}
NATURAL = {"行政相对人类别": "自然人"}
LEFT = """SELECT state, withheld, party, party_norm, other_names, uscc, content_no, row_hash, attached_by
    FROM records WHERE collection = 'records' ORDER BY number"""
BLANK = ("current", "natural_person", "", "", "", "", 0, "", "")


def decision(number: int = 1, **changes: str) -> dict[str, str]:
    """A penalty on 钟意外, whose class the sheet tells."""
    return {
        "行政相对人名称": PERSON,
        "行政相对人类别": "",
        "行政处罚决定书文号": f"某罚〔2026〕{number}号",
        "违法行为类型": "经营超过保质期的食品",
        "违法事实": "经营超过保质期的食品",
        "处罚依据": "食品安全法第一百二十四条",
        "处罚类别": "罚款",
        "处罚内容": "罚款五千元",
        "处罚决定日期": "2026-05-06",
        "处罚机关": AUTHORITY,
        "记录编号": "",
        **changes,
    }


def told(account: FileAccount) -> tuple[tuple[int, int, int, int], int, dict[str, int]]:
    return tally(account), account.amended, account.withheld_by


def tables(desk: Desk) -> str:
    names = ("records", "contents", "subjects", "subject_names", "persons", "events", "staged", "touched")
    return str([desk.query(f"SELECT * FROM {name}") for name in names])


def test_the_same_rows_with_the_class_of_persons_take_their_records_out(desk: Desk) -> None:
    desk.bring(*(decision(number, **ORGANISATION) for number in (1, 2, 3)))
    desk.sync()
    [subject] = desk.all_shown("subjects")
    ids = desk.ids()
    account = desk.bring(*(decision(number, **NATURAL) for number in (1, 2, 3)))
    assert told(account) == ((3, 3, 0, 0), 3, {"natural_person": 3})
    assert desk.publisher.apply_removals() == 4
    assert [desk.shown(record) for record in ids] == [Gone(record) for record in ids]
    assert (desk.shown(subject, "subjects"), desk.all_shown("records")) == (None, {})
    desk.sync()
    desk.publisher.rebuild()
    assert [desk.shown(record) for record in ids] == [Gone(record) for record in ids]


@pytest.mark.parametrize("with_code", [True, False])
def test_what_only_looks_like_a_person_takes_no_record_out(desk: Desk, with_code: bool) -> None:
    known = {"行政相对人代码_1（统一社会信用代码）": code(1)} if with_code else {}
    desk.bring(decision(**ORGANISATION, **known))
    desk.sync()
    shown = desk.all_shown("records")
    account = desk.bring(decision())
    assert told(account) == ((1, 1, 0, 0), 0, {"natural_person": 1})
    desk.sync()
    assert desk.all_shown("records") == shown


def test_nothing_of_the_person_is_kept_but_keyed_hashes(desk: Desk) -> None:
    desk.bring(decision(1, **ORGANISATION))
    assert PERSON in tables(desk)
    desk.bring(decision(1, **NATURAL))
    assert desk.query(LEFT) == [BLANK]
    assert PERSON not in tables(desk)
    assert "某罚" not in tables(desk)
    assert desk.query("SELECT COUNT(*) FROM contents") == [(0,)]
    assert desk.query("SELECT event FROM events ORDER BY seq") == [("accepted",), ("amended",)]


@pytest.mark.parametrize("coded", [{}, {"统一社会信用代码": code(1)}])
def test_a_row_with_the_record_id_takes_the_record_of_a_company_out(
    desk: Desk, coded: dict[str, str]
) -> None:
    desk.bring(profile())
    desk.bring(penalty(1, **coded), penalty(2, **coded))
    desk.sync()
    record, other = desk.ids()
    corrected = penalty(1, 行政相对人名称=PERSON, 记录编号=record)
    assert desk.removes(corrected)
    desk.publisher.apply_removals()
    assert (desk.shown(record), list(desk.all_shown("records"))) == (Gone(record), [other])
    assert desk.subject(code(1)).title == NAME
    assert desk.query(LEFT)[0] == BLANK
    before = desk.ledger.last_seq()
    assert told(desk.bring(corrected)) == ((1, 0, 1, 0), 0, {})
    assert desk.ledger.last_seq() == before


def test_the_same_sheet_again_changes_nothing(desk: Desk) -> None:
    desk.bring(decision(1, **ORGANISATION))
    desk.bring(decision(1, **NATURAL))
    before = desk.query("SELECT * FROM records"), desk.ledger.last_seq()
    assert told(desk.bring(decision(1, **NATURAL))) == ((1, 0, 1, 0), 0, {})
    assert not desk.removes(decision(1, **NATURAL))
    assert (desk.query("SELECT * FROM records"), desk.ledger.last_seq()) == before


def test_whichever_class_came_last_counts(desk: Desk) -> None:
    desk.bring(decision(1, **ORGANISATION))
    desk.sync()
    record = desk.record_id()
    desk.bring(decision(1, **NATURAL))
    assert told(desk.bring(decision(1, **ORGANISATION))) == ((1, 1, 0, 0), 1, {})
    desk.sync()
    assert desk.record(record).subject == PERSON
    assert desk.removes(decision(1, **NATURAL))
    desk.publisher.apply_removals()
    assert desk.shown(record) == Gone(record)
    assert PERSON not in tables(desk)


def test_a_person_keeps_the_name_that_another_record_gives(desk: Desk) -> None:
    desk.bring(decision(1, **ORGANISATION), decision(2, **ORGANISATION))
    desk.sync()
    first, second = desk.ids()
    [subject] = desk.all_shown("subjects")
    desk.bring(decision(1, **NATURAL))
    desk.publisher.apply_removals()
    assert (desk.shown(first), desk.record(second).subject) == (Gone(first), PERSON)
    assert desk.subject(subject).title == PERSON


def test_a_person_that_was_never_shown_is_no_removal(desk: Desk) -> None:
    desk.bring(decision(1, **ORGANISATION, 处罚类别="警告", 处罚内容="警告"))
    desk.sync()
    assert not desk.removes(decision(1, **NATURAL))
    desk.sync()
    assert (desk.shown(desk.record_id()), desk.query(LEFT)) == (None, [BLANK])


def corrections(desk: Desk, *rows: Row) -> tuple[tuple[int, int, int, int], list[str]]:
    account = desk.bring(*rows)
    return tally(account), [word.message for word in (*account.problems, *account.notes)]


def test_what_cannot_be_told_apart_asks_for_the_record_id(desk: Desk) -> None:
    same = {**ORGANISATION, "行政处罚决定书文号": "某罚〔2026〕7号"}
    desk.bring(decision(**same, 处罚内容="罚款一千元"), decision(**same, 处罚内容="罚款二千元"))
    corrected = decision(7, **NATURAL)
    assert corrections(desk, corrected) == ((1, 0, 0, 1), [PROBLEM_AMBIGUOUS])
    first, second = desk.ids()
    several = [{**corrected, "记录编号": first}, {**corrected, "记录编号": first, "处罚内容": "罚款三千元"}]
    assert corrections(desk, *several) == ((2, 0, 0, 2), [PROBLEM_SHARED_ID] * 2)
    assert corrections(desk, *({**corrected, "记录编号": r} for r in (first, second))) == ((2, 2, 0, 0), [])
    assert desk.query(LEFT) == [BLANK, BLANK]


def test_a_record_that_several_persons_take_the_place_of_goes_once(desk: Desk) -> None:
    desk.bring(penalty(1))
    row = penalty(1, 行政相对人名称=f"{PERSON}、钟意料", 记录编号=desk.record_id())
    assert told(desk.bring(row)) == ((1, 1, 0, 0), 1, {"natural_person": 1})
    assert told(desk.bring(row)) == ((1, 0, 1, 0), 0, {})


def test_persons_of_one_decision_are_withheld_each_once_it_is_known(desk: Desk) -> None:
    desk.bring(decision(1, **ORGANISATION))
    desk.bring(decision(1, **NATURAL))
    more = [decision(1, **NATURAL, 处罚内容=f"罚款{amount}千元") for amount in "一二"]
    assert told(desk.bring(*more)) == ((2, 2, 0, 0), 0, {"natural_person": 2})


def test_a_person_beside_an_organisation_does_not_take_its_record_out(desk: Desk) -> None:
    desk.bring(penalty(1, 统一社会信用代码=code(1)))
    both = penalty(1, 行政相对人名称=f"{NAME}、{PERSON}", 统一社会信用代码=code(1), 记录编号=desk.record_id())
    assert told(desk.bring(both)) == ((1, 1, 0, 0), 0, {"natural_person": 1})
    desk.sync()
    assert desk.record(desk.record_id()).subject == NAME


def test_a_record_that_has_ended_stays_as_it_is(desk: Desk) -> None:
    desk.bring(decision(1, **ORGANISATION))
    desk.end(desk.record_id())
    assert corrections(desk, decision(1, **NATURAL)) == ((1, 0, 1, 0), [NOTE_ENDED])
