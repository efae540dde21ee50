"""Which sheets does draft-mapping settle nothing for, though their columns are those of a grave kind?"""

import csv
import tomllib
from pathlib import Path
from typing import Any

import pytest
from deliveries import CATALOG, code
from xlsxwriter import Workbook

from indexers.drafting import draft_mapping
from indexers.errors import UsageError
from indexers.mapping_files import load_mapping

FIRM, OTHER = "鹿乡一号食品有限公司", "鹿乡二号食品有限公司"
COURT, NUMBER, DAY = "某某区人民法院", "（2026）吉0499执1号", "2026-01-08"
LABOUR = "某某市人力资源和社会保障局"

DEFAULTERS = [
    ["被执行人名称", "案号", "执行法院", "立案时间", "发布时间"],
    [FIRM, NUMBER, COURT, "2026-01-05", DAY],
]


def text_of(folder: Path, name: str, rows: list[list[str]], **answers: str) -> str:
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return draft_mapping(path, CATALOG, answers)


def draft(folder: Path, name: str, rows: list[list[str]], **answers: str) -> dict[str, Any]:
    return tomllib.loads(text_of(folder, name, rows, **answers))


def offers_of(text: str) -> list[str]:
    """The keys of the kinds that a draft asks about, in their order."""
    line = next(line for line in text.splitlines() if line.startswith("# 分不清是哪一类："))
    return [part.partition("（")[0] for part in line.removeprefix("# 分不清是哪一类：").split("、")]


@pytest.mark.parametrize("name", ["被执行人信息", "终结本次执行案件", "法院名单", "表"])
def test_who_is_only_being_executed_is_no_court_defaulter(tmp_path: Path, name: str) -> None:
    text = text_of(tmp_path, name, DEFAULTERS)
    assert offers_of(text) == ["court_defaulter", "consumption_restriction", "judgment", "adverse_entry"]
    drafted = tomllib.loads(text)
    assert (drafted["kind"], drafted["constants"]) == ("?", {})


@pytest.mark.parametrize("name", ["失信被执行人", "失信人名单", "老赖名单"])
def test_a_name_that_says_so_settles_court_defaulters(tmp_path: Path, name: str) -> None:
    drafted = draft(tmp_path, name, DEFAULTERS)
    assert (drafted["kind"], drafted["constants"]) == ("court_defaulter", {"list": "court_defaulters"})


@pytest.mark.parametrize("label", ["失信被执行人行为具体情形", "disruptTypeName", "被执行人的履行情况"])
def test_the_column_of_their_behaviour_settles_court_defaulters(tmp_path: Path, label: str) -> None:
    rows = [[*DEFAULTERS[0], label], [*DEFAULTERS[1], "违反财产报告制度"]]
    assert draft(tmp_path, "表", rows)["kind"] == "court_defaulter"


@pytest.mark.parametrize("answer", [{"kind": "court_defaulter"}, {"list": "court_defaulters"}])
def test_the_clerk_who_says_so_is_asked_no_more(tmp_path: Path, answer: dict[str, str]) -> None:
    drafted = draft(tmp_path, "被执行人信息", DEFAULTERS, **answer)
    assert (drafted["kind"], drafted["constants"]) == ("court_defaulter", {"list": "court_defaulters"})


def test_such_a_draft_is_imported_by_no_answer_but_the_kind(tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(text_of(tmp_path, "被执行人信息", DEFAULTERS), "utf-8")
    with pytest.raises(UsageError, match="kind"):
        load_mapping(mapping, CATALOG, {"list": "court_defaulters"})
    assert load_mapping(mapping, CATALOG, {"kind": "court_defaulter"}).kind == "court_defaulter"


def test_the_name_of_one_sheet_says_nothing_of_another_with_the_same_columns(tmp_path: Path) -> None:
    with Workbook(tmp_path / "表.xlsx") as book:
        for name in ("失信被执行人", "终结本次执行"):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(DEFAULTERS):
                sheet.write_row(number, 0, row)
    text = draft_mapping(tmp_path / "表.xlsx", CATALOG)
    assert offers_of(text)[0] == "court_defaulter"
    assert tomllib.loads(text)["kind"] == "?"


def test_dishonest_people_of_another_office_are_no_court_defaulters(tmp_path: Path) -> None:
    rows = [["失信人名称", *DEFAULTERS[0][1:]], DEFAULTERS[1]]
    assert draft(tmp_path, "表", rows)["kind"] == "?"


def test_a_roster_with_people_to_call_is_no_sheet_of_interviews(tmp_path: Path) -> None:
    rows = [["主体名称", "联系人", "联系电话", "备注"], [FIRM, "某乙", "0437-0000000", ""]]
    assert draft(tmp_path, "通讯录", rows)["kind"] == "?"
    assert draft(tmp_path, "约谈", rows)["kind"] == "interview"


def test_who_was_restricted_in_consumption_is_drafted_as_that(tmp_path: Path) -> None:
    rows = [
        ["被限制消费人姓名", "立案时间", "案号", "执行法院", "限制令发布日期"],
        [FIRM, "2026-01-05", NUMBER, COURT, DAY],
    ]
    drafted = draft(tmp_path, "xiaofei", rows)
    assert drafted["kind"] == "consumption_restriction"
    assert drafted["constants"] == {}


def test_those_who_overload_are_told_by_their_vehicles(tmp_path: Path) -> None:
    rows = [
        ["失信当事人", "车牌号", "失信行为情形", "统一社会信用代码", "批次"],
        [FIRM, "吉D54321", "一年内违法超限运输超过三次", code(1), "2026年第一批"],
    ]
    assert draft(tmp_path, "overload", rows)["kind"] == "overload_transport"
    no_list = [["被执行人", "车牌号", "执行法院", "案号"], [FIRM, "吉D54321", COURT, NUMBER]]
    assert draft(tmp_path, "查封车辆", no_list)["kind"] == "?"


OWED = [
    ["用人单位名称", "统一社会信用代码", "项目名称", "主要违法事实", "处理情况", "公布日期", "作出机关"],
    [FIRM, code(1), "某小区", "拖欠工资", "责令限期支付", DAY, LABOUR],
]


def test_who_was_ordered_to_pay_wages_is_on_no_list(tmp_path: Path) -> None:
    for name in ("重大劳动保障违法案件", "欠薪案件"):
        text = text_of(tmp_path, name, OWED)
        assert {"wage_arrears", "administrative_penalty"} <= set(offers_of(text))
    listed = draft(tmp_path, "拖欠农民工工资黑名单", OWED)
    assert (listed["kind"], listed["constants"]["list"]) == ("wage_arrears", "wage_arrears")


def test_who_owes_something_else_is_on_no_list_of_wages(tmp_path: Path) -> None:
    rows = [
        ["单位名称", "统一社会信用代码", "主要违法事实", "列入日期", "列入决定机关", "拖欠金额"],
        [FIRM, code(1), "拖欠中小企业账款", DAY, "某某市工业和信息化局", "50000"],
    ]
    assert draft(tmp_path, "拖欠账款失信名单", rows)["kind"] == "?"


@pytest.mark.parametrize(
    ("name", "header", "cells", "first", "beside"),
    [
        (
            "非正常户公告",
            ["纳税人识别号", "纳税人名称", "法定代表人姓名", "非正常户认定日期", "认定原因"],
            [code(1), FIRM, "某甲", DAY, "未申报"],
            "abnormal_operation",
            "adverse_entry",
        ),
        (
            "走逃失联企业公告",
            ["纳税人识别号", "纳税人名称", "法定代表人姓名", "认定日期", "主管税务机关"],
            [code(1), FIRM, "某甲", DAY, "国家税务总局某某区税务局"],
            "adverse_entry",
            "tax_violation",
        ),
        (
            "sampling",
            ["标称生产企业名称", "被抽样单位名称", "食品名称", "公告日期", "检验机构", "备注"],
            [OTHER, FIRM, "韭菜", DAY, "某检验所", ""],
            "other_administrative_act",
            "administrative_penalty",
        ),
        (
            "stat",
            ["企业名称", "统一社会信用代码", "法定代表人", "统计违法行为", "依法处理情况", "公示日期"],
            [FIRM, code(1), "某甲", "提供不真实统计资料", "警告", DAY],
            "adverse_entry",
            "administrative_penalty",
        ),
        (
            "assess",
            ["机构名称", "法定代表人", "资质证书编号", "资质级别", "证书有效截止日期", "联系人", "联系电话"],
            [FIRM, "某甲", "APJ-001", "甲级", "2028-12-31", "某乙", "0437-0000000"],
            "administrative_licence",
            "interview",
        ),
        (
            "food",
            [
                "企业名称",
                "法定代表人",
                "主要违法违规行为",
                "处罚依据",
                "处罚结果",
                "公布起止日期",
                "公布期限",
            ],
            [FIRM, "某甲", "销售过期食品", "食品安全法", "吊销许可证", "2026年1月1日至2027年12月31日", "2年"],
            "administrative_penalty",
            "adverse_entry",
        ),
    ],
)
def test_the_kind_that_the_words_tell_is_offered_first(
    tmp_path: Path, name: str, header: list[str], cells: list[str], first: str, beside: str
) -> None:
    text = text_of(tmp_path, name, [header, cells])
    assert tomllib.loads(text)["kind"] == "?"
    assert offers_of(text)[0] == first
    assert beside in offers_of(text)
    assert "tax_grade_a" not in tomllib.loads(text)["constants"].values()
