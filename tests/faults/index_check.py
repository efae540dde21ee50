"""Does an index hold what the ledger gives, document by document?"""

from __future__ import annotations

from datetime import date

from indexers.analysis import Analyzer
from indexers.building import Builder
from indexers.catalog import Catalog
from indexers.document_stream import changed_operations
from indexers.documents import (
    COLLECTIONS,
    Bury,
    Gone,
    Moved,
    Operation,
    Redirect,
    Upsert,
    day_number,
    decode_document,
)
from indexers.engines.base import SearchEngine
from indexers.ledger import Ledger


def compare_index(
    ledger: Ledger, engine: SearchEngine, catalog: Catalog, analyzer: Analyzer, today: date
) -> list[str]:
    """Where the index holds another document than the ledger gives, one by one."""
    builder = Builder(catalog, analyzer)
    visible = dict.fromkeys(COLLECTIONS, 0)
    differences: list[str] = []
    with ledger.reading() as connection:
        for operation in changed_operations(ledger, connection, builder, -1, ledger.last_seq(), today):
            expected = _expected(operation, day_number(today))
            visible[operation.collection] += expected is not None and not isinstance(expected, Gone | Moved)
            found = engine.get(operation.collection, operation.id, today)
            if found != expected:
                differences.append(f"index {operation.collection} {operation.id}: {found} ≠ {expected}")
    for collection, count in visible.items():
        there = [document.id for document in engine.scan(collection, (), today)]
        if (len(there), len(set(there))) != (count, count):
            differences.append(
                f"index {collection}: {len(there)} documents, {len(set(there))} ids, not {count}"
            )
    return differences


def _expected(operation: Operation, day: int) -> object:
    if isinstance(operation, Upsert):
        begins, ends = operation.fields["visible_from"], operation.fields["visible_until"]
        assert isinstance(begins, int)
        assert isinstance(ends, int)
        return decode_document(operation.stored) if begins <= day < ends else None
    if isinstance(operation, Redirect):
        return Moved(operation.id, operation.moved_to)
    return Gone(operation.id) if isinstance(operation, Bury) else None
