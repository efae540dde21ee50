"""Which facets are counted under which filters, and how do counts become the facets of the contract?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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
    filters_for_facet,
)


def facet_groups(
    query: SearchQuery, fields: Mapping[str, IndexField]
) -> dict[tuple[Filter, ...], list[IndexField]]:
    """The asked facets, together where they are counted under the same filters. BadQuery for no facet."""
    groups: dict[tuple[Filter, ...], list[IndexField]] = {}
    for name in query.facets:
        field = fields.get(name)
        if field is None or query.collection not in field.facet:
            raise BadQuery(f"{query.collection} has no facet {name!r}")
        groups.setdefault(filters_for_facet(name, query.filters, field.tree), []).append(field)
    return groups


def facet_result(
    field: IndexField, counted: Iterable[tuple[str, int]], filters: Sequence[Filter], *, complete: bool
) -> FacetResult:
    """The facet from (value, documents): most first, then by value; a chosen value stays, if need be at 0.

    `complete` says that no value was left out in counting; above 1,000 values the largest 100 are given.
    """
    chosen = _chosen(field, filters)
    values = sorted((FacetValue(*pair) for pair in counted), key=lambda value: (-value.count, value.value))
    complete = complete and len(values) <= MAX_FACET_VALUES
    if not complete:
        kept = values[SHOWN_WHEN_INCOMPLETE:]
        values = values[:SHOWN_WHEN_INCOMPLETE]
        values.extend(value for value in kept if value.value in chosen)
    given = {value.value for value in values}
    values.extend(FacetValue(value, 0) for value in sorted(set(chosen) - given))
    return FacetResult(field.key, tuple(values), complete)


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
