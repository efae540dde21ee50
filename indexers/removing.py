"""What must an index lose at once when the ledger shows less of a record, and what must go with it?

A removal does not wait for the next sync, but what was imported since the last one does. So the index may hold a
record under another subject than the ledger does by now, and that subject has to be looked at as well: it may have
nothing left to show, or have had its name from what was removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec
from sqlalchemy.engine import Connection

from indexers.building import Builder
from indexers.documents import Bury, Operation, PublicRecord, Redirect, Remove, Upsert
from indexers.engines.base import SUBJECT, Applied, SearchEngine
from indexers.ledger.changes import (
    RecordRow,
    SubjectRow,
    moved_records,
    records_by_id,
    removed_records,
    subjects_by_id,
)
from indexers.query import MAX_FILTER_VALUES, TermFilter


class Remover(msgspec.Struct, frozen=True):
    """Makes the operations that take out of one generation what may no longer be shown on a day.

    `fits`: it was made as this program makes documents; else none can be written, and what is shown of a record for a
    shorter time now is not shown at all until the rebuild. `engine`: what reads the generation, where one does.
    """

    builder: Builder
    today: date
    fits: bool
    engine: SearchEngine | None = None

    def operations(self, connection: Connection, applied: Applied) -> Iterator[Operation]:
        """For all removals that a generation at this position lacks."""
        for rows in removed_records(connection, applied.removed_seq):
            yield from self._of_records(rows)
            touched = dict.fromkeys(row.subject_id for row in rows if row.subject_id)
            touched |= dict.fromkeys(self._holders(moved_records(connection, applied.seq, rows)))
            yield from self._of_subjects(connection, touched, {row.id for row in rows})

    def _of_records(self, rows: Iterable[RecordRow]) -> Iterator[Operation]:
        for row in rows:
            operation = self.builder.record_operation(row, self.today)
            if isinstance(operation, Upsert) and not self.fits:
                operation = Bury(operation.collection, operation.id, operation.seq)
            if operation is not None:
                yield operation

    def _holders(self, moved: Iterable[str]) -> Iterator[str]:
        """The subjects under which the generation still has these records."""
        if self.engine is None:
            return
        for record in moved:
            document = self.engine.get("records", record, self.today)
            if isinstance(document, PublicRecord) and document.subject_id:
                yield document.subject_id

    def _of_subjects(
        self, connection: Connection, touched: Iterable[str], removed: set[str]
    ) -> Iterator[Operation]:
        leaving: list[str] = []
        for subject in subjects_by_id(connection, list(touched)):
            operation = self._of_subject(subject)
            if operation is not None:
                yield operation
            if isinstance(operation, Remove | Redirect):
                leaving.append(subject.id)
        if self.fits:
            yield from self._left_behind(connection, leaving, removed)

    def _of_subject(self, subject: SubjectRow) -> Operation | None:
        operation = self.builder.subject_operation(subject, self.today)
        if self.fits or not isinstance(operation, Upsert):
            return operation
        # Without a profile its name and its days are those of its records, and may be those of the removed one.
        return None if subject.profiles else Remove(operation.collection, operation.id, operation.seq)

    def _left_behind(
        self, connection: Connection, leaving: Sequence[str], removed: set[str]
    ) -> Iterator[Operation]:
        """What the generation still has under subjects that go, as it is by now, with whom it belongs to by now."""
        if self.engine is None:
            return
        found: list[str] = []
        for start in range(0, len(leaving), MAX_FILTER_VALUES):
            here = (TermFilter(SUBJECT, tuple(leaving[start : start + MAX_FILTER_VALUES])),)
            found += (document.id for document in self.engine.scan("records", here, self.today))
        rows = records_by_id(connection, [each for each in found if each not in removed])
        yield from self._of_records(rows)
        owners = {row.subject_id for row in rows} - {"", *leaving}
        for owner in subjects_by_id(connection, sorted(owners)):
            yield self.builder.subject_operation(owner, self.today)
