"""What does draft-mapping make of sheets whose labels mislead, whose header is odd, or whose kind is in doubt?"""

import csv
import tomllib
from pathlib import Path
from typing import Any

import pytest
from deliveries import CATALOG, code

from indexers.drafting import draft_mapping
from indexers.errors import UsageError
from indexers.mapping_files import load_mapping

FIRM, OFFICE = "鹿乡一号食品有限公司", "某某市市场监督管理局"


def draft(folder: Path, name: str, rows: list[list[str]], **answers: str) -> dict[str, Any]:
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return tomllib.loads(draft_mapping(path, CATALOG, answers))


def fields_of(drafted: dict[str, Any]) -> dict[str, str]:
    return {column["names"][0]: column["to"] for column in drafted["columns"] if column.get("to")}


MISLEADING = {
    "许可证": (
        [
            ("许可证编号", "JY1", "licence_number"),
            ("企业名称", FIRM, "party"),
            ("经营范围", "处方药", "licence_content"),
            ("发证日期", "2026-01-08", "decided_on"),
            ("发证机关", "某某省药品监督管理局", "authority"),
            ("日常监管机构", OFFICE, ""),
        ]
    ),
    "处罚公开": (
        [
            ("案件名称", "过期食品案", "document_title"),
            ("主体资格证照名称", "营业执照", ""),
            ("被处罚当事人", FIRM, "party"),
            ("行政处罚内容", "罚款五千元", "penalty_content"),
            ("作出行政处罚决定机关名称", OFFICE, "authority"),
            ("作出行政处罚决定日期", "2026-01-08", "decided_on"),
        ]
    ),
    "双随机抽查": (
        [
            ("抽查计划名称", "2026年度年报抽查", "document_title"),
            ("被抽查主体名称", FIRM, "party"),
            ("抽查机关", OFFICE, "authority"),
            ("检查人员", "某甲、某乙", ""),
            ("抽查完成日期", "2026-01-08", "decided_on"),
            ("抽查结果", "未发现问题", "result"),
        ]
    ),
    "食品抽检结果": (
        [
            ("标称生产企业名称", "鹿乡二号食品有限公司", ""),
            ("被抽样单位名称", FIRM, "party"),
            ("公告日期", "2026-01-08", "decided_on"),
            ("任务来源/项目名称", "某某市抽检", "document_title"),
        ]
    ),
    "环评审批": (
        [
            ("项目名称", "食品厂项目", "document_title"),
            ("建设单位", FIRM, "party"),
            ("环境影响评价机构", "某某环保有限公司", ""),
            ("受理日期", "2026-01-01", ""),
            ("审批文号", "某环审〔2026〕1号", "document_number"),
            ("审批时间", "2026-01-08", "decided_on"),
            ("审批部门", "某某市生态环境局", "authority"),
        ]
    ),
    "限制消费人员": (
        [
            ("申请人", "某某银行股份有限公司", ""),
            ("被限制消费人员", FIRM, "party"),
            ("案号", "(2026)吉0499执1号", "document_number"),
            ("执行法院", "某某区人民法院", "authority"),
            ("发布日期", "2026-01-08", "decided_on"),
        ]
    ),
    "xzcf": (
        [
            ("XZXDRMC", FIRM, "party"),
            ("TYSHXYDM", code(1), "uscc"),
            ("CFJDSWH", "某罚〔2026〕1号", "document_number"),
            ("WFSS", "过期食品", "facts"),
            ("CFNR", "罚款五千元", "penalty_content"),
            ("CFJG", OFFICE, "authority"),
            ("CFRQ", "2026-01-08", "decided_on"),
        ]
    ),
}


@pytest.mark.parametrize("name", MISLEADING)
def test_each_field_gets_the_column_that_means_it_most(tmp_path: Path, name: str) -> None:
    columns = MISLEADING[name]
    drafted = draft(tmp_path, name, [[c[0] for c in columns], *[[c[1] for c in columns]] * 3])
    assert fields_of(drafted) == {label: field for label, _, field in columns if field}


def test_the_order_of_the_columns_does_not_matter(tmp_path: Path) -> None:
    columns = MISLEADING["许可证"][::-1]
    drafted = draft(tmp_path, "许可证", [[c[0] for c in columns], *[[c[1] for c in columns]] * 3])
    assert fields_of(drafted) == {label: field for label, _, field in columns if field}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("某某市诚信红榜", "honour_entry"),
        ("某某市失信黑榜", "adverse_entry"),
        ("某某市经营异常名录", "abnormal_operation"),
        ("双随机抽查结果", "other_administrative_act"),
        ("某某市红黑榜", "?"),
        ("名单", "?"),
    ],
)
def test_the_title_tells_the_kind_where_labels_do_not(tmp_path: Path, title: str, kind: str) -> None:
    header = ["序号", "企业名称", "统一社会信用代码", "事由", "发布单位", "发布日期"]
    rows = [[title], header, ["1", FIRM, code(1), "某事", OFFICE, "2026-01-08"]]
    assert draft(tmp_path, "表", rows)["kind"] == kind


def test_a_list_is_not_taken_from_a_template_that_fits_no_better_than_another(tmp_path: Path) -> None:
    header = ["企业名称", "统一社会信用代码", "发布单位", "发布日期"]
    rows = [["某某市诚信红榜"], header, [FIRM, code(1), OFFICE, "2026-01-08"]]
    assert draft(tmp_path, "表", rows)["constants"] == {"list": "?"}


def test_a_kind_in_doubt_must_be_answered_before_an_import(tmp_path: Path) -> None:
    header = ["企业名称", "统一社会信用代码", "列入原因", "列入日期", "列入决定机关"]
    rows = [header, [FIRM, code(1), "未年报", "2026-01-08", OFFICE]]
    draft(tmp_path, "表", rows)
    mapping = tmp_path / "表.toml"
    mapping.write_text(draft_mapping(tmp_path / "表.csv", CATALOG), encoding="utf-8")
    assert "分不清是哪一类" in mapping.read_text("utf-8")
    with pytest.raises(UsageError, match="kind"):
        load_mapping(mapping, CATALOG)
    assert load_mapping(mapping, CATALOG, {"kind": "abnormal_operation"}).kind == "abnormal_operation"
    assert draft(tmp_path, "表", rows, kind="abnormal_operation")["kind"] == "abnormal_operation"


def test_what_was_repaired_or_withdrawn_is_drafted_as_events_and_asked(tmp_path: Path) -> None:
    header = ["被执行人名称", "案号", "执行法院", "发布时间", "屏蔽日期"]
    rows = [
        ["失信被执行人撤销公告"],
        header,
        [FIRM, "(2026)吉0499执1号", "某某区人民法院", "2026-01-05", "2026-05-06"],
    ]
    assert draft(tmp_path, "表", rows)["kind"] == "?"
    drafted = draft(tmp_path, "表", rows, kind="events")
    assert fields_of(drafted)["屏蔽日期"] == "event_on"
    assert drafted["constants"] == {"kind": "court_defaulter", "event": "?"}


def test_a_row_of_data_is_not_taken_for_the_header(tmp_path: Path) -> None:
    header = ["name", "credit_code", "doc_no", "decision_date", "authority", "fact", "result"]
    row = [FIRM, code(1), "某罚〔2026〕3号", "2026-04-05", "某某市教育局", "违反办学依据的违法行为", "罚款"]
    drafted = draft(tmp_path, "penalties", [header, row, row, row], kind="administrative_penalty")
    assert fields_of(drafted) == {
        "name": "party",
        "credit_code": "uscc",
        "doc_no": "document_number",
        "decision_date": "decided_on",
        "authority": "authority",
        "fact": "facts",
        "result": "penalty_content",
    }


def test_a_header_that_goes_on_in_the_next_row_is_read_from_its_first_row(tmp_path: Path) -> None:
    rows = [
        ["某某市许可公示"],
        ["序号", "申请人信息", "", "许可信息", "", "有效期限", "", "备注"],
        ["", "单位名称", "统一社会信用代码", "许可事项", "准予许可日期", "起", "止", ""],
        ["1", FIRM, code(1), "食品经营", "2026-01-08", "2026-01-08", "2029-01-07", ""],
    ]
    fields = fields_of(draft(tmp_path, "表", rows))
    assert fields["有效期限起"], fields["有效期限止"] == ("valid_from", "valid_until")
    assert fields["备注"] == "remark"


def test_one_code_with_its_check_digit_tells_what_a_column_is(tmp_path: Path) -> None:
    rows = [["承诺人", "主体代码", "承诺事项", "承诺日期"], [FIRM, code(1), "守法经营", "2026-01-08"]]
    assert fields_of(draft(tmp_path, "承诺书", rows))["主体代码"] == "uscc"


def test_what_a_kind_takes_instead_is_told_and_answers_the_question(tmp_path: Path) -> None:
    rows = [["检查对象", "检查机关", "检查日期", "随机内容"], [FIRM, OFFICE, "2026-01-08", "食品安全"]]
    draft(tmp_path, "双随机抽查", rows)
    text = draft_mapping(tmp_path / "双随机抽查.csv", CATALOG)
    assert tomllib.loads(text)["constants"] == {"document_number": "?"}
    assert "content（事项内容）" in text
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        text.replace('# { names = ["随机内容"], to = "" }', '{ names = ["随机内容"], to = "content" }')
    )
    assert "document_number" not in load_mapping(mapping, CATALOG).constants


def test_a_party_is_asked_for_as_a_column(tmp_path: Path) -> None:
    rows = [
        ["丙", "处罚决定书文号", "处罚日期", "处罚机关"],
        ["abc", "某罚〔2026〕1号", "2026-01-08", OFFICE],
    ]
    draft(tmp_path, "处罚", rows)
    assert "columns 里指出哪一列" in draft_mapping(tmp_path / "处罚.csv", CATALOG)


def test_codes_of_a_state_are_exchanged_as_by_the_template_that_knows_the_whole_sheet(tmp_path: Path) -> None:
    header = ["行政许可决定书文号", "项目名称", "审批类别", "许可内容", "行政相对人名称", "许可决定日期"]
    more = ["许可截止期", "许可机关", "当前状态", "地方编码", "数据更新时间戳"]
    cells = ["某许〔2026〕1号", "某项目", "1", "食品经营", FIRM, "2026-01-08"]
    rows = [[*header, *more], [*cells, "2027-01-07", OFFICE, "1", "220402", "2026-01-09"]]
    [status] = [c for c in draft(tmp_path, "许可", rows)["columns"] if c.get("to") == "status"]
    assert status["values"]["1"] == "撤销"
    [status] = [
        c
        for c in draft(tmp_path, "许可", [["许可内容", "当前状态"], ["食品经营", "1"]])["columns"]
        if c.get("to") == "status"
    ]
    assert "values" not in status
