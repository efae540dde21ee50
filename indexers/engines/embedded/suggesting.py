"""Which subjects are offered while somebody types?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from tantivy import Query

from indexers.analysis import QueryTerms
from indexers.query import Filter, Suggestion

from .queries import QueryBuilder
from .reading import CollectionReader

Source = Literal["prefix", "contains", "pinyin", "initials", "code"]


def suggest(
    reader: CollectionReader, readings: Sequence[QueryTerms], visible: Sequence[Filter], limit: int
) -> tuple[Suggestion, ...]:
    """The best subjects, distinct: names that begin so, pinyin, initials, codes, names that contain it."""
    found: dict[str, Suggestion] = {}
    for source, wanted in _stages(reader.build, readings):
        # Those found before may all come again in this stage.
        for document in reader.best(wanted, visible, limit + len(found)):
            found.setdefault(document.id, Suggestion(document.id, source, document))
        if len(found) >= limit:
            break
    return tuple(found.values())[:limit]


def _stages(build: QueryBuilder, readings: Sequence[QueryTerms]) -> Iterator[tuple[Source, Query]]:
    for reading in readings:
        yield "prefix", build.name_prefix(reading)
    for reading in readings:
        pinyin = build.pinyin_prefix(reading)
        if pinyin is not None:
            yield "pinyin", pinyin
        initials = build.initials_prefix(reading)
        if initials is not None:
            yield "initials", initials
        for code in reading.codes:
            if build.is_code_prefix(code):
                yield "code", build.code_prefix(code)
    for reading in readings:
        contains = build.contains(reading)
        if contains is not None:
            yield "contains", contains
