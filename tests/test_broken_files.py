"""Files that are no sheets, or sheets gone wrong: one clear sentence, or an exact account."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexers.analysis import load_analyzer
from indexers.catalog import load_catalog
from indexers.drafting import draft_mapping
from indexers.errors import SheetError, UsageError
from indexers.importing import check_file
from indexers.readers import open_source
from indexers.records import FileAccount

CATALOG = load_catalog()
ANALYZER = load_analyzer()
TODAY = date(2026, 11, 22)
LABELS = ["行政相对人名称", "行政处罚决定书文号", "违法事实", "处罚机关", "处罚决定日期"]
CELLS = ["鹿乡一号食品有限公司", "某罚〔2026〕1号", "违法经营", "某某局", "2026-05-06"]
ENDINGS = ["csv", "tsv", "txt", "json", "jsonl", "xlsx", "xls", "ods", "xlsb"]
READABLE = ",".join(LABELS) + "\n" + ",".join(CELLS) + "\n"
noise = random.Random(7)


def look_at(path: Path) -> FileAccount | str:
    """The account of a dry run, whose rows must add up; else the sentence that refuses the file."""
    try:
        account = check_file(str(path), CATALOG, ANALYZER, TODAY)
    except (SheetError, UsageError) as error:
        return str(error)
    assert account.rows == account.accepted + account.unchanged + account.rejected
    return account


def draft(path: Path) -> str:
    try:
        return draft_mapping(path, CATALOG)
    except (SheetError, UsageError) as error:
        return str(error)


def told(path: Path) -> str:
    answer = look_at(path)
    assert isinstance(answer, str)
    assert "\n" not in answer and re.search("[\u4e00-\u9fff]", answer)
    assert "\n" not in draft(path)
    return answer


def workbook(path: Path, fill: Callable[[xlsxwriter.worksheet.Worksheet], object] | None = None) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("处罚")
        sheet.write_row(0, 0, LABELS)
        sheet.write_row(1, 0, CELLS)
        if fill:
            fill(sheet)
    return path


def repacked(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The workbook with its parts changed, or left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
    path.write_bytes(out.getvalue())
    return path


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \r\n\r\n",
        b"\x00" * 500,
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        noise.randbytes(2_000),
        b"PK\x03\x04" + noise.randbytes(300),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise.randbytes(2_000),
    ],
    ids=["empty", "blank", "zeros", "mark", "mark16", "random", "zip", "ole"],
)
def test_what_is_no_sheet_is_refused_in_one_sentence(tmp_path: Path, ending: str, content: bytes) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_bytes(content)
    assert told(path).startswith(path.name)


@pytest.mark.parametrize("kept", [10, 100, 0.5, 0.99])
def test_a_workbook_that_was_cut_off_is_refused(tmp_path: Path, kept: float) -> None:
    path = workbook(tmp_path / "a.xlsx")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept if kept > 1 else kept * len(whole))])
    assert "不是完好的电子表格" in told(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda name, part: part[: len(part) // 2] if name.endswith("sheet1.xml") else part,
        lambda name, part: None if name.endswith("sharedStrings.xml") else part,
        lambda name, part: None if name.endswith("workbook.xml") else part,
        lambda name, part: part.replace(b"<v>1</v>", b"<v>99999</v>"),
    ],
    ids=["cut part", "no strings", "no book", "wrong string"],
)
def test_a_workbook_with_a_broken_part_is_refused(
    tmp_path: Path, change: Callable[[str, bytes], bytes | None]
) -> None:
    assert "不是完好的电子表格" in told(repacked(workbook(tmp_path / "a.xlsx"), change))


def test_a_workbook_that_unpacks_to_far_more_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (80 << 20))
    assert "超出上限" in told(path)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", b"hidden=" + b"<row " * 400_000),
        ("xl/worksheets/sheet1.xml", b' r="XFD1048576"' + b"<c " * 400_000),
        ("xl/worksheets/sheet1.xml", b' r="XFD1048576"<c ' + b'r="A1" ' * 400_000),
        ("xl/workbook.xml", b"<sheet " * 400_000),
        ("xl/workbook.xml", b"<sheet " + b"name" * 400_000 + b">"),
    ],
    ids=["row", "cell", "place", "sheet", "attribute"],
)
def test_tags_that_never_end_are_gone_through_once(tmp_path: Path, part: str, content: bytes) -> None:
    path = repacked(workbook(tmp_path / "a.xlsx"), lambda name, old: content if name == part else old)
    # Gone through anew from each of them, they would take hours.
    assert told(path).startswith("a.xlsx：")


def test_a_cell_far_from_the_table_is_named_and_not_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", lambda sheet: sheet.write(1_048_575, 16_383, "x"))
    assert "单元格 XFD1048576 离表格太远" in told(path)


@pytest.mark.parametrize(
    "end",
    [
        b'<row r="3"><c r="XFD3" t="inlineStr"><is><t>x</t></is></c></row></sheetData>',
        b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>',
        b'</sheetData><mergeCells count="1"><mergeCell ref="A3:XFD1048576"/></mergeCells>',
    ],
    ids=["wide row", "formatted only", "merged only"],
)
def test_a_far_cell_that_costs_little_is_no_reason_to_refuse(tmp_path: Path, end: bytes) -> None:
    path = workbook(tmp_path / "a.xlsx")
    account = look_at(repacked(path, lambda name, part: part.replace(b"</sheetData>", end)))
    assert isinstance(account, FileAccount)
    assert account.rows == 1


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (",".join(LABELS), 0),
        (",".join(LABELS) + "\n" * 5_000, 0),
        (READABLE.replace("\n", "\r"), 1),
        (READABLE.replace("违法经营", "违\x00法经营"), 1),
        (READABLE.replace("违法经营", "违法" * 200_000), 1),
        (READABLE + "甲\n" + ",".join("乙" * 40) + "\n", 3),
        ("sep=,\n" + READABLE, 1),
        (READABLE + '甲",乙\n', 2),
    ],
    ids=["header", "blank rows", "old mac", "zero", "long cell", "ragged", "sep", "stray quote"],
)
def test_odd_text_files_are_accounted_for_row_by_row(tmp_path: Path, text: str, rows: int) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode())
    account = look_at(path)
    assert isinstance(account, FileAccount)
    assert account.rows == rows


@pytest.mark.parametrize(
    ("cell", "long"),
    [
        ("违法经营", "0f" * 100_000),
        ("某罚〔2026〕1号", "1、" * 100_000),
        ("某某局", "(2020)" * 20_000 + "局"),
    ],
    ids=["letters", "numbers", "years"],
)
def test_a_long_cell_is_gone_through_once(tmp_path: Path, cell: str, long: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(READABLE.replace(cell, long), encoding="utf-8")
    # Gone through anew from each place in it, it would take minutes.
    account = look_at(path)
    assert isinstance(account, FileAccount)
    assert account.rows == 1


@pytest.mark.parametrize("text", [f'{READABLE}"', READABLE.replace("违法经营", "违" * 1_100_000)])
def test_a_cell_without_end_is_told_with_its_row(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode() + ("乙" * 1_100_000).encode())
    assert "引号没有成对" in told(path)


@pytest.mark.parametrize("end", ["", '甲,"违法经营",丙\n'], ids=["to the end", "to another mark"])
def test_a_quotation_mark_that_swallows_rows_refuses_the_file(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.csv"
    lines = READABLE.replace("违法经营", '"违法经营')
    path.write_text(lines + READABLE.partition("\n")[2] * 3 + end, encoding="utf-8")
    assert "第 2 行附近的引号没有成对" in told(path)


def test_a_quoted_cell_of_several_lines_is_no_stray_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(READABLE.replace("违法经营", '"违法""经营"",\n二"'), encoding="utf-8")
    account = look_at(path)
    assert isinstance(account, FileAccount)
    assert (account.rows, account.accepted) == (1, 1)


def test_a_row_that_came_apart_at_a_comma_is_refused_however_well_its_parts_may_pass(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    cells = READABLE.strip().split("\n")[1]
    path.write_text(f"{READABLE.strip()}\n{cells},\n{cells},000元\n", encoding="utf-8")
    account = look_at(path)
    assert isinstance(account, FileAccount)
    assert (account.rows, account.accepted) == (3, 2)
    assert [(p.row, p.rule, p.message.partition("，")[0]) for p in account.problems] == [
        (4, "cells", "这一行比表头多出 1 格")
    ]


def test_a_sheet_of_thousands_of_labels_is_no_table_to_draft_from(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    labels = [*LABELS, *(f"列{number}" for number in range(16_384))]
    path.write_text(f"{','.join(labels)}\n{','.join(CELLS)}\n", encoding="utf-8")
    assert draft(path) == "a.csv：有 16389 个列名，不像一张表格；请删去多余的列"
    account = look_at(path)
    assert isinstance(account, FileAccount)
    assert account.rows == 1


@pytest.mark.parametrize("ending", ["json", "jsonl"])
@pytest.mark.parametrize("apart", [True, False], ids=["rows", "inside one row"])
def test_objects_with_ever_new_keys_are_no_table(tmp_path: Path, ending: str, apart: bool) -> None:
    objects = [{f"列{number}之{own}": "甲" for own in range(3)} for number in range(4_000)]
    rows = objects if apart else [{"名单": objects}] * 2
    path = tmp_path / f"a.{ending}"
    text = "\n".join(map(json.dumps, rows)) if ending == "jsonl" else json.dumps(rows)
    path.write_text(text, encoding="utf-8")
    assert told(path) == f"a.{ending}：有 500 多个列名，不像一张表格；请删去多余的键"


@pytest.mark.parametrize("record", [{"乙": ["丙"] * 500_000}, {"." * 200_000: "乙"}], ids=["values", "dots"])
def test_one_row_of_json_is_gone_through_once(tmp_path: Path, record: dict[str, object]) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"甲": 1, **record, "丁": 2}], ensure_ascii=False), encoding="utf-8")
    # Gone through anew for each value or level, it would take minutes.
    [sheet] = open_source(str(path))
    assert [cells[0] + cells[2] for _, cells in sheet.rows] == ["12"]


def test_labels_of_grids_are_looked_for_once(tmp_path: Path) -> None:
    heads = {f"头{number}": ["甲", "乙", "丙"] for number in range(10_000)}
    grids = {f"格{number}": [[1]] for number in range(10_000)}
    path = tmp_path / "a.json"
    path.write_text(json.dumps({**heads, **grids}), encoding="utf-8")
    assert "没有找到由对象组成的数组" in told(path)


@pytest.mark.parametrize(
    "text",
    ["[1, 2]", "null", '"x"', "[" * 5_000, '{"data":' * 300 + "1" + "}" * 300, '[{"a": 1}, 2]', "[NaN]"],
)
def test_json_that_holds_no_table_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    assert "JSON" in told(path) or "数组" in told(path)


cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [*LABELS, *CELLS, "", "合计", "注：共3条", "220499198001011117", "1e308", "2099/12/31", "=1+1"]
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(cells, max_size=7), max_size=12), st.booleans())
def test_no_table_of_any_cells_breaks_the_account(
    tmp_path: Path, rows: list[list[str]], has_header: bool
) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([LABELS, *rows] if has_header else rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell.encode("utf-8", "ignore").decode())
    answer = look_at(path)
    assert isinstance(answer, str) or len(answer.sheets) == 1
    assert draft(path)
