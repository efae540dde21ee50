"""Which rows does a text file with separators hold, in whatever encoding a department saved it?"""

from __future__ import annotations

import codecs
import csv
import re
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
_PROBE = 1 << 20
"""Bytes read at once, and the beginning that tells GB18030 (never gbk: it lacks 䶮 and 𠮷)."""

_SAMPLE_LINES = 20
_DELIMITERS = ",\t;|"
MOST_CHARACTERS_IN_A_CELL = 1 << 20
"""Above this, a quotation mark was opened and never closed."""

_ESCAPED_RETURN = "_x000D_"
_STRAY_ZEROS, _TEXT_BYTES_PER_ZERO = 8, 1_000
"""A text file of a department had 1,411 zero bytes in 79 MB; binary formats have some in every hundred bytes."""


def read_delimited(path: Path) -> Iterator[Sheet]:
    """The one table of the file, decoded and read as a stream: memory does not grow with the file.

    Rows are numbered as a spreadsheet program shows them: a quoted cell with line breaks is one row. Raises
    SheetError for a file that is no text.
    """
    encoding = detect_encoding(path)
    yield Sheet(path.name, "", _rows(path, encoding), is_cut_at_signs=True)


def detect_encoding(path: Path) -> str:
    """The encoding by byte order mark, else UTF-8 if the whole file is, else GB18030 if its beginning is.

    Decoding GB18030 costs as much as reading the rows, so what comes later is found out when it is read.
    """
    with path.open("rb") as file:
        start = file.read(_PROBE)
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    if not _is_binary(path):
        if _is_utf8(path):
            return "utf-8"
        if _decodes(start, "gb18030"):
            return "gb18030"
    raise SheetError(f"{path.name}：不是 UTF-8 或 GB18030 编码的文本，请另存为 CSV UTF-8 或 XLSX")


def _is_binary(path: Path) -> bool:
    """Stray zero bytes are dirt; many mean a binary file, which GB18030 would decode all the same."""
    zeros = sum(chunk.count(b"\x00") for chunk in _chunks(path))
    return zeros > _STRAY_ZEROS and zeros * _TEXT_BYTES_PER_ZERO > path.stat().st_size


def _is_utf8(path: Path) -> bool:
    """Chinese in another encoding hardly ever passes for UTF-8, so this is asked first and of the whole file."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _decodes(start: bytes, encoding: str) -> bool:
    """Whether the beginning of a file is text in this encoding; it may end within a character."""
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(start, final=len(start) < _PROBE)
    except UnicodeDecodeError:
        return False
    return True


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_PROBE):
            yield chunk


def _rows(path: Path, encoding: str) -> Iterator[Row]:
    csv.field_size_limit(MOST_CHARACTERS_IN_A_CELL)
    with path.open(encoding=encoding, newline="") as file:
        number = 0
        try:
            delimiter = _detect_delimiter(file)
            file.seek(0)
            for number, cells in enumerate(_records(_lines(file), delimiter), start=1):
                yield number, cells
        except csv.Error as error:
            raise SheetError(
                f"{path.name}：第 {number + 1} 行附近的引号没有成对，无法分列；请补上或删去多余的引号后再交"
            ) from error
        except UnicodeError as error:
            raise SheetError(f"{path.name}：第 {number + 1} 行附近有无法解码的字符") from error


def _records(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    """The rows; raises csv.Error where a stray quotation mark has swallowed the lines that follow."""
    taken: list[str] = []

    def watched() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    for cells in csv.reader(watched(), delimiter=delimiter):
        if len(taken) > 1:
            list(csv.reader(taken, delimiter=delimiter, strict=True))
        taken.clear()
        yield cells


def _lines(file: TextIO) -> Iterator[str]:
    for line in file:
        if "\x00" in line:
            line = line.replace("\x00", "")
        if '="' in line:
            line = _TEXT_FORMULA.sub(r'"\1\2"', line)
        yield line.replace(_ESCAPED_RETURN, "") if _ESCAPED_RETURN in line else line


_TEXT_FORMULA = re.compile(r'''(?<![^,;\t|])(?:"=""([^"]*)"""|="([^"]*)")(?=[,;\t|\r\n]|$)''')
"""A cell such as ="912204…": how systems write long codes so that spreadsheets keep them as text."""


def _detect_delimiter(file: TextIO) -> str:
    """The separator that cuts the middling one of the first lines into the most cells."""
    lines = [line for line, _ in zip(file, range(_SAMPLE_LINES), strict=False)]
    return max(_DELIMITERS, key=lambda sign: _usual_width(lines, sign))


def _usual_width(lines: list[str], sign: str) -> int:
    widths = sorted(len(row) for row in csv.reader(lines, delimiter=sign) if row)
    return widths[len(widths) // 2] if widths else 0
