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

    `connection` reads `ledger`; if there is much to do, other processes read it too, and pack the documents in the
    `form` of an engine: this one, which hands all of them to it, has more to do than each of them.
    """
    path = builder.catalog.path
    can_share = path is not None and ledger.is_shared
    is_much = can_share and count_changes(connection, after, upto) >= MANY_CHANGES
    return share(
        changed_spans(connection, after, upto),
        here=lambda span: build_rows(builder, read_span(connection, span), today),
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


class _Worker(msgspec.Struct):
    """What a building process holds from its start on."""

    builder: Builder
    ledger: Ledger
    today: date
    forms: Forms

    def build_span(self, span: Span) -> bytes:
        with self.ledger.reading() as connection:
            rows = read_span(connection, span)
        return _encoder.encode([self._pack(o) for o in build_rows(self.builder, rows, self.today)])

    def _pack(self, operation: Operation) -> Operation:
        """A document that does not fit is left as it is, for the engine to refuse it by name."""
        if isinstance(operation, Upsert) and operation.collection in self.forms:
            with contextlib.suppress(Unfit):
                return self.forms[operation.collection].pack(operation)
        return operation


def _open_worker(
    directory: Path, address: str, today: date, form: type[Form] | None
) -> Callable[[Span], bytes]:
    catalog = load_catalog(directory)
    builder = Builder(catalog, load_analyzer(directory))
    forms = make_forms(form, catalog) if form else {}
    return _Worker(builder, Ledger(address), today, forms).build_span
