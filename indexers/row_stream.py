"""How do the rows of a delivered file come to the ledger: read, checked and keyed, in another process if big?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec

from indexers.analysis import Analyzer, load_analyzer
from indexers.catalog import Catalog, load_catalog
from indexers.grammar import Template
from indexers.ledger import StagedRecord
from indexers.processes import count_cores, stream
from indexers.recognising import read_sheets
from indexers.records import RowOutcome, RowProblem
from indexers.staging import Stager

BIG_FILE = 4 << 20
"""Bytes from which a process of its own pays for its start (about a second)."""
CHUNK_ROWS = 2_000


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

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Item])


class Delivery(msgspec.Struct, frozen=True):
    """What is to be read, and how: a file or SQLAlchemy address with the clerk's hints."""

    source: str
    kind: str | None
    mapping: Template | None
    query: str
    today: date


def read_delivery(delivery: Delivery, catalog: Catalog, analyzer: Analyzer, secret: bytes) -> Iterator[Item]:
    """Sheets and rows in order. Raises UsageError and SheetError as the readers do."""
    if _is_big(delivery.source) and count_cores() > 1 and catalog.path is not None:
        arguments = (delivery, catalog.path, secret)
        for chunk in stream(_produce, arguments):
            yield from _decoder.decode(chunk)
    else:
        yield from _read(delivery, catalog, Stager(catalog, analyzer, secret, delivery.today))


def _is_big(source: str) -> bool:
    path = Path(source)
    return "://" not in source and path.is_file() and path.stat().st_size >= BIG_FILE


def _produce(delivery: Delivery, directory: Path, secret: bytes) -> Iterator[bytes]:
    catalog = load_catalog(directory)
    stager = Stager(catalog, load_analyzer(directory), secret, delivery.today)
    chunk: list[Item] = []
    for item in _read(delivery, catalog, stager):
        chunk.append(item)
        if len(chunk) >= CHUNK_ROWS:
            yield _encoder.encode(chunk)
            chunk = []
    yield _encoder.encode(chunk)


def _read(delivery: Delivery, catalog: Catalog, stager: Stager) -> Iterator[Item]:
    sheets = read_sheets(
        delivery.source,
        catalog,
        kind=delivery.kind,
        mapping=delivery.mapping,
        today=delivery.today,
        query=delivery.query,
    )
    for reading, outcomes in sheets:
        yield SheetBegins(reading.sheet, reading.kind, reading.template, reading.refused)
        for outcome in outcomes:
            yield _row(outcome, stager)


def _row(outcome: RowOutcome, stager: Stager) -> RowRead:
    staged = () if outcome.problems else tuple(stager.stage(outcome))
    return RowRead(outcome.row, outcome.problems, outcome.notes, staged)
