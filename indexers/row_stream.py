"""How do the rows of a delivered file come to the ledger: read, checked and keyed, in another process if big?"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec

from indexers.analysis import Analyzer, load_analyzer
from indexers.catalog import Catalog, load_catalog
from indexers.grammar import Template
from indexers.ledger import StagedRecord
from indexers.processes import count_cores, stream
from indexers.readers.workbooks import is_workbook
from indexers.recognising import BLOCK_ROWS, Share, read_sheets
from indexers.records import RowOutcome, RowProblem
from indexers.staging import Stager

BIG_FILE = 4 << 20
"""Bytes from which a process of its own pays for its start (about a second)."""
MOST_READERS = 3
"""Processes that read one file together; each decodes all of it and checks its share. A workbook is held in
memory as a whole, so one process reads it."""


class SheetBegins(msgspec.Struct, frozen=True, array_like=True, tag="s"):
    """The rows that follow are of this sheet; `refused` says why all of them are."""

    sheet: str
    kind: str
    template: str
    refused: tuple[RowProblem, ...]


class RowRead(msgspec.Struct, frozen=True, array_like=True, tag="r"):
    """One row: refused by `problems`, or what the ledger stages of it."""

    row: int
    problems: tuple[RowProblem, ...]
    notes: tuple[RowProblem, ...]
    staged: tuple[tuple[StagedRecord, str], ...]


Item = SheetBegins | RowRead


class Block(msgspec.Struct, frozen=True, array_like=True):
    """Items of one sheet in order; blocks of several readers are merged by sheet and number."""

    sheet_no: int
    no: int
    items: list[Item]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Block)


class Delivery(msgspec.Struct, frozen=True):
    """What is to be read, and how: a file or SQLAlchemy address with the clerk's hints."""

    source: str
    kind: str | None
    mapping: Template | None
    query: str
    today: date


def read_delivery(delivery: Delivery, catalog: Catalog, analyzer: Analyzer, secret: bytes) -> Iterator[Item]:
    """Sheets and rows in order. Raises UsageError and SheetError as the readers do."""
    cores = count_cores()
    if cores > 1 and catalog.path is not None and _is_big(delivery.source):
        of = 1 if is_workbook(Path(delivery.source)) else min(cores, MOST_READERS)
        readers = (stream(_produce, (delivery, catalog.path, secret, Share(i, of))) for i in range(of))
        parts = [map(_decoder.decode, reader) for reader in readers]
        for block in heapq.merge(*parts, key=lambda block: (block.sheet_no, block.no)):
            yield from block.items
    else:
        yield from _read(delivery, catalog, Stager(catalog, analyzer, secret, delivery.today), Share())


def _is_big(source: str) -> bool:
    path = Path(source)
    return "://" not in source and path.is_file() and path.stat().st_size >= BIG_FILE


def _produce(delivery: Delivery, directory: Path, secret: bytes, share: Share) -> Iterator[bytes]:
    catalog = load_catalog(directory)
    stager = Stager(catalog, load_analyzer(directory), secret, delivery.today)
    sheet_no, no = -1, 0
    block: list[Item] = []
    for item in _read(delivery, catalog, stager, share):
        begins = isinstance(item, SheetBegins)
        here = -1 if isinstance(item, SheetBegins) else item.row // BLOCK_ROWS
        if block and (begins or here != no):
            yield _encoder.encode(Block(sheet_no, no, block))
            block = []
        sheet_no += begins
        no = here
        # Every reader meets every sheet; the first one tells of it.
        if not begins or share.index == 0:
            block.append(item)
    if block:
        yield _encoder.encode(Block(sheet_no, no, block))


def _read(delivery: Delivery, catalog: Catalog, stager: Stager, share: Share) -> Iterator[Item]:
    sheets = read_sheets(
        delivery.source,
        catalog,
        kind=delivery.kind,
        mapping=delivery.mapping,
        today=delivery.today,
        query=delivery.query,
        share=share,
    )
    for reading, outcomes in sheets:
        yield SheetBegins(reading.sheet, reading.kind, reading.template, reading.refused)
        for outcome in outcomes:
            yield _row(outcome, stager)


def _row(outcome: RowOutcome, stager: Stager) -> RowRead:
    staged = () if outcome.problems else tuple(stager.stage(outcome))
    return RowRead(outcome.row, outcome.problems, outcome.notes, staged)
