"""What could have been meant, when a name or code is not quite right? Shown apart, never counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

import msgspec

from indexers.analysis import QueryTerms, to_grams
from indexers.answers import Reason
from indexers.closeness import LEVELS, is_homophone, missing, slips
from indexers.documents import PublicSubject
from indexers.engines.base import SearchEngine
from indexers.explaining import reason
from indexers.identifiers import looks_like_code, near_codes
from indexers.query import AnyQuery, Hit, SearchQuery, TermFilter
from indexers.ranking import Ranker
from indexers.spelling import COMMON_SOUND, Speller

TERMS = 8
"""Rarest terms asked for; more cost time and find nothing more (measured on a million names)."""
COMMON_PAIR = 5_000
"""A pair of characters in more names says nothing about which one is meant, and costs time."""
SHARE = 0.25
"""Least share of the rare pairs that a candidate must have: a wrong character takes two pairs with it, two
exchanged take three."""
SOUND_SHARE = 0.6
"""The same for syllables: a character of the same sound keeps them, unless it makes other words."""
CANDIDATES = 250
"""Candidates asked for of each kind."""
COMPARED = 40
"""Candidates compared character by character: those that share the most characters with the query."""
TOLERANCE = 0.25
"""Most slips for each character of the query's own part; what differs more is merely related."""
OTHER_FORM = 0.5
"""Cost of 有限公司 for 有限责任公司 and the like, however many characters it takes."""
SHORTEST_WITH_SLIP = 4
"""In a shorter text one slip changes too much of it."""
ENOUGH = 10
"""With this many true hits nothing is proposed: the visitor narrows instead."""
SHOWN = 5
SHOWN_SPELLED = 10
"""Initials are shared by more names than are near to each other."""
_LIMITED = re.compile("(?:股份)?有限(?:责任)?(?=公司$)")
_WITHOUT_LEVELS = str.maketrans("", "", LEVELS)


class Proposal(msgspec.Struct, frozen=True):
    """A subject that may be meant, and why it is thought so."""

    document: PublicSubject
    reason: Reason


class Proposer:
    """Finds near misses among subjects."""

    def __init__(self, engine: SearchEngine, ranker: Ranker, deadline: float) -> None:
        """`deadline`: seconds that one call of the engine may take."""
        self._engine = engine
        self._ranker = ranker
        self._deadline = deadline
        self._analyzer = engine.analyzer
        self._speller = Speller(engine, self._analyzer, deadline)

    def propose(self, readings: tuple[QueryTerms, ...], today: date, hits: int) -> list[Proposal]:
        """The nearest misses of the first reading, best first; none where there are hits enough."""
        if hits >= ENOUGH:
            return []
        return self._way(readings[0])(readings[0], today)

    def _way(self, terms: QueryTerms) -> Callable[[QueryTerms, date], list[Proposal]]:
        if terms.codes and looks_like_code(terms.codes[0]):
            return self._near_codes
        return self._by_letters if terms.letters else self._near_names

    # -- codes and letters ------------------------------------------------------------------------------------

    def _near_codes(self, terms: QueryTerms, today: date) -> list[Proposal]:
        codes = near_codes(terms.codes[0])
        if not codes:
            return []
        near = (TermFilter("code", codes),)
        query = SearchQuery("subjects", today, filters=near, size=SHOWN, deadline=self._deadline)
        page = self._engine.search(query)
        return [Proposal(document, reason("code_near")) for document in _subjects(page.hits)]

    def _by_letters(self, terms: QueryTerms, today: date) -> list[Proposal]:
        found = self._speller.spelled(terms.letters or "", today)
        ordered = sorted(
            found,
            key=lambda e: (
                e.wrong,
                e.more > 0,
                *self._ranker.standing(e.document),
                e.more,
                len(e.document.title),
            ),
        )
        return [Proposal(each.document, reason(each.code)) for each in ordered[:SHOWN_SPELLED]]

    # -- names ------------------------------------------------------------------------------------------------

    def _near_names(self, terms: QueryTerms, today: date) -> list[Proposal]:
        """Names that differ by few slips, in their region alone, or in nothing but how they sound."""
        pieces = tuple(_bare(part.text) for part in terms.parts) or (_bare(terms.norm),)
        scored = []
        for document in self._most_alike(self._candidates(terms, today), pieces):
            best = min(self._compared(terms, pieces, document), default=None)
            if best is not None:
                cost, unheard, extra, code = best
                scored.append(((cost, *self._ranker.standing(document), unheard, extra), document, code))
        scored.sort(key=lambda each: each[0])
        return [Proposal(document, reason(code)) for _, document, code in scored[:SHOWN]]

    def _candidates(self, terms: QueryTerms, today: date) -> list[PublicSubject]:
        """Subjects that share rare pairs of syllables or characters with the query, or the whole of its own part."""
        pieces = [part.text for part in terms.parts] or [terms.norm]
        sounds = self._rarest("name_syll", terms.syllables, COMMON_SOUND)
        grams = self._rarest("name_gram", [gram for piece in pieces for gram in to_grams(piece)], COMMON_PAIR)
        core = (terms.core,) if terms.core and terms.core != terms.norm else ()
        asked = (
            ("name_gram", grams, _least(grams, SHARE)),
            ("name_syll", sounds, _least(sounds, SOUND_SHARE)),
            ("name_core", core, 1),
        )
        found: dict[str, PublicSubject] = {}
        for field, wanted, least in asked:
            if wanted:
                query = AnyQuery("subjects", today, field, wanted, least, CANDIDATES, self._deadline)
                found.update((each.id, each) for each in _subjects(self._engine.propose(query)))
        return list(found.values())

    def _rarest(self, field: str, terms: Iterable[str], common: int) -> tuple[str, ...]:
        unique = tuple(dict.fromkeys(terms))
        frequencies = self._engine.frequencies("subjects", field, unique)
        known = [term for term in unique if 0 < frequencies[term] <= common]
        return tuple(sorted(known, key=lambda term: (frequencies[term], term))[:TERMS])

    def _most_alike(self, found: list[PublicSubject], pieces: Sequence[str]) -> list[PublicSubject]:
        if len(found) <= COMPARED:
            return found
        wanted = set("".join(pieces))
        shared = {each.id: max(len(wanted & set(name.name)) for name in each.names) for each in found}
        return sorted(found, key=lambda each: -shared[each.id])[:COMPARED]

    def _compared(
        self, terms: QueryTerms, pieces: tuple[str, ...], document: PublicSubject
    ) -> Iterable[tuple[float, int, int, str]]:
        """(cost of the slips, characters typed that the name has not, characters more than asked, reason) for each
        name that is near enough."""
        size = sum(map(len, pieces))
        own = size if terms.parts else len(terms.core or terms.norm)
        allowed = max(TOLERANCE * own, 1.0) if size >= SHORTEST_WITH_SLIP else 0.0
        for name in document.names:
            norm = self._analyzer.normalize(name.name)
            bare = _bare(norm)
            cost = min(slips(pieces, bare), self._cost_without_forms(terms, pieces, norm))
            is_elsewhere = bool(terms.core) and self._is_elsewhere(terms, norm)
            if cost <= allowed or is_elsewhere:
                sounds = cost > 0 and is_homophone(pieces, bare)
                code = "homophone" if sounds else "other_region" if is_elsewhere else "near_miss"
                yield cost, missing("".join(pieces), bare), abs(len(bare) - size), code

    def _cost_without_forms(self, terms: QueryTerms, pieces: tuple[str, ...], norm: str) -> float:
        """Cost of the slips where both have a legal form, but not the same: few people keep them apart."""
        typed, given = self._analyzer.legal_form(terms.norm), self._analyzer.legal_form(norm)
        if not typed or not given or typed == given:
            return float("inf")
        rest = [piece.removesuffix(_bare(typed)) for piece in pieces]
        without = slips(filter(None, rest), _bare(norm.removesuffix(given)))
        # The listed form of 某实业公司 is 实业公司, that of 某实业有限公司 is not.
        unlimited = slips([_LIMITED.sub("", piece) for piece in pieces], _LIMITED.sub("", _bare(norm)))
        return OTHER_FORM + min(without, unlimited)

    def _is_elsewhere(self, terms: QueryTerms, norm: str) -> bool:
        """Whether the own part is the same and stands behind another region."""
        core = self._analyzer.core(norm)
        if core != terms.core:
            return False
        typed, given = _place_before(terms.norm, core), _place_before(norm, core)
        return bool(typed) and not typed.startswith(given) and not given.startswith(typed)


def _least(terms: Sequence[str], share: float) -> int:
    return max(1, round(len(terms) * share))


def _subjects(hits: Iterable[Hit]) -> list[PublicSubject]:
    return [hit.document for hit in hits if isinstance(hit.document, PublicSubject)]


def _bare(norm: str) -> str:
    """Letters and digits alone: brackets and dots are left out by some and typed by others."""
    return "".join(filter(str.isalnum, norm))


def _place_before(norm: str, core: str) -> str:
    """What stands before the own part, without the words for levels that many leave out."""
    return norm[: max(0, norm.find(core))].translate(_WITHOUT_LEVELS)
