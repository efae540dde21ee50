"""Which rows are in a row that holds several objects: the parties of a decision, the decisions on a party?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from indexers.headers import Fit
from indexers.readers import BETWEEN_OBJECTS, BETWEEN_VALUES, INSIDE, Row

_OF_A_RECORD = ("party", "document_number", "decided_on")
"""Fields of which a record has its own: several objects that hold one of them are as many records."""


def repeated_by_records(fit: Fit, repeats: Sequence[str]) -> str:
    """The label of the objects of which each is a record of its own, "" where several are of one record."""
    for field in _OF_A_RECORD:
        labels = [
            label
            for label, column in zip(fit.header, fit.columns, strict=True)
            if column and column.to == field
        ]
        if found := next((outer for outer in repeats for label in labels if _is_inside(label, outer)), ""):
            return found
    return ""


def unfold(rows: Iterable[Row], header: Sequence[str], repeated: str) -> Iterator[Row]:
    """A row for each of the `repeated` objects, counted from 1; what others hold stands together in one cell."""
    inside = [place for place, label in enumerate(header) if repeated and _is_inside(label, repeated)]
    count = 0
    for number, cells in rows:
        parts = {place: cells[place].split(BETWEEN_OBJECTS) for place in inside}
        joined = [_join_objects(cell) for cell in cells]
        for index in range(max(map(len, parts.values()), default=1)):
            count += 1
            for place, texts in parts.items():
                joined[place] = texts[index] if index < len(texts) else ""
            yield (count if repeated else number), list(joined)


def _join_objects(cell: str) -> str:
    """What the objects of a row say in one cell."""
    if BETWEEN_OBJECTS not in cell:
        return cell
    return BETWEEN_VALUES.join(text for part in cell.split(BETWEEN_OBJECTS) if (text := part.strip()))


def _is_inside(label: str, outer: str) -> bool:
    return label.startswith(f"{outer}{INSIDE}")
