"""How many documents have which value: facets, totals, records of subjects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tantivy import Query

from indexers.errors import BadQuery
from indexers.grammar import IndexField
from indexers.query import (
    MAX_FACET_VALUES,
    SHOWN_WHEN_INCOMPLETE,
    FacetResult,
    FacetValue,
    Filter,
    SearchQuery,
    TermFilter,
    Tree,
    filters_for_facet,
)

from .border import Deadline
from .queries import narrowed
from .reading import CollectionReader
from .schema import RANK_KEY

SEGMENT_VALUES = 20_000
"""Values that each segment hands over: far more than are exact, so that the largest of many are right."""
_TOTAL = " total"
"""Name of the aggregation that counts documents; with its space it cannot be a field."""


def count_facets(
    reader: CollectionReader, query: SearchQuery, deadline: Deadline, *, with_total: bool
) -> tuple[dict[str, FacetResult], int | None]:
    """The facets of a query; its total if asked and if a facet is counted under the same filters."""
    matching = reader.build.matching(query.readings)
    facets: dict[str, FacetResult] = {}
    total: int | None = None
    for filters, fields in _by_filters(reader, query).items():
        deadline.check()
        wanted = narrowed(matching, reader.build.filters(filters))
        asked: dict[str, Any] = {field.key: _terms(field.key) for field in fields}
        if with_total and filters == query.filters:
            asked[_TOTAL] = {"value_count": {"field": RANK_KEY}}
        counted = reader.searcher.aggregate(wanted, asked)
        if _TOTAL in asked:
            total = int(counted[_TOTAL]["value"])
        for field in fields:
            facets[field.key] = _facet(field.key, counted[field.key], _chosen(field, query.filters))
    return {name: facets[name] for name in query.facets}, total


def count_matches(reader: CollectionReader, query: SearchQuery) -> int:
    """The number of all hits."""
    matching = reader.build.matching(query.readings)
    return reader.count(narrowed(matching, reader.build.filters(query.filters)))


def count_kinds(reader: CollectionReader, subject_id: str, visible: Sequence[Filter]) -> dict[str, int]:
    """{kind: records} of one subject; one call for each is faster than one nested call for all."""
    clauses = reader.build.filters(visible)
    wanted: Query = narrowed(reader.build.term("subject_id", subject_id), clauses)
    counted = reader.searcher.aggregate(wanted, {"kind": _terms("kind")})
    return {value.value: value.count for value in _facet("kind", counted["kind"], ()).values}


def _terms(field: str) -> dict[str, Any]:
    return {"terms": {"field": field, "size": MAX_FACET_VALUES + 1, "segment_size": SEGMENT_VALUES}}


def _by_filters(reader: CollectionReader, query: SearchQuery) -> dict[tuple[Filter, ...], list[IndexField]]:
    """The asked facets, together where they are counted under the same filters."""
    groups: dict[tuple[Filter, ...], list[IndexField]] = {}
    for name in query.facets:
        field = reader.fields.get(name)
        if field is None or query.collection not in field.facet:
            raise BadQuery(f"{query.collection} has no facet {name!r}")
        tree = Tree(field.tree.field, field.tree.digits) if field.tree else None
        groups.setdefault(filters_for_facet(name, query.filters, tree), []).append(field)
    return groups


def _chosen(field: IndexField, filters: Sequence[Filter]) -> tuple[str, ...]:
    """The values of this facet that are chosen; a part of a tree that is chosen implies its parents."""
    name, digits = (field.tree.field, field.tree.digits) if field.tree else (field.key, None)
    return tuple(
        str(value)[:digits]
        for item in filters
        if isinstance(item, TermFilter) and item.field == name and not item.exclude
        for value in item.values
        if digits is None or len(str(value)) >= digits
    )


def _facet(name: str, counted: dict[str, Any], chosen: Sequence[str]) -> FacetResult:
    buckets = counted["buckets"]
    complete = len(buckets) <= MAX_FACET_VALUES and not counted["sum_other_doc_count"]
    values = [FacetValue(str(bucket["key"]), bucket["doc_count"]) for bucket in buckets]
    values.sort(key=lambda value: (-value.count, value.value))
    if not complete:
        kept = values[SHOWN_WHEN_INCOMPLETE:]
        values = values[:SHOWN_WHEN_INCOMPLETE]
        values.extend(value for value in kept if value.value in chosen)
    counted_values = {value.value for value in values}
    missing = dict.fromkeys(value for value in chosen if value not in counted_values)
    values.extend(FacetValue(value, 0) for value in sorted(missing))
    return FacetResult(name, tuple(values), complete)
