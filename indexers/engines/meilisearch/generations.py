"""Which indexes belong to which generation, and which generation is published: names and the pointer."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from indexers.documents import COLLECTIONS
from indexers.engines.deadline import Deadline
from indexers.engines.published import NAME_FORM, Pointer, names_in_use, new_name, nothing_published
from indexers.errors import EngineTimeout, IndexMissing

from .address import Address
from .client import Client, Fetched
from .tasks import Server

POINTER_SECONDS = 5.0
"""For reading the pointer, one small document."""
POINTER_ID = "pointer"


class Store:
    """The indexes of one prefix on one server. Reading is safe from several threads."""

    def __init__(self, address: Address, client: Client) -> None:
        self.address = address
        self._client = client
        self._index = f"{address.prefix}_pointer"
        self._form = re.compile(rf"{re.escape(address.prefix)}_({NAME_FORM})_(?:{'|'.join(COLLECTIONS)})")
        self._lock = threading.Lock()
        self._pointer: Pointer | None = None
        self._seen = 0.0

    # -- the pointer -----------------------------------------------------------------------------------

    def pointer(self, deadline: Deadline) -> Pointer:
        """What is published, at most one polling time old; IndexMissing before the first publication."""
        with self._held(deadline):
            now = time.monotonic()
            if self._pointer is None or now - self._seen >= self.address.poll:
                self._pointer = self._read(deadline)
                self._seen = now
            if self._pointer is None:
                raise nothing_published()
            return self._pointer

    def published(self, deadline: Deadline | None = None) -> Pointer | None:
        """What is published at this moment; None before the first publication."""
        deadline = deadline or Deadline(POINTER_SECONDS)
        with self._held(deadline):
            now = time.monotonic()
            self._pointer = self._read(deadline)
            self._seen = now
            return self._pointer

    def pointer_now(self) -> Pointer:
        """What is published at this moment; IndexMissing before the first publication."""
        pointer = self.published()
        if pointer is None:
            raise nothing_published()
        return pointer

    def replace_pointer(self, server: Server, pointer: Pointer) -> None:
        """Publish: the server replaces a document whole; everyone sees it within one polling time."""
        held = {"id": POINTER_ID, **msgspec.to_builtins(pointer)}
        server.wait(server.put(self._index, [msgspec.json.encode(held)]))
        with self._held(Deadline(POINTER_SECONDS)):
            self._pointer, self._seen = pointer, time.monotonic()

    def wait_for_readers(self) -> None:
        """Until every worker has looked at the pointer again."""
        time.sleep(self.address.poll)

    @contextmanager
    def _held(self, deadline: Deadline) -> Iterator[None]:
        """One thread asks, the others wait for its answer, but no longer than for one of their own."""
        if not self._lock.acquire(timeout=deadline.left()):
            raise EngineTimeout("检索服务器未能及时答复")
        try:
            yield
        finally:
            self._lock.release()

    def _read(self, deadline: Deadline) -> Pointer | None:
        path = f"/indexes/{self._index}/documents/fetch"
        try:
            answer = self._client.ask("POST", path, {"ids": [POINTER_ID]}, deadline, Fetched[Pointer])
        except IndexMissing:
            return None
        return answer.results[0] if answer.results else None

    # -- generations -----------------------------------------------------------------------------------

    def index(self, generation: str, collection: str) -> str:
        """The name of the index that holds one collection of a generation."""
        return f"{self.address.prefix}_{generation}_{collection}"

    def new_name(self, server: Server) -> str:
        """A name that no generation has or had."""
        there = (match[1] for name in server.indexes() if (match := self._form.fullmatch(name)))
        return new_name(there, self.published())

    def clear(self, server: Server) -> None:
        """Remove every generation but the live and the kept one: builds that were killed, older generations."""
        kept = names_in_use(self.published())
        used = {self.index(name, collection) for name in kept for collection in COLLECTIONS}
        server.drop(name for name in server.indexes() if self._form.fullmatch(name) and name not in used)
