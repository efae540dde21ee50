"""How do the rows of a delivered file come to the ledger: read, checked and keyed, on every core if there are many?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path

import msgspec

from indexers.addresses import is_address
from indexers.analysis import Analyzer, load_analyzer
from indexers.catalog import Catalog, load_catalog
from indexers.grammar import Template
from indexers.processes import count_cores, map_in_order
from indexers.readers import Row
from indexers.recognising import SheetPlan, recognise_sheets
from indexers.records import RowOutcome, RowProblem, SheetReading
from indexers.sheet_rows import SheetReader
from indexers.staged_records import Staged, Stager
from indexers.validation import Surroundings

BIG_FILE = 4 << 20
"""Bytes from which processes of their own pay for their start (about a second)."""
BLOCK_ROWS = 1_000
"""Rows handed to a process at once."""


class SheetBegins(msgspec.Struct, frozen=True, array_like=True, tag="s"):
    """The rows that follow are of this sheet; `refused` says why all of them are, `notes` refuse nothing."""

    sheet: str
    kind: str
    template: str
    refused: tuple[RowProblem, ...]
    notes: tuple[RowProblem, ...]


class RowRead(msgspec.Struct, frozen=True, array_like=True, tag="r"):
    """One row: refused by `problems`, or what the ledger stages of it."""

    row: int
    problems: tuple[RowProblem, ...]
    notes: tuple[RowProblem, ...]
    staged: tuple[Staged, ...]


class RowsLeftOut(msgspec.Struct, frozen=True, array_like=True, tag="o"):
    """Numbers of rows of the sheet that say something but do not count."""

    rows: tuple[int, ...]


Item = SheetBegins | RowRead | RowsLeftOut

_encoder = msgspec.msgpack.Encoder()
_items = msgspec.msgpack.Decoder(list[Item])


class Delivery(msgspec.Struct, frozen=True):
    """What is to be read, and how: a file or SQLAlchemy address with the clerk's hints."""

    source: str
    kind: str | None
    mapping: Template | None
    query: str
    today: date


def read_delivery(
    delivery: Delivery,
    catalog: Catalog,
    analyzer: Analyzer,
    secret: bytes,
) -> Iterator[Item]:
    """Sheets and rows in order, keyed under `secret`.

    Raises UsageError and SheetError as the readers do.
    """
    blocks = _blocks(delivery, catalog)
    if catalog.path is not None and count_cores() > 1 and _is_big(delivery.source):
        start = catalog.path, secret, delivery.today
        for done in map_in_order(_open_checker, start, blocks):
            yield from _items.decode(done)
    else:
        here = _make_checker(catalog, analyzer, secret, delivery.today)
        for block in blocks:
            yield from here.check(block)


def _is_big(source: str) -> bool:
    path = Path(source)
    return not is_address(source) and path.is_file() and path.stat().st_size >= BIG_FILE


def _begin(reading: SheetReading) -> SheetBegins:
    return SheetBegins(reading.sheet, reading.kind, reading.template, reading.refused, reading.notes)


def _take(outcomes: Iterable[RowOutcome], stager: Stager) -> Iterator[RowRead]:
    for outcome in outcomes:
        staged = () if outcome.problems else tuple(stager.stage(outcome))
        yield RowRead(outcome.row, outcome.problems, outcome.notes, staged)


class _Block(msgspec.Struct, frozen=True):
    """Rows of one sheet that are checked at a stretch."""

    sheet_no: int
    plan: SheetPlan
    begins: bool
    rows: list[Row]


def _blocks(delivery: Delivery, catalog: Catalog) -> Iterator[_Block]:
    """All rows of a file; every sheet has a first block, if an empty one."""
    sheets = recognise_sheets(
        delivery.source,
        catalog,
        kind=delivery.kind,
        mapping=delivery.mapping,
        query=delivery.query,
    )
    for sheet_no, (plan, rows) in enumerate(sheets):
        yield _Block(sheet_no, plan, True, list(islice(rows, BLOCK_ROWS)))
        while block := list(islice(rows, BLOCK_ROWS)):
            yield _Block(sheet_no, plan, False, block)


class _Checker(msgspec.Struct):
    """What checks blocks of rows, in this process or in one of many, and the sheet it is at."""

    around: Surroundings
    stager: Stager
    sheet_no: int = -1
    reader: SheetReader | None = None

    def check(self, block: _Block) -> Iterator[Item]:
        if self.reader is None or self.sheet_no != block.sheet_no:
            self.reader = SheetReader(block.plan, self.around)
            self.sheet_no = block.sheet_no
        if block.begins:
            yield _begin(block.plan.reading)
        # All are read before the first is staged: in turn for each row both take an eighth longer.
        yield from _take(list(self.reader.read(iter(block.rows))), self.stager)
        if self.reader.left_out:
            yield RowsLeftOut(tuple(self.reader.left_out))
            self.reader.left_out.clear()

    def check_packed(self, block: _Block) -> bytes:
        """The same for the process that started this one."""
        return _encoder.encode(list(self.check(block)))


def _make_checker(catalog: Catalog, analyzer: Analyzer, secret: bytes, today: date) -> _Checker:
    stager = Stager(catalog, analyzer, secret, today)
    around = Surroundings(catalog, today)
    return _Checker(around, stager)


def _open_checker(directory: Path, secret: bytes, today: date) -> Callable[[_Block], bytes]:
    catalog, analyzer = load_catalog(directory), load_analyzer(directory)
    return _make_checker(catalog, analyzer, secret, today).check_packed
