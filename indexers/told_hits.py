"""What is told of a hit beside its document: why it is there, which passage of it, which parts of its texts?"""

from __future__ import annotations

from collections.abc import Iterable

from indexers.analysis import Analyzer, QueryTerms
from indexers.answers import AnswerHit, Reason, Request
from indexers.catalog import Catalog
from indexers.documents import PublicDocument, PublicEntry, PublicRecord
from indexers.explaining import Explainer
from indexers.passages import Passages
from indexers.query import Hit, Suggestion

BY_NUMBER = ("document_number", "code", "old_code")
"""Reasons that no shown name or text explains."""

Ranges = tuple[tuple[int, int], ...]


class ToldHits:
    """Makes hits of an engine hits of an answer."""

    def __init__(self, catalog: Catalog, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._explainer = Explainer(catalog, analyzer)
        self._passages = Passages(catalog, analyzer)

    def hits(
        self, request: Request, readings: tuple[QueryTerms, ...], hits: Iterable[Hit]
    ) -> tuple[AnswerHit, ...]:
        """The hits of a question in their order, each with its reason and highlights."""
        return tuple(self._hit(request, readings, hit) for hit in hits)

    def suggestion_reason(self, item: Suggestion, readings: tuple[QueryTerms, ...]) -> Reason:
        """Why a subject is suggested."""
        return self._explainer.suggestion_reason(item, readings)

    def title(self, document: PublicDocument, text: str) -> dict[str, Ranges]:
        """The parts of a title that a text found."""
        return {"title": self._highlights(document.title, text)}

    def _hit(self, request: Request, readings: tuple[QueryTerms, ...], hit: Hit) -> AnswerHit:
        reason = self._explainer.reason(hit, readings)
        if not readings:
            return AnswerHit(request.type, hit.document, reason)
        # Found by a number: the pieces of it that occur in other texts by chance are not why.
        document = hit.document
        highlights: dict[str, Ranges] = {"title": ()}
        if isinstance(document, PublicRecord) and reason.code == "body":
            document = self._passages.shown(document, request.text)
        if reason.code not in BY_NUMBER:
            highlights = self._shown_highlights(document, request.text)
        return AnswerHit(request.type, document, reason, highlights)

    def _shown_highlights(self, document: PublicDocument, text: str) -> dict[str, Ranges]:
        shown = {"title": document.title}
        if isinstance(document, PublicRecord):
            shown.update(subject=document.subject, authority=document.authority, snippet=document.snippet)
        elif isinstance(document, PublicEntry):
            shown["abstract"] = document.abstract
        found = {name: self._highlights(value, text) for name, value in shown.items() if value}
        return {name: ranges for name, ranges in found.items() if ranges or name == "title"}

    def _highlights(self, shown: str, text: str) -> Ranges:
        return tuple(self._analyzer.highlights(shown, text))
