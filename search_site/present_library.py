"""How is a library entry shown: as the object of the API and as a page?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from indexers.answers import DocumentAnswer
from indexers.documents import PublicEntry, Source
from search_site.labels import Labels, ShownField
from search_site.present_hits import library_url, view_of
from search_site.present_results import data_version
from search_site.present_rows import field_rows, source_rows
from search_site.present_text import Row, described
from search_site.present_validity import shown_status


class EntryView(msgspec.Struct, frozen=True, tag_field="type", tag="library"):
    """The answer of `/api/v1/library/{id}`."""

    id: str
    title: str
    url: str
    kind: str
    body: str
    number: str
    dated_on: str
    status: str
    valid_until: str
    abstract: str
    text: str
    related: tuple[str, ...]
    fields: tuple[ShownField, ...]
    sources: tuple[Source, ...]
    generation: str
    as_of: datetime


class EntryPage(msgspec.Struct, frozen=True):
    """Everything that a library entry's page prints."""

    view: EntryView
    title: str
    description: str
    badge: str
    status: str
    rows: tuple[Row, ...]
    abstract: str
    paragraphs: tuple[str, ...]
    related: tuple[Row, ...]
    sources: tuple[Row, ...]
    explain: str
    permalink: str
    data_version: str


def entry_view(answer: DocumentAnswer, labels: Labels) -> EntryView:
    """The library entry for machines."""
    document = answer.document
    assert isinstance(document, PublicEntry)
    return view_of(
        EntryView,
        document,
        url=library_url(document.id),
        fields=labels.shown(document.kind, document.fields),
        generation=answer.version.generation,
        as_of=answer.as_of,
    )


def entry_page(answer: DocumentAnswer, held: Mapping[str, str], labels: Labels, base_url: str) -> EntryPage:
    """The library entry for people. `held`: related documents that are here → their ids; only these are links."""
    view, document = entry_view(answer, labels), answer.document
    assert isinstance(document, PublicEntry)
    kind = labels.catalog.kinds.get(view.kind)
    return EntryPage(
        view=view,
        title=view.title,
        description=described(labels.kind(view.kind), view.title, view.body, view.abstract),
        badge=labels.kind(view.kind),
        status=shown_status(document, labels, answer.as_of.date()),
        rows=tuple(row for row in field_rows(view.kind, view.fields, labels) if row.text != view.title),
        abstract=view.abstract,
        paragraphs=tuple(line.strip() for line in view.text.splitlines() if line.strip()),
        related=tuple(
            Row(each, each, each, url=library_url(held[each]) if each in held else "")
            for each in view.related
        ),
        sources=source_rows(view.sources),
        explain=kind.explain if kind else "",
        permalink=base_url + view.url,
        data_version=data_version(answer.version),
    )
