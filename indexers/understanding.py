"""What else does a typed text say: a region, a year, a kind of record, offered as filters and never applied?"""

from __future__ import annotations

import re

from indexers.analysis import Analyzer
from indexers.answers import Request, Understood
from indexers.catalog import COLLECTION_OF_TYPE, Catalog

_YEAR = re.compile(r"(?<![\d〔［\[(（【])(20[0-4]\d|19[89]\d)\s*年?(?!\d)")
"""A year in brackets belongs to the number of a document."""
MOST_OFFERS = 4
"""Offers shown beside an answer; more would be noise."""


class TextReader:
    """Recognises filters in a text by the catalog's own words."""

    def __init__(self, catalog: Catalog, analyzer: Analyzer) -> None:
        self._catalog = catalog
        self._analyzer = analyzer
        self._region_fields = [
            name for name, field in catalog.fields.items() if field.tree and field.tree.field == "region"
        ]
        self._labels = {
            collection: {kind.label: kind.key for kind in catalog.public_kinds(collection)}
            for collection in COLLECTION_OF_TYPE.values()
        }

    def understand(self, request: Request) -> tuple[Understood, ...]:
        """Offers for a request: none for what is already chosen, none that would leave no text and no filter."""
        found = [*self._regions(request), *self._years(request), *self._kinds(request)]
        offers = [offer for offer in found if offer.field not in request.filters]
        return tuple(offers[:MOST_OFFERS])

    def _regions(self, request: Request) -> list[Understood]:
        # Another region beside one that is chosen would widen the answer; an offer only narrows.
        if request.type == "library" or any(name in request.filters for name in self._region_fields):
            return []
        return [
            Understood("region", place.code, place.label, request.text[place.start : place.end], rest)
            for place in self._analyzer.recognise_region(request.text)
            if (rest := _without(request.text, place.start, place.end))
        ]

    def _years(self, request: Request) -> list[Understood]:
        field = "founded_year" if request.type == "subject" else "year"
        match = _YEAR.search(request.text)
        if match is None:
            return []
        rest = _without(request.text, match.start(), match.end())
        year = match.group(1)
        return [Understood(field, year, f"{year}年", match.group(), rest)] if rest else []

    def _kinds(self, request: Request) -> list[Understood]:
        labels = self._labels[COLLECTION_OF_TYPE[request.type]]
        for label in sorted(labels, key=len, reverse=True):
            start = request.text.find(label)
            if start >= 0 and request.type != "subject":
                rest = _without(request.text, start, start + len(label))
                return [Understood("kind", labels[label], label, label, rest)]
        return []


def _without(text: str, start: int, end: int) -> str:
    return f"{text[:start]} {text[end:]}".strip()
