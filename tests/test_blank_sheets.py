import csv
from datetime import date
from pathlib import Path

import pytest
from deliveries import read_sheets
from python_calamine import CalamineWorkbook

from indexers.blank_sheets import GUIDE_SHEET, write_blank_sheet
from indexers.catalog import load_catalog
from indexers.errors import UsageError
from indexers.grammar import Column, Template

CATALOG = load_catalog()
KINDS = sorted({template.kind for template in CATALOG.templates.values()})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_empty_sheet_of_every_kind_imports_as_nothing(tmp_path: Path, kind: str, ending: str) -> None:
    path = tmp_path / f"{kind}.{ending}"
    template = write_blank_sheet(kind, CATALOG, path)
    [(reading, outcomes)] = read_sheets(path, CATALOG, today=date(2026, 11, 22))
    assert (reading.kind, reading.template, reading.refused) == (kind, template.key, ())
    assert list(outcomes) == []


ANSWERS = {
    "party": "鹿乡一号食品有限公司",
    "authority": "东丰县市场监督管理局",
    "uscc": "91220402MA00000011",
    "authority_code": "91220402MA00000011",
    "source_authority_code": "91220402MA00000011",
    "supplier_code": "91220402MA00000011",
    "kind": "行政处罚",
    "applies_to_lists": "tax_grade_a",
}
BY_TYPE = {
    "date": "2026-03-02",
    "amount": "1.5",
    "number": "2025",
    "url": "https://example.org/a",
    "name": "某单位",
    "code": "22040220260302000017",
    "text": "某项内容",
}


def filled(template: Template, column: Column, listed: str) -> str:
    """What a clerk would write in a column of the sheet."""
    if not column.to:
        return ""
    field = CATALOG.fields_of(CATALOG.kinds[template.kind])[column.to]
    if column.to == "list":
        own = [entry.label for entry in CATALOG.lists.values() if entry.kind == template.kind]
        return CATALOG.lists[listed].label if listed else [*own, ""][0]
    if column.to == "honour_grade":
        return "A级" if listed == "tax_grade_a" else "高级认证企业"
    if field.choices:
        return next(iter(field.choices.values()))
    return ANSWERS.get(column.to) or (BY_TYPE[field.type] if field.keep and column.to != "record_id" else "")


def outcome_of_one_row(folder: Path, key: str, *, only_required: bool) -> tuple[str, list[str], int]:
    """(kind that was recognised, messages, records, events and persons) of a sheet with one filled row."""
    path = folder / f"{key}.csv"
    template = write_blank_sheet(key, CATALOG, path)
    columns = [column for column in template.columns if column.to or column.required or template.official]
    minimum = CATALOG.kinds[template.kind].minimum
    needed = {item if isinstance(item, str) else item[-1] for item in minimum}
    listed = key if key in CATALOG.lists else ""
    row = [
        filled(template, column, listed)
        if column.required or column.to in needed or not only_required
        else ""
        for column in columns
    ]
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(row)
    [(reading, outcomes)] = read_sheets(path, CATALOG, today=date(2026, 11, 22), kind=listed or None)
    [outcome] = outcomes
    made = len(outcome.drafts) + len(outcome.events) + len(outcome.persons)
    return reading.kind, [problem.message for problem in outcome.problems], made


@pytest.mark.parametrize("only_required", [False, True], ids=["all", "required"])
@pytest.mark.parametrize("key", [*KINDS, *sorted(CATALOG.lists)])
def test_one_filled_row_of_every_sheet_is_accepted(tmp_path: Path, key: str, only_required: bool) -> None:
    kind = CATALOG.lists[key].kind if key in CATALOG.lists else key
    assert outcome_of_one_row(tmp_path, key, only_required=only_required) == (kind, [], 1)


def test_a_list_has_the_sheet_of_its_kind_or_its_own(tmp_path: Path) -> None:
    assert write_blank_sheet("tax_grade_a", CATALOG, tmp_path / "a.csv").key == "tax_grade_a"
    assert write_blank_sheet("honour_titles", CATALOG, tmp_path / "a.csv").key == "honour_entry"


def test_a_workbook_explains_its_columns_on_a_second_sheet(tmp_path: Path) -> None:
    write_blank_sheet("events", CATALOG, tmp_path / "a.xlsx")
    with CalamineWorkbook.from_path(tmp_path / "a.xlsx") as book:
        guide = book.get_sheet_by_name(GUIDE_SHEET).to_python()
        first = book.sheet_names[0]
    assert first == "变更事件"
    assert guide[0] == ["列名", "必填", "怎样填写"]
    assert guide[1][:2] == ["事件", "是"]


def test_only_the_days_that_may_never_come_may_be_open(tmp_path: Path) -> None:
    told: dict[str, list[bool]] = {}
    for kind in KINDS:
        path = tmp_path / f"{kind}.xlsx"
        template = write_blank_sheet(kind, CATALOG, path)
        with CalamineWorkbook.from_path(path) as book:
            guide = {row[0]: str(row[2]) for row in book.get_sheet_by_name(GUIDE_SHEET).to_python()}
        for column in template.columns:
            if "日期，例如" in guide.get(column.names[0], ""):
                told.setdefault(column.to, []).append("长期" in guide[column.names[0]])
    open_ended = {field for field, says_open in told.items() if all(says_open)}
    assert open_ended == {"valid_until", "performance_until", "publicity_end"}
    assert {field for field, says_open in told.items() if any(says_open)} == open_ended
    assert {"decided_on", "event_on"} <= told.keys()


def test_a_text_file_begins_with_a_mark_by_which_spreadsheets_know_utf8(tmp_path: Path) -> None:
    write_blank_sheet("events", CATALOG, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes()[:3] == b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("kind", "name"), [("nothing", "a.csv"), ("events", "a.pdf"), ("events", "no/a.csv")]
)
def test_wrong_calls_are_told(tmp_path: Path, kind: str, name: str) -> None:
    with pytest.raises(UsageError):
        write_blank_sheet(kind, CATALOG, tmp_path / name)
