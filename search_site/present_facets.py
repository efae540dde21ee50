"""How are filters shown: facet values with their counts and links, and what is chosen as chips?"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from indexers.answers import Answer, Request
from indexers.catalog import COLLECTION_OF_TYPE
from indexers.grammar import IndexField
from indexers.query import FacetResult, FacetValue
from indexers.wording import shown_amount, shown_date
from search_site.labels import PARAMETER_WORDS, Labels
from search_site.links import Links

SHOWN_VALUES = 6
"""Values of a facet that are seen at once; the others are one tap away."""
MOST_VALUES = 24
"""More than these in a page are not read but only downloaded; the text box finds the rest."""

TEXT_LABEL = "文字"
"""What the chip of a text is called, where a text is a filter."""


class FacetValueView(msgspec.Struct, frozen=True):
    """One value of a facet, for machines."""

    value: str
    label: str
    count: int
    selected: bool


class FacetView(msgspec.Struct, frozen=True):
    """One facet, for machines; `complete` says that no value is left out."""

    label: str
    complete: bool
    values: tuple[FacetValueView, ...]


class FacetLink(msgspec.Struct, frozen=True):
    """One value of a facet on a page: its link adds or removes it."""

    label: str
    count: str
    selected: bool
    url: str


class FacetGroup(msgspec.Struct, frozen=True):
    """One facet on a page; `more` is folded, `left_out` values are not in the page."""

    label: str
    shown: tuple[FacetLink, ...]
    more: tuple[FacetLink, ...]
    left_out: int


class Chip(msgspec.Struct, frozen=True):
    """One filter that is on; the link takes it off."""

    label: str
    text: str
    url: str


def facet_views(answer: Answer, labels: Labels) -> dict[str, FacetView]:
    """All facets of the answer by field, chosen values kept even at 0."""
    return {facet.field: _facet_view(facet, answer.request, labels) for facet in answer.facets}


def _facet_view(facet: FacetResult, request: Request, labels: Labels) -> FacetView:
    chosen = _chosen(facet.field, request, labels.catalog.fields.get(facet.field))
    values = [*facet.values, *_missing(facet.values, chosen)]
    return FacetView(
        label=labels.field(facet.field, request.type),
        complete=facet.complete,
        values=tuple(
            FacetValueView(
                each.value, labels.value(facet.field, each.value), each.count, each.value in chosen
            )
            for each in values
            if each.count or each.value in chosen
        ),
    )


def _chosen(field: str, request: Request, known: IndexField | None) -> tuple[str, ...]:
    """What is on in a facet; a region of its own level counts as well (`region=2204` is `city=2204`)."""
    chosen = request.filters.get(field, ())
    if known is None or known.tree is None:
        return chosen
    digits = known.tree.digits
    return (*chosen, *(code for code in request.filters.get(known.tree.field, ()) if len(code) == digits))


def _missing(values: Iterable[FacetValue], chosen: tuple[str, ...]) -> list[FacetValue]:
    present = {each.value for each in values}
    return [FacetValue(value, 0) for value in dict.fromkeys(chosen) if value not in present]


def facet_groups(
    views: dict[str, FacetView], links: Links, labels: Labels, hidden: tuple[str, ...] = ()
) -> tuple[FacetGroup, ...]:
    """The facets worth showing: regions level by level, no facet without a choice."""
    groups = []
    for key, view in views.items():
        if key not in hidden and _is_open(key, views, labels) and _is_a_choice(view):
            groups.append(_group(key, view, links, labels))
    return tuple(groups)


def _is_open(key: str, views: dict[str, FacetView], labels: Labels) -> bool:
    """A level of a tree is open where something is chosen on it or below, or the level above is settled."""
    level = labels.catalog.fields[key].tree
    if level is None:
        return True
    digits = {
        name: tree.digits
        for name in views
        if (tree := labels.catalog.fields[name].tree) and tree.field == level.field
    }
    if any(digits[name] >= level.digits and _has_chosen(views[name]) for name in digits):
        return True
    above = [views[name] for name in digits if digits[name] == level.digits - 2]
    return all(len(view.values) <= 1 or _has_chosen(view) for view in above)


def _has_chosen(view: FacetView) -> bool:
    return any(value.selected for value in view.values)


def _is_a_choice(view: FacetView) -> bool:
    return len(view.values) > 1 or any(value.selected for value in view.values)


def _group(key: str, view: FacetView, links: Links, labels: Labels) -> FacetGroup:
    ordered = list(view.values)
    if labels.catalog.fields[key].is_year:
        ordered.sort(key=lambda value: value.value, reverse=True)
    ordered.sort(key=lambda value: not value.selected)
    taken = [_link(key, value, links, labels) for value in ordered[:MOST_VALUES]]
    return FacetGroup(
        label=view.label,
        shown=tuple(taken[:SHOWN_VALUES]),
        more=tuple(taken[SHOWN_VALUES:]),
        left_out=len(view.values) - len(taken),
    )


def _link(key: str, value: FacetValueView, links: Links, labels: Labels) -> FacetLink:
    return FacetLink(value.label, f"{value.count:,}", value.selected, _toggle(key, value, links, labels))


def _toggle(key: str, value: FacetValueView, links: Links, labels: Labels) -> str:
    """The URL that adds the value, or takes it off."""
    request, tree = links.request, labels.catalog.fields[key].tree
    if value.selected:
        holder = key if value.value in request.filters.get(key, ()) or tree is None else tree.field
        return links.without_value(holder, value.value)
    if tree is None:
        return links.with_value(key, value.value)
    return _region_url(key, tree.field, value.value, links, labels)


def _region_url(key: str, root: str, code: str, links: Links, labels: Labels) -> str:
    """One more region: it stands beside others of its level and takes the place of all wider and narrower ones."""
    fields = labels.catalog.fields
    mine = {root, *(name for name, field in fields.items() if field.tree and field.tree.field == root)}
    filters = dict(links.request.filters)
    if not mine & filters.keys():
        return links.with_value(key, code)
    for name in mine & filters.keys():
        kept = tuple(each for each in filters.pop(name) if len(each) == len(code))
        if kept:
            filters[name] = kept
    filters[key] = tuple(sorted({*filters.get(key, ()), code}))
    return links.to(msgspec.structs.replace(links.request, filters=filters, page=1))


def chips(links: Links, labels: Labels, subject_name: str, implied: tuple[str, ...] = ()) -> tuple[Chip, ...]:
    """Every filter that is on, with the link that takes it off."""
    request = links.request
    order = [field.key for field in labels.catalog.facets(COLLECTION_OF_TYPE[request.type])]
    found = [
        Chip(labels.field(name, request.type), labels.value(name, value), links.without_value(name, value))
        for name in (*order, "region")
        if name not in implied
        for value in request.filters.get(name, ())
    ]
    off = msgspec.structs.replace(request, page=1)
    if request.text and links.is_text_filter:
        found.insert(0, Chip(TEXT_LABEL, request.text, links.without_text()))
    if request.subject and "subject" not in implied:
        without = links.to(msgspec.structs.replace(off, subject=""))
        found.append(Chip(PARAMETER_WORDS["subject"], subject_name or request.subject, without))
    if request.decided_from:
        without = links.to(msgspec.structs.replace(off, decided_from=None))
        found.append(Chip("决定日期", f"{shown_date(request.decided_from.isoformat())}起", without))
    if request.decided_to:
        without = links.to(msgspec.structs.replace(off, decided_to=None))
        found.append(Chip("决定日期", f"{shown_date(request.decided_to.isoformat())}止", without))
    for name, yuan, side in (("fine_from", request.fine_from, "以上"), ("fine_to", request.fine_to, "以下")):
        if yuan is not None:
            without = links.to(msgspec.structs.replace(off, **{name: None}))
            found.append(Chip("罚款金额", f"{shown_amount(str(yuan))}{side}", without))
    return tuple(found)
