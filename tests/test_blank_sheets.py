from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from indexers.blank_sheets import GUIDE_SHEET, write_blank_sheet
from indexers.catalog import load_catalog
from indexers.errors import UsageError
from indexers.privacy import load_privacy
from indexers.recognising import read_sheets

CATALOG = load_catalog()
PRIVACY = load_privacy()
KINDS = sorted({template.kind for template in CATALOG.templates.values()})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_empty_sheet_of_every_kind_imports_as_nothing(tmp_path: Path, kind: str, ending: str) -> None:
    path = tmp_path / f"{kind}.{ending}"
    template = write_blank_sheet(kind, CATALOG, path)
    [(reading, outcomes)] = read_sheets(path, CATALOG, today=date(2026, 11, 22), privacy=PRIVACY)
    assert (reading.kind, reading.template, reading.refused) == (kind, template.key, ())
    assert list(outcomes) == []


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


def test_a_text_file_begins_with_a_mark_by_which_spreadsheets_know_utf8(tmp_path: Path) -> None:
    write_blank_sheet("events", CATALOG, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes()[:3] == b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("kind", "name"), [("nothing", "a.csv"), ("events", "a.pdf"), ("events", "no/a.csv")]
)
def test_wrong_calls_are_told(tmp_path: Path, kind: str, name: str) -> None:
    with pytest.raises(UsageError):
        write_blank_sheet(kind, CATALOG, tmp_path / name)
