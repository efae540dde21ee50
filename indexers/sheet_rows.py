"""What do the rows of a sheet become, once it is known which template it follows?"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from indexers.headers import Fit, is_second_header, width_of_repeat
from indexers.readers import Row
from indexers.recognising import Refusal, SheetPlan
from indexers.records import RowOutcome
from indexers.sheet_words import SheetWords, load_sheet_words
from indexers.validation import ListRouter, RowReader, SideBySide, Surroundings, reader_of_rows


class SheetReader:
    """Reads the rows of one sheet, in order, all at once or some at a time.

    Raises UsageError for a constant of the template that is unanswered or no value of its field.
    """

    def __init__(self, plan: SheetPlan, around: Surroundings) -> None:
        self._plan = plan
        self._words = load_sheet_words(around.catalog.directory)
        self._rows: RowReader | ListRouter | SideBySide | None = None
        if plan.fit is not None:
            fit = plan.fit
            usual = reader_of_rows(around, fit.template, fit.header, fit.columns, plan.reading.sheet)
            width = width_of_repeat(fit.header)
            self._rows = SideBySide(usual, width) if width else usual

    def read(self, rows: Iterator[Row]) -> Iterator[RowOutcome]:
        """The outcomes of those rows that count."""
        if self._plan.refusal is not None:
            return _rejected(rows, self._plan.refusal, self._words)
        if self._plan.fit is None or self._rows is None:
            return iter(())
        return _read(rows, self._plan.fit, self._rows, self._words)


def _read(
    rows: Iterator[Row], fit: Fit, reader: RowReader | ListRouter | SideBySide, words: SheetWords
) -> Iterator[RowOutcome]:
    first = next((index for index, column in enumerate(fit.columns) if column and column.to), 0)
    label = fit.header[first]
    for number, cells in rows:
        if len(cells) > first and cells[first] == label and is_second_header(fit, cells):
            continue
        outcome = reader.read(number, cells)
        if outcome is None:
            continue
        if _is_record(outcome) or not (words.is_remark(cells) or words.tells_how_to_fill(cells)):
            yield outcome


def _is_record(outcome: RowOutcome) -> bool:
    """Whether something came of a row that no remark can be: words in a table pass for names of persons only."""
    return not outcome.problems and not outcome.persons


def _rejected(rows: Iterator[Row], refusal: Refusal, words: SheetWords) -> Iterator[RowOutcome]:
    wanted = refusal.wanted
    for number, cells in rows:
        if number <= refusal.header_row:
            continue
        kept = cells if wanted is None else [cells[index] for index in wanted if index < len(cells)]
        if any(cell.strip() for cell in kept) and not words.is_remark(cells):
            yield RowOutcome(number, problems=(msgspec.structs.replace(refusal.reason, row=number),))
