"""Which terms is a name found by: one analysis for names in the index, shared piece by piece with queries.

`name_gram` of 鹿乡(中国)ABC食品 is `鹿乡 ǃci 中国 ǃcj abc 食品`: Han runs become overlapping pairs of
characters, other runs one token, and each sign a token of its own (`ǃ` and its code in letters), so that
tokens in a row are in the index exactly where the text is in the name. `ǃ` alone stands between two names and
is in no query. The marker is a letter by Unicode's rules: engines that split at signs do not split it.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import add

import msgspec

from indexers.analysis.naming import NameParts
from indexers.analysis.normal import HAN_RUN, RUN
from indexers.analysis.pinyin import PinyinReader, syllable_bigrams
from indexers.analysis.tokens import TOKEN_LENGTH, Segmenter

NAME_LENGTH = 150
"""Characters of `name_norm`: Meilisearch cuts facet strings at 468 bytes, that is 156 Han characters."""
EDGE_LENGTH = 8
"""Longest indexed prefix; longer ones are confirmed on `name_norm`."""
INITIALS_SPAN = 40
"""Characters read for prefixes of pinyin and initials: more than eight, as signs are read as ""."""
GAP = "ǃ"
_SIGN_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


class NameTerms(msgspec.Struct, frozen=True):
    """Terms of one document's names; `gram` is one space-joined string, the rest are keywords or words."""

    norm: tuple[str, ...] = ()
    gram: str = ""
    common: tuple[str, ...] = ()
    tok: tuple[str, ...] = ()
    core: tuple[str, ...] = ()
    edge: tuple[str, ...] = ()
    syll: tuple[str, ...] = ()


class Spelling(msgspec.Struct, frozen=True):
    """One reading of a name: its normal form, and the same before traditional characters were folded."""

    norm: str
    loose: str


class NameAnalysis:
    """Turns normalised names into terms; holds the tokenizer, the pinyin reader and the lists they need."""

    def __init__(
        self, segmenter: Segmenter, reader: PinyinReader, parts: NameParts, phrases: frozenset[str]
    ) -> None:
        self._segmenter = segmenter
        self._reader = reader
        self._parts = parts
        self._phrases: dict[str, list[str]] = {}
        for phrase in sorted(phrases):
            self._phrases.setdefault(phrase[:2], []).append(phrase)
        self._heads = frozenset(self._phrases)

    def terms(self, spellings: Iterable[Spelling], *, full: bool) -> NameTerms:
        """All terms of all names of one document; without pinyin unless `full`."""
        norm: dict[str, None] = {}
        gram: list[str] = []
        common: set[str] = set()
        words: list[str] = []
        cores: dict[str, None] = {}
        edges: list[str] = []
        syllables: list[str] = []
        for spelling in spellings:
            name = spelling.norm
            if not name or name[:NAME_LENGTH] in norm:
                continue
            norm[name[:NAME_LENGTH]] = None
            grams = to_grams(name)
            gram.extend((GAP, *grams) if gram else grams)
            for head in self._heads.intersection(grams):
                common.update([phrase for phrase in self._phrases[head] if phrase in name])
            words.extend(self._segmenter.words(name))
            core = self._parts.core(name)
            edges.extend(prefixes("n:", name))
            if core:
                cores[core[:NAME_LENGTH]] = None
                edges.extend(prefixes("c:", core))
            if full:
                self._read(spelling, core, edges, syllables)
        return NameTerms(
            norm=tuple(norm),
            gram=" ".join(gram),
            common=tuple(sorted(common)),
            tok=tuple(dict.fromkeys(words)),
            core=tuple(cores),
            edge=tuple(dict.fromkeys(edges)),
            syll=tuple(dict.fromkeys(syllables)),
        )

    def syllables(self, text: str, loose: str) -> list[str]:
        """For each character of a normal form its syllable; a run of letters stands whole at its first.

        Read from the spelling before folding where the two differ: 乾 is read qian, its fold 干 is not.
        """
        if text == loose and HAN_RUN.fullmatch(text):
            return [s for word in self._segmenter.cut(text) for s in self._reader.syllables(word)]
        found = [""] * len(text)
        for match in RUN.finditer(text):
            start, end = match.span()
            if match.group(1):
                found[start:end] = self._run_syllables(match.group(1), loose[start:end])
            elif match.group(2):
                found[start] = match.group(2)[:TOKEN_LENGTH]
        return found

    def _run_syllables(self, run: str, loose: str) -> list[str]:
        found: list[str] = []
        for word in self._segmenter.cut(run):
            found.extend(self._reader.syllables(loose[len(found) : len(found) + len(word)]))
        return found

    def _read(self, spelling: Spelling, core: str, edges: list[str], syllables: list[str]) -> None:
        name = spelling.norm
        units = self.syllables(name, spelling.loose)
        syllables.extend(syllable_bigrams(units))
        _add_reading(name, units, edges)
        edges.append(whole_initials(initials(self._without_form(name), units)))
        if core:
            start = name.find(core)
            own = units[start : start + len(core)] if start >= 0 else self.syllables(core, core)
            _add_reading(core, own, edges)

    def _without_form(self, name: str) -> str:
        return name.removesuffix(self._parts.legal_form(name) or "")


def _add_reading(text: str, units: list[str], edges: list[str]) -> None:
    """Prefixes of pinyin and initials, and all initials."""
    edges.extend(prefixes("p:", "".join(units[:INITIALS_SPAN])))
    letters = initials(text, units)
    edges.extend(prefixes("i:", letters))
    edges.append(whole_initials(letters))


def whole_initials(letters: str) -> str:
    """The term of the initials of all of a name: eight of them are those of thousands of branches."""
    return f"w:{letters[:TOKEN_LENGTH]}"


def initials(text: str, units: Iterable[str]) -> str:
    """First letters of the syllables of a normal form; its letters and digits are typed in full."""
    pairs = zip(text, units, strict=False)
    return "".join([unit if character < "\u3000" else unit[:1] for character, unit in pairs])


def to_grams(text: str) -> list[str]:
    """A normal form as tokens for phrase search, in order: see the module's description."""
    if HAN_RUN.fullmatch(text):
        return list(map(add, text, text[1:])) if len(text) > 1 else [text]
    grams: list[str] = []
    for han, letters, sign in RUN.findall(text):
        if han:
            grams.extend(map(add, han, han[1:]) if len(han) > 1 else (han,))
        else:
            grams.append(letters[:TOKEN_LENGTH] if letters else to_sign_token(sign))
    return grams


def to_sign_token(sign: str) -> str:
    """A sign as a token of letters that no text contains."""
    return GAP + f"{ord(sign):x}".translate(_SIGN_LETTERS)


def prefixes(source: str, text: str) -> list[str]:
    """`source` before each prefix of 1 to 8 characters."""
    longest = source + text[:EDGE_LENGTH]
    return [longest[:size] for size in range(len(source) + 1, len(longest) + 1)]
