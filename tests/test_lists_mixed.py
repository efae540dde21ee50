"""Sheets whose rows are entries of several lists, some with kinds of their own."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from deliveries import read_sheets

from indexers.catalog import load_catalog
from indexers.list_names import ListNames
from indexers.records import RowOutcome
from samples.codes import uscc_of

CATALOG = load_catalog()
NAMES = ListNames(CATALOG)
TODAY = date(2026, 11, 22)
PORTAL = [
    "企业名称", "统一社会信用代码", "注册地址", "数据来源", "数据类别",
    "案号", "执行单位", "执行依据文号", "发布时间", "立案时间",
]  # fmt: skip
CITY = ["企业名称", "统一社会信用代码", "名单类型", "列入原因", "认定部门", "认定文号", "列入日期"]


def outcomes(path: Path, header: list[str], rows: list[list[str]]) -> list[RowOutcome]:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    [(reading, found)] = read_sheets(path, CATALOG, today=TODAY)
    assert reading.refused == ()
    return list(found)


def city(listed: str, reason: str = "有违法行为", number: str = "某决〔2026〕1号") -> list[str]:
    return [
        "鹿乡一号食品有限公司",
        uscc_of("91", "220402", 1),
        listed,
        reason,
        "某某市某某局",
        number,
        "2026-03-01",
    ]


@pytest.mark.parametrize(
    ("listed", "key", "kind", "about"),
    [
        ("失信被执行人", "court_defaulters", "court_defaulter", "behaviour"),
        ("重大税收违法案件当事人", "major_tax_violations", "tax_violation", "case_nature"),
        ("拖欠农民工工资", "wage_arrears", "wage_arrears", "listing_reason"),
        ("安全生产严重失信主体", "safety_dishonesty", "adverse_entry", "listing_reason"),
        ("政府采购严重违法失信名单", "procurement_misconduct", "procurement_misconduct", "facts"),
    ],
)
def test_a_row_is_read_by_the_kind_of_its_list(
    tmp_path: Path, listed: str, key: str, kind: str, about: str
) -> None:
    [outcome] = outcomes(tmp_path / "a.csv", CITY, [city(listed)])
    [draft] = outcome.drafts
    assert (draft.kind, draft.list, draft.one(about)) == (kind, key, "有违法行为")


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (city("失信被执行人", number=""), "认定文号", "案号、执行依据文号至少要有一项；请补填"),
        (city("A级纳税人"), "名单类型", "“A级纳税人”不能放在严重失信主体名单的表里；请用“诚实守信名单”的表"),
    ],
)
def test_what_the_columns_do_not_give_refuses_the_row_with_its_reason(
    tmp_path: Path, row: list[str], column: str, message: str
) -> None:
    _, outcome = outcomes(tmp_path / "a.csv", CITY, [city("安全生产黑名单"), row])
    assert [(problem.column, problem.message) for problem in outcome.problems] == [(column, message)]
    assert outcome.drafts == ()


def test_a_word_that_is_no_list_refuses_its_row_and_names_the_lists_near_it(tmp_path: Path) -> None:
    _, outcome = outcomes(tmp_path / "a.csv", CITY, [city("安全生产黑名单"), city("失信被执行者名录")])
    [problem] = outcome.problems
    assert problem.message.startswith("没有这个名单；最接近的：失信被执行人名单")
    assert problem.message.endswith("；全部见 credit-search lists")
    assert "A级纳税人" not in problem.message


def test_the_black_list_of_a_portal_holds_court_defaulters_unless_it_says_otherwise(tmp_path: Path) -> None:
    code = uscc_of("91", "220402", 1)
    rows = [
        [
            "鹿乡一号食品有限公司",
            code,
            "某路1号",
            "",
            listed,
            number,
            "某某单位",
            "",
            "2026-03-01",
            "2026-01-02",
        ]
        for listed, number in (
            ("", "(2026)吉0499执1号"),
            ("法院失信被执行人", "(2026)吉0499执2号"),
            ("安监黑名单", "x"),
        )
    ]
    rows[2][4] = "安全生产黑名单"
    found = outcomes(tmp_path / "a.csv", PORTAL, rows)
    assert [[draft.list for draft in outcome.drafts] for outcome in found] == [
        ["court_defaulters"],
        ["court_defaulters"],
        ["safety_dishonesty"],
    ]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("失信被执行人名单", "court_defaulters"),
        ("自然人失信被执行人", "court_defaulters"),
        ("2023年度A级纳税人", "tax_grade_a"),
        ("拖欠农民工工资", "wage_arrears"),
        ("严重违法失信企业名单", "serious_violation_enterprises"),
        ("政府采购严重违法失信行为记录", "procurement_misconduct"),
        ("名单", ""),
        ("严重失信主体名单", ""),
        ("罚款", ""),
        ("", ""),
    ],
)
def test_a_list_is_known_by_its_names_and_by_the_only_one_that_a_cell_can_mean(text: str, key: str) -> None:
    assert NAMES.find(text) == key


def test_a_title_names_the_longest_list_that_stands_in_it() -> None:
    assert NAMES.named_in("某某市2023年度A级纳税人名单公示") == ["tax_grade_a"]
    assert NAMES.named_in("政府采购严重违法失信行为记录名单 2026") == ["procurement_misconduct"]
    assert NAMES.named_in("行政处罚信息公开表") == []


@pytest.mark.parametrize(
    ("title", "header"),
    [
        ("", "企业名称,统一社会信用代码,认定日期,认定单位"),
        ("诚信示范企业", "企业名称,统一社会信用代码,认定日期,认定单位"),
        ("", "企业名称,统一社会信用代码,列入日期,列入原因,列入机关"),
        ("环保失信企业名单", "企业名称,统一社会信用代码,法定代表人,列入日期,列入原因,列入机关"),
        ("建筑市场黑名单", "企业名称,统一社会信用代码,处罚依据,处罚结果,记录日期,处罚机关"),
    ],
)
def test_labels_that_any_list_may_have_put_nobody_on_the_list_of_another(
    tmp_path: Path, title: str, header: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{title}\n{header}\n甲,乙\n", "utf-8")
    [(reading, found)] = read_sheets(path, CATALOG, today=TODAY)
    assert [outcome.drafts for outcome in found] == [()]
    assert [told.message.partition("：")[0] for told in reading.refused] == ["看不出是哪个名单"]


COURT = "被执行人名称,案号,执行法院,立案时间,发布时间"


@pytest.mark.parametrize("title", ["被执行人信息", "终结本次执行案件", ""])
def test_whom_a_court_compels_to_pay_is_no_court_defaulter_by_that(tmp_path: Path, title: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f"{title}\n{COURT}\n甲公司,(2026)吉0499执1号,某某区人民法院,2026-01-02,2026-01-05\n", "utf-8"
    )
    [(reading, found)] = read_sheets(path, CATALOG, today=TODAY)
    assert [outcome.drafts for outcome in found] == [()]
    [told] = reading.refused
    assert told.message.startswith("看不出是不是这个名单：列名像“失信被执行人”")
    assert "--kind" in told.message
    [(reading, found)] = read_sheets(path, CATALOG, today=TODAY, kind="court_defaulters")
    assert [draft.list for outcome in found for draft in outcome.drafts] == ["court_defaulters"]


@pytest.mark.parametrize(
    ("title", "header"), [("失信被执行人", COURT), ("老赖名单", COURT), ("", f"{COURT},失信行为具体情形")]
)
def test_court_defaulters_are_told_by_their_words(tmp_path: Path, title: str, header: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{title}\n{header}\n", "utf-8")
    [(reading, _)] = read_sheets(path, CATALOG, today=TODAY)
    assert (reading.template, reading.refused) == ("court_defaulter", ())


@pytest.mark.parametrize(
    ("title", "header", "template"),
    [
        ("拖欠农民工工资黑名单", "企业名称,列入日期,列入原因,列入机关", "wage_arrears"),
        ("", "对象名称,列入时间,列入事由,发布机关", "wage_arrears"),
        ("", "纳税人名称,纳税人识别号,评价年度,评价单位,评定时间", "tax_grade_a"),
    ],
)
def test_a_list_is_told_by_its_title_or_by_labels_of_its_own(
    tmp_path: Path, title: str, header: str, template: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{title}\n{header}\n", "utf-8")
    [(reading, _)] = read_sheets(path, CATALOG, today=TODAY)
    assert (reading.template, reading.refused) == (template, ())
