"""How many documents have which value: facets, totals, records of subjects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tantivy import Query

from indexers.engines.deadline import Deadline
from indexers.engines.facets import facet_groups, facet_result
from indexers.engines.fitting import RANK_KEY
from indexers.query import MAX_FACET_VALUES, FacetResult, Filter, SearchQuery

from .queries import narrowed
from .reading import CollectionReader

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
    for filters, fields in facet_groups(query, reader.fields).items():
        deadline.check()
        wanted = narrowed(matching, reader.build.filters(filters))
        asked: dict[str, Any] = {field.key: _terms(field.key) for field in fields}
        if with_total and filters == query.filters:
            asked[_TOTAL] = {"value_count": {"field": RANK_KEY}}
        counted = reader.searcher.aggregate(wanted, asked)
        if _TOTAL in asked:
            total = int(counted[_TOTAL]["value"])
        for field in fields:
            pairs, complete = _counted(counted[field.key])
            facets[field.key] = facet_result(field, pairs, query.filters, complete=complete)
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
    return dict(_counted(counted["kind"])[0])


def _terms(field: str) -> dict[str, Any]:
    return {"terms": {"field": field, "size": MAX_FACET_VALUES + 1, "segment_size": SEGMENT_VALUES}}


def _counted(counted: dict[str, Any]) -> tuple[list[tuple[str, int]], bool]:
    """(value, documents) of one aggregation, and whether no value was left out."""
    pairs = [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in counted["buckets"]]
    return pairs, not counted["sum_other_doc_count"]
