"""Sheets with their labels down the side, as regulators publish one decision each."""

from __future__ import annotations

import csv
import tomllib
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from deliveries import read_sheets

from indexers.catalog import load_catalog
from indexers.drafting import draft_mapping
from indexers.forms import read_form
from indexers.label_words import LabelWords, label_reader
from indexers.mapping_files import load_mapping

CATALOG = load_catalog()
MEANING = label_reader(CATALOG, LabelWords(CATALOG))
TODAY = date(2026, 11, 22)
Lines = list[list[str]]


def decision(number: int, party: str = "鹿乡一号银行股份有限公司", person: str = "") -> Lines:
    """The form of the financial regulators: labels merged over three columns, a value in the fourth."""
    return [
        ["行政处罚信息公开表", "", "", ""],
        ["行政处罚决定书文号", "", "", f"某金罚决字〔2026〕{number}号"],
        ["被处罚当事人姓名或名称", "个人姓名", "", person],
        ["", "单位", "名称", party],
        ["", "", "法定代表人（主要负责人）姓名", "赵某" if party else ""],
        ["主要违法违规事实（案由）", "", "", "贷款管理严重违反审慎经营规则"],
        ["行政处罚依据", "", "", "《银行业监督管理法》第四十六条"],
        ["行政处罚决定", "", "", "罚款45万元"],
        ["作出处罚决定的机关名称", "", "", "某某监管分局"],
        ["作出处罚决定的日期", "", "", "2026年5月20日"],
    ]


def numbered(lines: Lines, first: int = 1) -> list[tuple[int, list[str]]]:
    return list(enumerate(lines, start=first))


def test_two_labels_with_their_values_in_a_line_are_each_read() -> None:
    lines = [
        ["行政处罚决定书文号", "某罚〔2026〕1号", "处罚类别", "罚款"],
        ["行政相对人名称", "鹿乡一号食品有限公司", "统一社会信用代码", "91220402DM0079198Q"],
        ["违法事实", "销售侵权商品", "", ""],
        ["处罚决定日期", "2026年5月20日", "公示截止期", "2027年5月19日"],
        ["处罚机关", "某某局"],
    ]
    form = read_form(numbered(lines), MEANING)
    assert form is not None
    [(_, cells)] = form.rows
    assert dict(zip(form.labels, cells, strict=True)) == {
        "行政处罚决定书文号": "某罚〔2026〕1号",
        "处罚类别": "罚款",
        "行政相对人名称": "鹿乡一号食品有限公司",
        "统一社会信用代码": "91220402DM0079198Q",
        "违法事实": "销售侵权商品",
        "处罚决定日期": "2026年5月20日",
        "公示截止期": "2027年5月19日",
        "处罚机关": "某某局",
    }


def test_rows_of_a_table_whose_values_look_like_labels_are_not_taken_apart() -> None:
    rows = [["施工单位", "处罚决定书文号", "建设单位", "处罚决定日期"]]
    rows += [[f"鹿乡{n}号公司", f"某罚〔2026〕{n}号", f"鹿乡{n}号企业", "2026-05-20"] for n in range(6)]
    assert read_form(numbered(rows), MEANING) is None


def test_a_form_is_a_table_of_one_row_with_its_innermost_labels() -> None:
    form = read_form(numbered(decision(7)), MEANING)
    assert form is not None
    [(number, cells)] = form.rows
    assert number == 2
    assert dict(zip(form.labels, cells, strict=True)) == {
        "行政处罚决定书文号": "某金罚决字〔2026〕7号",
        "个人姓名": "",
        "单位名称": "鹿乡一号银行股份有限公司",
        "法定代表人（主要负责人）姓名": "赵某",
        "主要违法违规事实（案由）": "贷款管理严重违反审慎经营规则",
        "行政处罚依据": "《银行业监督管理法》第四十六条",
        "行政处罚决定": "罚款45万元",
        "作出处罚决定的机关名称": "某某监管分局",
        "作出处罚决定的日期": "2026年5月20日",
    }


def test_forms_below_each_other_and_columns_beside_each_other_are_a_row_each() -> None:
    below = read_form(numbered([*decision(1), [""] * 4, *decision(2)]), MEANING)
    assert below is not None
    assert [(number, cells[0]) for number, cells in below.rows] == [
        (2, "某金罚决字〔2026〕1号"),
        (13, "某金罚决字〔2026〕2号"),
    ]
    lines = [[*one, two[3]] for one, two in zip(decision(1), decision(2), strict=True)]
    beside = read_form(numbered(lines), MEANING)
    assert beside is not None
    assert [cells[0] for _, cells in beside.rows] == ["某金罚决字〔2026〕1号", "某金罚决字〔2026〕2号"]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        decision(1)[:4],
        [
            ["单位名称", "文号", "处罚依据", "处罚决定", "处罚机关"],
            *[["鹿乡食品有限公司", "1号", "法", "罚款", "局"]] * 9,
        ],
        [["名单"], *[[f"鹿乡{n}号食品有限公司", "2026-01-02"] for n in range(20)]],
        [*decision(1), *[["", "", "", "x"]] * 60],
    ],
)
def test_tables_and_scraps_are_no_forms(lines: Lines) -> None:
    assert read_form(numbered(lines), MEANING) is None


def test_a_file_of_forms_is_drafted_and_read_sheet_by_sheet(tmp_path: Path) -> None:
    path = tmp_path / "处罚公开表.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for number, sheet in enumerate((decision(1), decision(2, party="", person="王小明")), start=1):
            page = book.add_worksheet(str(number))
            for row, cells in enumerate(sheet):
                page.write_row(row, 0, cells)
    text = draft_mapping(path, CATALOG)
    assert tomllib.loads(text)["constants"] == {}
    (tmp_path / "a.toml").write_text(text, "utf-8")
    mapping = load_mapping(tmp_path / "a.toml", CATALOG)
    found = [
        (reading.sheet, outcome.row, [draft.one("party") for draft in outcome.drafts], len(outcome.persons))
        for reading, outcomes in read_sheets(path, CATALOG, today=TODAY, mapping=mapping)
        for outcome in outcomes
    ]
    assert found == [("1", 2, ["鹿乡一号银行股份有限公司"], 0), ("2", 2, [], 1)]


def test_a_form_with_the_labels_of_an_official_template_needs_no_mapping(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [
        ["行政相对人名称", "鹿乡一号食品有限公司"],
        ["行政处罚决定书文号", "某罚〔2026〕1号"],
        ["违法行为类型", "经营超过保质期的食品"],
        ["违法事实", "经营超过保质期的食品"],
        ["处罚机关", "某某市市场监督管理局"],
        ["处罚决定日期", "2026-05-06"],
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    [(reading, outcomes)] = read_sheets(path, CATALOG, today=TODAY)
    assert reading.kind == "administrative_penalty"
    [outcome] = outcomes
    assert "某罚〔2026〕1号" in str(outcome.drafts or outcome.problems)


MERGED_OFFICE = ["某罚〔2026〕{}号", "鹿乡{}号食品有限公司", "违法经营", "某某局", "2026-05-06"]


def test_a_cell_merged_over_rows_stands_for_each_of_them_and_a_remark_for_none(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        for place, label in enumerate(["文号", "单位名称", "案由", "处罚机关", "处罚决定日期"]):
            page.merge_range(0, 1 + place, 1, 1 + place, label)  # the table begins in column B
        for row in range(2, 5):
            page.write_row(row, 1, [cell.format(row) for cell in MERGED_OFFICE[:3]])
        page.merge_range(2, 4, 4, 4, "某某局")
        page.merge_range(2, 5, 3, 5, "2026-05-06")
        page.write(4, 5, "2026-05-07")
        page.merge_range(5, 1, 8, 1, "本表由法规科填报")
    text = draft_mapping(path, CATALOG, {"kind": "administrative_penalty"})
    (tmp_path / "a.toml").write_text(text, "utf-8")
    mapping = load_mapping(tmp_path / "a.toml", CATALOG)
    [(_, outcomes)] = read_sheets(path, CATALOG, today=TODAY, mapping=mapping)
    found = [(o.row, [(d.one("authority"), d.one("decided_on")) for d in o.drafts]) for o in outcomes]
    assert found == [
        (3, [("某某局", "2026-05-06")]),
        (4, [("某某局", "2026-05-06")]),
        (5, [("某某局", "2026-05-07")]),
        (6, []),
    ]


def test_lines_that_are_numbered_in_front_of_their_labels_are_a_form() -> None:
    lines = [line for line in decision(7)[1:] if line[0]]
    counted = [[str(place), line[0], line[-1]] for place, line in enumerate(lines, start=1)]
    form = read_form(numbered([["信息公示"], ["序号", "项目", "内容"], *counted]), MEANING)
    assert form is not None
    [(_, cells)] = form.rows
    told = dict(zip(form.labels, cells, strict=True))
    assert told["行政处罚决定书文号"] == "某金罚决字〔2026〕7号"
    assert told["作出处罚决定的日期"] == "2026年5月20日"


def test_a_table_of_numbered_records_is_no_form() -> None:
    header = ["序号", "处罚种类", "被处罚单位", "处罚日期"]
    rows = [[str(n), kind, f"鹿乡{n}号公司", "2026-01-08"] for n, kind in enumerate(["警告", "罚款"] * 3, 1)]
    assert read_form(numbered([header, *rows]), MEANING) is None
    skipped = [
        ["1", "案由", "某事"],
        ["3", "文号", "某号"],
        ["7", "当事人", "某人"],
        ["9", "处罚机关", "某局"],
    ]
    assert read_form(numbered(skipped), MEANING) is None
