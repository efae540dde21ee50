"""How do the changes of the ledger become operations for the index, on every core if there are many?"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec
from sqlalchemy.engine import Connection

from indexers.analysis import load_analyzer
from indexers.building import Builder
from indexers.catalog import load_catalog
from indexers.documents import Operation, Upsert
from indexers.engines.fitting import Form, Forms, Unfit, make_forms
from indexers.ledger import Ledger
from indexers.ledger.changes import RecordRow, Span, SubjectRow, changed_spans, count_changes, read_span
from indexers.processes import count_processes
from indexers.sharing import There, share

MANY_CHANGES = 20_000
"""Changes from which other processes pay for their start (most of a second)."""

MADE_TOGETHER = 50
"""Rows that take each step of their making together; of more a processor's nearest memory has no room."""

Row = RecordRow | SubjectRow

_encoder = msgspec.msgpack.Encoder()
_operations = msgspec.msgpack.Decoder(list[Operation])


def changed_operations(
    ledger: Ledger,
    connection: Connection,
    builder: Builder,
    after: int,
    upto: int,
    today: date,
    form: type[Form] | None = None,
) -> Iterator[Operation]:
    """Operations for all changes after < seq <= upto, in no order where there are many.

    `connection` reads `ledger`; if there is much to do, other processes read it too. Documents are packed in the `form`
    of an engine, if there is one.
    """
    path = builder.catalog.path
    can_share = path is not None and ledger.is_shared
    is_much = can_share and count_changes(connection, after, upto) >= MANY_CHANGES
    maker = _open_maker(builder, today, form)
    return share(
        changed_spans(connection, after, upto),
        here=lambda span: maker.make(read_span(connection, span)),
        there=There(_open_worker, (path, ledger.address, today, form), _operations.decode),
        helpers=count_processes() - 1 if is_much else 0,
    )


def build_rows(builder: Builder, rows: Sequence[Row], today: date) -> Iterator[Operation]:
    """The operations of some rows."""
    for row in rows:
        if isinstance(row, SubjectRow):
            yield builder.subject_operation(row, today)
        else:
            operation = builder.record_operation(row, today)
            if operation is not None:
                yield operation


class _Maker(msgspec.Struct, frozen=True):
    """Makes operations of rows, with their documents written where there are `forms`."""

    builder: Builder
    today: date
    forms: Forms

    def make(self, rows: Sequence[Row]) -> Iterator[Operation]:
        """First some are built, then these are written: in turn for each row both take a little longer."""
        for start in range(0, len(rows), MADE_TOGETHER):
            built = list(build_rows(self.builder, rows[start : start + MADE_TOGETHER], self.today))
            yield from [self._pack(operation) for operation in built]

    def _pack(self, operation: Operation) -> Operation:
        """A document that does not fit is left as it is, for the engine to refuse it by name."""
        if isinstance(operation, Upsert) and operation.collection in self.forms:
            with contextlib.suppress(Unfit):
                return self.forms[operation.collection].pack(operation)
        return operation


def _open_maker(builder: Builder, today: date, form: type[Form] | None) -> _Maker:
    return _Maker(builder, today, make_forms(form, builder.catalog) if form else {})


class _Worker(msgspec.Struct, frozen=True):
    """What a building process holds from its start on."""

    maker: _Maker
    ledger: Ledger

    def build_span(self, span: Span) -> bytes:
        with self.ledger.reading() as connection:
            rows = read_span(connection, span)
        return _encoder.encode(list(self.maker.make(rows)))


def _open_worker(
    directory: Path, address: str, today: date, form: type[Form] | None
) -> Callable[[Span], bytes]:
    catalog = load_catalog(directory)
    maker = _open_maker(Builder(catalog, load_analyzer(directory)), today, form)
    return _Worker(maker, Ledger(address)).build_span
