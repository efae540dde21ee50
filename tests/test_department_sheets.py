"""Sheets as departments write them, with columns of others beside those of the party, and what is no record at all."""

import csv
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from deliveries import TODAY, code, read_sheets

from indexers.catalog import load_catalog
from indexers.drafting import draft_mapping
from indexers.errors import SheetError, UsageError
from indexers.mapping_files import load_mapping
from indexers.records import RowOutcome, SheetReading

CATALOG = load_catalog()
DAY = "2026-04-08"
Sheet = Sequence[Sequence[str]]


def write(path: Path, rows: Sheet) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def draft(folder: Path, rows: Sheet, **answers: str) -> tuple[dict[str, str], dict[str, str]]:
    """The fields by label, and the constants."""
    table = tomllib.loads(draft_mapping(write(folder / "表.csv", rows), CATALOG, answers))
    columns = {column["names"][0]: column.get("to", "") for column in table["columns"]}
    return columns, table.get("constants", {})


def read(folder: Path, rows: Sheet, **answers: str) -> tuple[SheetReading, list[RowOutcome]]:
    """A sheet read by the mapping that is drafted for it."""
    path = write(folder / "表.csv", rows)
    file = folder / "表.toml"
    file.write_text(draft_mapping(path, CATALOG, answers), "utf-8")
    [(reading, outcomes)] = read_sheets(path, CATALOG, today=TODAY, mapping=load_mapping(file, CATALOG))
    return reading, list(outcomes)


PUBLISHED = [
    "当事人名称",
    "行政处罚决定书文号",
    "主要违法事实",
    "行政处罚内容",
    "作出行政处罚决定的机关名称",
    "作出处罚决定的日期",
    "公示期限",
]


def published(folder: Path, **changes: str) -> RowOutcome:
    """One row of the table that regulators publish, read without a mapping."""
    row = dict(
        zip(
            PUBLISHED,
            ["鹿乡一号食品有限公司", "某罚〔2026〕1号", "过期", "罚款", "某某局", DAY, ""],
            strict=True,
        )
    )
    row.update(changes)
    path = write(folder / "表.csv", [[*row], [*row.values()]])
    [(_, outcomes)] = read_sheets(path, CATALOG, today=TODAY)
    [outcome] = outcomes
    return outcome


def rules_of(outcome: RowOutcome) -> list[str]:
    return [problem.rule for problem in outcome.problems]


# --- which column is whose -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "party", "to"),
    [
        ("统一社会信用代码", "被处罚单位", "uscc"),
        ("被处罚单位统一社会信用代码", "被处罚单位", "uscc"),
        ("建设单位信用代码", "建设单位", "uscc"),
        ("编码", "企业名称", "uscc"),
        ("统一社会信用代码/身份证号", "企业名称", "uscc"),
        ("统一社会信用代码或纳税人识别号", "企业名称", "uscc"),
        ("注册号/统一社会信用代码", "企业名称", "uscc"),
        ("施工单位统一社会信用代码", "建设单位", ""),
        ("报送单位社会信用代码", "企业名称", ""),
        ("采购单位代码", "企业名称", ""),
    ],
)
def test_a_code_is_the_partys_only_if_its_label_says_so(
    tmp_path: Path, label: str, party: str, to: str
) -> None:
    rows = [[party, label, "案由"], *([f"鹿乡{n}号食品有限公司", code(n), "过期"] for n in range(1, 4))]
    columns, _ = draft(tmp_path, rows, kind="administrative_penalty")
    assert columns.get(label, "") == to


def test_one_code_of_many_parties_is_of_who_hands_them_in(tmp_path: Path) -> None:
    rows = [
        ["企业名称", "信用代码", "案由"],
        *([f"鹿乡{n}号食品有限公司", code(9), "过期"] for n in range(1, 4)),
    ]
    columns, _ = draft(tmp_path, rows, kind="administrative_penalty")
    assert "信用代码" not in columns


def test_two_codes_of_two_subjects_in_a_row_are_a_slip(tmp_path: Path) -> None:
    header = ["企业名称", "统一社会信用代码", "纳税人识别号", "案由", "处罚文号", "处罚机关", "处罚日期"]
    rows = [
        header,
        *(["甲食品有限公司", code(1), code(n), "过期", f"某罚〔2026〕{n}号", "某某局", DAY] for n in (1, 2)),
    ]
    _, outcomes = read(tmp_path, rows)
    assert [rules_of(outcome) for outcome in outcomes] == [[], ["one_subject"]]


@pytest.mark.parametrize("employer", ["执业机构", "所属运输企业", "工作单位", "注册单位"])
def test_who_employs_a_person_is_not_the_party(tmp_path: Path, employer: str) -> None:
    header = ["姓名", employer, "违法事实", "处罚结果", "处罚文号", "处罚日期", "处罚机关"]
    rows = [header, ["王小明", "鹿乡县人民医院", "某", "暂停执业", "某罚〔2026〕1号", DAY, "某某局"]]
    _, [outcome] = read(tmp_path, rows)
    assert (outcome.drafts, len(outcome.persons), outcome.problems) == ((), 1, ())


def test_an_employer_where_no_person_is_named_is_the_party(tmp_path: Path) -> None:
    columns, _ = draft(
        tmp_path, [["车牌号", "所属企业", "违法事实"], ["吉D12345", "鹿乡运输有限公司", "超限"]]
    )
    assert columns["所属企业"] == "party"


def test_persons_beside_a_unit_are_taken_out_of_its_texts(tmp_path: Path) -> None:
    header = ["被处罚单位", "被处罚人", "案由", "文号", "处罚结果", "处罚机关", "处罚日期"]
    row = ["过期", "某罚〔2026〕1号", "罚款；对王小明罚款500元", "某某局", DAY]
    _, (unit, person) = read(tmp_path, [header, ["甲食品有限公司", "王小明", *row], ["", "王小明", *row]])
    assert [entry.one("penalty_content") for entry in unit.drafts] == ["罚款；对「已隐去」罚款500元"]
    assert (person.drafts, len(person.persons)) == ((), 1)


@pytest.mark.parametrize(
    ("labels", "party"),
    [
        (["建设单位", "总承包单位", "责任单位"], "责任单位"),
        (["采购单位", "中标供应商"], "中标供应商"),
        (["建设单位", "单位名称"], "单位名称"),
    ],
)
def test_of_several_units_the_one_that_it_is_about_is_the_party(
    tmp_path: Path, labels: list[str], party: str
) -> None:
    names = [f"鹿乡{place}号有限公司" for place, _ in enumerate(labels)]
    columns, _ = draft(tmp_path, [[*labels, "备注"], [*names, ""]], kind="contract_performance")
    assert [label for label, to in columns.items() if to == "party"] == [party]


@pytest.mark.parametrize(
    "label", ["成立日期", "立案日期", "检查日期", "送达日期", "告知日期", "缴款日期", "首次发证日期"]
)
def test_another_day_is_not_the_day_of_the_decision(tmp_path: Path, label: str) -> None:
    rows = [["企业名称", "案由", label], *([f"鹿乡{n}号食品有限公司", "过期", DAY] for n in range(3))]
    columns, constants = draft(tmp_path, rows, kind="administrative_penalty")
    assert (label in columns, constants["decided_on"]) == (False, "?")


def test_the_number_of_a_trade_mark_is_no_number_of_a_register(tmp_path: Path) -> None:
    columns, _ = draft(
        tmp_path,
        [["企业名称", "商标注册号", "工商注册号"], ["甲有限公司", "第1号", "2"]],
        kind="administrative_penalty",
    )
    assert ("商标注册号" in columns, columns["工商注册号"]) == (False, "registration_number")


def test_an_answer_that_is_a_label_names_its_column(tmp_path: Path) -> None:
    rows = [["受罚者", "案由", "处罚日期"], ["甲食品有限公司", "过期", DAY]]
    columns, constants = draft(tmp_path, rows, kind="administrative_penalty", party="受罚者")
    assert (columns["受罚者"], "party" in constants) == ("party", False)
    with pytest.raises(UsageError, match="没有“企业名称”这一列"):
        draft(tmp_path, rows, kind="administrative_penalty", party="企业名称")


def test_all_rows_of_a_sheet_have_no_one_party(tmp_path: Path) -> None:
    path = write(tmp_path / "表.csv", [["谁", "案由", "处罚日期"], ["甲食品有限公司", "过期", DAY]])
    answers = {"kind": "administrative_penalty", "authority": "某某局", "document_number": "某罚〔2026〕1号"}
    (tmp_path / "表.toml").write_text(draft_mapping(path, CATALOG, answers), "utf-8")
    for said in ({}, {"party": "甲食品有限公司"}):
        with pytest.raises(UsageError, match="draft-mapping --set party=列名"):
            load_mapping(tmp_path / "表.toml", CATALOG, said)


def test_a_table_without_labels_is_not_read_by_its_first_record(tmp_path: Path) -> None:
    rows = [[f"鹿乡{n}号食品有限公司", code(n), "过期", f"某罚〔2026〕{n}号", DAY] for n in range(1, 4)]
    with pytest.raises(SheetError, match="加一行列名"):
        draft(tmp_path, rows, kind="administrative_penalty")


# --- money and days --------------------------------------------------------------------------------------------------

ARREARS = ["纳税人名称", "统一社会信用代码", "税务机关", "欠税税种", "欠税余额", "公告日期"]
OWED = ["甲贸易有限公司", code(1), "国家税务总局某某市税务局", "增值税", "123.45", DAY]


@pytest.mark.parametrize(
    ("title", "label", "owed"),
    [
        ("欠税公告", "欠税余额", "123.45"),
        ("欠税公告（单位：万元）", "欠税余额", "1234500"),
        ("欠税公告（单位：万元）", "欠税余额（元）", "123.45"),
        ("公告单位：元宝区税务局", "欠税余额", "123.45"),
        ("欠税公告", "欠税余额（万元）", "1234500"),
        ("欠税公告（单位：万元）", "欠税余额（人民币元）", "123.45"),
        ("欠税公告（单位：万元）", "欠税余额（单位：元）", "123.45"),
        ("注：注册资金单位：万元", "欠税余额", "123.45"),
    ],
)
def test_the_unit_above_a_table_holds_where_the_label_has_none(
    tmp_path: Path, title: str, label: str, owed: str
) -> None:
    header = [label if name == "欠税余额" else name for name in ARREARS]
    rows = [[title], header, OWED]
    _, by_mapping = read(tmp_path, rows)
    [(_, outcomes)] = read_sheets(tmp_path / "表.csv", CATALOG, today=TODAY)
    for [outcome] in (by_mapping, list(outcomes)):
        assert [entry.one("arrears_amount") for entry in outcome.drafts] == [owed]


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("5000元（伍仟元）", "5000"),
        ("伍仟元整（5000元）", "5000"),
        ("5000元（大写：伍仟元整）", "5000"),
        ("没收违法所得1000元，罚款2000元", "2000"),
        ("罚款2000元；没收违法所得1,000.50元", "2000"),
        ("没收违法所得1000元并处5000元罚款", "5000"),
        ("没收违法所得并处5000元罚款", "5000"),
        ("5000元、5000元", ["5000", "5000"]),
    ],
)
def test_a_sum_written_twice_and_what_was_confiscated_are_no_fines(
    tmp_path: Path, text: str, fine: str | list[str]
) -> None:
    header = ["当事人名称", "案由", "处罚文号", "处罚结果", "罚款金额", "处罚机关", "处罚日期"]
    row = ["甲食品有限公司", "过期", "某罚〔2026〕1号", "罚款", text, "某某局", DAY]
    _, [outcome] = read(tmp_path, [header, row])
    assert [entry.content["fine_amount"] for entry in outcome.drafts] == [fine]


@pytest.mark.parametrize(
    ("told", "ends"),
    [
        ("三个月", "2026-07-08"),
        ("自公示之日起三个月", "2026-07-08"),
        ("公示期3个月", "2026-07-08"),
        ("至2026年7月9日", "2026-07-09"),
        ("2026年4月9日至2026年7月9日", "2026-07-09"),
        ("2026-07-09", "2026-07-09"),
        ("按规定", ""),
        ("2026年5月7日至5月20日", ""),
        ("", ""),
    ],
)
def test_a_period_of_publicity_is_read_as_its_end(tmp_path: Path, told: str, ends: str) -> None:
    outcome = published(tmp_path, 公示期限=told)
    assert [entry.one("publicity_end") for entry in outcome.drafts] == [ends]
    assert bool(outcome.notes) == (bool(told) and not ends)


# --- what is no record -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["不予行政处罚", "免予处罚。", "首违不罚", "决定不予行政处罚"])
def test_no_penalty_is_not_published_as_one(tmp_path: Path, content: str) -> None:
    assert rules_of(published(tmp_path, 行政处罚内容=content)) == ["no_penalty"]


def test_a_penalty_without_a_fine_is_one(tmp_path: Path) -> None:
    assert rules_of(published(tmp_path, 行政处罚内容="警告；不予罚款")) == []


@pytest.mark.parametrize("label", ["当事人名称", "主要违法事实", "作出行政处罚决定的机关名称"])
@pytest.mark.parametrize("ditto", ["同上", "〃"])
def test_the_same_as_above_is_no_value(tmp_path: Path, label: str, ditto: str) -> None:
    assert "ditto" in rules_of(published(tmp_path, **{label: ditto}))


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("行政处罚事先告知书送达公告", "处罚内容"),
        ("拟列入严重失信名单公告", "处罚内容"),
        ("行政处罚信息", "拟处罚内容"),
    ],
)
def test_what_is_only_proposed_is_refused_whoever_says_what_it_is(
    tmp_path: Path, title: str, label: str
) -> None:
    header = ["当事人名称", "案由", label, "文号", "处罚日期", "处罚机关"]
    row = ["甲食品有限公司", "过期", "吊销", "某告〔2026〕1号", DAY, "某某局"]
    reading, _ = read(tmp_path, [[title], header, row], kind="administrative_penalty")
    assert [problem.rule for problem in reading.refused] == ["undecided"]


@pytest.mark.parametrize(
    "title", ["经事先告知，现将处罚决定公示如下", "模拟认定企业名单", "（已征求意见无异议）"]
)
def test_a_title_of_what_was_decided_refuses_nothing(tmp_path: Path, title: str) -> None:
    header = ["当事人名称", "案由", "处罚内容", "拟处罚意见", "文号", "处罚日期", "处罚机关"]
    row = ["甲食品有限公司", "过期", "吊销", "吊销", "某告〔2026〕1号", DAY, "某某局"]
    reading, [outcome] = read(tmp_path, [[title], header, row], kind="administrative_penalty")
    assert (reading.refused, outcome.problems) == ((), ())


def test_the_outcome_of_a_decision_is_no_state_of_its_record(tmp_path: Path) -> None:
    header = ["当事人名称", "案由", "决定结果", "文号", "处罚日期", "处罚机关"]
    row = ["甲食品有限公司", "过期", "吊销营业执照", "某罚〔2026〕1号", DAY, "某某局"]
    _, [outcome] = read(tmp_path, [header, row], kind="administrative_penalty")
    assert not outcome.problems


@pytest.mark.parametrize("result", ["不予许可", "不予受理", "准予注销", "准予许可", "补正后准予许可"])
def test_an_application_that_was_refused_is_no_licence(tmp_path: Path, result: str) -> None:
    header = ["申请单位", "许可事项", "决定文书号", "办理结果", "许可日期", "许可机关"]
    _, [outcome] = read(
        tmp_path, [header, ["甲食品有限公司", "食品经营", "某许〔2026〕1号", result, DAY, "某某局"]]
    )
    assert rules_of(outcome) == ([] if result.endswith("准予许可") else ["ended"])


# --- whom a cell names -----------------------------------------------------------------------------------------------

UNIT = "鹿乡一号食品有限公司"
UNIT_CODE = code(1)


@pytest.mark.parametrize(
    "name", ["西沟村村民王小明", "鹿乡小学教师王小明", "个体经营者王小明", "西沟村村民委员会主任王小明"]
)
def test_a_trade_before_a_name_tells_a_person(tmp_path: Path, name: str) -> None:
    outcome = published(tmp_path, 当事人名称=name)
    assert (outcome.drafts, len(outcome.persons)) == ((), 1)


@pytest.mark.parametrize(
    "name",
    [
        "鹿乡县居民服务中心",
        "西沟村村民委员会",
        "鹿乡律师事务所",
        "鹿乡公司和平商店",
        "王主任诊所",
        "鹿乡会长安商店",
    ],
)
def test_organisations_may_have_such_words_in_their_names(tmp_path: Path, name: str) -> None:
    assert [entry.one("party") for entry in published(tmp_path, 当事人名称=name).drafts] == [name]


@pytest.mark.parametrize(
    "cell",
    [
        f"{UNIT}及王小明",
        f"{UNIT}和王小明",
        f"{UNIT}法定代表人王小明",
        f"{UNIT} 法定代表人王小明",
        f"1.{UNIT} 2.王小明",
        f"经营者：王小明 字号：{UNIT}",
        f"{UNIT}（项目经理：王小明）",
        f"{UNIT}（经营者：王 小 明）",
        f"{UNIT}（经营者：钟意外、王小明）",
        f"{UNIT}和王小明、钟意外",
        f"{UNIT}（法定代表人：王小明，电话：13800001111）",
        f"{UNIT}，王小明",
        f"{UNIT},王小明",
        f"{UNIT}，法定代表人王小明",
        f"{UNIT}、董事长王小明",
        f"{UNIT}法定代表人：王小明",
        f"直接责任人王小明，{UNIT}",
        f"王小明，{UNIT}",
        f"{UNIT}（店主：王小明）",
        f"（法定代表人：王小明）{UNIT}",
    ],
)
@pytest.mark.parametrize("code", ["", UNIT_CODE])
def test_a_person_in_the_cell_of_a_unit_is_named_nowhere(tmp_path: Path, cell: str, code: str) -> None:
    outcome = published(tmp_path, 当事人名称=cell, 统一社会信用代码=code, 行政处罚内容="罚款；对王小明警告")
    assert [(entry.one("party"), entry.one("penalty_content")) for entry in outcome.drafts] == [
        (UNIT, "罚款；对「已隐去」警告")
    ]


@pytest.mark.parametrize(
    "cell", ["鹿乡小水饭店，经营者水小癸", "鹿乡小水饭店、业主水小癸", "鹿乡小水饭店；负责人：水小癸"]
)
def test_a_word_tells_a_person_whose_surname_is_rare(tmp_path: Path, cell: str) -> None:
    outcome = published(tmp_path, 当事人名称=cell)
    assert [entry.one("party") for entry in outcome.drafts] == ["鹿乡小水饭店"]
    assert "水小癸" not in str(outcome.drafts)


def test_a_person_with_the_business_in_brackets_is_a_person(tmp_path: Path) -> None:
    outcome = published(tmp_path, 当事人名称="水小癸（鹿乡县小水饭店）")
    assert (outcome.drafts, len(outcome.persons)) == ((), 1)


@pytest.mark.parametrize(
    "cell",
    [
        "鹿乡县人民医院 王医生",
        *(f"{UNIT}{sign}王小明" for sign in ("", " ", "/", "：", "·", "-", "|", "+", "&")),
        *(f"{UNIT}（{name}）" for name in ("王小明", "王明", "欧阳小明", "王小明，女", "王𬭎")),
        *(
            f"{UNIT}{name}"
            for name in ("【王小明】", "“王小明”", "（个体工商户）王小明", "（普通合伙） 王小明")
        ),
        *(f"王小明{sign}{UNIT}" for sign in (" ", "经营的")),
        "王小明-鹿乡一号饭店",
        *(f"{name} 东丰县一号饭店" for name in ("王明", "欧阳小明")),
        "鹿乡一号超市王小明",
    ],
)
@pytest.mark.parametrize("code", ["", UNIT_CODE])
def test_a_unit_and_what_may_be_a_person_are_refused(tmp_path: Path, cell: str, code: str) -> None:
    outcome = published(tmp_path, 当事人名称=cell, 统一社会信用代码=code)
    assert rules_of(outcome) == ["party_class"]
    assert not any(name in str(outcome) for name in ("王医生", "王小明", "王明", "欧阳小明", "王𬭎"))


@pytest.mark.parametrize(
    "name",
    [
        "鹿乡一号饭店（成都）",
        "鹿乡一号饭店（金寨县）",
        "鹿乡一号饭店（普通合伙）",
        "鹿乡一号饭店（已注销）",
        "鹿乡一号有限公司（法人独资）",
        "鹿乡一号有限公司（李家屯）",
        "鹿乡一号有限公司何家沟",
        "鹿乡一号有限公司（成套设备）",
        "鹿乡水、电安装有限公司",
        "鹿乡衣/食/住服务部",
        "鹿乡一号饭店（曾用名）",
        "鹿乡一号饭店（单县路）",
        "鹿乡一号饭店（万达）",
        "鹿乡一号饭店-王府井",
        "鹿乡一号有限公司文化宫",
        "总经理办公室",
        "鹿乡一号有限公司张家港分公司",
        "鹿乡公路-桥梁工程有限公司",
        "万达-鹿乡一号饭店",
        "鹿乡“王小明”面馆",
        "甲·乙丙食品有限公司",
        "梅特勒-托利多食品有限公司",
        "麦肯·光明食品有限公司",
        "鹿乡中心供销合作社马溪社",
        "鹿乡食品有限公司东丰分公司田心点",
    ],
)
def test_what_else_stands_beside_a_name_belongs_to_it(tmp_path: Path, name: str) -> None:
    outcome = published(tmp_path, 当事人名称=name, 统一社会信用代码=UNIT_CODE)
    assert [entry.one("party") for entry in outcome.drafts] == [name]


def test_two_units_with_a_comma_between_them_are_not_one_under_the_code_of_the_first(tmp_path: Path) -> None:
    outcome = published(tmp_path, 当事人名称=f"{UNIT}，乙商贸有限公司", 统一社会信用代码=UNIT_CODE)
    assert rules_of(outcome) == ["several_parties"]


def test_a_name_longer_than_any_is_refused_at_once(tmp_path: Path) -> None:
    for cell in ("，" * 40_000, "甲" * 151 + "有限公司"):
        outcome = published(tmp_path, 当事人名称=cell)
        assert rules_of(outcome) == ["name"]


def test_numbered_parties_are_each_one(tmp_path: Path) -> None:
    outcome = published(tmp_path, 当事人名称="①甲商贸有限公司②乙商贸有限公司")
    assert [entry.one("party") for entry in outcome.drafts] == ["甲商贸有限公司", "乙商贸有限公司"]


def test_a_permit_numbered_by_region_and_day_is_no_persons_number(tmp_path: Path) -> None:
    header = ["施工许可证编号", "建设单位", "发证机关", "发证日期"]
    numbers = ["220402202604080103", "220402199001010011"]
    _, (permit, person) = read(tmp_path, [header, *([n, "甲置业有限公司", "某某局", DAY] for n in numbers)])
    assert [entry.one("licence_number") for entry in permit.drafts] == numbers[:1]
    assert numbers[1] not in str(person) and [note.rule for note in person.notes] == ["personal_number"]


# --- who is on a list and who is not ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "row", "grades"),
    [
        (
            ["纳税人名称", "统一社会信用代码", "评价年度", "纳税信用级别", "评价单位", "评定时间"],
            [UNIT, UNIT_CODE, "2025", "{}", "某某税务局", DAY],
            {"A": True, "A级": True, "B": False, "M": False, "D": False},
        ),
        (
            ["企业名称", "统一社会信用代码", "海关注册编码", "注册海关", "信用等级", "认定时间"],
            [UNIT, UNIT_CODE, "2204961234", "某某海关", "{}", DAY],
            {"高级认证企业": True, "失信企业": False, "一般信用企业": False},
        ),
    ],
)
def test_a_sheet_of_all_who_were_graded_puts_only_the_best_on_their_list(
    tmp_path: Path, header: list[str], row: list[str], grades: dict[str, bool]
) -> None:
    rows = [[cell.format(grade) for cell in row] for grade in grades]
    [(_, outcomes)] = read_sheets(write(tmp_path / "表.csv", [header, *rows]), CATALOG, today=TODAY)
    assert [rules_of(outcome) for outcome in outcomes] == [
        [] if is_on_it else ["grade_of_list"] for is_on_it in grades.values()
    ]
