"""How is an answer to a search or to a beginning of a name shown as the object of the API?"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from indexers.answers import Answer, AnswerHit, Reason, Request, Understood
from indexers.catalog import COLLECTION_OF_TYPE
from indexers.query import Total
from search_site.labels import Labels
from search_site.params import search_url
from search_site.present_facets import FacetView, facet_views
from search_site.present_hits import HitView, hit_view, list_url

RANGES_OF_RECORDS = ("from", "fine_from", "fine_to")
"""Offers that are no facets: a span of days of decision, the least and the largest fine."""


class UnderstoodView(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something recognised in the text; `url` asks the same with it as a filter.

    With a `count` the whole text names it (a list, a kind of records, a word of the law): `url` leads to all of it.
    """

    field: str
    value: str
    label: str
    text: str
    url: str
    count: Total | None = None


class OtherView(msgspec.Struct, frozen=True):
    """What another type holds for the same text."""

    type: str
    total: Total
    top: tuple[HitView, ...]


class SearchView(msgspec.Struct, frozen=True):
    """The answer of `/api/v1/search`."""

    q: str
    type: str
    total: Total
    page: int
    size: int
    hits: tuple[HitView, ...]
    proposals: tuple[HitView, ...]
    facets: dict[str, FacetView]
    understood: tuple[UnderstoodView, ...]
    other: tuple[OtherView, ...]
    generation: str
    as_of: datetime


class Suggested(msgspec.Struct, frozen=True):
    """One line offered while typing."""

    title: str
    uscc: str
    url: str
    reason: Reason


class SuggestView(msgspec.Struct, frozen=True):
    """The answer of `/api/v1/suggest`."""

    q: str
    suggestions: tuple[Suggested, ...]


def search_view(answer: Answer, labels: Labels) -> SearchView:
    """The answer for machines."""
    request = answer.request
    return SearchView(
        q=request.text,
        type=request.type,
        total=answer.total,
        page=request.page,
        size=request.size,
        hits=tuple(hit_view(hit, answer.counts) for hit in answer.hits),
        proposals=tuple(hit_view(hit, answer.counts) for hit in answer.proposals),
        facets=facet_views(answer, labels),
        understood=tuple(_understood(each, request, labels) for each in answer.understood),
        other=tuple(
            OtherView(each.type, each.total, tuple(hit_view(hit, answer.counts) for hit in each.top))
            for each in answer.other
        ),
        generation=answer.version.generation,
        as_of=answer.as_of,
    )


def _understood(found: Understood, request: Request, labels: Labels) -> UnderstoodView:
    """The offer as a link; where its field is none of this type, to the first type that has it."""
    url = (
        _narrowing_url(found, request, labels) if found.total is None else _topic_url(found, request, labels)
    )
    return UnderstoodView(found.field, found.value, found.label, found.text, url, found.total)


def _topic_url(found: Understood, request: Request, labels: Labels) -> str:
    """All of a list or a kind, or the search with another word."""
    if found.field == "list":
        return list_url(found.value)
    asked = Request(type=found.type, size=request.size)
    if found.field == "q":
        asked = msgspec.structs.replace(asked, text=found.value)
    else:
        asked = msgspec.structs.replace(asked, filters={found.field: (found.value,)})
    return search_url(asked, labels.catalog)


def _narrowing_url(found: Understood, request: Request, labels: Labels) -> str:
    kind = found.type or request.type
    if not _has_filter(found.field, kind, labels):
        kind = next((each for each in COLLECTION_OF_TYPE if _has_filter(found.field, each, labels)), kind)
    filters = dict(request.filters) if kind == request.type else {}
    asked = msgspec.structs.replace(request, text=found.rest, type=kind, filters=filters, page=1)
    return search_url(_narrowed(asked, found), labels.catalog)


def _narrowed(asked: Request, found: Understood) -> Request:
    """The request with what was understood as a filter."""
    if found.field == "from":
        begin, end = date.fromisoformat(found.value), date.fromisoformat(found.until)
        return msgspec.structs.replace(asked, decided_from=begin, decided_to=end)
    if found.field in RANGES_OF_RECORDS:
        return msgspec.structs.replace(asked, **{found.field: int(found.value)})
    values = tuple(sorted({*asked.filters.get(found.field, ()), found.value}))
    return msgspec.structs.replace(asked, filters={**asked.filters, found.field: values})


def _has_filter(field: str, kind: str, labels: Labels) -> bool:
    if field in RANGES_OF_RECORDS:
        return kind == "record"
    collection = COLLECTION_OF_TYPE[kind]
    known = labels.catalog.fields[field]
    return collection in known.facet or (field == "region" and collection in known.collections)


def suggest_view(text: str, hits: tuple[AnswerHit, ...]) -> SuggestView:
    """What is offered while typing, for machines."""
    views = [(hit_view(hit, {}), hit.reason) for hit in hits]
    return SuggestView(text, tuple(Suggested(v.title, v.uscc, v.url, reason) for v, reason in views))
