"""What is offered beside an answer, to which question does each offer lead, and how many does that find?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import msgspec

from indexers.analysis import Analyzer
from indexers.answers import Request, Understood
from indexers.catalog import COLLECTION_OF_TYPE, Catalog
from indexers.query import Total
from indexers.questions import Asked, load_questions
from indexers.topics import Topics, first_with
from indexers.understanding import TextReader

MOST_OFFERS = 4
"""Offers of filters shown beside an answer; more would be noise."""
MOST_COUNTED = 8
"""Questions to the engine for all offers beside one answer."""
RANGES_OF_RECORDS = ("from", "fine_from", "fine_to")
"""Offers that are no facets: a span of days of decision, the least and the largest fine."""

Counter = Callable[[Request, date], Total]


class _Counted:
    """Counts what offers lead to, for one answer: each question once, and none beyond MOST_COUNTED, as if it found
    nothing."""

    def __init__(self, count: Counter, today: date) -> None:
        self.today = today
        self._count = count
        self._known: dict[bytes, Total] = {}

    def of(self, request: Request) -> Total:
        """How many documents answer a question."""
        # How many there are does not depend on the order in which they are shown, or how many at once.
        key = _key(msgspec.structs.replace(request, sort="relevance", page=1, size=1))
        if key not in self._known and len(self._known) < MOST_COUNTED:
            self._known[key] = self._count(request, self.today)
        return self._known.get(key, Total(0))

    def of_text(self, text: str, result_type: str) -> Total:
        """How many documents of a type answer a text."""
        return self.of(Request(text=text, type=result_type))


class Offers:
    """Finds and counts offers. `count` asks for the hits of a question, `totals` for the documents of all kinds and
    lists, `authorities` for those whose records may be asked for; each is called only where it is needed."""

    def __init__(
        self,
        catalog: Catalog,
        analyzer: Analyzer,
        count: Counter,
        totals: Callable[[], Mapping[str, Total]],
        authorities: Callable[[], Sequence[str]],
    ) -> None:
        self._catalog = catalog
        self._count = count
        self._totals = totals
        self._authorities = authorities
        self._topics = Topics(catalog, analyzer)
        self._reader = TextReader(catalog, analyzer, self._topics)
        self._questions = load_questions(catalog.directory)

    def beside(self, request: Request, today: date, hits: Total) -> tuple[Understood, ...]:
        """All offers for a question that has so many hits, each with what it leads to; none that leads to nothing."""
        counted = _Counted(self._count, today)
        topics = self._topics.offers(request, self._totals, counted.of_text)
        question = None if hits.value or topics else self._questions.read(request.text)
        asked = self._of_question(request, question, counted) if question else None
        if asked is None:
            return (*topics, *self._narrowing(request, counted))
        # What stands in the sentence is found by the words that are left of it.
        return tuple(
            offer if offer.text in request.text else msgspec.structs.replace(offer, text=request.text)
            for offer in asked
        )

    def _of_question(
        self, request: Request, question: Asked, counted: _Counted
    ) -> tuple[Understood, ...] | None:
        """What a sentence asks about somebody who is known here, about anybody or about a word; None where what is
        left of it finds nothing."""
        left, count = msgspec.structs.replace(request, text=question.text), counted.of_text
        if not question.name:
            return (*self._topics.offers(left, self._totals, count), *self._narrowing(left, counted))
        # 龙山区 and 去年 stand before what is asked for, and are no names.
        read = self._read(left, counted.today)
        whole = self._whole(left, read, counted)
        if whole and not whole[0].steps[-1].rest:
            return whole
        # The name is counted before what may use up all that is counted.
        named = self._topics.offers(msgspec.structs.replace(request, text=question.name), self._totals, count)
        name = Understood("q", question.name, question.name, request.text, "")
        other = first_with(name, request, count)
        if other is None:
            return named or None
        is_known = count(question.name, "subject").value
        narrowing = self._with_each(left, read, whole, counted)
        # Whoever is known is meant; other words are looked for where nothing else is understood of the sentence.
        if is_known:
            return (*named, other, *narrowing)
        return (*named, *(narrowing or (other,)))

    def _narrowing(self, request: Request, counted: _Counted) -> tuple[Understood, ...]:
        """All that is understood as one offer, then each by itself, which leaves the rest a text to be found; nothing
        of these where no text is left."""
        read = self._read(request, counted.today)
        whole = self._whole(request, read, counted)
        if whole and not whole[0].steps[-1].rest:
            return whole
        return self._with_each(request, read, whole, counted)

    def _whole(
        self, request: Request, read: Sequence[Understood], counted: _Counted
    ) -> tuple[Understood, ...]:
        """All that is understood, as one offer for each way to understand it."""
        ways = [self._together(request, each, counted.today) for each in _ways(read)]
        return self._leading(request, ways or read, counted)

    def _with_each(
        self, request: Request, read: Sequence[Understood], whole: Sequence[Understood], counted: _Counted
    ) -> tuple[Understood, ...]:
        """What is offered as one, then what is understood by itself."""
        return self._leading(request, (*whole, *read), counted)[:MOST_OFFERS]

    def _leading(
        self, request: Request, offers: Iterable[Understood], counted: _Counted
    ) -> tuple[Understood, ...]:
        """The offers that lead to something, each with its number; of those that lead to the same, the first."""
        led: dict[bytes, Understood] = {}
        for offer in offers:
            asked = narrowed(request, offer, self._catalog)
            if (total := counted.of(asked)).value:
                led.setdefault(_key(asked), msgspec.structs.replace(offer, total=total))
        return tuple(led.values())

    def _read(self, request: Request, today: date) -> Sequence[Understood]:
        authorities = self._authorities() if self._reader.may_name_authority(request) else ()
        read = self._reader.understand(request, today, authorities)
        return [self._of_anybody(request, offer) for offer in read]

    def _of_anybody(self, request: Request, offer: Understood) -> Understood:
        """The offer without the words for anybody in what is left: of records, and beside a word that tells which
        documents are meant, they say nothing."""
        if not offer.type and narrowed(request, offer, self._catalog).type != "record":
            return offer
        return msgspec.structs.replace(offer, rest=self._questions.without_anybody(offer.rest))

    def _together(self, request: Request, offers: Sequence[Understood], today: date) -> Understood:
        """One offer for all that is understood: a first one, then what is read from the rest."""
        asked = [narrowed(request, offer, self._catalog) for offer in offers]
        # What leads to another type keeps no filter of this one, and what else is said then means something there.
        first = next((no for no, each in enumerate(asked) if each.type != request.type), 0)
        offer = msgspec.structs.replace(offers[first], type=asked[first].type)
        rest = self._within_type(asked[first], self._read(asked[first], today))
        return (
            msgspec.structs.replace(offer, then=self._together(asked[first], rest, today)) if rest else offer
        )

    def _within_type(self, request: Request, offers: Sequence[Understood]) -> list[Understood]:
        """The offers that keep the type of a question: any other would lose what is chosen before it."""
        return [each for each in offers if narrowed(request, each, self._catalog).type == request.type]


def _ways(read: Sequence[Understood]) -> list[list[Understood]]:
    """What is read in a text, all of it: once for each value of a field of which several are meant, that one first;
    () where only one thing is read."""
    fields = [offer.field for offer in read]
    if len(set(fields)) < 2:
        return []
    several = next((field for field in fields if fields.count(field) > 1), "")
    others = [offer for offer in read if offer.field != several]
    return [[offer, *others] for offer in read if offer.field == several] or [others]


def narrowed(request: Request, offer: Understood, catalog: Catalog) -> Request:
    """The question that an offer of filters leads to; where a field is none of this type, for the first that has it."""
    kind = offer.type or request.type
    if not _has_filter(offer.field, kind, catalog):
        kind = next((each for each in COLLECTION_OF_TYPE if _has_filter(offer.field, each, catalog)), kind)
    filters = dict(request.filters) if kind == request.type else {}
    asked = msgspec.structs.replace(request, text=offer.rest, type=kind, filters=filters, page=1)
    asked = _filtered(asked, offer)
    return narrowed(asked, offer.then, catalog) if offer.then else asked


def _key(request: Request) -> bytes:
    """The same for the same question; a request itself has no hash, as its filters have none."""
    return msgspec.json.encode(request, order="sorted")


def _filtered(asked: Request, offer: Understood) -> Request:
    """The question with what was understood as a filter."""
    if offer.field == "from":
        begin, end = date.fromisoformat(offer.value), date.fromisoformat(offer.until)
        return msgspec.structs.replace(asked, decided_from=begin, decided_to=end)
    if offer.field in RANGES_OF_RECORDS:
        most = {"fine_to": int(offer.until)} if offer.until else {}
        return msgspec.structs.replace(asked, **{offer.field: int(offer.value), **most})
    values = tuple(sorted({*asked.filters.get(offer.field, ()), offer.value}))
    return msgspec.structs.replace(asked, filters={**asked.filters, offer.field: values})


def _has_filter(field: str, kind: str, catalog: Catalog) -> bool:
    if field in RANGES_OF_RECORDS:
        return kind == "record"
    collection = COLLECTION_OF_TYPE[kind]
    known = catalog.fields[field]
    return collection in known.facet or (field == "region" and collection in known.collections)
