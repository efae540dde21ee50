"""What is in the index that is asked, and what follows from it: who shares a name, a reading, a prefix?"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property

from indexers.analysis import Analyzer
from indexers.documents import PublicRecord, PublicSubject
from indexers.engines.base import SearchEngine


class Corpus:
    """The subjects and records of an index."""

    def __init__(
        self, subjects: Sequence[PublicSubject], records: Sequence[PublicRecord], analyzer: Analyzer
    ) -> None:
        self.subjects = subjects
        self.records = records
        self.analyzer = analyzer
        self.by_norm: dict[str, set[str]] = defaultdict(set)
        for subject in subjects:
            self.by_norm[analyzer.normalize(subject.title)].add(subject.id)
        self.prefixes = Counter(subject.uscc[:12] for subject in subjects if subject.uscc)

    def same_name(self, name: str) -> frozenset[str]:
        """Ids of all subjects of this name."""
        return frozenset(self.by_norm[self.analyzer.normalize(name)])

    def containing(self, fragment: str, most: int) -> frozenset[str] | None:
        """Ids of the subjects whose names contain the fragment; None if more than `most` names do."""
        return self.holding([fragment], most)

    def holding(self, words: Sequence[str], most: int) -> frozenset[str] | None:
        """Ids of the subjects whose names contain all words; None if more than `most` names do."""
        pairs = [word[at : at + 2] for word in words for at in range(len(word) - 1)]
        places = min((self._places.get(pair, ()) for pair in pairs), key=len)
        found: list[str] = []
        for place in places:
            name = self._names[place]
            if all(word in name for word in words):
                found.append(name)
                if len(found) > most:
                    return None
        return frozenset(one for name in found for one in self.by_norm[name])

    @cached_property
    def _names(self) -> list[str]:
        return list(self.by_norm)

    @cached_property
    def _places(self) -> dict[str, array[int]]:
        """Pair of characters → the names that it stands in."""
        places: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for place, name in enumerate(self._names):
            for pair in {name[at : at + 2] for at in range(len(name) - 1)}:
                places[pair].append(place)
        return dict(places)

    def without_form(self, name: str) -> str:
        """The normal form of a name without its legal form."""
        norm = self.analyzer.normalize(name)
        return norm.removesuffix(self.analyzer.legal_form(norm) or "")

    @cached_property
    def spelled(self) -> Counter[str]:
        """How many names' own parts are spelled so in pinyin."""
        return Counter(self._letters(lambda s: "".join(self.analyzer.pinyin(self.analyzer.core(s.title)))))

    @cached_property
    def initials(self) -> Counter[str]:
        """How many names have these initials, their legal form left out."""
        return Counter(self._letters(lambda s: self.analyzer.initials(self.without_form(s.title))))

    def _letters(self, spell: Callable[[PublicSubject], str]) -> list[str]:
        return [letters for subject in self.subjects if (letters := spell(subject))]


def read_corpus(engine: SearchEngine, analyzer: Analyzer) -> Corpus:
    """Everything visible today in an engine."""
    today = date.today()
    subjects = [d for d in engine.scan("subjects", (), today) if isinstance(d, PublicSubject)]
    records = [d for d in engine.scan("records", (), today) if isinstance(d, PublicRecord)]
    return Corpus(subjects, records, analyzer)
