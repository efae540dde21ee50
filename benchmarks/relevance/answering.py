"""What does one of the compared systems show for a query?"""

from __future__ import annotations

from typing import Protocol

import msgspec

from benchmarks.relevance.judged import Judged
from indexers.answers import AnswerHit, Request
from indexers.documents import PublicRecord
from indexers.finding import Finder


class Shown(msgspec.Struct, frozen=True):
    """One result in the order of the page: hits, then proposals. `text`: all that can be read of a record."""

    id: str
    title: str
    reason: str = ""
    text: str = ""


class Answerer(Protocol):
    """A system that is asked."""

    name: str

    def answer(self, query: Judged) -> list[Shown]:
        """What it shows, best first; at least ten where it has so many."""


class Site:
    """This project, through the code that pages and API use."""

    def __init__(self, name: str, finder: Finder) -> None:
        self.name = name
        self._finder = finder

    def answer(self, query: Judged) -> list[Shown]:
        """Hits, then proposals."""
        answer = self._finder.find(Request(text=query.text, type=query.type))
        return [self._shown(hit) for hit in (*answer.hits, *answer.proposals)]

    def _shown(self, hit: AnswerHit) -> Shown:
        document = hit.document
        text = ""
        if isinstance(document, PublicRecord):
            parts = [document.title, document.subject, document.authority, document.decided_on]
            parts += document.fields.values()
            text = self._finder.analyzer.normalize("\n".join(parts))
        return Shown(document.id, document.title, hit.reason.code, text)
