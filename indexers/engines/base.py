"""What does every engine promise, and what does the shared part in front of it add?"""

from __future__ import annotations

import abc
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import ClassVar

import msgspec

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.documents import (
    COLLECTIONS,
    Gone,
    Moved,
    Operation,
    PublicDocument,
    day_number,
    is_name_only,
)
from indexers.engines.fitting import Form
from indexers.errors import BadQuery
from indexers.query import (
    MAX_FILTER_VALUES,
    MAX_SIZE,
    MAX_SUGGESTIONS,
    MAX_WINDOW,
    AnyQuery,
    DataVersion,
    Filter,
    Hit,
    RangeFilter,
    SearchPage,
    SearchQuery,
    Suggestion,
    TermFilter,
    is_in_window,
)

MAX_COUNTED_SUBJECTS = 100
"""Most subjects whose records are counted in one call (the largest page)."""
SUBJECT = "subject_id"
"""The field of records by which those of one subject are asked for."""
NO_ID = "0"
"""Under which no document is: ids of records are longer, those of subjects have 18 characters or begin with n-."""
LIVE = "live"
KEPT = "kept"


class Stored(msgspec.Struct, frozen=True):
    """What an engine holds under an id: a document with its interval (yyyymmdd), a tombstone or a pointer."""

    id: str
    document: PublicDocument | None = None
    visible_from: int = 0
    visible_until: int = 0
    gone: bool = False
    moved_to: str = ""


VERSION_DEADLINE = 5.0
"""Seconds to wait for the version where nobody says how long."""


class Applied(msgspec.Struct, frozen=True):
    """How far a generation follows the ledger.

    `seq`: every change up to it is in. `removed_seq`: every removal up to it is in.
    `day`: the day the subjects' intervals were computed for (ISO). `at`: when `seq` was reached (ISO). `mark`: what the
    ledger's history up to there looks like, so that no other ledger passes for the one that was followed.
    """

    seq: int = 0
    removed_seq: int = 0
    day: str = ""
    at: str = ""
    mark: str = ""

    @property
    def reached(self) -> int:
        """The highest number of the ledger that anything here is from."""
        return max(self.seq, self.removed_seq)


class Rejected(msgspec.Struct, frozen=True):
    """One document the engine refused, with its reason."""

    id: str
    reason: str


class WriteReport(msgspec.Struct, frozen=True):
    """What became of the operations: `stale` had an older seq than what is stored."""

    ok: int = 0
    stale: int = 0
    rejected: tuple[Rejected, ...] = ()


class GenerationStatus(msgspec.Struct, frozen=True):
    """One generation: its name, fingerprint, how far it follows, searchable documents per collection."""

    name: str
    fingerprint: str
    applied: Applied
    counts: dict[str, int]


class EngineStatus(msgspec.Struct, frozen=True):
    """What `credit-search status` shows of an engine. `live` is None before the first publication."""

    engine: str
    version: str
    revision: int
    live: GenerationStatus | None
    kept: GenerationStatus | None


class Build(abc.ABC):
    """A generation being filled beside the live one; nobody sees it before `publish`."""

    name: str

    @abc.abstractmethod
    def write(self, operations: Iterable[Operation]) -> WriteReport:
        """Add operations; may buffer."""

    @abc.abstractmethod
    def finish(self) -> dict[str, int]:
        """Make all written documents searchable inside the build; searchable documents per collection."""

    @abc.abstractmethod
    def engine(self) -> SearchEngine:
        """An engine that reads this build (after `finish`), for gates and for warming caches."""

    @abc.abstractmethod
    def publish(self, applied: Applied) -> None:
        """Switch atomically: live becomes kept, this becomes live, the revision rises."""

    @abc.abstractmethod
    def abort(self) -> None:
        """Throw the build away."""


class SearchEngine(abc.ABC):
    """One index behind one address.

    The public methods check the contract's limits, add visibility and apply it to what comes back; an engine
    writes the methods with an underscore. All are safe to call from several threads. Failures are the
    EngineErrors of errors.py and nothing else.
    """

    name: ClassVar[str]
    form: ClassVar[type[Form]]
    """How its documents are written, for processes that build them and have no engine."""

    def __init__(self, catalog: Catalog, analyzer: Analyzer) -> None:
        self.catalog = catalog
        self.analyzer = analyzer
        self.fingerprint = catalog.fingerprint(analyzer.fingerprint)

    # -- asking ---------------------------------------------------------------------------------------------

    def search(self, query: SearchQuery) -> SearchPage:
        """One page: hits in contract order, exact total, disjunctive facets. BadQuery beyond the limits.

        A filter on a subject that was joined to another finds what is there now, as its page leads there.
        """
        check_window(query.page, query.size)
        check_filters(query.filters)
        filters = (*self._followed(query.filters), *visibility(query.today))
        return self._search(msgspec.structs.replace(query, filters=filters))

    def propose(self, query: AnyQuery) -> tuple[Hit, ...]:
        """Near misses by shared terms, visible ones only, in order of matched terms, then `rank_key`."""
        return self._propose(query, visibility(query.today))

    def suggest(self, text: str, today: date, limit: int = 8) -> tuple[Suggestion, ...]:
        """Subjects whose names begin with (then contain) the text, distinct, best first."""
        return self._suggest(text, visibility(today), min(limit, MAX_SUGGESTIONS))

    def get(self, collection: str, doc_id: str, today: date) -> PublicDocument | Gone | Moved | None:
        """One document by id under the visibility of `today`.

        An ended record is Gone; a subject with nothing to show, or a record not yet begun, is None. So is one
        that was joined to a subject with nothing to show: that it was joined would tell that there was something.
        """
        stored = self._get(collection, doc_id)
        if stored is None:
            return None
        if stored.moved_to:
            target = self.get(collection, stored.moved_to, today)
            return None if target is None else Moved(stored.id, stored.moved_to)
        day = day_number(today)
        if stored.gone or stored.visible_until <= day:
            return None if collection == "subjects" else Gone(stored.id)
        return stored.document if stored.visible_from <= day else None

    def count_by_subject(self, ids: Sequence[str], today: date) -> dict[str, dict[str, int]]:
        """{subject id: {kind: visible records}} for at most 100 ids; ids without records are left out."""
        if len(ids) > MAX_COUNTED_SUBJECTS:
            raise BadQuery(f"at most {MAX_COUNTED_SUBJECTS} subjects can be counted at once, not {len(ids)}")
        return self._count_by_subject(tuple(ids), visibility(today)) if ids else {}

    def scan(self, collection: str, filters: tuple[Filter, ...], today: date) -> Iterator[PublicDocument]:
        """Every visible document under the filters, by `rank_key` falling; stable inside one revision."""
        check_filters(filters)
        return self._scan(collection, (*self._followed(filters), *visibility(today)))

    def _followed(self, filters: Sequence[Filter]) -> tuple[Filter, ...]:
        """The filters with subjects that were joined replaced by those that they were joined to."""
        return tuple(
            msgspec.structs.replace(item, values=tuple(dict.fromkeys(map(self._joined_to, item.values))))
            if isinstance(item, TermFilter) and item.field == SUBJECT
            else item
            for item in filters
        )

    def _joined_to(self, subject_id: str | int) -> str | int:
        if not is_name_only(str(subject_id)):
            return subject_id
        stored = self._get("subjects", str(subject_id))
        return stored.moved_to if stored is not None and stored.moved_to else subject_id

    def frequencies(self, collection: str, field: str, terms: Sequence[str]) -> dict[str, int]:
        """In how many stored documents, of any day, each term of a field occurs (0 where none).

        Tombstones have no terms. Documents replaced since may be counted until the engine tidies up.
        """
        return self._frequencies(collection, field, tuple(terms))

    def warm(self, today: date) -> int:
        """Answer the most frequent questions ahead, where an engine needs that; the number of questions."""
        return 0

    # -- what an engine writes ------------------------------------------------------------------------

    @abc.abstractmethod
    def _search(self, query: SearchQuery) -> SearchPage: ...

    @abc.abstractmethod
    def _propose(self, query: AnyQuery, visible: tuple[Filter, ...]) -> tuple[Hit, ...]: ...

    @abc.abstractmethod
    def _suggest(self, text: str, visible: tuple[Filter, ...], limit: int) -> tuple[Suggestion, ...]: ...

    @abc.abstractmethod
    def _get(self, collection: str, doc_id: str) -> Stored | None: ...

    @abc.abstractmethod
    def _count_by_subject(
        self, ids: tuple[str, ...], visible: tuple[Filter, ...]
    ) -> dict[str, dict[str, int]]: ...

    @abc.abstractmethod
    def _scan(self, collection: str, filters: tuple[Filter, ...]) -> Iterator[PublicDocument]: ...

    @abc.abstractmethod
    def _frequencies(self, collection: str, field: str, terms: tuple[str, ...]) -> dict[str, int]: ...

    @abc.abstractmethod
    def write(
        self, operations: Iterable[Operation], applied: Applied | None = None, generation: str = LIVE
    ) -> WriteReport:
        """Carry out operations on the live (or the kept) generation; searchable when it returns.

        Raises the revision. `applied`, if given, becomes the generation's new position after the operations.
        An operation whose seq is lower than the stored one's is stale and changes nothing. Upserts are
        refused with FingerprintMismatch under another fingerprint; Bury, Redirect and Remove never are.
        """

    @abc.abstractmethod
    def begin_build(self) -> Build:
        """Start a generation beside the live one. Left-overs of killed builds are cleared away."""

    @abc.abstractmethod
    def rollback(self) -> None:
        """Swap live and kept; the revision rises. PublishError where there is none or it does not fit."""

    @abc.abstractmethod
    def forget_kept(self) -> None:
        """Let the kept generation go, so that no rollback brings it back: it cannot be read or written any more."""

    @abc.abstractmethod
    def status(self) -> EngineStatus:
        """Engine, version, generations, as published. Cheap enough for a health check."""

    def check(self) -> None:
        """Ask each collection for a document that is not there: an EngineError where what is published cannot be
        read. Cheap enough for a health check too."""
        for collection in COLLECTIONS:
            self._get(collection, NO_ID)

    @abc.abstractmethod
    def data_version(self, deadline: float = VERSION_DEADLINE) -> DataVersion:
        """What is published now, told within `deadline` seconds; IndexMissing before the first publication. Called per
        request.

        An answer that this engine gives after it returned is never older.
        """

    def known_version(self) -> DataVersion | None:
        """As `data_version` where that can be told without waiting for anybody; else None."""
        return None

    @abc.abstractmethod
    def close(self) -> None:
        """Let go of files and connections."""


def visibility(today: date) -> tuple[Filter, ...]:
    """The one rule every outlet asks under: begun, and not yet ended, on this day."""
    day = day_number(today)
    return RangeFilter("visible_until", at_least=day + 1), RangeFilter("visible_from", below=day + 1)


def check_window(page: int, size: int) -> None:
    """Refuse pages the contract does not promise."""
    if page < 1 or not 1 <= size <= MAX_SIZE or not is_in_window(page, size):
        raise BadQuery(f"page {page} of {size} hits is outside the first {MAX_WINDOW}")


def check_filters(filters: Sequence[Filter]) -> None:
    """Refuse filters the contract does not promise."""
    for item in filters:
        if isinstance(item, TermFilter) and not 1 <= len(item.values) <= MAX_FILTER_VALUES:
            raise BadQuery(f"filter {item.field} has {len(item.values)} values, not 1 to {MAX_FILTER_VALUES}")


def check_collection(collection: str) -> None:
    """Refuse a collection that does not exist."""
    if collection not in COLLECTIONS:
        raise BadQuery(f"no collection {collection!r}; there are {', '.join(COLLECTIONS)}")
