"""Two tables in one sheet: no row of the second is read by the header of the first, and none is lost in silence."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from deliveries import AUTHORITY, CATALOG, NAME, TODAY, code, read_sheets

LICENCES = [
    ["行政相对人名称", "行政许可决定文书号", "许可内容", "许可决定日期", "许可机关"],
    [NAME, "某许〔2026〕1号", "食品销售", "2026-03-01", AUTHORITY],
]
PENALTIES = [
    ["行政相对人名称", "行政处罚决定书文号", "违法事实", "处罚内容", "处罚决定日期", "处罚机关"],
    [NAME, "某罚〔2026〕1号", "过期食品", "罚款500元", "2026-03-02", AUTHORITY],
]
HONOURS = ["企业名称", "统一社会信用代码", "认定日期", "认定单位"]
HONOURED = [NAME, code(1), "2026-01-05", AUTHORITY]
Rows = Sequence[Sequence[str]]


def told(tmp_path: Path, rows: Rows, kind: str | None = None) -> tuple[list[str], int]:
    """What is said of the whole sheet, and how many records come of it."""
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    [(reading, outcomes)] = read_sheets(path, CATALOG, today=TODAY, kind=kind)
    made = list(outcomes)
    assert all(outcome.problems for outcome in made) or not reading.refused
    return [problem.message for problem in reading.refused], sum(len(outcome.drafts) for outcome in made)


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([["一、行政许可"], *LICENCES, [], ["二、行政处罚"], *PENALTIES], "第 2 行和第 6 行各有一个表头"),
        ([*PENALTIES, *PENALTIES[1:], *LICENCES], "第 4 行又有一个不同的表头"),
    ],
)
def test_two_tables_of_different_headers_are_refused_whole(tmp_path: Path, rows: Rows, place: str) -> None:
    [message], drafts = told(tmp_path, rows)
    assert message == f"{place}；一张工作表只能有一张表，请把它们分到几张工作表里；整张表没有导入"
    assert drafts == 0


@pytest.mark.parametrize("again", [[], [HONOURS]])
@pytest.mark.parametrize("title", ["二、失信黑名单", "二、A级纳税人名单", "二、移出名单"])
def test_entries_below_the_title_of_another_list_are_not_read_by_the_first(
    tmp_path: Path, title: str, again: Rows
) -> None:
    rows = [["一、荣誉称号名单"], HONOURS, HONOURED, [title], *again, HONOURED]
    [message], drafts = told(tmp_path, rows, "honour_titles")
    assert message.startswith(f"第 4 行“{title}”以下是另一张表；")
    assert drafts == 0


@pytest.mark.parametrize(
    "between",
    [
        [["一、诚信企业名单"], HONOURS],
        [HONOURS],
        [["二、诚信红名单"]],
        [["第二部分"]],
        [["注：失信黑名单另行公布"]],
    ],
)
def test_headers_and_titles_of_the_same_list_go_on_with_the_table(tmp_path: Path, between: Rows) -> None:
    rows = [["一、诚信企业名单"], HONOURS, HONOURED, *between, [*HONOURED[:2], "2026-02-05", AUTHORITY]]
    assert told(tmp_path, rows, "honour_titles") == ([], 2)


FAR = 250
"""More rows than the top of a sheet on which it is tried."""


def far_down(rows: Rows, below: Rows) -> list[list[str]]:
    """A table of more rows than are tried, and what stands below it."""
    header, first = rows[-2:]
    return [*map(list, rows[:-2]), list(header), *[list(first) for _ in range(FAR)], *map(list, below)]


def parts(tmp_path: Path, rows: Rows, kind: str | None = None) -> list[tuple[list[str], int, int]]:
    """For each part of the sheet: what is said of it, how many rows are taken in, how many are refused."""
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    found = []
    for reading, outcomes in read_sheets(path, CATALOG, today=TODAY, kind=kind):
        refused = [bool(outcome.problems) for outcome in outcomes]
        found.append(([told.message for told in reading.refused], refused.count(False), refused.count(True)))
    return found


UNKNOWN = [[*PENALTIES[0], "处罚幅度"], [*PENALTIES[1], "从轻"]]
OTHER_ORDER = [[row[place] for place in (5, 0, 1, 2, 3, 4)] for row in PENALTIES]


@pytest.mark.parametrize(
    ("upper", "lower", "where"),
    [
        (LICENCES, PENALTIES, f"第 {FAR + 2} 行又有一个不同的表头"),
        (LICENCES, UNKNOWN, f"第 {FAR + 2} 行又有一个不同的表头"),
        (PENALTIES, OTHER_ORDER, f"第 {FAR + 2} 行又有一个不同的表头"),
    ],
)
def test_rows_below_another_header_far_down_are_refused_and_those_above_are_read(
    tmp_path: Path, upper: Rows, lower: Rows, where: str
) -> None:
    message = f"{where}；一张工作表只能有一张表，请把它们分到几张工作表里；从这一行起没有导入"
    assert parts(tmp_path, far_down(upper, lower)) == [([], FAR, 0), ([message], 0, 1)]


@pytest.mark.parametrize("title", ["二、失信企业黑名单", "二、A级纳税人名单", "二、移出名单"])
def test_entries_far_below_under_the_title_of_another_list_are_refused(tmp_path: Path, title: str) -> None:
    rows = far_down([["一、荣誉称号名单"], HONOURS, HONOURED], [[title], HONOURS, HONOURED])
    above, (messages, *counts) = parts(tmp_path, rows, "honour_titles")
    assert above == ([], FAR, 0)
    assert [told.partition("；")[0] for told in messages] == [f"第 {FAR + 3} 行“{title}”以下是另一张表"]
    assert counts == [0, 2]


@pytest.mark.parametrize(
    "between", [[["一、荣誉称号名单"], HONOURS], [HONOURS], [["二、诚信红名单"]], [["合计", "250"]]]
)
def test_a_table_far_down_goes_on_below_what_is_repeated_on_each_page(tmp_path: Path, between: Rows) -> None:
    rows = far_down([["一、荣誉称号名单"], HONOURS, HONOURED], [*between, HONOURED])
    [(messages, taken, _)] = parts(tmp_path, rows, "honour_titles")
    assert (messages, taken) == ([], FAR + 1)


def test_an_unknown_label_does_not_hide_a_header_near_the_top(tmp_path: Path) -> None:
    [message], drafts = told(tmp_path, [LICENCES[0], *LICENCES[1:] * 40, *UNKNOWN])
    assert message.startswith("第 42 行又有一个不同的表头；")
    assert drafts == 0
