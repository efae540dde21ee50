"""Numbers of persons in every column and in every notation that was met: none is kept, shown or told."""

import re
import unicodedata
from datetime import date

import pytest

from indexers.catalog import load_catalog
from indexers.grammar import Column, Template
from indexers.identifiers import identity_check_digit
from indexers.records import RowOutcome
from indexers.validation import RowReader, Surroundings
from samples.codes import uscc_check_digit

CATALOG = load_catalog()
PRIVACY = CATALOG.privacy
FIRST_17 = "22049919800101111"
"""Of a region that was never given out."""
NUMBER = FIRST_17 + identity_check_digit(FIRST_17)
FIRM = "91220402MA0000001" + uscc_check_digit("91220402MA0000001")
NOTATIONS = {
    "plain": NUMBER,
    "full width": NUMBER.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "blanks": f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}",
    "broken over lines": f"{NUMBER[:10]}\n{NUMBER[10:]}",
    "taxpayer 01": NUMBER + "01",
    "taxpayer 001": NUMBER + "001",
    "taxpayer K01": NUMBER + "K01",
    "taxpayer L": "L" + NUMBER,
    "old form": NUMBER[:6] + NUMBER[8:17],
    "last one missing": FIRST_17,
    "last one masked": FIRST_17 + "*",
    "with a name": f"王小明({NUMBER})",
    "with a label": f"身份证号:{NUMBER}",
    "two": f"{NUMBER}/{NUMBER}",
    "quoted": f"'{NUMBER}",
    "zero before": "0" + NUMBER,
    "word behind": NUMBER + "ABCD",
    "slashes": f"{NUMBER[:6]}/{NUMBER[6:14]}/{NUMBER[14:]}",
    "commas": f"{NUMBER[:6]},{NUMBER[6:14]},{NUMBER[14:]}",
    "underscores": f"{NUMBER[:6]}_{NUMBER[6:14]}_{NUMBER[14:]}",
    "dots": f"{NUMBER[:6]}·{NUMBER[6:14]}·{NUMBER[14:]}",
    "circles": NUMBER.translate(str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")),
    "formula": NUMBER.translate(str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")),
    "mobile": "13812345678",
    "mobile abroad": "008613812345678",
    "mobile in blanks": "1 3 8 1 2 3 4 5 6 7 8",
    "mobile in dots": "138.1234.5678",
    "plate": "吉D12345",
}
SECRETS = (NUMBER, FIRST_17, NUMBER[6:17], "980101111", "13812345678", "D12345")
ROW = {
    "party": "鹿乡一号食品有限公司",
    "uscc": FIRM,
    "document_number": "某罚〔2024〕1号",
    "facts": "经营超过保质期的食品",
    "decided_on": "2024-03-01",
    "authority": "某某市市场监督管理局",
}
PENALTY = [name for name in CATALOG.kinds["administrative_penalty"].fields if name != "record_id"]


def read_row(content: dict[str, str], kind: str, *, official: bool = False) -> RowOutcome:
    columns = tuple(Column(names=(name,), to=name) for name in content)
    reader = RowReader(
        Surroundings(CATALOG, date(2026, 11, 22)),
        Template("own", "自有", kind, columns, official=official),
        tuple(content),
        columns,
        "",
    )
    outcome = reader.read(2, list(content.values()))
    assert outcome is not None
    return outcome


def read(field: str, text: str, **row: str) -> RowOutcome:
    return read_row({**ROW, **row, field: text}, "administrative_penalty")


def folded(outcome: RowOutcome) -> str:
    text = str([outcome.drafts, outcome.problems, outcome.notes, outcome.events]).replace("\\n", "")
    return re.sub(r"[ ./,_·-]", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("text", NOTATIONS.values(), ids=NOTATIONS.keys())
def test_no_number_of_a_person_comes_through_any_column(text: str) -> None:
    told = {field: folded(read(field, text)) for field in PENALTY}
    assert {field for field, words in told.items() if any(secret in words for secret in SECRETS)} == set()


def test_a_name_is_kept_without_the_number_beside_it() -> None:
    outcome = read("legal_representative", f"王小明（身份证号码：{NUMBER}）")
    assert [draft.content["legal_representative"] for draft in outcome.drafts] == ["王小明"]
    assert [(note.rule, note.value) for note in outcome.notes] == [("personal_number", PRIVACY.placeholder)]


def test_a_name_is_kept_without_the_birthday_beside_it() -> None:
    outcome = read("legal_representative", "王小明，男，1981年3月5日生")
    [draft] = outcome.drafts
    assert draft.one("legal_representative").startswith("王小明") and "1981" not in str(outcome)
    assert [note.rule for note in outcome.notes] == ["personal_number"]


@pytest.mark.parametrize(
    "behind",
    [
        "（法定代表人：王小明）",
        "(负责人 王小明)",
        " （经营者王小明）",
        "（法定代表人姓名：王小明）\n鹿乡二号食品有限公司（业主:钟意外）",
        " 经营者：王小明",
        "，法定代表人：王小明",
        "；负责人姓名:王小明；鹿乡二号食品有限公司，业主：钟意外",
    ],
)
def test_no_name_of_a_representative_comes_with_the_name_of_a_party(behind: str) -> None:
    outcome = read("party", ROW["party"] + behind, uscc="")
    assert [draft.one("party") for draft in outcome.drafts][:1] == [ROW["party"]]
    assert not any(name in str(outcome) for name in ("王小明", "钟意外"))


@pytest.mark.parametrize("label", ["当事人：", "被处罚单位名称: ", "字号名称：", "名称："])
def test_a_label_before_the_name_of_a_party_is_no_part_of_it(label: str) -> None:
    outcome = read("party", f"{label}{ROW['party']}\n经营者：王小明", uscc="")
    assert [draft.one("party") for draft in outcome.drafts] == [ROW["party"]]
    assert "王小明" not in str(outcome)


def test_a_person_who_runs_a_shop_is_a_person_with_a_label_before_the_name_too() -> None:
    outcome = read("party", "经营者：王小明", uscc="")
    assert (len(outcome.drafts), len(outcome.persons), outcome.problems) == (0, 1, ())


@pytest.mark.parametrize(
    "party", ["鹿乡一号食品有限公司（演示分店）", "某某县法人服务中心（负责人培训）学校"]
)
def test_other_brackets_behind_a_name_stay(party: str) -> None:
    assert [draft.one("party") for draft in read("party", party, uscc="").drafts] == [party]


def test_a_party_with_a_number_beside_its_name_is_a_person() -> None:
    outcome = read("party", f"JOHN SMITH 王\n{NUMBER}", uscc="")
    assert (len(outcome.drafts), len(outcome.persons), outcome.problems) == (0, 1, ())


def test_codes_and_numbers_of_files_are_no_numbers_of_persons() -> None:
    codes = {"registration_number": "220400000000017", "tax_number": "220402MA0000001", "uscc": FIRM}
    outcome = read("social_number", "22040220260302000017", **codes)
    [draft] = outcome.drafts
    assert {name: draft.content[name] for name in codes} == codes
    assert (draft.content["social_number"], outcome.notes) == ("22040220260302000017", ())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (FIRM, {"uscc": FIRM}),
        ("MA000000-1", {"organisation_code": "MA0000001"}),
        ("MA****00-1", {}),
        (NUMBER, {}),
    ],
    ids=["unified", "old", "masked", "person"],
)
def test_the_courts_column_keeps_codes_of_organisations_only(text: str, kept: dict[str, str]) -> None:
    row = {name: value for name, value in ROW.items() if name not in ("uscc", "facts")}
    outcome = read_row({**row, "organisation_code": text}, "court_defaulter")
    [draft] = outcome.drafts
    codes = {name: draft.content[name] for name in ("uscc", "organisation_code") if name in draft.content}
    assert codes == kept


@pytest.mark.parametrize(
    "text", ["13812345678", "0437-3224455", NUMBER, f"见通知，电话 0437-3224455 {NUMBER}"]
)
@pytest.mark.parametrize("field", ["decided_on", "valid_until", "publicity_end", "status"])
def test_a_number_of_a_person_where_a_day_or_state_ends_publicity_refuses_the_row(
    field: str, text: str
) -> None:
    outcome = read(field, text)
    assert [(problem.column, problem.value) for problem in outcome.problems] == [(field, PRIVACY.placeholder)]
    assert (outcome.drafts, outcome.persons) == ((), ())
    assert not any(part in str(outcome) for part in ("13812345678", "3224455", NUMBER))


def test_a_word_of_ones_own_in_a_column_of_choices_is_kept_without_the_number_in_it() -> None:
    [draft] = read("status", "其他-复议中，联系电话13812345678").drafts
    assert draft.one("status") == f"其他-复议中，联系电话{PRIVACY.placeholder}"


def test_a_field_with_a_refusing_finding_is_told_of_once() -> None:
    row = {**ROW, "penalty_class": "罚款", "fine_amount": "见决定书"}
    outcome = read_row(row, "administrative_penalty", official=True)
    assert [(problem.column, problem.rule) for problem in outcome.problems] == [("fine_amount", "amount")]
