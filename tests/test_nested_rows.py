"""JSON with objects in arrays: each is read as a record of its own where it is one, and none passes for another."""

import json
from pathlib import Path
from typing import Any

import pytest
from deliveries import CATALOG, TODAY, code, read_sheets

from indexers.drafting import draft_mapping
from indexers.records import Draft, RowOutcome, SheetReading

DECISION = {
    "行政处罚决定书文号": "某罚〔2026〕1号",
    "违法事实": "未培训",
    "处罚决定日期": "2026-05-06",
    "处罚机关": "某某局",
}
FIRST, SECOND = "鹿乡一号食品有限公司", "鹿乡二号食品有限公司"
NUMBER = "220402198001010018"
UNFOLDED = "有的记录在“{}”里有几组，每一组读作一行；行号是读出的第几行"


def read(tmp_path: Path, content: object) -> list[tuple[SheetReading, list[RowOutcome]]]:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return [(told, list(found)) for told, found in read_sheets(path, CATALOG, today=TODAY)]


def drafts(outcomes: list[RowOutcome], *fields: str) -> list[list[object]]:
    made: list[Draft] = [draft for outcome in outcomes for draft in outcome.drafts]
    return [[draft.content.get(field) for field in fields] for draft in made]


def on_parties(*parties: dict[str, Any]) -> dict[str, object]:
    return {**DECISION, "当事人信息": list(parties)}


def party(name: str, serial: int, fine: int | None = None) -> dict[str, object]:
    return {"行政相对人名称": name, "统一社会信用代码": code(serial), "罚款金额(万元)": fine}


def test_each_party_has_its_own_code_and_fine(tmp_path: Path) -> None:
    content = [on_parties({"行政相对人名称": FIRST}, party(SECOND, 2, 3)), on_parties(party(FIRST, 1, 1))]
    [(told, outcomes)] = read(tmp_path, content)
    assert [note.message for note in told.notes] == [UNFOLDED.format("当事人信息")]
    assert [outcome.row for outcome in outcomes] == [1, 2, 3]
    assert drafts(outcomes, "party", "uscc", "fine_amount") == [
        [FIRST, None, None],
        [SECOND, code(2), "30000"],
        [FIRST, code(1), "10000"],
    ]


def test_the_fine_of_a_person_is_not_that_of_the_company_beside(tmp_path: Path) -> None:
    person = {"行政相对人名称": "某甲", "罚款金额(万元)": 2, "身份证号": NUMBER}
    [(_, outcomes)] = read(tmp_path, [on_parties(party(FIRST, 1, 1), person)])
    assert drafts(outcomes, "party", "fine_amount") == [[FIRST, "10000"]]
    assert [len(outcome.persons) for outcome in outcomes] == [0, 1]


def test_decisions_under_their_office_are_rows(tmp_path: Path) -> None:
    own = {key: value for key, value in DECISION.items() if key != "处罚机关"}
    cases = [
        {**own, "行政相对人名称": FIRST},
        {**own, "行政相对人名称": SECOND, "处罚决定日期": "2026-05-07"},
    ]
    [(_, outcomes)] = read(tmp_path, [{"处罚机关": "某某局", "处罚信息": cases}])
    assert drafts(outcomes, "authority", "party", "decided_on") == [
        ["某某局", FIRST, "2026-05-06"],
        ["某某局", SECOND, "2026-05-07"],
    ]


def test_several_objects_that_are_no_records_stay_in_one_cell(tmp_path: Path) -> None:
    bases = [
        {"处罚依据": "食品安全法"},
        {"处罚依据": ""},
        {"处罚依据": "广告法", "附件": [{"名": 1}, {"名": 2}]},
    ]
    [(told, outcomes)] = read(tmp_path, [{**DECISION, "行政相对人名称": FIRST, "依据信息": bases}])
    assert [note.rule for note in told.notes] == ["unknown_column"]
    assert [outcome.row for outcome in outcomes] == [1]
    assert drafts(outcomes, "party", "legal_basis") == [[FIRST, "食品安全法；广告法"]]


def test_a_draft_sees_one_value_of_each_object(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    who = [{"企业": FIRST, "代码": code(1)}, {"企业": SECOND, "代码": code(2)}]
    path.write_text(json.dumps([{**DECISION, "对象": who}], ensure_ascii=False), "utf-8")
    written = draft_mapping(path, CATALOG)
    assert '{ names = ["对象.企业"], to = "party" }' in written
    assert '{ names = ["对象.代码"], to = "uscc" }' in written


LICENCE = {
    "行政相对人名称": FIRST, "行政许可决定文书号": "某许〔2026〕1号", "许可内容": "食品销售",
    "许可决定日期": "2026-03-01", "许可机关": "某某局",
}  # fmt: skip
PENALTY = {**DECISION, "行政相对人名称": SECOND}


def test_every_table_of_a_file_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, {"data": {"许可": [LICENCE], "处罚": [PENALTY, PENALTY], "其他": []}})
    assert [(told.sheet, told.kind, len(outcomes)) for told, outcomes in found] == [
        ("data.许可", "administrative_licence", 1),
        ("data.处罚", "administrative_penalty", 2),
    ]


@pytest.mark.parametrize("above", [True, False])
def test_a_list_of_codes_is_no_table_however_long(tmp_path: Path, above: bool) -> None:
    codes = {"dict": [{"k": str(number), "v": "甲"} for number in range(50)]}
    rows = {"list": [PENALTY]}
    [(told, outcomes)] = read(tmp_path, {"data": codes | rows if above else rows | codes})
    assert (told.sheet, len(outcomes)) == ("", 1)
    assert [note.message for note in told.notes] == ["“data.dict”一组只有 2 个键，像是代码表，没有读"]
