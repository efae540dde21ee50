from datetime import date

import msgspec
import pytest
from deliveries import ANALYZER, AUTHORITY, CATALOG, NAME, TODAY, code
from hypothesis import given
from hypothesis import strategies as st

from indexers.building import Builder, present_interval
from indexers.documents import Bury, PublicRecord, PublicSubject, Redirect, Remove, Upsert
from indexers.ledger.changes import RecordRow, SubjectRow

BUILDER = Builder(CATALOG, ANALYZER)

RECORD = RecordRow(
    id="r01",
    number=7,
    seq=9,
    removed_seq=0,
    state="current",
    kind="administrative_penalty",
    list="",
    polarity="adverse",
    subject_id=code(1),
    attached_by="code",
    uscc=code(1),
    organisation_code="",
    registration_number="",
    content=msgspec.json.encode(
        {
            "party": NAME,
            "uscc": code(1),
            "document_number": "某罚〔2026〕1号",
            "facts": "经营超过保质期的食品",
            "fine_amount": ["50000"],
            "decided_on": "2026-05-06",
            "authority": AUTHORITY,
            "tax_number": "不可公开",
            "remark": "内部备注",
        }
    ).decode(),
    decided_on="2026-05-06",
    visible_from=20260506,
    visible_until=20270507,
    repairable_from="2026-08-07",
    rule="administrative_penalty@2026-04-01",
    grade="ordinary",
    grade_assumed=1,
    withheld="",
    row_hash="0123456789ab",
    batch_id="20261122-1",
    delivered_on="2026-11-22",
)
SUBJECT = SubjectRow(
    id=code(1),
    number=3,
    seq=4,
    uscc=code(1),
    organisation_code=code(1)[8:17],
    joined_to="",
    profile="",
    profile_kind="",
    batch_id="",
    delivered_on="",
    latest_name=NAME,
    old_codes=(),
    intervals=((20260506, 20270507, "adverse", ""),),
)


def record(**changes: object) -> object:
    return BUILDER.record_operation(msgspec.structs.replace(RECORD, **changes), TODAY)


def subject(today: date = TODAY, **changes: object) -> object:
    return BUILDER.subject_operation(msgspec.structs.replace(SUBJECT, **changes), today)


def upsert(operation: object) -> Upsert:
    assert isinstance(operation, Upsert)
    return operation


# -- intervals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("intervals", "day", "expected"),
    [
        ([], 5, (0, 0)),
        ([(1, 5)], 5, (0, 0)),
        ([(1, 6)], 5, (1, 6)),
        ([(5, 6)], 5, (5, 6)),
        ([(6, 9)], 5, (6, 9)),
        ([(1, 4), (4, 9)], 5, (1, 9)),
        ([(1, 4), (3, 9), (12, 15)], 5, (1, 9)),
        ([(1, 4), (7, 9), (12, 15)], 5, (7, 9)),
        ([(1, 20), (3, 4)], 5, (1, 20)),
        ([(7, 7), (8, 3)], 5, (0, 0)),
    ],
)
def test_the_present_interval_is_uninterrupted_or_the_next_one(
    intervals: list[tuple[int, int]], day: int, expected: tuple[int, int]
) -> None:
    assert present_interval(intervals, day) == expected


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8), st.integers(0, 30))
def test_a_day_is_in_the_present_interval_iff_some_interval_holds_it(
    intervals: list[tuple[int, int]], day: int
) -> None:
    begins, ends = present_interval(intervals, day)
    assert (begins <= day < ends) == any(a <= day < b for a, b in intervals)
    assert all(any(a <= d < b for a, b in intervals) for d in range(begins, ends))
    assert not any(a <= ends < b for a, b in intervals if ends)


# -- records ----------------------------------------------------------------------------------------------------


def test_a_record_carries_public_fields_only() -> None:
    operation = upsert(record())
    document = msgspec.json.decode(operation.stored, type=PublicRecord)
    assert "tax_number" not in document.fields
    assert b"\xe4\xb8\x8d\xe5\x8f\xaf\xe5\x85\xac\xe5\xbc\x80" not in operation.stored
    assert document.fields["fine_amount"] == "50000"
    assert (document.visible_from, document.last_day) == ("2026-05-06", "2027-05-06")
    assert (document.title, document.subject, document.authority) == ("经营超过保质期的食品", NAME, AUTHORITY)
    assert (document.rule, document.grade) == ("administrative_penalty@2026-04-01", "ordinary")
    assert document.grade_assumed is True
    assert operation.fields["code"] == (code(1),)
    assert set(operation.fields) <= {*CATALOG.fields_in("records"), "rank_key"}


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "ended"},
        {"state": "ended", "withheld": "minor"},
        {"visible_until": 20261122},
        {"withheld": "minor", "removed_seq": 5},
        {"state": "ended", "content": ""},
    ],
)
def test_what_has_ended_is_buried(changes: dict[str, object]) -> None:
    assert record(**changes) == Bury("records", "r01", 9)


@pytest.mark.parametrize(
    "changes", [{"withheld": "minor"}, {"withheld": "minor", "visible_until": 20261122}, {"kind": "events"}]
)
def test_what_was_never_public_is_not_in_the_index(changes: dict[str, object]) -> None:
    assert record(**changes) is None


def test_a_record_is_built_until_the_end_of_its_last_day() -> None:
    assert msgspec.json.decode(upsert(record(visible_until=20261123)).stored)["last_day"] == "2026-11-22"
    assert isinstance(record(visible_from=20300101), Upsert)


def test_an_open_end_has_no_last_day() -> None:
    assert msgspec.json.decode(upsert(record(visible_until=99991231)).stored)["last_day"] == ""


def test_later_decisions_rank_higher_and_then_earlier_arrivals() -> None:
    ranks = [
        upsert(record(decided_on=day, number=number)).fields["rank_key"]
        for day, number in [("", 1), ("2026-05-06", 8), ("2026-05-06", 7), ("2026-05-07", 9)]
    ]
    assert ranks == sorted(ranks, key=lambda rank: int(str(rank)))
    assert all(int(str(rank)) < 1 << 53 for rank in ranks)


# -- subjects ---------------------------------------------------------------------------------------------------


def test_a_subject_without_a_profile_follows_its_records() -> None:
    operation = upsert(subject())
    assert (operation.fields["visible_from"], operation.fields["visible_until"]) == (20260506, 20270507)
    document = msgspec.json.decode(operation.stored, type=PublicSubject)
    assert (document.title, document.kind, document.sources) == (NAME, "", ())
    assert subject(date(2027, 5, 7)) == Remove("subjects", code(1), 4)
    assert subject(intervals=()) == Remove("subjects", code(1), 4)


def test_a_subject_with_a_profile_is_always_visible() -> None:
    profile = msgspec.json.encode(
        {"party": NAME, "short_names": ["鹿乡"], "former_names": "旧名食品有限公司"}
    ).decode()
    operation = upsert(subject(profile=profile, profile_kind="subject_profile", intervals=()))
    assert (operation.fields["visible_from"], operation.fields["visible_until"]) == (0, 99991231)
    document = msgspec.json.decode(operation.stored, type=PublicSubject)
    assert [(name.name, name.kind) for name in document.names] == [
        (NAME, "present"),
        ("旧名食品有限公司", "former"),
        ("鹿乡", "short"),
    ]


def test_only_list_entries_count_as_being_on_a_list() -> None:
    on_list = (20260101, 20270101, "adverse", "court_defaulters")
    follows = (20270101, 20270601, "adverse", "wage_arrears")
    to_come = (20261201, 20290101, "honour", "tax_grade_a")
    fields = upsert(subject(intervals=(*SUBJECT.intervals, on_list, follows, to_come))).fields
    assert fields["adverse_until"] == 20270601
    assert fields["honour_until"] == 0
    assert upsert(subject()).fields["adverse_until"] == 0


def test_a_joined_subject_is_a_pointer() -> None:
    assert subject(id="n-1", uscc="", joined_to=code(2)) == Redirect("subjects", "n-1", 4, code(2))


def test_live_head_offices_rank_above_the_rest() -> None:
    def rank(name: str, status: str) -> int:
        profile = msgspec.json.encode({"party": name, "status": status}).decode()
        return int(str(upsert(subject(profile=profile, profile_kind="subject_profile")).fields["rank_key"]))

    head, branch = NAME, f"{NAME}东城分公司"
    assert rank(head, "live") > rank(branch, "live") > rank(head, "cancelled") > rank(branch, "cancelled")
