"""What do the rows of a sheet become, once it is known which template it follows?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from indexers.headers import Fit, is_second_header, width_of_repeat
from indexers.readers import Row
from indexers.recognising import Refusal, SheetPlan
from indexers.records import RowOutcome, RowProblem
from indexers.sheet_words import load_sheet_words
from indexers.validation import Hints, ListRouter, RowReader, SideBySide, Surroundings, reader_of_rows


class SheetReader:
    """Reads the rows of one sheet, in order, all at once or some at a time.

    `left_out` grows by the numbers of the rows that say something but do not count, as sums and notes below a table.
    Raises UsageError for a constant of the template that is unanswered or no value of its field.
    """

    def __init__(self, plan: SheetPlan, around: Surroundings) -> None:
        self.left_out: list[int] = []
        self._plan = plan
        self._words = load_sheet_words(around.catalog.directory)
        self._rows: RowReader | ListRouter | SideBySide | None = None
        if plan.fit is not None:
            fit = plan.fit
            usual = reader_of_rows(around, fit.template, fit.header, fit.columns, plan.reading.sheet)
            width = width_of_repeat(fit.header)
            self._rows = SideBySide(usual, width) if width else usual
            catalog = around.catalog
            self._hints = Hints(catalog.kinds, catalog.fields_of, fit.columns, fit.header, plan.reading.sheet)

    def read(self, rows: Iterator[Row]) -> Iterator[RowOutcome]:
        """The outcomes of those rows that count."""
        if self._plan.refusal is not None:
            return self._rejected(rows, self._plan.refusal)
        if self._plan.fit is None or self._rows is None:
            return iter(())
        return self._read(rows, self._plan.fit, self._rows)

    def _read(
        self, rows: Iterator[Row], fit: Fit, reader: RowReader | ListRouter | SideBySide
    ) -> Iterator[RowOutcome]:
        first = next((index for index, column in enumerate(fit.columns) if column and column.to), 0)
        label = fit.header[first]
        most = self._plan.most_cells
        for number, cells in rows:
            if len(cells) > first and cells[first] == label and is_second_header(fit, cells):
                continue
            outcome = reader.read(number, cells)
            if outcome is None:
                self._leave_out(number, cells)
                continue
            if most and any(map(str.strip, cells[most:])):
                outcome = self._too_long(number, len(cells) - most)
            if _is_record(outcome):
                yield self._with_hints(outcome)
            elif self._words.is_remark(cells):
                self._leave_out(number, cells)
            elif not self._words.tells_how_to_fill(cells):
                yield outcome

    def _with_hints(self, outcome: RowOutcome) -> RowOutcome:
        hints = self._hints.look(outcome.row, outcome.drafts[0]) if outcome.drafts else ()
        return msgspec.structs.replace(outcome, notes=(*outcome.notes, *hints)) if hints else outcome

    def _leave_out(self, number: int, cells: Sequence[str]) -> None:
        """Rows that are empty but for a prepared number say nothing that could be missed."""
        if any(char.isalpha() for cell in cells for char in cell):
            self.left_out.append(number)

    def _rejected(self, rows: Iterator[Row], refusal: Refusal) -> Iterator[RowOutcome]:
        wanted = refusal.wanted
        for number, cells in rows:
            if number <= refusal.header_row:
                continue
            kept = cells if wanted is None else [cells[index] for index in wanted if index < len(cells)]
            if not any(cell.strip() for cell in kept) or self._words.is_remark(cells):
                self._leave_out(number, cells)
                continue
            yield RowOutcome(number, problems=(msgspec.structs.replace(refusal.reason, row=number),))

    def _too_long(self, number: int, more: int) -> RowOutcome:
        """A row that has come apart: what stands behind the place would be read as what it is not."""
        told = _TOO_LONG.format(more)
        return RowOutcome(
            number, problems=(RowProblem(self._plan.reading.sheet, number, "", "", "cells", told),)
        )


_TOO_LONG = (
    "这一行比表头多出 {} 格，多半是某一格的文字里有分隔符而没有加引号；请给那一格加上引号，或另存为 XLSX 再交"
)


def _is_record(outcome: RowOutcome) -> bool:
    """Whether something came of a row that no remark can be: words in a table pass for names of persons only."""
    return not outcome.problems and not outcome.persons
