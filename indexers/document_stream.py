"""How do the changes of the ledger become operations for the index, on every core if there are many?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
from sqlalchemy.engine import Connection

from indexers.analysis import load_analyzer
from indexers.building import Builder
from indexers.catalog import load_catalog
from indexers.documents import Operation, day_number
from indexers.ledger.changes import RecordRow, SubjectRow, changed_records, changed_subjects, count_changes
from indexers.processes import count_cores, map_in_order

MANY_CHANGES = 20_000
"""Changes from which processes of their own pay for their start (about a second and a half)."""

Row = RecordRow | SubjectRow

_encoder = msgspec.msgpack.Encoder()
_rows = msgspec.msgpack.Decoder(list[Row])
_operations = msgspec.msgpack.Decoder(list[Operation])


def changed_operations(
    connection: Connection, builder: Builder, after: int, upto: int, today: date
) -> Iterator[Operation]:
    """Operations for all changes after < seq <= upto: records in their order, then subjects."""
    chunks = _chunks(connection, after, upto, day_number(today))
    path = builder.catalog.path
    if path is not None and count_cores() > 1 and count_changes(connection, after, upto) >= MANY_CHANGES:
        encoded = (_encoder.encode(chunk) for chunk in chunks)
        for done in map_in_order(_open_builder, (path, today), _build_encoded, encoded):
            yield from _operations.decode(done)
    else:
        for chunk in chunks:
            yield from build_rows(builder, chunk, today)


def build_rows(builder: Builder, rows: list[Row], today: date) -> Iterator[Operation]:
    """The operations of some rows."""
    for row in rows:
        if isinstance(row, SubjectRow):
            yield builder.subject_operation(row, today)
        else:
            operation = builder.record_operation(row, today)
            if operation is not None:
                yield operation


def _chunks(connection: Connection, after: int, upto: int, today: int) -> Iterator[list[Row]]:
    for records in changed_records(connection, after, upto):
        yield [*records]
    for subjects in changed_subjects(connection, after, upto, today):
        yield [*subjects]


class _Worker(msgspec.Struct):
    """What a building process holds from its start on."""

    builder: Builder | None = None
    today: date = date.min


_worker = _Worker()


def _open_builder(directory: Path, today: date) -> None:
    _worker.builder = Builder(load_catalog(directory), load_analyzer(directory))
    _worker.today = today


def _build_encoded(rows: bytes) -> bytes:
    assert _worker.builder is not None
    return _encoder.encode(list(build_rows(_worker.builder, _rows.decode(rows), _worker.today)))
