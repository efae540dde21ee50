"""Under which words are the offers beside an answer shown?"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import msgspec

from indexers.answers import Answer, Understood
from search_site.labels import Labels
from search_site.present_answers import UnderstoodView
from search_site.present_text import count_text

NARROWING = "只看"
"""These make the answer smaller; all others lead to something else."""
_OTHER_WORD = "换个词查"
_OF_SUBJECT = "查这家单位的记录"
"""Its records bear its present name, whichever was typed."""
_WHOLE = {"list": "看名单", "records": "查记录", "library": "查资料"}


class OfferLink(msgspec.Struct, frozen=True):
    """One offer; `count` may be empty."""

    label: str
    count: str
    url: str


class OfferGroup(msgspec.Struct, frozen=True):
    """Offers of one sort, after the words that say what they do."""

    label: str
    links: tuple[OfferLink, ...]


def offer_groups(answer: Answer, views: Iterable[UnderstoodView], labels: Labels) -> tuple[OfferGroup, ...]:
    """The offers in their order, those of one sort together; `views` are the same for machines."""
    pairs = zip(answer.understood, views, strict=True)
    return tuple(
        OfferGroup(label, tuple(_link(offer, view, answer.request.type, labels) for offer, view in group))
        for label, group in groupby(pairs, key=lambda pair: _sort_of(pair[0], labels))
    )


def _link(offer: Understood, view: UnderstoodView, asked_type: str, labels: Labels) -> OfferLink:
    told = []
    for step in offer.steps:
        own = labels.own_field(step.field, step.type or asked_type)
        told.append(f"{own}：{step.label}" if own else step.label)
    return OfferLink("、".join(told), count_text(view.count) if view.count else "", view.url)


def _sort_of(offer: Understood, labels: Labels) -> str:
    if not offer.whole:
        return NARROWING
    if offer.field == "q":
        return _OTHER_WORD
    if offer.field == "subject":
        return _OF_SUBJECT
    return _WHOLE["list" if offer.field == "list" else labels.catalog.kinds[offer.value].collection]
