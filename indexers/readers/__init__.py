"""Which rows does a delivered source (workbook, text, web page, JSON, query) hold, each with its place?

Rows come as clean text only; what a cell was in its file goes no further than the module that met it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from indexers.addresses import is_address, show_address
from indexers.errors import SheetError, UsageError
from indexers.readers.cells import (
    BETWEEN_OBJECTS,
    BETWEEN_VALUES,
    INSIDE,
    MOST_LABELS,
    Row,
    Sheet,
    fill_merged,
)
from indexers.readers.delimited import read_delimited
from indexers.readers.json_files import read_json
from indexers.readers.web_tables import is_web_page, read_web_tables
from indexers.readers.workbooks import is_workbook, read_workbook

__all__ = [
    "BETWEEN_OBJECTS",
    "BETWEEN_VALUES",
    "INSIDE",
    "MOST_LABELS",
    "Row",
    "Sheet",
    "fill_merged",
    "open_source",
]

_JSON_SUFFIXES = {".json", ".jsonl", ".ndjson"}
_TABLE_SUFFIXES = {".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et"}
"""Of text and of workbooks: office systems write one into files that are called like the other."""
_PAGE_SUFFIXES = {".html", ".htm", ".xml"}


def open_source(source: str, *, query: str = "") -> Iterator[Sheet]:
    """The sheets of a file, or the rows of `query` at an SQLAlchemy address, one after another.

    The query may also be given as ``?query=…`` of the address. Each sheet must be read to its end before the
    next one is asked for. Raises UsageError for a missing file or query, and for a query to what has none;
    SheetError for what cannot be read.
    """
    if is_address(source):
        # Imported where it is needed: processes that check the rows of files start in half the time without.
        from indexers.readers.databases import read_database

        return read_database(source, query)
    if query:
        # Read whole, a file would bring rows that the query was to leave out.
        raise UsageError(f"--query 只用于数据库地址，例如 sqlite:///data.db；{show_address(source)} 是文件")
    path = Path(source)
    if path.is_dir():
        raise UsageError(f"{source} 是文件夹；请写出里面的文件，例如 {source.rstrip('/')}/*.xlsx")
    if not path.is_file():
        raise UsageError(f"找不到文件：{show_address(source)}")
    return _read_file(path)


def _read_file(path: Path) -> Iterator[Sheet]:
    suffix = path.suffix.lower()
    try:
        if is_workbook(path):  # by its first bytes: department systems write .csv into .xls and the reverse
            yield from read_workbook(path)
        elif suffix in _JSON_SUFFIXES:
            yield from read_json(path)
        elif suffix in _PAGE_SUFFIXES or (suffix in _TABLE_SUFFIXES and is_web_page(path)):
            yield from read_web_tables(path)
        elif suffix in _TABLE_SUFFIXES:
            yield from read_delimited(path)
        else:
            shown = suffix or "（没有扩展名）"
            readable = "XLSX、XLS、ODS、CSV、TSV、JSON、JSONL、HTML"
            raise SheetError(f"{path.name}：不认识的文件类型 {shown}；可读 {readable}")
    except OSError as error:
        raise SheetError(f"{path.name}：无法读取（{error.strerror or error}）") from error
