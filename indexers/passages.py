"""Which passage of a record shows the words that were found in its text?"""

from __future__ import annotations

import msgspec

from indexers.analysis import Analyzer
from indexers.documents import PublicRecord

LENGTH = 140
"""Characters of a passage, like the snippet it takes the place of."""
LEAD = 20
"""Characters before the first word found."""


class Passages:
    """Chooses what is shown of a record's text for a query."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    def shown(self, record: PublicRecord, query: str) -> PublicRecord:
        """The record with the passage that has the most of the words as its snippet; as it is where that does."""
        known = (record.title, record.subject, record.authority)
        texts = [
            text
            for value in record.fields.values()
            for text in ((value,) if isinstance(value, str) else value)
        ]
        found = [(self._analyzer.highlights(text, query), text) for text in texts if text not in known]
        best: tuple[list[tuple[int, int]], str] = max(
            found, key=lambda pair: _reached(pair[1], pair[0]), default=([], "")
        )
        shown = record.snippet.removesuffix("…")
        if not best[0] or _reached(record.snippet, self._analyzer.highlights(shown, query)) >= _reached(
            best[1], best[0]
        ):
            return record
        return msgspec.structs.replace(record, snippet=_around(best[1], best[0][0][0]))


def _reached(text: str, ranges: list[tuple[int, int]]) -> int:
    """How many different pieces of the text were found."""
    return len({text[start:end] for start, end in ranges})


def _around(text: str, first: int) -> str:
    begin = max(0, first - LEAD) if first > LENGTH - LEAD else 0
    passage = text[begin : begin + LENGTH]
    return f"{'…' if begin else ''}{passage}{'…' if begin + LENGTH < len(text) else ''}"
