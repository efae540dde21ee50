"""What does a text become before it is indexed or searched: the one door for documents and queries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.metadata import version
from importlib.resources.abc import Traversable

import msgspec

from indexers.analysis.docnumber import number_forms, number_query, usual_spellings
from indexers.analysis.highlight import find_ranges
from indexers.analysis.names import NameAnalysis, NameTerms, Spelling, initials
from indexers.analysis.naming import NameParts
from indexers.analysis.normal import HAN_RUN, Normalizer
from indexers.analysis.pinyin import PinyinReader
from indexers.analysis.places import Place, PlaceFinder
from indexers.analysis.queries import QueryAnalysis, QueryTerms, strip_signs
from indexers.analysis.tokens import HMM, Segmenter
from indexers.analysis.wordlists import WordLists, load_word_lists
from indexers.mappings_folder import open_mappings
from indexers.regions import CITY, Regions, load_regions

ANALYZER_VERSION = 3
"""Raised with every change of what the code of this package returns for the same lists."""
QUERY_CACHE = 4_096
"""Analysed queries kept: one page asks for highlights some sixty times with one query."""

SHORT_TEXT = 60
"""Longest text whose words are kept: grounds, kinds and legal bases come again by the thousand."""
SHORT_TEXTS = 8_192


class Analyzer:
    """Normal forms, terms of names and bodies, terms of queries, highlights. One serves all threads."""

    def __init__(self, lists: WordLists, regions: Regions, *, tokenizer: str = "rjieba") -> None:
        self.regions = regions
        self.phrases = lists.phrases
        self._lists = lists
        self._normalizer = Normalizer()
        self._segmenter = Segmenter(_domain_words(lists, regions), tokenizer)
        self._parts = NameParts(regions, lists)
        reader = PinyinReader(lists.pinyin, self._normalizer.fold)
        self._names = NameAnalysis(self._segmenter, reader, self._parts, lists.phrases)
        self._queries = QueryAnalysis(
            self._normalizer, self._segmenter, self._names, self._parts, lists.phrases
        )
        self._places = PlaceFinder(regions, self._normalizer)
        self._short_words = lru_cache(maxsize=SHORT_TEXTS)(self._body_words)
        self._wanted = lru_cache(maxsize=QUERY_CACHE)(self._find_wanted)
        self.fingerprint = _fingerprint(lists, regions, self._segmenter.name)

    def normalize(self, text: str) -> str:
        """The normal form: NFKC, lower case, brackets `()`, no spaces beside Han, simplified; idempotent."""
        return self._normalizer.normalize(text)

    def readings(self, text: str) -> tuple[str, ...]:
        """Normal forms of the text and, for traditional characters, of its phrase conversions; unique."""
        return tuple(self.normalize(spelling) for spelling in self._normalizer.spellings(text))

    def name_terms(self, names: Sequence[str], *, full: bool = True) -> NameTerms:
        """Terms of one document's names, the present name first; without pinyin unless `full`."""
        return self._names.terms(self._spellings(names), full=full)

    def queries(self, text: str) -> tuple[QueryTerms, ...]:
        """Terms of every reading of a query as typed; hits are the union. () if nothing is asked."""
        terms = (self._queries.terms(spelling) for spelling in self._normalizer.spellings(text))
        return tuple(found for found in terms if found is not None)

    def words(self, text: str) -> tuple[str, ...]:
        """Search-mode words of a text, unique, in order; what is separated by spaces is never one word."""
        return tuple(self._queries.words(text))

    def body(self, texts: Sequence[str], known: Iterable[str] = ()) -> str:
        """Words of a record's texts, unique, joined with spaces; for queries of `QueryTerms.words`.

        `known` are words cut before, such as those of a name.
        """
        found = dict.fromkeys(known)
        long: list[str] = []
        for text in texts:
            if len(text) <= SHORT_TEXT:
                found.update(self._short_words(text))
            else:
                long.append(text)
        if long:
            # One cut for all: a call costs as much as some fifty characters. No word goes over a line's end.
            found.update(self._body_words("\n".join(long)))
        return " ".join(found)

    def _body_words(self, text: str) -> dict[str, None]:
        found, *others = map(self._segmenter.words, self._normalizer.body_forms(text))
        for words in others:
            found.update(words)
        return found

    def pinyin(self, text: str) -> tuple[str, ...]:
        """Syllables in order, ü as v, without tones; runs of Latin letters and digits stand as they are."""
        loose = self._normalizer.loose(text)
        return tuple(unit for unit in self._names.syllables(self._normalizer.fold(loose), loose) if unit)

    def initials(self, text: str) -> str:
        """First letters of the syllables; letters and digits stand as they are."""
        loose = self._normalizer.loose(text)
        norm = self._normalizer.fold(loose)
        return initials(norm, self._names.syllables(norm, loose))

    def usual_document_numbers(self, text: str) -> list[str]:
        """Every document number of a cell in the one spelling that tells it apart; see `docnumber`."""
        return usual_spellings(text, self.normalize)

    def document_number_forms(self, text: str) -> tuple[str, ...]:
        """All forms of all document numbers in a cell; see `docnumber`."""
        return number_forms(text, self.normalize)

    def document_number_query(self, text: str) -> tuple[str, ...] | None:
        """Keys to look for among the forms, None if the text does not look like one document number."""
        return number_query(text, self.normalize)

    def legal_form(self, name: str) -> str | None:
        """The listed legal form or branch word at the end of a name, in normal form."""
        return self._parts.legal_form(self.normalize(name))

    def is_branch(self, name: str) -> bool:
        """Whether the name is that of a branch: an organisation's form inside, a branch word at the end."""
        return self._parts.is_branch(self.normalize(name))

    def core(self, name: str) -> str:
        """The name without region, legal form and bracketed region, in normal form; "" if nothing is left."""
        return self._parts.core(self.normalize(name))

    def recognise_region(self, text: str) -> list[Place]:
        """Divisions named in a typed text: code, label, and [start, end) in the text as typed."""
        return self._places.find(text)

    def place_of(self, name: str) -> str:
        """The code of the smallest division that a name names; "" where it names none."""
        return max((place.code for place in self.recognise_region(name)), key=len, default="")

    def synonyms(self, text: str) -> tuple[str, ...]:
        """Words of the law for a word of the public, for an offer beside the hits; () if none is listed."""
        return self._lists.synonyms.get(text.strip(), self._lists.synonyms.get(self.normalize(text), ()))

    def highlights(self, shown_text: str, query: str) -> list[tuple[int, int]]:
        """Half-open code-point ranges of the shown text that the query found; merged and sorted."""
        wholes, words = self._wanted(query)
        normal, origins = self._normalizer.aligned(shown_text)
        return find_ranges(shown_text, normal, origins, wholes, words)

    def _find_wanted(self, query: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        spellings = self._normalizer.spellings(query)
        wholes = filter(None, (strip_signs(self.normalize(spelling)) for spelling in spellings))
        words = (word for spelling in spellings for word in self._queries.words(spelling))
        return tuple(wholes), tuple(dict.fromkeys(words))

    def _spellings(self, names: Iterable[str]) -> Iterable[Spelling]:
        for name in names:
            loose = self._normalizer.loose(name)
            norm = self._normalizer.fold(loose)
            yield Spelling(norm, loose)
            if norm != loose:
                for spelling in self._normalizer.spellings(name)[1:]:
                    converted = self._normalizer.loose(spelling)
                    yield Spelling(self._normalizer.fold(converted), converted)


def load_analyzer(mappings_dir: Traversable | None = None, *, tokenizer: str = "rjieba") -> Analyzer:
    """An analyzer with the word lists and regions of a folder, or of the `mappings` package.

    The tokenizer's dictionary is loaded at first use. Raises `CatalogError` with all faults of the lists.
    """
    directory = open_mappings(mappings_dir)
    return Analyzer(load_word_lists(directory), load_regions(directory), tokenizer=tokenizer)


def _domain_words(lists: WordLists, regions: Regions) -> list[tuple[str, int | None]]:
    """Listed words, words with a reading of their own, names of divisions; only those without a suffix that
    belong to provinces and cities, because short names of counties (城中, 河东) cut other words apart."""
    words: dict[str, int | None] = {}
    for region in regions:
        short = [region.short] if region.level <= CITY else []
        words.update((word, None) for word in (region.name, *short) if word)
    words.update((word, None) for word in lists.pinyin)
    words.update(lists.dictionary)
    return [(word, count) for word, count in words.items() if HAN_RUN.fullmatch(word) and len(word) > 1]


def _fingerprint(lists: WordLists, regions: Regions, tokenizer: str) -> str:
    # Synonyms are offered beside an answer and are in no index.
    terms_from = [msgspec.structs.replace(lists, synonyms={}), list(regions)]
    parts = (
        f"analyzer {ANALYZER_VERSION}",
        f"{tokenizer} hmm={HMM}",
        f"opencc {version('opencc')}",
        f"pypinyin {version('pypinyin')}",
        hashlib.sha256(msgspec.json.encode(terms_from, order="deterministic")).hexdigest(),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
