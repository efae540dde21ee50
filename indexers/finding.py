"""How does what a visitor asked become an answer, the same for pages, API and command line?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from indexers.analysis import Analyzer, QueryTerms
from indexers.answers import (
    Answer,
    AnswerHit,
    DocumentAnswer,
    Other,
    Request,
    SubjectAnswer,
    Understood,
)
from indexers.asked_days import spell_days
from indexers.catalog import COLLECTION_OF_TYPE, Catalog
from indexers.clock import Clock
from indexers.documents import (
    Gone,
    Moved,
    PublicEntry,
    PublicRecord,
    PublicSubject,
)
from indexers.engines.base import EngineStatus, GenerationStatus, SearchEngine
from indexers.engines.facets import facet_result
from indexers.engines.published import choose_fitting
from indexers.filtering import filters_of
from indexers.identifiers import codes_within
from indexers.kept import Kept
from indexers.near_misses import NearMisses
from indexers.offering import Offers
from indexers.query import (
    MAX_SIZE,
    DataVersion,
    ExistsFilter,
    Filter,
    SearchPage,
    SearchQuery,
    Sort,
    TermFilter,
    Total,
    count_pages,
)
from indexers.ranking import WINDOW, Ranker
from indexers.renamed import records_of_renamed
from indexers.told_hits import ToldHits

DEADLINE = 5.0
"""Seconds for one call of the engine where a deployment says nothing."""
TOP_OF_OTHERS = 3
"""Hits of another type that are shown beside the answer."""
ONE_OF_EACH = "kind"
"""The facet of which every record and every entry of the library has one value."""
MOST_NAMESAKES = 20
"""Subjects of the same name that are named on a profile; nobody compares more by eye."""


class Finder:
    """Answers questions from one engine. Safe to share between threads; holds nothing that outlives a record."""

    def __init__(
        self,
        engine: SearchEngine,
        catalog: Catalog,
        analyzer: Analyzer,
        clock: Clock,
        deadline: float = DEADLINE,
    ) -> None:
        """`deadline`: seconds that one call of the engine may take."""
        self.engine = engine
        self.catalog = catalog
        self.analyzer = analyzer
        self.clock = clock
        self.deadline = deadline
        self._told = ToldHits(catalog, analyzer)
        self._ranker = Ranker(catalog, analyzer)
        self._near_misses = NearMisses(engine, catalog, self._ranker, deadline)
        self._known_authorities = Kept(self._authorities)
        self._known_totals = Kept(self.totals)
        self._offers = Offers(
            catalog,
            analyzer,
            self._count,
            lambda: self._known_totals.at(self.version()),
            lambda: self._known_authorities.at(self.version()),
        )

    def version(self) -> tuple[DataVersion, date]:
        """What is published, and the day: as long as both stay the same, so does every answer."""
        return self.engine.data_version(self.deadline), self.clock().date()

    def known_version(self) -> tuple[DataVersion, date] | None:
        """As `version` where that can be told without waiting for anybody; else None."""
        known = self.engine.known_version()
        return (known, self.clock().date()) if known is not None else None

    def state(self) -> tuple[EngineStatus, GenerationStatus]:
        """What the engine tells of itself now, and the generation that answers come from, which it can read."""
        status = self.engine.status()
        self.engine.check()
        return status, choose_fitting((status.live, status.kept), self.engine.fingerprint)

    def find(self, request: Request, *, alone: bool = False) -> Answer:
        """Hits, exact total; beside them, unless `alone`, facets, counts of records, proposals, what was understood,
        what other types hold."""
        now = self.clock()
        query = self._query(request, now.date())
        if alone:
            query = msgspec.structs.replace(query, facets=())
        readings = query.readings
        is_empty = bool(request.text.strip()) and not readings
        page = self._no_page(query) if is_empty else self._ordered(query, self.engine.search(query))
        hits = self._told.hits(request, readings, page.hits)
        proposals: tuple[AnswerHit, ...] = ()
        is_beside = bool(readings) and not alone
        is_first = is_beside and request.page == 1
        other = self._others(request, now.date()) if is_first else ()
        if is_first:
            proposals = self._near_misses.beside(request, query, page, other)
        shown = (*hits, *proposals, *(hit for each in other for hit in each.top))
        counts = {} if alone else self._counts(shown, now.date())
        offers = self._offers.beside(request, now.date(), page.total) if is_beside else ()
        return Answer(
            request=request,
            total=page.total if alone else self._total(query, page),
            hits=hits,
            facets=tuple(page.facets[name] for name in query.facets if name in page.facets),
            proposals=proposals,
            understood=(*self._of_renamed(request, page.total, hits, other, counts), *offers),
            other=other,
            counts=counts,
            version=page.version,
            as_of=now,
        )

    def count(self, request: Request) -> Total:
        """How many hits there are, without any of them."""
        return self._count(request, self.clock().date())

    def suggest(self, text: str, limit: int = 8) -> tuple[AnswerHit, ...]:
        """Subjects whose names begin with, or contain, what has been typed so far."""
        readings = self.analyzer.queries(text)
        if not readings:
            return ()
        found = self.engine.suggest(text, self.clock().date(), limit)
        return tuple(
            AnswerHit(
                "subject",
                item.document,
                self._told.suggestion_reason(item, readings),
                self._told.title(item.document, text),
            )
            for item in found
        )

    def subject(self, subject_id: str) -> SubjectAnswer | Moved | None:
        """A subject by code or name-only id, with what is visible about it; None if there is nothing to show."""
        now = self.clock()
        today = now.date()
        found = self.engine.get("subjects", subject_id, today)
        if found is None or isinstance(found, Moved):
            return found
        if not isinstance(found, PublicSubject):
            return None
        mine: tuple[Filter, ...] = (TermFilter("subject_id", (found.id,)),)
        listed = self._ask("records", today, filters=(*mine, ExistsFilter("list")), size=MAX_SIZE)
        page = self._ask("records", today, filters=mine, facets=("authority",), size=1)
        return SubjectAnswer(
            document=found,
            counts=self.engine.count_by_subject([found.id], today).get(found.id, {}),
            lists=tuple(hit.document for hit in listed.hits if isinstance(hit.document, PublicRecord)),
            authorities=page.facets["authority"],
            namesakes=self._namesakes(found, today),
            version=page.version,
            as_of=now,
        )

    def record(self, record_id: str) -> DocumentAnswer | Gone | None:
        """A record by its id: Gone when it may not be shown any more, None when there never was one."""
        return self._document("records", record_id)

    def entry(self, entry_id: str) -> DocumentAnswer | Gone | None:
        """A library entry by its id."""
        return self._document("library", entry_id)

    def held(self, named: Iterable[str], besides: str) -> dict[str, str]:
        """Numbers or titles of library entries → ids of those that are here, but for the entry `besides`."""
        today = self.clock().date()
        found: dict[str, str] = {}
        for text in named:
            numbers = self.analyzer.document_number_query(text)
            title = self.analyzer.normalize(text.strip("《》"))
            same = TermFilter("document_number", numbers) if numbers else TermFilter("name_norm", (title,))
            page = self._ask("library", today, filters=(same,), size=2)
            others = [hit.id for hit in page.hits if hit.id != besides]
            if others:
                found[text] = others[0]
        return found

    def recent(self, limit: int = 10) -> tuple[PublicRecord, ...]:
        """The records decided last."""
        today = self.clock().date()
        page = self._ask("records", today, sort=Sort("decided_on"), size=limit)
        return tuple(hit.document for hit in page.hits if isinstance(hit.document, PublicRecord))

    def totals(self) -> dict[str, Total]:
        """Visible documents: by type (`subject`, `record`, `library`), by `kind:<key>` and by `list:<key>`."""
        today = self.clock().date()
        totals: dict[str, Total] = {}
        for result_type, collection in COLLECTION_OF_TYPE.items():
            facets = tuple(f for f in ("kind", "list") if collection in self.catalog.fields[f].facet)
            page = self._ask(collection, today, facets=facets, size=1)
            totals[result_type] = page.total_by(ONE_OF_EACH)
            for facet in facets:
                values = page.facets[facet].values
                totals.update({f"{facet}:{value.value}": Total(value.count) for value in values})
        return totals

    # -- parts ----------------------------------------------------------------------------------------------

    def _ask(
        self,
        collection: str,
        today: date,
        *,
        filters: tuple[Filter, ...] = (),
        facets: tuple[str, ...] = (),
        sort: Sort | None = None,
        size: int,
    ) -> SearchPage:
        """A first page without a text."""
        return self.engine.search(
            SearchQuery(
                collection,
                today,
                filters=filters,
                facets=facets,
                sort=sort,
                size=size,
                deadline=self.deadline,
            )
        )

    def _query(self, request: Request, today: date) -> SearchQuery:
        collection = COLLECTION_OF_TYPE[request.type]
        return SearchQuery(
            collection=collection,
            today=today,
            readings=self._readings(request),
            filters=filters_of(request, self.catalog),
            facets=tuple(field.key for field in self.catalog.facets(collection)),
            sort=request.order,
            page=request.page,
            size=request.size,
            deadline=self.deadline,
        )

    def _readings(self, request: Request) -> tuple[QueryTerms, ...]:
        """The readings of the text; of records also with its days as these say them. A whole code beside other words
        decides who is meant, whatever the words are: the library alone knows no codes."""
        text = request.text
        spellings = [text]
        if request.type != "library":
            spellings.extend(codes_within(text))
        if request.type == "record":
            spellings.append(spell_days(text))
        return tuple(found for each in dict.fromkeys(spellings) for found in self.analyzer.queries(each))

    def _ordered(self, query: SearchQuery, page: SearchPage) -> SearchPage:
        """The page with the whole of a small answer put in order; a larger one keeps the engine's."""
        if query.sort is not None or not query.readings or page.total.value > WINDOW or not page.hits:
            return page
        found = list(page.hits)
        if page.total.value > len(found):
            whole = msgspec.structs.replace(query, facets=(), size=MAX_SIZE)
            pages = range(1, count_pages(page.total.value, MAX_SIZE) + 1)
            found = [
                hit
                for no in pages
                for hit in self.engine.search(msgspec.structs.replace(whole, page=no)).hits
            ]
        begin = (query.page - 1) * query.size
        ordered = self._ranker.order(found, query.readings)
        hits = ordered if len(found) == len(page.hits) else ordered[begin : begin + query.size]
        return msgspec.structs.replace(page, hits=hits)

    def _no_page(self, query: SearchQuery) -> SearchPage:
        """What signs alone find; the facets are there all the same, with what is chosen."""
        fields = self.catalog.fields
        facets = {name: facet_result(fields[name], (), query.filters, complete=True) for name in query.facets}
        return SearchPage((), Total(0), facets, self.version()[0])

    def _total(self, query: SearchQuery, page: SearchPage) -> Total:
        """The total; where no text is asked for, beyond what engines count too. A facet ignores its own filter."""
        is_chosen = any(isinstance(each, TermFilter) and each.field == ONE_OF_EACH for each in query.filters)
        return page.total if query.readings or is_chosen else page.total_by(ONE_OF_EACH)

    def _of_renamed(
        self,
        request: Request,
        total: Total,
        hits: tuple[AnswerHit, ...],
        other: tuple[Other, ...],
        counts: dict[str, dict[str, int]],
    ) -> tuple[Understood, ...]:
        """The records of subjects that were found by a name that their records do not bear."""
        found = {each.type: each for each in (Other(request.type, total, hits), *other)}
        if len(found) == 1:
            return ()
        subjects, records = found["subject"], found["record"]
        if records.total.value:
            return ()
        return records_of_renamed(request.text, subjects.total, subjects.top, counts)

    def _authorities(self) -> tuple[str, ...]:
        """Authorities of visible records."""
        page = self._ask("records", self.clock().date(), facets=("authority",), size=1)
        return tuple(value.value for value in page.facets["authority"].values)

    def _count(self, request: Request, today: date) -> Total:
        query = self._query(msgspec.structs.replace(request, size=1, sort="relevance"), today)
        if request.text.strip() and not query.readings:
            return Total(0)
        return self.engine.search(msgspec.structs.replace(query, facets=())).total

    def _others(self, request: Request, today: date) -> tuple[Other, ...]:
        """What the other types hold for the same text, without the filters that only this type knows."""
        others: list[Other] = []
        for other in COLLECTION_OF_TYPE:
            if other != request.type:
                asked = Request(text=request.text, type=other, size=TOP_OF_OTHERS)
                query = msgspec.structs.replace(self._query(asked, today), facets=())
                page = self.engine.search(query)
                others.append(Other(other, page.total, self._told.hits(asked, query.readings, page.hits)))
        return tuple(others)

    def _counts(self, hits: Iterable[AnswerHit], today: date) -> dict[str, dict[str, int]]:
        ids = [hit.document.id for hit in hits if hit.type == "subject"]
        return self.engine.count_by_subject(ids[:MAX_SIZE], today) if ids else {}

    def _namesakes(self, subject: PublicSubject, today: date) -> tuple[PublicSubject, ...]:
        same = (TermFilter("name_norm", (self.analyzer.normalize(subject.title),)),)
        page = self._ask("subjects", today, filters=same, size=MOST_NAMESAKES)
        return tuple(
            hit.document
            for hit in page.hits
            if isinstance(hit.document, PublicSubject) and hit.id != subject.id
        )

    def _document(self, collection: str, doc_id: str) -> DocumentAnswer | Gone | None:
        now = self.clock()
        version = self.engine.data_version(self.deadline)
        found = self.engine.get(collection, doc_id, now.date())
        if found is None or isinstance(found, Gone):
            return found
        if not isinstance(found, PublicRecord | PublicEntry):
            return None
        return DocumentAnswer(found, version, now)
