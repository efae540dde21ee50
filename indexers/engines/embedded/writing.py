"""How do operations get into the indexes of a generation, and when do readers see them?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import tantivy

from indexers.catalog import Catalog
from indexers.documents import COLLECTIONS, Bury, Operation, Packed, Redirect, Upsert
from indexers.engines.base import Applied, Build, Rejected, SearchEngine, WriteReport
from indexers.engines.fitting import Form, Unfit
from indexers.engines.published import Generation, Pointer, after_publishing, new_content, write_document
from indexers.errors import IndexBroken

from .border import border
from .generations import SWITCH_LOCK, WRITE_LOCK, Store
from .schema import GONE, ID, SEQ, DocumentForm, build_schema, create_index, open_index, tombstone
from .views import open_all

LIVE_HEAP = 30_000_000
"""Bytes for changes to a published generation: a batch of 1,000 needs a few."""
BUILD_HEAP = 96_000_000
"""Bytes for a build of one collection; 256 million took 1.1 GB at a million documents, and was no faster."""
THREADS = 1
"""More indexing threads make more segments, and on two cores nothing faster: the other core analyses."""


class CollectionWriter:
    """Puts operations into the index of one collection, newest `seq` wins."""

    def __init__(self, index: tantivy.Index, form: Form | None, heap: int, *, fresh: bool) -> None:
        self._index = index
        self._form = form
        self._heap = heap
        self._writer: tantivy.IndexWriter | None = None
        self._seqs: dict[str, int] = {}
        self._searcher: tantivy.Searcher | None = None
        if not fresh:
            self._searcher = index.searcher()

    def put(self, operation: Operation) -> bool:
        """Carry out one operation; False if it is stale, Unfit if it cannot be indexed."""
        seq = self._stored_seq(operation.id)
        if seq is not None and operation.seq < seq:
            return False
        document = self._document(operation)
        writer = self._open_writer()
        if seq is not None:
            writer.delete_documents_by_term(ID, operation.id)
        if document is not None:
            writer.add_json(document.decode())
        self._seqs[operation.id] = operation.seq
        return True

    def commit(self) -> None:
        """Make what was put durable; readers see it with their next reload."""
        if self._writer is not None:
            self._writer.commit()

    def drop(self) -> None:
        """Give up what was not committed, and tantivy's own lock with it."""
        self._writer = None

    def settle(self) -> None:
        """Wait for merges; a writer that is dropped before gives them up and segments pile up."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def searchable(self) -> int:
        """Committed documents that are no tombstones."""
        self._index.reload()
        searcher = self._index.searcher()
        gone = tantivy.Query.term_query(self._index.schema, GONE, 1)
        return searcher.num_docs - _count(searcher, gone)

    def _document(self, operation: Operation) -> bytes | None:
        if isinstance(operation, Upsert | Packed):
            return write_document(operation, self._form)
        return tombstone(operation) if isinstance(operation, Bury | Redirect) else None

    def _stored_seq(self, doc_id: str) -> int | None:
        known = self._seqs.get(doc_id)
        if known is not None or self._searcher is None:
            return known
        query = tantivy.Query.term_query(self._index.schema, ID, doc_id, index_option="basic")
        hits = self._searcher.search(query, 1, count=False, order_by_field=SEQ).hits
        return int(hits[0][0]) if hits else None

    def _open_writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(self._heap, THREADS)
        return self._writer


class GenerationWriter:
    """Writers of a generation's collections, opened as operations for them come."""

    def __init__(
        self, folder: Path, catalog: Catalog | None, heap: int = LIVE_HEAP, *, fresh: bool = False
    ) -> None:
        self._folder = folder
        self._catalog = catalog
        self._heap = heap
        self._fresh = fresh
        self._writers: dict[str, CollectionWriter] = {}
        if fresh:
            for collection in COLLECTIONS:
                self._writer(collection)

    def put_all(self, operations: Iterable[Operation]) -> WriteReport:
        """Carry out operations; a document that does not fit is rejected and loses no other."""
        ok = stale = 0
        rejected: list[Rejected] = []
        for operation in operations:
            writer = self._writers.get(operation.collection) or self._writer(operation.collection)
            try:
                if writer.put(operation):
                    ok += 1
                else:
                    stale += 1
            except Unfit as error:
                rejected.append(Rejected(operation.id, str(error)))
        return WriteReport(ok, stale, tuple(rejected))

    def commit(self) -> None:
        """Commit all collections, each on a core of its own where there are enough."""
        with ThreadPoolExecutor(max(len(self._writers), 1), thread_name_prefix="commit") as pool:
            list(pool.map(CollectionWriter.commit, self._writers.values()))

    def drop(self) -> None:
        """Give up what was not committed."""
        for writer in self._writers.values():
            writer.drop()

    def settle(self) -> None:
        """Wait for the merges of all collections."""
        for writer in self._writers.values():
            writer.settle()

    def searchable(self) -> dict[str, int]:
        """Documents that are no tombstones, per opened collection."""
        return {collection: writer.searchable() for collection, writer in self._writers.items()}

    def _writer(self, collection: str) -> CollectionWriter:
        path = self._folder / collection
        form = None
        if self._fresh:
            assert self._catalog is not None
            index = create_index(path, build_schema(self._catalog, collection))
        else:
            index = open_index(path)
        if self._catalog is not None:
            form = DocumentForm(self._catalog.fields_in(collection), collection)
        writer = CollectionWriter(index, form, self._heap, fresh=self._fresh)
        self._writers[collection] = writer
        return writer


def write_published(
    store: Store,
    catalog: Catalog,
    fingerprint: str,
    operations: Iterable[Operation],
    applied: Applied | None,
    which: str,
) -> WriteReport:
    """Carry out operations on a published generation; durable and published when it returns."""
    with store.locked(WRITE_LOCK):
        generation = store.pointer().generation(which)
        fits = generation.fingerprint == fingerprint
        writer = GenerationWriter(store.folder(generation.name), catalog if fits else None)
        try:
            report = writer.put_all(operations)
            with store.locked(SWITCH_LOCK):
                if report.ok:
                    writer.commit()
                pointer = store.pointer()
                written = Generation(
                    name=generation.name,
                    fingerprint=generation.fingerprint,
                    applied=applied or generation.applied,
                    counts={**generation.counts, **writer.searchable()},
                    content=new_content() if report.ok else generation.content,
                )
                store.replace_pointer(pointer.with_written(which, written))
            writer.settle()
        finally:
            writer.drop()
    return report


def roll_back(store: Store, fingerprint: str) -> None:
    """Swap live and kept; PublishError where there is none or it was made in another way, IndexBroken where it cannot
    be read. What was live is not kept if it is damaged."""
    with store.locked(WRITE_LOCK), store.locked(SWITCH_LOCK):
        pointer = store.pointer().rolled_back(fingerprint)
        open_all(store.folder(pointer.live.name))
        store.replace_pointer(_without_damaged(store, pointer))


def forget_kept(store: Store) -> None:
    """Take the kept generation out of the pointer; the next build removes its folder."""
    with store.locked(WRITE_LOCK), store.locked(SWITCH_LOCK):
        store.replace_pointer(store.pointer().without_kept())


def _without_damaged(store: Store, pointer: Pointer) -> Pointer:
    """The pointer, without its kept generation if that cannot be read."""
    if pointer.kept is not None:
        try:
            open_all(store.folder(pointer.kept.name))
        except IndexBroken:
            return msgspec.structs.replace(pointer, kept=None)
    return pointer


class EmbeddedBuild(Build):
    """A generation in its own folder; the build lock is held until it is published, aborted or dropped."""

    def __init__(
        self,
        store: Store,
        catalog: Catalog,
        fingerprint: str,
        lock: int,
        read: Callable[[Generation], SearchEngine],
    ) -> None:
        self._store = store
        self._read = read
        self._fingerprint = fingerprint
        self._lock: int | None = lock
        store.clear()
        self.name = store.new_name()
        self.folder = store.folder(self.name)
        self._writer = GenerationWriter(self.folder, catalog, BUILD_HEAP, fresh=True)
        self._dirty = True
        self._counts: dict[str, int] = {}
        self._content = 0

    @border
    def write(self, operations: Iterable[Operation]) -> WriteReport:
        """Add operations; buffered until `finish`."""
        self._dirty = True
        return self._writer.put_all(operations)

    @border
    def finish(self) -> dict[str, int]:
        """Commit once, wait for merges, count."""
        if self._dirty:
            self._writer.commit()
            self._writer.settle()
            self._counts = self._writer.searchable()
            self._dirty = False
            self._content = new_content()
        return dict(self._counts)

    @border
    def engine(self) -> SearchEngine:
        """An engine that reads what is finished (and finishes what is not)."""
        return self._read(self._generation(Applied()))

    def _generation(self, applied: Applied) -> Generation:
        return Generation(self.name, self._fingerprint, applied, self.finish(), self._content)

    @border
    def publish(self, applied: Applied) -> None:
        """Switch; the old live generation is kept unless it is damaged, older ones are removed."""
        store = self._store
        generation = self._generation(applied)
        with store.locked(WRITE_LOCK), store.locked(SWITCH_LOCK):
            pointer = after_publishing(store.replaceable(), generation)
            store.replace_pointer(_without_damaged(store, pointer))
        # Readers wait for the locks above; nobody else clears, for the build lock is still held.
        store.clear()
        self._release()

    @border
    def abort(self) -> None:
        """Remove the folder, unless it went live before something else failed; what is live stays live."""
        if self._lock is not None:
            self._writer.drop()
            self._store.clear()
            self._release()

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __del__(self) -> None:
        self._release()


def _count(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    result = searcher.search(query, 1, count=True, order_by_field=SEQ)
    return int(getattr(result, "count", 0) or 0)
