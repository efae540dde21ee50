"""How does the engine without a server, tantivy in this process, answer the contract?"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path

import msgspec

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.documents import COLLECTIONS, Operation, PublicDocument
from indexers.engines.base import (
    LIVE,
    VERSION_DEADLINE,
    Applied,
    Build,
    EngineStatus,
    SearchEngine,
    Stored,
    WriteReport,
    check_collection,
    visibility,
)
from indexers.engines.cache import AnswerCache, Part, counts_key, hits_key, suggestions_key, total_key
from indexers.engines.deadline import Deadline
from indexers.engines.published import Generation, engine_status, next_revision, refuse_in_build
from indexers.query import (
    AnyQuery,
    DataVersion,
    Filter,
    Hit,
    SearchPage,
    SearchQuery,
    Suggestion,
    Total,
)

from .border import border
from .counting import count_facets, count_kinds, count_matches
from .generations import BUILD_LOCK, Store, take_lock
from .reading import CollectionReader
from .schema import DocumentForm
from .suggesting import suggest
from .views import FixedViews, View, Views, open_view
from .writing import EmbeddedBuild, forget_kept, roll_back, write_published

WARM_SHARE = 0.1
"""Listed phrases in more than this share of a collection are answered ahead (50 ms at a million, cold)."""
BUILD_PATIENCE = 3.0
"""Seconds to wait for another build; a build takes minutes, so longer waiting is no use."""


class EmbeddedEngine(SearchEngine):
    """tantivy indexes in a folder, read by any number of processes, written by one at a time."""

    name = "embedded"
    form = DocumentForm

    def __init__(
        self,
        root: Path,
        catalog: Catalog,
        analyzer: Analyzer,
        views: Views | FixedViews | None = None,
    ) -> None:
        super().__init__(catalog, analyzer)
        self._store = Store(root)
        self._views = views or Views(self._store, catalog, self.fingerprint)
        self._fixed = isinstance(views, FixedViews)
        self._parts: AnswerCache[Part] = AnswerCache()
        self._suggestions: AnswerCache[tuple[Suggestion, ...]] = AnswerCache()

    # -- asking ----------------------------------------------------------------------------------------

    @border
    def _search(self, query: SearchQuery) -> SearchPage:
        check_collection(query.collection)
        deadline = Deadline(query.deadline)
        view = self._views.current(deadline.left())
        hits, counts = self._answer(view, query, deadline)
        assert counts.total is not None
        return SearchPage(hits.hits, counts.total, counts.facets, view.version)

    def _answer(self, view: View, query: SearchQuery, deadline: Deadline) -> tuple[Part, Part]:
        """The hits, and facets and total beside them, each from where it is known."""
        reader = view.reader(query.collection)

        def find_hits() -> Part:
            hits, total = reader.page(query, deadline)
            return Part(hits, _total(total))

        def find_counts() -> Part:
            deadline.check()
            facets, total = count_facets(reader, query, deadline, with_total=hits.total is None)
            return Part((), _total(total), facets)

        def find_total() -> Part:
            deadline.check()
            return Part((), hits.total or counts.total or _total(count_matches(reader, query)))

        hits = self._known(view, hits_key(query), query.today, find_hits)
        counts = Part()
        if query.facets:
            counts = self._known(view, counts_key(query), query.today, find_counts)
        total = hits.total or self._known(view, total_key(query), query.today, find_total).total
        return hits, Part((), total, counts.facets)

    def _known(self, view: View, key: str, today: date, compute: Callable[[], Part]) -> Part:
        return view.warmed(key, today) or self._parts.remember(view.content, key, compute)

    @border
    def _propose(self, query: AnyQuery, visible: tuple[Filter, ...]) -> tuple[Hit, ...]:
        check_collection(query.collection)
        deadline = Deadline(query.deadline)
        reader = self._views.current(deadline.left()).reader(query.collection)
        return reader.near(query, visible, deadline)

    @border
    def _suggest(self, text: str, visible: tuple[Filter, ...], limit: int) -> tuple[Suggestion, ...]:
        view = self._views.current()

        def find() -> tuple[Suggestion, ...]:
            return suggest(view.reader("subjects"), self.analyzer.queries(text), visible, limit)

        return self._suggestions.remember(view.content, suggestions_key(text, visible, limit), find)

    @border
    def _get(self, collection: str, doc_id: str) -> Stored | None:
        check_collection(collection)
        return self._views.current().reader(collection).stored(doc_id)

    @border
    def _count_by_subject(
        self, ids: tuple[str, ...], visible: tuple[Filter, ...]
    ) -> dict[str, dict[str, int]]:
        reader = self._views.current().reader("records")
        counted = {subject_id: count_kinds(reader, subject_id, visible) for subject_id in ids}
        return {subject_id: kinds for subject_id, kinds in counted.items() if kinds}

    def _scan(self, collection: str, filters: tuple[Filter, ...]) -> Iterator[PublicDocument]:
        with border:
            check_collection(collection)
            yield from self._views.current().reader(collection).scan(filters)

    @border
    def _frequencies(self, collection: str, field: str, terms: tuple[str, ...]) -> dict[str, int]:
        check_collection(collection)
        reader = self._views.current().reader(collection)
        return {term: reader.frequency(field, term) for term in terms}

    # -- computed ahead --------------------------------------------------------------------------------

    @border
    def warm(self, today: date) -> int:
        """Answer the first pages of the most frequent questions ahead; the number of questions.

        Everything, and each listed phrase found in more than a tenth of a collection, with all facets. The
        answers are kept beside the generation, under its content and the day, for every process.
        """
        view = self._views.current()
        parts: dict[str, Part] = {}
        asked = 0
        for collection in COLLECTIONS:
            for query in self._frequent(view.reader(collection), collection, today):
                hits, counts = self._answer(view, query, Deadline(query.deadline))
                parts[hits_key(query)] = hits
                parts[counts_key(query)] = counts
                parts[total_key(query)] = Part((), counts.total)
                asked += 1
        view.keep_warm(parts, today)
        return asked

    def _frequent(self, reader: CollectionReader, collection: str, today: date) -> Iterator[SearchQuery]:
        browse = SearchQuery(
            collection,
            today,
            filters=visibility(today),
            facets=tuple(field.key for field in self.catalog.facets(collection)),
            deadline=WARM_DEADLINE,
        )
        yield browse
        least = reader.searcher.num_docs * WARM_SHARE
        for phrase in sorted(self.analyzer.phrases):
            if reader.frequency("name_common", phrase) > least:
                yield msgspec.structs.replace(browse, readings=self.analyzer.queries(phrase))

    # -- writing ---------------------------------------------------------------------------------------

    @border
    def write(
        self, operations: Iterable[Operation], applied: Applied | None = None, generation: str = LIVE
    ) -> WriteReport:
        """See the contract. EngineBusy when another process keeps writing for more than ten seconds."""
        refuse_in_build(self._fixed)
        return write_published(self._store, self.catalog, self.fingerprint, operations, applied, generation)

    @border
    def begin_build(self) -> Build:
        """See the contract. EngineBusy while another process builds."""
        refuse_in_build(self._fixed)
        self._store.root.mkdir(parents=True, exist_ok=True)
        lock = take_lock(self._store.root / BUILD_LOCK, fcntl.LOCK_EX, BUILD_PATIENCE)
        return EmbeddedBuild(self._store, self.catalog, self.fingerprint, lock, self._read_build)

    @border
    def rollback(self) -> None:
        """See the contract."""
        refuse_in_build(self._fixed)
        roll_back(self._store, self.fingerprint)

    @border
    def forget_kept(self) -> None:
        """See the contract."""
        refuse_in_build(self._fixed)
        forget_kept(self._store)

    def _read_build(self, generation: Generation) -> SearchEngine:
        revision = next_revision(self._store.replaceable())
        view = open_view(self.catalog, generation, revision, self._store.folder(generation.name))
        return EmbeddedEngine(self._store.root, self.catalog, self.analyzer, FixedViews(view))

    # -- state -----------------------------------------------------------------------------------------

    @border
    def status(self) -> EngineStatus:
        """See the contract; reads the pointer only."""
        pointer = self._store.published()
        return engine_status(self.name, f"tantivy {version('tantivy')}", pointer)

    @border
    def data_version(self, deadline: float = VERSION_DEADLINE) -> DataVersion:
        """See the contract; what this process answers from, opened if need be: EngineBusy as for any question."""
        return self._views.current(deadline).version

    @border
    def known_version(self) -> DataVersion | None:
        """See the contract; one look at a file."""
        view = self._views.at_hand()
        return view.version if view is not None else None

    def close(self) -> None:
        """Let go of the files."""
        self._views.close()


WARM_DEADLINE = 60.0
"""Seconds for one question computed ahead; nobody waits for it."""


def _total(count: int | None) -> Total | None:
    return None if count is None else Total.of(count)


def open_address(address: str, catalog: Catalog, analyzer: Analyzer) -> SearchEngine:
    """The engine in the folder of an address `embedded:<folder>`."""
    return EmbeddedEngine(Path(address.partition(":")[2] or "var/index"), catalog, analyzer)
