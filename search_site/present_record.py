"""How is a record shown: as the object of the API and as a page?"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from indexers.answers import DocumentAnswer
from indexers.documents import PublicRecord, Source
from indexers.wording import shown_date
from search_site.labels import Labels, ShownField
from search_site.present_hits import TONES, list_url, record_url, subject_url, view_of
from search_site.present_results import data_version
from search_site.present_rows import field_rows, source_rows
from search_site.present_text import Day, Row, code_parts, day_of

HASH_SHOWN = 12


class RecordView(msgspec.Struct, frozen=True, tag_field="type", tag="record"):
    """The answer of `/api/v1/records/{id}`; dates are ISO, "" where there is none."""

    id: str
    title: str
    url: str
    kind: str
    list: str
    polarity: str
    subject: str
    subject_id: str
    uscc: str
    by_name_only: bool
    authority: str
    document_number: str
    decided_on: str
    visible_from: str
    last_day: str
    repairable_from: str
    rule: str
    status: str
    fields: tuple[ShownField, ...]
    sources: tuple[Source, ...]
    hash: str
    generation: str
    as_of: datetime


class Step(msgspec.Struct, frozen=True):
    """One moment in the life of a record; `is_past` by the day of the answer."""

    label: str
    day: Day
    is_past: bool


class RecordPage(msgspec.Struct, frozen=True):
    """Everything that a record's page prints."""

    view: RecordView
    title: str
    lead: str
    badge: str
    tone: str
    status: str
    banner: tuple[str, ...]
    may_repair: bool
    repair: str
    rows: tuple[Row, ...]
    steps: tuple[Step, ...]
    sources: tuple[Row, ...]
    code: tuple[str, ...]
    subject_url: str
    list_url: str
    explain: str
    cite: str
    permalink: str
    data_version: str
    robots: str


def record_view(answer: DocumentAnswer, labels: Labels) -> RecordView:
    """The record for machines."""
    document = answer.document
    assert isinstance(document, PublicRecord)
    return view_of(
        RecordView,
        document,
        url=record_url(document.id),
        fields=labels.shown(document.kind, document.fields),
        generation=answer.version.generation,
        as_of=answer.as_of,
    )


def record_page(answer: DocumentAnswer, labels: Labels, base_url: str) -> RecordPage:
    """The record for people."""
    view = record_view(answer, labels)
    today = answer.as_of.date()
    kind = labels.catalog.kinds.get(view.kind)
    label = labels.credit_list(view.list) if view.list else labels.kind(view.kind)
    permalink = base_url + view.url
    repair = labels.repair(view.kind, view.list)
    return RecordPage(
        view=view,
        title=view.title,
        lead=" · ".join(part for part in (label, view.authority, shown_date(view.decided_on)) if part),
        badge=label,
        tone=TONES[view.polarity],
        status=labels.status(view.status, view.kind) if view.status else "",
        banner=_banner(view, today, repair),
        may_repair=view.polarity == "adverse" and not repair,
        repair=repair if view.polarity == "adverse" else "",
        rows=field_rows(view.kind, view.fields, labels),
        steps=_steps(view, labels, today, repair),
        sources=source_rows(view.sources),
        code=code_parts(view.uscc),
        subject_url=subject_url(view.subject_id),
        list_url=list_url(view.list) if view.list else "",
        explain=kind.explain if kind else "",
        cite=_cite(view, label, permalink, answer),
        permalink=permalink,
        data_version=data_version(answer.version),
        robots=f"unavailable_after: {view.last_day}" if view.polarity == "adverse" and view.last_day else "",
    )


def _banner(view: RecordView, today: date, repair: str) -> tuple[str, ...]:
    """How long the record is shown, and from when it may be repaired; `repair`: it is taken out in another way."""
    lines: list[str] = []
    if view.last_day:
        lines.append(f"依法公示中，公示至 {shown_date(view.last_day)}。")
    elif view.polarity == "adverse":
        ends = "移出" if repair else "移出或者完成信用修复"
        lines.append(f"依法公示中，没有规定截止日；{ends}时停止公示。")
    if view.status == "disputed":
        lines.append("当事人已提出异议，核查中（应于 15 个工作日内答复）。")
    if view.polarity == "adverse" and view.repairable_from and not repair:
        if view.repairable_from > today.isoformat():
            lines.append(f"最早可于 {shown_date(view.repairable_from)} 申请信用修复。")
        else:
            lines.append("已满最短公示期：纠正行为、履行义务并作出承诺后，可以申请信用修复。")
    return tuple(lines)


def _steps(view: RecordView, labels: Labels, today: date, repair: str) -> tuple[Step, ...]:
    """Its moments in order; the first has the name that this kind gives it (列入日期, 承诺作出日期)."""
    kind = labels.catalog.kinds.get(view.kind)
    known = labels.catalog.fields_of(kind) if kind else {}
    decided = next((field.label for field in view.fields if field.key == "decided_on"), "")
    moments = (
        (decided or (known["decided_on"].label if "decided_on" in known else "作出决定"), view.decided_on),
        ("开始公示", view.visible_from),
        ("最短公示期满", view.repairable_from if view.polarity == "adverse" and not repair else ""),
        ("公示截止", view.last_day),
    )
    return tuple(Step(label, day_of(iso), iso <= today.isoformat()) for label, iso in moments if iso)


def _cite(view: RecordView, label: str, permalink: str, answer: DocumentAnswer) -> str:
    """One line that finds this record again and proves what was read."""
    parts = (
        view.authority,
        f"{view.subject}：{view.title}[{label}]",
        view.document_number,
        f"决定日期 {view.decided_on}" if view.decided_on else "",
        f"公示编号 {view.id}",
        f"查询日期 {answer.as_of:%Y-%m-%d}",
        f"数据版本 {data_version(answer.version)}",
        f"内容校验 {view.hash[:HASH_SHOWN]}" if view.hash else "",
        permalink,
    )
    return ". ".join(part for part in parts if part)
