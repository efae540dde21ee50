"""How do operations get into the indexes of a generation, and when do readers see them?"""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec

from indexers.catalog import Catalog
from indexers.documents import COLLECTIONS, Bury, Operation, Packed, Redirect, Upsert
from indexers.engines.base import Applied, Build, Rejected, SearchEngine, WriteReport
from indexers.engines.deadline import Deadline
from indexers.engines.fitting import Forms, Unfit, check_id, make_forms
from indexers.engines.published import (
    Generation,
    Pointer,
    after_publishing,
    new_content,
    nothing_published,
    write_document,
)
from indexers.errors import EngineBusy, EngineDown, EngineError, EngineTimeout, IndexMissing, Partial

from .generations import CHANGE_SECONDS, BuildLease, Published, Store
from .reading import IndexReader
from .replies import Bulked, Done, Refreshed
from .schema import SourceForm, action, tombstone
from .transport import AGAIN, Problem, error_of

BULK_LINES = 1_000
BULK_BYTES = 5_000_000
"""A bulk request ends at this many operations or bytes: larger ones were not faster, and cost memory."""
BULK_SECONDS = 120.0
"""For one bulk request."""
TRIES = 8
"""Times a bulk request, or what a server had no room for, is sent."""
PAUSE = 0.25
"""Seconds before it is sent again, doubled each time, with jitter."""
BULK_PATH = "/_bulk?require_alias=true&filter_path=items.*.status,items.*.error"
"""Documents go through the alias of an index or nowhere. Deletions do not heed this: the alias's name stops those."""
MISSING = 404
NO_INDEX = ("index_not_found_exception", "invalid_index_name_exception")
"""What a server says where there is no such alias: of a document, and of a deletion."""
STALE = 409


class Line(NamedTuple):
    """An operation as sent: its place in the bulk request, its id, its lines."""

    place: int
    id: str
    data: bytes


class GenerationWriter:
    """Puts operations into the indexes of one generation, newest `seq` wins."""

    def __init__(
        self, store: Store, generation: str, catalog: Catalog | None, before_bulk: Callable[[], None]
    ) -> None:
        self._store = store
        self._generation = generation
        self._before_bulk = before_bulk
        self._forms: Forms = make_forms(SourceForm, catalog) if catalog else {}
        self.touched: set[str] = set()

    def put_all(self, operations: Iterable[Operation]) -> WriteReport:
        """Carry out operations; a document that does not fit is rejected and loses no other.

        What was sent before the source of operations fails stays unseen until the next write refreshes.
        """
        ok = stale = 0
        rejected: list[Rejected] = []
        for lines, unfit in self._bulks(operations):
            done = self._send(lines)
            ok += sum(_is_ok(done[line.place]) for line in lines)
            stale += sum(done[line.place].status == STALE for line in lines)
            refused = dict(unfit)
            for line in lines:
                if not _is_ok(done[line.place]) and done[line.place].status != STALE:
                    refused[line.place] = Rejected(line.id, _reason(done[line.place]))
            rejected.extend(refused[place] for place in sorted(refused))
        return WriteReport(ok, stale, tuple(rejected))

    def refresh(self, collections: Iterable[str]) -> None:
        """Make what was put searchable, on every copy."""
        names = ",".join(self._store.index(self._generation, collection) for collection in collections)
        deadline = Deadline(CHANGE_SECONDS)
        if names:
            reply = self._store.connection.read("POST", f"/{names}/_refresh", deadline=deadline)
            if reply.read(Refreshed).shards.failed:
                raise Partial("检索服务器没有让全部分片都可见新内容；请再运行一次 credit-search sync")

    # -- bulk requests ---------------------------------------------------------------------------------

    def _bulks(self, operations: Iterable[Operation]) -> Iterator[tuple[list[Line], dict[int, Rejected]]]:
        lines: list[Line] = []
        unfit: dict[int, Rejected] = {}
        size = 0
        for operation in operations:
            place = len(lines) + len(unfit)
            try:
                line = Line(place, operation.id, self._lines(operation))
            except Unfit as error:
                unfit[place] = Rejected(operation.id, str(error))
                continue
            lines.append(line)
            size += len(line.data)
            if len(lines) >= BULK_LINES or size >= BULK_BYTES:
                yield lines, unfit
                lines, unfit, size = [], {}, 0
        if lines or unfit:
            yield lines, unfit

    def _lines(self, operation: Operation) -> bytes:
        check_id(operation.id)
        index = self._store.index(self._generation, operation.collection)
        self.touched.add(operation.collection)
        if isinstance(operation, Upsert | Packed):
            source = write_document(operation, self._forms.get(operation.collection))
        elif isinstance(operation, Bury | Redirect):
            source = tombstone(operation)
        else:
            return action(operation, index, "delete") + b"\n"
        return action(operation, index, "index") + b"\n" + source + b"\n"

    def _send(self, lines: list[Line]) -> dict[int, Done]:
        """What became of each line, once the server had room for all of them."""
        done: dict[int, Done] = {}
        pending = lines
        pause = PAUSE
        for attempt in range(TRIES):
            if not pending:
                return done
            if attempt:
                time.sleep(random.uniform(pause / 2, pause))
                pause *= 2
            done.update(self._bulk(pending, is_last=attempt == TRIES - 1))
            pending = [line for line in pending if line.place not in done or done[line.place].status in AGAIN]
        if pending:
            raise EngineBusy("检索服务器一直忙，没有收下全部内容；请稍后再运行 credit-search sync")
        return done

    def _bulk(self, lines: list[Line], *, is_last: bool) -> dict[int, Done]:
        """Each line's outcome; none if the request as a whole has to be sent again.

        Sending twice is harmless: the second time finds the same `seq`.
        """
        self._before_bulk()
        body = b"".join(line.data for line in lines)
        deadline = Deadline(BULK_SECONDS)
        try:
            reply = self._store.connection.change("POST", BULK_PATH, body, deadline=deadline)
        except (EngineBusy, EngineDown, EngineTimeout):
            if is_last:
                raise
            return {}
        items = reply.read(Bulked).items
        outcomes = (next(iter(item.values())) for item in items)
        return {line.place: outcome for line, outcome in zip(lines, outcomes, strict=True)}


def _is_ok(done: Done) -> bool:
    # What is to be removed and is not there is removed.
    return done.status < 300 or (done.status == MISSING and done.error is None)


def _reason(done: Done) -> str:
    problem = done.error or Problem()
    if problem.type in NO_INDEX:
        raise IndexMissing(
            f"要写入的索引在检索服务器上已不存在（{problem.type}），没有写入；请运行 credit-search rebuild 重建"
        )
    if done.status in (401, 403, MISSING):
        raise error_of(done.status, problem)
    return ":".join(part for part in (problem.type, problem.reason) if part) or f"状态 {done.status}"


def count_searchable(store: Store, catalog: Catalog, generation: str, names: Iterable[str]) -> dict[str, int]:
    """Documents that are no tombstones, per collection."""
    counts: dict[str, int] = {}
    for collection in names:
        index = store.index(generation, collection)
        reader = IndexReader(store.connection, index, catalog.fields_in(collection), collection)
        counts[collection] = reader.searchable(Deadline(CHANGE_SECONDS))
    return counts


def write_published(
    store: Store,
    catalog: Catalog,
    fingerprint: str,
    operations: Iterable[Operation],
    applied: Applied | None,
    which: str,
) -> tuple[WriteReport, Pointer]:
    """Carry out operations on a published generation; searchable and published when it returns."""
    generation = store.pointer().generation(which)
    fits = generation.fingerprint == fingerprint
    writer = GenerationWriter(store, generation.name, catalog if fits else None, lambda: None)
    report = writer.put_all(operations)
    writer.refresh(sorted(writer.touched))
    counts = count_searchable(store, catalog, generation.name, sorted(writer.touched))

    def write(pointer: Pointer | None) -> Pointer:
        if pointer is None:
            raise nothing_published()
        now = pointer.generation(which)
        if now.name != generation.name:
            raise EngineBusy("写入时索引已由另一个进程切换；请再运行一次 credit-search sync")
        written = msgspec.structs.replace(
            now,
            applied=applied or now.applied,
            counts={**now.counts, **counts},
            content=new_content() if report.ok else now.content,
        )
        return pointer.with_written(which, written)

    return report, store.replace(write)


class ElasticBuild(Build):
    """A generation in indexes of its own; the lease is held until it is published, aborted or dropped."""

    def __init__(
        self,
        store: Store,
        catalog: Catalog,
        fingerprint: str,
        published: Published,
        read: Callable[[Generation], SearchEngine],
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._fingerprint = fingerprint
        self._published = published
        self._read = read
        self._counts: dict[str, int] = {}
        self._content = 0
        self._dirty = True
        store.make_home()
        self._lease = BuildLease(store)
        try:
            store.clear()
            self.name = store.new_name()
            store.make(self.name, catalog)
        except BaseException:
            self._lease.end()
            raise
        self._writer = GenerationWriter(store, self.name, catalog, self._lease.check)

    def write(self, operations: Iterable[Operation]) -> WriteReport:
        """Add operations; searchable after `finish`."""
        self._dirty = True
        return self._writer.put_all(operations)

    def finish(self) -> dict[str, int]:
        """Refresh, wait for copies, count."""
        if self._dirty:
            self._lease.check()
            if not self._content:
                self._store.wait_for_copies(self.name)
            self._writer.refresh(COLLECTIONS)
            self._counts = count_searchable(self._store, self._catalog, self.name, COLLECTIONS)
            self._dirty = False
            self._content = new_content()
        return dict(self._counts)

    def engine(self) -> SearchEngine:
        """An engine that reads what is finished (and finishes what is not)."""
        return self._read(self._generation(Applied()))

    def publish(self, applied: Applied) -> None:
        """Switch; the old live generation is kept, older ones are removed once nobody reads them."""
        generation = self._generation(applied)
        self._lease.check()
        self._published.know(self._store.replace(lambda old: after_publishing(old, generation)))
        self._store.settle()
        with contextlib.suppress(EngineError):
            # It is published: what cannot be removed now is removed by the next build.
            self._store.clear()
        self._lease.end()

    def abort(self) -> None:
        """Remove the indexes, unless they were published; what is live stays live."""
        self._store.remove(self.name)
        self._lease.end()

    def _generation(self, applied: Applied) -> Generation:
        return Generation(self.name, self._fingerprint, applied, self.finish(), self._content)

    def __del__(self) -> None:
        lease = getattr(self, "_lease", None)
        if lease is not None:
            lease.drop()
