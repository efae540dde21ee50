from datetime import date

import msgspec
import pytest
from deliveries import ANALYZER, CATALOG, NAME, TODAY, code

from indexers.records import PERSON, Draft, EventDraft, PersonRow, RowOutcome, StagedRecord, Value
from indexers.staged_records import Stager

SECRET = b"k" * 32


def stage(outcome: RowOutcome, today: date = TODAY, secret: bytes = SECRET) -> tuple[StagedRecord, str]:
    [staged] = Stager(CATALOG, ANALYZER, secret, today).stage(outcome)
    return staged


def draft(kind: str = "administrative_penalty", entry: str = "", **content: Value) -> StagedRecord:
    basic: dict[str, Value] = {"party": NAME, "decided_on": "2026-05-06", "authority": "某某局"}
    return stage(RowOutcome(2, (Draft(kind, {**basic, **content}, entry),)))[0]


def interval(staged: StagedRecord) -> tuple[int, int]:
    return staged.visible_from, staged.visible_until


def test_the_day_after_the_last_day_ends_a_period() -> None:
    staged = draft()
    assert interval(staged) == (20260506, 20270507)
    assert (staged.grade, staged.grade_assumed, staged.arrives_withheld) == ("ordinary", 1, "")
    assert staged.rule == "administrative_penalty@2026-04-01"


def test_a_supplied_last_day_counts_if_it_is_earlier() -> None:
    assert interval(draft(publicity_end="2026-12-31")) == (20260506, 20270101)
    assert interval(draft(publicity_end="2030-12-31")) == (20260506, 20270507)
    assert interval(draft(publicity_end="9999-12-31")) == (20260506, 20270507)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"procedure": "simple"}, "minor"),
        ({"decided_on": "2026-11-23"}, "not_begun"),
        ({"decided_on": "2025-11-21", "publicity_end": "2026-11-21"}, "ended"),
        ({"decided_on": "2025-11-21", "publicity_end": "2026-11-22"}, ""),
        ({"status": "revoked"}, "ended"),
    ],
)
def test_why_a_record_is_not_public_on_arrival(content: dict[str, Value], reason: str) -> None:
    assert draft(**content).arrives_withheld == reason


@pytest.mark.parametrize("sum_of_money", ["fine_amount", "confiscated_amount"])
@pytest.mark.parametrize(
    ("amount", "grade"), [("50000", "ordinary"), ("0.5", "ordinary"), ("0", "minor"), ("0.00", "minor")]
)
def test_a_warning_with_a_sum_of_money_is_not_a_warning_only(
    sum_of_money: str, amount: str, grade: str
) -> None:
    staged = draft(penalty_class=["警告"], **{sum_of_money: [amount]})
    assert (staged.grade, staged.grade_assumed) == (grade, 1)
    assert draft(penalty_class=["警告"], procedure="simple", **{sum_of_money: [amount]}).grade == "minor"
    assert draft(grade="轻微", penalty_class=["警告"], **{sum_of_money: [amount]}).grade == "minor"


def test_a_kind_or_list_that_is_not_public_is_withheld() -> None:
    assert draft("interview").withheld == "not_public"
    assert draft("adverse_entry", "association_adverse").withheld == "not_public"


def test_the_earliest_exit_cuts_the_period_off() -> None:
    assert interval(draft("abnormal_operation", exited_on="2026-08-01")) == (20260506, 20260801)


def test_a_record_without_a_date_is_public_from_the_beginning() -> None:
    assert interval(draft("subject_profile", decided_on="")) == (0, 99991231)


def test_equal_content_has_equal_keys_under_one_secret_only() -> None:
    outcome = RowOutcome(2, (Draft("administrative_penalty", {"party": NAME, "decided_on": "2026-05-06"}),))
    first, second = stage(outcome)[0], stage(outcome)[0]
    other = stage(outcome, secret=b"j" * 32)[0]
    assert (first.key_name, first.content_digest) == (second.key_name, second.content_digest)
    assert first.key_name != other.key_name
    assert first.content_digest != other.content_digest
    assert first.row_hash == other.row_hash


def test_keys_compare_subjects_by_code_or_by_name() -> None:
    by_name, by_code = draft(), draft(uscc=code(1))
    renamed = draft(uscc=code(1), party="鹿乡新名食品有限公司")
    assert by_name.key_code == ""
    assert by_name.key_name == by_code.key_name
    assert by_code.key_code == renamed.key_code != ""
    assert by_code.key_name != renamed.key_name


def test_without_a_document_number_the_matter_is_in_the_key() -> None:
    first, second = draft(violation_type="一"), draft(violation_type="二")
    numbered = draft(violation_type="一", document_number="某罚〔2026〕1号")
    renumbered = draft(violation_type="二", document_number="某罚〔2026〕1号")
    assert first.key_name != second.key_name
    assert numbered.key_name == renumbered.key_name != first.key_name


def test_the_two_lists_of_one_kind_are_two_records() -> None:
    assert (
        draft("court_defaulter", "court_defaulters").key_name
        != draft("court_defaulter", "consumption_restrictions").key_name
    )


def person(text: str = "钟意外 某罚1号", secret: bytes = SECRET) -> tuple[StagedRecord, str]:
    about: dict[str, Value] = {"party": NAME, "decided_on": "2026-05-06", "authority": "某某局"}
    row = PersonRow(text, Draft("administrative_penalty", about, record_id="r1"), is_stated=True)
    return stage(RowOutcome(2, persons=(row,)), secret=secret)


def test_a_person_is_keyed_hashes_and_nothing_else() -> None:
    staged, content = person()
    kept = StagedRecord("administrative_penalty", PERSON, staged.key_name, staged.content_digest)
    withheld = {"withheld": "natural_person", "arrives_withheld": "natural_person"}
    assert (staged, content) == (msgspec.structs.replace(kept, record_id="r1", **withheld), "")
    assert staged.content_digest != person("钟意外 某罚2号")[0].content_digest
    assert staged.content_digest != person(secret=b"j" * 32)[0].content_digest


def test_a_person_has_the_key_of_the_record_that_it_may_correct() -> None:
    assert person()[0].key_name == draft().key_name


def test_an_event_has_the_key_of_the_record_it_is_about() -> None:
    content: dict[str, Value] = {"party": NAME, "authority": "某某局", "decided_on": "2026-05-06"}
    content["document_number"] = "某罚〔2026〕1号"
    about = draft(facts="甲", document_number="某罚〔2026〕1号")
    event, _ = stage(RowOutcome(2, events=(EventDraft("repaired", "", "administrative_penalty", content),)))
    assert event.key_name == about.key_name
    assert event.record_id == ""


def test_an_event_of_no_known_kind_has_no_key() -> None:
    event, _ = stage(RowOutcome(2, events=(EventDraft("repaired", "", "", {"party": NAME}),)))
    assert (event.key_name, event.key_code) == ("", "")
