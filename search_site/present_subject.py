"""How is a subject shown: everything public about it for machines, and its profile for people?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

import msgspec

from indexers.answers import Answer, Request, SubjectAnswer
from indexers.documents import PublicDocument, PublicName, PublicRecord, PublicSubject, Source
from indexers.grammar import RecordKind
from indexers.query import Total
from search_site.labels import Labels, ShownField
from search_site.links import Links
from search_site.params import search_url
from search_site.present_hits import (
    TONES,
    Card,
    card_of,
    hit_view,
    list_url,
    record_url,
    subject_url,
    view_of,
)
from search_site.present_results import Paging, data_version, paging
from search_site.present_robots import NOT_INDEXED, robots_for
from search_site.present_rows import field_rows, source_rows
from search_site.present_summary import SummaryLine, SummaryPart, summary_lines
from search_site.present_text import Day, Row, code_parts, code_rows, count_text, day_of, described

SHOWN_IN_HEAD = {"party", "uscc", "status", "region", "former_names", "short_names"}
NAME_WORDS = {"present": "现用名", "former": "曾用名", "short": "简称"}


class ListedView(msgspec.Struct, frozen=True):
    """One list that the subject is on now."""

    id: str
    list: str
    label: str
    polarity: str
    authority: str
    decided_on: str
    last_day: str
    url: str


class SubjectView(msgspec.Struct, frozen=True, tag_field="type", tag="subject"):
    """The answer of `/api/v1/subjects/{id}`. `counts`: kind → visible records."""

    id: str
    title: str
    uscc: str
    url: str
    names: tuple[PublicName, ...]
    by_name_only: bool
    status: str
    region: str
    organisation_class: str
    fields: tuple[ShownField, ...]
    counts: dict[str, int]
    lists: tuple[ListedView, ...]
    sources: tuple[Source, ...]
    generation: str
    as_of: datetime


class KindTab(msgspec.Struct, frozen=True):
    """One kind of records of the subject."""

    label: str
    count: str
    url: str
    current: bool
    is_empty: bool


class TabGroup(msgspec.Struct, frozen=True):
    """The kinds of one group, in the official order of groups."""

    label: str
    tabs: tuple[KindTab, ...]


class Year(msgspec.Struct, frozen=True):
    """The records of one year, newest first."""

    label: str
    cards: tuple[Card, ...]


class Entry(msgspec.Struct, frozen=True):
    """One list in force, as a line of the profile."""

    label: str
    tone: str
    word: str
    authority: str
    day: Day
    until: Day
    url: str
    list_url: str


class Namesake(msgspec.Struct, frozen=True):
    """Another subject of the same name."""

    title: str
    code: tuple[str, ...]
    place: str
    url: str
    by_name_only: bool


class ProfilePage(msgspec.Struct, frozen=True):
    """Everything that a subject's pages print; `kind` is None on the overview."""

    view: SubjectView
    title: str
    description: str
    url: str
    code: tuple[str, ...]
    code_rows: tuple[Row, ...]
    status: str
    place: str
    names: tuple[Row, ...]
    rows: tuple[Row, ...]
    summary: tuple[SummaryLine, ...]
    groups: tuple[TabGroup, ...]
    filled: tuple[KindTab, ...]
    entries: tuple[Entry, ...]
    authorities: tuple[Row, ...]
    sources: tuple[Row, ...]
    delivered: Day
    namesakes: tuple[Namesake, ...]
    kind: RecordKind | None
    years: tuple[Year, ...]
    cards: tuple[Card, ...]
    total: int
    shown: int
    all_url: str
    cite: str
    paging: Paging
    as_of: Day
    data_version: str
    robots: str


def subject_view(answer: SubjectAnswer, labels: Labels) -> SubjectView:
    """The subject for machines."""
    document = answer.document
    return view_of(
        SubjectView,
        document,
        url=subject_url(document.id),
        fields=labels.shown(document.kind, document.fields),
        counts=answer.counts,
        lists=tuple(_listed(record, labels) for record in answer.lists),
        generation=answer.version.generation,
        as_of=answer.as_of,
    )


def _listed(record: PublicRecord, labels: Labels) -> ListedView:
    label = labels.badge(record.kind, record.list)
    return view_of(ListedView, record, label=label, url=record_url(record.id))


def decided_by(name: str) -> Request:
    """The records whose authority has this name: what an office did, where its profile is about what it is held to."""
    return Request(type="record", filters={"authority": (name,)}, sort="newest")


def profile_page(
    answer: SubjectAnswer,
    records: Answer,
    labels: Labels,
    links: Links,
    base_url: str,
    kind: RecordKind | None = None,
    decided: Total | None = None,
) -> ProfilePage:
    """The subject for people. `records` are its newest, or those of `kind`. `base_url` is the address of the site.
    `decided`: how many records are of its own deciding."""
    view = subject_view(answer, labels)
    document = answer.document
    views = [hit_view(hit, {}) for hit in records.hits]
    groups = _tab_groups(view, labels, kind.key if kind else "")
    today = answer.as_of.date()
    pairs = zip(records.hits, views, strict=True)
    cards = tuple(card_of(hit, each, labels, False, today) for hit, each in pairs)
    summary = summary_lines(document, view.counts, answer.lists, today, labels)
    if decided and decided.value:
        summary += (_decided(document.title, decided, labels),)
    return ProfilePage(
        view=view,
        title=document.title,
        description=_description(document.title, summary, kind, records.total.value),
        url=view.url,
        code=code_parts(document.uscc),
        code_rows=code_rows(document.uscc, labels),
        status=labels.status(document.status) if document.status else "",
        place=labels.regions.full_name(document.region) if document.region else "",
        names=_names(document),
        rows=tuple(
            row for row in field_rows(document.kind, view.fields, labels) if row.key not in SHOWN_IN_HEAD
        ),
        summary=summary,
        groups=groups,
        filled=tuple(tab for group in groups for tab in group.tabs if tab.current or not tab.is_empty),
        entries=tuple(_entry(listed, labels) for listed in _adverse_first(view.lists)),
        authorities=tuple(Row(v.value, v.value, f"{v.count:,} 条") for v in answer.authorities.values),
        sources=source_rows(document.sources),
        delivered=_last_delivery((document, *(hit.document for hit in records.hits))),
        namesakes=tuple(_namesake(each, labels) for each in answer.namesakes),
        kind=kind,
        years=_years(cards) if kind is None else (),
        cards=() if kind is None else cards,
        total=records.total.value,
        shown=len(cards),
        all_url=_all_url(document.id, labels),
        cite=_cite(view, answer, base_url),
        paging=paging(records, links),
        as_of=day_of(today.isoformat()),
        data_version=data_version(answer.version),
        robots=NOT_INDEXED
        if document.by_name_only
        else robots_for((*answer.lists, *(hit.document for hit in records.hits))),
    )


def _all_url(subject_id: str, labels: Labels) -> str:
    """All its records in one answer, which can be narrowed and taken along."""
    return search_url(Request(type="record", subject=subject_id, sort="newest"), labels.catalog)


def _decided(name: str, total: Total, labels: Labels) -> SummaryLine:
    """Names are all that tells: records of who decides give no code that could be asked for."""
    found = SummaryPart(f"{count_text(total)} 条", search_url(decided_by(name), labels.catalog))
    return SummaryLine((SummaryPart("以这个名称对各单位作出的记录："), found, SummaryPart("。")))


def _cite(view: SubjectView, answer: SubjectAnswer, base_url: str) -> str:
    """One line that finds this page again and says what was read on it."""
    parts = (
        view.title,
        f"统一社会信用代码 {view.uscc}" if view.uscc else "",
        f"公示中的记录 {sum(view.counts.values()):,} 条",
        f"查询日期 {answer.as_of:%Y-%m-%d}",
        f"数据版本 {data_version(answer.version)}",
        base_url + view.url,
    )
    return ". ".join(part for part in parts if part)


def _description(title: str, summary: tuple[SummaryLine, ...], kind: RecordKind | None, total: int) -> str:
    if kind is not None:
        return described(title, f"{kind.label}（{total:,} 条）", kind.explain)
    return described(title, "".join(part.text for part in summary[0].parts))


def _names(document: PublicSubject) -> tuple[Row, ...]:
    others = [name for name in document.names if name.kind != "present"]
    return tuple(
        Row(kind, NAME_WORDS[kind], "、".join(name.name for name in group))
        for kind, group in groupby(sorted(others, key=lambda name: name.kind), key=lambda name: name.kind)
    )


def _tab_groups(view: SubjectView, labels: Labels, current: str) -> tuple[TabGroup, ...]:
    words = labels.catalog.choices["group"]
    kinds = labels.catalog.public_kinds("records")
    return tuple(
        TabGroup(words[group], tuple(_tab(kind, view, current) for kind in members))
        for group, members in groupby(kinds, key=lambda kind: kind.group)
    )


def _tab(kind: RecordKind, view: SubjectView, current: str) -> KindTab:
    count = view.counts.get(kind.key, 0)
    return KindTab(kind.label, f"{count:,}", subject_url(view.id, kind.key), kind.key == current, count == 0)


def _adverse_first(lists: Iterable[ListedView]) -> list[ListedView]:
    return sorted(lists, key=lambda listed: listed.polarity != "adverse")


def _last_delivery(documents: Iterable[PublicDocument]) -> Day:
    """When something of what a page shows was delivered last."""
    return day_of(max((each.delivered_on for found in documents for each in found.sources), default=""))


def _entry(listed: ListedView, labels: Labels) -> Entry:
    return Entry(
        label=listed.label,
        tone=TONES[listed.polarity],
        word=labels.list_word(listed.list, listed.polarity),
        authority=listed.authority,
        day=day_of(listed.decided_on),
        until=day_of(listed.last_day),
        url=listed.url,
        list_url=list_url(listed.list) if listed.list else "",
    )


def _namesake(document: PublicSubject, labels: Labels) -> Namesake:
    place = labels.regions.full_name(document.region) if document.region else ""
    code, url = code_parts(document.uscc), subject_url(document.id)
    return Namesake(document.title, code, place, url, document.by_name_only)


def _years(cards: tuple[Card, ...]) -> tuple[Year, ...]:
    return tuple(
        Year(f"{year} 年" if year else "日期不详", tuple(group))
        for year, group in groupby(cards, key=lambda card: card.day.iso[:4])
    )
