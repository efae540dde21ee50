"""Do the shipped kinds, lists and templates keep what the product promises of them?"""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from deliveries import read_sheets

from indexers.catalog import load_catalog
from indexers.grammar import Column, ListKind, RecordField, RecordKind, Template

CATALOG = load_catalog()
KINDS = sorted(CATALOG.kinds.values(), key=lambda kind: kind.key)
LISTS = sorted(CATALOG.lists.values(), key=lambda entry: entry.key)
TEMPLATES = sorted(CATALOG.templates.values(), key=lambda template: template.key)

STANDARD_FIELDS = {
    "party",
    "uscc",
    "registration_number",
    "organisation_code",
    "tax_number",
    "institution_number",
    "social_number",
    "party_class",
    "legal_representative",
    "identity_number",
    "document_title",
    "document_number",
    "decided_on",
    "authority",
    "authority_code",
    "source_authority",
    "source_authority_code",
    "valid_from",
    "valid_until",
    "publicity_end",
    "status",
    "grade",
    "remark",
    "record_id",
    "list",
    "region",
    "industry",
    "former_names",
    "short_names",
    "founded_on",
}

PERSONAL_FIELDS = {
    "person_name",
    "identity_number",
    "finance_officer",
    "contact_person",
}

PERSONAL_HEADER = re.compile(
    r"身份证|证件|_SFZ|ZJHM|ZJLX|车牌|住址|电话|联系|财务负责人|年龄|性别|cardNum|地址"
)
"""Words in column names of the templates that mean data of a person, or a place where one may live."""

CODES_OR_NUMBERS_OF_PERSONS = "身份证号码/组织机构代码"
"""The courts' one column for both: numbers of persons are dropped cell by cell."""


def by_key(item: RecordKind | ListKind | Template) -> str:
    return item.key


def fields_everywhere() -> list[tuple[str, RecordField]]:
    own = [(f"{kind.key}.{name}", field) for kind in KINDS for name, field in kind.own.items()]
    return [*CATALOG.record_fields.items(), *own]


def test_the_shared_fields_that_code_relies_on_are_there() -> None:
    assert STANDARD_FIELDS - CATALOG.record_fields.keys() == set()


def test_every_shared_field_is_one_of_a_kind() -> None:
    named = {name for kind in KINDS for name in kind.fields}
    assert CATALOG.record_fields.keys() - named == set()


def test_personal_fields_are_dropped_and_no_other_field_is() -> None:
    assert {name for name, field in fields_everywhere() if not field.keep} == PERSONAL_FIELDS


def test_no_field_that_holds_personal_data_is_public() -> None:
    assert [
        name for name, field in fields_everywhere() if not field.keep and (field.public or field.body)
    ] == []


def test_remarks_and_tax_numbers_are_not_public() -> None:
    assert not CATALOG.record_fields["remark"].public
    assert not CATALOG.record_fields["tax_number"].public


@pytest.mark.parametrize("template", TEMPLATES, ids=by_key)
def test_columns_about_persons_are_dropped(template: Template) -> None:
    dropped = {"", *PERSONAL_FIELDS}
    personal = [c for c in template.columns if any(PERSONAL_HEADER.search(n) for n in c.names)]
    kept = [c for c in personal if c.to not in dropped and CODES_OR_NUMBERS_OF_PERSONS not in c.names]
    assert kept == []


@pytest.mark.parametrize("kind", KINDS, ids=by_key)
def test_every_kind_has_an_official_template(kind: RecordKind) -> None:
    assert [t.key for t in CATALOG.templates_of(kind.key) if t.official] != []


def recognised(file: Path, headers: list[str]) -> list[str]:
    with file.open("w", encoding="utf-8-sig", newline="") as sheet:
        csv.writer(sheet).writerow(headers)
    return [reading.template for reading, _ in read_sheets(file, CATALOG, today=date(2026, 11, 22))]


def first_name(column: Column) -> str:
    return column.names[0]


def second_name(column: Column) -> str:
    return column.names[:2][-1]


@pytest.mark.parametrize("template", TEMPLATES, ids=by_key)
def test_every_template_is_recognised_by_its_labels_and_by_its_codes(
    tmp_path: Path, template: Template
) -> None:
    file = tmp_path / f"{(template.sheets or ('表',))[0]}.csv"
    assert recognised(file, [first_name(c) for c in template.columns]) == [template.key]
    assert recognised(file, [second_name(c) for c in template.columns]) == [template.key]


@pytest.mark.parametrize("kind", KINDS, ids=by_key)
def test_the_sheet_that_a_kind_hands_out_is_recognised_under_any_file_name(
    tmp_path: Path, kind: RecordKind
) -> None:
    template = CATALOG.templates_of(kind.key)[0]
    columns = [c for c in template.columns if not c.drop or c.required]
    assert recognised(tmp_path / "a.csv", [first_name(c) for c in columns]) == [template.key]


@pytest.mark.parametrize("kind", [k for k in KINDS if k.collection == "records"], ids=by_key)
def test_every_record_kind_asks_for_party_date_and_authority(kind: RecordKind) -> None:
    assert {"party", "decided_on", "authority"} <= {item for item in kind.minimum if isinstance(item, str)}
    assert kind.identity[0] == "party"
    assert "record_id" in kind.fields


@pytest.mark.parametrize("kind", [k for k in KINDS if "document_number" in k.identity], ids=by_key)
def test_a_key_with_a_number_has_another_for_rows_without_one(kind: RecordKind) -> None:
    assert kind.identity_without_number != ()
    assert "document_number" not in kind.identity_without_number


def test_a_profile_asks_for_the_name_only() -> None:
    assert CATALOG.kinds["subject_profile"].minimum == ("party",)


def test_the_profile_sheet_has_the_columns_of_the_outside_interface() -> None:
    columns = {c.names[0]: c.to for c in CATALOG.templates["subject_profile"].columns[:7]}
    assert columns == {
        "主体名称": "party",
        "统一社会信用代码": "uscc",
        "成立日期": "founded_on",
        "登记状态": "status",
        "区划代码": "region",
        "曾用名": "former_names",
        "简称": "short_names",
    }
    assert [c.names[0] for c in CATALOG.templates["subject_profile"].columns if c.required] == ["主体名称"]


def test_the_kinds_that_stay_with_desks_are_not_public() -> None:
    hidden = {kind.key for kind in KINDS if not kind.public}
    assert hidden == {"events", "utility_payment", "social_insurance", "interview", "watch_list"}
    assert {entry.key for entry in LISTS if not entry.public} == {"association_adverse", "watch_list"}


def test_library_and_events_are_collections_of_their_own() -> None:
    library = {kind.key for kind in KINDS if kind.collection == "library"}
    assert library == {
        "honour_scope",
        "adverse_scope",
        "incentive_measure",
        "disciplinary_measure",
        "policy_document",
        "case",
        "notice",
    }
    assert [kind.key for kind in KINDS if kind.collection == "events"] == ["events"]


def test_events_are_the_six_of_the_outside_interface_in_chinese() -> None:
    assert CATALOG.kinds["events"].own["event"].choices == {
        "repaired": "信用修复",
        "withdrawn": "撤回",
        "revoked": "撤销",
        "annulled": "确认无效",
        "exited": "移出",
        "reinstated": "恢复",
    }


@pytest.mark.parametrize("entry", LISTS, ids=by_key)
def test_the_kind_of_every_list_can_be_imported(entry: ListKind) -> None:
    given = [
        template.key
        for template in CATALOG.templates_of(entry.kind)
        if template.constants.get("list") == entry.key or any(c.to == "list" for c in template.columns)
    ]
    assert given != []


def test_the_national_adverse_lists_and_the_honour_lists_are_there() -> None:
    shown = [entry for entry in LISTS if entry.public]
    assert sum(entry.polarity == "adverse" for entry in shown) == 15
    assert sum(entry.polarity == "honour" for entry in shown) == 7


def test_no_two_official_templates_ask_for_the_same_columns() -> None:
    required = [frozenset(c.names for c in t.columns if c.required) for t in TEMPLATES if t.official]
    assert len(set(required)) == len(required)
    assert frozenset() not in required


@pytest.mark.parametrize(
    ("kind", "first"),
    [("administrative_penalty", "penalty_merged_2019"), ("administrative_licence", "licence_merged_2019")],
)
def test_the_newest_official_template_comes_first(kind: str, first: str) -> None:
    assert CATALOG.templates_of(kind)[0].key == first


@pytest.mark.parametrize(
    ("key", "columns"),
    [
        ("licence_organisation_2018", 24),
        ("licence_person_2018", 18),
        ("penalty_organisation_2018", 26),
        ("penalty_person_2018", 20),
    ],
)
def test_the_templates_of_2018_have_their_columns(key: str, columns: int) -> None:
    coded = [c for c in CATALOG.templates[key].columns if any(re.fullmatch(r"[A-Z_]+", n) for n in c.names)]
    assert len(coded) == columns


def test_state_1_of_2016_is_revoked_and_state_1_of_2018_is_valid() -> None:
    def state(key: str) -> str:
        columns = CATALOG.templates[key].columns
        word = next(c for c in columns if "XK_ZT" in c.names).values["1"]
        status = CATALOG.record_fields["status"]
        words = {**{label: choice for choice, label in status.choices.items()}, **status.aliases}
        return words[word]

    assert state("licence_2016") == "revoked"
    assert state("licence_organisation_2018") == "valid"


def test_both_class_columns_of_2016_go_to_the_penalty_class() -> None:
    columns = CATALOG.templates["penalty_2016"].columns
    assert [c.names[1] for c in columns if c.to == "penalty_class"] == ["CF_CFLB1", "CF_CFLB2"]
    assert CATALOG.kinds["administrative_penalty"].own["penalty_class"].multiple


def test_fines_of_2018_stand_in_ten_thousands() -> None:
    columns = CATALOG.templates["penalty_organisation_2018"].columns
    assert {c.names[1]: c.amount for c in columns if c.amount} == {"CF_NR_FK": "万元", "CF_NR_WFFF": "万元"}


@pytest.mark.parametrize("key", ["licence_person_2018", "penalty_person_2018", "red_list_person"])
def test_sheets_of_persons_say_that_all_their_rows_are(key: str) -> None:
    assert CATALOG.templates[key].constants["party_class"] == "自然人"


def test_industries_have_all_four_levels_each_in_a_section() -> None:
    with (CATALOG.directory / "industries.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    levels = [
        sum(len(row["code"]) == length and row["code"].isdigit() for row in rows) for length in (2, 3, 4)
    ]
    sections = {row["code"] for row in rows if row["code"].isalpha()}
    assert levels == [97, 473, 1381]
    assert len(sections) == 20
    assert {row["section"] for row in rows} == sections


def test_the_glossary_explains_what_citizens_meet() -> None:
    assert len(CATALOG.glossary) >= 40
    assert [word for word, text in CATALOG.glossary.items() if not text.endswith("。")] == []


def test_no_template_refuses_a_row_for_what_most_sheets_lack() -> None:
    lacking = {"authority_code", "source_authority", "source_authority_code", "valid_until"}
    required = [(t.key, c.to) for t in TEMPLATES for c in t.columns if c.required and c.to in lacking]
    assert required == []
