"""Which value of a facet does a text mean by a word of every day?"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources.abc import Traversable

import msgspec

from indexers.answers import Request, Understood
from indexers.catalog import COLLECTION_OF_TYPE, Catalog
from indexers.errors import CatalogError
from indexers.leftovers import text_without
from indexers.mappings_reading import find_faults, read_toml
from indexers.words_within import pattern_of

_FILE = "facet_words.toml"
_SHAPE = dict[str, dict[str, dict[str, tuple[str, ...]]]]


class FacetWord(msgspec.Struct, frozen=True):
    """A value of a facet of one type of documents, and a word for it."""

    word: str
    type: str
    field: str
    value: str


class FacetWords:
    """Finds values of facets by the words of mappings/facet_words.toml."""

    def __init__(self, words: tuple[FacetWord, ...], catalog: Catalog) -> None:
        self._meant: dict[str, list[FacetWord]] = {}
        for each in words:
            self._meant.setdefault(each.word, []).append(each)
        self._words = pattern_of(self._meant)
        self._catalog = catalog

    def offers(self, request: Request) -> Iterator[Understood]:
        """The values that the first such word of a text means. Those of another type only where nothing is chosen,
        which would be lost."""
        found = self._words.search(request.text)
        if found is None:
            return
        rest = text_without(request.text, *found.span())
        for meant in self._meant[found.group()]:
            if meant.type == request.type or not request.is_narrowed:
                label = self._label(meant)
                yield Understood(meant.field, meant.value, label, found.group(), rest, type=meant.type)

    def _label(self, meant: FacetWord) -> str:
        field = self._catalog.fields[meant.field]
        return self._catalog.choices.get(field.labels, {}).get(meant.value, meant.value)


def load_facet_words(directory: Traversable) -> tuple[FacetWord, ...]:
    """The words of facet_words.toml in the folder of a catalogue; raises CatalogError with every fault of the file."""
    tables = read_toml(directory, _FILE)
    faults = [f"{_FILE}: {fault}" for fault in find_faults(tables, _SHAPE)]
    if faults:
        raise CatalogError(faults)
    words = tuple(
        FacetWord(word, result_type, field, value)
        for result_type, fields in tables.items()
        for field, values in fields.items()
        for value, own in values.items()
        for word in own
    )
    if any(not each.word for each in words):
        raise CatalogError([f"{_FILE}：里面有空的词"])
    return words


def check_facet_words(catalog: Catalog) -> None:
    """Raises CatalogError for words of what is no facet of its type or no value of it."""
    faults = []
    for each in load_facet_words(catalog.directory):
        field = catalog.fields.get(each.field)
        place = f"{_FILE} [{each.type}.{each.field}]"
        if field is None or COLLECTION_OF_TYPE.get(each.type) not in field.facet:
            faults.append(f"{place}：不是这一类的筛选项")
        elif field.labels in catalog.choices and each.value not in catalog.choices[field.labels]:
            faults.append(f"{place}：没有值 {each.value!r}")
    if faults:
        raise CatalogError(list(dict.fromkeys(faults)))
