"""How is one hit shown: the same facts as an object of the API and as a card of a page?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

import msgspec
from markupsafe import Markup

from indexers.answers import AnswerHit, Reason
from indexers.documents import PublicDocument, PublicEntry, PublicRecord, PublicSubject
from search_site.labels import Labels
from search_site.params import encode
from search_site.present_rows import card_rows
from search_site.present_text import Day, Row, code_parts, day_of, marked, parted
from search_site.present_validity import shown_status

SNIPPET_LENGTH = 160
Ranges = tuple[tuple[int, int], ...]
View = TypeVar("View", bound=msgspec.Struct)

TONES = {"adverse": "negative", "honour": "positive", "neutral": "neutral"}
"""Polarity → the look of a badge. The words stand beside it: colour never speaks alone."""


def subject_url(subject_id: str, kind: str = "") -> str:
    """The page of a subject, or of one kind of its records."""
    base = f"/s/{encode(subject_id)}"
    return f"{base}/{kind}" if kind else base


def record_url(record_id: str) -> str:
    """The page of a record."""
    return f"/r/{encode(record_id)}"


def library_url(entry_id: str) -> str:
    """The page of a library entry."""
    return f"/library/{encode(entry_id)}"


def list_url(key: str) -> str:
    """The page of a red or black list."""
    return f"/lists/{key}"


class Hit(msgspec.Struct, frozen=True):
    """What every hit has, for machines; dates are ISO, "" where there is none."""

    id: str
    title: str
    uscc: str
    url: str
    reason: Reason
    highlights: dict[str, Ranges]


class SubjectHit(Hit, frozen=True, tag_field="type", tag="subject"):
    """A subject among hits. `counts`: kind → visible records."""

    by_name_only: bool
    status: str
    region: str
    counts: dict[str, int]


class RecordHit(Hit, frozen=True, tag_field="type", tag="record"):
    """A record among hits."""

    kind: str
    list: str
    polarity: str
    subject: str
    subject_id: str
    authority: str
    document_number: str
    decided_on: str
    last_day: str
    status: str
    snippet: str


class LibraryHit(Hit, frozen=True, tag_field="type", tag="library"):
    """A library entry among hits."""

    kind: str
    body: str
    number: str
    dated_on: str
    status: str
    abstract: str


HitView = SubjectHit | RecordHit | LibraryHit


class Counted(msgspec.Struct, frozen=True):
    """How many records of a kind a subject has."""

    label: str
    count: int
    url: str
    tone: str


class Card(msgspec.Struct, frozen=True):
    """One hit on a page. Fields that a type does not have are empty; `repeats`: the title is the badge again."""

    hit: HitView
    title: Markup
    code: tuple[str, ...] = ()
    badge: str = ""
    repeats: bool = False
    tone: str = "neutral"
    status: str = ""
    place: str = ""
    names: str = ""
    counts: tuple[Counted, ...] = ()
    subject: Markup = Markup("")
    subject_url: str = ""
    by: Markup = Markup("")
    day: Day = Day()
    number: str = ""
    snippet: Markup = Markup("")
    until: Day = Day()
    told: tuple[Row, ...] = ()
    why: str = ""


def view_of(shape: type[View], document: PublicDocument, **more: Any) -> View:
    """A view of a document: what both have under the same name, and `more`."""
    same = {name: getattr(document, name) for name in shape.__struct_fields__ if name not in more}
    return shape(**same, **more)


def hit_view(hit: AnswerHit, counts: Mapping[str, dict[str, int]]) -> HitView:
    """The hit for machines."""
    document = hit.document
    found: dict[str, Any] = {"reason": hit.reason, "highlights": hit.highlights}
    if isinstance(document, PublicSubject):
        found["counts"] = counts.get(document.id, {})
        return view_of(SubjectHit, document, url=subject_url(document.id), **found)
    if isinstance(document, PublicRecord):
        return view_of(RecordHit, document, url=record_url(document.id), **found)
    return view_of(LibraryHit, document, url=library_url(document.id), uscc="", **found)


def card_of(hit: AnswerHit, view: HitView, labels: Labels, asked: bool, today: date) -> Card:
    """The hit for people; `asked` says that there is a text that it answers."""
    why, document = hit.reason.label if asked else "", hit.document
    if isinstance(view, SubjectHit):
        assert isinstance(document, PublicSubject)
        return _subject_card(document, view, labels, why)
    if isinstance(view, RecordHit):
        assert isinstance(document, PublicRecord)
        return _record_card(document, view, labels, why, today)
    assert isinstance(document, PublicEntry)
    return _library_card(document, view, labels, why, today)


def _subject_card(document: PublicSubject, view: SubjectHit, labels: Labels, why: str) -> Card:
    return Card(
        hit=view,
        title=marked(view.title, view.highlights.get("title", ())),
        code=code_parts(view.uscc),
        status=labels.status(view.status) if view.status else "",
        place=labels.regions.full_name(view.region) if view.region else "",
        names=_other_names(document, view),
        counts=count_items(view.id, view.counts, labels),
        why=why,
    )


def _other_names(document: PublicSubject, view: SubjectHit) -> str:
    """Former and short names, shown where one of them is why the subject was found."""
    if view.reason.code not in ("former_name", "short_name"):
        return ""
    wanted = view.reason.code.removesuffix("_name")
    names = [name.name for name in document.names if name.kind == wanted]
    word = {"former": "曾用名", "short": "简称"}[wanted]
    return f"{word}：{'、'.join(names)}" if names else ""


def count_items(subject_id: str, counts: Mapping[str, int], labels: Labels) -> tuple[Counted, ...]:
    """One line of counts in the order of tabs, kinds without records left out."""
    return tuple(
        Counted(kind.label, counts[kind.key], subject_url(subject_id, kind.key), TONES[kind.polarity])
        for kind in labels.catalog.public_kinds("records")
        if counts.get(kind.key)
    )


def _record_card(document: PublicRecord, view: RecordHit, labels: Labels, why: str, today: date) -> Card:
    badge = labels.badge(view.kind, view.list)
    return Card(
        hit=view,
        title=marked(view.title, view.highlights.get("title", ())),
        badge=badge,
        repeats=view.title == badge,
        tone=TONES[view.polarity],
        status=shown_status(document, labels, today),
        code=code_parts(view.uscc),
        subject=marked(view.subject, view.highlights.get("subject", ())),
        subject_url=subject_url(view.subject_id),
        by=marked(view.authority, view.highlights.get("authority", ())),
        day=day_of(view.decided_on),
        number=parted(view.document_number),
        snippet=_clipped(view.snippet, view.highlights.get("snippet", ())),
        until=day_of(view.last_day),
        told=card_rows(document, labels),
        why=why,
    )


def _library_card(document: PublicEntry, view: LibraryHit, labels: Labels, why: str, today: date) -> Card:
    return Card(
        hit=view,
        title=marked(view.title, view.highlights.get("title", ())),
        badge=labels.kind(view.kind),
        status=shown_status(document, labels, today),
        by=marked(view.body, ()),
        day=day_of(view.dated_on),
        number=parted(view.number),
        snippet=_clipped(view.abstract, view.highlights.get("abstract", ())),
        why=why,
    )


def _clipped(text: str, ranges: Ranges) -> Markup:
    """At most `SNIPPET_LENGTH` characters of a text, from its beginning."""
    if len(text) <= SNIPPET_LENGTH:
        return marked(text, ranges)
    return marked(text[:SNIPPET_LENGTH], ranges) + "…"
