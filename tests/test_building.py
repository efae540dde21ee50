from datetime import date

import msgspec
import pytest
from deliveries import ANALYZER, AUTHORITY, CATALOG, NAME, TODAY, code

from indexers.building import Builder
from indexers.documents import Bury, PublicRecord, PublicSubject, Redirect, Remove, Upsert
from indexers.lasting import Given
from indexers.ledger.changes import Profile, RecordRow, SubjectRow

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
GIVEN = Given(
    subject_id=code(1),
    begins=20260506,
    ends=20270507,
    kind="administrative_penalty",
    list="",
    polarity="adverse",
    attached_by="code",
    decided_on="2026-05-06",
    party_norm=NAME,
    party=NAME,
    number="",
)
SUBJECT = SubjectRow(
    id=code(1),
    number=3,
    seq=4,
    uscc=code(1),
    organisation_code=code(1)[8:17],
    joined_to="",
    profiles=(),
    given=(GIVEN,),
)


def record(**changes: object) -> object:
    return BUILDER.record_operation(msgspec.structs.replace(RECORD, **changes), TODAY)


def subject(today: date = TODAY, **changes: object) -> object:
    return BUILDER.subject_operation(msgspec.structs.replace(SUBJECT, **changes), today)


def own(number: str = "", **content: object) -> tuple[Profile, ...]:
    told = msgspec.json.encode({"party": NAME, **content}).decode()
    return (Profile(told, "subject_profile", "20261122-1", "2026-11-22", number),)


def upsert(operation: object) -> Upsert:
    assert isinstance(operation, Upsert)
    return operation


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
    assert subject(given=()) == Remove("subjects", code(1), 4)


def test_a_subject_with_a_profile_is_always_visible() -> None:
    profiles = own(short_names=["鹿乡"], former_names="旧名食品有限公司")
    operation = upsert(subject(profiles=profiles, given=()))
    assert (operation.fields["visible_from"], operation.fields["visible_until"]) == (0, 99991231)
    document = msgspec.json.decode(operation.stored, type=PublicSubject)
    assert [(name.name, name.kind) for name in document.names] == [
        (NAME, "present"),
        ("旧名食品有限公司", "former"),
        ("鹿乡", "short"),
    ]


def test_only_list_entries_count_as_being_on_a_list() -> None:
    entry = GIVEN._replace(kind="adverse_entry")
    on_list = entry._replace(begins=20260101, ends=20270101, list="court_defaulters")
    follows = entry._replace(begins=20270101, ends=20270601, list="wage_arrears")
    to_come = entry._replace(begins=20261201, ends=20290101, polarity="honour", list="tax_grade_a")
    fields = upsert(subject(given=(GIVEN, on_list, follows, to_come))).fields
    assert fields["adverse_until"] == 20270601
    assert fields["honour_until"] == 0
    assert upsert(subject()).fields["adverse_until"] == 0


def test_an_old_number_of_the_profile_stays_and_one_of_a_record_that_ends_earlier_is_left_out() -> None:
    given = (
        GIVEN._replace(number="220402000000025"),
        GIVEN._replace(ends=99991231, number="220402000000033"),
    )
    document = msgspec.json.decode(
        upsert(subject(profiles=own("220402000000017"), given=given)).stored, type=PublicSubject
    )
    assert document.old_codes == (code(1)[8:17], "220402000000017", "220402000000033")


def test_the_document_ends_with_its_name() -> None:
    to_come = GIVEN._replace(begins=20261201, ends=20280101, party_norm="新名", party="新名")
    operation = upsert(subject(given=(GIVEN, to_come)))
    assert operation.fields["visible_until"] == 20270507
    assert msgspec.json.decode(operation.stored)["title"] == NAME


# -- what the data files have since made non-public -------------------------------------------------------------


def hiding(kind: str = "", entry: str = "") -> Builder:
    """A builder for whose data files a kind or a list is not public any more."""
    kinds, lists = dict(CATALOG.kinds), dict(CATALOG.lists)
    if kind:
        kinds[kind] = msgspec.structs.replace(kinds[kind], public=False)
    if entry:
        lists[entry] = msgspec.structs.replace(lists[entry], public=False)
    return Builder(msgspec.structs.replace(CATALOG, kinds=kinds, lists=lists), ANALYZER)


def test_a_record_of_a_kind_or_list_that_is_public_no_more_is_buried() -> None:
    assert hiding("administrative_penalty").record_operation(RECORD, TODAY) == Bury("records", "r01", 9)
    entry = msgspec.structs.replace(RECORD, kind="adverse_entry", list="wage_arrears")
    assert isinstance(BUILDER.record_operation(entry, TODAY), Upsert)
    assert hiding(entry="wage_arrears").record_operation(entry, TODAY) == Bury("records", "r01", 9)
    never_public = msgspec.structs.replace(RECORD, withheld="minor")
    assert hiding("administrative_penalty").record_operation(never_public, TODAY) is None


def test_a_subject_takes_nothing_from_a_kind_or_list_that_is_public_no_more() -> None:
    entry = GIVEN._replace(
        kind="adverse_entry",
        list="wage_arrears",
        ends=99991231,
        decided_on="2026-10-01",
        party_norm="新名",
        party="新名",
        number="220402000000017",
    )
    row = msgspec.structs.replace(SUBJECT, given=(GIVEN, entry))
    before = upsert(BUILDER.subject_operation(row, TODAY))
    assert msgspec.json.decode(before.stored)["title"] == "新名"
    for builder in (hiding("adverse_entry"), hiding(entry="wage_arrears")):
        operation = upsert(builder.subject_operation(row, TODAY))
        assert operation == upsert(subject())
    assert hiding("administrative_penalty").subject_operation(SUBJECT, TODAY) == Remove(
        "subjects", code(1), 4
    )


def test_a_profile_of_a_kind_that_is_public_no_more_counts_as_none() -> None:
    row = msgspec.structs.replace(SUBJECT, profiles=own("220402000000017", short_names="鹿乡"))
    assert hiding("subject_profile").subject_operation(row, TODAY) == upsert(subject())


def test_a_joined_subject_is_a_pointer() -> None:
    assert subject(id="n-1", uscc="", joined_to=code(2)) == Redirect("subjects", "n-1", 4, code(2))


def test_live_head_offices_rank_above_the_rest() -> None:
    def rank(name: str, status: str) -> int:
        return int(str(upsert(subject(profiles=own(party=name, status=status))).fields["rank_key"]))

    head, branch = NAME, f"{NAME}东城分公司"
    assert rank(head, "live") > rank(branch, "live") > rank(head, "cancelled") > rank(branch, "cancelled")
