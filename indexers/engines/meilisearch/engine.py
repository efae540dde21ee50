"""How does a Meilisearch server answer the contract?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

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
)
from indexers.engines.cache import AnswerCache, Part, counts_key, hits_key, suggestions_key
from indexers.engines.deadline import Deadline
from indexers.engines.facets import facet_groups
from indexers.engines.fitting import make_forms
from indexers.engines.published import (
    Generation,
    Pointer,
    engine_status,
    new_content,
    next_revision,
    refuse_in_build,
)
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

from .address import parse_address
from .building import MeilisearchBuild, count_searchable, make_reader
from .client import Client
from .generations import Store
from .reading import CollectionReader, Counts
from .tasks import Server
from .writing import GenerationWriter, LineForm, StoredSeqs

SHORT = 5.0
"""Seconds for a question without a deadline of its own."""
LONG = 60.0
"""Seconds for one chunk of a deep read, where nobody waits for the page."""


class MeilisearchEngine(SearchEngine):
    """Indexes on a server; any number of workers read them, one process at a time writes them."""

    name = "meilisearch"
    form = LineForm

    def __init__(
        self,
        store: Store,
        client: Client,
        catalog: Catalog,
        analyzer: Analyzer,
        fixed: Generation | None = None,
    ) -> None:
        super().__init__(catalog, analyzer)
        self._store = store
        self._client = client
        self._fixed = fixed
        self._parts: AnswerCache[Part] = AnswerCache()
        self._suggestions: AnswerCache[tuple[Suggestion, ...]] = AnswerCache()

    # -- asking ----------------------------------------------------------------------------------------

    def _search(self, query: SearchQuery) -> SearchPage:
        check_collection(query.collection)
        deadline = Deadline(query.deadline)
        generation, revision = self._current(deadline)
        reader = self._reader(generation, query.collection)
        facet_groups(query, self.catalog.fields_in(query.collection))
        content, counting = generation.state, counts_key(query)
        known = self._parts.find(content, counting) if query.facets else Part()
        raw: Counts | None = None

        def find_hits() -> Part:
            nonlocal raw
            own = reader.own_facets(query) if known is None else ()
            hits, total, raw = reader.page(query, deadline, own)
            return Part(hits, Total.of(total))

        hits = self._parts.remember(content, hits_key(query), find_hits)
        if known is None:
            known = Part(facets=reader.facets(query, deadline, raw))
            self._parts.keep(content, counting, known)
        assert hits.total is not None
        return SearchPage(hits.hits, hits.total, known.facets, generation.version(revision))

    def _propose(self, query: AnyQuery, visible: tuple[Filter, ...]) -> tuple[Hit, ...]:
        check_collection(query.collection)
        deadline = Deadline(query.deadline)
        generation, _ = self._current(deadline)
        return self._reader(generation, query.collection).near(query, visible, deadline)

    def _suggest(self, text: str, visible: tuple[Filter, ...], limit: int) -> tuple[Suggestion, ...]:
        deadline = Deadline(SHORT)
        generation, _ = self._current(deadline)
        reader = self._reader(generation, "subjects")

        def find() -> tuple[Suggestion, ...]:
            stages = reader.matching.suggestions(self.analyzer.queries(text))
            return reader.suggest(stages, visible, limit, deadline)

        return self._suggestions.remember(generation.state, suggestions_key(text, visible, limit), find)

    def _get(self, collection: str, doc_id: str) -> Stored | None:
        check_collection(collection)
        deadline = Deadline(SHORT)
        generation, _ = self._current(deadline)
        return self._reader(generation, collection).stored(doc_id, deadline)

    def _count_by_subject(
        self, ids: tuple[str, ...], visible: tuple[Filter, ...]
    ) -> dict[str, dict[str, int]]:
        deadline = Deadline(SHORT)
        generation, _ = self._current(deadline)
        return self._reader(generation, "records").count_kinds(ids, visible, deadline)

    def _scan(self, collection: str, filters: tuple[Filter, ...]) -> Iterator[PublicDocument]:
        check_collection(collection)
        generation, _ = self._current(Deadline(SHORT))
        yield from self._reader(generation, collection).scan(filters, LONG)

    def _frequencies(self, collection: str, field: str, terms: tuple[str, ...]) -> dict[str, int]:
        check_collection(collection)
        deadline = Deadline(SHORT)
        generation, _ = self._current(deadline)
        return self._reader(generation, collection).frequencies(field, terms, deadline)

    # -- writing ---------------------------------------------------------------------------------------

    def write(
        self, operations: Iterable[Operation], applied: Applied | None = None, generation: str = LIVE
    ) -> WriteReport:
        """See the contract. Returns when every worker has seen the change; more than a chunk is not undone
        when the source of operations breaks, but then nothing is lost either: the next sync goes on."""
        refuse_in_build(self._fixed is not None)
        pointer = self._store.pointer_now()
        target = pointer.generation(generation)
        server = Server(self._store.address)
        fits = target.fingerprint == self.fingerprint
        indexes = {collection: self._store.index(target.name, collection) for collection in COLLECTIONS}
        forms = make_forms(self.form, self.catalog) if fits else {}
        writer = GenerationWriter(server, indexes, forms, StoredSeqs(self._client))
        try:
            report = writer.put_all(operations)
        except BaseException:
            # What the server was given counts as a change: no answer that was kept may hide it.
            if writer.began:
                self._publish_written(server, generation, target.applied, changed=True)
            raise
        self._publish_written(server, generation, applied or target.applied, changed=writer.began)
        if writer.began:
            self._store.wait_for_readers()
        return report

    def _publish_written(self, server: Server, which: str, position: Applied, *, changed: bool) -> None:
        pointer = self._store.pointer_now()
        before = pointer.generation(which)
        written = Generation(
            name=before.name,
            fingerprint=before.fingerprint,
            applied=position,
            counts=count_searchable(self._store, self._client, self.catalog, before.name)
            if changed
            else before.counts,
            content=new_content() if changed else before.content,
        )
        self._store.replace_pointer(server, pointer.with_written(which, written))

    def begin_build(self) -> Build:
        """See the contract. One build at a time: the ledger's build lock sees to it."""
        refuse_in_build(self._fixed is not None)
        self._client.check_version(Deadline(SHORT))
        return MeilisearchBuild(self._store, self._client, self.catalog, self.fingerprint, self._read)

    def rollback(self) -> None:
        """See the contract."""
        self._replace(lambda pointer: pointer.rolled_back(self.fingerprint))

    def forget_kept(self) -> None:
        """See the contract."""
        self._replace(Pointer.without_kept)

    def _replace(self, change: Callable[[Pointer], Pointer]) -> None:
        refuse_in_build(self._fixed is not None)
        self._store.replace_pointer(Server(self._store.address), change(self._store.pointer_now()))
        self._store.wait_for_readers()

    # -- state -----------------------------------------------------------------------------------------

    def status(self) -> EngineStatus:
        """See the contract."""
        pointer = self._store.published()
        return engine_status(self.name, f"Meilisearch {self._client.version(Deadline(SHORT))}", pointer)

    def data_version(self, deadline: float = VERSION_DEADLINE) -> DataVersion:
        """See the contract; the generation is the one that this process answers from."""
        generation, revision = self._current(Deadline(deadline))
        return generation.version(revision)

    def close(self) -> None:
        """Let go of the connections."""
        if self._fixed is None:
            self._client.close()

    def _current(self, deadline: Deadline) -> tuple[Generation, int]:
        if self._fixed is not None:
            return self._fixed, next_revision(self._store.published(deadline))
        pointer = self._store.pointer(deadline)
        return pointer.fitting(self.fingerprint), pointer.revision

    def _reader(self, generation: Generation, collection: str) -> CollectionReader:
        return make_reader(self._store, self._client, self.catalog, generation.name, collection)

    def _read(self, generation: Generation) -> SearchEngine:
        return MeilisearchEngine(self._store, self._client, self.catalog, self.analyzer, generation)


def open_address(address: str, catalog: Catalog, analyzer: Analyzer) -> SearchEngine:
    """The engine behind `meilisearch://<key>@<host>:<port>/<prefix>` (`meilisearch+https://` for TLS)."""
    parsed = parse_address(address)
    client = Client(parsed)
    return MeilisearchEngine(Store(parsed, client), client, catalog, analyzer)
