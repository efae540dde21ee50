"""How is a generation made beside the live one, and when does it take its place?"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable

from indexers.catalog import Catalog
from indexers.documents import COLLECTIONS, Operation
from indexers.engines.base import Applied, Build, SearchEngine, WriteReport
from indexers.engines.deadline import Deadline
from indexers.engines.fitting import make_forms
from indexers.engines.published import Generation, after_publishing, names_in_use, new_content
from indexers.errors import EngineError

from .client import Client
from .generations import Store
from .reading import CollectionReader
from .settings import index_settings
from .tasks import Server
from .writing import GenerationWriter, LineForm, StoredSeqs

COUNT_SECONDS = 60.0
"""For counting one collection: nobody waits for a page."""


class MeilisearchBuild(Build):
    """Three indexes that the pointer does not name yet."""

    def __init__(
        self,
        store: Store,
        client: Client,
        catalog: Catalog,
        fingerprint: str,
        read: Callable[[Generation], SearchEngine],
    ) -> None:
        self._store = store
        self._client = client
        self._catalog = catalog
        self._fingerprint = fingerprint
        self._read = read
        self._server = Server(store.address)
        self._counts: dict[str, int] = {}
        self._content = 0
        self._dirty = True
        store.clear(self._server)
        self.name = store.new_name(self._server)
        self._indexes = {collection: store.index(self.name, collection) for collection in COLLECTIONS}
        for collection, index in self._indexes.items():
            # Settings before documents: changed later, the server would index everything again.
            for task in self._server.create(index, index_settings(catalog, collection)):
                self._server.wait(task)
        seqs = StoredSeqs(None)
        self._writer = GenerationWriter(self._server, self._indexes, make_forms(LineForm, catalog), seqs)

    def write(self, operations: Iterable[Operation]) -> WriteReport:
        """Add operations; in the indexes when it returns."""
        self._dirty = True
        return self._writer.put_all(operations)

    def finish(self) -> dict[str, int]:
        """Count what is there."""
        if self._dirty:
            self._counts = count_searchable(self._store, self._client, self._catalog, self.name)
            self._content = new_content()
            self._dirty = False
        return dict(self._counts)

    def engine(self) -> SearchEngine:
        """An engine that reads this build."""
        return self._read(self._generation(Applied()))

    def publish(self, applied: Applied) -> None:
        """Switch; the old live generation is kept, older ones are removed once nobody reads them."""
        pointer = after_publishing(self._store.published(), self._generation(applied))
        self._store.replace_pointer(self._server, pointer)
        self._store.wait_for_readers()
        with contextlib.suppress(EngineError):
            # It is published: what cannot be removed now is removed by the next build.
            self._store.clear(self._server)

    def abort(self) -> None:
        """Remove the indexes; what is live stays live."""
        if self.name not in names_in_use(self._store.published()):
            self._server.drop(self._indexes.values())

    def _generation(self, applied: Applied) -> Generation:
        return Generation(self.name, self._fingerprint, applied, self.finish(), self._content)


def make_reader(
    store: Store, client: Client, catalog: Catalog, generation: str, collection: str
) -> CollectionReader:
    """What asks one collection of a generation."""
    index = store.index(generation, collection)
    return CollectionReader(client, index, catalog.fields_in(collection), collection)


def count_searchable(store: Store, client: Client, catalog: Catalog, generation: str) -> dict[str, int]:
    """Documents of each collection that are no tombstones."""
    readers = {name: make_reader(store, client, catalog, generation, name) for name in COLLECTIONS}
    return {name: reader.searchable(Deadline(COUNT_SECONDS)) for name, reader in readers.items()}
