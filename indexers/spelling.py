"""Whose name is spelled by some Latin letters: by its pinyin in full, or by the initials of its syllables?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from indexers.analysis import EDGE_LENGTH, Analyzer, syllable_bigrams, syllable_splits, whole_initials
from indexers.closeness import edits_within
from indexers.documents import PublicSubject
from indexers.engines.base import SearchEngine
from indexers.query import AnyQuery

SPLITS = 4
"""Ways to cut letters into syllables that are tried: xi an and xian, fan gan and fang an."""
PAIRS = 8
"""Rarest pairs of syllables asked for."""
COMMON_SOUND = 20_000
"""A pair of syllables in more names says nothing about which one is meant, and costs time."""
BEGUN = 200
"""Names asked for that begin with the letters: the best of them by length is often far down by rank."""
WRONG_LETTERS = 0.15
"""Share of letters that may differ where nothing is spelled exactly: a character has other readings."""
SHORTEST_WRONG = 8
"""Letters; in fewer, one wrong letter spells another name."""


class Spelled(msgspec.Struct, frozen=True):
    """A subject whose name is spelled so; `wrong`: letters that differ, `more`: letters beside those typed."""

    document: PublicSubject
    code: str
    wrong: float
    more: int


class Speller:
    """Finds subjects by the sound of their names, typed in letters."""

    def __init__(self, engine: SearchEngine, analyzer: Analyzer, deadline: float) -> None:
        """`deadline`: seconds that one call of the engine may take."""
        self._engine = engine
        self._analyzer = analyzer
        self._deadline = deadline

    def spelled(self, letters: str, today: date) -> list[Spelled]:
        """Subjects whose name or own part is spelled by the letters, or nearly; each once, in no order."""
        found: dict[str, Spelled] = {}
        asked = [("pinyin", query) for query in self._by_pairs(letters, today, 1.0)]
        asked += [(code, query) for code, query in self._by_beginning(letters, today)]
        for code, query in asked:
            self._take(found, letters, code, query)
        if not found and len(letters) >= SHORTEST_WRONG:
            for query in self._by_pairs(letters, today, 0.5):
                self._take(found, letters, "pinyin", query, wrong=WRONG_LETTERS * len(letters))
        return list(found.values())

    def _by_pairs(self, letters: str, today: date, share: float) -> Iterator[AnyQuery]:
        """Names with this share of the pairs of syllables, for each way to cut the letters."""
        if share == 1.0 and len(letters) <= EDGE_LENGTH:
            return
        for syllables in syllable_splits(letters, SPLITS):
            unique = tuple(dict.fromkeys(syllable_bigrams(syllables)))
            frequencies = self._engine.frequencies("subjects", "name_syll", unique)
            telling = [pair for pair in unique if frequencies[pair] <= COMMON_SOUND]
            known = sorted(filter(frequencies.get, telling), key=frequencies.__getitem__)[:PAIRS]
            least = round(min(len(telling), PAIRS) * share)
            if known and least <= len(known):
                wanted, deadline = tuple(known), self._deadline
                yield AnyQuery("subjects", today, "name_syll", wanted, max(1, least), deadline=deadline)

    def _by_beginning(self, letters: str, today: date) -> Iterator[tuple[str, AnyQuery]]:
        begun = letters[:EDGE_LENGTH]
        asked = (("initials", whole_initials(letters)), ("pinyin", f"p:{begun}"), ("initials", f"i:{begun}"))
        for code, edge in asked:
            yield code, AnyQuery("subjects", today, "name_edge", (edge,), 1, BEGUN, self._deadline)

    def _take(
        self, found: dict[str, Spelled], letters: str, code: str, query: AnyQuery, wrong: float = 0.0
    ) -> None:
        for hit in self._engine.propose(query):
            if isinstance(hit.document, PublicSubject) and hit.id not in found:
                spellings = list(self._spellings(hit.document, code))
                rest = _rest(letters, spellings, from_start=code == "initials", wrong=wrong)
                if rest is not None:
                    found[hit.id] = Spelled(hit.document, code, *rest)

    def _spellings(self, document: PublicSubject, code: str) -> Iterator[str]:
        """How the names of a subject, without their legal form and as a whole, are spelled."""
        for name in document.names:
            norm = self._analyzer.normalize(name.name)
            form = self._analyzer.legal_form(norm) or ""
            for text in dict.fromkeys((norm.removesuffix(form), self._analyzer.core(norm), norm)):
                is_full = code == "pinyin"
                yield "".join(self._analyzer.pinyin(text)) if is_full else self._analyzer.initials(text)


def _rest(
    letters: str, spellings: Sequence[str], *, from_start: bool, wrong: float
) -> tuple[float, int] | None:
    """Letters wrong and letters left over in the spelling that fits best; None if none fits."""
    if wrong:
        costs = ((edits_within(letters, each), abs(len(each) - len(letters))) for each in spellings)
        return min((cost for cost in costs if cost[0] <= wrong), default=None)
    fits = [
        (0.0, len(spelling) - len(letters))
        for spelling in spellings
        if spelling.startswith(letters) or (not from_start and letters in spelling)
    ]
    return min(fits, default=None)
