"""Columns that no template knows, and labels that stand twice."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from deliveries import AUTHORITY, CATALOG, TODAY, code, read_sheets

from indexers.drafting import draft_mapping
from indexers.records import RowOutcome, SheetReading

PROMISE = ["承诺主体名称", "承诺类型", "承诺事项", "承诺内容", "承诺日期", "承诺受理单位", "履约状态"]
LISTED = ["企业名称", "列入经营异常名录原因", "列入日期", "列入决定机关"]


def party(serial: int) -> str:
    return f"鹿乡{serial}号食品有限公司"


def promise(serial: int) -> list[str]:
    return [party(serial), "主动公示型", "诚信经营", "守法经营", "2026-05-06", AUTHORITY, "全部履行"]


def listed(serial: int) -> list[str]:
    return [party(serial), "未年报", "2026-01-05", AUTHORITY]


def read(tmp_path: Path, rows: Sequence[Sequence[str]]) -> tuple[SheetReading, list[RowOutcome]]:
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    [(reading, outcomes)] = read_sheets(tmp_path / "a.csv", CATALOG, today=TODAY)
    return reading, list(outcomes)


def codes(outcomes: list[RowOutcome]) -> list[str]:
    return [draft.one("uscc") for outcome in outcomes for draft in outcome.drafts]


def told(reading: SheetReading) -> list[tuple[str, str]]:
    return [(note.column, note.message) for note in reading.notes]


@pytest.mark.parametrize(
    ("label", "rows"),
    [("承诺主体代码", [PROMISE, promise(1), promise(2)]), ("企业代码", [LISTED, listed(1), listed(2)])],
)
def test_a_column_of_codes_of_the_parties_is_read_as_that(
    tmp_path: Path, label: str, rows: list[list[str]]
) -> None:
    header, first, second = rows
    reading, outcomes = read(tmp_path, [[*header, label], [*first, code(1)], [*second, code(2)]])
    assert codes(outcomes) == [code(1), code(2)]
    assert told(reading) == [(label, f"“{label}”一列是统一社会信用代码，已按此读入")]


@pytest.mark.parametrize(
    ("label", "values"),
    [
        ("登记机关代码", [code(1), code(2)]),
        ("担保单位代码", [code(1), code(2)]),
        ("企业主管部门代码", [code(1), code(2)]),
        ("单位代码", [code(7), code(7)]),
    ],
)
def test_codes_that_may_be_somebody_elses_are_left_out_with_a_note(
    tmp_path: Path, label: str, values: list[str]
) -> None:
    rows = [[*LISTED, label], [*listed(1), values[0]], [*listed(2), values[1]]]
    reading, outcomes = read(tmp_path, rows)
    assert codes(outcomes) == ["", ""]
    assert told(reading) == [
        (
            label,
            "这一列里有统一社会信用代码，看不出是谁的，没有读入；"
            "是主体自己的代码的，请把列名改为“统一社会信用代码”",
        )
    ]


def test_a_party_without_a_code_does_not_make_the_code_of_another_that_of_all(tmp_path: Path) -> None:
    rows = [[*PROMISE, "统一社会信用代码"], [*promise(1), code(1)], [*promise(2), ""]]
    _, outcomes = read(tmp_path, rows)
    assert codes(outcomes) == [code(1), ""]


def test_nobody_is_asked_to_rename_a_column_to_what_it_is_called(tmp_path: Path) -> None:
    rows = [[*PROMISE, "统一社会信用代码"], [*promise(1), code(7)], [*promise(2), code(7)]]
    reading, outcomes = read(tmp_path, rows)
    assert codes(outcomes) == ["", ""]
    assert told(reading) == [
        (
            "统一社会信用代码",
            "这一列里几个主体都是同一个统一社会信用代码，像是报送单位的，没有读入",
        )
    ]


def test_a_second_column_of_codes_is_told_not_read(tmp_path: Path) -> None:
    rows = [[*LISTED, "统一社会信用代码", "企业代码"], [*listed(1), code(1), code(2)]]
    reading, outcomes = read(tmp_path, rows)
    assert codes(outcomes) == [code(1)]
    assert told(reading) == [
        ("企业代码", "这一列里有统一社会信用代码，但代码已从“统一社会信用代码”一列读入，这一列没有读入")
    ]


def test_a_column_of_other_codes_is_no_column_of_codes(tmp_path: Path) -> None:
    reading, outcomes = read(tmp_path, [[*LISTED, "企业代码"], [*listed(1), "A-17"], [*listed(2), code(2)]])
    assert codes(outcomes) == ["", ""]
    assert told(reading) == [("企业代码", "没有对应的字段，这一列没有读入")]


def test_of_columns_with_one_label_the_first_value_counts(tmp_path: Path) -> None:
    header = ["企业名称", *LISTED]
    rows = [header, ["", *listed(1)], [party(2), *listed(3)]]
    reading, outcomes = read(tmp_path, rows)
    assert [draft.one("party") for outcome in outcomes for draft in outcome.drafts] == [party(1), party(2)]
    assert told(reading) == [("企业名称", "与前面一列同名，只在前面一列空着时读入")]


def test_of_columns_with_one_label_all_numbers_are_kept(tmp_path: Path) -> None:
    rows = [[*LISTED, "列入决定文号", "列入决定文号"], [*listed(1), "某异〔2026〕1号", "某异〔2026〕2号"]]
    reading, outcomes = read(tmp_path, rows)
    numbers = [draft.all("document_number") for outcome in outcomes for draft in outcome.drafts]
    assert numbers == [("某异〔2026〕1号", "某异〔2026〕2号")]
    assert told(reading) == [("列入决定文号", "与前面一列同名，已一并读入")]


def test_labels_inside_others_are_known_by_both_and_never_by_the_inner_one_alone(tmp_path: Path) -> None:
    entry = {
        "企业信息": {"企业名称": party(1), "法定代表人": {"姓名": "王某", "证件号码": "22"}},
        "列入经营异常名录原因": "未年报",
        "列入日期": "2026-01-05",
        "列入决定机关": {"名称": AUTHORITY, "统一社会信用代码": code(7)},
    }
    (tmp_path / "a.json").write_text(json.dumps([entry]), encoding="utf-8")
    [(_, outcomes)] = read_sheets(tmp_path / "a.json", CATALOG, today=TODAY)
    assert [draft.content for outcome in outcomes for draft in outcome.drafts] == [
        {
            "party": party(1),
            "legal_representative": "王某",
            "listing_reason": "未年报",
            "decided_on": "2026-01-05",
            "authority": AUTHORITY,
        }
    ]


def test_official_keys_one_level_down_are_read_by_imports_and_drafts(tmp_path: Path) -> None:
    entity = {
        "cf_xdr_mc": party(1),
        "cf_xdr_shxym": code(1),
        "cf_wsh": "某罚〔2026〕1号",
        "cf_sy": "未按规定培训",
        "cf_jdrq": "2026-02-03",
        "cf_cfjg": AUTHORITY,
        "cf_cfjgdm": code(7),
    }
    data = {"list": [{"table_name": "xzcf", "entity": entity, "columnList": ["cf_wsh", "cf_xdr_mc"]}]}
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"status": 1, "data": data}), encoding="utf-8")
    [(reading, outcomes)] = read_sheets(path, CATALOG, today=TODAY)
    [draft] = [draft for outcome in outcomes for draft in outcome.drafts]
    assert (reading.kind, draft.one("party"), draft.one("uscc")) == (
        "administrative_penalty",
        party(1),
        code(1),
    )
    drafted = draft_mapping(path, CATALOG)
    assert '{ names = ["entity.cf_wsh"], to = "document_number" }' in drafted
    assert '{ names = ["entity.cf_cfjgdm"], to = "authority_code" }' in drafted
