import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from deliveries import read_sheets

from indexers.catalog import load_catalog
from indexers.drafting import draft_mapping
from indexers.errors import SheetError
from indexers.folding import fold_list_name
from indexers.headers import headers_from, stacked_header, width_of_repeat
from indexers.mapping_files import load_mapping
from indexers.records import RowOutcome, SheetReading
from samples.codes import uscc_check_digit

CATALOG = load_catalog()
TODAY = date(2026, 11, 22)
UPPER = ["序号", "决定书文号", "被处罚当事人", "", "", "案由", "处罚机关", "处罚日期"]
MIDDLE = ["", "", "个人姓名", "单位", "", "", "", ""]
LOWER = ["", "", "", "名称", "法定代表人姓名", "", "", ""]
DATA = ["1", "某罚〔2019〕1号", "", "鹿乡一号食品有限公司", "", "未按规定报送", "某监管分局", "2019-03-01"]


def make_code(serial: int) -> str:
    first = f"91220402MA{serial:07d}"
    return first + uscc_check_digit(first)


def write(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def read(path: Path, kind: str | None = None) -> tuple[SheetReading, list[RowOutcome]]:
    [(reading, outcomes)] = read_sheets(path, CATALOG, today=TODAY, kind=kind)
    return reading, list(outcomes)


# --- headers of several rows ------------------------------------------------------------------------------


def test_parts_of_a_merged_cell_stand_for_it() -> None:
    joined = stacked_header(UPPER, MIDDLE)
    assert joined == [
        "序号",
        "决定书文号",
        "个人姓名",
        "被处罚当事人单位",
        "",
        "案由",
        "处罚机关",
        "处罚日期",
    ]
    assert [labels for _, labels in headers_from([(2, UPPER), (3, MIDDLE), (4, LOWER), (5, DATA)])][-1] == [
        "序号",
        "决定书文号",
        "个人姓名",
        "单位名称",
        "法定代表人姓名",
        "案由",
        "处罚机关",
        "处罚日期",
    ]


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (["某局行政处罚信息公开表", "", ""], ["文号", "单位名称", "案由"]),
        (["单位：万元", "", "日期"], ["文号", "单位名称", "案由"]),
        (["文号", "单位名称", "案由"], ["某罚1号", "鹿乡食品厂", "迟报"]),
        (["文号", "单位名称", "", "案由"], ["", "鹿乡食品厂", "2019-01-01", ""]),
        (["文号", "单位名称", "", "案由"], ["", "名称", "", ""]),
        (["文号", "单位名称", "", "案由"], ["", "", "", ""]),
    ],
    ids=["title", "title and date", "data", "data below a merged cell", "one part", "blank"],
)
def test_a_row_that_is_no_header_is_not_joined_to_one(upper: list[str], lower: list[str]) -> None:
    assert stacked_header(upper, lower) is None


def test_a_sheet_with_a_header_of_three_rows_is_drafted_and_read(tmp_path: Path) -> None:
    person = ["2", "某罚〔2019〕2号", "王小明", "", "", "负有责任", "某监管分局", "2019-03-01"]
    path = write(tmp_path / "a.csv", [["行政处罚信息公开表", *[""] * 7], UPPER, MIDDLE, LOWER, DATA, person])
    mapping = tmp_path / "a.toml"
    mapping.write_text(draft_mapping(path, CATALOG), encoding="utf-8")
    [(_, outcomes)] = read_sheets(path, CATALOG, today=TODAY, mapping=load_mapping(mapping, CATALOG))
    assert [(o.row, len(o.drafts), len(o.persons), o.problems) for o in outcomes] == [
        (5, 1, 0, ()),
        (6, 0, 1, ()),
    ]


# --- which list, which kind -------------------------------------------------------------------------------

ENTRY = ["主体名称", "统一社会信用代码", "名单名称", "认定单位", "认定日期"]


def entry(listed: str) -> list[str]:
    return ["鹿乡一号食品有限公司", make_code(1), listed, "某某市税务局", "2026-05-01"]


@pytest.mark.parametrize(
    ("listed", "kind", "key"),
    [
        ("A级纳税人名单", "honour_entry", "tax_grade_a"),
        ("统计严重失信企业", "adverse_entry", "statistics_dishonesty"),
    ],
)
def test_the_lists_that_are_named_tell_red_from_black(
    tmp_path: Path, listed: str, kind: str, key: str
) -> None:
    reading, [outcome] = read(write(tmp_path / "a.csv", [ENTRY, entry(listed)]))
    assert (reading.kind, outcome.drafts[0].list) == (kind, key)


def test_an_entry_of_a_list_of_another_kind_is_refused_with_a_sentence(tmp_path: Path) -> None:
    rows = [ENTRY, entry("诚信典型"), entry("诚信典型"), entry("统计严重失信企业名单")]
    _, outcomes = read(write(tmp_path / "a.csv", rows), kind="honour_entry")
    assert [[problem.message for problem in outcome.problems] for outcome in outcomes] == [
        [],
        [],
        ["“统计严重失信企业名单”不能放在诚实守信名单的表里；请用“严重失信主体名单”的表"],
    ]


def test_a_list_without_its_name_is_refused_and_not_taken_for_profiles(tmp_path: Path) -> None:
    header = ["主体名称", "统一社会信用代码", "列入事由", "认定单位", "认定日期"]
    reading, outcomes = read(write(tmp_path / "a.csv", [header, entry("拖欠工资")]))
    lacking = "最接近“严重失信主体名单（通用）”，但缺少：名单"
    advice = "请加一列“名单名称”，或用 --kind 指明是哪个名单（credit-search lists 列出全部）"
    told = [problem.message for problem in reading.refused]
    assert (reading.kind, told) == ("", [f"{lacking}；{advice}"])
    assert [bool(outcome.problems) for outcome in outcomes] == [True]
    reading, [outcome] = read(tmp_path / "a.csv", kind="statistics_dishonesty")
    assert outcome.drafts[0].list == "statistics_dishonesty"


def test_names_of_lists_are_compared_without_their_last_word() -> None:
    assert fold_list_name("统计严重失信企业名单") == fold_list_name("统计严重失信企业")
    assert fold_list_name("名单") == "名单"


# --- what cannot be read ----------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [[], [["", ""], ["　", ""]]], ids=["no byte", "blank rows"])
def test_a_file_without_content_is_told(tmp_path: Path, rows: list[list[str]]) -> None:
    path = write(tmp_path / "a.csv", rows)
    with pytest.raises(SheetError, match="空的"):
        list(read_sheets(path, CATALOG, today=TODAY))


def test_labels_that_no_template_knows_are_not_called_close_to_one(tmp_path: Path) -> None:
    reading, _ = read(write(tmp_path / "a.csv", [["甲", "乙", "丙", "备注"], ["1", "2", "3", "4"]]))
    assert [problem.message.split("；")[0] for problem in reading.refused] == ["列名不像任何一种官方模板"]


def test_a_column_that_is_hardly_filled_in_refuses_rows_and_not_the_sheet(tmp_path: Path) -> None:
    header = ["主体名称", "统一社会信用代码", "名单名称", "认定单位", "认定日期", "公示截止期"]
    rows = [[*entry("诚信典型"), "见文件" if serial < 3 else ""] for serial in range(40)]
    reading, outcomes = read(write(tmp_path / "a.csv", [header, *rows]), kind="honour_entry")
    assert (reading.refused, sum(bool(outcome.problems) for outcome in outcomes)) == ((), 3)


def test_a_header_that_goes_on_in_a_row_of_labels_is_not_read_as_a_row_of_data(tmp_path: Path) -> None:
    rows = [
        ["行政处罚信息公示表", "", "", "", "", "", ""],
        ["序号", "当事人", "", "行政处罚决定书文号", "案由", "作出处罚决定的机关", "作出处罚决定的日期"],
        ["", "名称（姓名）", "法定代表人", "", "", "", ""],
        ["1", "鹿乡银行股份有限公司", "王某", "某罚〔2026〕1号", "违规", "某某市分行", "2026-05-06"],
    ]
    reading, outcomes = read(write(tmp_path / "a.csv", rows))
    assert reading.refused == ()
    assert [(outcome.row, [draft.one("party") for draft in outcome.drafts]) for outcome in outcomes] == [
        (4, ["鹿乡银行股份有限公司"])
    ]


@pytest.mark.parametrize(
    ("header", "width"),
    [
        (["序号", "名称", "代码", "序号", "名称", "代码"], 3),
        (["序号", "名称", "代码", "", "序号", "名称", "代码"], 4),
        (["", "名称", "代码", "名称", "代码", "名称", "代码"], 2),
        (["序号", "名称", "代码", "序号", "名称"], 0),
        (["序号", "名称", "备注", "备注"], 0),
        (["名称", "名称"], 0),
        ([], 0),
    ],
)
def test_a_table_that_goes_on_beside_itself_is_seen(header: list[str], width: int) -> None:
    assert width_of_repeat(header) == width


@pytest.mark.parametrize("between", [[], [""]])
def test_the_parts_of_a_row_make_a_record_each_and_share_its_fate(tmp_path: Path, between: list[str]) -> None:
    label = ["主体名称", "统一社会信用代码", "名单", "认定日期", "认定单位"]

    def part(serial: int, day: str = "2026-05-06") -> list[str]:
        return [f"鹿乡{serial}号食品有限公司", make_code(serial), "诚信典型", day, "某某市文明办"]

    rows = [
        [*label, *between, *label],
        [*part(1), *between, *part(2)],
        [*part(3), *between, *[""] * 5],
        [*part(4), *between, *part(5, "五月")],
    ]
    reading, outcomes = read(write(tmp_path / "a.csv", rows))
    assert reading.refused == ()
    assert [(o.row, len(o.drafts), [p.rule for p in o.problems]) for o in outcomes] == [
        (2, 2, []),
        (3, 1, []),
        (4, 0, ["date"]),
    ]
    assert [note for outcome in outcomes for note in outcome.notes] == []


@pytest.mark.parametrize("title", ["限制高消费名单", "某某市限制消费人员公示"])
def test_a_title_that_names_another_list_than_the_columns_is_asked_about(tmp_path: Path, title: str) -> None:
    header = ["被执行人名称", "案号", "执行法院", "立案时间", "发布时间"]
    row = ["鹿乡一号食品有限公司", "(2026)吉0499执1号", "某某区人民法院", "2026-01-02", "2026-02-03"]
    path = write(tmp_path / "a.csv", [[title], header, row])
    reading, [outcome] = read(path)
    assert [problem.message for problem in reading.refused] == [
        "标题说的是“限制高消费被执行人”，列名却像“失信被执行人”；请用 --kind 指明是哪个名单"
    ]
    assert outcome.drafts == ()
    reading, [outcome] = read(path, kind="court_defaulters")
    assert [draft.list for draft in outcome.drafts] == ["court_defaulters"]


@pytest.mark.parametrize(
    ("label", "amount"),
    [
        ("罚款金额（万元）", "50000"),
        ("罚款金额(元)", "5"),
        ("罚款金额（单位：元）", "5"),
        ("罚款金额（千元）", "5000"),
        ("罚款金额", None),
        ("罚款金额（次）", None),
    ],
)
def test_a_known_amount_is_read_in_the_unit_that_its_own_label_says(
    tmp_path: Path, label: str, amount: str | None
) -> None:
    header = ["行政相对人名称", "行政处罚决定书文号", "处罚决定日期", "处罚机关", label]
    cells = ["鹿乡一号食品有限公司", "某罚〔2026〕1号", "2026-05-06", "某某局", "5"]
    reading, [outcome] = read(write(tmp_path / "a.csv", [header, cells]))
    assert outcome.drafts[0].content.get("fine_amount") == amount
    assert bool(reading.notes) is (amount is None)
