"""How is a record shown: as the object of the API and as a page?"""

from __future__ import annotations

from datetime import datetime

import msgspec

from indexers.answers import DocumentAnswer
from indexers.documents import PublicRecord, Source
from indexers.wording import shown_date
from search_site.labels import Labels, ShownField
from search_site.objections import Objections
from search_site.present_glossary import Term, terms_in
from search_site.present_hits import TONES, list_url, record_url, subject_url, view_of
from search_site.present_publicity import Periods, Step
from search_site.present_results import data_version
from search_site.present_robots import robots_for
from search_site.present_rows import field_rows, source_rows
from search_site.present_text import Row, code_parts, described
from search_site.present_validity import shown_status

HASH_SHOWN = 12


class RecordView(msgspec.Struct, frozen=True, tag_field="type", tag="record"):
    """The answer of `/api/v1/records/{id}`; dates are ISO, "" where there is none.

    `grade_assumed`: nobody delivered the grade that `last_day` and `repairable_from` follow from under `rule`.
    """

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
    rule_label: str
    grade: str
    grade_label: str
    grade_assumed: bool
    status: str
    fields: tuple[ShownField, ...]
    sources: tuple[Source, ...]
    hash: str
    generation: str
    as_of: datetime


class RecordPage(msgspec.Struct, frozen=True):
    """Everything that a record's page prints."""

    view: RecordView
    title: str
    description: str
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
    terms: tuple[Term, ...]
    objecting: str
    cite: str
    permalink: str
    data_version: str
    robots: str


def record_view(answer: DocumentAnswer, labels: Labels) -> RecordView:
    """The record for machines."""
    document, periods = _record(answer), _periods(answer, labels)
    return view_of(
        RecordView,
        document,
        url=record_url(document.id),
        rule_label=periods.rule.label if periods.rule else "",
        grade_label=periods.grade_label,
        fields=labels.shown(document.kind, document.fields),
        generation=answer.version.generation,
        as_of=answer.as_of,
    )


def record_page(answer: DocumentAnswer, labels: Labels, objections: Objections, base_url: str) -> RecordPage:
    """The record for people."""
    view, periods = record_view(answer, labels), _periods(answer, labels)
    kind = labels.catalog.kinds.get(view.kind)
    label = labels.badge(view.kind, view.list)
    # A record without a matter of its own has the name of its list or kind, which needs no repeating.
    named = label if view.title != label else ""
    lead = " · ".join(part for part in (named, view.authority, shown_date(view.decided_on)) if part)
    permalink = base_url + view.url
    status = shown_status(_record(answer), labels, answer.as_of.date())
    steps = periods.steps()
    rows = field_rows(view.kind, view.fields, labels)
    banner = periods.banner(objections.term)
    said = (label, status, *banner, *(step.label for step in steps), *(row.label for row in rows))
    explain = kind.explain if kind else ""
    explained = {label if explain else "", *(row.label for row in rows if row.explain)}
    return RecordPage(
        view=view,
        title=view.title,
        description=described(view.subject, view.title, lead),
        lead=lead,
        badge=label,
        tone=TONES[view.polarity],
        status=status,
        banner=banner,
        may_repair=view.polarity == "adverse" and not periods.repair,
        repair=periods.repair if view.polarity == "adverse" else "",
        rows=rows,
        steps=steps,
        sources=source_rows(view.sources),
        code=code_parts(view.uscc),
        subject_url=subject_url(view.subject_id),
        list_url=list_url(view.list) if view.list else "",
        explain=explain,
        terms=terms_in(said, explained, labels),
        objecting=objections.advice(answer.as_of.date()),
        cite=_cite(view, label, periods.decision(), permalink, answer),
        permalink=permalink,
        data_version=data_version(answer.version),
        robots=robots_for([answer.document]),
    )


def _record(answer: DocumentAnswer) -> PublicRecord:
    assert isinstance(answer.document, PublicRecord)
    return answer.document


def _periods(answer: DocumentAnswer, labels: Labels) -> Periods:
    return Periods(_record(answer), labels, answer.as_of.date())


def _cite(view: RecordView, label: str, day: str, permalink: str, answer: DocumentAnswer) -> str:
    """One line that finds this record again and proves what was read; `day` is what its day is called."""
    parts = (
        view.authority,
        f"{view.subject}：{view.title}[{label}]",
        view.document_number,
        f"{day} {view.decided_on}" if view.decided_on else "",
        f"公示编号 {view.id}",
        f"查询日期 {answer.as_of:%Y-%m-%d}",
        f"数据版本 {data_version(answer.version)}",
        f"内容校验 {view.hash[:HASH_SHOWN]}" if view.hash else "",
        permalink,
    )
    return ". ".join(part for part in parts if part)
