"""Which documents have the year and the number that were typed, behind other words than these?"""

from __future__ import annotations

from datetime import date

import msgspec

from indexers.analysis import Analyzer
from indexers.catalog import COLLECTION_OF_TYPE, Catalog
from indexers.closeness import slips
from indexers.documents import PublicDocument, PublicSubject
from indexers.engines.base import SearchEngine
from indexers.paper_numbers import numbers_of
from indexers.query import MAX_SIZE, SearchQuery, TermFilter

SHOWN = 5
END_MARK = "…"
"""Begins the form of a number that is its year and its end alone (…2026762)."""
_TYPES_WITH_NUMBERS = ("record", "library")


class NearNumber(msgspec.Struct, frozen=True):
    """A document that may be meant, with its type."""

    type: str
    document: PublicDocument


class NearNumbers:
    """Finds documents by the end of a number of which no other part is right."""

    def __init__(self, engine: SearchEngine, catalog: Catalog, deadline: float) -> None:
        """`deadline`: seconds that one call of the engine may take."""
        self._engine = engine
        self._catalog = catalog
        self._analyzer: Analyzer = engine.analyzer
        self._deadline = deadline

    def propose(self, text: str, result_type: str, today: date) -> list[NearNumber]:
        """The documents whose number differs least first; none where one has the very number that was typed.

        Subjects have no numbers: what is typed there may be that of a record or of an entry of the library.
        """
        keys = self._analyzer.document_number_query(text)
        ends = [form for form in self._analyzer.document_number_forms(text) if form.startswith(END_MARK)]
        if not keys or len(ends) != 1:
            return []
        types = (result_type,) if result_type in _TYPES_WITH_NUMBERS else _TYPES_WITH_NUMBERS
        found = [near for each in types for near in self._with_end(ends[0], each, today)]
        if any(set(keys) & self._forms(near.document) for near in found):
            return []
        return sorted(found, key=lambda near: self._slips(text, near.document))[:SHOWN]

    def _slips(self, text: str, document: PublicDocument) -> float:
        typed = (self._analyzer.normalize(text),)
        return min(
            (slips(typed, self._analyzer.normalize(each)) for each in self._numbers(document)), default=0
        )

    def _forms(self, document: PublicDocument) -> set[str]:
        return {
            form for each in self._numbers(document) for form in self._analyzer.document_number_forms(each)
        }

    def _numbers(self, document: PublicDocument) -> list[str]:
        if isinstance(document, PublicSubject):
            return []
        return list(numbers_of(document, self._catalog).values())

    def _with_end(self, end: str, result_type: str, today: date) -> list[NearNumber]:
        same = (TermFilter("document_number", (end,)),)
        query = SearchQuery(
            COLLECTION_OF_TYPE[result_type], today, filters=same, size=MAX_SIZE, deadline=self._deadline
        )
        return [NearNumber(result_type, hit.document) for hit in self._engine.search(query).hits]
