"""How is a name read: pinyin syllables of its characters, and the syllables inside typed letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

CACHE_LIMIT = 400_000
"""Words kept with their reading; the cache is emptied when it is full."""
LETTERS_LIMIT = 240
"""Longer strings of letters are nobody's name, a branch of forty characters included; they are not split."""
SOUND_CACHE = 65_536
"""Pairs of characters kept with whether they sound alike: one proposal compares some thousands."""


class PinyinReader:
    """Syllables of words, without tones, ü as v; corrections from `pinyin.txt` come first."""

    def __init__(self, corrections: dict[str, tuple[str, ...]], fold: Callable[[str], str]) -> None:
        self._fold = fold
        self._corrections = corrections
        longest_first = sorted(corrections, key=len, reverse=True)
        self._corrected = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        self._cache: dict[str, tuple[str, ...]] = {}

    def syllables(self, word: str) -> tuple[str, ...]:
        """One syllable for each character of a word of Han characters, "" where none is known."""
        known = self._cache.get(word)
        if known is None:
            if len(self._cache) >= CACHE_LIMIT:
                self._cache.clear()
            known = self._cache[word] = self._read(word)
        return known

    def _read(self, word: str) -> tuple[str, ...]:
        reading = _raw(word)
        if len(reading) != len(word):
            reading = [(_raw(character) or [""])[0] for character in word]
        for match in self._corrected.finditer(self._fold(word)):
            reading[match.start() : match.end()] = self._corrections[match.group()]
        return tuple(reading)


# The library's dictionaries take a tenth of a second to load, and whoever only reads sheets needs none of them.


def _raw(word: str) -> list[str]:
    from pypinyin import lazy_pinyin

    # The library takes a list here and flattens it; its type hint knows only strings.
    unread: Any = _unread
    return list(lazy_pinyin(word, errors=unread))


def _unread(characters: str) -> list[str]:
    return [""] * len(characters)


@cache
def known_syllables() -> frozenset[str]:
    """Every syllable of the pinyin library's characters, without tones; those without a vowel left out."""
    from pypinyin.constants import PINYIN_DICT

    readings = {reading for value in PINYIN_DICT.values() for reading in value.split(",")}
    plain = {_without_tone(reading) for reading in readings}
    return frozenset(s for s in plain if s.isascii() and s.isalpha() and set(s) & set("aeiouv"))


def _without_tone(reading: str) -> str:
    decomposed = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    umlaut = decomposed.replace("u\u0308", "v")
    return "".join(c for c in umlaut if not unicodedata.combining(c))


@cache
def readings_of(character: str) -> frozenset[str]:
    """Every reading of one Han character, without tones."""
    from pypinyin.constants import PINYIN_DICT

    listed = PINYIN_DICT.get(ord(character), "") if len(character) == 1 else ""
    return frozenset(_without_tone(reading) for reading in listed.split(",") if reading)


@lru_cache(maxsize=SOUND_CACHE)
def sounds_alike(first: str, second: str) -> bool:
    """Whether two Han characters have a reading in common, whatever the words they stand in."""
    return not readings_of(first).isdisjoint(readings_of(second))


def split_syllables(letters: str) -> tuple[str, ...]:
    """Lower-case letters as the fewest pinyin syllables, longer ones first; () if they are not pinyin."""
    return next(iter(syllable_splits(letters, 1)), ())


def syllable_splits(letters: str, most: int) -> list[tuple[str, ...]]:
    """The ways to cut lower-case letters into pinyin syllables, fewest syllables first: xian is xian or xi an."""
    if not letters or len(letters) > LETTERS_LIMIT:
        return []
    known = known_syllables()
    best: list[list[tuple[str, ...]]] = [[] for _ in letters] + [[()]]
    for start in range(len(letters) - 1, -1, -1):
        ends = range(min(len(letters), start + 6), start, -1)
        found = [
            (letters[start:end], *rest) for end in ends if letters[start:end] in known for rest in best[end]
        ]
        best[start] = sorted(found, key=len)[:most]
    return best[0]


def syllable_bigrams(syllables: tuple[str, ...] | list[str]) -> list[str]:
    """Neighbouring syllables joined with `_`; an unknown syllable ("") breaks the chain."""
    return [f"{first}_{second}" for first, second in pairwise(syllables) if first and second]
