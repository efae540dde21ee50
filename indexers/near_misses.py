"""Which near misses stand beside an answer, of names, codes or numbers of documents?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from indexers.answers import AnswerHit, Other, Request
from indexers.catalog import Catalog
from indexers.engines.base import SearchEngine
from indexers.explaining import NEAR_NUMBER
from indexers.near_numbers import NearNumbers
from indexers.proposing import Proposer
from indexers.query import MAX_SIZE, SearchPage, SearchQuery
from indexers.ranking import Ranker


class NearMisses:
    """Proposes what may have been meant; never in hits, total or facets."""

    def __init__(self, engine: SearchEngine, catalog: Catalog, ranker: Ranker, deadline: float) -> None:
        """`deadline`: seconds that one call of the engine may take."""
        self._engine = engine
        self._proposer = Proposer(engine, ranker, deadline)
        self._numbers = NearNumbers(engine, catalog, deadline)

    def beside(
        self, request: Request, query: SearchQuery, page: SearchPage, other: Sequence[Other]
    ) -> tuple[AnswerHit, ...]:
        """What is proposed for the first page of an answer; `other` is what the other types hold for its text."""
        # The number of a document is nobody's name: what sounds like it is no near miss.
        is_number = any(terms.document_numbers and not terms.codes for terms in query.readings)
        if is_number:
            return () if query.filters or page.total.value else self._near_numbers(request, query.today)
        if request.type == "subject":
            return () if query.filters else self._near_subjects(query, page)
        # Whoever looks for the records of somebody mistypes the same names; filters of records have no part in it.
        known = any(each.type == "subject" and each.total.value for each in other)
        if request.type == "record" and not page.total.value and not known:
            return self._near_subjects(query, page)
        return ()

    def _near_subjects(self, query: SearchQuery, page: SearchPage) -> tuple[AnswerHit, ...]:
        near = self._proposer.propose(query.readings, query.today, page.total.value)
        hits = self._all_ids(query, page) if near else set()
        return tuple(
            AnswerHit("subject", proposal.document, proposal.reason, {"title": ()})
            for proposal in near
            if proposal.document.id not in hits
        )

    def _near_numbers(self, request: Request, today: date) -> tuple[AnswerHit, ...]:
        found = self._numbers.propose(request.text, request.type, today)
        return tuple(AnswerHit(near.type, near.document, NEAR_NUMBER, {"title": ()}) for near in found)

    def _all_ids(self, query: SearchQuery, page: SearchPage) -> set[str]:
        """All hits of an answer that is small enough for proposals beside it, also those of its other pages."""
        hits = page.hits
        if page.total.value > len(hits):
            hits = self._engine.search(msgspec.structs.replace(query, facets=(), size=MAX_SIZE)).hits
        return {hit.id for hit in hits}
