"""Which divisions does a typed text name, and where in it?"""

from __future__ import annotations

from typing import NamedTuple

from indexers.analysis.normal import Normalizer
from indexers.regions import COUNTY, Regions

AMBIGUITY_LIMIT = 5
"""A name that more divisions share (城关区 …) says nothing, unless a larger one stands before it."""


class Place(NamedTuple):
    """A division named in a text at [start, end), in characters of the text as typed."""

    code: str
    label: str
    start: int
    end: int


class PlaceFinder:
    """Finds names, short forms and aliases of divisions; the longest name wins, from left to right."""

    def __init__(self, regions: Regions, normalizer: Normalizer) -> None:
        self._regions = regions
        self._normalizer = normalizer
        self._by_head: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for word, codes in regions.by_word.items():
            self._by_head.setdefault(word[:2], []).append((word, codes))
        for words in self._by_head.values():
            words.sort(key=lambda pair: -len(pair[0]))

    def find(self, text: str) -> list[Place]:
        """Places in the order of the text; one that several divisions may mean is listed once for each."""
        normal, origins = self._normalizer.aligned(text)
        places: list[Place] = []
        position, before = 0, ""
        while position < len(normal) - 1:
            for word, candidates in self._by_head.get(normal[position : position + 2], ()):
                if not normal.startswith(word, position):
                    continue
                start, end = _typed(position, len(word), origins)
                is_free = _stands_alone(text, start, end) or bool(places and places[-1].end == start)
                codes = self._choose(word, candidates, before, is_free=is_free)
                if codes:
                    places.extend(Place(code, self._regions.label(code), start, end) for code in codes)
                    before = codes[0] if len(codes) == 1 else before
                    position += len(word) - 1
                    break
            position += 1
        return places

    def _choose(
        self, word: str, candidates: tuple[str, ...], before: str, *, is_free: bool
    ) -> tuple[str, ...]:
        """The divisions a word may mean; a county without its suffix counts only where it stands free."""
        fitting = [code for code in candidates if is_free or self._is_distinct(word, code)]
        inside = [code for code in fitting if before and code.startswith(before) and code != before]
        chosen = inside or fitting
        if chosen and not inside:
            highest = min(len(code) for code in chosen)
            chosen = [code for code in chosen if len(code) == highest]
        return tuple(chosen) if len(chosen) <= AMBIGUITY_LIMIT else ()

    def _is_distinct(self, word: str, code: str) -> bool:
        region = self._regions.get(code)
        return region is not None and (region.level != COUNTY or word != region.short or word == region.name)


def _typed(position: int, length: int, origins: list[int] | None) -> tuple[int, int]:
    if origins is None:
        return position, position + length
    return origins[position], origins[position + length - 1] + 1


def _stands_alone(text: str, start: int, end: int) -> bool:
    is_open = start == 0 or text[start - 1].isspace()
    return is_open and (end == len(text) or text[end].isspace())
