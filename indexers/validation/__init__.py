"""What does a row of a sheet become: checked drafts, a withheld person, an event, or problems?"""

from __future__ import annotations

from indexers.validation.hints import Hints
from indexers.validation.routing import ListRouter, reader_of_rows
from indexers.validation.rows import RowReader
from indexers.validation.rules import ROW_RULES, VALUE_RULES, Noted, Refused, Surroundings, row_rule, rule
from indexers.validation.side_by_side import SideBySide

__all__ = [
    "ROW_RULES",
    "VALUE_RULES",
    "Hints",
    "ListRouter",
    "Noted",
    "Refused",
    "RowReader",
    "SideBySide",
    "Surroundings",
    "reader_of_rows",
    "row_rule",
    "rule",
]
