"""How do rows become files: XLSX, CSV and JSON under the headers of mappings/templates?"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from indexers.catalog import Catalog, load_catalog
from indexers.grammar import Column

Cell = str | float | date
Row = Mapping[str, Cell]
"""Values by the field that a column goes to, or by the column's label where no field is named."""

GB18030 = "gb18030"
UTF8_WITH_MARK = "utf-8-sig"

_LAST_OFFICIAL = "备注"
"""Columns behind it are the site's own: written only where a row has a value for them."""
_MADE_AT = datetime(2026, 11, 22, 8, 0, 0)
"""Kept in the workbook's properties, so that the same rows give the same file."""


class Table(NamedTuple):
    """One sheet: a template's key, its rows, its name, and whether the header is in codes (CF_XDR_MC)."""

    template: str
    rows: Sequence[Row]
    sheet: str = "Sheet1"
    in_codes: bool = False


class SampleFile(NamedTuple):
    """One file: its name says the format, `encoding` is that of a CSV."""

    name: str
    tables: Sequence[Table]
    encoding: str = GB18030


@cache
def _catalog() -> Catalog:
    return load_catalog()


def header_of(table: Table) -> list[tuple[str, str]]:
    """(label, field) of each column that the table is written with; field "" for a dropped column."""
    columns = _catalog().templates[table.template].columns
    given = {key for row in table.rows for key in row}
    official = True
    header: list[tuple[str, str]] = []
    for column in columns:
        if (official and column.to != "record_id") or given.intersection((column.to, *column.names)):
            header.append((_label(column, table.in_codes), column.to))
        official = official and _LAST_OFFICIAL not in column.names
    return header


def _label(column: Column, in_codes: bool) -> str:
    codes = (name for name in column.names if name.isascii() and name.upper() == name)
    return next(codes, column.names[0]) if in_codes else column.names[0]


def grid(table: Table) -> Iterable[list[Cell]]:
    """The header and the rows, cell by cell; a column's own label wins over its field."""
    header = header_of(table)
    yield [label for label, _ in header]
    for row in table.rows:
        yield [row.get(label, row.get(field, "")) for label, field in header]


def as_text(cell: Cell) -> str:
    """A cell as a CSV or JSON holds it."""
    if isinstance(cell, date):
        return f"{cell:%Y/%m/%d}"
    return cell if isinstance(cell, str) else f"{cell:.6f}"


def write_file(folder: Path, file: SampleFile) -> Path:
    """Write a file into `folder`, in the format that its name ends with."""
    path = folder / file.name
    if path.suffix == ".xlsx":
        write_workbook(path, [(table.sheet, grid(table)) for table in file.tables])
    elif path.suffix == ".json":
        _write_json(path, file.tables[0])
    else:
        write_csv(path, grid(file.tables[0]), file.encoding)
    return path


def write_workbook(
    path: Path, sheets: Iterable[tuple[str, Iterable[Sequence[Cell]]]], *, stream: bool = False
) -> None:
    """Write sheets by name; `stream` keeps memory small for large ones."""
    options = {"constant_memory": stream, "strings_to_urls": False, "default_date_format": "yyyy/mm/dd"}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": "演示数据(虚构)", "created": _MADE_AT})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    _write_cell(sheet, number, place, cell)


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
    """By the type of its value; an empty text leaves the cell out."""
    if isinstance(cell, str):
        if cell:
            sheet.write_string(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell)
    else:
        sheet.write_number(row, column, cell)


def write_csv(path: Path, rows: Iterable[Sequence[Cell]], encoding: str) -> None:
    """Write rows as a spreadsheet program saves them: CRLF, quotes where they are needed."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([as_text(cell) for cell in cells] for cells in rows)


def _write_json(path: Path, table: Table) -> None:
    """An array of objects under the keys of the source (the courts' own, where the template knows them)."""
    keys = [_json_key(column) for column in _catalog().templates[table.template].columns]
    rows = [{key: as_text(row[field]) for key, field in keys if field in row} for row in table.rows]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(f"[\n{lines}\n]\n", "utf-8")


def _json_key(column: Column) -> tuple[str, str]:
    key = next((name for name in column.names if name.isascii()), column.names[0])
    return key, column.to or key
