"""Does a sheet have its labels down the side, and which table is it then?

Regulators publish one decision on a sheet: a label on the left, merged over several cells, its value on the right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from indexers.headers import is_general_word, one_line
from indexers.readers import Row

MOST_ROWS = 60
"""A form has a line for each label; a longer sheet is a table."""
_FEWEST_LABELS = 4
_MOST_LABEL_COLUMNS = 4
_LONGEST_LABEL = 40
_FEWEST_LINES_OF_PAIRS = 2
"""One line might be a table of two columns with a value that is a label too."""
_DISTINCT_LABELS = 0.75
"""The share of labels of such lines that mean what no other does."""
_LABELS_OF_NUMBERS = ("序号", "编号", "行号")
_LABELS_AMONG = 0.5
"""The share of known labels among the cells of a column of labels."""


class Form(msgspec.Struct, frozen=True):
    """The table that a form is: its labels, and a row for each column of values, numbered from its first line."""

    labels: tuple[str, ...]
    rows: tuple[Row, ...]


def read_form(rows: Sequence[Row], meaning_of: Callable[[str], str]) -> Form | None:
    """The form that these are all rows of, or None if they are a table with its labels in a row.

    `meaning_of` a label is "" for other cells; labels of a form mean each something else, values alike mean the same.
    """
    filled = [
        (number, [*map(one_line, cells)], cells)
        for number, cells in _one_pair_a_line(_without_numbers(rows), meaning_of)
        if any(map(str.strip, cells))
    ]
    if not _FEWEST_LABELS <= len(filled) <= MOST_ROWS:
        return None
    known = [[meaning_of(cell) if _may_be_label(cell) else "" for cell in cells] for _, cells, _ in filled]
    width = max(len(cells) for _, cells, _ in filled)
    beside = _label_columns([cells for _, cells, _ in filled], known, width)
    down = {meaning for row in known for meaning in row[:beside] if meaning}
    across = max(len(set(filter(None, row))) for row in known)
    if len(down) < _FEWEST_LABELS or len(down) <= across or beside == width:
        return None
    return _table(filled, known, beside)


def _without_numbers(rows: Sequence[Row]) -> list[Row]:
    """The rows without a first column that only numbers them, from 1 on, in front of their labels."""
    first = [cells[0].strip() if cells else "" for _, cells in rows]
    numbers = [text for text in first if text.isascii() and text.isdigit()]
    counted = [str(number) for number in range(1, len(numbers) + 1)]
    if len(numbers) < _FEWEST_LABELS or numbers != counted:
        return list(rows)
    return [
        (number, cells[1:] if _is_number_or_its_label(text) else list(cells))
        for (number, cells), text in zip(rows, first, strict=True)
    ]


def _one_pair_a_line(rows: Sequence[Row], meaning_of: Callable[[str], str]) -> list[Row]:
    """The rows, with those that hold two or three labels, each with its value behind it, taken apart."""
    if len(rows) > MOST_ROWS:
        return list(rows)
    apart = [(number, cells, _labels_with_values(cells, meaning_of)) for number, cells in rows]
    meanings = [meaning for _, _, labels in apart for meaning in labels.values()]
    # Rows of a table, whose values may look like labels (甲有限公司), mean the same again and again.
    is_table = len(set(meanings)) < _DISTINCT_LABELS * len(meanings)
    if is_table or sum(bool(labels) for _, _, labels in apart) < _FEWEST_LINES_OF_PAIRS:
        return list(rows)
    return [
        (number, list(cells[place : place + 2]) if labels else list(cells))
        for number, cells, labels in apart
        for place in labels or (0,)
    ]


def _labels_with_values(cells: Sequence[str], meaning_of: Callable[[str], str]) -> dict[int, str]:
    """The places of the labels of a row with their meanings, each in front of its value; none if it is no such line."""
    plain = [*map(one_line, cells)]
    told = {
        place: meaning_of(plain[place]) if _may_be_label(plain[place]) else ""
        for place in range(0, len(plain) - 1, 2)
        if plain[place]
    }
    values = [value for value in plain[1::2] if value]
    # Of a line of labels side by side each is one; of values, one may look like a label (罚款).
    known = sum(bool(_may_be_label(value) and meaning_of(value)) for value in values)
    is_line = len(told) > 1 and all(told.values()) and known < len(values)
    return told if is_line else {}


def _is_number_or_its_label(text: str) -> bool:
    return not text or text.isdigit() or text in _LABELS_OF_NUMBERS


def _may_be_label(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_LABEL


def _label_columns(cells: Sequence[Sequence[str]], known: Sequence[Sequence[str]], width: int) -> int:
    """How many columns from the left hold labels and parts of labels."""
    for column in range(min(width, _MOST_LABEL_COLUMNS)):
        held = [row[column] for row in cells if column < len(row) and row[column]]
        hits = sum(bool(row[column]) for row in known if column < len(row))
        if not held or hits < _LABELS_AMONG * len(held):
            return column
    return min(width, _MOST_LABEL_COLUMNS)


def _table(
    filled: Sequence[tuple[int, list[str], list[str]]], known: Sequence[Sequence[str]], beside: int
) -> Form | None:
    labels: dict[str, int] = {}
    records: list[tuple[int, list[dict[str, str]]]] = []
    over = [""] * beside
    for (number, plain, cells), told in zip(filled, known, strict=True):
        parts = [*plain[:beside], *[""] * (beside - len(plain))]
        first = next((place for place, part in enumerate(parts) if part), None)
        if first is None or not any(told[:beside]):
            continue
        over = [*over[:first], *parts[first:]]
        label = _label(over)
        if not records or any(label in values for values in records[-1][1]):
            records.append((number, []))  # the first label again: another form below
        labels.setdefault(label, len(labels))
        for place, value in enumerate(cells[beside:]):
            if value.strip():
                columns = records[-1][1]
                columns.extend({} for _ in range(place + 1 - len(columns)))
                columns[place][label] = value
    return Form(tuple(labels), _rows(records, tuple(labels))) if records else None


def _label(parts: Sequence[str]) -> str:
    """The innermost part, behind the one that it stands under if it says nothing by itself (单位 | 名称)."""
    told = [part for part in parts if part]
    return "".join(told[-2:]) if is_general_word(told[-1]) else told[-1]


def _rows(records: Sequence[tuple[int, list[dict[str, str]]]], labels: Sequence[str]) -> tuple[Row, ...]:
    rows: list[Row] = []
    for number, columns in records:
        most = max(map(len, columns), default=0)
        whole = [values for values in columns if len(values) * 2 > most]  # fewer are remarks beside the form
        rows += (
            (number + place, [values.get(label, "") for label in labels])
            for place, values in enumerate(whole)
        )
    return tuple(rows)
