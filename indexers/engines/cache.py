"""Which answers are already known: computed parts of answers, kept by content, day and question."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

import msgspec

from indexers.query import FacetResult, Filter, Hit, SearchQuery, Total

ENTRIES = 512
"""Parts kept; one with 20 hits takes some 60 KB, so a worker spends at most about 30 MB."""

T = TypeVar("T")

_encoder = msgspec.msgpack.Encoder()


class Part(msgspec.Struct, frozen=True):
    """A part of an answer: the hits of one page, or the counts beside them. `total` None: not known here."""

    hits: tuple[Hit, ...] = ()
    total: Total | None = None
    facets: dict[str, FacetResult] = {}


class AnswerCache(Generic[T]):
    """The last answers that were asked for. Safe to share between threads, which may compute one twice."""

    def __init__(self, entries: int = ENTRIES) -> None:
        self._entries = entries
        self._answers: OrderedDict[tuple[str, str], T] = OrderedDict()
        self._lock = Lock()

    def find(self, content: str, key: str) -> T | None:
        """The answer to a question about one state of an index, if it is kept."""
        with self._lock:
            answer = self._answers.get((content, key))
            if answer is not None:
                self._answers.move_to_end((content, key))
            return answer

    def keep(self, content: str, key: str, answer: T) -> None:
        """Keep an answer; the one that was asked for longest ago goes."""
        with self._lock:
            self._answers[content, key] = answer
            while len(self._answers) > self._entries:
                self._answers.popitem(last=False)

    def remember(self, content: str, key: str, compute: Callable[[], T]) -> T:
        """The kept answer, or the computed one, kept from now on."""
        answer = self.find(content, key)
        if answer is None:
            answer = compute()
            self.keep(content, key, answer)
        return answer


def hits_key(query: SearchQuery) -> str:
    """The question for one page of hits: all but the facets. It carries the day."""
    return _digest(msgspec.structs.replace(query, facets=(), deadline=0.0))


def counts_key(query: SearchQuery) -> str:
    """The question for facets: all but page and order. It carries the day."""
    return _digest(msgspec.structs.replace(query, sort=None, page=0, size=0, deadline=0.0))


def total_key(query: SearchQuery) -> str:
    """The question for the number of hits: text and filters only. It carries the day."""
    return counts_key(msgspec.structs.replace(query, facets=()))


def suggestions_key(text: str, visible: tuple[Filter, ...], limit: int) -> str:
    """The question for suggestions. The visibility in it carries the day."""
    return hashlib.blake2b(_encoder.encode((text, visible, limit)), digest_size=16).hexdigest()


def _digest(query: SearchQuery) -> str:
    return hashlib.blake2b(_encoder.encode(query), digest_size=16).hexdigest()
