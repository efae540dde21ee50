"""Which field does draft-mapping take a column for whose label departments made up themselves?"""

import csv
import tomllib
from pathlib import Path

import pytest
from deliveries import CATALOG, TODAY, code, read_sheets

from indexers.drafting import draft_mapping
from indexers.mapping_files import load_mapping

FIRM, DAY = "鹿乡一号食品有限公司", "2026-01-08"


def columns_of(folder: Path, kind: str, columns: list[tuple[str, str]]) -> dict[str, str]:
    """The fields by their labels; what is dropped is "-", what is not known "?"."""
    path = folder / "表.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[label for label, _ in columns], *[[v for _, v in columns]] * 3])
    known = tomllib.loads(draft_mapping(path, CATALOG, {"kind": kind}))["columns"]
    fields = {name: column.get("to") or "-" for column in known for name in column["names"]}
    return {label: fields.get(label, "?") for label, _ in columns}


@pytest.mark.parametrize("label", ["处罚决定编号", "行政处罚决定编号", "处罚决定号", "文书字轨"])
def test_the_number_of_a_penalty_is_not_its_content(tmp_path: Path, label: str) -> None:
    columns = [("当事人", FIRM), (label, "220421-1200000124"), ("处罚结果", "罚款")]
    assert columns_of(tmp_path, "administrative_penalty", columns) == {
        "当事人": "party",
        label: "document_number",
        "处罚结果": "penalty_content",
    }


def test_the_class_the_days_and_the_end_of_a_penalty_are_told_apart(tmp_path: Path) -> None:
    columns = [
        ("当事人", FIRM),
        ("处罚决定种类", "罚款"),
        ("文书制作日期", DAY),
        ("处罚生效期起", DAY),
        ("处罚生效期止", "2027-01-07"),
    ]
    assert columns_of(tmp_path, "administrative_penalty", columns) == {
        "当事人": "party",
        "处罚决定种类": "penalty_class",
        "文书制作日期": "decided_on",
        "处罚生效期起": "-",
        "处罚生效期止": "valid_until",
    }


@pytest.mark.parametrize("label", ["欠税金额", "欠税金额(元)", "欠缴税款金额", "欠缴税额"])
def test_all_that_is_owed_is_the_arrears_and_not_what_was_added_lately(tmp_path: Path, label: str) -> None:
    columns = [
        ("当期新发生的欠税金额", "0"),
        (label, "23456.7"),
        ("纳税人名称", FIRM),
        ("欠税税种", "增值税"),
    ]
    assert columns_of(tmp_path, "tax_arrears", columns) == {
        "当期新发生的欠税金额": "?",
        label: "arrears_amount",
        "纳税人名称": "party",
        "欠税税种": "tax_categories",
    }


def test_an_import_reads_the_arrears_under_the_label_of_the_notices(tmp_path: Path) -> None:
    header = ["纳税人名称", "纳税人识别号", "欠税税种", "欠税金额(万元)", "税务机关", "公告时间"]
    cells = [FIRM, code(1), "增值税", "2.5", "某某市税务局", DAY]
    path = tmp_path / "欠税公告.csv"
    path.write_text("\n".join(map(",".join, (header, cells))), "utf-8")
    [(_, outcomes)] = read_sheets(path, CATALOG, today=TODAY)
    assert [draft.content["arrears_amount"] for outcome in outcomes for draft in outcome.drafts] == ["25000"]


@pytest.mark.parametrize(
    "label",
    ["列入黑名单原因", "列入严重违法失信企业名单（黑名单）原因", "认定原因", "纳入失信名单理由"],
)
def test_why_somebody_was_listed_is_kept_under_a_label_that_names_the_list(
    tmp_path: Path, label: str
) -> None:
    columns = [("企业名称", FIRM), (label, "转包"), ("移出黑名单原因", "期满"), ("列入日期", DAY)]
    assert columns_of(tmp_path, "adverse_entry", columns) == {
        "企业名称": "party",
        label: "listing_reason",
        "移出黑名单原因": "exit_reason",
        "列入日期": "decided_on",
    }


def test_a_column_of_classes_is_that_of_the_lists_where_it_names_them(tmp_path: Path) -> None:
    columns = [("企业名称", FIRM), ("类别", "严重违法失信企业名单"), ("列入日期", DAY)]
    assert columns_of(tmp_path, "adverse_entry", columns)["类别"] == "list"
    columns[1] = ("类别", "有限责任公司")
    assert columns_of(tmp_path, "adverse_entry", columns)["类别"] == "?"


def test_a_title_and_who_gave_it_are_those_of_an_honour(tmp_path: Path) -> None:
    columns = [("企业名称", FIRM), ("荣誉称号", "守合同重信用"), ("授予单位", "某某省厅"), ("授予时间", DAY)]
    assert columns_of(tmp_path, "honour_entry", columns) == {
        "企业名称": "party",
        "荣誉称号": "honour_title",
        "授予单位": "authority",
        "授予时间": "decided_on",
    }


def test_court_defaulters_are_read_under_the_labels_of_the_courts_own_page(tmp_path: Path) -> None:
    cells = {
        "案号": "（2026）吉0499执1号",
        "失信被执行人姓名／名称": FIRM,
        "企业法人/负责人姓名": "某甲",
        "身份证号码／组织机构代码": "",
        "执行法院": "某某区人民法院",
        "法律生效文书确定的义务": "偿还借款",
        "失信被执行人具体情形": "违反财产报告制度",
        "发布时间": DAY,
    }
    path = tmp_path / "表.csv"
    path.write_text("\n".join(map(",".join, (cells.keys(), cells.values()))), "utf-8")
    [(reading, outcomes)] = read_sheets(path, CATALOG, today=TODAY)
    assert reading.notes == ()
    [draft] = [draft for outcome in outcomes for draft in outcome.drafts]
    assert [draft.content[key] for key in ("obligation", "behaviour", "legal_representative")] == [
        "偿还借款",
        "违反财产报告制度",
        "某甲",
    ]


def test_the_number_of_a_person_is_kept_from_the_record_and_its_class_is_not_taken_for_it(
    tmp_path: Path,
) -> None:
    columns = [("企业名称", FIRM), ("身份证件种类", "居民身份证"), ("身份证件号码", "2204**********0019")]
    fields = columns_of(tmp_path, "adverse_entry", columns)
    assert (fields["身份证件种类"], fields["身份证件号码"]) == ("-", "identity_number")


@pytest.mark.parametrize("label", ["主体代码", "市场主体代码", "失信主体代码"])
def test_a_code_of_the_subject_is_known_among_numbers_of_persons(tmp_path: Path, label: str) -> None:
    columns = [("主体名称", FIRM), (label, "220499199001011117"), ("列入日期", DAY)]
    assert columns_of(tmp_path, "adverse_entry", columns)[label] == "uscc"


def test_a_whole_name_is_the_partys(tmp_path: Path) -> None:
    assert columns_of(tmp_path, "administrative_penalty", [("用人单位全称", FIRM), ("处罚日期", DAY)]) == {
        "用人单位全称": "party",
        "处罚日期": "decided_on",
    }


def test_of_two_labels_of_one_field_the_template_says_which_is_meant_more(tmp_path: Path) -> None:
    columns = [("企业名称", FIRM), ("评价结果", "环境不良企业"), ("评价等级", "红牌")]
    assert columns_of(tmp_path, "credit_evaluation", columns) == {
        "企业名称": "party",
        "评价结果": "?",
        "评价等级": "evaluation_grade",
    }


def test_how_many_are_owed_how_much_is_read_with_the_listing(tmp_path: Path) -> None:
    cells = {
        "单位名称": FIRM,
        "统一社会信用代码": code(1),
        "法定代表人或主要负责人": "某甲",
        "主要违法事实": "拖欠农民工工资，经责令改正逾期未支付",
        "列入决定机关": "某某市人力资源和社会保障局",
        "列入日期": DAY,
        "拖欠人数": "45",
        "拖欠金额（万元）": "125.89",
        "移出日期": "",
    }
    path = tmp_path / "表.csv"
    path.write_text("\n".join(map(",".join, (cells.keys(), cells.values()))), "utf-8")
    [(reading, outcomes)] = read_sheets(path, CATALOG, today=TODAY)
    assert (reading.kind, reading.notes) == ("wage_arrears", ())
    [draft] = [draft for outcome in outcomes for draft in outcome.drafts]
    assert (draft.content["people_owed"], draft.content["amount_owed"]) == ("45", "1258900")
    drafted = tomllib.loads(draft_mapping(path, CATALOG))
    assert (drafted["kind"], drafted["constants"]) == ("wage_arrears", {"list": "wage_arrears"})


@pytest.mark.parametrize(
    ("other", "day"),
    [
        ("决定书送达日期", "作出行政处罚的日期"),
        ("处罚决定书送达日期", "处罚决定日期"),
        ("处罚履行日期", "处罚日期"),
        ("处罚公告日期", "处罚日期"),
        ("信息发布时间", "行政处罚作出时间"),
        ("publishDate", "penaltyDate"),
        ("fbrq", "cfrq"),
    ],
)
def test_the_day_of_a_penalty_is_not_that_on_which_it_was_told_paid_or_published(
    tmp_path: Path, other: str, day: str
) -> None:
    columns = [(other, "2026-02-01"), (day, DAY), ("当事人", FIRM), ("处罚机关", "某某局")]
    fields = columns_of(tmp_path, "administrative_penalty", columns)
    assert (fields[other], fields[day]) == ("?", "decided_on")


def test_a_day_of_publication_is_taken_where_no_other_is_there(tmp_path: Path) -> None:
    columns = [("公布日期", DAY), ("当事人", FIRM), ("处罚机关", "某某局")]
    assert columns_of(tmp_path, "administrative_penalty", columns)["公布日期"] == "decided_on"


@pytest.mark.parametrize(
    ("kind", "other", "party"),
    [
        ("administrative_penalty", "委托单位", "被处罚方"),
        ("administrative_penalty", "上级单位", "分支机构名称"),
        ("administrative_licence", "转让方", "受让方"),
        ("administrative_licence", "原企业名称", "变更后企业名称"),
        ("administrative_licence", "企业名称（变更前）", "企业名称（变更后）"),
        ("adverse_entry", "招标人", "投标人"),
        ("honour_entry", "推荐单位", "获奖企业"),
        ("court_defaulter", "债权人", "债务人"),
    ],
)
def test_who_stands_beside_a_party_is_none(tmp_path: Path, kind: str, other: str, party: str) -> None:
    columns = [(other, "鹿乡二号食品有限公司"), (party, FIRM), ("决定机关", "某某局")]
    fields = columns_of(tmp_path, kind, columns)
    assert (fields[other], fields[party]) == ("-", "party")


def test_which_of_those_who_worked_together_was_punished_is_asked(tmp_path: Path) -> None:
    columns = [
        ("建设单位", "鹿乡二号置业有限公司"),
        ("施工单位", FIRM),
        ("处罚机关", "某某局"),
        ("处罚日期", DAY),
    ]
    assert "party" not in columns_of(tmp_path, "administrative_penalty", columns).values()
    assert columns_of(tmp_path, "administrative_penalty", columns[1:])["施工单位"] == "party"
    assert columns_of(tmp_path, "administrative_licence", columns)["建设单位"] == "party"
    named = columns_of(tmp_path, "administrative_penalty", [*columns, ("当事人", FIRM)])
    assert [label for label, field in named.items() if field == "party"] == ["当事人"]


def test_a_unit_of_measure_is_no_party(tmp_path: Path) -> None:
    columns = [
        ("受检单位", FIRM),
        ("产品名称", "水泥"),
        ("数量", "10"),
        ("单位", "吨"),
        ("检验结论", "不合格"),
    ]
    fields = columns_of(tmp_path, "other_administrative_act", columns)
    assert (fields["受检单位"], fields["单位"]) == ("party", "-")


def test_where_somebody_works_is_not_his_name(tmp_path: Path) -> None:
    columns = [("法定代表人所在单位", "鹿乡二号食品有限公司"), ("企业名称", FIRM)]
    assert columns_of(tmp_path, "administrative_licence", columns)["法定代表人所在单位"] == "?"


@pytest.mark.parametrize("label", ["经营者姓名", "业主姓名", "业主", "店主姓名"])
def test_the_owner_beside_the_name_of_a_shop_is_a_person(tmp_path: Path, label: str) -> None:
    columns = [("字号名称", "鹿乡面馆"), (label, "王小明"), ("处罚机关", "某某局")]
    assert columns_of(tmp_path, "administrative_penalty", columns)[label] == "person_name"


def test_names_and_numbers_of_units_or_persons_under_one_label_are_known(tmp_path: Path) -> None:
    columns = [("名称/姓名", FIRM), ("信用代码/身份证", code(1)), ("处罚种类及金额", "警告；罚款5000元")]
    assert columns_of(tmp_path, "administrative_penalty", columns) == {
        "名称/姓名": "party",
        "信用代码/身份证": "uscc",
        "处罚种类及金额": "penalty_content",
    }


def test_keys_of_the_register_of_enterprises_are_known(tmp_path: Path) -> None:
    columns = [
        ("entName", FIRM),
        ("speCause_CN", "无法联系"),
        ("abntime", DAY),
        ("decOrg_CN", "某某局"),
        ("remExcpRes_CN", "已补报"),
        ("remDate", DAY),
        ("reDecOrg_CN", "某某局"),
    ]
    assert list(columns_of(tmp_path, "abnormal_operation", columns).values()) == [
        "party",
        "listing_reason",
        "decided_on",
        "authority",
        "exit_reason",
        "exited_on",
        "exit_authority",
    ]


def test_keys_of_pinyin_and_english_tell_the_class_and_the_fine(tmp_path: Path) -> None:
    columns = [("xdr", FIRM), ("xdrlx", "自然人"), ("illegalType", "价格违法"), ("penaltyAmount", "5000")]
    assert list(columns_of(tmp_path, "administrative_penalty", columns).values()) == [
        "party",
        "party_class",
        "violation_type",
        "fine_amount",
    ]


@pytest.mark.parametrize(
    ("kind", "label", "value", "field"),
    [
        ("administrative_penalty", "办案单位", "某某局", "authority"),
        ("administrative_penalty", "违规问题", "串换药品", "facts"),
        ("honour_entry", "授牌单位", "某某局", "authority"),
        ("honour_entry", "授牌时间", DAY, "decided_on"),
        ("commitment", "承诺书类型", "主动型", "commitment_type"),
        ("court_defaulter", "zxfy", "某某法院", "authority"),
        ("court_defaulter", "失信行为", "违反财产报告制度", "behaviour"),
        ("procurement_misconduct", "禁止期限", "2026-01-08至2027-01-07", "valid_until"),
        ("other_administrative_act", "违法事实", "拖欠工资", "content"),
        ("other_administrative_act", "检查事项", "登记事项", "content"),
        ("administrative_licence", "设备注册代码", "31102204212026000012", "?"),
    ],
)
def test_further_labels_of_departments_are_known(
    tmp_path: Path, kind: str, label: str, value: str, field: str
) -> None:
    assert columns_of(tmp_path, kind, [("名称", FIRM), (label, value)])[label] == field


def test_a_sum_beside_its_parts_is_no_further_fine(tmp_path: Path) -> None:
    parts = [("其中：罚款（元）", "12000"), ("其中：没收（元）", "3000")]
    columns = [("当事人", FIRM), ("罚没款合计（元）", "15000"), *parts]
    assert list(columns_of(tmp_path, "administrative_penalty", columns).values()) == [
        "party",
        "-",
        "fine_amount",
        "confiscated_amount",
    ]
    alone = columns_of(tmp_path, "administrative_penalty", [*columns[:2], ("处罚机关", "某某局")])
    assert alone["罚没款合计（元）"] == "fine_amount"


@pytest.mark.parametrize(
    ("label", "length", "last_day"),
    [
        ("公示期限（月）", "3", "2026-04-08"),
        ("公示期限（年）", "1", "2027-01-08"),
        ("公示期限(月)", "一年", "2027-01-08"),
    ],
)
def test_a_length_of_publicity_has_the_unit_of_its_label(
    tmp_path: Path, label: str, length: str, last_day: str
) -> None:
    header = ["当事人", "处罚文号", "违法事实", "处罚机关", "处罚日期", label]
    row = [FIRM, "某罚〔2026〕1号", "过期", "某某局", DAY, length]
    path = tmp_path / "处罚.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, row])
    mapping = tmp_path / "处罚.toml"
    mapping.write_text(draft_mapping(path, CATALOG), "utf-8")
    [(_, outcomes)] = read_sheets(path, CATALOG, today=TODAY, mapping=load_mapping(mapping, CATALOG))
    [[draft]] = [outcome.drafts for outcome in outcomes]
    assert draft.one("publicity_end") == last_day
