"""Does a second table stand in the same sheet, which the header of the first would misread?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from indexers.catalog import Catalog
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
_ADVICE = "一张工作表只能有一张表，请把它们分到几张工作表里；整张表没有导入"


class StackedTables:
    """Looks for tables of another meaning above and below the header of a sheet, in the rows that are its sample."""

    def __init__(self, catalog: Catalog, words: LabelWords, meaning_of: Callable[[str], str]) -> None:
        self._catalog = catalog
        self._words = words
        self._meaning_of = meaning_of
        self._lists = ListNames(catalog)
        self._ended = load_sheet_words(catalog.directory)

    def find(self, fit: Fit, fits: Sequence[Fit], top: Sequence[Row]) -> str:
        """A sentence that says where another table stands, "" where there is none; `fits`: of all rows of the top."""
        if above := next(self._headers_above(fit, fits, top), 0):
            return f"第 {above} 行和第 {fit.row} 行各有一个表头；{_ADVICE}"
        seen: list[list[str]] = []
        for number, cells in top:
            filled = [cell.strip() for cell in cells if cell.strip()]
            if number <= fit.row:
                seen.append(filled)
                continue
            if filled in seen:  # titles and headers are repeated at the top of each page
                continue
            if len(set(filled)) == 1 and self._tells_another(fit, filled[0]):
                return f"第 {number} 行“{filled[0]}”以下是另一张表；{_ADVICE}"
            if self._is_header(filled) and not is_second_header(fit, cells):
                return f"第 {number} 行又有一个不同的表头；{_ADVICE}"
        return ""

    def _headers_above(self, fit: Fit, fits: Sequence[Fit], top: Sequence[Row]) -> Iterator[int]:
        """The rows of headers with data of their own between them and this one."""
        for other in fits:
            if other.row < fit.row and other.matched >= _FEWEST_LABELS and not other.lacking:
                between = (cells for number, cells in top if other.row < number < fit.row)
                if any(_holds_data(cells) for cells in between):
                    yield other.row

    def _is_header(self, filled: Sequence[str]) -> bool:
        if len(set(filled)) < _FEWEST_LABELS or _holds_data(filled):
            return False
        return all(map(self._meaning_of, filled))

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


def _holds_data(cells: Sequence[str]) -> bool:
    return any(sum(map(str.isdigit, cell)) >= _FEWEST_DIGITS or bool(read_date(cell)) for cell in cells)
