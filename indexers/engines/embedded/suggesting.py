"""Which subjects are offered while somebody types?"""

from __future__ import annotations

from collections.abc import Sequence

from indexers.analysis import QueryTerms
from indexers.query import Filter, Suggestion

from .reading import CollectionReader


def suggest(
    reader: CollectionReader, readings: Sequence[QueryTerms], visible: Sequence[Filter], limit: int
) -> tuple[Suggestion, ...]:
    """The best subjects, distinct: names that begin so, pinyin, initials, codes, names that contain it."""
    found: dict[str, Suggestion] = {}
    for source, wanted in reader.build.suggestions(readings):
        # Those found before may all come again in this stage.
        for document in reader.best(wanted, visible, limit + len(found)):
            found.setdefault(document.id, Suggestion(document.id, source, document))
        if len(found) >= limit:
            break
    return tuple(found.values())[:limit]
