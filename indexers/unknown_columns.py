"""What becomes of the columns of a sheet that its template does not know, and what is the clerk told of them?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from indexers.catalog import Catalog
from indexers.folding import fold_label
from indexers.grammar import Column
from indexers.headers import Fit, width_of_repeat, without_end
from indexers.identifiers import is_uscc
from indexers.privacy import Privacy
from indexers.records import RowProblem
from indexers.sheet_words import load_sheet_words
from indexers.values import is_blank

_ROW_NUMBERS = frozenset({"序号", "行号", "编号", "no", "no."})
"""Labels of columns that number the rows: nobody misses them."""

_NEARLY_ALL = 0.8
"""The share of values that must be valid codes; the others are slips, to be refused in their rows."""

_PARTY, _CODE = "party", "uscc"
_NAME_OF_CODES = "统一社会信用代码"


class UnknownColumns:
    """The columns of one sheet that `fit` does not know; `rows` is a sample of what stands below."""

    def __init__(
        self, fit: Fit, rows: Sequence[Sequence[str]], catalog: Catalog, privacy: Privacy, *, is_mapped: bool
    ) -> None:
        self._known = fit
        self._fields = catalog.fields_of(catalog.kinds[fit.template.kind])
        self._words = load_sheet_words(catalog.directory)
        self._rows = rows
        self._privacy = privacy
        self._codes = {i for i, column in enumerate(fit.columns) if column is None and self._has_codes(i)}
        self._taken = None if is_mapped else self._place_of_codes()

    @property
    def fit(self) -> Fit:
        """The fit, with a column of codes that are certainly those of the parties."""
        if self._taken is None:
            return self._known
        columns = list(self._known.columns)
        columns[self._taken] = Column(names=(self._known.header[self._taken],), to=_CODE)
        return msgspec.structs.replace(self._known, columns=tuple(columns))

    def notes(self, sheet: str) -> Iterator[RowProblem]:
        """One note for each column of which somebody should know."""
        fit = self._known
        known = _ROW_NUMBERS
        if width_of_repeat(fit.header):
            known |= {fold_label(label) for label, column in self._columns() if column}
        for index, (label, column) in enumerate(self._columns()):
            if not label or (column is None and fold_label(label) in known):
                continue
            if told := self._message(index, label, column):
                rule, message = told
                yield RowProblem(sheet, fit.row, self._privacy.scrub(label), "", rule, message)

    def _columns(self) -> Iterator[tuple[str, Column | None]]:
        labels = (" ".join(label.split()) for label in self._known.header)
        return zip(labels, self._known.columns, strict=True)

    def _message(self, index: int, label: str, column: Column | None) -> tuple[str, str] | None:
        if column is not None:
            if not column.to or column not in self._known.columns[:index]:
                return None
            joined = self._fields[column.to].multiple
            how = "已一并读入" if joined else "只在前面一列空着时读入"
            return "same_label", f"与前面一列同名，{how}"
        if index == self._taken:
            return "code_column", f"“{self._privacy.scrub(label)}”一列是统一社会信用代码，已按此读入"
        if index in self._codes:
            return "unknown_column", self._why_codes_are_left(index)
        return "unknown_column", "没有对应的字段，这一列没有读入"

    def _why_codes_are_left(self, index: int) -> str:
        own = self._label_of(_CODE)
        if own or self._taken is not None:
            other = own or self._known.header[self._taken or 0]
            return f"这一列里有统一社会信用代码，但代码已从“{self._privacy.scrub(other)}”一列读入，这一列没有读入"
        if fold_label(self._known.header[index]) == _NAME_OF_CODES:
            return "这一列里几个主体都是同一个统一社会信用代码，像是报送单位的，没有读入"
        return (
            "这一列里有统一社会信用代码，看不出是谁的，没有读入；"
            f"是主体自己的代码的，请把列名改为“{_NAME_OF_CODES}”"
        )

    def _label_of(self, field: str) -> str:
        return next((label for label, column in self._columns() if column and column.to == field), "")

    def _values(self, index: int) -> list[str]:
        return [row[index] for row in self._rows if index < len(row) and not is_blank(row[index])]

    def _has_codes(self, index: int) -> bool:
        values = self._values(index)
        right = sum(is_uscc(value) and not self._privacy.is_personal_number(value) for value in values)
        return right > 0 and right >= _NEARLY_ALL * len(values)

    def _place_of_codes(self) -> int | None:
        """The only column of codes whose label says that they are those of the parties, if the kind lacks them."""
        given = self._known.template.constants.keys()
        if _CODE not in self._fields or _CODE in given or self._label_of(_CODE):
            return None
        names = self._names_of_parties()
        mine = [index for index in sorted(self._codes) if self._is_of_parties(index, names)]
        return mine[0] if len(mine) == 1 else None

    def _names_of_parties(self) -> str:
        return without_end(fold_label(self._label_of(_PARTY)))

    def _is_of_parties(self, index: int, names: str) -> bool:
        """By its label, unless many parties have one code beside them: that is the authority's."""
        if not self._words.may_stand_over_codes(fold_label(self._known.header[index]), (names,)):
            return False
        place = next(
            (i for i, column in enumerate(self._known.columns) if column and column.to == _PARTY), None
        )
        if place is None:
            return True
        rows = [row for row in self._rows if max(index, place) < len(row) and not is_blank(row[index])]
        parties = {row[place] for row in rows if not is_blank(row[place])}
        return len(parties) < 2 or len({row[index] for row in rows}) > 1
