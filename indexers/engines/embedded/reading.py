"""What does one state of one collection answer: pages, suggestions, near misses, single documents?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple, cast

import tantivy
from tantivy import DocAddress, Occur, Order, Query

from indexers.documents import PublicDocument, decode_document
from indexers.engines.base import Stored
from indexers.engines.deadline import Deadline
from indexers.engines.fitting import RANK_KEY, VISIBLE
from indexers.errors import BadQuery
from indexers.grammar import IndexField
from indexers.query import AnyQuery, Filter, Hit, SearchQuery, Sort, Tier

from .queries import Clause, QueryBuilder, Tiers, all_of, narrowed
from .schema import ID, MOVED_TO, STORED

SCAN_CHUNK = 10_000
"""Documents asked for at once in a deep read: each chunk is one ordered pass over the match set."""


class Found(NamedTuple):
    """Hits of one call as (value of the order, address), and the number of all that match."""

    hits: list[tuple[int | float | str | None, DocAddress]]
    total: int

    @property
    def addresses(self) -> list[DocAddress]:
        return [address for _, address in self.hits]


class CollectionReader:
    """One searcher, that is one state of one collection; nothing it answers ever changes."""

    def __init__(
        self, searcher: tantivy.Searcher, build: QueryBuilder, fields: Mapping[str, IndexField]
    ) -> None:
        self.searcher = searcher
        self.build = build
        self.fields = fields

    # -- pages -----------------------------------------------------------------------------------------

    def page(self, query: SearchQuery, deadline: Deadline) -> tuple[tuple[Hit, ...], int | None]:
        """The hits of a page, and the number of all hits if it became known on the way."""
        clauses = self.build.filters(query.filters)
        tiers = self.build.tiers(query.readings)
        if query.sort is not None:
            return self._sorted_page(query, query.sort, tiers, clauses, deadline)
        if query.readings:
            return self._tiered_page(query, tiers, clauses, deadline)
        found = self._ranked(narrowed(None, clauses), query.size, (query.page - 1) * query.size)
        return tuple(self._hit("browse", address) for address in found.addresses), found.total

    def _tiered_page(
        self, query: SearchQuery, tiers: Tiers, clauses: list[Clause], deadline: Deadline
    ) -> tuple[tuple[Hit, ...], int | None]:
        """Tier after tier, each without those before it, until the page is full."""
        hits: list[Hit] = []
        offset = (query.page - 1) * query.size
        passed = 0
        better: list[Query] = []
        for tier, wanted in tiers:
            if len(hits) == query.size:
                return tuple(hits), None
            deadline.check()
            only = narrowed(wanted, clauses, without=better)
            found = self._ranked(only, query.size - len(hits), max(0, offset - passed))
            hits.extend(self._hit(tier, address) for address in found.addresses)
            passed += found.total
            better.append(wanted)
        return tuple(hits), passed

    def _sorted_page(
        self, query: SearchQuery, sort: Sort, tiers: Tiers, clauses: list[Clause], deadline: Deadline
    ) -> tuple[tuple[Hit, ...], int]:
        field = self.fields.get(sort.field)
        if field is None or not field.sort:
            raise BadQuery(f"{query.collection} cannot be sorted by {sort.field!r}")
        matching = self.build.matching(query.readings)
        end = query.page * query.size
        order = Order.Desc if sort.descending else Order.Asc
        found = self._find(narrowed(matching, clauses), end, order_by=sort.field, order=order)
        addresses: list[DocAddress] = []
        for value, ties in groupby(found.hits, key=lambda hit: hit[0]):
            members = [address for _, address in ties]
            if len(addresses) + len(members) == len(found.hits) < found.total:
                # The end of the window may cut through these ties: ask for their best by rank.
                deadline.check()
                same = narrowed(matching, [*clauses, self.build.same_value(field, value)])
                members = self._ranked(same, len(members)).addresses
            elif len(members) > 1 and len(addresses) + len(members) > end - query.size:
                members = self._by_rank(members)
            addresses.extend(members)
        return self._with_tiers(addresses[end - query.size :], tiers), found.total

    def _with_tiers(self, addresses: list[DocAddress], tiers: Tiers) -> tuple[Hit, ...]:
        """Hits that were not found tier by tier, each with its best tier."""
        if not tiers or not addresses:
            return tuple(self._hit("browse", address) for address in addresses)
        documents = [self.document(address) for address in addresses]
        these = Query.term_set_query(self.build.schema, ID, [document.id for document in documents])
        best: dict[object, Tier] = {}
        for tier, wanted in tiers:
            for key, _ in self._ranked(all_of([these, wanted]), len(documents)).hits:
                best.setdefault(key, tier)
        keys = self.searcher.fast_field_values(RANK_KEY, addresses)
        pairs = zip(documents, keys, strict=True)
        return tuple(Hit(document.id, best[key], document) for document, key in pairs)

    # -- near misses and suggestions -------------------------------------------------------------------

    def near(self, query: AnyQuery, visible: Sequence[Filter], deadline: Deadline) -> tuple[Hit, ...]:
        """Documents with at least so many of the terms, most terms first, then by rank."""
        # Only the terms score, one each, so that a score is the number of terms that occur.
        clauses = [
            (occur, Query.const_score_query(wanted, 0.0)) for occur, wanted in self.build.filters(visible)
        ]
        wanted = narrowed(self.build.any_terms(query.field, query.terms, query.minimum), clauses)
        limit = max(1, query.limit)
        result = self.searcher.search(wanted, limit, count=False)
        addresses: list[DocAddress] = []
        for score, ties in groupby(result.hits, key=lambda hit: round(hit[0])):
            members = [address for _, address in ties]
            if len(addresses) + len(members) == limit:
                # The limit may cut through these ties: ask for their best by rank.
                deadline.check()
                same = self.build.any_terms(query.field, query.terms, score)
                more = self.build.any_terms(query.field, query.terms, score + 1)
                members = self._ranked(narrowed(same, clauses, [more]), len(members)).addresses
            else:
                members = self._by_rank(members)
            addresses.extend(members)
        deadline.check()
        return tuple(self._hit("words", address) for address in addresses)

    def best(self, wanted: Query, visible: Sequence[Filter], limit: int) -> list[PublicDocument]:
        """The best documents of a query by rank."""
        found = self._ranked(narrowed(wanted, self.build.filters(visible)), limit)
        return [self.document(address) for address in found.addresses]

    # -- single documents and deep reads ---------------------------------------------------------------

    def stored(self, doc_id: str) -> Stored | None:
        """What is held under an id, tombstones too."""
        found = self._find(self.build.term(ID, doc_id), 1)
        if not found.hits:
            return None
        address = found.hits[0][1]
        document = self.searcher.doc(address)
        moved_to = cast("str | None", document.get_first(MOVED_TO)) or ""
        content = cast("bytes | None", document.get_first(STORED))
        if content is None:
            return Stored(doc_id, gone=not moved_to, moved_to=moved_to)
        begin, until = (cast("int", self.searcher.fast_field_values(name, [address])[0]) for name in VISIBLE)
        return Stored(doc_id, decode_document(content), begin, until)

    def scan(self, filters: Sequence[Filter]) -> Iterator[PublicDocument]:
        """Every document under the filters by rank, best first."""
        clauses = self.build.filters(filters)
        below: list[Clause] = []
        while True:
            found = self._ranked(narrowed(None, [*clauses, *below]), SCAN_CHUNK)
            for address in found.addresses:
                yield self.document(address)
            if len(found.hits) == found.total:
                return
            below = [(Occur.Must, self.build.below_rank(cast("int", found.hits[-1][0])))]

    def count(self, wanted: Query) -> int:
        """How many documents a query finds."""
        return self._ranked(wanted, 1).total

    def frequency(self, field: str, term: str) -> int:
        """In how many documents of any day a term occurs; replaced ones count until their segment is merged."""
        if field not in self.fields:
            raise BadQuery(f"no field {field!r}")
        return self.searcher.doc_freq(field, self.build.indexed(field, term))

    def document(self, address: DocAddress) -> PublicDocument:
        """The public document at an address."""
        return decode_document(cast("bytes", self.searcher.doc(address).get_first(STORED)))

    # -- small pieces ----------------------------------------------------------------------------------

    def _hit(self, tier: Tier, address: DocAddress) -> Hit:
        document = self.document(address)
        return Hit(document.id, tier, document)

    def _by_rank(self, addresses: list[DocAddress]) -> list[DocAddress]:
        keys = cast("list[int]", self.searcher.fast_field_values(RANK_KEY, addresses))
        places = sorted(range(len(addresses)), key=keys.__getitem__, reverse=True)
        return [addresses[place] for place in places]

    def _ranked(self, query: Query, limit: int, offset: int = 0) -> Found:
        return self._find(query, limit, offset)

    def _find(
        self, query: Query, limit: int, offset: int = 0, order_by: str = RANK_KEY, order: Order = Order.Desc
    ) -> Found:
        # tantivy panics at limit 0, and scores (slowly) unless it is told to order by a field.
        result = self.searcher.search(
            query, max(1, limit), count=True, order_by_field=order_by, offset=offset, order=order
        )
        return Found(result.hits, result.count)  # type: ignore[attr-defined]  # missing in tantivy's stubs
