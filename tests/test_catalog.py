"""Is a broken data file told with its file and key, and is adding a kind a matter of data files alone?"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from indexers.analysis import load_analyzer
from indexers.catalog import load_catalog
from indexers.errors import CatalogError

SHIPPED = Path(__file__).parent.parent / "mappings"

NEW_KIND = """
label = "消防安全评估"
collection = "records"
group = "evaluation"
order = 50
fields = ["party", "uscc", "document_number", "hazard", "decided_on", "authority", "list"]
identity = ["party", "authority", "document_number", "decided_on"]
identity_without_number = ["party", "authority", "decided_on"]
matter = ["hazard"]
minimum = ["party", "decided_on", "authority"]
polarity = "adverse"
publicity = "{rule}"
explain = "消防部门的评估。"
when_empty = "没有收到评估。"

[labels]
authority = "评估机关"

[own.hazard]
label = "隐患"
public = true
body = true
"""

NEW_LIST = """
label = "测试名单"
polarity = "adverse"
kind = "{kind}"
order = 990
sector = "safety"
source_class = "administrative"
authority = "测试机关"
basis = "测试依据"
standard = "测试标准"
content = "名称"
publication = "公示"
measures = ["重点监管"]
withdrawal = "期满移出"
"""

NEW_TEMPLATE = """
label = "消防安全评估表"
kind = "fire_assessment"
columns = [
    { names = ["单位"], to = "party", required = true },
    { names = ["隐患"], to = "hazard", required = true },
    { names = ["评估日期"], to = "decided_on", required = true },
]

[constants]
authority = "测试机关"
"""

NEW_RULE = """
[[rule]]
key = "two_months"
label = "两个月"
source = "测试规则"
certainty = "deployment"
max_months = 2
"""


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    """A copy of the shipped data files that a test may change."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "mappings"))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def errors_of(mappings: Path) -> tuple[str, ...]:
    with pytest.raises(CatalogError) as caught:
        load_catalog(mappings)
    return caught.value.errors


def test_shipped_data_files_load_without_a_fault() -> None:
    catalog = load_catalog()
    assert len(catalog.kinds) == 32
    assert catalog.kinds["administrative_penalty"].label == "行政处罚"
    assert catalog.fields_of(catalog.kinds["administrative_penalty"])["facts"].label == "违法事实"


def test_a_copy_elsewhere_has_the_same_fingerprint_until_the_index_fields_change(mappings: Path) -> None:
    assert load_catalog(mappings).fingerprint("a") == load_catalog().fingerprint("a")
    append(mappings / "fields.toml", '\n[colour]\nlabel = "颜色"\ntype = "keyword"\nin = ["records"]\n')
    assert load_catalog(mappings).fingerprint("a") != load_catalog().fingerprint("a")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("kinds/judgment.toml", 'label = "司法判决"', 'label = "司法判决"\npublic = false'),
        ("lists/tax_grade_a.toml", 'polarity = "honour"', 'polarity = "honour"\npublic = false'),
        ("record_fields.toml", 'label = "事实"\npublic = true\nbody = true', 'label = "事实"\npublic = true'),
        ("kinds/contract_performance.toml", 'label = "签证地点"\npublic = true\n', 'label = "签证地点"\n'),
        ("kinds/judgment.toml", '"document_number", "document_title"', '"document_title", "document_number"'),
        ("kinds/judgment.toml", 'label = "司法判决"', 'label = "法院判决"'),
        ("kinds/judgment.toml", 'matter = ["document_title"', 'matter = ["cause"'),
        ("kinds/judgment.toml", 'sector = "court"', 'sector = "safety"'),
        ("kinds/judgment.toml", 'source_class = "judicial"', 'source_class = "social"'),
        ("lists/tax_grade_a.toml", 'sector = "tax"', 'sector = "court"'),
        ("lists/tax_grade_a.toml", 'source_class = "administrative"', 'source_class = "judicial"'),
        ("ranking.toml", "enterprise = 20", "enterprise = 21"),
        ("ranking.toml", ', "moved_out"', ""),
        ("organisation_classes.toml", 'codes = ["12"]', 'codes = ["12", "15"]'),
        ("industries.csv", "0111,稻谷种植,A", "0111,稻谷种植,B"),
        ("fields.toml", 'take = "day"', 'take = "year"'),
        ("kinds/administrative_licence.toml", "number = true\n", ""),
    ],
)
def test_another_fingerprint_tells_that_what_is_built_into_documents_has_changed(
    mappings: Path, file: str, old: str, new: str
) -> None:
    edit(mappings / file, old, new)
    assert load_catalog(mappings).fingerprint("a") != load_catalog().fingerprint("a")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("fields.toml", "# Every field of the index", "# All fields of the index"),
        ("fields.toml", 'label = "', 'label = "新的'),
        ("ranking.toml", "[weight]", "# 说明\n[weight]"),
        ("organisation_classes.toml", 'label = "企业"', 'label = "企业单位"'),
        ("synonyms.txt", "罚单|", "处罚决定|罚单|"),
        ("glossary.toml", "[glossary]", '[glossary]\n"新词" = "解释"'),
        ("lists/tax_grade_a.toml", "measures = [", 'measures = ["另一项", '),
    ],
)
def test_what_is_in_no_document_asks_for_no_rebuild(mappings: Path, file: str, old: str, new: str) -> None:
    edit(mappings / file, old, new)
    assert load_catalog(mappings).fingerprint("a") == load_catalog().fingerprint("a")
    assert load_analyzer(mappings).fingerprint == load_analyzer().fingerprint


def test_what_is_not_public_from_its_first_day_on_changes_no_fingerprint(mappings: Path) -> None:
    hidden = NEW_KIND.format(rule="open").replace("order = 50", "order = 50\npublic = false")
    (mappings / "kinds/fire_assessment.toml").write_text(hidden, encoding="utf-8")
    edit(mappings / "kinds/interview.toml", '"content", "result"', '"result", "content"')
    assert load_catalog(mappings).fingerprint("a") == load_catalog().fingerprint("a")


def test_faults_of_several_files_are_told_at_once(mappings: Path) -> None:
    edit(mappings / "kinds/judgment.toml", 'label = "司法判决"', 'label = "司法判决"\ncolour = "red"')
    edit(
        mappings / "kinds/case.toml",
        '"document_title", "authority"',
        '"document_title", "nowhere", "authority"',
    )
    edit(mappings / "kinds/notice.toml", '"document_title", "authority"', '"authority", "authority"')
    edit(mappings / "lists/tax_grade_a.toml", 'label = "A级纳税人"\n', "")
    edit(mappings / "templates/judgment.toml", 'to = "cause"', 'to = "reason"')
    edit(mappings / "templates/case.toml", '"摘要"', '"正文"')
    edit(mappings / "fields.toml", 'labels = "sector"', 'labels = "sectors"')
    append(mappings / "record_fields.toml", '\n[colour]\nlabel = "颜色"\ntype = "paint"\n')
    edit(mappings / "kinds/events.toml", 'group = "other"', 'group = "others"')
    told = errors_of(mappings)
    assert "kinds/judgment.toml：不认识的键 'colour'" in told
    assert "kinds/case.toml：字段 'nowhere' 没有定义" in told
    assert "kinds/notice.toml：字段 'authority' 重复" in told
    assert "lists/tax_grade_a.toml: Object missing required field `label`" in told
    assert "templates/judgment.toml：列 '案由' 的 to = 'reason' 不是 judgment 的字段" in told
    assert "templates/case.toml：列名 '正文' 重复" in told
    assert "fields.toml [field]：labels 指向不存在的 'sectors'" in told
    assert any(error.startswith("record_fields.toml [colour]: Invalid enum value 'paint'") for error in told)
    assert "kinds/events.toml：group 'others' 不在 choices.toml 的 [group] 里" in told


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("kinds/judgment.toml", 'label = "司法判决"', 'label = " "', "kinds/judgment.toml：label 是空的"),
        (
            "kinds/judgment.toml",
            'publicity = "judgment"',
            'publicity = "verdict"',
            "kinds/judgment.toml：publicity.toml 没有规则 'verdict'",
        ),
        (
            "kinds/judgment.toml",
            'sector = "court"',
            'status = "sleeping"',
            "kinds/judgment.toml：status 'sleeping' 不在 choices.toml 的 [status] 里",
        ),
        (
            "kinds/judgment.toml",
            'matter = ["document_title"',
            'matter = ["decided_on"',
            "kinds/judgment.toml：matter 里的 'decided_on' 不是公开的文字，不能作标题",
        ),
        (
            "kinds/judgment.toml",
            'on_card = ["role"',
            'on_card = ["person_name"',
            "kinds/judgment.toml：on_card 里的 'person_name' 不公开，没有人会看到",
        ),
        (
            "kinds/judgment.toml",
            'identity = ["party"',
            'identity = ["nobody"',
            "kinds/judgment.toml：identity 里的 'nobody' 不在 fields 里",
        ),
        (
            "record_fields.toml",
            'label = "联系人"\n',
            'label = "联系人"\npublic = true\n',
            "record_fields.toml [contact_person]：keep = false 的字段不能 public = true",
        ),
        (
            "record_fields.toml",
            '"轻微失信" = "minor"',
            '"轻微失信" = "tiny"',
            "record_fields.toml [grade]：aliases 里 '轻微失信' 指向不存在的 'tiny'",
        ),
        (
            "kinds/tax_arrears.toml",
            'unit = "元"',
            'unit = "万元"',
            'kinds/tax_arrears.toml [own.arrears_amount]：金额一律以元保存，请写 unit = "元"',
        ),
        (
            "lists/tax_grade_a.toml",
            'kind = "honour_entry"',
            'kind = "commitment"',
            "lists/tax_grade_a.toml：kind 'commitment' 没有字段 'list'，不能作名单的列",
        ),
        (
            "lists/tax_grade_a.toml",
            'polarity = "honour"',
            'polarity = "adverse"',
            "lists/tax_grade_a.toml：polarity 'adverse' 与 kind 'honour_entry' 的 'honour' 不一致",
        ),
        (
            "lists/watch_list.toml",
            "public = false",
            "public = true",
            "lists/watch_list.toml：kind 'watch_list' 不公开，名单也要写 public = false",
        ),
        (
            "lists/tax_green_card.toml",
            '"绿卡企业"',
            '"A级纳税人"',
            "lists/tax_green_card.toml：label 或 aliases 'A级纳税人' 与 lists/tax_grade_a.toml 相同",
        ),
        (
            "templates/judgment.toml",
            'names = ["诉讼地位"], to = "role"',
            'names = ["诉讼地位"]',
            "templates/judgment.toml：列 '诉讼地位' 要么写 to，要么写 drop = true",
        ),
        (
            "templates/judgment.toml",
            '"诉讼地位"',
            '"案 号"',
            "templates/judgment.toml：列名 '案号' 重复",
        ),
        (
            "templates/judgment.toml",
            'to = "role"',
            'to = "cause"',
            "templates/judgment.toml：2 列都写 to = 'cause'，而它只能有一个值",
        ),
        (
            "templates/judgment.toml",
            'to = "decided_on", required = true',
            "drop = true",
            "templates/judgment.toml：judgment 至少要有 decided_on，没有一列或常量给出",
        ),
        (
            "templates/penalty_2016.toml",
            '"1" = "撤销"',
            '"1" = "没了"',
            "templates/penalty_2016.toml：列 '当前状态' 的 values 把 '1' 改成 '没了'，不是可选的值",
        ),
        (
            "templates/penalty_organisation_2018.toml",
            'amount = "万元"',
            'amount = "两"',
            "templates/penalty_organisation_2018.toml：列 '罚款金额(万元)' 的 amount = '两' "
            "不是金额字段的单位",
        ),
        (
            "templates/penalty_person_2018.toml",
            'party_class = "自然人"',
            'party_class = "神仙"',
            "templates/penalty_person_2018.toml：constants 里的 party_class = '神仙' 不是可选的值",
        ),
        (
            "templates/wage_arrears.toml",
            'list = "wage_arrears"',
            'list = "wages"',
            "templates/wage_arrears.toml：constants 里的 list = 'wages' 没有定义",
        ),
        (
            "fields.toml",
            'label_in = { records = "决定机关所在地" }',
            'label_in = { events = "决定机关所在地" }',
            "fields.toml [region]：label_in 的集合 'events' 不在 in 里",
        ),
        (
            "glossary.toml",
            '"吊销" = "',
            '"吊扣" = " "\n"吊销" = "',
            "glossary.toml：'吊扣' 没有解释",
        ),
        (
            "glossary.toml",
            '"修复" = "信用修复"',
            '"修复" = "信用恢复"',
            "glossary.toml [also_called]：'修复' 所指的 '信用恢复' 没有解释",
        ),
    ],
)
def test_each_fault_is_told_with_its_file_and_key(
    mappings: Path, file: str, old: str, new: str, told: str
) -> None:
    edit(mappings / file, old, new)
    assert told in errors_of(mappings)


def test_a_file_that_is_no_toml_and_a_missing_file_are_told_together(mappings: Path) -> None:
    (mappings / "glossary.toml").unlink()
    (mappings / "kinds/case.toml").write_text("label = ", encoding="utf-8")
    told = errors_of(mappings)
    assert "glossary.toml：文件不存在或无法读取" in told
    assert any(error.startswith("kinds/case.toml：不是有效的 TOML：") for error in told)


def test_two_official_templates_that_ask_for_the_same_columns_are_refused(mappings: Path) -> None:
    shutil.copy(mappings / "templates/judgment.toml", mappings / "templates/judgment_again.toml")
    assert errors_of(mappings) == (
        "templates/judgment_again.toml：required 的列与 templates/judgment.toml 完全相同，无法按表头区分",
    )


def test_a_record_kind_a_list_a_template_and_a_rule_are_added_by_data_files_alone(mappings: Path) -> None:
    append(mappings / "publicity.toml", NEW_RULE)
    (mappings / "kinds/fire_assessment.toml").write_text(NEW_KIND.format(rule="two_months"), encoding="utf-8")
    (mappings / "lists/fire_watch.toml").write_text(NEW_LIST.format(kind="fire_assessment"), encoding="utf-8")
    (mappings / "templates/fire_assessment.toml").write_text(NEW_TEMPLATE, encoding="utf-8")
    catalog = load_catalog(mappings)
    kind = catalog.kinds["fire_assessment"]
    assert kind in catalog.public_kinds("records")
    assert {name: field.label for name, field in catalog.fields_of(kind).items()} == {
        "party": "主体名称",
        "uscc": "统一社会信用代码",
        "document_number": "文书号",
        "hazard": "隐患",
        "decided_on": "决定日期",
        "authority": "评估机关",
        "list": "名单",
    }
    assert catalog.lists["fire_watch"].label == "测试名单"
    assert [t.key for t in catalog.templates_of("fire_assessment")] == ["fire_assessment"]
    period = catalog.publicity.period(kind.publicity, decided_on=date(2026, 5, 31))
    assert period.last_day == date(2026, 7, 31)


def test_a_facet_is_added_in_the_fields_file_alone(mappings: Path) -> None:
    append(
        mappings / "fields.toml",
        '\n[evaluation_grade]\nlabel = "评价等级"\ntype = "keyword"\nin = ["records"]\nfilter = true\n'
        'facet = ["records"]\nfrom = "evaluation_grade"\n',
    )
    added = {f.key for f in load_catalog(mappings).facets("records")} - {
        f.key for f in load_catalog().facets("records")
    }
    assert added == {"evaluation_grade"}
