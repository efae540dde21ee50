"""Which rows does a JSON or JSON Lines file hold, its keys being the header?"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

import msgspec

from indexers.errors import SheetError
from indexers.readers.cells import Row, Sheet, clean_cell
from indexers.readers.delimited import detect_encoding

_JOIN = "；"
"""Stands between the values of a list in one cell; every reader of lists knows it."""

_INSIDE = "."
"""Stands between the label of an object and those of what is in it."""

_MOST_LEVELS = 6
"""What is nested deeper is no value of a record, and is left out."""

_decode = msgspec.json.Decoder().decode


def read_json(path: Path) -> Iterator[Sheet]:
    """The table of the file: one object a line, an array of objects, or the longest such array in an object.

    What is inside an object of a row has columns of its own (法定代表人.姓名), several values stand in one cell.
    Rows are numbered by line, or from 1 in an array. Raises SheetError for what is not JSON of such a shape.
    """
    encoding = detect_encoding(path)
    if _is_lines(path, encoding):
        header = _header(record for _, record in _json_lines(path, encoding))
        rows = _rows(_json_lines(path, encoding), header)
    else:
        records = _records(path, encoding)
        header = _header(records)
        rows = _rows(enumerate(records, start=1), header)
    yield Sheet(path.name, "", rows, header)


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


def _records(path: Path, encoding: str) -> list[dict[str, Any]]:
    with _open(path, encoding) as file:
        text = file.read()
    if not text.strip():
        return []
    try:
        content = _decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise SheetError(f"{path.name}：不是有效的 JSON") from error
    found = _longest_table(content, depth=0)
    if found is None:
        raise SheetError(f"{path.name}：没有找到由对象组成的数组")
    return found


_DEEPEST = 4
"""Answers of interfaces wrap their rows as {"data": {"result": {"rows": […]}}}."""


def _longest_table(content: object, depth: int) -> list[dict[str, Any]] | None:
    if isinstance(content, list):
        return content if all(isinstance(item, dict) for item in content) else None
    if not isinstance(content, dict) or depth == _DEEPEST:
        return None
    inner = (_longest_table(value, depth + 1) for value in content.values())
    tables = [table for table in inner if table is not None]
    return max(tables, key=len, default=None)


def _header(records: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """All labels in the order they were met, without those of objects that some rows have and others lack."""
    has_text: dict[str, bool] = {}
    for record in records:
        for label, text in _flatten(record).items():
            has_text[label] = has_text.get(label, False) or bool(text)
    outer = {label[:place] for label in has_text for place, char in enumerate(label) if char == _INSIDE}
    return tuple(label for label, filled in has_text.items() if filled or label not in outer)


def _rows(records: Iterable[tuple[int, dict[str, Any]]], header: tuple[str, ...]) -> Iterator[Row]:
    for number, record in records:
        cells = _flatten(record)
        yield number, [cells.get(label, "") for label in header]


def _flatten(record: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a row by label; what stands inside another object is labelled by both."""
    cells: dict[str, str] = {}
    for label, value in record.items():
        _add_texts(cells, label, value, _MOST_LEVELS)
    return cells


def _add_texts(cells: dict[str, str], label: str, value: object, levels: int) -> None:
    if isinstance(value, dict) and value and levels:
        for key, inner in value.items():
            _add_texts(cells, f"{label}{_INSIDE}{key}", inner, levels - 1)
    elif isinstance(value, list) and value and levels:
        for item in value:
            _add_texts(cells, label, item, levels - 1)
    else:
        text = "" if isinstance(value, (dict, list)) else clean_cell(value)
        told = cells.get(label, "")
        cells[label] = f"{told}{_JOIN}{text}" if told and text else told or text
