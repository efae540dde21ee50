"""How do Elasticsearch and OpenSearch answer the contract?"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.documents import Operation, PublicDocument
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
from indexers.engines.published import (
    Generation,
    Pointer,
    engine_status,
    next_revision,
    nothing_published,
    refuse_in_build,
)
from indexers.errors import IndexMissing, UsageError
from indexers.query import AnyQuery, DataVersion, Filter, Hit, SearchPage, SearchQuery, Suggestion

from .address import Address, parse_address
from .generations import READ_SECONDS, FixedPublished, Published, Store
from .reading import IndexReader
from .schema import SourceForm
from .transport import PRODUCTS, Connection
from .writing import ElasticBuild, write_published

T = TypeVar("T")


class ElasticEngine(SearchEngine):
    """Indexes on servers of the Elasticsearch family, read and written by any number of processes."""

    form = SourceForm

    def __init__(
        self,
        address: Address,
        catalog: Catalog,
        analyzer: Analyzer,
        fixed: FixedPublished | None = None,
        connection: Connection | None = None,
    ) -> None:
        super().__init__(catalog, analyzer)
        self.name = address.product  # type: ignore[misc]  # one class for two products
        self._address = address
        self._connection = connection or Connection(address)
        self._store = Store(self._connection, address)
        self._own = Published(self._store, self.fingerprint)
        self._published: Published | FixedPublished = fixed or self._own
        self._fixed = fixed
        self._parts: AnswerCache[Part] = AnswerCache()
        self._suggestions: AnswerCache[tuple[Suggestion, ...]] = AnswerCache()

    # -- asking ----------------------------------------------------------------------------------------

    def _search(self, query: SearchQuery) -> SearchPage:
        check_collection(query.collection)
        deadline = Deadline(query.deadline)

        def answer(generation: Generation, revision: int) -> SearchPage:
            hits, counts = self._answer(generation, query, deadline)
            assert hits.total is not None
            return SearchPage(hits.hits, hits.total, counts.facets, generation.version(revision))

        return self._ask(answer, deadline)

    def _answer(self, generation: Generation, query: SearchQuery, deadline: Deadline) -> tuple[Part, Part]:
        """The hits and the facets, each from where it is known."""
        deadline.check()
        keys = hits_key(query), counts_key(query)
        hits = self._parts.find(generation.state, keys[0])
        counts = self._parts.find(generation.state, keys[1]) if query.facets else Part()
        if hits is not None and counts is not None:
            return hits, counts
        reader = self._reader(generation, query.collection)
        found = reader.answer(query, deadline, hits=hits is None, counts=counts is None)
        if hits is None:
            hits = found[0]
            self._parts.keep(generation.state, keys[0], hits)
        if counts is None:
            counts = found[1]
            self._parts.keep(generation.state, keys[1], counts)
        return hits, counts

    def _propose(self, query: AnyQuery, visible: tuple[Filter, ...]) -> tuple[Hit, ...]:
        check_collection(query.collection)
        deadline = Deadline(query.deadline)
        return self._ask(
            lambda generation, _: self._reader(generation, query.collection).near(query, visible, deadline),
            deadline,
        )

    def _suggest(self, text: str, visible: tuple[Filter, ...], limit: int) -> tuple[Suggestion, ...]:
        deadline = Deadline(READ_SECONDS)

        def suggest(generation: Generation, revision: int) -> tuple[Suggestion, ...]:
            def find() -> tuple[Suggestion, ...]:
                readings = self.analyzer.queries(text)
                return self._reader(generation, "subjects").suggest(readings, visible, limit, deadline)

            return self._suggestions.remember(generation.state, suggestions_key(text, visible, limit), find)

        return self._ask(suggest, deadline)

    def _get(self, collection: str, doc_id: str) -> Stored | None:
        check_collection(collection)
        deadline = Deadline(READ_SECONDS)
        return self._ask(
            lambda generation, _: self._reader(generation, collection).stored(doc_id, deadline), deadline
        )

    def _count_by_subject(
        self, ids: tuple[str, ...], visible: tuple[Filter, ...]
    ) -> dict[str, dict[str, int]]:
        deadline = Deadline(READ_SECONDS)
        return self._ask(
            lambda generation, _: self._reader(generation, "records").kinds(ids, visible, deadline), deadline
        )

    def _scan(self, collection: str, filters: tuple[Filter, ...]) -> Iterator[PublicDocument]:
        check_collection(collection)
        generation, _ = self._published.current(Deadline(READ_SECONDS))
        yield from self._reader(generation, collection).scan(filters)

    def _frequencies(self, collection: str, field: str, terms: tuple[str, ...]) -> dict[str, int]:
        check_collection(collection)
        deadline = Deadline(READ_SECONDS)
        return self._ask(
            lambda generation, _: self._reader(generation, collection).frequencies(field, terms, deadline),
            deadline,
        )

    def _ask(self, question: Callable[[Generation, int], T], deadline: Deadline) -> T:
        """Ask the published generation; once more where it was removed since this process last looked."""
        generation, revision = self._published.current(deadline)
        try:
            return question(generation, revision)
        except IndexMissing:
            newer, revision = self._published.refreshed(deadline)
            if newer.name == generation.name:
                raise
            return question(newer, revision)

    def _reader(self, generation: Generation, collection: str) -> IndexReader:
        index = self._store.index(generation.name, collection)
        return IndexReader(self._connection, index, self.catalog.fields_in(collection), collection)

    # -- writing ---------------------------------------------------------------------------------------

    def write(
        self, operations: Iterable[Operation], applied: Applied | None = None, generation: str = LIVE
    ) -> WriteReport:
        """See the contract. Returns one polling interval after it is searchable: no process has older answers."""
        refuse_in_build(self._fixed is not None)
        report, pointer = write_published(
            self._store, self.catalog, self.fingerprint, operations, applied, generation
        )
        self._own.know(pointer)
        self._store.settle()
        return report

    def begin_build(self) -> Build:
        """See the contract. EngineBusy while another process builds."""
        refuse_in_build(self._fixed is not None)
        return ElasticBuild(
            self._store,
            self.catalog,
            self.fingerprint,
            self._own,
            self._read_build,
        )

    def rollback(self) -> None:
        """See the contract."""
        self._replace(lambda pointer: pointer.rolled_back(self.fingerprint))

    def forget_kept(self) -> None:
        """See the contract."""
        self._replace(Pointer.without_kept)

    def _replace(self, change: Callable[[Pointer], Pointer]) -> None:
        refuse_in_build(self._fixed is not None)

        def changed(pointer: Pointer | None) -> Pointer:
            if pointer is None:
                raise nothing_published()
            return change(pointer)

        self._own.know(self._store.replace(changed))
        self._store.settle()

    def _read_build(self, generation: Generation) -> SearchEngine:
        pointer, _ = self._store.look()
        fixed = FixedPublished(generation, next_revision(pointer))
        return ElasticEngine(self._address, self.catalog, self.analyzer, fixed, self._connection)

    # -- state -----------------------------------------------------------------------------------------

    def status(self) -> EngineStatus:
        """See the contract; reads the pointer only."""
        server = self._connection.server(Deadline(READ_SECONDS))
        pointer, _ = self._store.look()
        return engine_status(self.name, f"{PRODUCTS[server.product]} {server.version}", pointer)

    def data_version(self, deadline: float = VERSION_DEADLINE) -> DataVersion:
        """See the contract; looked up at most once in an interval."""
        generation, revision = self._published.current(Deadline(deadline))
        return generation.version(revision)

    def close(self) -> None:
        """Let go of the connections; an engine of a build leaves them to the engine that builds."""
        if self._fixed is None:
            self._connection.close()


def open_address(address: str, catalog: Catalog, analyzer: Analyzer) -> SearchEngine:
    """The engine on the servers of an address; nothing is asked of them yet. UsageError for no such certificate."""
    parsed = parse_address(address)
    if parsed.ca:
        _check_certificate(parsed.ca)
    return ElasticEngine(parsed, catalog, analyzer)


def _check_certificate(ca: str) -> None:
    if not Path(ca).is_file():
        raise UsageError(f"检索引擎地址里 ca 指定的证书文件不存在：{ca}")
    try:
        ssl.create_default_context(cafile=ca)
    except OSError as error:
        raise UsageError(f"检索引擎地址里 ca 指定的文件不是可用的证书：{ca}") from error
