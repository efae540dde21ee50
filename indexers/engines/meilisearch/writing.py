"""How do operations get into the indexes of a generation, and what became of each?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import msgspec

from indexers.documents import Bury, Collection, IndexValue, Operation, Packed, Redirect, Remove, Upsert
from indexers.engines.base import Rejected, WriteReport
from indexers.engines.deadline import Deadline
from indexers.engines.fitting import ID_FORM, Form, Forms, Unfit, check_id
from indexers.engines.published import write_document
from indexers.grammar import IndexField

from .client import Client, Fetched
from .settings import EVERY, EVERY_WORD, GONE, MOVED_TO, SEQ, STORED, as_words
from .tasks import Server, TaskFailed

CHUNK_BYTES = 24_000_000
"""One task: large ones are indexed faster, and a server refuses more than 100 MB."""
AHEAD = 3
"""Chunks handed over and not yet done: the server is never idle, and what must be kept is bounded."""
SEQS_AT_ONCE = 1_000
"""Ids whose stored seq is asked for in one request."""
ASK_SECONDS = 60.0


class Chunk(NamedTuple):
    """What was handed over: document lines by id in one task, or ids to forget."""

    tasks: Sequence[int]
    where: str
    lines: Mapping[str, bytes]


class LineForm(Form):
    """Documents as lines of the server's JSON."""

    def __init__(self, fields: Mapping[str, IndexField], collection: str) -> None:
        super().__init__(fields, collection)
        self._in_order = {name: field.positions for name, field in fields.items() if field.type == "tokens"}

    def _write(self, operation: Upsert, values: dict[str, IndexValue]) -> bytes:
        document: dict[str, object] = {
            "id": operation.id,
            SEQ: operation.seq,
            GONE: 0,
            EVERY: EVERY_WORD,
            STORED: operation.stored.decode(),
            **values,
        }
        for name in self._in_order.keys() & values.keys():
            document[name] = as_words(str(values[name]), in_order=self._in_order[name])
        return msgspec.json.encode(document)


def remains(operation: Bury | Redirect) -> bytes:
    """What is left of a document, as one line: found by id only, in no range of days, without words."""
    check_id(operation.id)
    left: dict[str, object] = {"id": operation.id, SEQ: operation.seq, GONE: 1}
    if isinstance(operation, Redirect):
        check_id(operation.moved_to)
        left[MOVED_TO] = operation.moved_to
    return msgspec.json.encode(left)


class Held(msgspec.Struct):
    """Which state of a document is held."""

    id: str
    seq: int


class StoredSeqs:
    """Which `seq` is stored under an id: asked of the server, then remembered."""

    def __init__(self, client: Client | None) -> None:
        self._client = client
        self._known: dict[tuple[str, str], int] = {}
        self._asked: set[tuple[str, str]] = set()

    def learn(self, index: str, ids: Iterable[str]) -> None:
        """Ask for the ids that are not known yet; a fresh index (no client) holds none."""
        if self._client is None:
            return
        unknown = (doc_id for doc_id in dict.fromkeys(ids) if (index, doc_id) not in self._asked)
        missing = [doc_id for doc_id in unknown if ID_FORM.fullmatch(doc_id)]
        for start in range(0, len(missing), SEQS_AT_ONCE):
            some = missing[start : start + SEQS_AT_ONCE]
            asked = {"ids": some, "fields": ["id", SEQ], "limit": len(some)}
            path = f"/indexes/{index}/documents/fetch"
            answer = self._client.ask("POST", path, asked, Deadline(ASK_SECONDS), Fetched[Held])
            self._known.update({(index, held.id): held.seq for held in answer.results})
            self._asked.update((index, doc_id) for doc_id in some)

    def is_stale(self, index: str, operation: Operation) -> bool:
        """Whether something newer is stored."""
        return operation.seq < self._known.get((index, operation.id), operation.seq)

    def note(self, index: str, operation: Operation) -> None:
        """The operation is on its way."""
        self._known[index, operation.id] = operation.seq


class GenerationWriter:
    """Carries out operations on a generation's indexes, newest `seq` wins.

    `indexes`: collection → index. Without `forms` (another fingerprint) upserts are refused.
    """

    def __init__(
        self,
        server: Server,
        indexes: Mapping[Collection, str],
        forms: Forms,
        seqs: StoredSeqs,
        chunk_bytes: int = CHUNK_BYTES,
    ) -> None:
        self._server = server
        self._indexes = indexes
        self._forms = forms
        self._seqs = seqs
        self._chunk_bytes = chunk_bytes
        self._lines: dict[str, dict[str, bytes]] = {}
        self._size = 0
        self._under_way: deque[Chunk] = deque()
        self._refused: list[Rejected] = []
        self.began = False
        """Whether anything was handed to the server."""

    def put_all(self, operations: Iterable[Operation]) -> WriteReport:
        """Carry out operations and wait until they are searchable."""
        ok = stale = 0
        unfit: list[Rejected] = []
        self._refused = []
        for some in _batches(operations):
            self._learn(some)
            for operation in some:
                index = self._indexes[operation.collection]
                if self._seqs.is_stale(index, operation):
                    stale += 1
                    continue
                try:
                    self._gather(index, operation)
                    ok += 1
                except Unfit as error:
                    unfit.append(Rejected(operation.id, str(error)))
                if self._size >= self._chunk_bytes:
                    self._hand_over()
        self._hand_over()
        while self._under_way:
            self._settle(self._under_way.popleft())
        return WriteReport(ok - len(self._refused), stale, (*unfit, *self._refused))

    def _learn(self, operations: Sequence[Operation]) -> None:
        for collection, index in self._indexes.items():
            self._seqs.learn(index, (each.id for each in operations if each.collection == collection))

    def _gather(self, index: str, operation: Operation) -> None:
        line = self._line(operation)
        self._seqs.note(index, operation)
        self._lines.setdefault(index, {})[operation.id] = line
        self._size += len(line) + 1

    def _line(self, operation: Operation) -> bytes:
        """The document's line, b"" for one to be forgotten."""
        if isinstance(operation, Upsert | Packed):
            return write_document(operation, self._forms.get(operation.collection))
        if isinstance(operation, Remove):
            check_id(operation.id)
            return b""
        return remains(operation)

    def _hand_over(self) -> None:
        """Begin the tasks for what is gathered; wait for older ones when too many are under way."""
        gathered, self._lines, self._size = self._lines, {}, 0
        self.began = self.began or bool(gathered)
        for index, lines in gathered.items():
            kept = {doc_id: line for doc_id, line in lines.items() if line}
            if kept:
                self._under_way.append(Chunk([self._server.put(index, [*kept.values()])], index, kept))
            gone = {doc_id: line for doc_id, line in lines.items() if not line}
            if gone:
                self._under_way.append(Chunk(self._server.remove(index, gone), index, gone))
        while len(self._under_way) > AHEAD:
            self._settle(self._under_way.popleft())

    def _settle(self, chunk: Chunk) -> None:
        """Wait for a task. One bad document fails a whole task, so halves are tried until it is found."""
        try:
            for task in chunk.tasks:
                self._server.wait(task)
        except TaskFailed as error:
            if not error.bad_input or not all(chunk.lines.values()):
                raise
            self._retry_halves(chunk, str(error))

    def _retry_halves(self, chunk: Chunk, reason: str) -> None:
        # What was handed over since then is newer: it must not be overwritten.
        newer = {doc_id for later in self._under_way if later.where == chunk.where for doc_id in later.lines}
        ids = [doc_id for doc_id in chunk.lines if doc_id not in newer]
        if len(ids) == 1 and len(chunk.lines) == 1:
            self._refused.append(Rejected(ids[0], reason))
            return
        middle = (len(ids) + 1) // 2
        for half in (ids[:middle], ids[middle:]):
            if half:
                lines = {doc_id: chunk.lines[doc_id] for doc_id in half}
                task = self._server.put(chunk.where, [*lines.values()])
                self._settle(Chunk([task], chunk.where, lines))


def _batches(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    iterator = iter(operations)
    while some := list(islice(iterator, SEQS_AT_ONCE)):
        yield some
