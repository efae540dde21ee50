"""What do the home page and the status page say about the whole of the data?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from indexers.answers import Request
from indexers.catalog import COLLECTION_OF_TYPE
from indexers.documents import PublicRecord
from indexers.grammar import RecordKind
from indexers.query import DataVersion, Total
from indexers.wording import shown_date
from search_site.labels import Labels
from search_site.params import search_url
from search_site.present_hits import TONES, record_url, subject_url
from search_site.present_results import TYPE_LABELS, UNITS, Choice, data_version
from search_site.present_text import Day, Row, day_of, total_text
from search_site.settings import Settings


class Tile(msgspec.Struct, frozen=True):
    """One big entry of the home page."""

    label: str
    text: str
    url: str


class RecentLine(msgspec.Struct, frozen=True):
    """One of the newest records; `repeats`: its title says no more than its badge."""

    badge: str
    tone: str
    title: str
    repeats: bool
    url: str
    subject: str
    subject_url: str
    authority: str
    day: Day


class HomePage(msgspec.Struct, frozen=True):
    """Everything that the home page prints."""

    examples: tuple[Choice, ...]
    tiles: tuple[Tile, ...]
    recent: tuple[RecentLine, ...]
    today: Day
    data_version: str


class StatusPage(msgspec.Struct, frozen=True):
    """Everything that the status page prints."""

    rows: tuple[Row, ...]
    types: tuple[Row, ...]
    kinds: tuple[Row, ...]
    data_version: str


Version = tuple[DataVersion, date]


def home_page(
    labels: Labels,
    settings: Settings,
    version: Version,
    totals: Mapping[str, Total],
    recent: tuple[PublicRecord, ...],
) -> HomePage:
    """The home page from what is published now."""
    published, today = version
    return HomePage(
        examples=_examples(settings.examples, recent, labels),
        tiles=_tiles(totals, labels),
        recent=tuple(_recent_line(record, labels) for record in recent),
        today=day_of(today.isoformat()),
        data_version=data_version(published),
    )


def _examples(given: str, recent: tuple[PublicRecord, ...], labels: Labels) -> tuple[Choice, ...]:
    """The deployer's examples, else a name and a document number that are there now."""
    texts = [text.strip() for text in given.replace("；", ";").split(";") if text.strip()]
    requests = [Request(text=text) for text in texts]
    if not requests:
        named = next((record for record in recent if record.subject), None)
        numbered = next((record for record in recent if record.document_number), None)
        requests += [Request(text=named.subject)] if named else []
        requests += [Request(text=numbered.document_number, type="record")] if numbered else []
    return tuple(Choice(request.text, search_url(request, labels.catalog)) for request in requests)


def _tiles(totals: Mapping[str, Total], labels: Labels) -> tuple[Tile, ...]:
    lists = sum(1 for entry in labels.catalog.lists.values() if entry.public)
    texts = {
        "subject": f"{total_text(totals, 'subject')} 家单位",
        "record": f"{total_text(totals, 'record')} 条公示中的记录",
        "library": f"{total_text(totals, 'library')} 篇政策、案例和措施清单",
    }
    words = {"subject": "查单位", "record": "查许可、处罚和其他记录", "library": "查政策资料"}
    tiles = [Tile(words[kind], texts[kind], search_url(Request(type=kind), labels.catalog)) for kind in words]
    tiles.insert(2, Tile("看名单", f"{lists} 类守信、失信名单", "/lists"))
    return tuple(tiles)


def _recent_line(record: PublicRecord, labels: Labels) -> RecentLine:
    badge = labels.badge(record.kind, record.list)
    return RecentLine(
        badge=badge,
        tone=TONES[record.polarity],
        title=record.title,
        repeats=record.title == badge,
        url=record_url(record.id),
        subject=record.subject,
        subject_url=subject_url(record.subject_id),
        authority=record.authority,
        day=day_of(record.decided_on),
    )


def status_page(
    labels: Labels, version: Version, totals: Mapping[str, Total], recent: tuple[PublicRecord, ...]
) -> StatusPage:
    """The status page from what is published now."""
    published, today = version
    rows = [
        Row("generation", "数据代号", published.generation),
        Row("revision", "版次", f"第 {published.revision} 版"),
        Row("today", "今天（北京时间）", day_of(today.isoformat()).text, today.isoformat()),
    ]
    if published.at:
        rows.insert(0, _updated_row(published.at))
    if recent:
        rows.append(
            Row("newest", "最新记录的决定日期", day_of(recent[0].decided_on).text, recent[0].decided_on)
        )
    return StatusPage(
        rows=tuple(rows),
        types=tuple(
            Row(kind, label, _number(totals, kind, kind), url=search_url(Request(type=kind), labels.catalog))
            for kind, label in TYPE_LABELS.items()
        ),
        kinds=tuple(
            _kind_row(kind, kind_type, totals, labels)
            for kind_type in ("record", "library")
            for kind in labels.catalog.public_kinds(COLLECTION_OF_TYPE[kind_type])
        ),
        data_version=data_version(published),
    )


def _updated_row(at: str) -> Row:
    """When the index followed the ledger last, as that stands in its version."""
    return Row("updated", "数据更新到（北京时间）", f"{shown_date(at[:10])} {at[11:16]}", at)


def _kind_row(kind: RecordKind, kind_type: str, totals: Mapping[str, Total], labels: Labels) -> Row:
    """How many there are of a kind, with the way to all of them where there are any."""
    name = f"kind:{kind.key}"
    all_of_it = search_url(Request(type=kind_type, filters={"kind": (kind.key,)}), labels.catalog)
    url = all_of_it if name in totals else ""
    return Row(kind.key, kind.label, _number(totals, name, kind_type), url=url, explain=kind.explain)


def _number(totals: Mapping[str, Total], name: str, kind_type: str) -> str:
    return f"{total_text(totals, name)} {UNITS[kind_type]}"
