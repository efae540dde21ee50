"""What does a typed text ask for: the same terms as names have, cut from the query."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from indexers.analysis.docnumber import number_query
from indexers.analysis.names import EDGE_LENGTH, NAME_LENGTH, NameAnalysis, to_grams
from indexers.analysis.naming import NameParts
from indexers.analysis.normal import HAN_RUN, RUN, Normalizer
from indexers.analysis.pinyin import split_syllables, syllable_bigrams
from indexers.analysis.tokens import Segmenter

WORD_LIMIT = 10
"""Words asked for; Meilisearch ignores more than ten terms, so every engine stops there."""
CODE_LENGTH = 6
"""Shortest fragment of a code that is searched as one."""
SHORTEST_PART = 2
"""One character says too little to be looked for inside names."""
GRAM_LIMIT = 60
"""Pairs in one phrase; longer texts are nobody's name and are answered by words."""

_CODE_SIGNS = re.compile(r"[\s\-·.,()]+")
_CODE = re.compile(f"[0-9A-Z]{{{CODE_LENGTH},}}")
_LETTERS = re.compile(r"[a-z]+")
_NOT_LETTERS = re.compile(r"[\s'\-]+")


class Part(msgspec.Struct, frozen=True):
    """A piece of a query between blanks, in normal form; `is_common`: a listed phrase, see `name_common`."""

    text: str
    is_common: bool = False


class QueryTerms(msgspec.Struct, frozen=True):
    """One reading of a query: ask for `common` if set, else for `runs` as phrases; unite with `words`.

    - `runs`: token phrases for `name_gram`; all of them must occur (today always one: signs are tokens too)
    - `words`: words, unique, at most ten; those inside other words go without saying
    - `parts`: what stands between blanks, where that is two to ten pieces of at least two characters; each is a
      word of the visitor's own, whatever the dictionary says
    - `edge`: the first eight characters at most; put `n:` or `c:` (`p:`, `i:` with `letters`) before it
    - `codes`: compact upper-case code or fragment; `document_numbers`: keys for `document_number`
    - `letters`: the text if it is all Latin letters, joined: pinyin, initials or a foreign name
    - `syllables`: terms for `name_syll`, read from Han characters or split from `letters`
    """

    norm: str
    runs: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    common: str | None = None
    edge: str | None = None
    core: str | None = None
    codes: tuple[str, ...] = ()
    document_numbers: tuple[str, ...] = ()
    letters: str | None = None
    syllables: tuple[str, ...] = ()


class QueryAnalysis:
    """Turns a typed text into terms; shares every part with the analysis of names."""

    def __init__(
        self,
        normalizer: Normalizer,
        segmenter: Segmenter,
        names: NameAnalysis,
        parts: NameParts,
        phrases: frozenset[str],
    ) -> None:
        self._normalizer = normalizer
        self._segmenter = segmenter
        self._names = names
        self._parts = parts
        self._phrases = phrases

    def terms(self, text: str) -> QueryTerms | None:
        """Terms of one reading; None if the text has neither letters nor digits."""
        normalize: Callable[[str], str] = self._normalizer.normalize
        norm = strip_signs(normalize(text))
        if not norm:
            return None
        words = self._words(text, self._segmenter.whole_words)
        grams = to_grams(norm)
        letters = _NOT_LETTERS.sub("", norm)
        latin = letters if _LETTERS.fullmatch(letters) else None
        return QueryTerms(
            norm=norm[:NAME_LENGTH],
            runs=(tuple(grams),) if len(grams) <= GRAM_LIMIT else (),
            words=self._most_telling(words),
            parts=self._parts_of(text),
            common=norm if norm in self._phrases else None,
            edge=norm[:EDGE_LENGTH],
            core=self._parts.core(norm) or None,
            codes=code_fragments(norm),
            document_numbers=number_query(text, normalize) or (),
            letters=latin,
            syllables=self._syllables(norm, self._normalizer.loose(text), latin),
        )

    def words(self, text: str) -> list[str]:
        """Search-mode words; what is separated by spaces is never one word."""
        return self._words(text, self._segmenter.words)

    def _words(self, text: str, cut: Callable[[str], dict[str, None]]) -> list[str]:
        found: dict[str, None] = {}
        for part in text.split():
            found.update(cut(self._normalizer.normalize(part)))
        return list(found)

    def _most_telling(self, words: list[str]) -> tuple[str, ...]:
        """As many words as are asked for: listed phrases give way first, then words at the front, where the long
        names of branches say whose they are; which one is said at the end."""
        if len(words) <= WORD_LIMIT:
            return tuple(words)
        places = sorted(range(len(words)), key=lambda place: (words[place] in self._phrases, -place))
        return tuple(words[place] for place in sorted(places[:WORD_LIMIT]))

    def _parts_of(self, text: str) -> tuple[Part, ...]:
        parts = tuple(dict.fromkeys(strip_signs(self._normalizer.normalize(part)) for part in text.split()))
        is_words = 2 <= len(parts) <= WORD_LIMIT and all(len(part) >= SHORTEST_PART for part in parts)
        if not is_words or not any(map(HAN_RUN.search, parts)):
            return ()
        return tuple(Part(part, part in self._phrases) for part in parts)

    def _syllables(self, norm: str, loose: str, letters: str | None) -> tuple[str, ...]:
        if letters:
            return tuple(dict.fromkeys(syllable_bigrams(split_syllables(letters))))
        start = self._normalizer.fold(loose).find(norm)
        units = self._names.syllables(norm, loose[start : start + len(norm)])
        return tuple(dict.fromkeys(syllable_bigrams(units)))


def strip_signs(norm: str) -> str:
    """Without signs before the first and after the last letter or digit, but whole pairs of brackets stay."""
    runs = [match.span() for match in RUN.finditer(norm) if not match.group(3)]
    if not runs:
        return ""
    start, end = runs[0][0], runs[-1][1]
    if norm[start - 1 : start] == "(" and ")" in norm[start:end]:
        start -= 1
    if norm[end : end + 1] == ")" and "(" in norm[start:end]:
        end += 1
    return norm[start:end]


def code_fragments(norm: str) -> tuple[str, ...]:
    """The text as an upper-case code without blanks and hyphens, if it looks like one or a part of one."""
    compact = _CODE_SIGNS.sub("", norm).upper()
    is_code = _CODE.fullmatch(compact) and any(c.isdigit() for c in compact)
    return (compact,) if is_code else ()
