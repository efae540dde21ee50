import json
import sqlite3
import tracemalloc
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from indexers.errors import SheetError, UsageError
from indexers.readers import Sheet, open_source
from indexers.readers.cells import Merge, clean_cell, fill_merged

HEADER = "单位名称,文号,日期"
ROW = "甲乙丙食品有限公司,甲罚〔2020〕1号,2020-01-02"


def rows_of(path: Path) -> list[tuple[int, list[str]]]:
    [sheet] = open_source(str(path))
    return list(sheet.rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_files_are_read_in_every_encoding_that_departments_use(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADER}\r\n䶮𠮷{ROW}\r\n", encoding=encoding, newline="")
    assert rows_of(path) == [
        (1, ["单位名称", "文号", "日期"]),
        (2, ["䶮𠮷甲乙丙食品有限公司", "甲罚〔2020〕1号", "2020-01-02"]),
    ]


@pytest.mark.parametrize("sign", [",", "\t", ";", "|"])
def test_the_separator_is_found(tmp_path: Path, sign: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{HEADER}\n{ROW}\n".replace(",", sign), encoding="utf-8")
    assert [len(cells) for _, cells in rows_of(path)] == [3, 3]


def test_a_quoted_cell_with_line_breaks_is_one_row_as_in_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('甲,乙\r\n"一_x000D_\n二\n三",四\r\n\r\n五,六\r\n', encoding="utf-8", newline="")
    assert rows_of(path) == [(1, ["甲", "乙"]), (2, ["一\n二\n三", "四"]), (3, []), (4, ["五", "六"])]


def test_a_gb18030_file_is_decoded_whole_even_where_a_character_crosses_a_block(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    text = "a" + "食品有限公司" * 200_000
    path.write_text(f'甲,乙\n"{text[:900_000]}",丙\n', encoding="gb18030")
    assert rows_of(path)[1][1] == [text[:900_000], "丙"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"\x00\x01\x02\xff\xff", "编码"),
        ("a.csv", b"\xff\xff\xff,\xff", "编码"),
        ("a.csv", '甲,乙\n"'.encode() + b"a" * 1_200_000, "引号"),
        ("a.csv", "甲,乙\n".encode("gb18030") * 200_000 + b"\xff\xff\n", "行附近有无法解码"),
        ("a.jsonl", '{"a": "甲"}\n'.encode("gb18030") * 200_000 + b"\xff\xff\n", "无法解码"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        ("a.xlsx", b"PK\x03\x04broken", "电子表格"),
        ("a.json", b"{", "JSON"),
        ("a.json", b'{"a": 1}', "数组"),
        ("a.json", b"[[1, 2, 3], [4, 5, 6]]", "数组"),
        ("a.json", b'[["a", "b", "c"], [1, 2]]', "数组"),
        ("a.jsonl", b'{"a": 1}\nnothing\n', "第 2 行"),
        ("a.pdf", b"%PDF", "文件类型"),
    ],
)
def test_an_unreadable_file_is_refused_in_one_chinese_sentence(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SheetError, match=words):
        rows_of(path)


def test_a_missing_file_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="找不到文件"):
        open_source(str(tmp_path / "none.csv"))


def make_workbook(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("甲")
        sheet.write_row(2, 0, ["名称", "代码", "日期", "金额", "旧号"])
        sheet.write_row(3, 0, ["甲乙_x000D_\n丙", 912204020000000000, "", 12.5, 220402000000012])
        sheet.write_datetime(3, 2, datetime(2020, 1, 2), day)
        book.add_worksheet("空")
        book.add_worksheet("选项").hide()


def test_workbooks_give_clean_text_with_the_row_numbers_of_the_spreadsheet(tmp_path: Path) -> None:
    make_workbook(tmp_path / "a.xlsx")
    sheets = {sheet.name: list(sheet.rows) for sheet in open_source(str(tmp_path / "a.xlsx"))}
    assert list(sheets) == ["甲", "空"]
    assert sheets["甲"][2] == (3, ["名称", "代码", "日期", "金额", "旧号"])
    assert sheets["甲"][3][1][1:] == ["9.12204E+17", "2020-01-02", "12.5", "220402000000012"]
    assert sheets["空"] == []


def test_a_workbook_is_known_by_its_content_not_by_its_name(tmp_path: Path) -> None:
    make_workbook(tmp_path / "a.csv")
    assert [sheet.name for sheet in open_source(str(tmp_path / "a.csv"))] == ["甲", "空"]


def test_hidden_sheets_are_left_out_and_named(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        hidden, shown, last = (book.add_worksheet(name) for name in ("选项", "甲", "乙"))
        hidden.write_row(0, 0, ["某某局"])
        shown.activate()
        shown.set_first_sheet()
        hidden.hide()
        last.very_hidden()
    [sheet] = open_source(str(tmp_path / "a.xlsx"))
    assert (sheet.name, sheet.left_out) == (
        "甲",
        ("隐藏的工作表“选项”没有读", "隐藏的工作表“乙”没有读"),
    )


def test_hidden_rows_are_read_and_counted(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        for name, hidden in (("甲&乙", ()), ("丙", (1, 3)), ("底稿", (0,))):
            sheet = book.add_worksheet(name)
            sheet.write_column(0, 0, ["名称", "一", "二", "三"])
            for row in hidden:
                sheet.set_row(row, None, None, {"hidden": True})
        sheet.hide()
    first, second = open_source(str(tmp_path / "a.xlsx"))
    assert first.left_out == ("隐藏的工作表“底稿”没有读",)
    assert second.left_out == ("工作表“丙”有 2 行是隐藏的（或被筛选掉的），也已读入；不该公示的请删除后再交",)
    assert len(list(second.rows)) == 4


def test_a_merged_value_stands_in_every_row_that_says_something() -> None:
    rows = [(1, ["头", ""]), (2, ["甲", "一"]), (4, ["", "二"]), (5, ["", " "]), (6, ["", "三"]), (7, ["乙"])]
    filled = fill_merged(rows, [Merge(1, 3, 1), Merge(2, 5, 0), Merge(6, 7, 0)], 1)
    assert [cells[0] for _, cells in filled] == ["头", "甲", "甲", "", "", "乙"]


def test_high_merged_cells_take_no_memory_for_the_rows_they_cover() -> None:
    merged = [Merge(1, 2_000, column) for column in range(5_000)]
    tracemalloc.start()
    filled = list(fill_merged([(1, ["甲"] * 5_000), (2, ["", "乙"])], merged, 0))
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()
    assert filled[1] == (2, ["甲", "乙"])


def test_a_workbook_with_a_password_is_refused_with_its_reason(tmp_path: Path) -> None:
    name = "EncryptedPackage".encode("utf-16-le")
    (tmp_path / "a.xlsx").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 1_000 + name + b"\0" * 500)
    with pytest.raises(SheetError, match="文件有密码保护，请去掉密码后再交"):
        rows_of(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 1_500)
    with pytest.raises(SheetError, match="不是完好的电子表格"):
        rows_of(tmp_path / "b.xlsx")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (80 << 20))
    with pytest.raises(SheetError, match="超出上限"):
        next(open_source(str(path)))


def test_a_sheet_too_large_for_memory_is_refused_with_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexers.readers.workbooks.MOST_ROWS", 1)
    make_workbook(tmp_path / "a.xlsx")
    assert next(open_source(str(tmp_path / "a.xlsx"))).refused.endswith("请另存为 CSV 再导入")


RECORDS = [
    {"iname": "甲乙丙食品有限公司", "age": 0},
    {"iname": "丁", "kinds": ["一", "二"], "more": {"a": 1}},
]
JSON_ROWS = [["甲乙丙食品有限公司", "0", "", ""], ["丁", "", "一；二", "1"]]


LABELS = ["单位名称", "文号", "日期"]
GRID = [["甲乙丙食品有限公司", "甲罚〔2020〕1号", "2020-01-02"], ["丁", "", None]]
GRID_ROWS = [["甲乙丙食品有限公司", "甲罚〔2020〕1号", "2020-01-02"], ["丁", "", ""]]


@pytest.mark.parametrize(
    "content",
    [
        [LABELS, *GRID],
        {"fields": [{"id": label, "type": "text"} for label in LABELS], "records": GRID},
        {"code": 0, "data": {"columns": LABELS, "rows": GRID, "types": [{"值": 1}]}},
        {"columns": [{"name": "f", "title": label} for label in LABELS], "rows": GRID},
        [dict(zip(LABELS, row, strict=True)) for row in GRID],
    ],
)
def test_json_rows_may_be_arrays_if_their_labels_are_told(tmp_path: Path, content: object) -> None:
    (tmp_path / "a.json").write_text(json.dumps(content), "utf-8")
    [sheet] = open_source(str(tmp_path / "a.json"))
    assert sheet.header == tuple(LABELS)
    assert [cells for _, cells in sheet.rows] == GRID_ROWS


def test_beside_a_grid_other_tables_are_read_too(tmp_path: Path) -> None:
    more = [dict(zip(LABELS, row, strict=True)) for row in GRID]
    (tmp_path / "a.json").write_text(json.dumps({"columns": LABELS, "rows": GRID, "more": more}), "utf-8")
    sheets = [(sheet.name, len(list(sheet.rows))) for sheet in open_source(str(tmp_path / "a.json"))]
    assert sheets == [("rows", 2), ("more", 2)]


@pytest.mark.parametrize("count", [1, 2])
def test_objects_in_no_array_are_rows(tmp_path: Path, count: int) -> None:
    records = {f"r{place}": dict(zip(LABELS, row, strict=True)) for place, row in enumerate(GRID[:count])}
    if count > 1:
        del records["r1"]["日期"]
    (tmp_path / "a.json").write_text(json.dumps({"code": 0, "msg": "", "data": records}), "utf-8")
    [sheet] = open_source(str(tmp_path / "a.json"))
    assert [cells for _, cells in sheet.rows] == GRID_ROWS[:count]


@pytest.mark.parametrize(
    ("name", "text", "numbers"),
    [
        ("a.jsonl", "\n".join(json.dumps(r) for r in RECORDS), [1, 2]),
        ("a.json", "\n\n".join(json.dumps(r) for r in RECORDS), [1, 3]),
        ("a.json", json.dumps(RECORDS), [1, 2]),
        ("a.json", json.dumps({"code": 0, "data": {"total": 2, "rows": RECORDS}}), [1, 2]),
    ],
)
def test_json_in_every_wrapping_has_its_keys_for_a_header(
    tmp_path: Path, name: str, text: str, numbers: list[int]
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    [sheet] = open_source(str(path))
    assert sheet.header == ("iname", "age", "kinds", "more.a")
    assert list(sheet.rows) == list(zip(numbers, JSON_ROWS, strict=True))


def test_what_is_inside_an_object_has_columns_of_its_own(tmp_path: Path) -> None:
    records = [
        {"名称": "甲", "法定代表人": None, "处罚": [], "标签": []},
        {"名称": "乙", "法定代表人": {"姓名": "丙某", "证件": {"类型": "护照"}}, "标签": ["一", None, "二"]},
        {"名称": "丁", "处罚": [{"文号": "1号"}, {"文号": "2号"}]},
    ]
    (tmp_path / "a.json").write_text(json.dumps(records), encoding="utf-8")
    [sheet] = open_source(str(tmp_path / "a.json"))
    assert sheet.header == ("名称", "标签", "法定代表人.姓名", "法定代表人.证件.类型", "处罚.文号")
    assert [cells for _, cells in sheet.rows] == [
        ["甲", "", "", "", ""],
        ["乙", "一；二", "丙某", "护照", ""],
        ["丁", "", "", "", "1号\x1e2号"],
    ]


def test_what_is_nested_without_end_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"名称": "甲", "附件": ' + "[" * 900 + "1" + "]" * 900 + "}\n", "utf-8"
    )
    [sheet] = open_source(str(tmp_path / "a.jsonl"))
    assert list(sheet.rows) == [(1, ["甲", ""])]


def make_database(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (单位名称 TEXT, 金额 REAL)")
        connection.execute("INSERT INTO t VALUES ('甲乙丙食品有限公司', 5000.0), (NULL, 0.5)")
    connection.close()
    return f"sqlite:///{path}"


@pytest.mark.parametrize("is_inside", [True, False])
def test_a_query_is_read_like_a_sheet(tmp_path: Path, is_inside: bool) -> None:
    address = make_database(tmp_path / "a.db")
    query = "SELECT * FROM t"
    sheets = open_source(f"{address}?query={query}") if is_inside else open_source(address, query=query)
    sheet = next(sheets)
    assert sheet.header == ("单位名称", "金额")
    assert list(sheet.rows) == [(1, ["甲乙丙食品有限公司", "5000"]), (2, ["", "0.5"])]


def test_an_address_without_a_query_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--query"):
        open_source(make_database(tmp_path / "a.db"))


def test_a_query_to_a_file_is_a_wrong_call(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("文号,金额\n甲,1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="--query 只用于数据库地址"):
        open_source(str(tmp_path / "a.csv"), query="SELECT 1")


def test_a_port_that_is_no_number_is_a_wrong_call() -> None:
    with pytest.raises(UsageError, match="数据库地址写法不对"):
        open_source("postgresql://user@host:five/db", query="SELECT 1")


def test_what_the_database_refuses_is_told_without_a_password(tmp_path: Path) -> None:
    sheets = open_source(make_database(tmp_path / "a.db"), query="SELECT * FROM none")
    with pytest.raises(SheetError, match="查询失败"):
        next(sheets)


@pytest.mark.parametrize(
    "query", ["DROP TABLE t", "DELETE FROM t", "UPDATE t SET 金额 = 0 RETURNING *", "CREATE TABLE u (a)"]
)
def test_a_query_changes_nothing_in_the_database(query: str, tmp_path: Path) -> None:
    address = make_database(tmp_path / "a.db")
    with pytest.raises(SheetError, match="查询失败"):
        next(open_source(address, query=query))
    sheets = open_source(address, query="SELECT name, (SELECT sum(金额) FROM t) FROM sqlite_master")
    assert list(next(sheets).rows) == [(1, ["t", "5000.5"])]


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"找不到文件：sqlite:///.*/none\.db"):
        next(open_source(f"sqlite:///{tmp_path / 'none.db'}", query="SELECT 1"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "是"),
        (3.0, "3"),
        (0.1, "0.1"),
        (10**15 - 1, "999999999999999"),
        (4.20106199001011e17, "4.20106E+17"),
        (float("nan"), ""),
        (datetime(2020, 1, 2, 3), "2020-01-02 03:00:00"),
    ],
)
def test_cells_become_clean_text(value: object, text: str) -> None:
    assert clean_cell(value) == text


def test_a_csv_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEADER + "\n" + (ROW + "\n") * 10, encoding="utf-8")
    [sheet] = open_source(str(path))
    assert isinstance(sheet, Sheet)
    assert next(sheet.rows)[0] == 1
    assert next(sheet.rows)[0] == 2


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_formula_that_only_keeps_a_code_as_text_is_the_code(tmp_path: Path, delimiter: str) -> None:
    lines = [
        ["名称", "代码", "说明"],
        ["甲", '="0437"', '"他说=""是"""'],
        ['="乙"', '"=""0438"""', "x"],
        ["丙", "=1+2", '"=""0439"""'],
    ]
    path = tmp_path / "a.csv"
    path.write_text("\r\n".join(delimiter.join(cells) for cells in lines) + "\r\n", "utf-8", newline="")
    [sheet] = open_source(str(path))
    assert [cells for _, cells in sheet.rows][1:] == [
        ["甲", "0437", '他说="是"'],
        ["乙", "0438", "x"],
        ["丙", "=1+2", "0439"],
    ]
