"""Tables of web pages, and of the workbooks that office systems write as pages."""

import tracemalloc
from pathlib import Path

import pytest

from indexers.errors import SheetError
from indexers.readers import Sheet, open_source
from indexers.readers.cells import Merge

PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset=gb2312>
<style>td {{mso-number-format:"\\@"}}</style></head><body>{}</body></html>"""
TABLE = """<table border=1>
<tr><th colspan=3>行政处罚&nbsp;公示表<tr><th>单位名称<th>处罚
决定书文号<th>日期</th></tr>
<tr><td rowspan=2>甲乙丙食品有限公司</td><td x:str>甲罚〔2020〕1号<br>甲罚〔2020〕2号</td><td>2020-01-02</td></tr>
<tr><td>A&amp;B <b>丁</b></td><td><script>var a = 1;</script></td></tr></table>"""
ROWS = [
    ["行政处罚 公示表", "", ""],
    ["单位名称", "处罚 决定书文号", "日期"],
    ["甲乙丙食品有限公司", "甲罚〔2020〕1号\n甲罚〔2020〕2号", "2020-01-02"],
    ["", "A&B 丁", ""],
]


def sheets_of(path: Path, text: str, encoding: str = "utf-8") -> list[tuple[Sheet, list[list[str]]]]:
    path.write_bytes(text.encode(encoding))
    return [(sheet, [cells for _, cells in sheet.rows]) for sheet in open_source(str(path))]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["a.xls", "a.html"])
def test_a_page_is_read_as_the_table_in_it(tmp_path: Path, name: str, encoding: str) -> None:
    [(sheet, rows)] = sheets_of(tmp_path / name, PAGE.format(TABLE), encoding)
    assert rows == ROWS
    assert sheet.merged == (Merge(3, 4, 0),)
    assert not sheet.name


def test_tables_that_lay_out_others_and_menus_are_no_sheets(tmp_path: Path) -> None:
    menu = "<table><tr><td>首页</td><td>公示</td></tr></table>"
    layout = f"<table><tr><td>栏目</td><td>{TABLE}{menu}{TABLE}</td></tr><tr><td>1</td></tr></table>"
    found = sheets_of(tmp_path / "a.htm", PAGE.format(layout))
    assert [(sheet.name, rows) for sheet, rows in found] == [("表1", ROWS), ("表2", ROWS)]


def test_a_page_that_ends_in_the_middle_is_read_to_its_end(tmp_path: Path) -> None:
    text = PAGE.format(TABLE)
    [(_, rows)] = sheets_of(tmp_path / "a.xls", text[: text.index("<td x:str>")])
    assert rows == [*ROWS[:2], ["甲乙丙食品有限公司"]]


@pytest.mark.parametrize(
    "title",
    [
        "<h2>欠税公告 <b>（单位：万元）</b></h2><p>2026年</p><table>",
        "<table><caption>欠税公告（单位：万元）</caption>",
    ],
)
def test_a_heading_is_the_first_row_of_its_table(tmp_path: Path, title: str) -> None:
    [(_, rows)] = sheets_of(tmp_path / "a.html", PAGE.format(f"{title}<tr><td>甲<td>乙</table>"))
    assert [["".join(cell.split()) for cell in row] for row in rows] == [
        ["欠税公告（单位：万元）"],
        ["甲", "乙"],
    ]


def test_a_workbook_of_2003_in_xml_is_read(tmp_path: Path) -> None:
    text = """<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<DocumentProperties><Author>某</Author></DocumentProperties>
<Worksheet ss:Name="处罚"><Table>
<Row><Cell ss:MergeAcross="2"><Data ss:Type="String">公示表</Data></Cell></Row>
<Row ss:Index="3"><Cell ss:MergeDown="1"><Data>甲</Data></Cell><Cell ss:Index="3"><Data>丙</Data></Cell></Row>
<Row><Cell ss:Index="2"/><Cell><Data>丁</Data>
<Comment ss:Author="钟意外"><ss:Data><B>钟意外:</B>请核对</ss:Data></Comment></Cell></Row>
</Table></Worksheet>
<Worksheet ss:Name="空"><Table></Table></Worksheet></Workbook>"""
    [(sheet, rows)] = sheets_of(tmp_path / "a.xls", text)
    assert (sheet.name, sheet.merged) == ("处罚", (Merge(3, 4, 0),))
    assert rows == [["公示表", "", ""], ["甲", "", "丙"], ["", "", "丁"]]
    [sheet] = open_source(str(tmp_path / "a.xls"))
    assert [number for number, _ in sheet.rows] == [1, 3, 4]


@pytest.mark.parametrize("digits", [9, 5_000])
def test_a_span_without_end_fills_no_memory(tmp_path: Path, digits: int) -> None:
    wide = f'<td colspan="{"9" * digits}" rowspan="{"9" * digits}">甲</td>'
    text = PAGE.format(f"<table><tr>{wide}</tr><tr><td>乙</td></tr></table>")
    [(sheet, rows)] = sheets_of(tmp_path / "a.xls", text)
    assert [len(row) for row in rows] == [200, 201]
    assert sheet.merged == (Merge(1, 2_000, 0),)


def test_rows_far_below_one_another_take_no_memory(tmp_path: Path) -> None:
    row = '<Row ss:Index="{}"><Cell>甲</Cell><Cell ss:MergeDown="1">乙</Cell></Row>'
    path = tmp_path / "a.xls"
    path.write_text(f"<?xml?>{f'<Table>{row.format(9)}{row.format(190_000)}</Table>' * 40}", encoding="utf-8")
    tracemalloc.start()
    sheets = list(open_source(str(path)))
    assert tracemalloc.get_traced_memory()[1] < 20 << 20
    tracemalloc.stop()
    rows = [(9, ["甲", "乙"]), (190_000, ["甲", "乙"])]
    assert [list(sheet.rows) for sheet in sheets] == [rows] * 40
    assert sheets[0].merged == (Merge(9, 10, 1), Merge(190_000, 190_001, 1))


def test_a_span_ends_with_its_last_row_whatever_stands_between(tmp_path: Path) -> None:
    text = "<tr><td>一<td rowspan=3>甲<tr><tr><td>三<tr><td>四<td>乙"
    [(_, rows)] = sheets_of(tmp_path / "a.html", f"<table>{text}</table>")
    assert rows == [["一", "甲"], [], ["三", ""], ["四", "乙"]]


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><td colspan=100>甲</td></tr>" * 9,
        "<tr><td colspan=200 rowspan=2000>甲</td></tr><tr><tr><tr><tr>",
        '<tr><td ss:Index="200">甲</td></tr>' * 5,
        "<tr>" * 60,
    ],
    ids=["wide", "high", "far", "empty"],
)
def test_a_page_that_promises_more_cells_than_memory_holds_is_refused(
    tmp_path: Path, rows: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexers.readers.web_tables.MOST_CELLS", 1_000)
    assert sheets_of(tmp_path / "a.html", PAGE.format(TABLE))
    with pytest.raises(SheetError, match="网页里的表格大得放不进内存"):
        sheets_of(tmp_path / "a.html", PAGE.format(TABLE + f"<table>{rows}</table>"))


@pytest.mark.parametrize(
    "text", ["<html><p>没有登录</p></html>", "<table><tr><td>1</td></tr></table>", "<?xml?><a/>"]
)
def test_a_page_without_a_table_says_so(tmp_path: Path, text: str) -> None:
    with pytest.raises(SheetError, match="里面没有表格"):
        sheets_of(tmp_path / "a.xls", text)


HEADED = "<table><tr><th>名称<th>文号<tr><td>甲<td>一</table>"


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        # Cut in pieces by whoever published it.
        ("<table><tr><td rowspan=2>乙<td>二<tr><td>三</table>", [["甲", "一"], ["乙", "二"], ["", "三"]]),
        ("<table><tr><td>乙<td>二</table>", [["甲", "一"], ["乙", "二"]]),
        # A menu, which is no part of it.
        ("<table><tr><td>上一页<td>1<td>下一页</table>", [["甲", "一"]]),
    ],
)
def test_rows_without_heads_go_on_with_the_table_before(
    tmp_path: Path, rest: str, expected: list[list[str]]
) -> None:
    [(sheet, rows)] = sheets_of(tmp_path / "a.html", PAGE.format(HEADED + rest))
    assert rows == [["名称", "文号"], *expected]
    assert sheet.merged == ((Merge(3, 4, 0),) if "rowspan" in rest else ())


def test_a_row_alone_that_may_belong_to_a_table_is_not_lost(tmp_path: Path) -> None:
    plain = HEADED.replace("<th>", "<td>")
    found = sheets_of(tmp_path / "a.html", PAGE.format(plain + "<table><tr><td>乙<td>二</table>"))
    assert [rows for _, rows in found] == [[["名称", "文号"], ["甲", "一"]], [["乙", "二"]]]
