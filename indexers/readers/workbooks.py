"""Which rows do the sheets of a spreadsheet file (XLSX, XLSM, XLSB, XLS, ODS) hold?"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape
from itertools import chain
from pathlib import Path

import msgspec
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from indexers.errors import SheetError
from indexers.readers.cells import Merge, Row, Sheet, clean_cell

MOST_ROWS = 200_000
"""A sheet is held in memory while it is read; a larger one is better delivered as CSV, which is streamed."""

MOST_UNPACKED_BYTES = 1 << 30
MOST_UNPACKED_RATIO = 200
"""Spreadsheets unpack to 5 to 30 times their size; one that promises far more is made to fill memory."""

_SMALL_ENOUGH = 64 << 20

MOST_CELLS = 40_000_000
"""About 1 GB of empty cells; 200,000 rows of 100 columns are half of it."""
_PIECE, _LONGEST_TAG = 1 << 20, 256
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
_FAR_CELL = re.compile(rb' r="(?:[A-Z]{3}[0-9]|[B-Z][A-Z][0-9]{5})')
# What is open without end may be longer than any tag, and is not walked through anew from each place in it.
_IN_TAG = rb"[^<>]{0,%d}" % _LONGEST_TAG
_FILLED_CELL = re.compile(rb'<(?:\w+:)?c %b?\br="([A-Z]{1,3})([0-9]{1,7})"%b(?<!/)>' % (_IN_TAG, _IN_TAG))
_HIDDEN = b"hidden="
_HIDDEN_ROW = re.compile(
    rb'<(?:\w+:)?row (?=%b\bhidden="(?:1|true)")%b?\br="([0-9]{1,7})"' % (_IN_TAG, _IN_TAG)
)
_HIDDEN_ROWS = "工作表“{}”有 {} 行是隐藏的（或被筛选掉的），也已读入；不该公示的请删除后再交"
_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_ATTRIBUTE = re.compile(r"""(?<![\w:])([\w:]++)\s*=\s*"([^"]*)\"""")
_MOST_ROWS_MERGED = 2_000
"""A cell merged over more rows is no value that was meant for each of them."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The name of the part that holds a workbook with a password (MS-OFFCRYPTO 2.3.4.4)."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_workbook(path: Path) -> bool:
    """Whether the file's first bytes are those of a spreadsheet file, whatever its name says."""
    with path.open("rb") as file:
        start = file.read(8)
    return start.startswith(_ZIP) or start == _OLE


def read_workbook(path: Path) -> Iterator[Sheet]:
    """All visible sheets in their order, wholly empty ones too.

    Hidden ones hold lists for drop-down menus as a rule: the first visible sheet says that they were left out.
    Raises SheetError for a damaged or locked file and for one that unpacks to more than the limits.
    """
    _refuse_zip_bomb(path)
    hidden_rows = _look_over(path)
    try:
        # from a file object the kind is found by content, not by the ending of the name
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            if not book.sheets_metadata:
                raise SheetError(_damaged(path))
            tables = [sheet for sheet in book.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
            visible = [sheet.name for sheet in tables if sheet.visible is SheetVisibleEnum.Visible]
            hidden = [sheet.name for sheet in tables if sheet.name not in visible]
            if hidden and not visible:
                raise SheetError(f"{path.name}：工作表都是隐藏的，请取消隐藏后再交")
            left_out = tuple(f"隐藏的工作表“{name}”没有读" for name in hidden)
            for name in visible:
                if rows := hidden_rows.get(name):
                    left_out += (_HIDDEN_ROWS.format(name, rows),)
                sheet = _sheet(path.name, book.get_sheet_by_name(name), left_out)
                yield msgspec.structs.replace(sheet, has_siblings=len(visible) > 1)
                left_out = ()
    except PasswordError as error:
        raise SheetError(_locked(path)) from error
    except CalamineError as error:
        raise SheetError(_locked(path) if _is_encrypted(path) else _damaged(path)) from error


def _damaged(path: Path) -> str:
    return f"{path.name}：不是完好的电子表格，请用表格软件打开并另存为 XLSX"


def _locked(path: Path) -> str:
    return f"{path.name}：文件有密码保护，请去掉密码后再交"


def _is_encrypted(path: Path) -> bool:
    """Whether the file is what spreadsheet programs make of an XLSX with a password: an OLE file around it."""
    with path.open("rb") as file:
        end = b""
        is_ole = file.read(len(_OLE)) == _OLE
        while is_ole and (piece := file.read(_PIECE)):
            if _ENCRYPTED in end + piece:
                return True
            end = piece[-len(_ENCRYPTED) :]
    return False


def _refuse_zip_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        return  # an old binary file, or a damaged one that the reader names
    ratio = unpacked / max(path.stat().st_size, 1)
    if unpacked > MOST_UNPACKED_BYTES or (unpacked > _SMALL_ENOUGH and ratio > MOST_UNPACKED_RATIO):
        raise SheetError(f"{path.name}：展开后有 {unpacked >> 20} MB，超出上限，未读取；大表请另存为 CSV")


def _look_over(path: Path) -> dict[str, int]:
    """How many rows a filter or a hand has hidden, by sheet; those of an old binary file are not told.

    Refuses stray cells: a table is held as wide and long as its outermost ones, and one far from the rest would fill
    all memory.
    """
    hidden: dict[str, int] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            sheets = _sheets_by_part(archive)
            for part in filter(_SHEET_PART.fullmatch, archive.namelist()):
                is_far, rows = _look_over_part(archive, part)
                if is_far:
                    _refuse_area(path, _pieces(archive, part))
                hidden[sheets.get(part, "")] = rows
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error):
        return {}  # the reader names what is damaged or locked
    return hidden


def _look_over_part(archive: zipfile.ZipFile, part: str) -> tuple[bool, int]:
    """Whether some cell may stand too far away, and how many rows are hidden."""
    is_far = False
    hidden: set[bytes] = set()
    for piece in _pieces(archive, part):
        is_far = is_far or _FAR_CELL.search(piece) is not None
        if _HIDDEN in piece:
            hidden.update(found[1] for found in _HIDDEN_ROW.finditer(piece))
    return is_far, len(hidden)


def _sheets_by_part(archive: zipfile.ZipFile) -> dict[str, str]:
    """The names of the sheets by the parts that hold them; {} where the workbook does not tell in the usual way."""
    if not {_BOOK, _RELATIONS} <= set(archive.namelist()):
        return {}
    targets = {own["Id"]: own["Target"] for own in _attributes(archive, _RELATIONS, "Relationship")}
    return {
        f"xl/{targets[own['r:id']].removeprefix('/xl/')}": own["name"]
        for own in _attributes(archive, _BOOK, "sheet")
        if own.get("r:id") in targets and "name" in own
    }


def _attributes(archive: zipfile.ZipFile, part: str, tag: str) -> list[dict[str, str]]:
    """The attributes of every element with this tag."""
    text = archive.read(part).decode(errors="replace")
    elements = re.findall(rf"<(?:\w+:)?{tag}\s([^<>]*)>", text)
    return [{key: unescape(value) for key, value in _ATTRIBUTE.findall(element)} for element in elements]


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part in pieces that overlap by more than the tag of a cell is long."""
    with archive.open(name) as part:
        end = b""
        while piece := part.read(_PIECE):
            yield end + piece
            end = piece[-_LONGEST_TAG:]


def _refuse_area(path: Path, pieces: Iterator[bytes]) -> None:
    columns, rows, farthest = 0, 0, b""
    for found in chain.from_iterable(map(_FILLED_CELL.finditer, pieces)):
        column = 0
        for letter in found[1]:
            column = column * 26 + letter - 64
        if column > columns:
            columns, farthest = column, found[1] + found[2]
        rows = max(rows, int(found[2]))
    if columns * rows > MOST_CELLS:
        raise SheetError(
            f"{path.name}：单元格 {farthest.decode()} 离表格太远，无法读取；请删除表格以外的内容，或另存为 CSV"
        )


def _sheet(file: str, sheet: CalamineSheet, left_out: tuple[str, ...]) -> Sheet:
    if sheet.total_height > MOST_ROWS and sheet.height > MOST_ROWS:
        refused = f"工作表有 {sheet.height} 行，超过 {MOST_ROWS} 行，请另存为 CSV 再导入"
        return Sheet(file, sheet.name, _rows(sheet), refused=refused, left_out=left_out)
    return Sheet(file, sheet.name, _rows(sheet), merged=tuple(_merged(sheet)), left_out=left_out)


def _merged(sheet: CalamineSheet) -> Iterator[Merge]:
    """What is merged downwards, with the places that columns have in `iter_rows`."""
    left = sheet.start[1] if sheet.start else 0
    for (top, column), (bottom, _) in sheet.merged_cell_ranges or ():
        if top < bottom <= top + _MOST_ROWS_MERGED and column >= left:
            yield Merge(top + 1, bottom + 1, column - left)


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, [cell if type(cell) is str else clean_cell(cell) for cell in cells]
