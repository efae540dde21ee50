"""Which rows does a JSON or JSON Lines file hold, its keys being the header?"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import msgspec

from indexers.errors import SheetError
from indexers.readers.cells import (
    BETWEEN_OBJECTS,
    BETWEEN_VALUES,
    INSIDE,
    MOST_LABELS,
    Row,
    Sheet,
    clean_cell,
)
from indexers.readers.delimited import detect_encoding

_MOST_LEVELS = 6
"""What is nested deeper is no value of a record, and is left out."""

_decode = msgspec.json.Decoder().decode


_FEWEST_LABELS = 3
"""Beside a table of records, an array of objects with fewer keys is a list of codes and their words."""


def read_json(path: Path) -> Iterator[Sheet]:
    """The tables of the file: one object a line, an array of objects, or all such arrays in an object; rows may be
    arrays too, if the first one or an array beside them tells their labels, and objects that stand in none are rows.

    What is inside an object of a row has columns of its own (法定代表人.姓名), several values stand in one cell, and
    what stands in several objects is parted by BETWEEN_OBJECTS. Rows are numbered by line, or from 1 in an array.
    Several tables are called by their keys. Raises SheetError for what is not JSON of such a shape, and for
    more labels than a table has.
    """
    encoding = detect_encoding(path)
    if _is_lines(path, encoding):
        header, repeats = _shape(path, (record for _, record in _json_lines(path, encoding)))
        yield Sheet(path.name, "", _rows(_json_lines(path, encoding), header), header, repeats=repeats)
        return
    found = [(name, records, *_shape(path, records)) for name, records in _tables(path, encoding)]
    fewest = min(_FEWEST_LABELS, max(len(header) for _, _, header, _ in found))
    tables = [table for table in found if len(table[2]) >= fewest]
    left_out = tuple(
        f"“{name}”一组只有 {len(header)} 个键，像是代码表，没有读"
        for name, records, header, _ in found
        if records and len(header) < fewest
    )
    for name, records, header, repeats in tables:
        rows = _rows(enumerate(records, start=1), header)
        shown = name if len(tables) > 1 else ""
        yield Sheet(path.name, shown, rows, header, left_out=left_out, repeats=repeats)
        left_out = ()


@contextlib.contextmanager
def _open(path: Path, encoding: str) -> Iterator[TextIO]:
    """The file as text; SheetError where a character cannot be decoded after all."""
    with path.open(encoding=encoding) as file:
        try:
            yield file
        except UnicodeError as error:
            raise SheetError(f"{path.name}：有 {encoding} 编码无法解码的字符，请另存为 UTF-8") from error


def _is_lines(path: Path, encoding: str) -> bool:
    with _open(path, encoding) as file:
        first = next((line for line in file if line.strip()), "")
        second = next((line for line in file if line.strip()), "")
    if not first.lstrip().startswith("{"):
        return False
    try:
        _decode(first)
    except msgspec.DecodeError:
        return False
    return bool(second) or path.suffix.lower() != ".json"


def _json_lines(path: Path, encoding: str) -> Iterator[tuple[int, dict[str, Any]]]:
    with _open(path, encoding) as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                record = _decode(line)
            except msgspec.DecodeError as error:
                raise SheetError(f"{path.name}：第 {number} 行不是有效的 JSON") from error
            if not isinstance(record, dict):
                raise SheetError(f"{path.name}：第 {number} 行不是 JSON 对象")
            yield number, record


_Table = tuple[str, list[dict[str, Any]]]
"""The keys that lead to a table, and its rows."""


def _tables(path: Path, encoding: str) -> list[_Table]:
    """The arrays of objects in a file with the keys that lead to them; an empty one only where all are."""
    with _open(path, encoding) as file:
        text = file.read()
    if not text.strip():
        return [("", [])]
    try:
        content = _decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise SheetError(f"{path.name}：不是有效的 JSON") from error
    found = list(_tables_in(content, ())) or _rows_apart(content)
    if not found:
        raise SheetError(f"{path.name}：没有找到由对象组成的数组；请把每条记录写成一个对象，放在一个数组里")
    return [table for table in found if table[1]] or found[:1]


_DEEPEST = 4
"""Answers of interfaces wrap their rows as {"data": {"result": {"rows": […]}}}."""
_NAMING = ("label", "title", "name", "id", "field")
"""Where a described column tells its name, that for people first."""


def _tables_in(content: object, keys: tuple[str, ...]) -> Iterator[_Table]:
    if isinstance(content, list):
        if all(isinstance(item, dict) for item in content):
            yield INSIDE.join(keys), content
        elif records := _labelled(content, _heads(content[:1])):
            yield INSIDE.join(keys), records[1:]
    elif isinstance(content, dict) and len(keys) < _DEEPEST:
        heads = _heads(content.values())
        grids = {key: rows for key, value in content.items() if (rows := _labelled(value, heads))}
        for key, records in grids.items():
            yield INSIDE.join((*keys, key)), records
        for key, value in content.items():
            # Beside a grid stand its labels; other arrays of objects are tables of their own.
            if not grids or (key not in grids and not _labels(value)):
                yield from _tables_in(value, (*keys, key))


def _heads(values: Iterable[object]) -> dict[int, list[str]]:
    """What may be the labels of rows that are arrays, by their number; the first of several."""
    heads: dict[int, list[str]] = {}
    for labels in filter(None, map(_labels, values)):
        heads.setdefault(len(labels), labels)
    return heads


def _labelled(content: object, heads: Mapping[int, list[str]]) -> list[dict[str, Any]]:
    """Rows that are arrays as objects, by the labels of which there are as many; [] for anything else."""
    if not isinstance(content, list) or not content or not all(isinstance(row, list) for row in content):
        return []
    labels = heads.get(len(content[0]), [])
    if not labels or any(len(row) != len(labels) for row in content):
        return []
    return [dict(zip(labels, row, strict=True)) for row in content]


def _labels(value: object) -> list[str]:
    """The texts in an array, or the names of the columns that it describes; [] where it has neither."""
    items = value if isinstance(value, list) else []
    named = [
        next((item[key] for key in _NAMING if item.get(key)), "") if isinstance(item, dict) else item
        for item in items
    ]
    are_names = all(isinstance(name, str) and name for name in named)
    return named if are_names and len(named) >= _FEWEST_LABELS else []


def _rows_apart(content: object) -> list[_Table]:
    """Rows that stand in no array: the object with the most values of its own, and all that share most of its keys."""
    objects = list(_objects_in(content, _DEEPEST))
    most = max(objects, key=_count_values, default={})
    alike = [each for each in objects if len(each.keys() & most.keys()) * 2 > len(most)]
    return [("", alike)] if _count_values(most) >= _FEWEST_LABELS else []


def _objects_in(content: object, levels: int) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        yield content
        for value in content.values() if levels else ():
            yield from _objects_in(value, levels - 1)


def _count_values(record: dict[str, Any]) -> int:
    return sum(isinstance(value, (str, int, float)) for value in record.values())


def _shape(path: Path, records: Iterable[dict[str, Any]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All labels in the order they were met, without those of objects that some rows have and others lack; and the
    labels of what holds several objects in some row."""
    has_text: dict[str, bool] = {}
    repeats: dict[str, None] = {}
    for record in records:
        _add_repeats(repeats, record, "", _MOST_LEVELS)
        for label, text in _flatten(record).items():
            has_text[label] = has_text.get(label, False) or bool(text)
        if len(has_text) > MOST_LABELS:
            raise SheetError(f"{path.name}：有 {MOST_LABELS} 多个列名，不像一张表格；请删去多余的键")
    outer = _outer(has_text)
    header = tuple(label for label, filled in has_text.items() if filled or label not in outer)
    return header, tuple(repeats)


def _outer(labels: Collection[str]) -> set[str]:
    """The beginnings of labels that could be labels themselves: those of the objects that values stand in."""
    lengths = set(map(len, labels))
    return {
        label[:place]
        for label in labels
        for place, char in enumerate(label)
        if char == INSIDE and place in lengths
    }


def _rows(records: Iterable[tuple[int, dict[str, Any]]], header: tuple[str, ...]) -> Iterator[Row]:
    for number, record in records:
        cells = _flatten(record)
        yield number, [cells.get(label, "") for label in header]


def _add_repeats(found: dict[str, None], value: Mapping[str, Any], above: str, levels: int) -> None:
    for key, inner in value.items():
        label = f"{above}{key}"
        objects = _objects_of(inner)
        if len(objects) > 1:
            found[label] = None
        elif objects and levels:
            _add_repeats(found, objects[0], f"{label}{INSIDE}", levels - 1)


def _objects_of(value: object) -> list[dict[str, Any]]:
    """The objects that a value is or holds."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict) and item]


_Texts = dict[str, list[str]]
"""The texts of a row by label; a label may have none."""


def _flatten(record: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a row by label; what stands inside another object is labelled by both."""
    texts: _Texts = {}
    for label, value in record.items():
        _add_texts(texts, label, value, _MOST_LEVELS)
    return _joined(texts)


def _joined(texts: _Texts) -> dict[str, str]:
    return {label: BETWEEN_VALUES.join(own) for label, own in texts.items()}


def _add_texts(texts: _Texts, label: str, value: object, levels: int, *, is_repeated: bool = False) -> None:
    """`is_repeated`: one of several objects holds the value, so that several inside it are told apart no more."""
    objects = _objects_of(value)
    if len(objects) > 1 and levels and not is_repeated:
        _add_objects(texts, label, objects, levels - 1)
    elif isinstance(value, dict) and value and levels:
        for key, inner in value.items():
            _add_texts(texts, f"{label}{INSIDE}{key}", inner, levels - 1, is_repeated=is_repeated)
    elif isinstance(value, list) and value and levels:
        for item in value:
            _add_texts(texts, label, item, levels - 1, is_repeated=is_repeated)
    else:
        text = "" if isinstance(value, (dict, list)) else clean_cell(value).replace(BETWEEN_OBJECTS, " ")
        texts.setdefault(label, []).extend([text] if text else [])


def _add_objects(texts: _Texts, label: str, objects: list[dict[str, Any]], levels: int) -> None:
    """A cell for each label in them, with the text of every object in its place, be it empty."""
    parts: list[dict[str, str]] = []
    for each in objects:
        inside: _Texts = {}
        for key, inner in each.items():
            _add_texts(inside, f"{label}{INSIDE}{key}", inner, levels, is_repeated=True)
        parts.append(_joined(inside))
    labels = dict.fromkeys(own for part in parts for own in part)
    for own in islice(labels, MOST_LABELS + 1):  # one too many, for which the table is refused
        told = [part.get(own, "") for part in parts]
        texts[own] = [BETWEEN_OBJECTS.join(told)] if any(told) else []
