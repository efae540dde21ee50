"""Which passage of a record shows the words that were found in its text?"""

from __future__ import annotations

import msgspec

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.documents import PublicRecord

LENGTH = 140
"""Characters of a passage, like the snippet it takes the place of."""
LEAD = 20
"""Characters before the first word found."""


class Passages:
    """Chooses what is shown of a record's text for a query."""

    def __init__(self, catalog: Catalog, analyzer: Analyzer) -> None:
        self._catalog = catalog
        self._analyzer = analyzer

    def shown(self, record: PublicRecord, query: str) -> PublicRecord:
        """The record with the passage that has the most of the words as its snippet; as it is where that does."""
        fields = self._catalog.fields_of(self._catalog.kinds[record.kind])
        searched = (text for name, text in record.fields.items() if fields[name].body)
        texts = (text for text in searched if text != record.title)
        found = [(text, self._analyzer.highlights(text, query)) for text in texts]
        text, ranges = max(found, key=lambda pair: _reached(*pair), default=("", []))
        shown = record.snippet.removesuffix("…")
        if _reached(text, ranges) <= _reached(shown, self._analyzer.highlights(shown, query)):
            return record
        return msgspec.structs.replace(record, snippet=_around(text, ranges[0][0]))


def _reached(text: str, ranges: list[tuple[int, int]]) -> int:
    """How many different pieces of the text were found."""
    return len({text[start:end] for start, end in ranges})


def _around(text: str, first: int) -> str:
    begin = max(0, first - LEAD) if first > LENGTH - LEAD else 0
    passage = text[begin : begin + LENGTH]
    return f"{'…' if begin else ''}{passage}{'…' if begin + LENGTH < len(text) else ''}"
