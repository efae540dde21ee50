"""Which of some hits that match equally well is meant: an order within tiers that no index can keep?"""

from __future__ import annotations

from collections.abc import Sequence

from indexers.analysis import Analyzer, QueryTerms, to_grams
from indexers.catalog import Catalog
from indexers.closeness import missing
from indexers.documents import PublicSubject
from indexers.query import Hit, Tier

WINDOW = 200
"""Hits that may be put in another order, as long as no more were found: then every page shows a part of one whole,
and a word that thousands of names contain costs nothing."""

_TIERS: dict[Tier, int] = {"exact": 0, "prefix": 1, "contains": 2, "words": 3, "body": 4, "browse": 5}


class Ranker:
    """Puts the whole of a small answer in order: tier, live before dissolved, head office before branch (unless a
    branch is asked for), then the name that says least beside what was asked; what ties keeps the engine's order."""

    def __init__(self, catalog: Catalog, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._not_live = frozenset(catalog.ranking.not_live)

    def order(self, hits: Sequence[Hit], readings: tuple[QueryTerms, ...]) -> tuple[Hit, ...]:
        """The hits in order; stable, so the same on every engine."""
        asks_branch = any(self._analyzer.is_branch(terms.norm) for terms in readings)
        return tuple(sorted(hits, key=lambda hit: self._place(hit, readings, asks_branch)))

    def standing(self, subject: PublicSubject) -> tuple[bool, bool]:
        """What goes before how much of the name was asked for: live before dissolved, head office before branch."""
        return subject.status in self._not_live, self._analyzer.is_branch(subject.title)

    def _place(
        self, hit: Hit, readings: tuple[QueryTerms, ...], asks_branch: bool
    ) -> tuple[int, bool, bool, bool, int, int]:
        document = hit.document
        if not isinstance(document, PublicSubject):
            return _TIERS[hit.tier], False, False, False, 0, 0
        norms = [self._norm(name.name) for name in document.names]
        extra = min(
            (len(norm) for norm in norms if self._answers(norm, readings)), default=len(document.title)
        )
        is_dissolved, is_branch = self.standing(document)
        is_branch = is_branch and not asks_branch
        if hit.tier != "words":
            return _TIERS[hit.tier], False, is_dissolved, is_branch, 0, extra
        is_cut = not any(_has_parts(norm, readings) for norm in norms)
        unheard = min(missing(to_grams(t.norm), to_grams(norm)) for norm in norms for t in readings)
        return _TIERS[hit.tier], is_cut, is_dissolved, is_branch, unheard, extra

    def _norm(self, name: str) -> str:
        return self._analyzer.normalize(name)

    def _answers(self, norm: str, readings: tuple[QueryTerms, ...]) -> bool:
        return any(terms.norm in norm or all(word in norm for word in terms.words) for terms in readings)


def _has_parts(norm: str, readings: tuple[QueryTerms, ...]) -> bool:
    """Whether the pieces between blanks stand in the name whole, not only cut into the dictionary's words."""
    return any(all(part.text in norm for part in terms.parts) for terms in readings)
