"""Which one spelling stands for all spellings of a text: its normal form, and where each character came from.

The normal form folds traditional characters one by one and never by context, so that the normal form of a
part of a text is a part of the normal form of the text: substring search depends on it. What only a phrase
can tell (傢俱 → 家具, Taiwan's 網路 → 网络) is answered by further *readings* beside the normal form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import chain

import opencc

HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""Han characters as the inside of a regular expression's character class."""

HAN_RUN = re.compile(f"[{HAN}]+")
ALNUM_RUN = re.compile(f"[^\\W_{HAN}]+")
RUN = re.compile(f"([{HAN}]+)|([^\\W_{HAN}]+)|(\\S)")
"""Groups: a run of Han characters, a run of other letters and digits, one other character."""

_BRACKETS = {"(": "([{<〔【「『〈《〖〘〚⟨⟪⟦", ")": ")]}>〕】」』〉》〗〙〛⟩⟫⟧"}
_LOOKALIKES = {"·": "•・‧∙⋅●", "-": "‐‑‒–—―−─", '"': "“”„‟〝〞", "'": "‘’‚‛`´"}
_SIGNS = {
    ord(c): kept for table in (_BRACKETS, _LOOKALIKES) for kept, all_kinds in table.items() for c in all_kinds
}
_SIGN = re.compile("[" + re.escape("".join(chr(c) for c in _SIGNS)) + "]")
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_LINE_END = "_x000d_"
"""How spreadsheets write a carriage return inside a cell."""
_LETTER = f"[^\\W_{HAN}]"
_RARE = re.compile("[\U00020000-\U000323af]")
_DROPPED_SPACE = re.compile(f"(?<!{_LETTER})(?<!\\s)\\s+|\\s+(?!{_LETTER}|\\s)")
_SPACE = re.compile(r"\s")
_SPACES = re.compile(r"\s+")
_ONE_TO_ONE = re.compile(f"[{HAN}!-~！-～·〔〕【】「」《》、。]*")

_WIDE_SIGNS = tuple(zip("，：；（）！？％", ",:;()!?%", strict=True))
"""Signs of ordinary prose; replaced first because they alone make NFKC copy a text, ten times slower."""

ROUNDS = 6
"""NFKC and case folding undo each other at most a few times; a text is stable long before this."""
CACHED_LENGTH = 64
"""Names and queries are analysed again and again, bodies are not: longer texts are not cached."""


_USUAL_HAN = range(0x4E00, 0x9FA6)
_RARE_HAN = (range(0x3400, 0x4E00), range(0x9FA6, 0xA000), range(0x20000, 0x2EBF0))


def _fold_table() -> dict[str, str]:
    """Traditional character → simplified character, each alone, followed to its end."""
    table = _conversions("t2s", chain(_USUAL_HAN, *_RARE_HAN))
    for variants in ("hk2s", "tw2s"):
        # 衞 and 粧 are no other characters than 衛 and 妝; but 著, say, is one of the mainland too.
        own = {old: new for old, new in _conversions(variants, _USUAL_HAN).items() if not _is_simplified(old)}
        table = own | table
    return {old: table.get(new, new) for old, new in table.items()}


def _conversions(converter: str, codes: Iterable[int]) -> dict[str, str]:
    """Those of the characters with these codes that become another one when converted alone."""
    characters = list(map(chr, codes))
    converted = opencc.OpenCC(converter).convert("\n".join(characters)).split("\n")
    pairs = zip(characters, converted, strict=True)
    return {old: new for old, new in pairs if old != new and len(new) == 1}


def _is_simplified(character: str) -> bool:
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def _ranges(characters: list[str]) -> str:
    """Sorted characters as the inside of a character class."""
    parts: list[str] = []
    start = last = characters[0]
    for character in [*characters[1:], "\U0010ffff"]:
        if ord(character) != ord(last) + 1:
            parts.append(start if start == last else f"{start}-{last}")
            start = character
        last = character
    return "".join(parts)


def _end_of_piece(text: str, start: int) -> int:
    """Behind the characters from `start` that normalise one for one, or behind one and its marks."""
    match = _ONE_TO_ONE.match(text, start)
    end = match.end() if match else start
    if end == len(text) or (end > start + 1 and not unicodedata.combining(text[end])):
        return end
    end = max(start + 1, end - 1)
    if end == start + 1:
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
    return end


@cache
def _folding() -> tuple[dict[int, str], re.Pattern[str], re.Pattern[str]]:
    """How traditional characters fold, what finds one, and what finds a text that is its own normal form."""
    table = _fold_table()
    # One class with characters beyond U+FFFF would be searched range by range, twenty times slower.
    traditional = re.compile("[" + _ranges(sorted(c for c in table if c <= "\uffff")) + "]")
    simple = [c for c in map(chr, _USUAL_HAN) if c not in table]
    return str.maketrans(table), traditional, re.compile("[" + _ranges(simple) + "0-9a-z()·]*")


class Normalizer:
    """Normal forms and readings. One instance is shared; it holds only caches."""

    def __init__(self) -> None:
        self._fold, self._traditional, self._plain = _folding()
        self._t2s = opencc.OpenCC("t2s")
        self._tw2sp = opencc.OpenCC("tw2sp")
        self._loose_cached = lru_cache(maxsize=65_536)(self._loose)

    def loose(self, text: str) -> str:
        """The normal form before traditional characters are folded: same length, character by character."""
        if self._plain.fullmatch(text):
            return text
        return self._loose_cached(text) if len(text) <= CACHED_LENGTH else self._loose(text)

    def fold(self, text: str) -> str:
        """Traditional characters → simplified, one for one."""
        return text.translate(self._fold) if self._has_traditional(text) else text

    def normalize(self, text: str) -> str:
        """NFKC, lower case, one kind of brackets, no spaces beside Han characters or signs, simplified."""
        return text if self._plain.fullmatch(text) else self.fold(self.loose(text))

    def _has_traditional(self, text: str) -> bool:
        return bool(self._traditional.search(text) or _RARE.search(text))

    def body_forms(self, text: str) -> list[str]:
        """Readings of a long text as far as its words go: signs are left as they are."""
        for wide, narrow in _WIDE_SIGNS:
            text = text.replace(wide, narrow)
        text = unicodedata.normalize("NFKC", text)
        spellings = self.spellings(text) if self._has_traditional(text) else (text,)
        return [self._body_form(spelling) for spelling in spellings]

    def _body_form(self, text: str) -> str:
        text = self.fold(_INVISIBLE.sub("", text.casefold().replace(_LINE_END, " ")))
        return _DROPPED_SPACE.sub("", text) if _SPACE.search(text) else text

    def spellings(self, text: str) -> tuple[str, ...]:
        """The text and, if it has traditional characters, its phrase conversions; one of each normal form."""
        plain = unicodedata.normalize("NFKC", text)
        if not self._has_traditional(plain):
            return (text,)
        found = {self.normalize(text): text}
        for converter in (self._t2s, self._tw2sp):
            converted = converter.convert(plain)
            found.setdefault(self.normalize(converted), converted)
        return tuple(found.values())

    def _loose(self, text: str) -> str:
        for _ in range(ROUNDS):
            before = text
            text = unicodedata.normalize("NFKC", text).casefold().replace(_LINE_END, " ")
            text = _INVISIBLE.sub("", text)
            if _SIGN.search(text):
                text = text.translate(_SIGNS)
            if _SPACE.search(text):
                text = _SPACES.sub(" ", _DROPPED_SPACE.sub("", text))
            if text == before or self._plain.fullmatch(text):
                break
        return text

    def aligned(self, text: str) -> tuple[str, list[int] | None]:
        """Normal form and, for each of its characters, the position in `text` it came from.

        None instead of positions means one for one. Where a text's characters cannot be told apart after
        normalisation (rare combining sequences), the parts that can are normalised each for itself.
        """
        if _ONE_TO_ONE.fullmatch(text):
            normal = self.normalize(text)
            if len(normal) == len(text):
                return normal, None
        pieces: list[str] = []
        origins: list[int] = []
        start = 0
        while start < len(text):
            end = _end_of_piece(text, start)
            piece = self._piece(text[start:end])
            pieces.append(piece)
            is_plain = len(piece) == end - start
            origins.extend(range(start, end) if is_plain else [start] * len(piece))
            start = end
        return self._without_spaces("".join(pieces), origins)

    def _piece(self, text: str) -> str:
        return " " if text.isspace() else self.normalize(text)

    @staticmethod
    def _without_spaces(spaced: str, origins: list[int]) -> tuple[str, list[int]]:
        dropped = [False] * len(spaced)
        for match in _DROPPED_SPACE.finditer(spaced):
            dropped[match.start() : match.end()] = [True] * (match.end() - match.start())
        for match in re.finditer(r"(?<=\s)\s+", spaced):
            dropped[match.start() : match.end()] = [True] * (match.end() - match.start())
        kept = [i for i, drop in enumerate(dropped) if not drop]
        return "".join(spaced[i] for i in kept), [origins[i] for i in kept]
