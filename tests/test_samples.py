"""The demo data: the same every time, recognised by its headers, accounted for row by row, and nobody's."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from deliveries import read_sheets
from stdnum.cn import uscc as stdnum_uscc

from indexers.analysis import load_analyzer
from indexers.catalog import load_catalog
from indexers.identifiers import is_identity_number, is_organisation_code, is_uscc, organisation_code_of
from indexers.importing import check_file
from indexers.mapping_files import load_mapping
from indexers.readers import open_source
from indexers.records import Draft, FileAccount
from samples import generate_penalties
from samples.__main__ import main
from samples.codes import SUBJECT_MARK
from samples.collection import (
    DEFAULT_RECORDS,
    DEFAULT_SEED,
    DEFAULT_SUBJECTS,
    DEFAULT_TODAY,
    Collection,
)
from samples.dirty import write_dirty
from samples.names import BRANDS
from samples.sheets import as_text, grid

SAMPLES = Path(__file__).parent.parent / "samples"
DATA, DIRTY = SAMPLES / "data", SAMPLES / "dirty"

# file: rows, rejected, accepted but not public on the reference day (persons, minor, ended, not for the public)
EXPECTED_DATA = {
    "01_subjects.xlsx": (3000, 0, 0),
    "02_licences_2018.csv": (1980, 22, 0),
    "03_licences_merged.xlsx": (4851, 54, 0),
    "04_penalties_2018.xlsx": (3366, 37, 1317),
    "05_penalties_2016.csv": (495, 0, 337),
    "06_penalties_merged.xlsx": (915, 10, 390),
    "07_other_acts.xlsx": (693, 0, 0),
    "08_abnormal_operations.xlsx": (693, 0, 184),
    "09_serious_violations.xlsx": (149, 0, 0),
    "10_court_defaulters.json": (396, 0, 73),
    "11_tax_violations.xlsx": (59, 0, 0),
    "12_wage_arrears.xlsx": (89, 0, 0),
    "13_procurement_misconduct.xlsx": (40, 0, 5),
    "14_safety_dishonesty.xlsx": (40, 0, 0),
    "15_adverse_lists.xlsx": (139, 0, 0),
    "16_overload_transport.xlsx": (59, 0, 0),
    "17_tax_arrears.xlsx": (158, 0, 0),
    "18_tax_grade_a.csv": (690, 0, 230),
    "19_honour_lists.xlsx": (258, 0, 33),
    "20_commitments.xlsx": (2475, 0, 77),
    "21_contracts.xlsx": (238, 0, 0),
    "22_evaluations.xlsx": (1100, 0, 352),
    "23_judgments.xlsx": (554, 0, 0),
    "24_government.xlsx": (169, 0, 0),
    "25_catalogues.xlsx": (40, 0, 0),
    "26_library.xlsx": (17, 0, 0),
    "27_watch_list.xlsx": (30, 0, 30),
    "90_events.csv": (20, 0, 0),
}
MOST_BYTES = 6 << 20

CATALOG = load_catalog()
ANALYZER = load_analyzer()


def account_of(path: Path) -> FileAccount:
    return check_file(str(path), CATALOG, ANALYZER, DEFAULT_TODAY)


def delivered(path: Path) -> list[list[str]]:
    """All cells of all sheets as text, the JSON's keys among them, blanks at the end of a row aside."""
    rows: list[list[str]] = []
    for sheet in open_source(str(path)):
        rows.extend([list(sheet.header)] if sheet.header else [])
        rows.extend(cells for _, cells in sheet.rows)
    return rows


@pytest.fixture(scope="module")
def accounts() -> dict[str, FileAccount]:
    return {name: check_file(str(DATA / name), CATALOG, ANALYZER, DEFAULT_TODAY) for name in EXPECTED_DATA}


@pytest.fixture(scope="module")
def collection() -> Collection:
    return Collection(DEFAULT_SUBJECTS, DEFAULT_RECORDS, DEFAULT_SEED, DEFAULT_TODAY)


def test_the_folder_holds_these_files_and_is_small() -> None:
    files = sorted(DATA.iterdir())
    assert [path.name for path in files] == list(EXPECTED_DATA)
    assert sum(path.stat().st_size for path in files) < MOST_BYTES


def test_every_row_of_the_data_is_accounted_for(accounts: dict[str, FileAccount]) -> None:
    found = {name: (file.rows, file.rejected, file.withheld) for name, file in accounts.items()}
    assert found == EXPECTED_DATA


def test_about_one_row_in_a_hundred_of_the_large_sheets_is_rejected_for_a_known_reason(
    accounts: dict[str, FileAccount],
) -> None:
    rules = {problem.rule for file in accounts.values() for problem in file.problems}
    known = {"date", "uscc", "not_future", "required", "party_is_authority", "fine_needs_amount"}
    assert rules == known | {"registration_number_needed"}


def test_each_sheet_is_recognised_by_its_header(accounts: dict[str, FileAccount]) -> None:
    assert [sheet.template for file in accounts.values() for sheet in file.sheets if not sheet.template] == []
    templates = {sheet.template for file in accounts.values() for sheet in file.sheets}
    assert {"licence_organisation_2018", "licence_merged_2019", "penalty_2016", "court_defaulter"} < templates
    assert len(templates) == 35


def test_the_generator_gives_the_committed_queries(tmp_path: Path) -> None:
    assert main(["queries", "-o", str(tmp_path / "queries.txt")]) == 0
    made = (tmp_path / "queries.txt").read_text(encoding="utf-8")
    assert made == (SAMPLES / "queries.txt").read_text(encoding="utf-8")
    lines = made.splitlines()
    assert (len(lines), len(set(lines))) == (500, 500)
    assert all(line.strip() == line != "" for line in lines)


def test_the_generator_gives_the_committed_cells(collection: Collection) -> None:
    small = {"02_licences_2018.csv", "05_penalties_2016.csv", "90_events.csv"}
    made = {
        file.name: [[as_text(cell) for cell in row] for row in grid(file.tables[0])]
        for file in collection.files()
        if file.name in small
    }
    for name in sorted(small):
        with (DATA / name).open(encoding="gb18030", newline="") as file:
            assert list(csv.reader(file)) == made[name]


def test_the_same_arguments_give_the_same_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in ("one", "two"):
        assert (
            main(["-o", str(tmp_path / folder), "--subjects", "150", "--records", "400", "--seed", "5"]) == 0
        )
    names = sorted(path.name for path in (tmp_path / "one" / "data").iterdir())
    assert names == list(EXPECTED_DATA)
    first, second = (
        [(tmp_path / run / "data" / name).read_bytes() for name in names] for run in ("one", "two")
    )
    assert first == second
    assert capsys.readouterr().err == ""


def test_another_seed_gives_other_subjects() -> None:
    one, two = (Collection(200, 100, seed, DEFAULT_TODAY).subjects for seed in (1, 2))
    assert [entry.name for entry in one] != [entry.name for entry in two]


def test_all_codes_are_valid_and_marked(collection: Collection) -> None:
    codes = [subject.uscc for subject in collection.subjects]
    assert len(set(codes)) == DEFAULT_SUBJECTS
    assert [code for code in codes if not is_uscc(code)] == []
    assert [code for code in codes if not is_organisation_code(organisation_code_of(code))] == []
    assert [code for code in codes if code[0].isdigit() and not stdnum_uscc.is_valid(code)] == []
    assert {code[8:10] for code in codes} == {SUBJECT_MARK}


def test_there_are_subjects_of_every_class(collection: Collection) -> None:
    assert {subject.uscc[:2] for subject in collection.subjects} == {
        "91", "92", "93", "11", "12", "51", "52", "53", "N2"
    }  # fmt: skip
    names = [subject.name for subject in collection.subjects]
    assert len(names) - len(set(names)) >= 24
    assert {subject.status for subject in collection.subjects} == {"存续", "注销", "吊销,未注销", "迁出"}


def test_no_person_is_in_the_data() -> None:
    texts = [cell for name in EXPECTED_DATA for row in delivered(DATA / name) for cell in row]
    assert [text for text in texts if is_identity_number(text)] == []
    assert [text for text in texts if re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", text)] == []


def test_parties_of_class_person_are_placeholders() -> None:
    rows = delivered(DATA / "06_penalties_merged.xlsx")
    name, kind = rows[0].index("行政相对人名称"), rows[0].index("行政相对人类别")
    persons = [row[name] for row in rows if row[kind] == "自然人"]
    assert len(persons) == 24
    assert [person for person in persons if not re.fullmatch("某[甲乙丙丁戊己庚辛壬癸]", person)] == []


def test_brands_are_pairs_of_han_characters() -> None:
    assert len(BRANDS) > 250
    assert {len(brand) for brand in BRANDS} == {2}


def test_the_five_policy_documents_have_abstracts_and_no_full_text() -> None:
    sheets = read_sheets(DATA / "26_library.xlsx", CATALOG, today=DEFAULT_TODAY)
    drafts = [draft for _, rows in sheets for row in rows for draft in row.drafts]
    papers = [draft for draft in drafts if draft.kind == "policy_document"]
    assert [paper.one("document_number") for paper in papers] == [
        "辽府办发〔2017〕35号", "湛赤府规〔2018〕1号", "", "", ""
    ]  # fmt: skip
    assert [
        len(paper.one("abstract")) for paper in papers if not 100 <= len(paper.one("abstract")) <= 250
    ] == []
    assert [paper for paper in drafts if "text" in paper.content] == []
    invented = [draft.one("document_title") for draft in drafts if draft.kind != "policy_document"]
    assert [title for title in invented if not title.endswith("(演示,虚构)")] == []


# --- dirty sheets -----------------------------------------------------------------------------------------


def dirty_table() -> dict[str, tuple[int, ...]]:
    text = (DIRTY / "README.md").read_text("utf-8")
    lines = re.findall(r"^\| `(\S+)` \|[^|]+\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", text, re.MULTILINE)
    return {name: tuple(map(int, numbers)) for name, *numbers in lines}


@pytest.mark.parametrize("name", sorted(dirty_table()))
def test_a_dirty_sheet_ends_as_its_table_says(name: str) -> None:
    file = account_of(DIRTY / name)
    assert (file.rows, file.accepted, file.rejected, file.withheld) == dirty_table()[name]


def test_the_table_names_every_dirty_sheet() -> None:
    sheets = {path.name for path in DIRTY.iterdir() if path.suffix in (".csv", ".xlsx")}
    assert sheets == set(dirty_table())
    assert len(sheets) == 14


def test_the_dirty_sheets_are_made_the_same_again(tmp_path: Path) -> None:
    made = {path.name: path.read_bytes() for path in write_dirty(tmp_path) if path.suffix != ".xlsx"}
    assert made == {name: (DIRTY / name).read_bytes() for name in made}
    for name in ("07_text.xlsx", "08_eighteen_sheets.xlsx"):
        assert delivered(tmp_path / name) == delivered(DIRTY / name)


def test_own_labels_are_accepted_with_their_mapping() -> None:
    mapping = load_mapping(DIRTY / "12_own_labels.toml", CATALOG)
    file = check_file(str(DIRTY / "12_own_labels.csv"), CATALOG, ANALYZER, DEFAULT_TODAY, mapping=mapping)
    assert (file.rows, file.accepted, file.rejected) == (2, 2, 0)


def test_notations_of_dates_and_amounts_are_read_to_the_same_values() -> None:
    dates, amounts = (drafts_of(name) for name in ("04_dates.csv", "06_amounts.csv"))
    assert {draft.one("decided_on")[:4] for draft in dates} == {"2026"}
    assert [draft.one("decided_on") for draft in dates[:3]] == ["2026-04-28", "2026-04-14", "2026-04-28"]
    assert [draft.all("fine_amount") for draft in amounts] == [
        ("5000",), ("5000",), ("900000",), ("200000",), ("5000",), ("1200",), ("3000", "2000"), ("0.01",)
    ]  # fmt: skip


def test_no_identity_number_is_left_of_the_dirty_sheet() -> None:
    left = " ".join(str(draft.content) for draft in drafts_of("10_identity_numbers.csv"))
    assert "220499" not in left
    assert "13800000000" not in left
    assert "6222" not in left


def drafts_of(name: str) -> list[Draft]:
    sheets = read_sheets(DIRTY / name, CATALOG, today=date(2026, 11, 22))
    return [draft for _, rows in sheets for row in rows for draft in row.drafts]


# --- load runs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_sheet_for_load_runs_is_wholly_accepted(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"big.{form}"
    generate_penalties(path, 300, 7, form)  # type: ignore[arg-type]
    file = account_of(path)
    assert (file.rows, file.accepted) == (300, 300)
    assert [sheet.template for sheet in file.sheets] == ["penalty_organisation_2018"]


def test_a_sheet_for_load_runs_has_long_texts_and_three_subjects_in_five_rows(tmp_path: Path) -> None:
    one, two = (generate_penalties(tmp_path / f"{run}.csv", 500, 7) for run in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    header, *rows = delivered(one)
    facts, code = header.index("违法事实"), header.index("行政相对人代码_1(统一社会信用代码)")
    assert len({row[code] for row in rows}) == 300
    assert [row[code] for row in rows if not is_uscc(row[code])] == []
    assert [len(row[facts]) for row in rows if not 90 <= len(row[facts]) <= 320] == []
