"""How is an answer to a search or to a beginning of a name shown as the object of the API?"""

from __future__ import annotations

from datetime import datetime

import msgspec

from indexers.answers import Answer, AnswerHit, Reason, Request, Understood
from indexers.offering import narrowed
from indexers.query import Total
from search_site.labels import Labels
from search_site.params import search_url
from search_site.present_facets import FacetView, facet_views
from search_site.present_hits import HitView, hit_view, list_url


class UnderstoodView(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something recognised in the text; `url` asks the same with it as a filter, or leads to all of what the text
    names (a list, a kind of records, a subject's records, another word). `count` is what is found there. Where several
    filters are one offer, `url` has them all and `label` names them; `field` is the first.
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
    """The offer as a link."""
    if found.whole:
        url = _topic_url(found, request, labels)
    else:
        url = search_url(narrowed(request, found, labels.catalog), labels.catalog)
    label = "、".join(step.label for step in found.steps)
    return UnderstoodView(found.field, found.value, label, found.text, url, found.total)


def _topic_url(found: Understood, request: Request, labels: Labels) -> str:
    """All of a list, of a kind or of a subject, or the search with another word."""
    if found.field == "list":
        return list_url(found.value)
    asked = Request(type=found.type, size=request.size)
    if found.field == "q":
        asked = msgspec.structs.replace(asked, text=found.value)
    elif found.field == "subject":
        asked = msgspec.structs.replace(asked, subject=found.value)
    else:
        asked = msgspec.structs.replace(asked, filters={found.field: (found.value,)})
    return search_url(asked, labels.catalog)


def suggest_view(text: str, hits: tuple[AnswerHit, ...]) -> SuggestView:
    """What is offered while typing, for machines."""
    views = [(hit_view(hit, {}), hit.reason) for hit in hits]
    return SuggestView(text, tuple(Suggested(v.title, v.uscc, v.url, reason) for v, reason in views))
