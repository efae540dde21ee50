"""Which JSON does a question of the contract become? Nothing here talks to a server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from indexers.engines.fitting import RANK_KEY
from indexers.engines.matching import (
    Begins,
    Every,
    Has,
    Match,
    Matching,
    Phrase,
    checked_filters,
)
from indexers.errors import BadQuery
from indexers.grammar import IndexField
from indexers.query import (
    MAX_FACET_VALUES,
    MAX_WINDOW,
    AnyQuery,
    ExistsFilter,
    Filter,
    SearchQuery,
    Sort,
    TermFilter,
)

from .schema import ANALYZER, GROUPED, STORED

Json = dict[str, Any]

SHARD_VALUES = 20_000
"""Values that each shard hands over: far more than are exact, so that the largest of many are right."""
BY_RANK: Json = {RANK_KEY: "desc"}
BY_TIER: Json = {"_score": "desc"}


class Questions:
    """Builds the requests for one collection; knows its fields, holds no index."""

    def __init__(self, fields: Mapping[str, IndexField], collection: str) -> None:
        self.fields = fields
        self._collection = collection
        self._matching = Matching(fields)

    # -- whole requests --------------------------------------------------------------------------------

    def page(self, query: SearchQuery) -> Json:
        """The hits of one page; a score says the place of the tier, the best has the most."""
        order: list[Json] = [BY_RANK]
        tiers = [match for _, match in self._matching.tiers(query.readings)]
        if query.sort is not None:
            order = [self._order(query.sort), BY_RANK]
        elif tiers:
            order = [BY_TIER, BY_RANK]
        return {
            "query": self._narrowed(best_of(tiers) if tiers else None, query.filters),
            "sort": order,
            "track_scores": bool(tiers),
            "from": (query.page - 1) * query.size,
            "size": query.size,
            "track_total_hits": MAX_WINDOW + 1,
            "_source": [STORED],
        }

    def counts(self, query: SearchQuery, filters: Sequence[Filter], fields: Iterable[IndexField]) -> Json:
        """Facets that are counted under the same filters."""
        match = self._matching.whole(query.readings)
        return {
            "query": self._narrowed(None, filters, [] if match is None else [render(match)]),
            "aggs": {field.key: {"terms": _values(field.key)} for field in fields},
            "size": 0,
            "track_total_hits": False,
        }

    def offers(self, matches: Sequence[Match], visible: Sequence[Filter], limit: int) -> Json:
        """The best documents of several matches, those of an earlier match first; the score tells which."""
        return {
            "query": self._narrowed(best_of(matches), visible),
            "sort": [BY_TIER, BY_RANK],
            "size": limit,
            "track_total_hits": False,
            "_source": [STORED],
        }

    def near(self, query: AnyQuery, visible: Sequence[Filter]) -> Json:
        """Documents with at least so many of the terms; the score is the number of terms that occur."""
        if query.field not in self.fields:
            raise BadQuery(f"{self._collection} has no field {query.field!r}")
        shoulds = [
            {"constant_score": {"filter": {"term": {query.field: term}}, "boost": 1}} for term in query.terms
        ]
        some = {"bool": {"should": shoulds, "minimum_should_match": max(1, query.minimum)}}
        return {
            "query": self._narrowed(some, visible),
            "sort": [BY_TIER, BY_RANK],
            "size": max(1, query.limit),
            "track_total_hits": False,
            "_source": [STORED],
        }

    def kinds(self, ids: Sequence[str], visible: Sequence[Filter]) -> Json:
        """Kinds of the records of each subject."""
        mine: Json = {"terms": {GROUPED: list(ids)}}
        by_kind = {"kinds": {"terms": _values("kind")}}
        return {
            "query": self._narrowed(None, visible, [mine]),
            "aggs": {"subjects": {"terms": {"field": GROUPED, "size": len(ids)}, "aggs": by_kind}},
            "size": 0,
            "track_total_hits": False,
        }

    def frequencies(self, field: str, terms: Sequence[str]) -> list[Json]:
        """How many documents have each term; tombstones have none.

        A search each: its total is read from the dictionary of terms. One aggregation over all of them took
        OpenSearch ten times as long.
        """
        if field not in self.fields:
            raise BadQuery(f"no field {field!r}")
        return [{"query": {"term": {field: term}}, "size": 0, "track_total_hits": True} for term in terms]

    def chunk(self, filters: Sequence[Filter], size: int) -> Json:
        """The next documents of a deep read, by rank."""
        return {
            "query": self._narrowed(None, filters),
            "sort": [BY_RANK],
            "size": size,
            "track_total_hits": False,
            "_source": [STORED],
        }

    # -- parts -----------------------------------------------------------------------------------------

    def _narrowed(self, scored: Json | None, filters: Iterable[Filter], more: Sequence[Json] = ()) -> Json:
        found: Json = {"filter": [*more], "must_not": []}
        for field, item in checked_filters(filters, self.fields, self._collection):
            is_excluded = isinstance(item, TermFilter) and item.exclude
            found["must_not" if is_excluded else "filter"].append(_clause(field, item))
        if scored is not None:
            found["must"] = [scored]
        return {"bool": {name: clauses for name, clauses in found.items() if clauses}}

    def _order(self, sort: Sort) -> Json:
        field = self.fields.get(sort.field)
        if field is None or not field.sort:
            raise BadQuery(f"{self._collection} cannot be sorted by {sort.field!r}")
        return {sort.field: {"order": "desc" if sort.descending else "asc", "missing": "_last"}}


def render(match: Match) -> Json:
    """The documents that a match means, to be used where nothing is scored."""
    if isinstance(match, Has):
        if len(match.terms) == 1:
            return {"term": {match.field: match.terms[0]}}
        return {"terms": {match.field: list(match.terms)}}
    if isinstance(match, Phrase):
        return {"match_phrase": {match.field: {"query": " ".join(match.terms), "analyzer": ANALYZER}}}
    if isinstance(match, Begins):
        return {"prefix": {match.field: match.text}}
    parts = [render(part) for part in match.parts]
    if isinstance(match, Every):
        return {"bool": {"filter": parts}}
    return {"bool": {"should": parts, "minimum_should_match": 1}}


def best_of(matches: Sequence[Match]) -> Json:
    """Documents of any of the matches; the score of one is that of the first match that has it."""
    scored = [
        {"constant_score": {"filter": render(match), "boost": len(matches) - place}}
        for place, match in enumerate(matches)
    ]
    return {"dis_max": {"queries": scored}}


def place_of(score: float, matches: Sequence[object]) -> int:
    """Which of the matches a score of `best_of` stands for."""
    return len(matches) - round(score)


def searchable() -> Json:
    """How many documents are no tombstones."""
    return {"query": {"exists": {"field": RANK_KEY}}, "size": 0, "track_total_hits": True}


def _clause(field: IndexField, item: Filter) -> Json:
    if isinstance(item, TermFilter):
        return {"terms": {field.key: list(item.values)}}
    if isinstance(item, ExistsFilter):
        return {"exists": {"field": field.key}}
    limits = {"gte": item.at_least, "lt": item.below}
    return {"range": {field.key: {name: limit for name, limit in limits.items() if limit is not None}}}


def _values(field: str) -> Json:
    return {"field": field, "size": MAX_FACET_VALUES + 1, "shard_size": SHARD_VALUES}
