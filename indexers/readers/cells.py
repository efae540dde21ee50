"""What is a sheet to the rest of the program, and how does a cell of any type become clean text?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

Row = tuple[int, list[str]]
"""The number of a row as its program shows it, and its cells as text."""

MOST_LABELS = 500
"""The widest official sheet has 41 columns; what has more of them than this is no table, and would take minutes."""

LARGEST_EXACT = 10**15
"""A spreadsheet keeps 15 digits of a number; a longer code that was typed as a number has lost its end."""


INSIDE = "."
"""Stands between the label of an object and those of what is in it (法定代表人.姓名)."""
BETWEEN_VALUES = "；"
"""Stands between the values of a list in one cell; every reader of lists knows it."""
BETWEEN_OBJECTS = "\x1e"
"""Parts the texts of a cell that come from several objects of one row: each has its place, be it empty."""


class Merge(msgspec.Struct, frozen=True):
    """Cells that were merged downwards: `first` and `last` row as the program numbers them, place of the column."""

    first: int
    last: int
    column: int


class Sheet(msgspec.Struct, frozen=True):
    """One table of a source. `rows` can be read once; with `header` set they hold data only.

    `refused` is a sentence where the sheet cannot be taken in as it is; its rows are there to be counted.
    `left_out` are sentences on what is in the file and not seen or not read. `is_cut_at_signs`: its text was parted
    at separators, so that one inside a cell without quotation marks makes a row longer. `repeats` are the labels of
    what holds several objects in some row; the labels of its columns begin with them. `has_siblings`: the file has
    other sheets.
    """

    file: str
    name: str
    rows: Iterator[Row]
    header: tuple[str, ...] = ()
    refused: str = ""
    merged: tuple[Merge, ...] = ()
    left_out: tuple[str, ...] = ()
    is_cut_at_signs: bool = False
    repeats: tuple[str, ...] = ()
    has_siblings: bool = False


def fill_merged(rows: Iterable[Row], merged: Sequence[Merge], below: int) -> Iterator[Row]:
    """The rows, with the value of a merged cell in every row that it stands for; only `below` the header.

    A row that is empty otherwise stays so: a remark that was merged over several rows is one remark.
    """
    beginning: dict[int, list[Merge]] = {}
    for merge in merged:
        if merge.first > below:
            beginning.setdefault(merge.first, []).append(merge)
    standing: dict[int, tuple[int, str]] = {}
    for number, cells in rows:
        if standing and any(map(str.strip, cells)):
            standing = {column: (last, text) for column, (last, text) in standing.items() if last >= number}
            for column, (_, text) in standing.items():
                if column < len(cells) and not cells[column]:
                    cells[column] = text
        for merge in beginning.get(number, ()):
            if merge.column < len(cells):
                standing[merge.column] = merge.last, cells[merge.column]
        yield number, cells


def clean_cell(value: object) -> str:
    """The text of a cell: numbers without ``.0``, dates in ISO form, yes and no as 是 and 否.

    A whole number too long to be exact comes in scientific form with six digits, as spreadsheets show it: the
    validation refuses it as a code, and no part of a person's number is in it but the region.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (float, Decimal)):
        return _clean_number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _clean_number(value: float | Decimal) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if abs(value) >= LARGEST_EXACT:
        return f"{value:.5E}"
    return str(int(value)) if value.is_integer() else f"{value:.15g}"
