"""Which state of the index does a request see, from its beginning to its end?"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec
import tantivy

from indexers.catalog import Catalog
from indexers.documents import COLLECTIONS, day_number
from indexers.engines.cache import Part
from indexers.engines.published import Generation
from indexers.errors import EngineBusy

from .generations import Store, replace_file
from .queries import QueryBuilder
from .reading import CollectionReader
from .schema import open_index

log = logging.getLogger(__name__)

RELOAD_PATIENCE = 5.0
"""Seconds a question without a deadline waits for what is published to be there to be read."""
WARM_LOOK = 1.0
"""Seconds between two looks for a file of answers that another process may be computing."""


class View:
    """One state of the three collections. It stays readable after it was replaced or removed."""

    def __init__(
        self, generation: Generation, revision: int, folder: Path, readers: Mapping[str, CollectionReader]
    ) -> None:
        self.content = generation.state
        self.version = generation.version(revision)
        self._readers = readers
        self._folder = folder
        self._number = generation.content
        self._warm: dict[str, Part] = {}
        self._warm_day = 0
        self._next_look = 0.0

    def reader(self, collection: str) -> CollectionReader:
        """The state of one collection."""
        return self._readers[collection]

    def is_of(self, generation: Generation, revision: int) -> bool:
        """Whether it is this state under this revision."""
        return self.content == generation.state and self.version == generation.version(revision)

    def at(self, generation: Generation, revision: int) -> View:
        """The same state under a later revision."""
        return View(generation, revision, self._folder, self._readers)

    # -- answers computed ahead ------------------------------------------------------------------------

    def warmed(self, key: str, today: date) -> Part | None:
        """A part that was computed ahead, by this process or another."""
        day = day_number(today)
        if self._warm_day != day and time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + WARM_LOOK
            self._load(day)
        return self._warm.get(key)

    def keep_warm(self, parts: dict[str, Part], today: date) -> None:
        """Keep parts beside the generation for every process; older files of it are removed."""
        path = self._path(day_number(today))
        replace_file(path, msgspec.json.encode(parts), path.with_name(f"{path.name}.{os.getpid()}.new"))
        for old in self._folder.glob("warm-*.json"):
            if old != path:
                old.unlink(missing_ok=True)
        self._warm, self._warm_day = parts, day_number(today)

    def _load(self, day: int) -> None:
        path = self._path(day)
        try:
            parts = msgspec.json.decode(path.read_bytes(), type=dict[str, Part])
        except FileNotFoundError:
            return
        except ValueError as error:
            # It saves work and is no part of the index: what it held is computed, and the next warming writes it again.
            log.warning("%s cannot be used: %s", path, error)
            return
        self._warm, self._warm_day = parts, day

    def _path(self, day: int) -> Path:
        return self._folder / f"warm-{self._number}-{day}.json"


class Views:
    """Follows the pointer: one look at its file for each request, a reload only when it was replaced."""

    def __init__(self, store: Store, catalog: Catalog, fingerprint: str) -> None:
        self._store = store
        self._catalog = catalog
        self._fingerprint = fingerprint
        self._lock = threading.Lock()
        self._view: View | None = None

    def current(self, patience: float = RELOAD_PATIENCE) -> View:
        """The state to answer from; IndexMissing or FingerprintMismatch where there is none.

        EngineBusy where what is published cannot be read for `patience` seconds, because a writer is at work: an
        older state may hold what was retracted meanwhile.
        """
        view = self.at_hand()
        if view is not None:
            return view
        end = time.monotonic() + patience
        if not self._lock.acquire(timeout=max(patience, 0)):
            raise EngineBusy("索引正在更新；请稍后再试")
        try:
            # Whoever had the lock before has mostly done it for all.
            return self.at_hand() or self._follow(end - time.monotonic())
        finally:
            self._lock.release()

    def at_hand(self) -> View | None:
        """As `current`, without waiting for anybody: None where what is published must be opened first."""
        pointer = self._store.pointer()
        wanted = pointer.fitting(self._fingerprint)
        view = self._view
        return view if view is not None and view.is_of(wanted, pointer.revision) else None

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._view = None

    def _follow(self, patience: float) -> View:
        view = self._view
        with self._store.unchanging(patience):
            pointer = self._store.pointer()
            wanted = pointer.fitting(self._fingerprint)
            if view is None or view.content != wanted.state:
                # Opened anew, which takes a millisecond or two more: an index that stays open takes files it has mapped
                # for those of the same name in a folder that was put back from a copy.
                folder = self._store.folder(wanted.name)
                view = open_view(self._catalog, wanted, pointer.revision, folder)
            else:
                view = view.at(wanted, pointer.revision)
        self._view = view
        return view


class FixedViews:
    """The one state of a build that was finished."""

    def __init__(self, view: View) -> None:
        self._view = view

    def current(self, patience: float = 0.0) -> View:
        """Always the same."""
        return self._view

    def at_hand(self) -> View:
        """Always the same."""
        return self._view

    def close(self) -> None:
        """Nothing to let go of: the build owns the files."""


def open_view(catalog: Catalog, generation: Generation, revision: int, folder: Path) -> View:
    """A view of a folder that nobody is writing to."""
    indexes = open_all(folder)
    return View(generation, revision, folder, make_readers(catalog, indexes))


def open_all(folder: Path) -> dict[str, tantivy.Index]:
    """The indexes of a generation; IndexBroken where one is damaged."""
    return {collection: open_index(folder / collection) for collection in COLLECTIONS}


def make_readers(catalog: Catalog, indexes: Mapping[str, tantivy.Index]) -> dict[str, CollectionReader]:
    """One reader for each collection, of the state that its index has now."""
    readers: dict[str, CollectionReader] = {}
    for collection, index in indexes.items():
        fields = catalog.fields_in(collection)
        builder = QueryBuilder(index.schema, fields, collection)
        readers[collection] = CollectionReader(index.searcher(), builder, fields)
    return readers
