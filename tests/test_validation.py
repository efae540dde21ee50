from collections.abc import Sequence
from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexers.catalog import Catalog, load_catalog
from indexers.errors import CatalogError, UsageError
from indexers.grammar import Column, Template
from indexers.identifiers import identity_check_digit
from indexers.records import OPEN_DATE, Draft, EventDraft, PersonRow, RowOutcome, Value
from indexers.validation import RowReader, Surroundings
from indexers.validation.keys import keyed
from indexers.validation.parties import sort_parties
from indexers.validation.rules import Refused
from samples.codes import uscc_check_digit

TODAY = date(2026, 11, 22)
CATALOG = load_catalog()
PRIVACY = CATALOG.privacy
HIDDEN = PRIVACY.placeholder


def make_code(serial: int) -> str:
    first = f"91220402MA{serial:07d}"
    return first + uscc_check_digit(first)


def make_identity_number() -> str:
    first = "22040219600101123"
    return first + identity_check_digit(first)


CODE, OTHER_CODE, IDENTITY = make_code(1), make_code(2), make_identity_number()
PARTY, AUTHORITY = "鹿乡一号食品有限公司", "某某市市场监督管理局"
FIELDS = (
    "party",
    "uscc",
    "person_name",
    "document_number",
    "facts",
    "penalty_class",
    "fine_amount",
    "decided_on",
    "authority",
)
ROW = {
    "party": PARTY,
    "uscc": CODE,
    "document_number": "某罚〔2024〕1号",
    "facts": "经营超过保质期的食品",
    "penalty_class": "罚款",
    "fine_amount": "0.5",
    "decided_on": "2024-03-01",
    "authority": AUTHORITY,
}
CONTENT = {**ROW, "fine_amount": "5000"}


def make_reader(
    kind: str = "administrative_penalty",
    fields: Sequence[str] = FIELDS,
    constants: dict[str, str] | None = None,
    official: bool = False,
    catalog: Catalog = CATALOG,
) -> RowReader:
    columns = tuple(
        Column(
            names=(name,), to=name, amount="万元" if name == "fine_amount" else "", required=name == "facts"
        )
        for name in fields
    )
    template = Template("own", "自有", kind, columns, constants=constants or {}, official=official)
    around = Surroundings(catalog, TODAY)
    return RowReader(around, template, fields, columns, "甲表")


def read(row: dict[str, str], **how: object) -> RowOutcome:
    fields = tuple(dict.fromkeys((*FIELDS, *row)))
    reader = make_reader(fields=how.pop("fields", fields), **how)  # type: ignore[arg-type]
    outcome = reader.read(7, [row.get(name, "") for name in fields])
    assert outcome is not None
    return outcome


def complaints(outcome: RowOutcome) -> list[tuple[str, str, str]]:
    return [(problem.column, problem.rule, problem.value) for problem in outcome.problems]


# --- what is accepted


def test_a_good_row_becomes_one_draft_in_canonical_form() -> None:
    outcome = read(
        {**ROW, "uscc": CODE.lower(), "decided_on": "2024年3月1日", "party": "鹿乡 一号食品有限公司"}
    )
    assert [draft.content for draft in outcome.drafts] == [CONTENT]
    assert (outcome.row, outcome.problems, outcome.notes, outcome.persons) == (7, (), (), ())


@pytest.mark.parametrize("cells", [[], [""] * 9, ["", " ", "-", "无", "", "", "", "", ""]])
def test_a_row_without_a_value_in_a_mapped_column_does_not_count(cells: list[str]) -> None:
    assert make_reader().read(7, cells) is None


def test_several_document_numbers_and_amounts_are_all_kept() -> None:
    [draft] = read({**ROW, "document_number": "某罚〔2024〕1号、2号", "fine_amount": "90万元;5000元"}).drafts
    assert draft.all("document_number") == ("某罚〔2024〕1号", "某罚〔2024〕2号")
    assert draft.all("fine_amount") == ("900000", "5000")


def test_several_penalties_in_a_cell_are_all_kept() -> None:
    [draft] = read({**ROW, "penalty_class": "罚款、警告"}).drafts
    assert draft.all("penalty_class") == ("罚款", "警告")


def test_line_breaks_and_escapes_in_texts_are_cleaned() -> None:
    [draft] = read({**ROW, "facts": "经营\r\n超过_x000D_保质期\u3000\u3000的食品"}).drafts
    assert draft.one("facts") == "经营\n超过\n保质期 的食品"


def test_constants_fill_what_a_row_does_not_give() -> None:
    [draft] = read({**ROW, "authority": ""}, constants={"authority": "某某市应急管理局"}).drafts
    assert draft.one("authority") == "某某市应急管理局"


@pytest.mark.parametrize("value", ["?", "2024年13月"])
def test_a_constant_that_is_open_or_wrong_is_a_wrong_call(value: str) -> None:
    with pytest.raises(UsageError, match="decided_on"):
        make_reader(constants={"decided_on": value})


@pytest.mark.parametrize("code", ["00000000000000000X", "/", "无", "0", "9122****12"])
def test_no_code_is_no_problem(code: str) -> None:
    [draft] = read({**ROW, "uscc": code}).drafts
    assert "uscc" not in draft.content


@pytest.mark.parametrize(
    ("code", "field", "kept"),
    [
        ("12345678-8", "organisation_code", "123456788"),
        ("220402000000012", "registration_number", "220402000000012"),
    ],
)
def test_an_old_code_in_the_column_of_the_new_one_is_kept_as_what_it_is(
    code: str, field: str, kept: str
) -> None:
    outcome = read({**ROW, "uscc": code, field: ""})
    assert outcome.drafts[0].content == {key: value for key, value in CONTENT.items() if key != "uscc"} | {
        field: kept
    }
    assert [note.rule for note in outcome.notes] == ["uscc"]


def test_a_unified_code_in_the_column_of_tax_numbers_is_the_code() -> None:
    [draft] = read({**ROW, "uscc": "", "tax_number": CODE}).drafts
    assert draft.content == CONTENT


@pytest.mark.parametrize(
    ("valid_until", "stored"),
    [
        ("2024年3月1日至2027年2月28日", "2027-02-28"),
        ("2024-03-01—2027-02-28", "2027-02-28"),
        ("自2024.3.1起至2027.2.28止", "2027-02-28"),
        ("20240301-20270228", "2027-02-28"),
        ("2024/3/1-长期", OPEN_DATE),
        ("三年", "2027-03-01"),
        ("有效期6个月", "2024-09-01"),
        ("半年", "2024-09-01"),
        ("至2027年2月28日", "2027-02-28"),
        ("有效期至：2027.2.28", "2027-02-28"),
        ("2027-02-28止", "2027-02-28"),
        ("截止到2027年2月28日", "2027-02-28"),
        ("三年（2024年3月1日至2027年2月28日）", "2027-02-28"),
        ("2024.3.1-2027.2.28，3年", "2027-02-28"),
        ("自发证之日起3年", "2027-03-01"),
        ("自作出处罚决定之日起公示期一年", "2025-03-01"),
    ],
)
def test_the_end_of_a_period_is_read_from_a_range_and_from_a_length(valid_until: str, stored: str) -> None:
    [draft] = read({**ROW, "valid_until": valid_until}).drafts
    assert draft.one("valid_until") == stored


@pytest.mark.parametrize(
    "valid_until",
    ["2027-02-28至2024-03-01", "2024-03-01至", "2024-03-01起", "若干年", "三年以上", "最短3个月，最长一年"],
)
def test_what_is_no_period_is_a_problem(valid_until: str) -> None:
    assert complaints(read({**ROW, "valid_until": valid_until})) == [("valid_until", "date", valid_until)]


def test_a_class_that_nobody_knows_leaves_the_row_to_its_name() -> None:
    outcome = read({**ROW, "party_class": "581"})
    assert [draft.one("party") for draft in outcome.drafts] == [PARTY]
    assert [(note.column, note.message) for note in outcome.notes] == [
        ("party_class", "不认识的值，这一栏已留空")
    ]
    assert persons_of(read({**ROW, "party": "王小明", "uscc": "", "party_class": "581"})) == ["王小明"]


def test_open_ends_and_choices_are_stored_by_key() -> None:
    [draft] = read({**ROW, "valid_until": "2099/12/31", "grade": "严重失信"}).drafts
    assert (draft.one("valid_until"), draft.one("grade")) == (OPEN_DATE, "serious")


def test_a_division_is_kept_by_code_and_an_unknown_one_left_out_with_a_note() -> None:
    assert read({**ROW, "region": "吉林省"}).drafts[0].one("region") == "22"
    outcome = read({**ROW, "region": "某某开发区"})
    assert "region" not in outcome.drafts[0].content
    assert [(note.column, note.rule) for note in outcome.notes] == [("region", "region")]


# --- what is refused


def test_all_problems_of_a_row_are_told_at_once_with_their_places() -> None:
    row = {**ROW, "uscc": CODE[:-1] + "0", "decided_on": "鹿乡二号食品有限公司", "fine_amount": "若干"}
    outcome = read({**row, "authority": ""})
    assert complaints(outcome) == [
        ("uscc", "uscc", CODE[:-1] + "0"),
        ("fine_amount", "amount", "若干"),
        ("decided_on", "date", "鹿乡二号食品有限公司"),
        ("authority", "required", ""),
    ]
    assert outcome.drafts == ()
    assert {(problem.sheet, problem.row) for problem in outcome.problems} == {("甲表", 7)}


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("decided_on", "2026-11-23", "not_future"),
        ("decided_on", "长期", "not_future"),
        ("decided_on", "1900-01-01", "required"),
        ("authority", "2022-09-31", "name"),
        ("authority", "某环函〔2022〕13号", "name"),
        ("authority", "0f8fad5b-d9cb-469f-a165-70867728950e", "name"),
        ("uscc", "9.12204E+17", "scientific"),
        ("document_number", "2.02401E+15", "scientific"),
        ("grade", "很严重", "choice"),
        ("party", "", "required"),
        ("facts", "", "required"),
    ],
)
def test_a_wrong_value_is_a_problem_of_its_rule(field: str, value: str, rule: str) -> None:
    assert [(problem.column, problem.rule) for problem in read({**ROW, field: value}).problems] == [
        (field, rule)
    ]


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("administrative_licence", "licence_number"),
        ("administrative_licence", "record_id"),
        ("administrative_penalty", "suspended_licence"),
        ("court_defaulter", "basis_number"),
        ("contract_performance", "document_number"),
        ("contract_performance", "project_number"),
    ],
)
def test_a_number_that_a_spreadsheet_has_ruined_is_refused(kind: str, field: str) -> None:
    [cell] = make_reader(kind, ["party", field]).read(2, [PARTY, "2.20402E+17"]).problems[:1]  # type: ignore[union-attr]
    assert (cell.column, cell.rule, cell.value) == (field, "scientific", "2.20402E+17")
    assert cell.message == "被表格软件存成了数字，后几位已丢失；请把这一列设为文本后重新填写"


def test_an_unknown_choice_names_the_words_that_are_allowed() -> None:
    message = read({**ROW, "grade": "很严重"}).problems[0].message
    assert [word for word in ("轻微", "一般", "严重") if word in message] == ["轻微", "一般", "严重"]


def test_the_authority_in_the_column_of_the_party_is_a_slip() -> None:
    outcome = read({**ROW, "party": AUTHORITY, "uscc": ""})
    assert complaints(outcome) == [("party", "party_is_authority", AUTHORITY)]


def test_the_official_template_asks_for_the_amount_of_a_fine() -> None:
    row = {**ROW, "fine_amount": ""}
    assert complaints(read(row, official=True)) == [("fine_amount", "fine_needs_amount", "")]
    assert len(read(row).drafts) == 1


def test_an_individual_business_without_a_code_needs_its_registration_number() -> None:
    row = {**ROW, "uscc": "00000000000000000X", "party_class": "个体工商户", "registration_number": ""}
    assert complaints(read(row, official=True)) == [("registration_number", "registration_number_needed", "")]
    row["registration_number"] = "220402600000017"
    assert len(read(row, official=True).drafts) == 1


@pytest.mark.parametrize(
    ("end", "told"),
    [("2025-01-01", [("publicity_end", "publicity_after_decision", "2025-01-01")]), ("2026-05-06", [])],
)
def test_publicity_that_ends_before_the_decision_is_refused(
    end: str, told: list[tuple[str, str, str]]
) -> None:
    row = {
        "party": PARTY,
        "uscc": CODE,
        "facts": "过期食品",
        "decided_on": "2026-05-06",
        "authority": AUTHORITY,
        "publicity_end": end,
    }
    outcome = make_reader("administrative_penalty", tuple(row)).read(3, list(row.values()))
    assert outcome is not None
    assert complaints(outcome) == told


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    licence = {
        "party": PARTY,
        "uscc": CODE,
        "licence_content": "食品经营",
        "decided_on": "2024-01-01",
        "authority": AUTHORITY,
        "valid_from": "2024-01-01",
        "valid_until": "2023-01-01",
    }
    reader = make_reader("administrative_licence", tuple(licence))
    outcome = reader.read(3, list(licence.values()))
    assert outcome is not None
    assert complaints(outcome) == [("valid_until", "dates_in_order", "2023-01-01")]


# --- persons


def persons_of(outcome: RowOutcome) -> list[str]:
    return [person.text.split("|")[0] for person in outcome.persons]


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ({"party": "王小明", "uscc": ""}, ["王小明"]),
        ({"party": "王小明、李小红", "uscc": ""}, ["王小明", "李小红"]),
        ({"party": "王小明，李小红", "uscc": ""}, ["王小明", "李小红"]),
        ({"party": "王小明 李小红", "uscc": ""}, ["王小明", "李小红"]),
        ({"party": "买买提·艾力", "uscc": ""}, ["买买提·艾力"]),
        ({"party": "", "uscc": "", "person_name": "王小明"}, ["王小明"]),
        ({"party_class": "自然人"}, [PARTY]),
        ({"party": "王小明", "uscc": IDENTITY}, ["王小明"]),
    ],
)
def test_a_row_about_persons_only_is_withheld(row: dict[str, str], names: list[str]) -> None:
    outcome = read({**ROW, **row})
    assert persons_of(outcome) == names
    assert (outcome.drafts, outcome.problems, outcome.notes) == ((), (), ())


def test_a_withheld_row_reads_the_same_in_another_notation() -> None:
    first = read({**ROW, "party": "王小明", "uscc": ""})
    again = read(
        {**ROW, "party": "王 小明", "uscc": "/", "decided_on": "2024年3月1日", "fine_amount": "5000元"}
    )
    assert first.persons == again.persons


def test_in_a_mixed_row_the_person_is_taken_out_of_the_texts_too() -> None:
    outcome = read({**ROW, "person_name": "王小明", "facts": "王小明对经营超过保质期的食品负责"})
    assert outcome.persons == ()
    assert outcome.drafts[0].content == {**CONTENT, "facts": f"{HIDDEN}对经营超过保质期的食品负责"}


def test_a_person_beside_an_organisation_in_one_cell_is_withheld() -> None:
    outcome = read({**ROW, "party": f"{PARTY}、王小明", "uscc": "", "facts": "王小明经营超过保质期的食品"})
    assert [draft.one("party") for draft in outcome.drafts] == [PARTY]
    assert outcome.drafts[0].one("facts") == f"{HIDDEN}经营超过保质期的食品"
    assert persons_of(outcome) == ["王小明"]


def test_the_name_of_a_person_with_a_place_behind_it_is_taken_out_of_the_texts() -> None:
    party = f"{PARTY}、王小明（时任鹿乡银行行长）"
    outcome = read({**ROW, "party": party, "uscc": "", "facts": "王小明负责"})
    assert persons_of(outcome) == ["王小明（时任鹿乡银行行长）"]
    assert outcome.drafts[0].one("facts") == f"{HIDDEN}负责"


@pytest.mark.parametrize("sign", ["、", "；", "\n", "，", "/"])
def test_several_organisations_in_a_cell_make_a_record_each(sign: str) -> None:
    outcome = read({**ROW, "party": f"{PARTY}{sign}鹿乡二号食品有限公司", "uscc": ""})
    assert [draft.one("party") for draft in outcome.drafts] == [PARTY, "鹿乡二号食品有限公司"]


@pytest.mark.parametrize(
    ("party", "names"),
    [
        ("鹿乡一号有限公司 鹿乡二号有限公司", ["鹿乡一号有限公司", "鹿乡二号有限公司"]),
        ("鹿乡一号有限公司 长春分公司", ["鹿乡一号有限公司长春分公司"]),
        ("鹿乡 一号 有限公司", ["鹿乡一号有限公司"]),
        ("鹿乡一号有限公司与鹿乡二号食品有限公司", ["鹿乡一号有限公司", "鹿乡二号食品有限公司"]),
        ("鹿乡一号有限公司及鹿乡二号专业合作社", ["鹿乡一号有限公司", "鹿乡二号专业合作社"]),
        ("鹿乡一号有限公司和平分公司", ["鹿乡一号有限公司和平分公司"]),
        ("鹿乡一号有限公司与安街服务部", ["鹿乡一号有限公司与安街服务部"]),
    ],
)
def test_blanks_and_words_part_companies_and_stay_or_are_dropped_within_one(
    party: str, names: list[str]
) -> None:
    assert [draft.one("party") for draft in read({**ROW, "party": party, "uscc": ""}).drafts] == names


@pytest.mark.parametrize(
    "cell",
    [
        f"{PARTY} {CODE}",
        f"{PARTY}{CODE.lower()}",
        f"{PARTY}（{CODE}）",
        f"{PARTY}（统一社会信用代码：{CODE}）",
        f"当事人：{PARTY}；统一社会信用代码：{CODE}；法定代表人：王小明",
    ],
)
@pytest.mark.parametrize("code", ["", CODE])
def test_a_code_in_the_cell_of_a_name_is_no_part_of_it(cell: str, code: str) -> None:
    outcome = read({**ROW, "party": cell, "uscc": code})
    [draft] = outcome.drafts
    assert (draft.one("party"), draft.one("uscc")) == (PARTY, code)
    assert [note.rule for note in outcome.notes] == ["code_beside_name"]


@pytest.mark.parametrize(
    "behind",
    [
        "（曾用名：鹿乡旧食品有限公司）",
        "(原鹿乡旧食品有限公司)",
        "（原名：鹿乡旧饭店）",
        "（更名前：鹿乡旧店）",
    ],
)
def test_a_former_name_behind_a_name_is_no_part_of_it(behind: str) -> None:
    outcome = read({**ROW, "party": f"{PARTY}{behind}"})
    assert [draft.one("party") for draft in outcome.drafts] == [PARTY]
    assert [note.rule for note in outcome.notes] == ["former_name"]


@pytest.mark.parametrize(
    "party", ["鹿乡食品厂（原址）", "鹿乡饭店（原种场店）", "鹿乡中原食品有限公司（名优特产店）"]
)
def test_other_words_in_brackets_stay_in_a_name(party: str) -> None:
    assert read({**ROW, "party": party}).drafts[0].one("party") == party


@pytest.mark.parametrize(
    "cell", [f"{CODE}（1-1）", f"{CODE}(1-3)", f"统一社会信用代码：{CODE}", f"信用代码: {CODE}"]
)
def test_a_label_and_the_number_of_a_copy_are_no_part_of_a_code(cell: str) -> None:
    assert read({**ROW, "uscc": cell}).drafts[0].one("uscc") == CODE


def test_letters_and_digits_that_are_no_code_stay_in_a_name() -> None:
    name = f"鹿乡{CODE[:-1]}{'1' if CODE[-1] != '1' else '2'}商店"
    assert read({**ROW, "party": name}).drafts[0].one("party") == name


def test_several_organisations_take_several_codes_in_their_order_and_never_one() -> None:
    names = f"{PARTY}；鹿乡二号食品有限公司"
    both = read({**ROW, "party": names, "uscc": f"{CODE}；{OTHER_CODE}"})
    assert [draft.one("uscc") for draft in both.drafts] == [CODE, OTHER_CODE]
    assert [problem.rule for problem in read({**ROW, "party": names}).problems] == ["several_parties"]


@pytest.mark.parametrize("sign", ["、", "，", ",", "；", "\n", " ", "　 "])
def test_codes_are_parted_by_whatever_signs_part_the_names(sign: str) -> None:
    outcome = read({**ROW, "party": f"{PARTY}、鹿乡二号食品有限公司", "uscc": f"{CODE}{sign}{OTHER_CODE}"})
    assert [draft.one("uscc") for draft in outcome.drafts] == [CODE, OTHER_CODE]


def test_a_code_written_in_groups_is_one_code() -> None:
    [draft] = read({**ROW, "uscc": f"{CODE[:8]} {CODE[8:]}"}).drafts
    assert draft.content["uscc"] == CODE


@pytest.mark.parametrize(
    "party",
    [
        f"{PARTY}等",
        f"{PARTY}等3家企业",
        f"{PARTY}、鹿乡二号食品有限公司等十余家单位",
        f"{PARTY}等5户",
        f"（{PARTY}等两家公司）",
    ],
)
@pytest.mark.parametrize("code", ["", CODE])
def test_parties_that_are_not_all_named_are_asked_for(party: str, code: str) -> None:
    told = [
        (problem.column, problem.rule) for problem in read({**ROW, "party": party, "uscc": code}).problems
    ]
    assert ("party", "and_others") in told or ("uscc", "several_parties") in told


@pytest.mark.parametrize(
    "party", ["某某市中等专业学校", "平等街百货商店", "某某县等级公路养护有限公司", "上等3家常菜馆"]
)
def test_a_name_with_that_word_in_it_is_a_name(party: str) -> None:
    assert [draft.one("party") for draft in read({**ROW, "party": party}).drafts] == [party]


def test_more_codes_than_names_are_told() -> None:
    [problem] = read({**ROW, "uscc": f"{CODE}、{OTHER_CODE}"}).problems
    assert (problem.rule, problem.message) == (
        "several_parties",
        "一格里有2个代码，而单位有1个，对不上；请每个单位一行",
    )


def test_a_name_broken_over_lines_is_one_name() -> None:
    [draft] = read({**ROW, "party": "鹿乡一号食品\n有限公司", "uscc": ""}).drafts
    assert draft.one("party") == PARTY


@pytest.mark.parametrize(
    ("party", "code", "shown"),
    [
        ("古丽巴哈尔吾买尔江", "", HIDDEN),
        ("某某区王小明", "", HIDDEN),
        (f"{PARTY}、鹿乡二号食品有限公司、王小明", CODE, HIDDEN),
        (f"{PARTY}、鹿乡二号食品有限公司", CODE, f"{PARTY}、鹿乡二号食品有限公司"),
    ],
)
def test_a_problem_shows_no_name_that_may_be_a_persons(party: str, code: str, shown: str) -> None:
    outcome = read({**ROW, "party": party, "uscc": code})
    assert [problem.value for problem in outcome.problems] == [shown]


def test_an_unclear_party_is_asked_for_its_class_and_a_class_settles_it() -> None:
    row = {**ROW, "party": "JOHN SMITH", "uscc": ""}
    assert complaints(read(row)) == [("party", "party_class", HIDDEN)]
    assert len(read(row, constants={"party_class": "法人及非法人组织"}).drafts) == 1


@pytest.mark.parametrize("number", [IDENTITY, IDENTITY + "01"])
@pytest.mark.parametrize(
    "field", ["uscc", "tax_number", "registration_number", "authority_code", "document_number"]
)
def test_an_identity_number_of_an_organisations_row_is_dropped_and_never_echoed(
    field: str, number: str
) -> None:
    row = {**ROW, "facts": "经营超过保质期的食品", field: number}
    outcome = read(row)
    assert [(note.column, note.rule, note.value) for note in outcome.notes] == [
        (field, "personal_number", HIDDEN)
    ]
    assert IDENTITY not in str(outcome)
    assert len(outcome.drafts) == 1


@pytest.mark.parametrize(
    "field",
    ["facts", "party", "decided_on", "fine_amount", "authority", "grade", "region", "record_id", "remark"],
)
def test_an_identity_number_anywhere_else_never_leaves_the_row(field: str) -> None:
    assert IDENTITY not in str(read({**ROW, field: IDENTITY}))
    assert IDENTITY not in str(read({**ROW, field: f"身份证号{IDENTITY}"}))
    assert IDENTITY not in str(read({**ROW, field: f"其他-{IDENTITY}"}))


def test_what_is_never_kept_is_not_in_the_draft() -> None:
    [draft] = read({**ROW, "identity_number": ""}, fields=(*FIELDS, "identity_number")).drafts
    assert draft.content == CONTENT


def test_the_remembered_answer_for_a_cell_is_the_same_as_the_first() -> None:
    reader = make_reader()
    cells = [ROW.get(name, "") for name in FIELDS]
    wrong = [*cells[:7], "不是日期", cells[8]]
    assert reader.read(1, cells) is not None
    first, again = reader.read(2, wrong), reader.read(3, wrong)
    assert first is not None
    assert again is not None
    assert complaints(first) == complaints(again) == [("decided_on", "date", "不是日期")]


# --- subjects, lists, events


def test_a_subject_profile_is_never_a_person() -> None:
    reader = make_reader("subject_profile", ("party", "former_names", "short_names"))
    person = reader.read(2, ["王小明", "", ""])
    subject = reader.read(3, [PARTY, "鹿乡旧一号有限公司；鹿乡旧二号有限公司", "鹿乡一号;鹿乡"])
    assert person is not None
    assert complaints(person) == [("party", "person_profile", "")]
    assert subject is not None
    assert subject.drafts[0].content == {
        "party": PARTY,
        "former_names": ["鹿乡旧一号有限公司", "鹿乡旧二号有限公司"],
        "short_names": ["鹿乡一号", "鹿乡"],
    }


def test_an_entry_names_its_list_by_key_label_or_alias() -> None:
    reader = make_reader("honour_entry", ("party", "list", "decided_on", "authority", "record_id"))
    outcomes = [
        reader.read(2, [PARTY, word, "2024-01-01", "某某市税务局", "r-Ab1"])
        for word in ("tax_grade_a", "A级纳税人", "纳税信用A级")
    ]
    drafts = [outcome.drafts[0] for outcome in outcomes if outcome]
    assert [(draft.list, draft.content["list"], draft.record_id) for draft in drafts] == [
        ("tax_grade_a", "tax_grade_a", "r-Ab1")
    ] * 3
    unknown = reader.read(2, [PARTY, "没有的名单", "2024-01-01", "某某市税务局", ""])
    assert unknown is not None
    assert complaints(unknown) == [("list", "choice", "没有的名单")]


def test_an_entry_of_a_list_of_another_kind_is_refused() -> None:
    reader = make_reader("honour_entry", ("party", "list", "decided_on", "authority"))
    outcome = reader.read(2, [PARTY, "统计严重失信企业名单", "2024-01-01", "某某市统计局"])
    assert outcome is not None
    assert complaints(outcome) == [("list", "list", "统计严重失信企业名单")]


def test_an_entry_of_a_kind_with_one_list_is_on_that_list() -> None:
    fields = ("party", "uscc", "document_number", "decided_on", "authority")
    outcome = make_reader("court_defaulter", fields).read(
        2, [PARTY, CODE, "（2022）某9999执54号", "20220301", "某某市某某区人民法院"]
    )
    assert outcome is not None
    assert outcome.drafts[0].list == "court_defaulters"


def test_event_rows_become_events() -> None:
    fields = ("event", "record_id", "kind", "party", "uscc", "document_number", "event_on")
    reader = make_reader("events", fields)
    by_number = reader.read(2, ["信用修复", "r-Ab1", "", "", "", "", "2026/11/1"])
    by_key = reader.read(3, ["撤销", "", "行政处罚", PARTY, CODE, "某罚〔2024〕1号", ""])
    wrong = reader.read(4, ["消失", "r-Ab1", "", "", "", "", ""])
    assert by_number is not None
    assert by_number.events == (EventDraft("repaired", "r-Ab1", "", {}, "2026-11-01"),)
    assert by_key is not None
    content = {"party": PARTY, "uscc": CODE, "document_number": "某罚〔2024〕1号"}
    assert by_key.events == (EventDraft("revoked", "", "administrative_penalty", content, ""),)
    assert wrong is not None
    assert complaints(wrong) == [("event", "choice", "消失")]


CELLS = st.one_of(
    st.sampled_from(
        ["", "-", PARTY, AUTHORITY, CODE, IDENTITY, "王小明", "2024-03-01", "罚款", "90万元", "长期"]
    ),
    st.text(max_size=30),
)


@settings(deadline=None)  # the machine may be busy: timings are no tests
@given(st.lists(CELLS, max_size=len(FIELDS)))
def test_whatever_stands_in_a_row_it_has_one_outcome_and_no_identity_number(cells: list[str]) -> None:
    outcome = READER.read(5, cells)
    told = outcome or RowOutcome(5, persons=(PersonRow("", Draft("", {}), is_stated=False),))
    assert bool(told.problems) != bool(told.drafts or told.persons)
    assert IDENTITY not in str(told)


READER = make_reader()


def test_a_field_that_asks_for_an_unknown_rule_is_an_error_of_the_mappings() -> None:
    fields = {**CATALOG.record_fields}
    fields["authority"] = msgspec.structs.replace(fields["authority"], rules=("no_such_rule",))
    with pytest.raises(CatalogError, match="no_such_rule"):
        make_reader(catalog=msgspec.structs.replace(CATALOG, record_fields=fields))


def test_a_row_of_a_register_is_one_subject_whatever_signs_its_name_holds() -> None:
    content: dict[str, Value] = {"party": "演示县供销合作社副食品、日杂门市部", "uscc": "91220400DM4197079K"}
    found = sort_parties(content, (), False, PRIVACY, is_register=True)
    assert found.organisations == (("演示县供销合作社副食品、日杂门市部", "91220400DM4197079K"),)


def test_a_key_is_read_from_itself_and_from_its_label() -> None:
    read = keyed({"licence": "行政许可", "penalty": "行政处罚"}, "没有这个类别", "credit-search kinds")
    assert [read(text) for text in ("penalty", " 行政处罚 ", "")] == ["penalty", "penalty", None]
    with pytest.raises(Refused) as caught:
        read("行政奖励")
    told = "没有这个类别；最接近的：行政处罚、行政许可；全部见 credit-search kinds"
    assert (caught.value.message, caught.value.rule) == (told, "choice")
