"""Where do the values of filters and facets come from: which attribute, taken in which way?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from indexers.analysis import Analyzer
from indexers.documents import IndexValue
from indexers.grammar import IndexField, Take
from indexers.records import Value

Taker = Callable[[str], IndexValue | None]

MOST_DIGITS = 15
"""Digits of an amount: 10^15 stays below 2^53, up to where engines tell whole numbers apart."""
_LETTERS_OF_SYLLABLE = 2
_SYLLABLES = 5
"""Ten letters of five bits each: the longest order key that engines can sort by exactly (below 2^53)."""


class Takers:
    """The ways of fields.toml to take a value from an attribute."""

    def __init__(self, analyzer: Analyzer, section_of: Callable[[str], str]) -> None:
        self._analyzer = analyzer
        self._resolve = lru_cache(maxsize=8_192)(analyzer.regions.resolve)
        self._order = lru_cache(maxsize=65_536)(self._pinyin_order)
        self._ways: dict[Take, Taker] = {
            "": lambda text: text,
            "day": _day,
            "year": _year,
            "yuan": _yuan,
            "province": lambda code: self._resolve(code)[0],
            "city": lambda code: self._resolve(code)[1],
            "county": lambda code: self._resolve(code)[2],
            "prefixes": lambda code: tuple(level for level in self._resolve(code) if level),
            "section": section_of,
            "pinyin_order": lambda text: self._order(text),
        }

    def take_all(
        self, fields: Sequence[IndexField], attributes: Mapping[str, Value]
    ) -> dict[str, IndexValue]:
        """The index values of fields from a document's attributes; a field without a value is left out."""
        taken: dict[str, IndexValue] = {}
        for field in fields:
            value = attributes.get(field.source)
            if value:
                way = self._ways[field.take]
                found = way(value) if isinstance(value, str) else self._take_from(field, way, value)
                if found or found == 0:
                    taken[field.key] = found
        return taken

    def _take_from(self, field: IndexField, way: Taker, value: list[str]) -> IndexValue | None:
        if field.take == "yuan":
            return max((yuan for yuan in map(_yuan, value) if yuan is not None), default=None)
        if not field.multiple:
            return way(value[0])
        return tuple(str(item) for item in map(way, value) if item)

    def _pinyin_order(self, text: str) -> int:
        letters = "".join(
            syllable[:_LETTERS_OF_SYLLABLE].ljust(_LETTERS_OF_SYLLABLE, "\0")
            for syllable in self._analyzer.pinyin(text[:12])[:_SYLLABLES]
        ).ljust(_LETTERS_OF_SYLLABLE * _SYLLABLES, "\0")
        order = 0
        for letter in letters:
            order = order << 5 | (ord(letter) - 96 if "a" <= letter <= "z" else 0)
        return order


def _day(iso: str) -> int | None:
    digits = iso.replace("-", "")
    return int(digits) if len(digits) == 8 and digits.isdigit() else None


def _year(iso: str) -> int | None:
    return int(iso[:4]) if iso[:4].isdigit() else None


def _yuan(amount: str) -> int | None:
    """Whole 元 of an amount as it is kept; None beyond what every engine orders exactly."""
    whole = amount.partition(".")[0]
    return int(whole) if whole.isdigit() and len(whole) <= MOST_DIGITS else None
