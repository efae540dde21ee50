"""Which rows does a text file with separators hold, in whatever encoding a department saved it?"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from indexers.errors import SheetError
from indexers.readers.cells import Row, Sheet

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSES = ("utf-8", "gb18030")
"""UTF-8 first: Chinese in another encoding hardly ever passes for it. Never gbk: it lacks 䶮 and 𠮷."""

_PROBE = 1 << 20
_SAMPLE_LINES = 20
_DELIMITERS = ",\t;|"
MOST_CHARACTERS_IN_A_CELL = 1 << 20
"""Above this, a quotation mark was opened and never closed."""

_ESCAPED_RETURN = "_x000D_"
_TEXT_BYTES_PER_ZERO = 1_000
"""A text file of a department had 1,411 zero bytes in 79 MB; binary formats have some in every hundred bytes."""


def read_delimited(path: Path) -> Iterator[Sheet]:
    """The one table of the file, decoded and read as a stream: memory does not grow with the file.

    Rows are numbered as a spreadsheet program shows them: a quoted cell with line breaks is one row. Raises
    SheetError for a file that is no text.
    """
    with path.open("rb") as file:
        start = file.read(512).lstrip().lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise SheetError(f"{path.name}:内容是网页而不是表格,请用表格软件打开并另存为 XLSX")
    encoding = detect_encoding(path)
    yield Sheet(path.name, "", _rows(path, encoding))


def detect_encoding(path: Path) -> str:
    """The encoding by byte order mark, else the first of UTF-8 and GB18030 that decodes the whole file."""
    with path.open("rb") as file:
        start = file.read(4)
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    for name in _GUESSES:
        if _decodes(path, name):
            return name
    raise SheetError(f"{path.name}:不是 UTF-8 或 GB18030 编码的文本,请另存为 CSV UTF-8 或 XLSX")


def _decodes(path: Path, encoding: str) -> bool:
    """Whether the whole file is text in this encoding. Stray zero bytes are dirt; many mean a binary file,
    which GB18030 would decode all the same."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    zeros = 0
    with path.open("rb") as file:
        try:
            while chunk := file.read(_PROBE):
                zeros += chunk.count(b"\x00")
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return zeros * _TEXT_BYTES_PER_ZERO <= path.stat().st_size


def _rows(path: Path, encoding: str) -> Iterator[Row]:
    csv.field_size_limit(MOST_CHARACTERS_IN_A_CELL)
    with path.open(encoding=encoding, newline="") as file:
        number = 0
        try:
            delimiter = _detect_delimiter(file)
            file.seek(0)
            for number, cells in enumerate(csv.reader(_lines(file), delimiter=delimiter), start=1):
                yield number, cells
        except csv.Error as error:
            raise SheetError(f"{path.name}:第 {number + 1} 行的引号没有成对,无法分列") from error
        except UnicodeError as error:
            raise SheetError(f"{path.name}:第 {number + 1} 行附近有无法解码的字符") from error


def _lines(file: TextIO) -> Iterator[str]:
    for line in file:
        if "\x00" in line:
            line = line.replace("\x00", "")
        yield line.replace(_ESCAPED_RETURN, "") if _ESCAPED_RETURN in line else line


def _detect_delimiter(file: TextIO) -> str:
    """The separator that cuts the middling one of the first lines into the most cells."""
    lines = [line for line, _ in zip(file, range(_SAMPLE_LINES), strict=False)]
    return max(_DELIMITERS, key=lambda sign: _usual_width(lines, sign))


def _usual_width(lines: list[str], sign: str) -> int:
    widths = sorted(len(row) for row in csv.reader(lines, delimiter=sign) if row)
    return widths[len(widths) // 2] if widths else 0
