"""What does draft-mapping make of a workbook whose sheets are not all of one kind, list or colour?"""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import xlsxwriter
from deliveries import CATALOG, TODAY, code, read_sheets

from indexers.drafting import draft_mapping
from indexers.errors import UsageError
from indexers.label_words import LabelWords
from indexers.mapping_files import load_mapping
from indexers.records import SheetReading

OFFICE = "某某市市场监督管理局"
LIST_HEADER = ["序号", "单位", "代码号", "说的是什么事", "发布部门", "公布日期"]
LICENCE_HEADER = ["许可证编号", "被许可单位", "许可内容", "发证机关", "发证日期"]
Sheets = dict[str, list[list[str]]]


def entry(serial: int) -> list[str]:
    return [str(serial), f"鹿乡{serial}号食品有限公司", code(serial), "某事", OFFICE, "2026-01-08"]


def licence(serial: int) -> list[str]:
    return [f"JY{serial}", f"鹿乡{serial}号食品有限公司", "食品经营", OFFICE, "2026-01-08"]


RED_AND_BLACK: Sheets = {
    "红名单": [LIST_HEADER, entry(1), entry(2)],
    "黑名单": [LIST_HEADER, entry(3), entry(4)],
}


def write(path: Path, sheets: Sheets) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, cells in enumerate(rows):
                sheet.write_row(place, 0, cells)
    return path


def drafted(path: Path, sheet: str = "", **answers: str) -> dict[str, Any]:
    return tomllib.loads(draft_mapping(path, CATALOG, answers, sheet=sheet))


def read(path: Path, text: str, answers: dict[str, str]) -> list[tuple[SheetReading, set[str]]]:
    file = path.with_suffix(".toml")
    file.write_text(text, encoding="utf-8")
    mapping = load_mapping(file, CATALOG, answers)
    sheets = read_sheets(path, CATALOG, today=TODAY, mapping=mapping)
    return [(reading, {d.one("party") for o in rows for d in o.drafts}) for reading, rows in sheets]


@pytest.mark.parametrize("order", [list(RED_AND_BLACK), list(RED_AND_BLACK)[::-1]])
def test_no_row_of_one_colour_is_read_by_the_mapping_of_the_other(
    tmp_path: Path, order: Sequence[str]
) -> None:
    path = write(tmp_path / "名单.xlsx", {name: RED_AND_BLACK[name] for name in order})
    text = draft_mapping(path, CATALOG)
    made = tomllib.loads(text)
    first, other = order
    assert made["sheets"] == [first]
    assert made["kind"] == ("honour_entry" if first == "红名单" else "adverse_entry")
    assert f"#   {other}：像是 " in text
    assert "--sheet" in text
    some_list = next(entry.key for entry in CATALOG.lists.values() if entry.kind == made["kind"])
    accounts = read(path, text, {"list": some_list})
    assert [(reading.sheet, bool(names)) for reading, names in accounts] == [(first, True), (other, False)]


def test_a_sheet_that_the_mapping_leaves_out_is_told_of(tmp_path: Path) -> None:
    path = write(tmp_path / "名单.xlsx", RED_AND_BLACK)
    [_, (left, _)] = read(path, draft_mapping(path, CATALOG), {"list": "honour_titles"})
    assert [note.message for note in left.notes] == [
        "映射文件的 sheets 里没有这张工作表，没有读；它的记录请用另一个映射文件导入"
    ]


def test_the_clerk_names_the_sheet_to_draft_for(tmp_path: Path) -> None:
    path = write(tmp_path / "红黑名单.xlsx", RED_AND_BLACK)
    made = drafted(path, "黑名单")
    assert (made["kind"], made["sheets"]) == ("adverse_entry", ["黑名单"])
    with pytest.raises(UsageError, match="没有工作表 '灰名单'；有表头的有：红名单、黑名单"):
        drafted(path, "灰名单")
    text = tmp_path / "表.csv"
    text.write_text(",".join(LICENCE_HEADER) + "\n" + ",".join(licence(1)), "utf-8")
    with pytest.raises(UsageError, match="这个文件不分工作表，请去掉 --sheet"):
        drafted(text, "灰名单")


def test_a_sheet_of_notes_is_of_no_kind(tmp_path: Path) -> None:
    notes = [["红黑名单每季度发布一次。"], ["联系单位：某某市信用办"]]
    made = drafted(write(tmp_path / "名单.xlsx", {**RED_AND_BLACK, "说明": notes}))
    assert made["sheets"] == ["红名单"]
    assert "红黑名单每季度发布一次。" not in str(made)


def test_a_kind_that_the_clerk_names_takes_the_sheets_that_may_be_of_it(tmp_path: Path) -> None:
    path = write(tmp_path / "名单.xlsx", RED_AND_BLACK)
    made = drafted(path, kind="adverse_entry")
    assert (made["kind"], made["sheets"]) == ("adverse_entry", ["黑名单"])


def test_sheets_of_different_kinds_stay_apart(tmp_path: Path) -> None:
    sheets = {"行政许可": [LICENCE_HEADER, licence(1)], **RED_AND_BLACK}
    text = draft_mapping(write(tmp_path / "公示.xlsx", sheets), CATALOG)
    made = tomllib.loads(text)
    assert (made["kind"], made["sheets"]) == ("administrative_licence", ["行政许可"])
    assert [name for name in ("红名单", "黑名单") if f"#   {name}：" in text] == ["红名单", "黑名单"]


def test_sheets_of_one_kind_are_one_mapping_without_names(tmp_path: Path) -> None:
    sheets = {
        "1月": [LICENCE_HEADER, licence(1)],
        "2月": [LICENCE_HEADER[::-1], licence(2)[::-1]],
        "说明": [["报送口径", "联系处室"], ["按月", "某处"]],
    }
    made = drafted(write(tmp_path / "行政许可.xlsx", sheets))
    assert (made["kind"], "sheets" in made) == ("administrative_licence", False)


def test_sheets_that_name_different_lists_stay_apart(tmp_path: Path) -> None:
    sheets = {
        "统计": [["某市统计严重失信企业名单"], LIST_HEADER, entry(1)],
        "工资": [["某市拖欠农民工工资失信联合惩戒对象名单"], LIST_HEADER, entry(2)],
    }
    path = write(tmp_path / "名单.xlsx", sheets)
    assert (drafted(path)["sheets"], drafted(path)["constants"]["list"]) == (
        ["统计"],
        "statistics_dishonesty",
    )
    assert drafted(path, kind="wage_arrears")["sheets"] == ["工资"]


def test_a_list_that_only_one_of_the_sheets_names_is_asked_for(tmp_path: Path) -> None:
    sheets = {
        "第一批": [["某市诚信企业名单：A级纳税人名单"], LIST_HEADER, entry(1)],
        "第二批": [["某市诚信企业名单"], LIST_HEADER, entry(2)],
    }
    text = draft_mapping(write(tmp_path / "表.xlsx", sheets), CATALOG)
    assert tomllib.loads(text)["constants"]["list"] == "?"
    assert "几张工作表说的名单不一样" in text


def test_what_was_withdrawn_stays_apart_from_what_stands(tmp_path: Path) -> None:
    header = ["被执行人名称", "案号", "执行法院", "发布时间"]
    row = ["鹿乡一号食品有限公司", "(2026)吉0499执1号", "某某区人民法院", "2026-01-05"]
    sheets = {"失信被执行人": [header, row], "失信被执行人撤销公告": [header, row]}
    with pytest.raises(UsageError, match="请先改其中一张的名称"):
        drafted(write(tmp_path / "a.xlsx", sheets))
    sheets = {"现有失信被执行人": [header, row], "失信被执行人撤销公告": [header, row]}
    made = drafted(write(tmp_path / "b.xlsx", sheets))
    assert (made["kind"], made["sheets"]) == ("court_defaulter", ["现有失信被执行人"])


def test_the_name_of_the_mapping_file_is_no_name_of_a_sheet(tmp_path: Path) -> None:
    path = write(tmp_path / "黑.xlsx", RED_AND_BLACK)
    accounts = read(path, draft_mapping(path, CATALOG, sheet="红名单"), {"list": "honour_titles"})
    assert [(reading.sheet, len(names)) for reading, names in accounts] == [("红名单", 2), ("黑名单", 0)]


# --- what is not shown, what is not done


@pytest.mark.parametrize("options", ["?password=GEHEIM", "?user=u&password=GEHEIM"])
def test_a_draft_from_a_database_shows_no_secret_of_its_address(tmp_path: Path, options: str) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'own.db'}")
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE xk (许可证编号 text, 被许可单位 text, 许可内容 text)"))
        connection.execute(sa.text("INSERT INTO xk VALUES ('JY1', '鹿乡一号食品有限公司', '食品')"))
    engine.dispose()
    address = f"sqlite:///file:{tmp_path / 'own.db'}{options}&uri=true"
    text = draft_mapping(address, CATALOG, query="SELECT * FROM xk")
    assert tomllib.loads(text)["label"] == f"sqlite:///file:{tmp_path / 'own.db'}"
    with pytest.raises(UsageError, match="不是") as refused:
        draft_mapping(address, CATALOG, {"colour": "red"}, query="SELECT * FROM xk")
    assert "GEHEIM" not in text + str(refused.value)


def test_a_kind_that_is_named_is_not_weighed_and_events_are_of_the_likeliest_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "表.xlsx", {"表": [LICENCE_HEADER, licence(1)]})
    assert drafted(path, kind="events")["constants"]["kind"] == "administrative_licence"
    expected = drafted(path)

    def refuse(*_: object) -> None:
        raise AssertionError("the kinds are weighed")

    monkeypatch.setattr(LabelWords, "told_by", refuse)
    assert drafted(path, kind="administrative_licence") == expected


def test_a_draft_for_named_sheets_is_a_valid_mapping(tmp_path: Path) -> None:
    path = write(tmp_path / "名单.xlsx", RED_AND_BLACK)
    (tmp_path / "m.toml").write_text(draft_mapping(path, CATALOG, sheet="黑名单"), "utf-8")
    mapping = load_mapping(tmp_path / "m.toml", CATALOG, {"list": "safety_dishonesty"})
    assert mapping.sheets == ("黑名单",)


def test_what_sheets_call_by_different_names_is_one_column(tmp_path: Path) -> None:
    cells = ["鹿乡一号食品有限公司", "过期食品", "2026-02-03", "某罚〔2026〕1号", "5"]
    headers = [
        ["被处罚单位", "案由", "处罚时间", "文书编号", "罚款（元）"],
        ["当事人", "案由", "处罚时间", "文书编号", "罚款（万元）"],
        ["行政相对人", "违法事实", "处罚时间", "文书编号", "罚款（元）"],
    ]
    path = write(tmp_path / "处罚.xlsx", {f"{n}分局": [header, cells] for n, header in enumerate(headers)})
    mapping = drafted(path, authority="某某区消防救援大队")
    columns = {tuple(column["names"]): column["to"] for column in mapping["columns"]}
    assert columns[("被处罚单位", "当事人", "行政相对人")] == "party"
    assert columns[("案由", "违法事实")] == "facts"
    text = draft_mapping(path, CATALOG, {"authority": "某某区消防救援大队"})
    (tmp_path / "a.toml").write_text(text, "utf-8")
    template = load_mapping(tmp_path / "a.toml", CATALOG)
    fines = [
        [draft.content["fine_amount"] for outcome in found for draft in outcome.drafts]
        for _, found in read_sheets(path, CATALOG, today=TODAY, mapping=template)
    ]
    assert fines == [["5"], ["50000"], ["5"]]
