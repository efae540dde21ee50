"""What does one collection of a generation answer: pages, counts, suggestions, near misses, documents?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from indexers.documents import PublicDocument, decode_document
from indexers.engines.base import Stored
from indexers.engines.deadline import Deadline
from indexers.engines.facets import facet_groups, facet_result
from indexers.engines.fitting import ID_FORM, RANK_KEY, VISIBLE
from indexers.engines.matching import Match, Matching, Source
from indexers.errors import BadQuery, EngineError, Partial
from indexers.grammar import IndexField
from indexers.query import (
    MAX_FACET_VALUES,
    AnyQuery,
    FacetResult,
    Filter,
    Hit,
    SearchQuery,
    Sort,
    Suggestion,
    Tier,
)

from .client import Client, Fetched
from .queries import Branch, QueryBuilder, below_rank, not_gone, one_of, ranked
from .settings import CUTOFF, GONE, MOVED_TO, STORED, as_word

SCAN_CHUNK = 1_000
"""Documents of one request of a deep read: some 3 MB."""
SHARE_OF_CUTOFF = 0.8
"""Our deadline ends before the server's, which cuts a ranking short without telling."""
FOUND = (STORED, RANK_KEY)
KEPT_FIELDS = (STORED, MOVED_TO, *VISIBLE)
"""What `Held` is made of."""


class Federation(msgspec.Struct, rename="camel"):
    """Which search of a federated one brought a hit."""

    queries_position: int


class Raw(msgspec.Struct):
    """A hit as the server sends it."""

    rank_key: int
    stored: str = ""
    federation: Federation | None = msgspec.field(name="_federation", default=None)


class Facets(msgspec.Struct):
    """Counts of one index in a federated answer."""

    distribution: dict[str, dict[str, int]] = {}


class Result(msgspec.Struct, rename="camel"):
    """The answer to one search, or to a federated one; `degraded` where a version tells it."""

    hits: list[Raw] = []
    estimated_total_hits: int = 0
    facet_distribution: dict[str, dict[str, int]] = {}
    facets_by_index: dict[str, Facets] = {}
    degraded: bool = False


class Results(msgspec.Struct):
    """The answers to several searches."""

    results: list[Result]


class Held(msgspec.Struct):
    """What is held under an id: a document, or a tombstone, which has nothing stored."""

    stored: str = ""
    moved_to: str = ""
    visible_from: int = 0
    visible_until: int = 0


Counts = Mapping[str, Mapping[str, int]]
T = TypeVar("T")


class CollectionReader:
    """Asks one index; holds no state but the client's connections."""

    def __init__(self, client: Client, index: str, fields: Mapping[str, IndexField], collection: str) -> None:
        self.build = QueryBuilder(index, fields, collection)
        self.matching = Matching(fields)
        self._client = client
        self._index = index
        self._fields = fields

    # -- pages -----------------------------------------------------------------------------------------

    def page(
        self, query: SearchQuery, deadline: Deadline, facets: Sequence[str] = ()
    ) -> tuple[tuple[Hit, ...], int, Counts]:
        """The hits of a page, the number of all hits, and the raw counts of facets under the same filters."""
        if query.readings:
            hits, result = self._text_page(query, deadline, facets)
        else:
            hits, result = self._browse_page(query, deadline, facets)
        return hits, *_counted(result, self._index)

    def _browse_page(
        self, query: SearchQuery, deadline: Deadline, facets: Sequence[str]
    ) -> tuple[tuple[Hit, ...], Result]:
        options: dict[str, Any] = {"sort": self.build.order(query.sort)} if query.sort else {}
        asked = self.build.search(
            None,
            self.build.filters(query.filters),
            limit=query.size,
            offset=(query.page - 1) * query.size,
            facets=list(facets),
            attributesToRetrieve=list(FOUND),
            **options,
        )
        (result,) = self._several([asked], deadline)
        return tuple(_hit("browse", raw) for raw in result.hits), result

    def _text_page(
        self, query: SearchQuery, deadline: Deadline, facets: Sequence[str]
    ) -> tuple[tuple[Hit, ...], Result]:
        tiers: list[Tier] = []
        branches: list[Branch] = []
        found = self.matching.tiers(query.readings)
        for place, (tier, match) in enumerate(found):
            # With an explicit order all tiers weigh the same, so that ties fall to the rank.
            weight = 1.0 if query.sort else float(len(found) - place)
            added = self.build.branches(match, weight)
            branches.extend(added)
            tiers.extend([tier] * len(added))
        filters = self.build.filters(query.filters)
        offset = (query.page - 1) * query.size
        result = self._united(branches, filters, deadline, query.size, offset, facets, query.sort)
        if query.sort is None:
            return tuple(_hit(tiers[_position(raw)], raw) for raw in result.hits), result
        best = self._best_tiers(branches, tiers, result.hits, deadline)
        return tuple(_hit(best[raw.rank_key], raw) for raw in result.hits), result

    def _best_tiers(
        self, branches: Sequence[Branch], tiers: Sequence[Tier], hits: Sequence[Raw], deadline: Deadline
    ) -> dict[int, Tier]:
        """{rank: best tier} of hits that were found in an order of their own."""
        if not hits:
            return {}
        these = [ranked(raw.rank_key for raw in hits)]
        options = {"limit": len(hits), "attributesToRetrieve": [RANK_KEY]}
        results = self._several(
            [self.build.search(branch, these, **options) for branch in branches], deadline
        )
        best: dict[int, Tier] = {}
        for tier, result in zip(tiers, results, strict=True):
            for raw in result.hits:
                best.setdefault(raw.rank_key, tier)
        return best

    # -- counts ----------------------------------------------------------------------------------------

    def facets(
        self, query: SearchQuery, deadline: Deadline, known: Counts | None = None
    ) -> dict[str, FacetResult]:
        """The facets of a query. `known`: raw counts under the query's own filters, if they are there."""
        groups = facet_groups(query, self._fields)
        counted: dict[tuple[Filter, ...], Counts] = {} if known is None else {query.filters: known}
        missing = [filters for filters in groups if filters not in counted]
        names = [[field.key for field in groups[filters]] for filters in missing]
        counted.update(zip(missing, self._count(query, missing, names, deadline), strict=True))
        facets = {
            field.key: _facet(field, counted[filters].get(field.key, {}), query.filters)
            for filters, fields in groups.items()
            for field in fields
        }
        return {name: facets[name] for name in query.facets}

    def own_facets(self, query: SearchQuery) -> list[str]:
        """The asked facets that are counted under the query's own filters."""
        return [field.key for field in facet_groups(query, self._fields).get(query.filters, [])]

    def _count(
        self,
        query: SearchQuery,
        several: Sequence[tuple[Filter, ...]],
        names: Sequence[Sequence[str]],
        deadline: Deadline,
    ) -> list[Counts]:
        match = self.matching.whole(query.readings)
        asked = [
            (self.build.filters(filters), fields) for filters, fields in zip(several, names, strict=True)
        ]
        if match is None:
            searches = [self._counting(None, filters, fields) for filters, fields in asked]
            return [_counted(result, self._index)[1] for result in self._several(searches, deadline)]
        branches = self.build.branches(match)
        # The server takes one federated search in a request.
        return [
            _counted(self._united(branches, filters, deadline, 0, 0, fields), self._index)[1]
            for filters, fields in asked
        ]

    def count_kinds(
        self, subjects: Sequence[str], visible: Sequence[Filter], deadline: Deadline
    ) -> dict[str, dict[str, int]]:
        """{subject: {kind: records}}, in one request."""
        filters = self.build.filters(visible)
        asked = [
            self._counting(None, [one_of("subject_id", (each,)), *filters], ["kind"]) for each in subjects
        ]
        results = self._several(asked, deadline)
        counted = {
            each: dict(_counted(result, self._index)[1].get("kind", {}))
            for each, result in zip(subjects, results, strict=True)
        }
        return {each: kinds for each, kinds in counted.items() if kinds}

    def frequencies(self, field: str, terms: Sequence[str], deadline: Deadline) -> dict[str, int]:
        """In how many documents each term occurs, not cut at the window: counted as a facet that all have."""
        known = self._fields.get(field)
        if known is None or known.type == "int":
            raise BadQuery(f"no terms in {field!r}")
        branches = [
            Branch(field, (as_word(term),))
            if known.type == "tokens"
            else Branch(filters=(one_of(field, (term,)),))
            for term in terms
        ]
        results = self._several([self._counting(branch, [], [GONE]) for branch in branches], deadline)
        sums = [sum(_counted(result, self._index)[1].get(GONE, {}).values()) for result in results]
        return dict(zip(terms, sums, strict=True))

    def searchable(self, deadline: Deadline) -> int:
        """Documents that are no tombstones."""
        (result,) = self._several([self._counting(None, [not_gone()], [GONE])], deadline)
        return sum(_counted(result, self._index)[1].get(GONE, {}).values())

    # -- suggestions and near misses -------------------------------------------------------------------

    def suggest(
        self,
        stages: Sequence[tuple[Source, Match]],
        visible: Sequence[Filter],
        limit: int,
        deadline: Deadline,
    ) -> tuple[Suggestion, ...]:
        """The best documents of each stage, those of earlier ones first, each once."""
        branches: list[Branch] = []
        sources: list[Source] = []
        for place, (source, match) in enumerate(stages):
            added = self.build.branches(match, float(len(stages) - place))
            branches.extend(added)
            sources.extend([source] * len(added))
        if not branches:
            return ()
        result = self._united(branches, self.build.filters(visible), deadline, limit)
        documents = ((sources[_position(raw)], decode_document(raw.stored.encode())) for raw in result.hits)
        return tuple(Suggestion(document.id, source, document) for source, document in documents)

    def near(self, query: AnyQuery, visible: Sequence[Filter], deadline: Deadline) -> tuple[Hit, ...]:
        """Documents with at least so many of the terms, most terms first, then by rank."""
        branches = self.build.at_least(query.field, query.terms, query.minimum)
        if not branches:
            return ()
        result = self._united(branches, self.build.filters(visible), deadline, max(1, query.limit))
        return tuple(_hit("words", raw) for raw in result.hits)

    # -- single documents and deep reads ---------------------------------------------------------------

    def stored(self, doc_id: str, deadline: Deadline) -> Stored | None:
        """What is held under an id, tombstones too."""
        if not ID_FORM.fullmatch(doc_id):
            return None
        asked = {"ids": [doc_id], "limit": 1, "fields": list(KEPT_FIELDS)}
        answer = self._client.ask(
            "POST", f"/indexes/{self._index}/documents/fetch", asked, deadline, Fetched[Held]
        )
        if not answer.results:
            return None
        held = answer.results[0]
        if not held.stored:
            return Stored(doc_id, gone=not held.moved_to, moved_to=held.moved_to)
        return Stored(doc_id, decode_document(held.stored.encode()), held.visible_from, held.visible_until)

    def scan(self, filters: Sequence[Filter], seconds: float) -> Iterator[PublicDocument]:
        """Every document under the filters by rank, best first; each chunk has so many seconds."""
        clauses = self.build.filters(filters)
        below: list[str] = []
        while True:
            asked = self.build.search(
                None, [*clauses, *below], limit=SCAN_CHUNK, attributesToRetrieve=list(FOUND)
            )
            (result,) = self._several([asked], Deadline(seconds))
            for raw in result.hits:
                yield decode_document(raw.stored.encode())
            if len(result.hits) < SCAN_CHUNK:
                return
            below = [below_rank(result.hits[-1].rank_key)]

    # -- small pieces ----------------------------------------------------------------------------------

    def _counting(
        self, branch: Branch | None, filters: Sequence[str], facets: Sequence[str]
    ) -> dict[str, Any]:
        return self.build.search(branch, filters, limit=0, facets=list(facets))

    def _united(
        self,
        branches: Sequence[Branch],
        filters: Sequence[str],
        deadline: Deadline,
        limit: int,
        offset: int = 0,
        facets: Sequence[str] = (),
        sort: Sort | None = None,
    ) -> Result:
        asked = self.build.federated(
            branches, filters, limit=limit, offset=offset, facets=facets, sort=sort, fields=FOUND
        )
        return _whole(self._ask(asked, deadline, Result))

    def _several(self, searches: Sequence[dict[str, Any]], deadline: Deadline) -> list[Result]:
        if not searches:
            return []
        answer = self._ask({"queries": list(searches)}, deadline, Results)
        if len(answer.results) != len(searches):
            raise EngineError("检索服务器没有答复全部查询")
        return [_whole(result) for result in answer.results]

    def _ask(self, asked: dict[str, Any], deadline: Deadline, form: type[T]) -> T:
        allowed = Deadline(min(deadline.left(), CUTOFF * SHARE_OF_CUTOFF))
        return self._client.ask("POST", "/multi-search", asked, allowed, form)


def _whole(result: Result) -> Result:
    if result.degraded:
        raise Partial("检索服务器没有来得及查完，只答复了一部分")
    return result


def _counted(result: Result, index: str) -> tuple[int, Counts]:
    facets = result.facets_by_index.get(index)
    return result.estimated_total_hits, facets.distribution if facets else result.facet_distribution


def _facet(field: IndexField, counts: Mapping[str, int], filters: Sequence[Filter]) -> FacetResult:
    return facet_result(field, counts.items(), filters, complete=len(counts) <= MAX_FACET_VALUES)


def _position(raw: Raw) -> int:
    if raw.federation is None:
        raise EngineError("检索服务器没有说明结果的来处")
    return raw.federation.queries_position


def _hit(tier: Tier, raw: Raw) -> Hit:
    document = decode_document(raw.stored.encode())
    return Hit(document.id, tier, document)
