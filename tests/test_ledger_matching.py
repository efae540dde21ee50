import pytest
from deliveries import NAME, OTHER_AUTHORITY, Desk, abnormal, code, penalty, profile, tally

from indexers.ledger.matching import (
    NOTE_DOUBLE,
    NOTE_ENDED,
    PROBLEM_AMBIGUOUS,
    PROBLEM_SHARED_ID,
    PROBLEM_UNKNOWN_ID,
)
from indexers.records import FileAccount

STATE = "SELECT id, seq, content_no, batch_id FROM records ORDER BY id"


def notes(account: FileAccount) -> list[tuple[int, str]]:
    return [(note.row, note.message) for note in account.notes]


def problems(account: FileAccount) -> list[tuple[int, str]]:
    return [(problem.row, problem.message) for problem in account.problems]


def contents(desk: Desk) -> list[str]:
    return [str(row[0]) for row in desk.query("SELECT content FROM contents ORDER BY no")]


def test_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    rows = [penalty(1), penalty(2), profile()]
    first = desk.bring(*rows[:2]), desk.bring(rows[2])
    before = desk.query(STATE), desk.ledger.last_seq(), contents(desk)
    second = desk.bring(*rows[:2]), desk.bring(rows[2])
    assert [tally(account) for account in first] == [(2, 2, 0, 0), (1, 1, 0, 0)]
    assert [tally(account) for account in second] == [(2, 0, 2, 0), (1, 0, 1, 0)]
    assert (desk.query(STATE), desk.ledger.last_seq(), contents(desk)) == before
    assert desk.query("SELECT COUNT(*) FROM staged") == [(0,)]


def test_a_corrected_row_amends_its_record(desk: Desk) -> None:
    desk.bring(penalty(1), penalty(2))
    ids = desk.ids()
    account = desk.bring(penalty(1, 处罚结果="罚款六千元"), penalty(2))
    assert tally(account) == (2, 1, 1, 0)
    assert (account.records, account.amended) == (1, 1)
    assert desk.ids() == ids
    assert len(contents(desk)) == 2
    desk.sync()
    assert desk.record(ids[0]).fields["penalty_content"] == "罚款六千元"


def test_width_and_brackets_of_a_name_are_no_change(desk: Desk) -> None:
    desk.bring(penalty(1, 行政相对人名称="鹿乡一号(东城)食品有限公司"))
    account = desk.bring(penalty(1, 行政相对人名称="鹿乡一号（东城）食品有限公司"))
    assert tally(account) == (1, 0, 1, 0)


def test_several_left_on_both_sides_are_a_problem_that_asks_for_the_record_id(desk: Desk) -> None:
    same = {"行政处罚决定书文号": "某罚〔2026〕7号"}
    first = desk.bring(penalty(**same, 处罚结果="罚款一千元"), penalty(**same, 处罚结果="罚款二千元"))
    assert tally(first) == (2, 2, 0, 0)
    second = desk.bring(penalty(**same, 处罚结果="罚款三千元"), penalty(**same, 处罚结果="罚款四千元"))
    assert tally(second) == (2, 0, 0, 2)
    assert problems(second) == [(2, PROBLEM_AMBIGUOUS), (3, PROBLEM_AMBIGUOUS)]
    assert len(contents(desk)) == 2


def test_one_of_two_known_records_is_left_over_and_amended(desk: Desk) -> None:
    same = {"行政处罚决定书文号": "某罚〔2026〕7号"}
    desk.bring(penalty(**same, 处罚结果="罚款一千元"), penalty(**same, 处罚结果="罚款二千元"))
    account = desk.bring(penalty(**same, 处罚结果="罚款一千元"), penalty(**same, 处罚结果="罚款四千元"))
    assert tally(account) == (2, 1, 1, 0)
    assert account.amended == 1
    assert len(desk.ids()) == 2


def test_a_row_beside_a_known_one_of_its_key_is_new(desk: Desk) -> None:
    same = {"行政处罚决定书文号": "某罚〔2026〕7号"}
    desk.bring(penalty(**same, 处罚结果="罚款一千元"))
    account = desk.bring(penalty(**same, 处罚结果="罚款一千元"), penalty(**same, 处罚结果="罚款四千元"))
    assert (tally(account), account.amended) == ((2, 1, 1, 0), 0)
    assert len(desk.ids()) == 2


def test_exact_doubles_in_a_file_count_as_unchanged(desk: Desk) -> None:
    account = desk.bring(penalty(1), penalty(1), penalty(1))
    assert tally(account) == (3, 1, 2, 0)
    assert notes(account) == [(3, NOTE_DOUBLE), (4, NOTE_DOUBLE)]
    assert len(desk.ids()) == 1


def test_subjects_compare_by_code_or_by_name_where_a_side_lacks_one(desk: Desk) -> None:
    desk.bring(penalty(1))
    with_code = desk.bring(penalty(1, 统一社会信用代码=code(1)))
    renamed = desk.bring(penalty(1, 统一社会信用代码=code(1), 行政相对人名称="鹿乡新名食品有限公司"))
    namesake = desk.bring(penalty(1, 统一社会信用代码=code(2), 行政相对人名称="鹿乡新名食品有限公司"))
    assert [account.amended for account in (with_code, renamed, namesake)] == [1, 1, 0]
    assert len(desk.ids()) == 2


def test_another_authority_kind_or_date_is_another_record(desk: Desk) -> None:
    desk.bring(penalty(1))
    account = desk.bring(penalty(1, 处罚机关=OTHER_AUTHORITY), penalty(1, 处罚决定日期="2026-05-07"))
    assert (tally(account), account.amended) == ((2, 2, 0, 0), 0)


def test_a_document_number_compares_in_its_normal_form(desk: Desk) -> None:
    desk.bring(penalty(1))
    account = desk.bring(penalty(1, 行政处罚决定书文号="某罚[2026]1号"))
    assert (len(desk.ids()), account.rejected, account.accepted - account.amended) == (1, 0, 0)


SPELLINGS = [
    "某罚〔2026〕第1号",
    "某罚〔2026〕001号",
    "某罚〔2026〕1",
    "某罚20261号",
    "某罚〔20261号",
    "某罚2026年1号",
    "某罚2026年第1号",
    "某罚2026-1号",
    "某罚﹝2026﹞第 1 号",
    "某罚〔二〇二六〕1号",
    "某罚〔二O二六〕第一号",
    "“某罚〔2026〕1号”",
    "《某罚〔2026〕1號》",
    "文书号：某罚〔2026〕1号",
]


@pytest.mark.parametrize("number", SPELLINGS)
def test_another_spelling_of_its_number_does_not_bring_a_repaired_row_back(desk: Desk, number: str) -> None:
    desk.bring(penalty(1))
    desk.end(desk.record_id())
    account = desk.bring(penalty(1, 行政处罚决定书文号=number))
    assert (tally(account), notes(account)) == ((1, 0, 1, 0), [(2, NOTE_ENDED)])


def test_a_number_spelled_usually_meets_one_that_was_not(desk: Desk) -> None:
    desk.bring(*(penalty(i, 行政处罚决定书文号=f"某罚2026年第{i}号") for i in (1, 12)))
    account = desk.bring(penalty(1), penalty(12))
    assert (tally(account), account.amended) == ((2, 2, 0, 0), 2)


def test_two_numbers_in_one_cell_compare_in_any_order_and_spelling(desk: Desk) -> None:
    desk.bring(penalty(1, 行政处罚决定书文号="某罚〔2026〕1号、某罚〔2026〕2号"))
    account = desk.bring(penalty(1, 行政处罚决定书文号="某罚〔2026〕第2号；某罚2026年1号"))
    assert (account.amended, len(desk.ids())) == (1, 1)


@pytest.mark.parametrize(
    "number",
    [
        "某罚〔2026〕2-1号",
        "某罚〔2026〕1-1号",
        "某罚〔2026〕11-1号",
        "某罚〔2026〕11号之一",
        "某罚字〔2026〕11号",
        "某行罚〔2026〕11号",
        "某罚〔2025〕11号",
        "某罚〔2026〕111号",
        "某罚〔2026〕20261号",
        "某罚〔2026〕11号、某罚〔2026〕12号",
        "某罚11号",
        "11",
    ],
)
def test_other_numbers_are_other_records(desk: Desk, number: str) -> None:
    desk.bring(penalty(11), penalty(21), penalty(1))
    account = desk.bring(penalty(1, 行政处罚决定书文号=number))
    assert (tally(account), account.amended) == ((1, 1, 0, 0), 0)


def test_the_record_id_corrects_a_wrong_key_column(desk: Desk) -> None:
    desk.bring(penalty(1))
    record = desk.record_id()
    account = desk.bring(penalty(9, 记录编号=record))
    assert (tally(account), account.amended) == ((1, 1, 0, 0), 1)
    assert desk.record_id() == record
    assert tally(desk.bring(penalty(9))) == (1, 0, 1, 0)


def test_an_unknown_record_id_and_one_of_another_kind_are_refused(desk: Desk) -> None:
    desk.bring(penalty(1))
    record = desk.record_id()
    unknown = desk.bring(penalty(2, 记录编号="r0000"))
    other = desk.bring(abnormal(1, 记录编号=record))
    assert problems(unknown) == [(2, PROBLEM_UNKNOWN_ID)]
    assert problems(other) == [(2, PROBLEM_UNKNOWN_ID)]
    assert desk.ids() == [record]


def test_two_rows_cannot_amend_one_record(desk: Desk) -> None:
    desk.bring(penalty(1))
    record = desk.record_id()
    before = contents(desk)
    account = desk.bring(penalty(2, 记录编号=record), penalty(3, 记录编号=record))
    assert problems(account) == [(2, PROBLEM_SHARED_ID), (3, PROBLEM_SHARED_ID)]
    assert contents(desk) == before
    double = desk.bring(penalty(2, 记录编号=record), penalty(2, 记录编号=record))
    assert (tally(double), double.amended) == ((2, 1, 1, 0), 1)
    assert len(contents(desk)) == 1


def test_a_record_id_does_not_bring_an_ended_record_back(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.end(desk.record_id())
    account = desk.bring(penalty(1, 记录编号=desk.record_id(), 处罚结果="罚款六千元"))
    assert tally(account) == (1, 0, 1, 0)
    assert notes(account) == [(2, NOTE_ENDED)]


@pytest.mark.parametrize("again", [penalty(1), penalty(1, 处罚结果="罚款六千元")])
def test_a_cumulative_sheet_does_not_bring_a_repaired_row_back(desk: Desk, again: dict[str, str]) -> None:
    desk.bring(penalty(1))
    desk.end(desk.record_id())
    account = desk.bring(again, penalty(2))
    assert tally(account) == (2, 1, 1, 0)
    assert notes(account) == [(2, NOTE_ENDED)]
    assert desk.query("SELECT state FROM records ORDER BY number") == [("ended",), ("current",)]


def test_a_row_of_a_record_past_its_last_day_is_unchanged_whatever_it_says(desk: Desk) -> None:
    desk.bring(penalty(1, 公示截止期="2026-11-21"))
    account = desk.bring(penalty(1, 公示截止期="2027-01-01"))
    assert tally(account) == (1, 0, 1, 0)
    assert notes(account) == [(2, NOTE_ENDED)]


def test_a_row_absent_from_a_later_file_removes_nothing(desk: Desk) -> None:
    desk.bring(penalty(1), penalty(2))
    desk.bring(penalty(2))
    assert desk.query("SELECT COUNT(*) FROM records WHERE state = 'current'") == [(2,)]


def test_a_row_with_several_organisations_has_its_worst_outcome(desk: Desk) -> None:
    both = f"{NAME};鹿乡二号食品有限公司"
    first = desk.bring(penalty(1, 行政相对人名称=both))
    assert (tally(first), first.records) == ((1, 1, 0, 0), 2)
    desk.bring(penalty(1, 处罚结果="甲"), name="amend.csv")
    again = desk.bring(penalty(1, 行政相对人名称=both))
    assert (tally(again), again.records, again.amended) == ((1, 1, 0, 0), 1, 1)
    same = desk.bring(penalty(1, 行政相对人名称=both))
    assert tally(same) == (1, 0, 1, 0)


def test_one_refused_organisation_refuses_the_whole_row(desk: Desk) -> None:
    same = {"行政处罚决定书文号": "某罚〔2026〕7号"}
    desk.bring(penalty(**same, 处罚结果="一"), penalty(**same, 处罚结果="二"))
    both = f"鹿乡二号食品有限公司;{NAME}"
    account = desk.bring(
        penalty(**same, 行政相对人名称=both, 处罚结果="三"), penalty(**same, 处罚结果="四"), penalty(8)
    )
    assert tally(account) == (3, 1, 0, 2)
    assert problems(account) == [(2, PROBLEM_AMBIGUOUS), (3, PROBLEM_AMBIGUOUS)]
    assert len(desk.ids()) == 3


def test_reasons_of_rejected_rows_are_not_crowded_out_by_notes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexers.ledger.settling.KEPT_NOTES", 2)
    account = desk.bring(penalty(1), penalty(1), penalty(1), penalty(2, 记录编号="r0000"))
    assert problems(account) == [(5, PROBLEM_UNKNOWN_ID)]
    assert notes(account) == [(3, NOTE_DOUBLE)]
