"""How do the changes of the ledger become operations for the index, on every core if there are many?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec
from sqlalchemy.engine import Connection

from indexers.analysis import load_analyzer
from indexers.building import Builder
from indexers.catalog import load_catalog
from indexers.documents import Operation, day_number
from indexers.ledger import Ledger
from indexers.ledger.changes import RecordRow, Span, SubjectRow, changed_spans, count_changes, read_span
from indexers.processes import count_cores, map_in_order

MANY_CHANGES = 20_000
"""Changes from which processes of their own pay for their start (about a second and a half)."""

Row = RecordRow | SubjectRow

_encoder = msgspec.msgpack.Encoder()
_operations = msgspec.msgpack.Decoder(list[Operation])


def changed_operations(
    ledger: Ledger, connection: Connection, builder: Builder, after: int, upto: int, today: date
) -> Iterator[Operation]:
    """Operations for all changes after < seq <= upto: records in their order, then subjects.

    `connection` reads `ledger`; if there is much to do, other processes read it too.
    """
    spans = changed_spans(connection, after, upto)
    path = builder.catalog.path
    can_share = path is not None and ledger.is_shared and count_cores() > 1
    if can_share and count_changes(connection, after, upto) >= MANY_CHANGES:
        for done in map_in_order(_open_builder, (path, ledger.address, today), _build_span, spans):
            yield from _operations.decode(done)
    else:
        for span in spans:
            yield from build_rows(builder, read_span(connection, span, day_number(today)), today)


def build_rows(builder: Builder, rows: Sequence[Row], today: date) -> Iterator[Operation]:
    """The operations of some rows."""
    for row in rows:
        if isinstance(row, SubjectRow):
            yield builder.subject_operation(row, today)
        else:
            operation = builder.record_operation(row, today)
            if operation is not None:
                yield operation


class _Worker(msgspec.Struct):
    """What a building process holds from its start on."""

    builder: Builder
    ledger: Ledger
    today: date


_workers: list[_Worker] = []


def _open_builder(directory: Path, address: str, today: date) -> None:
    builder = Builder(load_catalog(directory), load_analyzer(directory))
    _workers.append(_Worker(builder, Ledger(address), today))


def _build_span(span: Span) -> bytes:
    [worker] = _workers
    with worker.ledger.reading() as connection:
        rows = read_span(connection, span, day_number(worker.today))
    return _encoder.encode(list(build_rows(worker.builder, rows, worker.today)))
