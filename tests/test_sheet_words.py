"""What a sheet says beside the columns of its template: records that were taken down, remarks."""

import csv
import shutil
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import pytest
from deliveries import AUTHORITY, CATALOG, NAME, TODAY, code, read_sheets

from indexers.catalog import load_catalog
from indexers.drafting import draft_mapping
from indexers.errors import CatalogError
from indexers.records import RowOutcome, SheetReading
from indexers.sheet_words import load_sheet_words

WORDS = load_sheet_words(CATALOG.directory)
COURT = ["被执行人名称", "案号", "执行法院", "失信行为具体情形", "发布时间"]
DEFAULTER = [NAME, "（2026）吉0499执1号", "某某区人民法院", "违反财产报告制度", "2026-01-05"]
LICENCE = ["行政相对人名称", "统一社会信用代码", "许可编号", "许可内容", "许可决定日期", "许可机关"]
LICENSED = [NAME, code(1), "某许1号", "食品经营", "2026-01-05", AUTHORITY]
ABNORMAL = ["企业名称", "统一社会信用代码", "列入经营异常名录原因", "列入日期", "列入决定机关"]
LISTED = [NAME, code(1), "未年报", "2026-01-05", AUTHORITY]


def read(
    tmp_path: Path, rows: Sequence[Sequence[str]], kind: str | None = None, name: str = "a.csv"
) -> tuple[SheetReading, list[RowOutcome]]:
    with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    [(reading, outcomes)] = read_sheets(tmp_path / name, CATALOG, today=TODAY, kind=kind)
    return reading, list(outcomes)


def fates(outcomes: list[RowOutcome]) -> list[tuple[int, list[str]]]:
    return [(len(outcome.drafts), [problem.rule for problem in outcome.problems]) for outcome in outcomes]


def test_remarks_below_a_table_are_no_rows_of_it_taken_in_or_not(tmp_path: Path) -> None:
    sums = [["", "合  计", "", "", ""], ["小 计"], ["累计3户"], ["注：本表每周更新"]]
    rows = [COURT, DEFAULTER, *sums]
    for header, told in ((COURT, [(1, [])]), (["甲", "乙", "丙", "丁", "戊"], [(0, ["header"])])):
        _, outcomes = read(tmp_path, [header, *rows[1:]])
        assert fates(outcomes) == told


def test_the_words_stand_in_the_folder_of_the_catalogue_for_imports_and_drafts(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(str(files("mappings")), tmp_path / "mappings"))
    words = folder / "sheet_words.toml"
    words.write_text(words.read_text("utf-8").replace("信用修复|", "已经了结|"), "utf-8")
    catalog = load_catalog(folder)
    path = tmp_path / "已经了结企业名单.csv"
    path.write_text("\n".join(",".join(cells) for cells in (COURT, DEFAULTER)), "utf-8")
    [(reading, _)] = read_sheets(path, catalog, today=TODAY)
    assert [problem.rule for problem in reading.refused] == ["ended"]
    assert "events（变更事件）" in draft_mapping(path, catalog)
    assert "events（变更事件）" not in draft_mapping(path, CATALOG)


def test_words_that_cannot_be_read_are_an_error_that_names_the_file(tmp_path: Path) -> None:
    shipped = files("mappings").joinpath("sheet_words.toml").read_text("utf-8")
    for text in ("= 1", "ended_title = 1", shipped.replace('pattern = "', 'pattern = "(', 1)):
        (tmp_path / "sheet_words.toml").write_text(text, "utf-8")
        with pytest.raises(CatalogError, match=r"sheet_words\.toml"):
            load_sheet_words(tmp_path)
    with pytest.raises(CatalogError, match=r"sheet_words\.toml"):
        load_sheet_words(tmp_path / "none")


@pytest.mark.parametrize(
    ("label", "value", "fate"),
    [
        ("状态", "注销", (0, ["ended"])),
        ("证书状态", "已吊销", (0, ["ended"])),
        ("公示状态", "已修复", (0, ["ended"])),
        ("状态", "有效", (1, [])),
        ("状态", "", (1, [])),
        ("公示状态", "公示中", (1, [])),
        ("企业状态", "注销", (1, [])),
    ],
)
def test_a_state_that_says_that_a_record_was_taken_down_refuses_its_row(
    tmp_path: Path, label: str, value: str, fate: tuple[int, list[str]]
) -> None:
    assert fate_of_licence(tmp_path, label, value) == [fate]


def fate_of_licence(folder: Path, label: str, value: str) -> list[tuple[int, list[str]]]:
    """What comes of a licence with one more column."""
    _, outcomes = read(folder, [[*LICENCE, label], [*LICENSED, value]])
    return fates(outcomes)


@pytest.mark.parametrize(
    ("label", "value", "fate"),
    [
        ("是否公开", "否", (0, ["ended"])),
        ("是否公示", "不公示", (0, ["ended"])),
        ("是否公开", "0", (0, ["ended"])),
        ("是否公开", "1", (1, [])),
        ("是否向社会公开", "是", (1, [])),
        ("公开属性", "依申请公开", (0, ["ended"])),
        ("公开属性", "主动公开", (1, [])),
        ("公开范围", "仅限政府内部共享", (0, ["ended"])),
        ("公开范围", "政府部门之间", (0, ["ended"])),
        ("公开范围", "面向社会", (1, [])),
        ("公开方式", "政府网站公开", (1, [])),
        ("公开类别", "政务公开", (1, [])),
        ("信息使用范围", "1", (0, ["ended"])),
        ("信息使用范围", "公示", (1, [])),
    ],
)
def test_a_row_that_is_not_for_everybody_is_refused(
    tmp_path: Path, label: str, value: str, fate: tuple[int, list[str]]
) -> None:
    assert fate_of_licence(tmp_path, label, value) == [fate]


@pytest.mark.parametrize(
    "remark",
    [
        "已修复",
        "已完成信用修复",
        "该处罚决定已撤销",
        "已于2026年5月6日信用修复。",
        "2026.5.6已移出",
        "许可证已注销",
    ],
)
def test_a_remark_that_says_that_the_record_was_taken_down_refuses_its_row(
    tmp_path: Path, remark: str
) -> None:
    _, outcomes = read(tmp_path, [[*LICENCE, "备注"], [*LICENSED, remark]])
    assert fates(outcomes) == [(0, ["ended_remark"])]


@pytest.mark.parametrize(
    "remark",
    [
        "已注销",
        "已缴纳罚款",
        "可申请信用修复",
        "未修复",
        "正在修复",
        "原许可已撤销，重新核发",
        "变更",
        "撤销原决定后重新作出",
        "已提交修复申请",
    ],
)
def test_other_remarks_are_kept(tmp_path: Path, remark: str) -> None:
    _, outcomes = read(tmp_path, [[*LICENCE, "备注"], [*LICENSED, remark]])
    assert fates(outcomes) == [(1, [])]


@pytest.mark.parametrize(("value", "fate"), [("0", (1, [])), ("1", (0, ["ended"])), ("", (1, []))])
def test_the_scope_of_the_sheets_of_2016_counts_though_it_is_not_kept(
    tmp_path: Path, value: str, fate: tuple[int, list[str]]
) -> None:
    header = ["CF_WSH", "CF_CFMC", "CF_CFLB1", "CF_SY", "CF_YJ", "CF_XDR_MC", "CF_XDR_SHXYM", "CF_JG"]
    row = ["某罚〔2026〕1号", "违法案", "1", "过期", "某法", NAME, code(1), "罚款"]
    rows = [[*header, "CF_JDRQ", "CF_XZJG", "CF_ZT", "CF_SYFW"], [*row, "2026-01-05", AUTHORITY, "0", value]]
    _, outcomes = read(tmp_path, rows)
    assert fates(outcomes) == [fate]


# --- records that were taken down -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("屏蔽日期", "court_defaulter"),
        ("屏蔽原因", "court_defaulter"),
        ("信用修复时间", "administrative_penalty"),
        ("许可证注销日期", "administrative_licence"),
        ("吊销日期", "administrative_licence"),
        ("修复结果", "administrative_penalty"),
        ("是否修复", "administrative_penalty"),
        ("终止公示日期", "administrative_penalty"),
    ],
)
def test_a_label_tells_of_an_end(label: str, kind: str) -> None:
    assert WORDS.tells_of_end(label, kind)


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("预计移出日期", "adverse_entry"),
        ("最早可申请修复日期", "administrative_penalty"),
        ("生态修复时间", "administrative_penalty"),
        ("吊销日期", "administrative_penalty"),
        ("不予修复原因", "administrative_penalty"),
        ("许可决定日期", "administrative_licence"),
    ],
)
def test_a_label_of_what_may_come_or_is_something_else_tells_of_no_end(label: str, kind: str) -> None:
    assert not WORDS.tells_of_end(label, kind)


@pytest.mark.parametrize("value", ["2026-08-01", "2026年11月22日", "已履行完毕", "是", "已修复"])
def test_a_value_says_that_it_has_happened(value: str) -> None:
    assert WORDS.has_ended(value, TODAY.isoformat())


@pytest.mark.parametrize(
    "value", ["", " ", "/", "无", "0", "否", "未修复", "修复中", "2026-11-23", "1900-01-00"]
)
def test_a_value_says_that_it_has_not_happened(value: str) -> None:
    assert not WORDS.has_ended(value, TODAY.isoformat())


@pytest.mark.parametrize(
    "title",
    [
        "2026年第三季度信用修复企业名单",
        "失信被执行人撤销公告",
        "注销许可证公告",
        "药品经营许可证注销公告（第3号）",
        "移出经营异常名录企业名单",
        "关于退出严重失信主体名单的公示",
        "某某市信用修复表2",
        "注销",
    ],
)
def test_a_title_says_that_records_were_taken_down(title: str) -> None:
    assert WORDS.is_title_of_ended(title)


@pytest.mark.parametrize(
    "title",
    [
        "失信被执行人公告",
        "经营异常名录列入移出公告",
        "信用修复指南",
        "吊销营业执照公告",
        "行政许可公示",
        "移出名单的企业可申请信用修复公示",
        "说明：列入名单的企业改正以后，可以按照规定申请信用修复，由作出决定的机关移出，名单每月公告一次，以公告为准",
    ],
)
def test_another_title_does_not(title: str) -> None:
    assert not WORDS.is_title_of_ended(title)


def test_rows_with_a_day_on_which_they_were_taken_down_are_refused_and_the_others_read(
    tmp_path: Path,
) -> None:
    rows = [
        [*COURT, "屏蔽日期", "屏蔽原因"],
        [*DEFAULTER, "2026-05-06", "已履行完毕"],
        [*DEFAULTER, "", "-"],
        [*DEFAULTER, "", "已履行完毕"],
    ]
    _, outcomes = read(tmp_path, rows)
    assert fates(outcomes) == [(0, ["ended"]), (1, []), (0, ["ended"])]
    [problem] = outcomes[0].problems
    assert (problem.column, problem.value) == ("屏蔽日期", "2026-05-06")
    assert problem.message == (
        "这一行的“屏蔽日期”说的是已经撤下或不公开的记录，或没有准许的申请；"
        "撤下的请用变更表（credit-search template events）报送，确是有效记录的，请清空这一格"
    )


def test_a_column_of_the_template_keeps_its_meaning(tmp_path: Path) -> None:
    rows = [[*ABNORMAL, "移出日期"], [*LISTED, "2026-05-06"]]
    _, [outcome] = read(tmp_path, rows, name="移出经营异常名录企业名单.csv")
    assert [draft.one("exited_on") for draft in outcome.drafts] == ["2026-05-06"]


def test_a_register_says_when_a_company_was_dissolved(tmp_path: Path) -> None:
    rows = [["主体名称", "统一社会信用代码", "登记状态", "注销日期"], [NAME, code(1), "注销", "2026-05-06"]]
    _, outcomes = read(tmp_path, rows)
    assert fates(outcomes) == [(1, [])]


@pytest.mark.parametrize(
    ("title", "name"), [("注销许可证公告", "a.csv"), ("公告", "许可证注销名单.csv"), ("", "注销.csv")]
)
def test_a_title_of_what_was_taken_down_refuses_the_sheet_unless_its_kind_is_given(
    tmp_path: Path, title: str, name: str
) -> None:
    rows = [[title], LICENCE, LICENSED]
    reading, outcomes = read(tmp_path, rows, name=name)
    said = title if "注销" in title else name.removesuffix(".csv")
    assert [problem.message for problem in reading.refused] == [
        f"“{said}”说的是已经撤下的记录，不是新的记录；"
        "请用变更表（credit-search template events）报送，确是新记录的，用 --kind 指明类别"
    ]
    assert fates(outcomes) == [(0, ["ended"])]
    _, outcomes = read(tmp_path, rows, "administrative_licence", name)
    assert fates(outcomes) == [(1, [])]


def test_a_sheet_of_what_was_taken_down_that_fits_no_template_is_told_the_way(tmp_path: Path) -> None:
    rows = [
        ["移出经营异常名录企业名单"],
        ["企业名称", "移出日期", "移出原因"],
        [NAME, "2026-05-06", "已补报"],
    ]
    reading, _ = read(tmp_path, rows)
    assert [(problem.rule, "template events" in problem.message) for problem in reading.refused] == [
        ("ended", True)
    ]


# --- remarks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cells",
    [
        ["以下空白"],
        ["合计：9户"],
        ["合计", "", "9", "1,200元"],
        ["填表人：王某  联系电话：0437-1234567"],
        ["（以上信息截至2026年6月30日）"],
        ["审核人：李某", "", "填表日期：", "2026年7月1日"],
        ["填表人", "王某", "审核人：", "李某", "联系电话：0437-1234567"],
        ["*注：以上企业可以申请移出"],
        ["制表单位：某某局"],
        ["共 9 户"],
        ["必填", "必填", "条件必填", "YYYY/MM/DD", "选填"],
    ],
)
def test_remarks_and_rows_of_instructions_are_no_rows(tmp_path: Path, cells: list[str]) -> None:
    _, outcomes = read(tmp_path, [ABNORMAL, LISTED, [*cells, *[""] * (5 - len(cells))]])
    assert [outcome.row for outcome in outcomes] == [2]


@pytest.mark.parametrize(
    "cells",
    [
        ["王小明", "", "未年报", "2026-01-05", AUTHORITY],
        ["合计科技有限公司", "", "未年报", "", ""],
        ["合计", "", "未年报", "2026-01-05", AUTHORITY],
        ["必填", "", "未年报", "2026-01-05", AUTHORITY],
        ["上海某某公司", "", "", "", ""],
    ],
)
def test_rows_that_only_begin_like_remarks_count(tmp_path: Path, cells: list[str]) -> None:
    _, outcomes = read(tmp_path, [ABNORMAL, LISTED, cells])
    assert [outcome.row for outcome in outcomes] == [2, 3]
