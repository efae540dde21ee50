"""Which filters does a question put on the documents that answer it?"""

from __future__ import annotations

from datetime import timedelta

from indexers.answers import Request
from indexers.catalog import Catalog
from indexers.documents import day_number
from indexers.query import Filter, RangeFilter, TermFilter


def filters_of(request: Request, catalog: Catalog) -> tuple[Filter, ...]:
    """Values of one facet, or of one level of a tree, are alternatives; facets and levels narrow each other."""
    roots = {field.tree.field for field in catalog.fields.values() if field.tree}
    chosen: dict[tuple[str, int], list[str | int]] = {}
    for name, values in request.filters.items():
        field = catalog.fields[name]
        key = field.tree.field if field.tree else name
        for value in values:
            level = len(value) if key in roots else 0
            chosen.setdefault((key, level), []).append(int(value) if field.type == "int" else value)
    filters: list[Filter] = [
        TermFilter(key, tuple(dict.fromkeys(values))) for (key, _), values in chosen.items()
    ]
    if request.subject:
        filters.append(TermFilter("subject_id", (request.subject,)))
    if request.decided_from or request.decided_to:
        below = request.decided_to + timedelta(days=1) if request.decided_to else None
        filters.append(
            RangeFilter(
                "decided_on",
                day_number(request.decided_from) if request.decided_from else None,
                day_number(below) if below else None,
            )
        )
    if request.fine_from is not None or request.fine_to is not None:
        most = None if request.fine_to is None else request.fine_to + 1
        filters.append(RangeFilter("fine", request.fine_from, most))
    return tuple(filters)
