"""Which authorities does an everyday or former name of an office mean?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources.abc import Traversable

import msgspec

from indexers.analysis import Analyzer
from indexers.answers import Understood
from indexers.errors import CatalogError
from indexers.leftovers import text_without
from indexers.mappings_reading import read_struct, twice_faults
from indexers.words_within import SHORTEST_WITHIN, pattern_of

_FILE = "offices.toml"
MOST_MEANT = 3
"""Authorities offered for one name, those with the most records first."""


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file offices.toml, which explains itself."""

    offices: dict[str, tuple[str, ...]]


class Offices:
    """Finds authorities by the words of mappings/offices.toml."""

    def __init__(self, parts: Mapping[str, str], analyzer: Analyzer) -> None:
        """`parts`: name of every day → part of the official one."""
        self._parts = parts
        self._words = pattern_of(parts)
        self._places = analyzer.recognise_region
        self._place_of = lru_cache(maxsize=4_096)(analyzer.place_of)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of every day that may stand inside a text."""
        return tuple(name for name in self._parts if len(name) >= SHORTEST_WITHIN)

    def is_named_in(self, text: str) -> bool:
        """Whether a text holds a name of every day."""
        return self._words.search(text) is not None

    def offers(self, text: str, authorities: Sequence[str]) -> Iterator[Understood]:
        """The authorities that the first such name in a text means; those of the place that it names, where there
        are some, and then without the place in what is left."""
        found = self._words.search(text)
        if found is None:
            return
        part, rest = self._parts[found.group()], text_without(text, *found.span())
        named = [authority for authority in authorities if part in authority]
        for place in sorted(self._places(rest), key=lambda place: -len(place.code)):
            there = [authority for authority in named if self._place_of(authority) == place.code]
            if there:
                named, rest = there, text_without(rest, place.start, place.end)
                break
        for authority in named[:MOST_MEANT]:
            yield Understood("authority", authority, authority, found.group(), rest, type="record")


def load_offices(directory: Traversable) -> dict[str, str]:
    """Names of every day by offices.toml in the folder of a catalogue, with the part of the official name that each
    stands for; raises CatalogError with every fault of the file."""
    offices = read_struct(directory, _FILE, _Data).offices
    words = [word for own in offices.values() for word in own]
    faults = [
        f"{_FILE}：“{part}”是空的，或里面有空的词"
        for part, own in offices.items()
        if not part or not own or "" in own
    ]
    faults += twice_faults(_FILE, filter(None, words))
    if faults:
        raise CatalogError(faults)
    return {word: part for part, own in offices.items() for word in own}
