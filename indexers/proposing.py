"""What could have been meant, when a name or code is not quite right? Shown apart, never counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import msgspec

from indexers.analysis import EDGE_LENGTH, Analyzer, QueryTerms
from indexers.answers import Reason
from indexers.documents import PublicSubject
from indexers.engines.base import SearchEngine
from indexers.explaining import reason
from indexers.identifiers import looks_like_code, near_codes
from indexers.query import AnyQuery, Hit, SearchQuery, TermFilter

TERMS = 8
"""Rarest terms asked for; more cost time and find nothing more (measured on a million names)."""
SHARE = 0.4
"""Least share of them that a candidate must have."""
SIMILAR = 0.62
"""Least similarity of a candidate's name to the query: below it, what is found is merely related."""
ENOUGH = 10
"""With this many true hits nothing is proposed: the visitor narrows instead."""
SHOWN = 5


class Proposal(msgspec.Struct, frozen=True):
    """A subject that may be meant, and why it is thought so."""

    document: PublicSubject
    reason: Reason


class Proposer:
    """Finds near misses among subjects."""

    def __init__(self, engine: SearchEngine, analyzer: Analyzer) -> None:
        self._engine = engine
        self._analyzer = analyzer

    def propose(self, readings: tuple[QueryTerms, ...], today: date, hits: int) -> list[Proposal]:
        """At most five near misses of the first reading, best first; none where there are hits enough."""
        if hits >= ENOUGH:
            return []
        terms = readings[0]
        found: dict[str, Proposal] = {}
        for way in self._ways(terms):
            for proposal in way(terms, today):
                found.setdefault(proposal.document.id, proposal)
            if len(found) >= SHOWN:
                break
        return list(found.values())[:SHOWN]

    def _ways(self, terms: QueryTerms) -> Iterable[Callable[[QueryTerms, date], list[Proposal]]]:
        if terms.codes and looks_like_code(terms.codes[0]):
            return (self._near_codes,)
        if terms.letters:
            return (self._by_letters,)
        return (self._by_sound, self._by_grams)

    def _near_codes(self, terms: QueryTerms, today: date) -> list[Proposal]:
        codes = near_codes(terms.codes[0])
        if not codes:
            return []
        page = self._engine.search(
            SearchQuery("subjects", today, filters=(TermFilter("code", codes),), size=SHOWN)
        )
        return [_proposal(hit, "code_near") for hit in page.hits]

    def _by_letters(self, terms: QueryTerms, today: date) -> list[Proposal]:
        """Latin letters as the pinyin of a name, or as the initials of its syllables."""
        letters = terms.letters or ""
        found: list[Proposal] = []
        if len(letters) > EDGE_LENGTH and (pairs := self._rarest("name_syll", terms.syllables)):
            asked = AnyQuery("subjects", today, "name_syll", pairs, len(pairs))
            hits = [hit for hit in self._engine.propose(asked) if self._sounds_like(hit, letters, "pinyin")]
            found.extend(_proposal(hit, "pinyin") for hit in hits)
        for source, code in (("p", "pinyin"), ("i", "initials")):
            asked = AnyQuery("subjects", today, "name_edge", (f"{source}:{letters[:EDGE_LENGTH]}",), 1)
            for hit in self._engine.propose(asked):
                if self._sounds_like(hit, letters, code):
                    found.append(_proposal(hit, code))
        return found

    def _sounds_like(self, hit: Hit, letters: str, code: str) -> bool:
        if not isinstance(hit.document, PublicSubject):
            return False
        for name in hit.document.names:
            for text in (name.name, self._analyzer.core(name.name)):
                syllables = self._analyzer.pinyin(text)
                spelled = "".join(s if code == "pinyin" else s[:1] for s in syllables)
                if spelled.startswith(letters):
                    return True
        return False

    def _by_sound(self, terms: QueryTerms, today: date) -> list[Proposal]:
        """Homophones: all syllable pairs of the query occur, with other characters."""
        pairs = self._rarest("name_syll", terms.syllables)
        if len(pairs) < min(TERMS, len(set(terms.syllables))) or not pairs:
            return []
        hits = self._engine.propose(AnyQuery("subjects", today, "name_syll", pairs, len(pairs)))
        ranked = self._ranked(terms, hits)
        return [_proposal(hit, "homophone") for _, hit in ranked]

    def _by_grams(self, terms: QueryTerms, today: date) -> list[Proposal]:
        """A character wrong, missing or too many: most of the rare pairs still occur."""
        grams = self._rarest("name_gram", [gram for run in terms.runs for gram in run])
        if not grams:
            return []
        least = max(1, round(len(grams) * SHARE))
        hits = self._engine.propose(AnyQuery("subjects", today, "name_gram", grams, least))
        return [
            _proposal(hit, "near_miss") for likeness, hit in self._ranked(terms, hits) if likeness >= SIMILAR
        ]

    def _rarest(self, field: str, terms: Iterable[str]) -> tuple[str, ...]:
        unique = tuple(dict.fromkeys(terms))
        frequencies = self._engine.frequencies("subjects", field, unique)
        known = [term for term in unique if frequencies[term]]
        return tuple(sorted(known, key=lambda term: (frequencies[term], term))[:TERMS])

    def _ranked(self, terms: QueryTerms, hits: Iterable[Hit]) -> list[tuple[float, Hit]]:
        scored = [(self._likeness(terms.norm, hit), hit) for hit in hits]
        return sorted(scored, key=lambda item: -item[0])

    def _likeness(self, norm: str, hit: Hit) -> float:
        if not isinstance(hit.document, PublicSubject):
            return 0.0
        return max(
            (likeness(norm, self._analyzer.normalize(name.name)) for name in hit.document.names), default=0.0
        )


def _proposal(hit: Hit, code: str) -> Proposal:
    if not isinstance(hit.document, PublicSubject):
        raise TypeError("only subjects are proposed")
    return Proposal(hit.document, reason(code))


def likeness(query: str, name: str) -> float:
    """How much of the query stands in the name with few edits, 0 to 1: the name may go on at either end."""
    return 1 - edits_within(query, name) / max(len(query), 1)


def edits_within(query: str, name: str) -> int:
    """Fewest edits (change, leave out, add) that turn the query into some part of the name (Sellers 1980)."""
    row = [0] * (len(name) + 1)
    for i, wanted in enumerate(query, 1):
        before, row[0] = row[0], i
        for j, given in enumerate(name, 1):
            here = min(before + (wanted != given), row[j] + 1, row[j - 1] + 1)
            before, row[j] = row[j], here
    return min(row)
