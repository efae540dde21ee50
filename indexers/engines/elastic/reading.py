"""What does one generation answer: pages, facets, suggestions, near misses, single documents, deep reads?"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from indexers.analysis import QueryTerms
from indexers.documents import PublicDocument
from indexers.engines.base import Stored
from indexers.engines.cache import Part
from indexers.engines.deadline import Deadline
from indexers.engines.facets import facet_groups, facet_result
from indexers.engines.fitting import ID_FORM
from indexers.engines.matching import Matching
from indexers.errors import EngineError, IndexMissing
from indexers.grammar import IndexField
from indexers.query import (
    AnyQuery,
    FacetResult,
    Filter,
    Hit,
    SearchQuery,
    Suggestion,
    Total,
)

from .queries import Json, Questions, place_of, searchable
from .replies import Got, PointInTime, Searched, SearchedAll
from .transport import Connection

MOMENT = 0.1
"""Seconds in which a server notices that a node is gone."""
SCAN_CHUNK = 1_000
"""Documents of a deep read that are asked for at once: some megabytes."""
SCAN_SECONDS = 30.0
"""For one chunk."""
CLOSE_SECONDS = 2.0
KEEP_ALIVE = "5m"
"""How long a deep read waits for its reader between two chunks."""


class IndexReader:
    """Asks one index, that is one collection of one generation."""

    def __init__(
        self, connection: Connection, index: str, fields: Mapping[str, IndexField], collection: str
    ) -> None:
        self._connection = connection
        self._index = index
        self._fields = fields
        self._questions = Questions(fields, collection)
        self._matching = Matching(fields)

    # -- searches --------------------------------------------------------------------------------------

    def answer(
        self, query: SearchQuery, deadline: Deadline, *, hits: bool, counts: bool
    ) -> tuple[Part, Part]:
        """The hits with their total, and the facets, each if it is asked for; in one request."""
        groups = facet_groups(query, self._fields)
        asked = [self._questions.page(query)] if hits else []
        if counts:
            asked += [self._questions.counts(query, filters, fields) for filters, fields in groups.items()]
        answers = iter(self._search_all(asked, deadline))
        page = self._page(query, next(answers)) if hits else Part()
        facets: dict[str, FacetResult] = {}
        for fields, answer in zip(groups.values(), answers, strict=False):
            for field in fields:
                counted = answer.aggregations[field.key]
                facets[field.key] = facet_result(
                    field, counted.pairs(), query.filters, complete=counted.complete
                )
        return page, Part(facets={name: facets[name] for name in query.facets if name in facets})

    def _page(self, query: SearchQuery, answer: Searched) -> Part:
        names = [tier for tier, _ in self._matching.tiers(query.readings)]
        hits: list[Hit] = []
        for found in answer.hits.hits:
            document = found.source.document()
            tier = names[place_of(found.score or 0.0, names)] if names else "browse"
            hits.append(Hit(document.id, tier, document))
        return Part(tuple(hits), Total.of(answer.hits.total.value))

    def suggest(
        self, readings: Sequence[QueryTerms], visible: Sequence[Filter], limit: int, deadline: Deadline
    ) -> tuple[Suggestion, ...]:
        """The best subjects: names that begin so, pinyin, initials, codes, names that contain it."""
        offers = self._matching.suggestions(readings)
        if not offers:
            return ()
        asked = self._questions.offers([match for _, match in offers], visible, limit)
        found: list[Suggestion] = []
        for hit in self._search(asked, deadline).hits.hits:
            document = hit.source.document()
            source, _ = offers[place_of(hit.score or 0.0, offers)]
            found.append(Suggestion(document.id, source, document))
        return tuple(found)

    def near(self, query: AnyQuery, visible: Sequence[Filter], deadline: Deadline) -> tuple[Hit, ...]:
        """Documents with at least so many of the terms, most terms first, then by rank."""
        asked = self._questions.near(query, visible)
        if query.minimum > len(query.terms):
            return ()
        documents = [found.source.document() for found in self._search(asked, deadline).hits.hits]
        return tuple(Hit(document.id, "words", document) for document in documents)

    def kinds(
        self, ids: Sequence[str], visible: Sequence[Filter], deadline: Deadline
    ) -> dict[str, dict[str, int]]:
        """{subject: {kind: records}} for those that have any."""
        answer = self._search(self._questions.kinds(ids, visible), deadline)
        found = answer.aggregations["subjects"].buckets
        return {str(each.key): dict(each.kinds.pairs()) for each in found if each.kinds is not None}

    def frequencies(self, field: str, terms: Sequence[str], deadline: Deadline) -> dict[str, int]:
        """In how many documents, of any day, each term occurs."""
        answers = self._search_all(self._questions.frequencies(field, terms), deadline)
        return {term: answer.hits.total.value for term, answer in zip(terms, answers, strict=True)}

    def searchable(self, deadline: Deadline) -> int:
        """How many documents are no tombstones."""
        return self._search(searchable(), deadline).hits.total.value

    def _search(self, asked: Json, deadline: Deadline) -> Searched:
        (answer,) = self._search_all([asked], deadline)
        return answer

    def _search_all(self, asked: Sequence[Json], deadline: Deadline) -> list[Searched]:
        """The whole answers; asked once more where a part is missing, which another copy may have by then."""
        if not asked:
            return []
        answers = self._answers(asked, deadline)
        if any(answer.is_broken for answer in answers) and deadline.left() > MOMENT:
            time.sleep(MOMENT)
            answers = self._answers(asked, deadline)
        return [answer.whole() for answer in answers]

    def _answers(self, asked: Sequence[Json], deadline: Deadline) -> Sequence[Searched]:
        limit = {"timeout": f"{max(1, int(deadline.left() * 1000))}ms"}
        if len(asked) == 1:
            body = {**asked[0], **limit}
            reply = self._connection.read("POST", f"/{self._index}/_search", body, deadline=deadline)
            return [reply.read(Searched)]
        header = msgspec.json.encode({"index": self._index})
        lines = b"".join(header + b"\n" + msgspec.json.encode({**each, **limit}) + b"\n" for each in asked)
        return (
            self._connection.read("POST", "/_msearch", lines, deadline=deadline).read(SearchedAll).responses
        )

    # -- single documents and deep reads ---------------------------------------------------------------

    def stored(self, doc_id: str, deadline: Deadline) -> Stored | None:
        """What is held under an id, tombstones too, in the state that searches see."""
        if not ID_FORM.fullmatch(doc_id):
            return None
        path = f"/{self._index}/_doc/{doc_id}?realtime=false"
        got = self._connection.read("GET", path, deadline=deadline, allow=(404,)).read(Got)
        if got.found is None:
            raise IndexMissing("检索服务器上没有这份索引")
        source = got.source
        if source is None:
            return None
        if source.gone:
            return Stored(doc_id, gone=not source.moved_to, moved_to=source.moved_to)
        return Stored(doc_id, source.document(), source.visible_from, source.visible_until)

    def scan(self, filters: Sequence[Filter]) -> Iterator[PublicDocument]:
        """Every document under the filters by rank, best first, in the state of the beginning."""
        asked = self._questions.chunk(filters, SCAN_CHUNK)
        point = self._open_point()
        try:
            while True:
                asked["pit"] = {"id": point, "keep_alive": KEEP_ALIVE}
                deadline = Deadline(SCAN_SECONDS)
                answer = self._connection.read("POST", "/_search", asked, deadline=deadline)
                searched = answer.read(Searched).whole()
                point = searched.pit_id or point
                yield from (found.source.document() for found in searched.hits.hits)
                if len(searched.hits.hits) < SCAN_CHUNK:
                    return
                asked["search_after"] = searched.hits.hits[-1].sort
        finally:
            self._close_point(point)

    def _open_point(self) -> str:
        deadline = Deadline(SCAN_SECONDS)
        way = "_pit" if self._is_elasticsearch(deadline) else "_search/point_in_time"
        path = f"/{self._index}/{way}?keep_alive={KEEP_ALIVE}"
        opened = self._connection.read("POST", path, deadline=deadline).read(PointInTime)
        return opened.id or opened.pit_id

    def _close_point(self, point: str) -> None:
        """Let the server forget the point; one that cannot be reached forgets it by itself."""
        deadline = Deadline(CLOSE_SECONDS)
        with contextlib.suppress(EngineError):
            path = "/_search/point_in_time"
            body: Json = {"pit_id": [point]}
            if self._is_elasticsearch(deadline):
                path, body = "/_pit", {"id": point}
            self._connection.read("DELETE", path, body, deadline=deadline, allow=(404,))

    def _is_elasticsearch(self, deadline: Deadline) -> bool:
        return self._connection.server(deadline).product == "elasticsearch"
