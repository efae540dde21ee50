"""How does the index follow the ledger: removals at once, the rest by sync, everything anew by rebuild?"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

import msgspec
from sqlalchemy.engine import Connection

from indexers.analysis import Analyzer
from indexers.building import Builder
from indexers.catalog import Catalog
from indexers.document_stream import build_rows, changed_operations
from indexers.documents import COLLECTIONS, Operation, Packed, PublicSubject, Upsert, day_number
from indexers.engines.base import (
    KEPT,
    LIVE,
    Applied,
    Build,
    EngineStatus,
    GenerationStatus,
    SearchEngine,
    WriteReport,
)
from indexers.errors import (
    EngineBusy,
    FingerprintMismatch,
    IndexBroken,
    IndexMissing,
    OtherLedger,
    PublishError,
)
from indexers.ledger import Ledger, erase_ended
from indexers.ledger.changes import (
    ended_between,
    history_mark,
    subjects_with_boundary,
)
from indexers.ledger.store import counter
from indexers.processes import collecting_rarely
from indexers.query import SearchQuery
from indexers.removing import Remover

SMOKE_DOCUMENTS = 20
"""Documents that a new generation must find by their own name before it may go live."""
PROGRESS_OPERATIONS = 5_000

OTHER_LEDGER = (
    "索引跟的不是这份台账：请核对 CREDIT_SEARCH_LEDGER；"
    "如果确实换了台账或恢复了备份，请运行 credit-search rebuild"
)

Progress = Callable[[str, int, int], None]
"""Told (what is being done, done so far, of how many or 0)."""


class SyncReport(msgspec.Struct, frozen=True):
    """What a sync or rebuild did; `operations` were written, `seq` is now reached."""

    generation: str
    operations: int
    removals: int
    seq: int
    rebuilt: bool
    seconds: float


class Publisher:
    """Brings one engine up to one ledger. Every method takes the locks that it needs and lets go of them.

    The publication lock covers removals, catch-up with switch, and rollback: all short, so that a retraction never
    waits long. A generation is filled without it, under the ledger's build lock.
    """

    def __init__(
        self,
        catalog: Catalog,
        analyzer: Analyzer,
        ledger: Ledger,
        engine: SearchEngine,
        progress: Progress | None = None,
    ) -> None:
        self.ledger = ledger
        self.engine = engine
        self._builder = Builder(catalog, analyzer)
        self._progress = progress or (lambda what, done, total: None)

    # -- removals -------------------------------------------------------------------------------------------

    def apply_removals(self) -> int:
        """Apply every pending removal, whoever caused it, to the live and the kept generation; how many."""
        with self.ledger.publication_lock():
            return self._apply_removals()

    def removals_wait(self) -> bool:
        """Whether the live generation lacks a removal that the ledger has, whoever caused it."""
        live = self.engine.status().live
        if live is None:
            return False
        remover = Remover(self._builder, self._today(), live.fingerprint == self.engine.fingerprint)
        with self.ledger.reading() as connection:
            if not follows(connection, live.applied):
                return True
            return any(True for _ in remover.operations(connection, live.applied))

    def _apply_removals(self) -> int:
        status = self.engine.status()
        is_live_read = status.live is not None and status.live.fingerprint == self.engine.fingerprint
        applied = self._apply_removals_to(LIVE, status.live, is_read=is_live_read)
        try:
            return applied + self._apply_removals_to(KEPT, status.kept, is_read=not is_live_read)
        except (IndexBroken, IndexMissing, OtherLedger):
            # What cannot lose a record any more must not come back with it.
            self.engine.forget_kept()
            return applied

    def _apply_removals_to(self, which: str, generation: GenerationStatus | None, *, is_read: bool) -> int:
        """Tombstones need no analysis, so they are written under any fingerprint. `is_read`: whether the engine answers
        from this generation, if that fits."""
        if generation is None:
            return 0
        fits = generation.fingerprint == self.engine.fingerprint
        remover = Remover(self._builder, self._today(), fits, self.engine if is_read and fits else None)
        with self.ledger.reading() as connection:
            _refuse_other_ledger(connection, generation.applied)
            upto = counter(connection, "seq")
            operations = list(remover.operations(connection, generation.applied))
            mark = history_mark(connection, upto)
        if operations:
            position = msgspec.structs.replace(generation.applied, removed_seq=upto, mark=mark)
            self._write(operations, position, which)
        return len(operations)

    # -- following ------------------------------------------------------------------------------------------

    def sync(self) -> SyncReport:
        """Bring the live generation up to the ledger and to today; build the first one where there is none."""
        started = time.monotonic()
        with self.ledger.publication_lock():
            live = self.engine.status().live
            if live is not None:
                return self._follow_live(live, started)
        return self._rebuild(started)

    def _follow_live(self, live: GenerationStatus, started: float) -> SyncReport:
        removals = self._apply_removals()
        if live.fingerprint != self.engine.fingerprint:
            raise FingerprintMismatch(
                "索引是用另一套词表或数据定义建的；撤下已生效，其余更新请运行 credit-search rebuild"
            )
        # A sync that has nothing to write would not meet what is damaged.
        self.engine.check()
        written, applied = self._catch_up(live.applied)
        self._progress("完成", written, written)
        seconds = round(time.monotonic() - started, 3)
        return SyncReport(live.name, written, removals, applied.seq, False, seconds)

    def erase(self, days: int) -> int:
        """Erase the content of what ended more than `days` days ago from the ledger; how many records.

        A subject may have had its name or an old code from them, so the index follows at once.
        """
        erased = erase_ended(self.ledger, self._today() - timedelta(days=days))
        if erased:
            self.sync()
        return erased

    def _catch_up(self, applied: Applied, which: str = LIVE) -> tuple[int, Applied]:
        today = self._today()
        done = _Counted()
        with self.ledger.reading() as connection, collecting_rarely():
            _refuse_other_ledger(connection, applied)
            upto = counter(connection, "seq")
            if (applied.seq, applied.removed_seq, applied.day) == (upto, upto, today.isoformat()):
                return 0, applied
            position = self._position(connection, upto, today)
            operations = self._operations(connection, applied, upto, today)
            self._write(done.through(operations, self._tell("更新索引")), position, which)
        return done.count, position

    def _write(self, operations: Iterable[Operation], position: Applied, which: str = LIVE) -> None:
        """The position moves only when nothing was rejected: what was is offered again by the next sync."""
        _check(self.engine.write(operations, None, which))
        self.engine.write((), position, which)

    def _operations(
        self, connection: Connection, applied: Applied, upto: int, today: date
    ) -> Iterator[Operation]:
        """Everything that differs since `applied`: by change of the ledger, and by the clock."""
        if applied.day and applied.day != today.isoformat():
            yield from self._boundary_operations(connection, date.fromisoformat(applied.day), today)
        yield from self._changes(connection, applied.seq, upto, today)

    def _changes(self, connection: Connection, after: int, upto: int, today: date) -> Iterator[Operation]:
        form = self.engine.form
        return changed_operations(self.ledger, connection, self._builder, after, upto, today, form)

    def _boundary_operations(self, connection: Connection, since: date, today: date) -> Iterator[Operation]:
        span = min(since, today), max(since, today)
        first, last = day_number(span[0]), day_number(span[1])
        for records in ended_between(connection, first, last):
            yield from build_rows(self._builder, records, today)
        for subjects in subjects_with_boundary(connection, first, last):
            yield from build_rows(self._builder, subjects, today)

    # -- rebuilding -----------------------------------------------------------------------------------------

    def rebuild(self) -> SyncReport:
        """Build a generation beside the live one, check it, switch when it has caught up with the ledger.

        EngineBusy while another rebuild is at work; removals, imports and syncs go on meanwhile.
        """
        started = time.monotonic()
        # What is damaged cannot lose anything, and is not needed: a rebuild needs only the ledger.
        with contextlib.suppress(IndexBroken, IndexMissing, OtherLedger):
            self.apply_removals()
        return self._rebuild(started)

    def _rebuild(self, started: float) -> SyncReport:
        with self.ledger.build_lock() as is_mine:
            if not is_mine:
                raise EngineBusy("另一个进程正在重建索引；请等它结束后再试", retry_after=60.0)
            name, written, position = self._build(self._today())
        self._progress("完成", written, written)
        return SyncReport(name, written, 0, position.seq, True, round(time.monotonic() - started, 3))

    def _build(self, today: date) -> tuple[str, int, Applied]:
        """Fill and switch: (generation, operations written, position reached)."""
        build = self.engine.begin_build()
        try:
            written, position, samples = self._fill(build, today)
            counts = build.finish()
            self._gate(build, counts, samples, today)
            more, position = self._follow(build, position, today)
            build.engine().warm(today)
            with self.ledger.publication_lock():
                # Nobody applies a removal now: whatever the live generation has lost, the new one loses before it
                # takes its place.
                last, position = self._follow(build, position, today)
                build.publish(position)
        except BaseException:
            build.abort()
            raise
        return build.name, written + more + last, position

    def _fill(self, build: Build, today: date) -> tuple[int, Applied, _Samples]:
        samples = _Samples(today)
        done = _Counted()
        with self.ledger.reading() as connection, collecting_rarely():
            upto = counter(connection, "seq")
            operations = samples.through(self._changes(connection, -1, upto, today))
            _check(build.write(done.through(operations, self._tell("建立索引"))))
            position = self._position(connection, upto, today)
        return done.count, position, samples

    def _follow(self, build: Build, position: Applied, today: date) -> tuple[int, Applied]:
        """What was imported or removed while the build was filled; it goes live only when it has caught up."""
        written = 0
        while self.ledger.last_seq() > position.seq:
            more, position = self._follow_once(build, position, today)
            written += more
        return written, position

    def _follow_once(self, build: Build, position: Applied, today: date) -> tuple[int, Applied]:
        done = _Counted()
        with self.ledger.reading() as connection, collecting_rarely():
            upto = counter(connection, "seq")
            operations = self._changes(connection, position.seq, upto, today)
            _check(build.write(done.through(operations, self._tell("补上新到的"))))
            reached = self._position(connection, upto, today)
        build.finish()
        return done.count, reached

    def _gate(self, build: Build, counts: dict[str, int], samples: _Samples, today: date) -> None:
        """Refuse a build that lost documents or cannot find what is in it."""
        for collection in COLLECTIONS:
            if counts.get(collection, 0) != samples.counts[collection]:
                there, expected = counts.get(collection, 0), samples.counts[collection]
                raise PublishError(f"新索引 {collection} 有 {there} 条，应有 {expected} 条；没有切换")
        engine = build.engine()
        if not all(_is_found(engine, subject, today) for subject in samples.subjects):
            raise PublishError("新索引查不到应有的主体；没有切换")

    # -- back -----------------------------------------------------------------------------------------------

    def rollback(self) -> EngineStatus:
        """Make the kept generation live again, brought up to the ledger and to today first.

        A record that came back, or is shown longer now, must not wait for the next sync any more than one that was
        taken out. One made under another fingerprint, or from a newer ledger, cannot be brought up: it is refused.
        The live one may be damaged; a kept one that is cannot come back.
        """
        with self.ledger.publication_lock():
            status = self.engine.status()
            if status.kept is not None and status.kept.fingerprint == self.engine.fingerprint:
                self._catch_up(status.kept.applied, KEPT)
                with contextlib.suppress(IndexBroken, IndexMissing, OtherLedger):
                    self._apply_removals_to(LIVE, status.live, is_read=True)
            self.engine.rollback()
        return self.engine.status()

    def _position(self, connection: Connection, seq: int, day: date) -> Applied:
        at = self.ledger.now().isoformat(timespec="minutes")
        return Applied(seq, seq, day.isoformat(), at, history_mark(connection, seq))

    def _today(self) -> date:
        return self.ledger.now().date()

    def _tell(self, what: str) -> Callable[[int], None]:
        return lambda done: self._progress(what, done, 0)


def _refuse_other_ledger(connection: Connection, applied: Applied) -> None:
    """OtherLedger unless the ledger has all that a generation follows.

    Another one, or a restored copy, knows nothing of that, and gives its numbers to other changes.
    """
    if not follows(connection, applied):
        raise OtherLedger(OTHER_LEDGER)


def follows(connection: Connection, applied: Applied) -> bool:
    """Whether a ledger holds the history that a generation was made from."""
    if counter(connection, "seq") < applied.reached:
        return False
    return not applied.mark or history_mark(connection, applied.reached) == applied.mark


def measure_lag(ledger: Ledger, status: EngineStatus) -> int:
    """How many numbers the live generation is behind the ledger; below 0 it was made from another ledger."""
    return ledger.last_seq() - (status.live.applied.seq if status.live else 0)


class _Counted:
    """Counts what flows through, and tells of it now and then."""

    def __init__(self) -> None:
        self.count = 0

    def through(self, operations: Iterator[Operation], tell: Callable[[int], None]) -> Iterator[Operation]:
        for operation in operations:
            self.count += 1
            if self.count % PROGRESS_OPERATIONS == 0:
                tell(self.count)
            yield operation


class _Samples:
    """Counts the documents that must be searchable in a build and keeps some for its smoke test."""

    def __init__(self, today: date) -> None:
        self.counts = dict.fromkeys(COLLECTIONS, 0)
        self.subjects: list[str] = []
        self._day = day_number(today)

    def through(self, operations: Iterator[Operation]) -> Iterator[Operation]:
        for operation in operations:
            if isinstance(operation, Upsert | Packed):
                self.counts[operation.collection] += 1
                self._keep(operation)
            yield operation

    def _keep(self, operation: Upsert | Packed) -> None:
        if operation.collection != "subjects" or len(self.subjects) >= SMOKE_DOCUMENTS:
            return
        begins = operation.begins if isinstance(operation, Packed) else operation.fields["visible_from"]
        if isinstance(begins, int) and begins <= self._day:
            self.subjects.append(operation.id)


def _is_found(engine: SearchEngine, subject: str, today: date) -> bool:
    """Whether a subject is there, and among the hits of its own code or name unless those are too many to see."""
    document = engine.get("subjects", subject, today)
    if not isinstance(document, PublicSubject):
        return False
    terms = engine.analyzer.queries(document.uscc or document.title)
    page = engine.search(SearchQuery("subjects", today, readings=terms, size=100))
    return subject in {hit.id for hit in page.hits} or page.total.value > len(page.hits)


def _check(report: WriteReport) -> None:
    if report.rejected:
        first = report.rejected[0]
        raise PublishError(f"检索引擎拒绝了 {len(report.rejected)} 条，第一条 {first.id}：{first.reason}")
