import contextlib
import csv
import json
import re
import shutil
import sqlite3
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
import xlsxwriter
from deliveries import (
    ANALYZER,
    CATALOG,
    NAME,
    TODAY,
    Desk,
    abnormal,
    code,
    penalty,
    profile,
    tally,
    write_sheet,
)
from fixed_clock import FixedClock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexers import row_stream
from indexers.analysis import load_analyzer
from indexers.catalog import load_catalog
from indexers.errors import LedgerError, SheetError
from indexers.identifiers import identity_check_digit
from indexers.importing import Importer, check_file
from indexers.ledger import Ledger
from indexers.records import FileAccount
from indexers.staged_records import Stager

UNREADABLE = Path("/proc/self/mem")


def check(path: Path, kind: str | None = None) -> FileAccount:
    return check_file(str(path), CATALOG, ANALYZER, TODAY, kind)


def test_the_account_of_a_file_tells_every_row(desk: Desk) -> None:
    account = desk.bring(penalty(1), penalty(2, 处罚决定日期=""), penalty(3))
    assert tally(account) == (3, 2, 0, 1)
    [sheet] = account.sheets
    assert (sheet.kind, sheet.template, sheet.rows, sheet.accepted, sheet.rejected) == (
        "administrative_penalty",
        "penalty_2016",
        3,
        2,
        1,
    )
    assert account.records == 2
    assert [(problem.row, problem.column) for problem in account.problems] == [(3, "处罚决定日期")]
    kept = desk.query('SELECT sheet, "row", "column" FROM problems')
    assert kept == [("", 3, "处罚决定日期")]


def test_rows_that_do_not_count_are_told(desk: Desk) -> None:
    path = write_sheet(desk.folder / "0-sheet.csv", [penalty(1)])
    below = ["注：本表每周更新", "合计,,1", "制表人：某", "", "填报单位：某局", "总计：1", "审核：某"]
    path.write_text(path.read_text("utf-8") + "\n".join(below) + "\n", "utf-8")
    report = Importer(CATALOG, ANALYZER, desk.ledger).import_file(str(path))
    for account in (report, check(path)):
        [sheet] = account.sheets
        assert tally(account) == (1, 1, 0, 0)
        assert (sheet.left_out, sheet.left_out_rows) == (6, [3, 4, 5, 7, 8])
        [note] = account.notes
        assert (note.row, note.rule) == (0, "left_out")
        assert note.message.startswith("第 3、4、5、7、8 行等 6 行看作合计、注释或签署")


def test_a_dry_run_says_that_it_did_not_look_for_the_records_of_events(desk: Desk) -> None:
    desk.bring(penalty(1))
    events = [
        {"事件": "修复", "记录编号": record, "日期": "2026-11-20"} for record in (desk.record_id(), "r0000")
    ]
    path = write_sheet(desk.folder / "events.csv", events)
    dry = check(path)
    assert (tally(dry), [(note.row, note.rule) for note in dry.notes]) == ((2, 2, 0, 0), [(0, "ledger")])
    assert "试读不查台账" in dry.notes[0].message
    account = desk.bring(*events)
    assert (tally(account), account.notes) == ((2, 1, 0, 1), [])
    assert check(write_sheet(desk.folder / "penalty.csv", [penalty(1)])).notes == []


def test_empty_rows_with_a_prepared_number_are_not_told(desk: Desk) -> None:
    account = desk.bring({"序号": "1", **penalty(1)}, {"序号": "2"}, {"序号": "3"}, {"序号": "以上为本周"})
    [sheet] = account.sheets
    assert (account.rows, sheet.left_out, sheet.left_out_rows) == (1, 1, [5])


def test_the_report_is_kept_with_its_batch(desk: Desk) -> None:
    desk.bring(penalty(1))
    [(state, file, report)] = desk.query("SELECT state, file, report FROM batches")
    assert (state, file) == ("done", "0-sheet.csv")
    assert '"accepted":1' in str(report)


def kept(desk: Desk) -> list[tuple[object, ...]]:
    return desk.query(
        "SELECT b.id, b.report <> '', COUNT(p.position) FROM batches b LEFT JOIN problems p ON p.batch_id = b.id"
        " GROUP BY b.id, b.report ORDER BY b.started_at, b.id"
    )


def test_what_is_said_again_of_the_same_file_is_kept_once(desk: Desk) -> None:
    good, bad = penalty(1), [penalty(2, 处罚决定日期=""), penalty(3, 处罚决定日期="坏")]
    desk.bring(good, *bad)
    desk.sync()
    [(first, *_)] = kept(desk)
    for _ in range(3):
        assert tally(desk.bring(good, *bad)) == (3, 0, 1, 2)
        assert {(batch == first, problems) for batch, _, problems in kept(desk)} == {(True, 0), (False, 2)}
        assert len(kept(desk)) == 2
    assert desk.query("SELECT batch_id FROM records") == [(first,)]
    assert [source.batch for source in desk.record(desk.record_id()).sources] == [first]
    desk.bring(good, *bad, penalty(4, 处罚决定日期=""))
    assert sorted(problems for _, _, problems in kept(desk)) == [0, 2, 3]
    desk.bring(good, *bad, name="other.csv")
    assert sorted(problems for _, _, problems in kept(desk)) == [0, 2, 2, 3]
    assert {has_report for _, has_report, _ in kept(desk)} == {True}


def test_what_is_said_again_of_the_same_question_to_a_database_is_kept_once(desk: Desk) -> None:
    address = f"sqlite:///{desk.folder / 'own.db'}"
    rows = [penalty(1), penalty(2, 处罚决定日期=""), penalty(3, 处罚决定日期="坏")]
    with contextlib.closing(sqlite3.connect(desk.folder / "own.db")) as own, own:
        own.execute(f"CREATE TABLE t ({', '.join(rows[0])})")
        own.executemany(
            f"INSERT INTO t VALUES ({', '.join('?' * len(rows[0]))})", [tuple(row.values()) for row in rows]
        )
    importer = Importer(CATALOG, ANALYZER, desk.ledger)
    for table, problems in (("t", [2]), ("t", [0, 2]), ("t", [0, 2]), ("t AS again", [0, 2, 2])):
        importer.import_file(address, query=f"SELECT * FROM {table}")
        assert sorted(count for _, _, count in kept(desk)) == problems


def test_no_number_of_a_person_in_the_name_of_a_file_or_sheet_is_told_or_kept(desk: Desk) -> None:
    first17 = "22049919800101111"
    number = first17 + identity_check_digit(first17)
    path = desk.folder / f"王小明{number}.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, row in ((f"王小明{number}", penalty(1)), (f"别的{number}", {"甲": "1", "乙": "2"})):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(row))
            sheet.write_row(1, 0, list(row.values()))
            sheet.write_row(2, 0, list({**row, "处罚决定日期": "坏"}.values()))
    report = Importer(CATALOG, ANALYZER, desk.ledger).import_file(str(path))
    dry = check_file(str(path), CATALOG, ANALYZER, TODAY)
    kept = [desk.query(f"SELECT * FROM {name}") for name in ("batches", "problems")]
    assert number not in str([msgspec.to_builtins(report), msgspec.to_builtins(dry), kept])
    assert [sheet.sheet for sheet in report.sheets] == ["王小明「已隐去」", "别的「已隐去」"]


def test_the_words_of_another_folder_of_mappings_count_for_the_whole_import(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(str(files("mappings")), tmp_path / "mappings"))
    words, regions = folder / "privacy.toml", folder / "regions.csv"
    words.write_text(words.read_text("utf-8").replace("「已隐去」", "〈隐〉"), "utf-8")
    regions.write_text(
        regions.read_text("utf-8").replace("22,吉林省,吉林,,1,", "22,吉林省,吉林,,1,自定之地"), "utf-8"
    )
    sheet = penalty(1, 处罚事由="电话13800138000", 地方编码="自定之地")
    path = write_sheet(tmp_path / "电话13800138000.csv", [sheet])
    ledger = Ledger("sqlite://", FixedClock(TODAY))
    report = Importer(load_catalog(folder), load_analyzer(folder), ledger).import_file(str(path))
    with ledger.reading() as connection:
        [content] = connection.execute(sa.text("SELECT content FROM contents")).scalars()
    ledger.close()
    assert Path(report.file).name == "电话〈隐〉.csv"
    kept = json.loads(content)
    assert (kept["facts"], kept["region"]) == ("电话〈隐〉", "22")


def test_no_secret_of_a_database_is_told_or_kept(desk: Desk) -> None:
    with sqlite3.connect(desk.folder / "own.db") as connection:
        row = penalty(1)
        connection.execute(f"CREATE TABLE t ({', '.join(row)})")
        connection.execute(f"INSERT INTO t VALUES ({', '.join('?' * len(row))})", tuple(row.values()))
    connection.close()
    address = f"sqlite:///file:{desk.folder / 'own.db'}?uri=true&password=HIDDEN"
    importer = Importer(CATALOG, ANALYZER, desk.ledger)
    report = importer.import_file(address, query="SELECT *, 1 AS 别的 FROM t")
    assert (tally(report), len(report.notes)) == ((1, 1, 0, 0), 1)
    dry = check_file(address, CATALOG, ANALYZER, TODAY, query="SELECT * FROM t")
    kept = [desk.query(f"SELECT * FROM {name}") for name in ("batches", "problems")]
    assert "HIDDEN" not in str([msgspec.to_builtins(report), msgspec.to_builtins(dry), kept])


def test_a_sheet_whose_header_fits_nothing_is_refused_with_all_its_rows(desk: Desk) -> None:
    account = desk.bring({"甲": "1", "乙": "2"}, {"甲": "3", "乙": "4"})
    assert tally(account) == (2, 0, 0, 2)
    assert [problem.row for problem in account.problems][:1] == [0]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (penalty(1, 行政相对人名称="钟意外"), "natural_person"),
        (penalty(1, 处罚结果="警告", 处罚类别="警告"), "minor"),
        (penalty(1, 处罚决定日期="2025-05-06", 公示截止期="2026-11-21"), "ended"),
        (penalty(1, 当前状态="撤销"), "ended"),
        (abnormal(1, 移出日期="2026-10-10"), "ended"),
    ],
)
def test_rows_that_are_not_public_on_arrival_are_counted_by_reason(
    desk: Desk, row: dict[str, str], reason: str
) -> None:
    account = desk.bring(row)
    assert (tally(account), account.withheld, account.withheld_by) == ((1, 1, 0, 0), 1, {reason: 1})
    assert check(write_sheet(desk.folder / "again.csv", [row])).withheld_by == {reason: 1}
    desk.sync()
    assert desk.all_shown("records") == {}
    assert desk.all_shown("subjects") == {}


def test_a_kind_that_is_not_public_is_withheld(desk: Desk) -> None:
    row = {
        "主体名称": NAME,
        "统一社会信用代码": code(1),
        "约谈事由": "未按时报送年报",
        "约谈单位": "某某市市场监督管理局",
        "约谈日期": "2026-10-10",
    }
    account = desk.bring(row, kind="interview")
    assert (tally(account), account.withheld_by) == ((1, 1, 0, 0), {"not_public": 1})


def test_a_row_about_a_person_leaves_no_text(desk: Desk) -> None:
    row = penalty(1, 行政相对人名称="钟意外")
    assert tally(desk.bring(row)) == (1, 1, 0, 0)
    assert tally(desk.bring(row)) == (1, 0, 1, 0)
    assert desk.query("SELECT kind FROM persons") == [("administrative_penalty",)]
    assert desk.query("SELECT COUNT(*) FROM records") == [(0,)]
    assert desk.query("SELECT COUNT(*) FROM contents") == [(0,)]
    database = (desk.folder / "ledger.db").read_bytes() if desk.ledger.is_sqlite else b""
    assert "钟意外".encode() not in database


def test_a_row_is_withheld_only_when_nothing_it_made_is_public(desk: Desk) -> None:
    account = desk.bring(penalty(1, 行政相对人名称=f"{NAME};钟意外"))
    assert (tally(account), account.withheld_by) == ((1, 1, 0, 0), {})


def test_withheld_and_visible_amend_into_each_other(desk: Desk) -> None:
    warning = {"处罚结果": "警告", "处罚类别": "警告"}
    desk.bring(penalty(1, **warning))
    desk.sync()
    record = desk.record_id()
    assert desk.shown(record) is None
    assert not desk.removes(penalty(1))
    desk.sync()
    assert desk.record(record).id == record
    assert desk.removes(penalty(1, **warning))
    assert desk.publisher.apply_removals() == 2
    assert record not in desk.all_shown("records")
    assert desk.all_shown("subjects") == {}
    desk.bring(penalty(1))
    desk.sync()
    assert desk.record(record).id == record
    desk.publisher.rebuild()
    assert desk.record(record).id == record


CELLS = st.one_of(
    st.sampled_from(
        ["", NAME, f"{NAME};鹿乡二号食品有限公司", "钟意外", "2026-05-06", "撤销", "未知", code(1), "0"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6),
)
ROWS = st.lists(
    st.one_of(
        st.builds(penalty, st.integers(1, 3)),
        st.dictionaries(st.sampled_from(list(penalty())), CELLS, max_size=6).map(
            lambda c: {**penalty(1), **c}
        ),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_rows_are_accepted_unchanged_or_rejected_with_a_reason(
    desk: Desk, rows: Sequence[dict[str, str]]
) -> None:
    desk.execute("DELETE FROM records")
    for _ in range(2):
        account = desk.bring(*rows)
        assert account.rows == account.accepted + account.unchanged + account.rejected
        told = {problem.row for problem in account.problems if problem.row > 1}
        assert len(told) == account.rejected
        again = desk.query("SELECT COUNT(*) FROM staged")
        assert again == [(0,)]
    assert account.accepted == 0


def test_a_dry_run_writes_nothing_and_finds_the_same_problems(desk: Desk) -> None:
    path = write_sheet(desk.folder / "a.csv", [penalty(1), penalty(2, 处罚决定日期=""), penalty(1)])
    foreseen = check(path)
    report = Importer(CATALOG, ANALYZER, desk.ledger).import_file(str(path))
    assert (foreseen.rows, foreseen.accepted, foreseen.rejected) == (3, 2, 1)
    assert foreseen.problems == report.problems


def test_one_file_after_the_other_is_in(desk: Desk) -> None:
    paths = [write_sheet(desk.folder / "a.csv", [penalty(1)]), desk.folder / "broken.xlsx"]
    paths[1].write_bytes(b"PK\x03\x04 not a workbook")
    importer = Importer(CATALOG, ANALYZER, desk.ledger)
    importer.import_file(str(paths[0]))
    with pytest.raises(SheetError):
        importer.import_file(str(paths[1]))
    assert len(desk.ids()) == 1
    assert desk.query("SELECT file FROM batches") == [("a.csv",)]
    assert desk.query("SELECT COUNT(*) FROM staged") == [(0,)]


@pytest.mark.parametrize("table", ["records", "contents", "subjects", "events", "subject_names"])
def test_a_write_that_fails_in_the_middle_leaves_nothing(
    desk: Desk, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.bring(penalty(9))
    before = desk.query("SELECT id, seq FROM records"), desk.ledger.last_seq()
    engine = desk.ledger.engine

    def refuse(connection: object, cursor: object, statement: str, *_: object) -> None:
        if re.match(rf'INSERT INTO "?{table}"?\W', statement):
            raise sa.exc.OperationalError(statement, {}, OSError("disk full"))

    sa.event.listen(engine, "before_cursor_execute", refuse)
    with pytest.raises(LedgerError, match="没有写入"):
        desk.bring(penalty(1, 统一社会信用代码=code(1)), profile())
    sa.event.remove(engine, "before_cursor_execute", refuse)
    assert (desk.query("SELECT id, seq FROM records"), desk.ledger.last_seq()) == before
    assert desk.query("SELECT COUNT(*) FROM staged") == [(0,)]
    assert desk.query("SELECT COUNT(*) FROM contents") == [(1,)]
    assert tally(desk.bring(penalty(1, 统一社会信用代码=code(1)))) == (1, 1, 0, 0)


def test_a_big_file_is_read_in_processes_with_the_same_outcome(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [penalty(n, 处罚决定日期="" if n % 97 == 0 else "2026-05-06") for n in range(1, 700)]
    path = write_sheet(desk.folder / "big.csv", rows)
    expected = check(path)
    monkeypatch.setattr(row_stream, "BIG_FILE", 1)
    monkeypatch.setattr(row_stream, "count_cores", lambda: 2)
    account = Importer(CATALOG, ANALYZER, desk.ledger).import_file(str(path))
    assert tally(account) == (699, 692, 0, 7)
    assert account.problems == expected.problems
    assert desk.query("SELECT COUNT(DISTINCT row_hash) FROM records") == [(692,)]


def test_the_sheets_of_a_big_workbook_keep_their_order_in_processes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.folder / "big.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, numbers in (("甲", range(1, 100)), ("乙", range(100, 250)), ("空", range(0))):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, [*penalty(), "内部编码"])
            for place, number in enumerate(numbers, start=1):
                day = "" if number % 40 == 0 else "2026-05-06"
                sheet.write_row(place, 0, [*penalty(number, 处罚决定日期=day).values(), "x"])
        book.add_worksheet("别的").write_row(0, 0, ["会议", "地点"])
    expected = check(path)
    monkeypatch.setattr(row_stream, "BIG_FILE", 1)
    monkeypatch.setattr(row_stream, "BLOCK_ROWS", 20)
    monkeypatch.setattr(row_stream, "count_cores", lambda: 2)
    account = Importer(CATALOG, ANALYZER, desk.ledger).import_file(str(path))
    assert tally(account) == (249, 243, 0, 6)
    assert (account.problems, account.notes) == (expected.problems, expected.notes)
    assert [msgspec.to_builtins(sheet) for sheet in account.sheets] == [
        msgspec.to_builtins(sheet) for sheet in expected.sheets
    ]
    assert [note.sheet for note in account.notes] == ["甲", "乙", "空"]


def test_one_cell_that_no_number_can_be_refuses_its_row_alone(desk: Desk) -> None:
    row = {"纳税人名称": NAME, "欠税税种": "增值税", "公告日期": "2026-05-06", "税务机关": "某某市税务局"}
    account = desk.bring(*({**row, "欠税余额": amount} for amount in ("500", "1e9999999")))
    assert tally(account) == (2, 1, 0, 1)
    assert [(problem.row, problem.rule) for problem in account.problems] == [(3, "amount")]


def test_whatever_stops_an_import_leaves_nothing_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Stager, "stage", fail)
    with pytest.raises(ZeroDivisionError):
        desk.bring(penalty(1))
    assert [desk.query(f"SELECT COUNT(*) FROM {name}") for name in ("batches", "staged")] == [[(0,)]] * 2


@pytest.mark.skipif(not UNREADABLE.exists(), reason="this system has no file that can be opened and not read")
def test_a_file_that_cannot_be_read_is_refused_by_its_name(desk: Desk) -> None:
    path = desk.folder / "lost.csv"
    path.symlink_to(UNREADABLE)
    with pytest.raises(SheetError, match=r"^lost\.csv：无法读取"):
        Importer(CATALOG, ANALYZER, desk.ledger).import_file(str(path))
    assert desk.query("SELECT COUNT(*) FROM batches") == [(0,)]


def test_an_error_of_a_reading_process_arrives(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.folder / "broken.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    monkeypatch.setattr(row_stream, "BIG_FILE", 1)
    monkeypatch.setattr(row_stream, "count_cores", lambda: 2)
    importer = Importer(CATALOG, ANALYZER, desk.ledger)
    with pytest.raises(SheetError):
        importer.import_file(str(path))
    assert desk.query("SELECT COUNT(*) FROM batches") == [(0,)]


def test_a_file_without_rows_is_an_empty_account(desk: Desk) -> None:
    path = desk.folder / "empty.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(list(penalty()))
    account = Importer(CATALOG, ANALYZER, desk.ledger).import_file(str(path))
    assert tally(account) == (0, 0, 0, 0)
