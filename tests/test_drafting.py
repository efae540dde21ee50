import csv
import tomllib
from datetime import date
from pathlib import Path

import pytest
from deliveries import read_sheets

from indexers.catalog import load_catalog
from indexers.drafting import draft_mapping
from indexers.errors import SheetError, UsageError
from indexers.mapping_files import load_mapping
from samples.codes import uscc_check_digit

CATALOG = load_catalog()
TODAY = date(2026, 11, 22)


def make_code(serial: int) -> str:
    first = f"91220402MA{serial:07d}"
    return first + uscc_check_digit(first)


def write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


REGULATOR = [
    ["某年行政处罚信息公开表"],
    [
        "序号",
        "处罚单位名称",
        "个人姓名",
        "行政处罚决定书文号",
        "主要违法违规事实（案由）",
        "行政处罚依据",
        "行政处罚决定",
        "作出处罚决定的机关名称",
        "作出处罚决定的日期",
    ],
    [
        "1",
        "鹿乡农村信用合作联社",
        "",
        "某罚〔2017〕1号",
        "未按规定报送",
        "某法第一条",
        "罚款90万元",
        "某某监管分局",
        "2017年8月28日",
    ],
    ["2", "", "王小明", "某罚〔2017〕2号", "王小明负责", "某法第一条", "警告", "某某监管分局", "2017.8.29"],
]

TAXPAYERS = [
    ["纳税人识别号", "纳税人名称", "评价年度"],
    [make_code(1), "鹿乡一号食品有限公司", "2023"],
    [make_code(2), "鹿乡二号食品有限公司", "2023"],
]

LICENCES = [
    ["许可证编号", "被许可单位", "许可内容", "发证日期", "有效期至", "联系电话", "本局备用栏"],
    ["JY1220402000001", "鹿乡一号食品有限公司", "食品经营", "2024/1/2", "2029/1/1", "13800000000", "x"],
]


def columns_of(text: str) -> dict[str, str]:
    return {column["names"][0]: column.get("to", "") for column in tomllib.loads(text)["columns"]}


def outcomes_of(path: Path, text: str, answers: dict[str, str]) -> list[tuple[int, int, int]]:
    file = path.with_suffix(".toml")
    file.write_text(text, encoding="utf-8")
    mapping = load_mapping(file, CATALOG, answers)
    sheets = read_sheets(path, CATALOG, today=TODAY, mapping=mapping)
    return [(o.row, len(o.drafts), len(o.persons)) for _, outcomes in sheets for o in outcomes]


def test_a_regulators_sheet_is_mapped_whole_and_imports(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", REGULATOR)
    text = draft_mapping(path, CATALOG)
    assert tomllib.loads(text)["kind"] == "administrative_penalty"
    assert columns_of(text) == {
        "序号": "",
        "处罚单位名称": "party",
        "个人姓名": "person_name",
        "行政处罚决定书文号": "document_number",
        "主要违法违规事实（案由）": "facts",
        "行政处罚依据": "legal_basis",
        "行政处罚决定": "penalty_content",
        "作出处罚决定的机关名称": "authority",
        "作出处罚决定的日期": "decided_on",
    }
    assert outcomes_of(path, text, {}) == [(3, 1, 0), (4, 0, 1)]


@pytest.mark.parametrize("label", ["被处罚单位名称", "当事人名称", "单位名称", "行政相对人"])
def test_other_labels_of_the_party_are_known(tmp_path: Path, label: str) -> None:
    header = [label if cell == "处罚单位名称" else cell for cell in REGULATOR[1]]
    text = draft_mapping(write(tmp_path / "a.csv", [header, *REGULATOR[2:]]), CATALOG)
    assert columns_of(text)[label] == "party"


def test_what_a_sheet_of_taxpayers_cannot_tell_is_asked(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", TAXPAYERS)
    text = draft_mapping(path, CATALOG)
    constants = tomllib.loads(text)["constants"]
    assert constants == {"list": "tax_grade_a", "authority": "?", "decided_on": "?"}
    answers = {"authority": "某某市税务局", "decided_on": "2024-04-01"}
    assert outcomes_of(path, text, answers) == [(2, 1, 0), (3, 1, 0)]
    answered = draft_mapping(path, CATALOG, answers)
    assert tomllib.loads(answered)["constants"] == {"list": "tax_grade_a", **answers}


def test_a_sheet_of_licences_asks_for_its_authority_and_drops_what_is_personal(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", LICENCES)
    text = draft_mapping(path, CATALOG)
    table = tomllib.loads(text)
    assert (table["kind"], table["constants"]) == ("administrative_licence", {"authority": "?"})
    assert {"names": ["联系电话"], "drop": True} in table["columns"]
    assert '# { names = ["本局备用栏"]' in text
    assert columns_of(text)["被许可单位"] == "party"
    assert outcomes_of(path, text, {"authority": "某某市行政审批局"}) == [(2, 1, 0)]


def test_columns_that_say_nothing_are_taken_for_what_their_values_are(tmp_path: Path) -> None:
    rows = [
        ["甲", "乙", "行政处罚依据"],
        *([f"鹿乡{n}号食品有限公司", make_code(n), "某法"] for n in range(1, 6)),
    ]
    text = draft_mapping(write(tmp_path / "a.csv", rows), CATALOG, {"kind": "administrative_penalty"})
    assert columns_of(text) == {"甲": "party", "乙": "uscc", "行政处罚依据": "legal_basis"}


def test_a_label_that_its_values_contradict_is_left_to_the_clerk(tmp_path: Path) -> None:
    header = [*REGULATOR[1][:-1], "处罚日期"]
    rows = [[*cells[:-1], "某某监管分局"] for cells in REGULATOR[2:]]
    text = draft_mapping(write(tmp_path / "a.csv", [header, *rows]), CATALOG)
    assert tomllib.loads(text)["constants"] == {"decided_on": "?"}


def test_wrong_answers_and_empty_files_are_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", REGULATOR)
    with pytest.raises(UsageError, match="colour"):
        draft_mapping(path, CATALOG, {"colour": "red"})
    with pytest.raises(UsageError, match="nothing"):
        draft_mapping(path, CATALOG, {"kind": "nothing"})
    with pytest.raises(SheetError, match="表头"):
        draft_mapping(write(tmp_path / "b.csv", []), CATALOG)


def test_a_key_that_a_column_fills_by_now_is_answered(tmp_path: Path) -> None:
    rows = [
        ["被罚单位名称", "处罚的那天", "文书编号", "违规违法事实（案由）"],
        ["辽源市鹿乡商贸有限公司", "2026年3月2日", "辽演罚字〔2026〕1号", "未按规定报送统计报表"],
    ]
    path = write(tmp_path / "a.csv", rows)
    draft = draft_mapping(path, CATALOG, {"kind": "administrative_penalty", "authority": "辽源市演示局"})
    assert 'decided_on = "?"' in draft
    filled = draft.replace(
        "columns = [", 'columns = [\n    { names = ["处罚的那天"], to = "decided_on" },', 1
    )
    assert outcomes_of(path, filled, {}) == [(2, 1, 0)]
    with pytest.raises(UsageError, match="decided_on"):
        outcomes_of(path, draft, {})


def test_a_label_that_a_template_knows_is_taken_before_one_that_is_guessed(tmp_path: Path) -> None:
    header = ["许可决定书文号", "许可项目", "被许可单位", "许可内容", "许可机关", "许可决定日期"]
    cells = ["某许〔2024〕1号", "食品", "鹿乡一号食品有限公司", "食品经营", "某某市行政审批局", "2024-01-02"]
    text = draft_mapping(write(tmp_path / "a.csv", [header, cells]), CATALOG)
    assert columns_of(text)["许可内容"] == "licence_content"
    assert '# { names = ["许可项目"]' in text


def test_codes_that_templates_exchange_for_words_are_exchanged_by_the_draft_too(tmp_path: Path) -> None:
    header = ["被执行人名称", "partyTypeName", "cardNum", "案号", "执行法院", "发布时间"]
    rows = [
        ["鹿乡一号食品有限公司", "1", "MA000000-1", "(2024)吉0499执1号", "某某市人民法院", "20240301"],
        ["王小明", "0", "220499198001011117", "(2024)吉0499执2号", "某某市人民法院", "20240301"],
    ]
    path = write(tmp_path / "失信被执行人.csv", [header, *rows])
    text = draft_mapping(path, CATALOG)
    assert outcomes_of(path, text, {}) == [(2, 1, 0), (3, 0, 1)]
    status = [["许可内容", "当前状态"], ["食品经营", "1"]]
    assert "values" not in draft_mapping(write(tmp_path / "b.csv", status), CATALOG)


def test_a_column_of_codes_or_numbers_of_persons_is_read_as_codes(tmp_path: Path) -> None:
    header = ["许可证编号", "经营者名称", "社会信用代码（身份证号码）", "发证机关", "发证日期"]
    rows = [
        ["JY1", "鹿乡一号食品有限公司", make_code(1), "某某市行政审批局", "2024-01-02"],
        ["JY2", "王小明", "220499198001011117", "某某市行政审批局", "2024-01-02"],
    ]
    path = write(tmp_path / "a.csv", [header, *rows])
    text = draft_mapping(path, CATALOG)
    assert columns_of(text)["社会信用代码（身份证号码）"] == "uscc"
    assert outcomes_of(path, text, {}) == [(2, 1, 0), (3, 0, 1)]


def test_a_column_of_numbers_with_codes_among_them_is_read_as_codes(tmp_path: Path) -> None:
    header = ["被限制消费人员名称", "证件号码", "案号", "执行法院", "发布时间"]
    rows = [
        ["鹿乡一号食品有限公司", make_code(1), "(2026)吉0499执1号", "某某区人民法院", "2026-03-01"],
        ["王小明", "220499198001011117", "(2026)吉0499执2号", "某某区人民法院", "2026-03-01"],
    ]
    path = write(tmp_path / "限制消费人员.csv", [header, *rows])
    text = draft_mapping(path, CATALOG)
    assert columns_of(text)["证件号码"] == "uscc"
    assert outcomes_of(path, text, {}) == [(2, 1, 0), (3, 0, 1)]


def test_numbers_of_persons_only_help_to_tell_persons(tmp_path: Path) -> None:
    header = ["许可内容", "被许可单位", "居民身份证号", "法定代表人身份证号", "许可机关", "许可决定日期"]
    cells = ["食品经营", "JOHN SMITH", "220499198001011117", "", "某某市行政审批局", "2024-01-02"]
    firm = ["食品经营", "鹿乡一号食品有限公司", "", "", "某某市行政审批局", "2024-01-02"]
    path = write(tmp_path / "a.csv", [header, cells, firm])
    text = draft_mapping(path, CATALOG)
    assert columns_of(text)["居民身份证号"] == "identity_number"
    assert {"names": ["法定代表人身份证号"], "drop": True} in tomllib.loads(text)["columns"]
    assert outcomes_of(path, text, {}) == [(2, 0, 1), (3, 1, 0)]


def test_the_list_is_known_by_the_title_above_the_table(tmp_path: Path) -> None:
    header = ["单位名称", "统一社会信用代码", "列入事由", "认定单位", "认定日期"]
    cells = ["鹿乡一号食品有限公司", make_code(1), "迟报", "某某市统计局", "2026-01-02"]
    path = write(tmp_path / "a.csv", [["某市统计严重失信企业名单"], header, cells])
    assert tomllib.loads(draft_mapping(path, CATALOG))["constants"]["list"] == "statistics_dishonesty"


def test_a_table_without_a_header_is_told_and_nothing_of_it_is_written(tmp_path: Path) -> None:
    data = [["鹿乡一号食品有限公司", "220499198001011117", "2024-01-02"]] * 3
    with pytest.raises(SheetError, match="表头"):
        draft_mapping(write(tmp_path / "a.csv", data), CATALOG)
    with pytest.raises(SheetError, match="没有一列"):
        draft_mapping(write(tmp_path / "b.csv", [["a", "b"], ["c", "d"]]), CATALOG)


# What published sheets of other offices are labelled with: label → field, and the values that decide where it is
# unclear. Each is one sheet; a field of "" is left out.
CODE = make_code(1)
PUBLISHED = {
    "central bank": (
        "administrative_penalty",
        [
            ("当事人名称（姓名）", "鹿乡银行股份有限公司", "party"),
            ("行政处罚决定书文号", "某银罚字〔2026〕1号", "document_number"),
            ("违法行为类型", "违反账户管理规定", "violation_type"),
            ("行政处罚内容", "警告，并处罚款125.5万元", "penalty_content"),
            ("作出行政处罚决定机关名称", "某某市分行", "authority"),
            ("作出行政处罚决定日期", "2026年2月8日", "decided_on"),
        ],
    ),
    "securities regulator": (
        "administrative_penalty",
        [
            ("机构名称", "鹿乡证券股份有限公司", "party"),
            ("法人代表", "王某", "legal_representative"),
            ("处罚文号", "某证监罚〔2026〕5号", "document_number"),
            ("处罚事由", "信息披露违法", "facts"),
            ("处罚措施", "警告，并处60万元罚款", "penalty_content"),
            ("处罚日期", "2026/5/6", "decided_on"),
            ("处罚机构", "某某证监局", "authority"),
            ("录入人", "某甲", ""),
        ],
    ),
    "licences with ranges": (
        "administrative_licence",
        [
            ("企业名称", "鹿乡一号化工有限公司", "party"),
            ("许可证编号", "（某）安许证字[2026]00123", "licence_number"),
            ("许可范围", "危险化学品经营", "licence_content"),
            ("发证日期", "2026年5月6日", "decided_on"),
            ("有效期", "2026.5.6至2029.5.5", "valid_until"),
            ("发证机关", "某某市应急管理局", "authority"),
            ("单位地址", "某路5号", ""),
        ],
    ),
    "commitments": (
        "commitment",
        [
            ("承诺主体名称", "鹿乡一号食品有限公司", "party"),
            ("统一社会信用代码", CODE, "uscc"),
            ("承诺类型", "主动公示型", "commitment_type"),
            ("承诺事项", "信用承诺", "ground"),
            ("承诺日期", "2026-05-05", "decided_on"),
            ("受理部门", "某某市发展和改革局", "authority"),
            ("履约状态", "履行中", "performance"),
        ],
    ),
    "procurement": (
        "procurement_misconduct",
        [
            ("企业名称", "鹿乡一号食品有限公司", "party"),
            ("统一社会信用代码（或组织机构代码）", CODE, "uscc"),
            ("企业地址", "某路4号", ""),
            ("严重违法失信行为的具体情形", "提供虚假材料谋取中标", "facts"),
            ("处罚结果", "一年内禁止参加政府采购活动", "result"),
            ("处罚日期", "2026-02-03", "decided_on"),
            ("执法单位", "某某市财政局", "authority"),
        ],
    ),
    "directory of abnormal operations": (
        "abnormal_operation",
        [
            ("注册号/统一社会信用代码", CODE, "uscc"),
            ("企业名称", "鹿乡一号食品有限公司", "party"),
            ("列入日期", "2026-07-05", "decided_on"),
            ("列入经营异常名录原因", "未按规定的期限公示年度报告", "listing_reason"),
            ("列入决定机关", "某某市市场监督管理局", "authority"),
            ("移出日期", "2026-08-01", "exited_on"),
            ("移出经营异常名录原因", "已补报", "exit_reason"),
        ],
    ),
    "all lists of a city": (
        "adverse_entry",
        [
            ("企业名称", "鹿乡一号食品有限公司", "party"),
            ("名单类型", "安全生产黑名单", "list"),
            ("列入原因", "发生事故", "listing_reason"),
            ("认定部门", "某某市应急管理局", "authority"),
            ("列入日期", "2026-03-04", "decided_on"),
        ],
    ),
    "red list of a portal": (
        "honour_entry",
        [
            ("企业名称", "鹿乡一号食品有限公司", "party"),
            ("统一社会信用代码", CODE, "uscc"),
            ("数据类别", "A级纳税人", "list"),
            ("评价年度", "2025", "year"),
            ("认定时间", "2026-04-30", "decided_on"),
            ("认定单位", "某某市税务局", "authority"),
            ("有效期限", "1年", "valid_until"),
        ],
    ),
}


@pytest.mark.parametrize("sheet", PUBLISHED)
def test_sheets_as_offices_publish_them_leave_nothing_open(tmp_path: Path, sheet: str) -> None:
    kind, columns = PUBLISHED[sheet]
    rows = [[label for label, _, _ in columns], *[[value for _, value, _ in columns]] * 3]
    path = write(tmp_path / "表.csv", rows)
    text = draft_mapping(path, CATALOG)
    drafted = tomllib.loads(text)
    assert drafted["kind"] == kind
    assert columns_of(text) == {label: field for label, _, field in columns}
    assert "?" not in drafted["constants"].values()
    assert {(drafts, persons) for _, drafts, persons in outcomes_of(path, text, {})} == {(1, 0)}


def test_columns_of_published_sheets_that_are_seldom_labelled_so_are_known(tmp_path: Path) -> None:
    header = ["证照编号", "持证单位", "经营范围", "发证机关", "发证日期"]
    row = ["吉卫公1", "鹿乡宾馆有限公司", "住宿", "某某市卫生健康局", "2026-02-01"]
    assert columns_of(draft_mapping(write(tmp_path / "a.csv", [header, row]), CATALOG))["证照编号"] == (
        "licence_number"
    )
    header = [
        "当事人名称",
        "处罚决定书文号",
        "违法事实",
        "罚没金额",
        "没收违法所得（万元）",
        "处罚机关",
        "处罚日期",
    ]
    row = ["鹿乡一号食品有限公司", "某罚〔2026〕1号", "过期", "0.5万元", "0.01", "某某局", "2026-02-01"]
    columns = columns_of(draft_mapping(write(tmp_path / "b.csv", [header, row]), CATALOG))
    assert (columns["罚没金额"], columns["没收违法所得（万元）"]) == ("fine_amount", "confiscated_amount")


@pytest.mark.parametrize("other", ["作出处理处罚决定日期", "认定日期"])
def test_the_day_of_a_list_is_that_of_the_entry(tmp_path: Path, other: str) -> None:
    header = ["纳税人名称", "纳税人识别号", "案件性质", "实施检查单位", other, "列入日期"]
    row = ["鹿乡一号贸易有限公司", CODE, "虚开发票", "某某市税务局稽查局", "2026-03-01", "2026-04-01"]
    text = draft_mapping(write(tmp_path / "重大税收违法.csv", [header, row]), CATALOG)
    assert (columns_of(text)["列入日期"], other in columns_of(text)) == ("decided_on", False)


def test_the_time_for_which_an_entry_stands_ends_it(tmp_path: Path) -> None:
    header = ["企业名称", "失信行为", "认定部门", "认定时间", "惩戒期限"]
    row = ["鹿乡一号贸易有限公司", "某事", "某某局", "2026-03-01", "3年"]
    path = write(tmp_path / "黑名单.csv", [header, row])
    text = draft_mapping(path, CATALOG, {"list": "safety_dishonesty"})
    assert columns_of(text)["惩戒期限"] == "valid_until"
    (tmp_path / "a.toml").write_text(text, "utf-8")
    mapping = load_mapping(tmp_path / "a.toml", CATALOG)
    [(_, outcomes)] = read_sheets(path, CATALOG, today=TODAY, mapping=mapping)
    assert [draft.one("valid_until") for o in outcomes for draft in o.drafts] == ["2029-03-01"]


def test_the_list_that_a_title_names_tells_the_kind(tmp_path: Path) -> None:
    rows = [
        ["某某市拖欠农民工工资失信联合惩戒对象名单"],
        ["单位名称", "统一社会信用代码", "主要违法事实", "列入日期", "列入决定机关"],
        ["鹿乡一号建筑有限公司", CODE, "拖欠45名农民工工资120万元", "2026年6月1日", "某某市人社局"],
    ]
    text = draft_mapping(write(tmp_path / "a.csv", rows), CATALOG)
    assert tomllib.loads(text)["kind"] == "wage_arrears"
    assert tomllib.loads(text)["constants"] == {"list": "wage_arrears"}


def test_a_label_that_the_best_template_has_is_chosen_before_one_of_another_template(tmp_path: Path) -> None:
    header = [
        "项目名称",
        "许可决定文书号",
        "审批类别",
        "行政相对人名称",
        "许可内容",
        "许可决定日期",
        "许可截止期",
        "许可机关",
    ]
    cells = [
        "食品许可",
        "某许〔2026〕1号",
        "普通",
        "鹿乡一号食品有限公司",
        "食品",
        "2026-01-02",
        "2029-01-01",
        "某某局",
    ]
    labels = [*header, "行政许可决定文书名称"]
    text = draft_mapping(write(tmp_path / "a.csv", [labels, [*cells, "许可证"]]), CATALOG)
    assert columns_of(text)["项目名称"] == "document_title"
    assert "行政许可决定文书名称" not in columns_of(text)


SUMMARY = [
    ("案件名称", "鹿乡一号食品有限公司经营超过保质期食品案", "document_title"),
    ("处罚决定书文号", "某市监处罚〔2026〕1号", "document_number"),
    ("违法企业名称或违法自然人姓名", "鹿乡一号食品有限公司", "party"),
    ("违反法律法规的主要事实", "经营超过保质期的食品", "facts"),
    ("行政处罚的种类和依据", "罚款；某法第一条", "legal_basis"),
    ("作出处罚的机关名称和日期", "某某市市场监督管理局\n2026年5月6日", "authority"),
]


@pytest.mark.parametrize(
    "cell",
    [
        "某某市市场监督管理局\n2026年5月6日",
        "某某市市场监督管理局 2026.5.6",
        "2026-05-06，某某市市场监督管理局",
    ],
)
@pytest.mark.parametrize("label", ["作出处罚的机关名称和日期", "查处部门及时间"])
def test_an_office_and_a_day_in_one_cell_are_told_apart(tmp_path: Path, label: str, cell: str) -> None:
    columns = [*SUMMARY[:-1], (label, cell, "authority")]
    person = [value for _, value, _ in columns]
    person[2] = "王小明"
    rows = [[name for name, _, _ in columns], [value for _, value, _ in columns], person]
    path = write(tmp_path / "a.csv", rows)
    text = draft_mapping(path, CATALOG)
    assert columns_of(text) == {name: field for name, _, field in columns}
    (tmp_path / "a.toml").write_text(text, "utf-8")
    mapping = load_mapping(tmp_path / "a.toml", CATALOG)
    [(_, outcomes)] = read_sheets(path, CATALOG, today=TODAY, mapping=mapping)
    first, second = outcomes
    [made] = first.drafts
    assert (made.one("authority"), made.one("decided_on")) == ("某某市市场监督管理局", "2026-05-06")
    assert (second.drafts, len(second.persons)) == ((), 1)


def test_a_day_that_is_not_in_the_cell_is_a_problem_of_its_row(tmp_path: Path) -> None:
    rows = [[label for label, _, _ in SUMMARY], [value for _, value, _ in SUMMARY]]
    rows[1][-1] = "某某市市场监督管理局"
    [(reading, outcomes)] = read_sheets(write(tmp_path / "a.csv", rows), CATALOG, today=TODAY)
    assert reading.template == "penalty_summary_table"
    [outcome] = outcomes
    assert [(p.column, p.message) for p in outcome.problems] == [
        ("作出处罚的机关名称和日期", "缺少处罚决定日期；请补填")
    ]


@pytest.mark.parametrize(
    ("title", "unit"), [("单位：万元", "万元"), ("（单位: 人民币千元）", "千元"), ("", "")]
)
def test_the_unit_above_a_table_holds_for_its_columns_of_money(tmp_path: Path, title: str, unit: str) -> None:
    header = ["单位名称", "处罚决定书文号", "案由", "罚款金额", "处罚机关", "处罚决定日期"]
    row = ["鹿乡一号食品有限公司", "某罚〔2026〕1号", "违规", "5", "某某局", "2026-05-06"]
    text = draft_mapping(write(tmp_path / "a.csv", [["处罚公示", title], header, row]), CATALOG)
    amounts = {column["names"][0]: column.get("amount", "") for column in tomllib.loads(text)["columns"]}
    assert amounts["罚款金额"] == unit


def test_the_list_that_a_title_names_outweighs_columns_that_another_list_has_too(tmp_path: Path) -> None:
    header = ["被执行人", "案号", "执行法院", "立案时间", "发布时间"]
    row = ["鹿乡一号食品有限公司", "(2026)吉0499执1号", "某某区人民法院", "2026-01-02", "2026-02-03"]
    text = draft_mapping(write(tmp_path / "a.csv", [["限制高消费名单"], header, row]), CATALOG)
    drafted = tomllib.loads(text)
    assert (drafted["kind"], drafted["constants"]) == (
        "consumption_restriction",
        {"list": "consumption_restrictions"},
    )


def test_a_weak_hint_counts_only_where_nothing_else_gives_the_field(tmp_path: Path) -> None:
    header = ["公示日期", "社会组织名称", "列入原因", "列入日期", "登记管理机关"]
    row = ["2026-03-09", "某某市诚信协会", "未年检", "2026-03-05", "某某市民政局"]
    text = draft_mapping(write(tmp_path / "a.csv", [header, row]), CATALOG)
    assert columns_of(text)["社会组织名称"] == "party"
    assert columns_of(text)["列入日期"] == "decided_on"
    assert "公示日期" not in columns_of(text)
    left = [[cell for place, cell in enumerate(cells) if place != 3] for cells in (header, row)]
    assert columns_of(draft_mapping(write(tmp_path / "b.csv", left), CATALOG))["公示日期"] == "decided_on"
