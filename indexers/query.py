"""What can be asked of an engine, and what does it answer?"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple, Self

import msgspec

from indexers.analysis import QueryTerms
from indexers.documents import PublicDocument
from indexers.grammar import TreeLevel

MAX_WINDOW = 10_000
"""Deepest hit that a page can show (engines keep their result window at this size)."""
MAX_SIZE = 100
"""Most hits on one page."""
MAX_SUGGESTIONS = 10
"""Most names offered while somebody types."""
MAX_FILTER_VALUES = 200
"""Most values in one filter."""
MAX_FACET_VALUES = 1_000
"""Facets are exact up to this many values."""
SHOWN_WHEN_INCOMPLETE = 100
"""Values given of a facet that has more than `MAX_FACET_VALUES`."""


def is_in_window(page: int, size: int) -> bool:
    """Whether a page is among those that engines answer."""
    return page * size <= MAX_WINDOW


def count_pages(total: int, size: int) -> int:
    """On how many pages of this size so many hits can be shown; one where there is nothing."""
    return max(1, min(-(-total // size), MAX_WINDOW // size))


Tier = Literal["exact", "prefix", "contains", "words", "body", "browse"]


class TermFilter(msgspec.Struct, frozen=True):
    """`field` has one of `values` (or, with `exclude`, none of them)."""

    field: str
    values: tuple[str | int, ...]
    exclude: bool = False


class RangeFilter(msgspec.Struct, frozen=True):
    """`at_least <= field < below`, whole numbers; dates are yyyymmdd."""

    field: str
    at_least: int | None = None
    below: int | None = None


class ExistsFilter(msgspec.Struct, frozen=True):
    """`field` has any value."""

    field: str


Filter = TermFilter | RangeFilter | ExistsFilter


class Sort(msgspec.Struct, frozen=True):
    """One whole-number or keyword field; ties fall to `rank_key`, highest first."""

    field: str
    descending: bool = True


class SearchQuery(msgspec.Struct, frozen=True):
    """One page of one collection.

    `readings` are the analysed readings of the user's text, united; none means browse.
    `filters` are joined by AND. A facet ignores the filter on its own field (disjunctive).
    `sort` None is relevance: tier, then `rank_key`, highest first.
    `deadline` is in seconds from the call.
    """

    collection: str
    today: date
    readings: tuple[QueryTerms, ...] = ()
    filters: tuple[Filter, ...] = ()
    facets: tuple[str, ...] = ()
    sort: Sort | None = None
    page: int = 1
    size: int = 20
    deadline: float = 5.0


class AnyQuery(msgspec.Struct, frozen=True):
    """At least `minimum` of at most eight `terms` of one field: for proposals only, never for totals."""

    collection: str
    today: date
    field: str
    terms: tuple[str, ...]
    minimum: int
    limit: int = 50
    deadline: float = 5.0


class Hit(msgspec.Struct, frozen=True):
    """One document of the answer with the tier that brought it in."""

    id: str
    tier: Tier
    document: PublicDocument


class Total(msgspec.Struct, frozen=True):
    """Exact to `MAX_WINDOW`; above, `value` is `MAX_WINDOW` and `exact` is False, unless counts of facets tell it."""

    value: int
    exact: bool = True

    @classmethod
    def of(cls, count: int) -> Self:
        """What is said of so many documents."""
        return cls(min(count, MAX_WINDOW), exact=count <= MAX_WINDOW)


class FacetValue(msgspec.Struct, frozen=True):
    """One value and the number of documents that have it."""

    value: str
    count: int


class FacetResult(msgspec.Struct, frozen=True):
    """Counts of one field, most first, then by value; `complete` says that no value is left out."""

    field: str
    values: tuple[FacetValue, ...]
    complete: bool = True


class DataVersion(NamedTuple):
    """Which state of the data an answer shows: `revision` counts all publications, `at` is when the ledger was last
    followed (ISO, Asia/Shanghai), "" where the index does not tell. `content` is random with every change of the
    documents: a revision may come again where an index is put back from a copy."""

    generation: str
    revision: int
    at: str = ""
    content: int = 0


class SearchPage(msgspec.Struct, frozen=True):
    """The answer to a SearchQuery."""

    hits: tuple[Hit, ...]
    total: Total
    facets: dict[str, FacetResult]
    version: DataVersion

    def total_by(self, field: str) -> Total:
        """The total; where the engine stopped counting, what the values of a field come to of which each document has
        one, if all of them are there."""
        counted = self.facets.get(field)
        if self.total.exact or counted is None or not counted.complete:
            return self.total
        return Total(sum(value.count for value in counted.values))


class Suggestion(msgspec.Struct, frozen=True):
    """One subject offered while typing; `source` is the tier or the part of the name that began so."""

    id: str
    source: Literal["prefix", "contains", "pinyin", "initials", "code"]
    document: PublicDocument


def filters_for_facet(field: str, filters: tuple[Filter, ...], tree: TreeLevel | None) -> tuple[Filter, ...]:
    """The filters under which `field` is counted.

    A flat facet ignores the filter on itself. A level of a tree ignores what is chosen on its own level and
    below but keeps the parent: with region 2204 chosen, cities are counted inside 22.
    """
    if tree is None:
        return tuple(
            f for f in filters if not (isinstance(f, TermFilter) and f.field == field and not f.exclude)
        )
    kept: list[Filter] = []
    for item in filters:
        if not (isinstance(item, TermFilter) and item.field == tree.field and not item.exclude):
            kept.append(item)
            continue
        wide = tree.digits - 2
        values = tuple(dict.fromkeys(str(v)[:wide] if len(str(v)) >= tree.digits else v for v in item.values))
        if all(values):
            kept.append(TermFilter(tree.field, values))
    return tuple(kept)
