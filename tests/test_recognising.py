import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import msgspec
import pytest
import xlsxwriter
from deliveries import read_sheets
from hypothesis import given
from hypothesis import strategies as st

from indexers.catalog import load_catalog
from indexers.errors import CatalogError, UsageError
from indexers.mapping_files import load_mapping
from indexers.readers import Sheet
from indexers.recognising import Recogniser
from indexers.records import RowOutcome, SheetReading
from indexers.sheet_rows import SheetReader
from indexers.validation import Surroundings
from samples.codes import uscc_check_digit

TODAY = date(2026, 11, 22)
CATALOG = load_catalog()
AROUND = Surroundings(CATALOG, TODAY)
Reading = tuple[SheetReading, list[RowOutcome]]


def make_code(serial: int) -> str:
    first = f"91220402MA{serial:07d}"
    return first + uscc_check_digit(first)


AUTHORITY = "某某市市场监督管理局"
PENALTY = {
    "CF_XDR_MC": "鹿乡一号食品有限公司",
    "CF_XDR_SHXYM": make_code(1),
    "CF_WSH": "某罚〔2024〕1号",
    "CF_WFXW": "经营超过保质期的食品",
    "CF_SY": "经营超过保质期的食品",
    "CF_YJ": "食品安全法第一百二十四条",
    "CF_CFLB": "警告",
    "CF_NR": "警告",
    "CF_JDRQ": "2024/03/01",
    "CF_YXQ": "2099/12/31",
    "CF_CFJG": AUTHORITY,
    "CF_CFJGDM": make_code(2),
    "CF_SJLY": AUTHORITY,
    "CF_SJLYDM": make_code(2),
}
HEADER = list(PENALTY)


def row(serial: int = 1, **changes: str) -> list[str]:
    name = {"CF_XDR_MC": f"鹿乡{serial}号食品有限公司", "CF_XDR_SHXYM": make_code(serial)}
    return list({**PENALTY, **name, **changes}.values())


def write_csv(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def read(source: Path, **how: object) -> list[Reading]:
    sheets = read_sheets(source, CATALOG, today=TODAY, **how)  # type: ignore[arg-type]
    return [(reading, list(outcomes)) for reading, outcomes in sheets]


def places(outcomes: list[RowOutcome]) -> list[tuple[int, int, int]]:
    return [(outcome.row, len(outcome.drafts), len(outcome.problems)) for outcome in outcomes]


# --- headers


def test_a_header_of_codes_is_recognised_as_its_template(tmp_path: Path) -> None:
    [(reading, outcomes)] = read(write_csv(tmp_path / "a.csv", [HEADER, row()]))
    assert reading == SheetReading("a.csv", "", "administrative_penalty", "penalty_organisation_2018")
    assert places(outcomes) == [(2, 1, 0)]


def test_labels_in_any_order_width_and_bracket_are_recognised(tmp_path: Path) -> None:
    labels = {
        "行政相对人名称（必填）": "CF_XDR_MC",
        "行政相对人代码＿1（统一社会信用代码）": "CF_XDR_SHXYM",
        "行政处罚决定书\n文号": "CF_WSH",
        " 违法行为类型 ": "CF_WFXW",
        "违法事实(CF_SY)": "CF_SY",
        "处罚依据": "CF_YJ",
        "处罚类别*": "CF_CFLB",
        "处罚内容": "CF_NR",
        "处罚决定日期": "CF_JDRQ",
        "处罚有效期": "CF_YXQ",
        "处罚机关": "CF_CFJG",
        "处罚机关统一社会信用代码": "CF_CFJGDM",
        "数据来源单位": "CF_SJLY",
        "数据来源单位统一社会信用代码": "CF_SJLYDM",
    }
    back = list(labels)[::-1]
    cells = [PENALTY[labels[label]] for label in back]
    [(reading, outcomes)] = read(write_csv(tmp_path / "a.csv", [back, cells]))
    assert (reading.template, places(outcomes)) == ("penalty_organisation_2018", [(2, 1, 0)])


def test_titles_above_blank_rows_a_second_header_and_notes_below_are_no_rows(tmp_path: Path) -> None:
    labels = [
        "行政相对人名称",
        "行政相对人代码_1",
        "行政处罚决定书文号",
        "违法行为类型",
        "违法事实",
        "处罚依据",
        "处罚类别",
        "处罚内容",
        "处罚决定日期",
        "处罚有效期",
        "处罚机关",
        "处罚机关统一社会信用代码",
        "数据来源单位",
        "数据来源单位统一社会信用代码",
    ]
    rows = [
        ["某某市行政处罚公示表"],
        [],
        HEADER,
        labels,
        row(1),
        [""] * 14,
        row(2),
        HEADER,
        row(3),
        ["注:以上公开"],
    ]
    [(_, outcomes)] = read(write_csv(tmp_path / "a.csv", rows))
    assert places(outcomes) == [(5, 1, 0), (7, 1, 0), (9, 1, 0)]


def test_unknown_columns_are_noted_once_and_not_refused(tmp_path: Path) -> None:
    rows = [[*HEADER, "我局内部编码"], [*row(1), "x"], [*row(2), "y"]]
    [(reading, outcomes)] = read(write_csv(tmp_path / "a.csv", rows))
    assert [(note.column, note.rule) for note in reading.notes] == [("我局内部编码", "unknown_column")]
    assert [(outcome.notes, outcome.problems) for outcome in outcomes] == [((), ())] * 2


def test_a_state_of_2016_means_what_it_meant_then(tmp_path: Path) -> None:
    header = [
        "CF_WSH",
        "CF_CFMC",
        "CF_CFLB1",
        "CF_SY",
        "CF_YJ",
        "CF_XDR_MC",
        "CF_XDR_SHXYM",
        "CF_XDR_ZDM",
        "CF_JG",
        "CF_JDRQ",
        "CF_XZJG",
        "CF_ZT",
        "GSQX",
        "CF_GSJZQ",
    ]
    cells = [
        "某罚〔2016〕1号",
        "某案",
        "1",
        "事由",
        "依据",
        "鹿乡一号食品有限公司",
        make_code(1),
        "",
        "罚款",
        "2016-01-01",
        AUTHORITY,
        "1",
        "1",
        "2019-01-01",
    ]
    [(reading, outcomes)] = read(write_csv(tmp_path / "a.csv", [header, cells]))
    assert reading.template == "penalty_2016"
    # Published for a year, or up to a day: whichever ends first.
    assert outcomes[0].drafts[0].one("publicity_end") == "2017-01-01"
    assert (outcomes[0].drafts[0].one("status"), outcomes[0].drafts[0].one("penalty_class")) == (
        "revoked",
        "罚款",
    )


def test_rows_of_the_persons_template_are_withheld(tmp_path: Path) -> None:
    persons = {"CF_XDR_MC": "王小明", "CF_XDR_ZJLX": "身份证", "CF_XDR_ZJHM": "1"}
    rest = {key: value for key, value in PENALTY.items() if not key.startswith("CF_XDR")}
    rows = [[*persons, *rest], [*persons.values(), *rest.values()]]
    [(reading, outcomes)] = read(write_csv(tmp_path / "a.csv", rows))
    assert reading.template == "penalty_person_2018"
    assert [(len(outcome.persons), outcome.drafts) for outcome in outcomes] == [(1, ())]


def test_the_subject_profile_sheet_is_recognised_by_its_header(tmp_path: Path) -> None:
    header = ["主体名称", "统一社会信用代码", "成立日期", "登记状态", "区划代码", "曾用名", "简称"]
    cells = [
        "鹿乡一号食品有限公司",
        make_code(1),
        "2015年4月14日",
        "存续",
        "220402",
        "旧一号有限公司;旧二号有限公司",
        "鹿乡",
    ]
    [(reading, outcomes)] = read(write_csv(tmp_path / "a.csv", [header, cells]))
    assert reading.kind == "subject_profile"
    assert outcomes[0].drafts[0].content == {
        "party": "鹿乡一号食品有限公司",
        "uscc": make_code(1),
        "founded_on": "2015-04-14",
        "status": "live",
        "region": "220402",
        "former_names": ["旧一号有限公司", "旧二号有限公司"],
        "short_names": "鹿乡",
    }


def test_the_keys_of_the_courts_are_recognised(tmp_path: Path) -> None:
    entry = {
        "id": 1,
        "iname": "鹿乡一号食品有限公司",
        "caseCode": "（2022）某9999执54号",
        "age": 0,
        "sexy": "",
        "cardNum": make_code(1),
        "businessEntity": "王小明",
        "courtName": "某某区人民法院",
        "areaName": "吉林",
        "partyTypeName": "1",
        "gistId": "（2021）某9999民初1号",
        "regDate": "2022年01月01日",
        "gistUnit": "某某区人民法院",
        "duty": "给付货款",
        "performance": "全部未履行",
        "disruptTypeName": "违反财产报告制度",
        "publishDate": "2022年03月01日",
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"result": [entry]}), encoding="utf-8")
    [(reading, outcomes)] = read(path)
    assert reading.kind == "court_defaulter"
    [draft] = outcomes[0].drafts
    assert (draft.list, draft.one("decided_on"), draft.one("performance")) == (
        "court_defaulters",
        "2022-03-01",
        "broken",
    )


# --- refusals


@pytest.mark.parametrize("column", ["CF_XDR_SHXYM", "CF_JDRQ"])
def test_a_header_shifted_against_its_data_refuses_the_sheet(tmp_path: Path, column: str) -> None:
    rows = [row(serial, **{column: "鹿乡食品有限公司"}) for serial in range(1, 6)]
    [(reading, outcomes)] = read(write_csv(tmp_path / "a.csv", [HEADER, *rows]))
    assert [(problem.row, problem.column, problem.rule) for problem in reading.refused] == [
        (1, column, "header")
    ]
    assert places(outcomes) == [(number, 0, 1) for number in range(2, 7)]
    assert {problem.message for outcome in outcomes for problem in outcome.problems} == {
        reading.refused[0].message
    }


def test_a_few_slipped_cells_are_problems_of_their_rows_only(tmp_path: Path) -> None:
    rows = [row(serial, CF_JDRQ="鹿乡食品有限公司" if serial < 3 else "2024-01-01") for serial in range(1, 6)]
    [(reading, outcomes)] = read(write_csv(tmp_path / "a.csv", [HEADER, *rows]))
    assert reading.refused == ()
    assert places(outcomes) == [(2, 0, 1), (3, 0, 1), (4, 1, 0), (5, 1, 0), (6, 1, 0)]


def test_an_unknown_header_refuses_every_row_and_says_what_to_do(tmp_path: Path) -> None:
    [(reading, outcomes)] = read(write_csv(tmp_path / "a.csv", [["甲", "乙"], ["1", "2"], ["3", "4"]]))
    assert places(outcomes) == [(2, 0, 1), (3, 0, 1)]
    assert "--kind" in reading.refused[0].message


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    [(reading, _)] = read(write_csv(tmp_path / "a.csv", [HEADER[:-4], row()[:-4]]))
    assert "处罚机关" in reading.refused[0].message


def test_a_header_that_fits_two_kinds_asks_for_the_kind(tmp_path: Path) -> None:
    header = ["企业名称", "统一社会信用代码", "列入日期", "列入原因", "列入决定机关"]
    cells = ["鹿乡一号食品有限公司", make_code(1), "2024-01-01", "未按期公示年度报告", AUTHORITY]
    path = write_csv(tmp_path / "a.csv", [header, cells])
    first = CATALOG.templates["abnormal_operation"]
    twins = {
        "abnormal_operation": first,
        "twin": msgspec.structs.replace(first, key="twin", kind="watch_list"),
    }
    catalog = msgspec.structs.replace(CATALOG, templates=twins)
    [(reading, outcomes)] = read_sheets(path, catalog, today=TODAY)
    [problem] = reading.refused
    words = ("abnormal_operation", "watch_list", "--kind")
    assert tuple(word for word in words if word in problem.message) == words
    assert places(list(outcomes)) == [(2, 0, 1)]
    [(told, outcomes)] = read(path, kind="abnormal_operation")
    assert (told.kind, told.refused, places(outcomes)) == ("abnormal_operation", (), [(2, 1, 0)])


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("zzz", "；全部见 credit-search kinds 和 credit-search lists"),
        ("adminstrative_penalty", "；最接近的：administrative_penalty（行政处罚）、"),
        ("处罚", "；最接近的：administrative_penalty（行政处罚）；"),
    ],
)
def test_an_unknown_kind_is_a_wrong_call_that_names_those_near_it(
    tmp_path: Path, kind: str, told: str
) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER])
    with pytest.raises(UsageError, match=f"没有类别 '{kind}'{told}"):
        read(path, kind=kind)


@pytest.mark.parametrize(("name", "is_told"), [("a.xlsx", True), ("a.xls", True), ("a.csv", False)])
def test_a_text_that_is_called_a_workbook_is_told_where_its_header_is_unknown(
    tmp_path: Path, name: str, is_told: bool
) -> None:
    [(reading, _)] = read(write_csv(tmp_path / name, [["甲", "乙"], ["一", "二"]]))
    [problem] = reading.refused
    assert ("已当作文本读" in problem.message) is is_told
    [(reading, outcomes)] = read(write_csv(tmp_path / name, [HEADER, list(PENALTY.values())]))
    assert (reading.refused, len(list(outcomes))) == ((), 1)


def test_a_list_may_stand_for_a_kind(tmp_path: Path) -> None:
    template = CATALOG.templates["honour_entry"]
    wanted = ("party", "decided_on", "authority")
    header = [next(column.names[0] for column in template.columns if column.to == name) for name in wanted]
    path = write_csv(tmp_path / "a.csv", [header, ["鹿乡一号食品有限公司", "2024-01-01", AUTHORITY]])
    [(_, outcomes)] = read(path, kind="honour_titles")
    assert [outcome.drafts[0].list for outcome in outcomes] == ["honour_titles"]


# --- several sheets


def test_each_sheet_of_a_workbook_is_read_by_its_own_header(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        for name, rows in (
            ("甲", [["标题"], HEADER, row(1)]),
            ("空", []),
            ("乙", [HEADER[::-1], row(2)[::-1], row(3)[::-1]]),
            ("丙", [["谁", "什么"], ["一", "二"]]),
            ("填写说明", [["列名"], ["行政相对人名称"]]),
        ):
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                sheet.write_row(number, 0, cells)
    found = [
        (reading.sheet, bool(reading.refused), places(outcomes))
        for reading, outcomes in read(tmp_path / "a.xlsx")
    ]
    assert found == [
        ("甲", False, [(3, 1, 0)]),
        ("空", False, []),
        ("乙", False, [(2, 1, 0), (3, 1, 0)]),
        ("丙", True, [(2, 0, 1)]),
    ]


# --- mappings of deployers

MAPPING = """
label = "某局处罚"
kind = "administrative_penalty"
columns = [
    { names = ["处罚单位名称", "被处罚单位名称"], to = "party" },
    { names = ["主要违法违规事实（案由）"], to = "facts" },
    { names = ["罚款"], to = "fine_amount", amount = "万元" },
    { names = ["作出处罚决定的日期"], to = "decided_on" },
    { names = ["联系电话"], drop = true },
]
[constants]
authority = "?"
"""


def test_a_mapping_reads_a_departments_own_sheet_with_answers(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(MAPPING, encoding="utf-8")
    rows = [
        ["被处罚单位名称", "主要违法违规事实(案由)", "罚款", "作出处罚决定的日期", "联系电话"],
        ["鹿乡一号食品有限公司", "超过\n保质期", "二十万元", "二○一六年一月二十九日", "13800000000"],
        ["", "", "", "", "13800000000"],
    ]
    mapping = load_mapping(tmp_path / "own.toml", CATALOG, {"authority": AUTHORITY})
    [(reading, outcomes)] = read(write_csv(tmp_path / "a.csv", rows), mapping=mapping)
    assert reading.template == "own"
    assert [outcome.drafts[0].content for outcome in outcomes] == [
        {
            "party": "鹿乡一号食品有限公司",
            "facts": "超过\n保质期",
            "fine_amount": "200000",
            "decided_on": "2016-01-29",
            "authority": AUTHORITY,
        }
    ]


@pytest.mark.parametrize(
    ("constants", "kind", "said"),
    [
        ("", "administrative_penalty", ["administrative_penalty"]),
        ('list = "safety_dishonesty"', "safety_dishonesty", ["adverse_entry"]),
    ],
)
def test_a_kind_beside_a_mapping_says_the_same_or_is_a_wrong_call(
    constants: str, kind: str, said: list[str], tmp_path: Path
) -> None:
    columns = "".join(
        f'{{ names = ["{name}"], to = "{name}" }},' for name in ("party", "decided_on", "document_number")
    )
    text = f'label = "某局"\nkind = "{said[0]}"\ncolumns = [{columns}]\n[constants]\nauthority = "?"\n{constants}'
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    mapping = load_mapping(tmp_path / "own.toml", CATALOG, {"authority": AUTHORITY})
    row = ["鹿乡一号食品有限公司", "2016-01-29", "某字〔2016〕1号"]
    path = write_csv(tmp_path / "a.csv", [["party", "decided_on", "document_number"], row])
    assert [told.kind for told, _ in read(path, mapping=mapping, kind=kind)] == said
    with pytest.raises(UsageError, match="与映射文件不符"):
        read(path, mapping=mapping, kind="administrative_licence")


def test_an_unanswered_key_of_a_mapping_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(MAPPING, encoding="utf-8")
    with pytest.raises(UsageError, match="authority"):
        load_mapping(tmp_path / "own.toml", CATALOG)


def test_an_answer_to_no_field_is_a_wrong_call(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(MAPPING, encoding="utf-8")
    with pytest.raises(UsageError, match="colour"):
        load_mapping(tmp_path / "own.toml", CATALOG, {"colour": "red"})


def test_all_faults_of_a_mapping_are_told_at_once(tmp_path: Path) -> None:
    text = (
        MAPPING.replace('to = "facts"', 'to = "fact"').replace("drop = true", "dropped = true")
        + "colour = 1\n"
    )
    (tmp_path / "own.toml").write_text(
        "size = 1\n" + text.replace("colour = 1", 'colour = "red"'), encoding="utf-8"
    )
    with pytest.raises(CatalogError) as caught:
        load_mapping(tmp_path / "own.toml", CATALOG)
    told = " ".join(caught.value.errors)
    assert [word for word in ("size", "dropped") if word in told] == ["size", "dropped"]


def test_reading_holds_no_more_than_a_sample(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, *(row(serial) for serial in range(1, 400))])
    [(_, outcomes)] = [(reading, rows) for reading, rows in read_sheets(path, CATALOG, today=TODAY)]
    assert sum(1 for _ in outcomes) == 399


ANY_TEMPLATE = Recogniser(CATALOG, tuple(CATALOG.templates.values()), None, is_kind_given=False)


@given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=8))
def test_any_table_at_all_is_accounted_for_without_an_error(rows: list[list[str]]) -> None:
    numbered = list(enumerate(rows, start=1))
    plan, left = next(ANY_TEMPLATE.recognise(Sheet("a.csv", "", iter(numbered))))
    outcomes = SheetReader(plan, AROUND).read(left)
    assert [
        outcome.row for outcome in outcomes if not (outcome.drafts or outcome.persons or outcome.problems)
    ] == []


@pytest.mark.parametrize("with_table", [True, False])
def test_a_cover_is_left_out_and_a_form_that_nobody_knows_is_not(tmp_path: Path, with_table: bool) -> None:
    cover = [
        ["双公示信息报送"],
        [],
        ["一、报送要求"],
        ["请于每月5日前报送。"],
        ["填表人：王某", "", "日期：2026年3月"],
    ]
    form = [["甲", "1"], ["乙", "2"], ["丙", "3"]]
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        for name, rows in (("封面", cover), ("表", [HEADER, row()]), ("某表", form))[
            : 3 if with_table else 1
        ]:
            sheet = book.add_worksheet(name)
            for place, cells in enumerate(rows):
                sheet.write_row(place, 0, cells)
    (first, outcomes), *others = read(tmp_path / "a.xlsx")
    if with_table:
        assert ([note.rule for note in first.notes], first.refused, outcomes) == (["left_out"], (), [])
        assert [bool(reading.refused) for reading, _ in others] == [False, True]
    else:
        assert first.refused
