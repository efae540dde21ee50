"""How is a row read in which a table goes on beside itself: 序号, 名称, 代码, and once more 序号, 名称, 代码?"""

from __future__ import annotations

import msgspec

from indexers.records import RowOutcome
from indexers.validation.routing import ListRouter
from indexers.validation.rows import RowReader


class SideBySide:
    """Reads what stands in a row `width` columns apart; as one row it has the worst outcome of its parts."""

    def __init__(self, reader: RowReader | ListRouter, width: int) -> None:
        self._reader = reader
        self._width = width

    def read(self, row: int, cells: list[str]) -> RowOutcome | None:
        """The outcome of all parts together, None if no part counts."""
        parts = (self._reader.read(row, cells[start:]) for start in range(0, len(cells), self._width))
        outcomes = [outcome for outcome in parts if outcome is not None]
        if len(outcomes) < 2:
            return outcomes[0] if outcomes else None
        merged = RowOutcome(
            row,
            tuple(draft for outcome in outcomes for draft in outcome.drafts),
            tuple(person for outcome in outcomes for person in outcome.persons),
            tuple(event for outcome in outcomes for event in outcome.events),
            tuple(problem for outcome in outcomes for problem in outcome.problems),
            tuple(note for outcome in outcomes for note in outcome.notes),
        )
        if not merged.problems:
            return merged
        return msgspec.structs.replace(merged, drafts=(), persons=(), events=())
