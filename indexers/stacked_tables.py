"""Does a second table stand in the same sheet, which the header of the first would misread?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from indexers.catalog import Catalog
from indexers.folding import fold_label
from indexers.grammar import RecordKind
from indexers.headers import Fit, is_second_header
from indexers.label_words import LabelWords, colours_of
from indexers.list_names import ListNames
from indexers.readers import Row
from indexers.sheet_words import LONGEST_TITLE, load_sheet_words
from indexers.values import read_date

_FEWEST_LABELS = 3
_FEWEST_DIGITS = 5
"""Digits that no label has: the longest number in one is a year."""
_ANY_DATA = re.compile(r"\d(?:\D*\d){4}")
"""A fast look at a whole row, as every row of a file is looked at: headers have fewer digits."""
_MOST_OF_A_TITLE = 2
"""Different texts in the row of a title, "" included."""
_LONGEST_LABEL = 24
_ADVICE = "一张工作表只能有一张表，请把它们分到几张工作表里"
_NOTHING_READ, _NOTHING_FROM_HERE = "整张表没有导入", "从这一行起没有导入"


class StackedTables:
    """Looks for tables of another meaning in a sheet: above and below the header of the first, however far down."""

    def __init__(self, catalog: Catalog, words: LabelWords, meaning_of: Callable[[str], str]) -> None:
        self._catalog = catalog
        self._words = words
        self._meaning_of = meaning_of
        columns = (column for template in catalog.templates.values() for column in template.columns)
        self._official = {fold_label(name) for column in columns for name in column.names}
        self._lists = ListNames(catalog)
        self._ended = load_sheet_words(catalog.directory)

    def find(self, fit: Fit, fits: Sequence[Fit], top: Sequence[Row]) -> str:
        """A sentence that says where another table stands, "" where there is none; `fits`: of all rows of the top."""
        if above := next(self._headers_above(fit, fits, top), 0):
            return f"第 {above} 行和第 {fit.row} 行各有一个表头；{_ADVICE}；{_NOTHING_READ}"
        seen = _seen(fit, top)
        below = (self._begins_another(fit, seen, row) for row in top if row[0] > fit.row)
        where = next(filter(None, below), "")
        return f"{where}；{_ADVICE}；{_NOTHING_READ}" if where else ""

    def watch(
        self, fit: Fit, top: Sequence[Row], known: Iterable[Row], rows: Iterable[Row]
    ) -> RowsOfOneTable:
        """The `known` rows, of the top, and those that come after it as far as the table goes."""
        seen = _seen(fit, top)

        def tell(row: Row) -> str:
            where = self._begins_another(fit, seen, row)
            return f"{where}；{_ADVICE}；{_NOTHING_FROM_HERE}" if where else ""

        return RowsOfOneTable(known, rows, tell)

    def _begins_another(self, fit: Fit, seen: Sequence[Sequence[str]], row: Row) -> str:
        """Where another table begins, if it does in this row."""
        number, cells = row
        texts = list(map(str.strip, cells))
        if len(set(texts)) > _MOST_OF_A_TITLE and _ANY_DATA.search("".join(texts)):
            return ""
        filled = list(filter(None, texts))
        if not filled or filled in seen:  # titles and headers are repeated at the top of each page
            return ""
        if len(set(filled)) == 1:
            is_title = self._tells_another(fit, filled[0])
            return f"第 {number} 行“{filled[0]}”以下是另一张表" if is_title else ""
        if self._is_header(filled) and not is_second_header(fit, cells):
            return f"第 {number} 行又有一个不同的表头"
        return ""

    def _headers_above(self, fit: Fit, fits: Sequence[Fit], top: Sequence[Row]) -> Iterator[int]:
        """The rows of headers with data of their own between them and this one."""
        for other in fits:
            if other.row < fit.row and other.matched >= _FEWEST_LABELS and not other.lacking:
                between = (cells for number, cells in top if other.row < number < fit.row)
                if any(_holds_data(cells) for cells in between):
                    yield other.row

    def _is_header(self, filled: Sequence[str]) -> bool:
        """Whether a row are labels: all words of headers, or several of official sheets beside some unknown."""
        if len(set(filled)) < _FEWEST_LABELS or _holds_data(filled):
            return False
        known = sum(map(bool, map(self._meaning_of, filled)))
        if known == len(filled):
            return True
        official = {label for cell in filled if (label := fold_label(cell)) in self._official}
        is_short = all(len(cell) <= _LONGEST_LABEL for cell in filled)
        return is_short and known * 2 >= len(filled) and len(official) >= _FEWEST_LABELS

    def _tells_another(self, fit: Fit, title: str) -> bool:
        """Whether a row of one cell is the title of entries of another list or colour, or of what was taken down."""
        if len(title) > LONGEST_TITLE or self._ended.is_remark([title]) or title.endswith("。"):
            return False
        if any(column and column.to == "list" for column in fit.columns):
            return False  # each row says itself
        kind = self._catalog.kinds[fit.template.kind]
        listed = fit.template.constants.get("list", "")
        named = self._lists.named_in(title)
        is_other_list = bool(listed and named) and listed not in named
        return is_other_list or self._is_of_other_colour(kind, title) or self._has_ended(kind, title)

    def _is_of_other_colour(self, kind: RecordKind, title: str) -> bool:
        if "list" not in kind.fields:
            return False
        colours = colours_of(self._words.told_by(title))
        return bool(colours) and kind.polarity not in colours

    def _has_ended(self, kind: RecordKind, title: str) -> bool:
        return kind.collection == "records" and self._ended.is_title_of_ended(title)


class RowsOfOneTable(Iterator[Row]):
    """Rows up to the one where `tell` says that another table begins; `rest` are those behind it.

    `told` is the sentence and `last` the number of that row, "" and 0 where the rows come to their end without one.
    """

    def __init__(self, known: Iterable[Row], rows: Iterable[Row], tell: Callable[[Row], str]) -> None:
        self.rest = iter(rows)
        self.told, self.last = "", 0
        self._rows = chain(known, self._watched(tell))

    def __next__(self) -> Row:
        return next(self._rows)

    def _watched(self, tell: Callable[[Row], str]) -> Iterator[Row]:
        for row in self.rest:
            if told := tell(row):
                self.told, self.last = told, row[0]
                return
            yield row


def _seen(fit: Fit, top: Sequence[Row]) -> list[list[str]]:
    """What stands above the table and in its header."""
    return [[cell.strip() for cell in cells if cell.strip()] for number, cells in top if number <= fit.row]


def _holds_data(cells: Sequence[str]) -> bool:
    return any(sum(map(str.isdigit, cell)) >= _FEWEST_DIGITS or bool(read_date(cell)) for cell in cells)
