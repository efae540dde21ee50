"""Which generation is live, which is kept, who builds: the pointer, one document that is replaced whole.

One document with optimistic concurrency is the whole switch. Aliases would be a second step that can fail by
itself, and they hold no revision; both products replace one document atomically and show it at once.
"""

from __future__ import annotations

import contextlib
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec

from indexers.catalog import Catalog
from indexers.documents import COLLECTIONS
from indexers.engines.deadline import Deadline
from indexers.engines.published import (
    NAME_FORM,
    Generation,
    Pointer,
    names_in_use,
    new_name,
    nothing_published,
)
from indexers.errors import EngineBusy, EngineDown, EngineError, EngineTimeout, PublishError

from .address import Address
from .schema import index_body
from .transport import Connection

READ_SECONDS = 5.0
"""For one small read."""
CHANGE_SECONDS = 60.0
"""For one change of the cluster: an index that is made or removed."""
TRIES = 8
"""Times to replace the pointer while others replace it too, or while a lost node has no successor yet."""
PAUSE = 0.1
"""Seconds after a failed try, doubled each time."""
BEAT = 1.0
"""Seconds between two signs of a builder."""
QUIET = 10.0
"""Seconds without a sign after which another may take a builder's place: longer than a server's pauses."""
LOOK = 2
"""Seconds a server is asked to wait for the copies of a new generation before it is asked again."""
LOST_LOOKS = 5
"""Looks in a row at a part without any copy after which it is lost: a copy takes over within seconds."""
MAKINGS = 3
"""Times a generation's indexes are made where nodes are lost meanwhile."""

EXISTS = "resource_already_exists_exception"


class _Health(msgspec.Struct):
    status: str = ""


class Changed(Exception):
    """The document was replaced by somebody else meanwhile."""


class Tag(NamedTuple):
    """Which state of a document was seen."""

    number: int
    term: int


class _Held(msgspec.Struct, frozen=True):
    pointer: Pointer | None = None
    builder: str = ""


class _Kept(
    msgspec.Struct, frozen=True, rename={"source": "_source", "number": "_seq_no", "term": "_primary_term"}
):
    source: _Held = _Held()
    number: int = 0
    term: int = 0


class Store:
    """The documents and indexes of one prefix on the servers of one address."""

    def __init__(self, connection: Connection, address: Address) -> None:
        self.connection = connection
        self.poll = address.poll
        self._prefix = address.prefix
        self._shards, self._replicas = address.shards, address.replicas
        self._home = f"/{self._prefix}-pointer"
        self._names = re.compile(rf"{re.escape(self._prefix)}-({NAME_FORM})-(?:{'|'.join(COLLECTIONS)})")

    def index(self, generation: str, collection: str) -> str:
        """The name of an index."""
        return f"{self._prefix}-{generation}-{collection}"

    # -- the pointer -----------------------------------------------------------------------------------

    def look(self, deadline: Deadline | None = None) -> tuple[Pointer | None, Tag | None]:
        """What is published now, and which state of the document that is."""
        held, tag = self._get("pointer", deadline)
        return (held.pointer if held else None), tag

    def pointer(self, deadline: Deadline | None = None) -> Pointer:
        """What is published now; IndexMissing before the first publication."""
        pointer, _ = self.look(deadline)
        if pointer is None:
            raise nothing_published()
        return pointer

    def replace(self, change: Callable[[Pointer | None], Pointer]) -> Pointer:
        """Replace the pointer by what `change` makes of it, whoever else does so too; then the new one."""
        new: Pointer | None = None
        failure: EngineError | None = None
        for attempt in range(TRIES):
            time.sleep(PAUSE * 2**attempt if failure else 0)
            old, tag = self.look()
            if new is not None and new == old:
                return new
            new = change(old)
            try:
                self.put("pointer", _Held(pointer=new), tag)
                return new
            except Changed:
                failure = None
            except (EngineDown, EngineTimeout, EngineBusy) as error:
                # It may have been carried out all the same, which the next look tells.
                failure = error
        raise failure or EngineBusy("另一个进程正在发布索引；请等它结束后再试")

    def settle(self) -> None:
        """Return when every process that polls has seen the pointer."""
        time.sleep(self.poll)

    # -- small documents -------------------------------------------------------------------------------

    def _get(self, name: str, deadline: Deadline | None = None) -> tuple[_Held | None, Tag | None]:
        path = f"{self._home}/_doc/{name}"
        deadline = deadline or Deadline(READ_SECONDS)
        reply = self.connection.read("GET", path, deadline=deadline, allow=(404,))
        if reply.status == 404:
            return None, None
        kept = reply.read(_Kept)
        return kept.source, Tag(kept.number, kept.term)

    def put(self, name: str, held: _Held, tag: Tag | None) -> Tag:
        """Put a document in the place of the state that was seen; Changed if that is no more."""
        path = f"{self._home}/_create/{name}"
        if tag is not None:
            path = f"{self._home}/_doc/{name}?if_seq_no={tag.number}&if_primary_term={tag.term}"
        reply = self.connection.change(
            "PUT", path, msgspec.to_builtins(held), deadline=Deadline(READ_SECONDS), allow=(409,)
        )
        if reply.status == 409:
            raise Changed
        kept = reply.read(_Kept)
        return Tag(kept.number, kept.term)

    def builder(self) -> tuple[str, Tag | None]:
        """Who builds, by the last sign it gave."""
        held, tag = self._get("builder")
        return (held.builder if held else ""), tag

    def put_builder(self, name: str, tag: Tag | None) -> Tag:
        """Give a sign that somebody builds ("" for nobody)."""
        return self.put("builder", _Held(builder=name), tag)

    def make_home(self) -> None:
        """Make the index of the pointer if there is none; nothing in it is indexed."""
        body = {
            "settings": {"index": {"number_of_shards": 1, "auto_expand_replicas": f"0-{self._replicas}"}},
            "mappings": {"dynamic": False},
        }
        deadline = Deadline(CHANGE_SECONDS)
        if self.connection.read("HEAD", self._home, deadline=deadline, allow=(404,)).status == 404:
            self._change_indexes("PUT", self._home, body)

    # -- indexes ---------------------------------------------------------------------------------------

    def make(self, generation: str, catalog: Catalog) -> None:
        """Make the indexes of a new generation, with their copies.

        A node that is lost before a first copy is there takes a part of an index with it. Nothing is in them yet, so
        they are made again of the nodes that are left.
        """
        for _ in range(MAKINGS):
            for collection in COLLECTIONS:
                index = self.index(generation, collection)
                body = index_body(catalog, index, collection, self._shards, self._replicas)
                self._change_indexes("PUT", f"/{index}", body)
            if self.wait_for_copies(generation):
                return
            self._remove(self.index(generation, collection) for collection in COLLECTIONS)
        raise EngineDown("检索集群一再丢失新索引的分片；请查看各节点后重新运行 credit-search rebuild")

    def _change_indexes(self, method: str, path: str, body: Any = None) -> None:
        """Make or remove indexes; asked for once more where a node was lost before it answered.

        One that is there already is as good: another process made the pointer's first, or the successor of a lost
        master tells of what that had made for us.
        """
        for is_last in (False, True):
            try:
                deadline = Deadline(CHANGE_SECONDS)
                self.connection.change(method, path, body, deadline=deadline, allow=(EXISTS,))
            except EngineDown:
                if is_last:
                    raise
            else:
                return

    def wait_for_copies(self, generation: str) -> bool:
        """Return when every copy there are nodes for is there, or after a while: searches do not wait for them.

        False where a part has been without any copy for so long that its node must be lost.
        """
        names = ",".join(self.index(generation, collection) for collection in COLLECTIONS)
        path = f"/_cluster/health/{names}?wait_for_status=green&timeout={LOOK}s"
        end = time.monotonic() + CHANGE_SECONDS
        lost = 0
        while time.monotonic() < end and lost < LOST_LOOKS:
            # 408: not in time.
            reply = self.connection.read("GET", path, deadline=Deadline(READ_SECONDS + LOOK), allow=(408,))
            if reply.status == 200:
                return True
            lost = lost + 1 if reply.read(_Health).status == "red" else 0
        return lost < LOST_LOOKS

    def new_name(self) -> str:
        """A name that no generation has or had."""
        pointer, _ = self.look()
        return new_name((match[1] for match in self._ours()), pointer)

    def clear(self) -> None:
        """Remove every generation but the live and the kept one."""
        used = self._used()
        self._remove(match[0] for match in self._ours() if match[1] not in used)

    def remove(self, generation: str) -> None:
        """Remove a generation that is not published."""
        if generation not in self._used():
            self._remove(match[0] for match in self._ours() if match[1] == generation)

    def _used(self) -> set[str]:
        pointer, _ = self.look()
        return names_in_use(pointer)

    def _remove(self, names: Iterable[str]) -> None:
        found = ",".join(names)
        if found:
            self._change_indexes("DELETE", f"/{found}?ignore_unavailable=true")

    def _ours(self) -> list[re.Match[str]]:
        reply = self.connection.read(
            "GET", f"/{self._prefix}-g*/_alias", deadline=Deadline(CHANGE_SECONDS), allow=(404,)
        )
        names = reply.read(dict[str, msgspec.Raw]) if reply.status == 200 else {}
        return [match for name in sorted(names) if (match := self._names.fullmatch(name))]


class Published:
    """What this process knows to be published, looked up again when it is older than one interval."""

    def __init__(self, store: Store, fingerprint: str) -> None:
        self._store = store
        self._fingerprint = fingerprint
        self._lock = threading.Lock()
        self._pointer: Pointer | None = None
        self._until = 0.0

    def current(self, deadline: Deadline) -> tuple[Generation, int]:
        """The generation to answer from, and the revision, as they were at most one interval ago."""
        pointer = self._pointer
        if pointer is None or time.monotonic() >= self._until:
            pointer = self._looked_up(deadline, anew=False)
        return pointer.fitting(self._fingerprint), pointer.revision

    def refreshed(self, deadline: Deadline) -> tuple[Generation, int]:
        """As `current`, looked up now."""
        pointer = self._looked_up(deadline, anew=True)
        return pointer.fitting(self._fingerprint), pointer.revision

    def know(self, pointer: Pointer) -> None:
        """Take over what this process published itself."""
        with self._lock:
            self._until = time.monotonic() + self._store.poll
            self._pointer = pointer

    def _looked_up(self, deadline: Deadline, *, anew: bool) -> Pointer:
        if not self._lock.acquire(timeout=deadline.left()):
            raise EngineTimeout("检索服务器没有在限定时间内说明当前的索引")
        try:
            if anew or self._pointer is None or time.monotonic() >= self._until:
                # The interval begins before the question: an answer may be as old as that.
                until = time.monotonic() + self._store.poll
                self._pointer = None
                self._pointer = self._store.pointer(deadline)
                self._until = until
            return self._pointer
        finally:
            self._lock.release()


class FixedPublished:
    """A build that was finished and is not published."""

    def __init__(self, generation: Generation, revision: int) -> None:
        self._found = generation, revision

    def current(self, deadline: Deadline) -> tuple[Generation, int]:
        """Always the same."""
        return self._found

    def refreshed(self, deadline: Deadline) -> tuple[Generation, int]:
        """Always the same."""
        return self._found


class BuildLease:
    """The right to build: held by whoever gives a sign every second, so that a killed builder loses it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._name = uuid.uuid4().hex
        self._ended = threading.Event()
        self._lost = False
        self._tag = self._take()
        self._thread = threading.Thread(target=self._beat, name="build-lease", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """PublishError if another builder took over because no sign came from this one for too long."""
        if self._lost:
            raise PublishError(
                "构建索引的进程失去联系太久，已由另一个进程接替；请重新运行 credit-search rebuild"
            )

    def end(self) -> None:
        """Let others build."""
        if not self._ended.is_set():
            self.drop()
            self._thread.join()
            if not self._lost:
                with contextlib.suppress(Changed, EngineError):
                    self._store.put_builder("", self._tag)

    def drop(self) -> None:
        """Give no more signs."""
        self._ended.set()

    def _take(self) -> Tag:
        name, tag = self._store.builder()
        if name:
            time.sleep(QUIET)
            if self._store.builder() != (name, tag):
                raise EngineBusy("另一个进程正在构建索引；请等它结束后再试", retry_after=60.0)
        try:
            return self._store.put_builder(self._name, tag)
        except Changed:
            raise EngineBusy("另一个进程正在构建索引；请等它结束后再试", retry_after=60.0) from None

    def _beat(self) -> None:
        while not self._lost and not self._ended.wait(BEAT):
            # The server may be back with the next beat; who took over meanwhile is seen then.
            with contextlib.suppress(EngineError):
                self._give_sign()

    def _give_sign(self) -> None:
        try:
            self._tag = self._store.put_builder(self._name, self._tag)
        except Changed:
            # By another builder, or by a sign of our own whose answer was lost.
            name, tag = self._store.builder()
            self._lost = name != self._name or tag is None
            self._tag = tag or self._tag
