"""Which rows do the tables of a web page hold: saved from a portal, or what an office system calls .xls?

The same is read of XML Spreadsheet 2003, which has the rows and cells of a web page under other names.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import msgspec

from indexers.errors import SheetError
from indexers.readers.cells import Merge, Row, Sheet
from indexers.readers.delimited import detect_encoding
from indexers.readers.workbooks import MOST_CELLS, MOST_ROWS

MOST_BYTES = 64 << 20
"""A page is held in memory; larger ones are no tables that anybody published."""
MOST_ROWS_SPANNED = 2_000
MOST_COLUMNS_SPANNED = 200
"""A cell that stands for more is no value that was meant for each of them."""
_MOST_DIGITS = 9
"""Of a number of places that are read: with more it is too large anyway, and Python reads no thousands of digits."""
_ROOM_OF_ROW = 20
"""An empty row takes as much memory as so many empty cells."""

_BEGINNINGS = (
    b"<html",
    b"<!doctype html",
    b"<table",
    b"<?xml",
    b"<meta",
    b"<head",
    b"<body",
    b"<style",
    b"<div",
)
_BEFORE_TEXT = codecs.BOM_UTF8 + codecs.BOM_UTF16 + b" \t\r\n"
_PROBE = 1_024
_ROWS, _CELLS = ("tr", "row"), ("td", "th", "cell")
_BREAKS = ("br", "p", "div", "li")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SILENT = ("script", "style", "title", "template", "documentproperties", "comment")
_BLANKS = re.compile(r"[ \t\r\n\xa0]+")


def is_web_page(path: Path) -> bool:
    """Whether the file begins as a web page or as XML does, whatever its name says."""
    with path.open("rb") as file:
        start = file.read(_PROBE)
    # Zeros are of UTF-16.
    return start.replace(b"\x00", b"").lstrip(_BEFORE_TEXT).lower().startswith(_BEGINNINGS)


def read_web_tables(path: Path) -> Iterator[Sheet]:
    """The tables of a page in their order, without those that lay out other tables.

    Rows are numbered from 1 in each table; its heading or caption is its first row. What goes on without column heads
    of its own belongs to the table before it. Raises SheetError for a page without a table, and for one that promises
    more cells than memory holds.
    """
    if path.stat().st_size > MOST_BYTES:
        raise SheetError(f"{path.name}：网页超过 {MOST_BYTES >> 20} MB，未读取；请另存为 CSV 再交")
    text = path.read_bytes().decode(detect_encoding(path), errors="replace")
    parser = _TableParser(_Room(path.name, MOST_CELLS))
    parser.feed(text)
    parser.close()
    tables = _tables_of_records(parser.tables)
    if not tables:
        raise SheetError(f"{path.name}：内容是网页，里面没有表格；请用表格软件打开并另存为 XLSX")
    for number, table in enumerate(tables, start=1):
        name = table.name or (f"表{number}" if len(tables) > 1 else "")
        yield Sheet(path.name, name, iter(table.rows), merged=tuple(table.merged))


def _tables_of_records(found: list[_Table]) -> list[_Table]:
    """Those with two rows and two columns, since menus and frames have fewer. A row alone that is as wide as a table
    before it is the end of one that was cut in pieces."""
    tables: list[_Table] = []
    for table in found:
        if tables and table.continues(tables[-1]):
            tables[-1].take_in(table)
        elif table.width() > 1 and (table.height() > 1 or any(table.width() == t.width() for t in tables)):
            tables.append(table)
    return tables


class _Room(msgspec.Struct):
    """How many cells the tables of a page may still have: a few letters can ask for millions."""

    file: str
    left: int

    def take(self, cells: int) -> None:
        self.left -= cells
        if self.left < 0:
            raise SheetError(f"{self.file}：网页里的表格大得放不进内存，未读取；请用表格软件打开并另存为 CSV")


class _Table(msgspec.Struct):
    """A table that is being read. `below`: down to which row a cell from above stands in a column; `heads`: how many
    cells are heads of columns or rows."""

    room: _Room
    name: str = ""
    rows: list[Row] = []
    merged: list[Merge] = []
    below: dict[int, int] = {}
    heads: int = 0
    holds_tables: bool = False

    def width(self) -> int:
        return max((len(cells) for _, cells in self.rows), default=0)

    def height(self) -> int:
        return sum(any(cells) for _, cells in self.rows)

    def last(self) -> int:
        """The number of the last row, 0 where there is none."""
        return self.rows[-1][0] if self.rows else 0

    def continues(self, other: _Table) -> bool:
        """Whether the rows are those of another table that has heads, under the same columns."""
        is_headless = other.heads > 0 and self.heads == 0
        return is_headless and {len(cells) for _, cells in self.rows} == {other.width()}

    def take_in(self, other: _Table) -> None:
        """Put the rows of another table after these."""
        above = self.last()
        self.rows.extend((number + above, cells) for number, cells in other.rows)
        self.merged.extend(Merge(m.first + above, m.last + above, m.column) for m in other.merged)

    def begin_row(self, number: int = 0) -> None:
        """Begin the next row, or one further down: blank rows between are told by their numbers alone."""
        self.room.take(_ROOM_OF_ROW)
        self.rows.append((max(number, self.last() + 1), []))
        self._skip_spanned()

    def add_cell(self, text: str, down: int, across: int) -> None:
        """Put a cell into the last row and keep the places free that it covers."""
        number, row = self.rows[-1]
        if down > 1:
            self.merged.append(Merge(number, number + down - 1, len(row)))
        self.room.take(across)
        self.below.update(dict.fromkeys(range(len(row), len(row) + across), number + down - 1))
        row.extend([text, *[""] * (across - 1)])
        self._skip_spanned()

    def skip_to(self, column: int) -> None:
        """Leave cells empty up to a column (from 0)."""
        _, row = self.rows[-1]
        free = max(0, min(column, MOST_COLUMNS_SPANNED) - len(row))
        self.room.take(free)
        row.extend([""] * free)

    def _skip_spanned(self) -> None:
        number, row = self.rows[-1]
        while self.below.get(len(row), 0) >= number:
            self.room.take(1)
            row.append("")


class _TableParser(HTMLParser):
    """Collects the innermost tables; whatever is left open is closed by what follows."""

    def __init__(self, room: _Room) -> None:
        super().__init__(convert_charrefs=True)
        self._room = room
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._text: list[str] | None = None
        self._down = self._across = 1
        self._silent = ""
        self._sheet = ""
        self._heading: list[str] | None = None
        self._title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name.removeprefix("ss:"): value or "" for name, value in attrs}
        tag = tag.removeprefix("ss:")
        if tag in _SILENT:
            self._silent = self._silent or tag
        elif tag == "worksheet":
            self._sheet = own.get("name", "")
        elif tag == "table":
            self._begin_table()
        elif tag in _ROWS and self._open:
            self._end_cell()
            self._open[-1].begin_row(_count(own.get("index"), MOST_ROWS))
        elif tag in _CELLS and self._open:
            self._end_cell()
            self._begin_cell(own)
            self._open[-1].heads += tag == "th"
        elif tag == "caption" and self._open:
            self._open[-1].begin_row()
            self._begin_cell({})
        elif tag in _HEADINGS and not self._open:
            self._heading = []
        elif tag in _BREAKS and self._text:
            self._text.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _BREAKS:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        tag = tag.removeprefix("ss:")
        if tag == self._silent:
            self._silent = ""
        elif tag in _CELLS or tag in _ROWS or tag == "caption":
            self._end_cell()
        elif tag in _HEADINGS and self._heading is not None:
            self._title, self._heading = "".join(self._heading).strip(), None
        elif tag == "table" and self._open:
            self._end_cell()
            table = self._open.pop()
            if not table.holds_tables:
                self.tables.append(table)

    def handle_data(self, data: str) -> None:
        taken = self._text if self._text is not None else self._heading
        if taken is not None and not self._silent:
            taken.append(_BLANKS.sub(" ", data))

    def close(self) -> None:
        super().close()
        while self._open:
            self.handle_endtag("table")

    def _begin_table(self) -> None:
        self._text = None
        for outer in self._open:
            outer.holds_tables = True
        self._open.append(_Table(self._room, self._sheet))
        if self._title:  # says of the rows what the line above a table does in a workbook
            self._open[-1].begin_row()
            self._open[-1].add_cell(self._title, 1, 1)
            self._title = ""

    def _begin_cell(self, own: dict[str, str]) -> None:
        table = self._open[-1]
        if not table.rows:
            table.begin_row()
        table.skip_to(_count(own.get("index"), MOST_COLUMNS_SPANNED) - 1)
        self._down = _span(own, "rowspan", "mergedown", MOST_ROWS_SPANNED)
        self._across = _span(own, "colspan", "mergeacross", MOST_COLUMNS_SPANNED)
        self._text = []

    def _end_cell(self) -> None:
        if self._text is not None and self._open:
            lines = "".join(self._text).split("\n")
            text = "\n".join(filter(None, map(str.strip, lines)))
            self._open[-1].add_cell(text, self._down, self._across)
        self._text = None


def _span(own: dict[str, str], whole: str, more: str, most: int) -> int:
    """How many places a cell covers: a page counts all of them, XML Spreadsheet those beside the first."""
    return _count(own.get(whole), most) if more not in own else min(_count(own[more], most) + 1, most)


def _count(text: str | None, most: int) -> int:
    digits = (text or "").strip()
    return min(max(int(digits[:_MOST_DIGITS]), 1), most) if digits.isdecimal() else 1
