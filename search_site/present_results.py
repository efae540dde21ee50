"""How is an answer to a search shown as a page of results?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from indexers.answers import Answer, AnswerHit, Request
from indexers.query import MAX_WINDOW, DataVersion, Total, count_pages
from indexers.wording import shown_date
from search_site.labels import Labels
from search_site.links import Links
from search_site.present_answers import SearchView, search_view
from search_site.present_facets import TEXT_LABEL, Chip, FacetGroup, chips, facet_groups
from search_site.present_glossary import Term, term_of
from search_site.present_hits import Card, HitView, RecordHit, SubjectHit, card_of
from search_site.present_nothing import code_remark
from search_site.present_offers import NARROWING, OfferGroup, offer_groups
from search_site.present_text import Row, count_text

TYPE_LABELS = {"subject": "单位", "record": "记录", "library": "资料"}
UNITS = {"subject": "家", "record": "条", "library": "篇"}
"""What stands behind a number of each type."""
SORT_LABELS = {
    "subject": {"relevance": "相关度", "newest": "最近成立", "oldest": "最早成立", "name": "名称"},
    "record": {"relevance": "相关度", "newest": "最近决定", "oldest": "最早决定", "name": "标题"},
    "library": {"relevance": "相关度", "newest": "最近成文", "oldest": "最早成文", "name": "标题"},
}
"""Each type is ordered by a day of its own."""
BROWSE_SORT = "默认"
"""The same order where nothing was typed that a hit could be relevant to."""
PAGES_AROUND = 2
FINE = "fine"
"""The index field of fines."""
TITLE_FILTERS = 3
"""Filters that the title of a page names; a tab shows no more."""


class Tab(msgspec.Struct, frozen=True):
    """One type of document with its number of hits; `count` may be empty."""

    label: str
    count: str
    url: str
    current: bool


class Choice(msgspec.Struct, frozen=True):
    """One link among several of which one is on."""

    label: str
    url: str
    current: bool = False


class Paging(msgspec.Struct, frozen=True):
    """Links to other pages; empty strings and tuples where there are none. `place` is "" on the first page."""

    text: str
    place: str
    previous: str
    next: str
    numbers: tuple[Choice, ...]


class OtherCards(msgspec.Struct, frozen=True):
    """The best of another type, with a link to all of it."""

    type: str
    label: str
    url: str
    cards: tuple[Card, ...]


class Sums(msgspec.Struct, frozen=True):
    """Whole 元 that fines are between; "" for an open end."""

    label: str
    least: str
    most: str


class RangeForm(msgspec.Struct, frozen=True):
    """The form that narrows records by the day of decision and by the fine; `fines` is None where none can be."""

    action: str
    fields: tuple[tuple[str, str], ...]
    decided_from: str
    decided_to: str
    presets: tuple[Choice, ...]
    fines: Sums | None


class ResultsPage(msgspec.Struct, frozen=True):
    """Everything that a page of results prints; `narrowing` is the word before offers of filters, "" without any;
    `leading` are those before offers of something else. All proposals are of `proposed_type`.

    `kept`: what the box for another text carries along. `asked`: what a printed page must say of its question.
    """

    view: SearchView
    path: str
    title: str
    heading: str
    tabs: tuple[Tab, ...]
    offers: tuple[OfferGroup, ...]
    narrowing: str
    leading: tuple[str, ...]
    cards: tuple[Card, ...]
    proposals: tuple[Card, ...]
    proposed_type: str
    facets: tuple[FacetGroup, ...]
    chips: tuple[Chip, ...]
    clear_url: str
    file_url: str
    file_label: str
    kept: tuple[tuple[str, str], ...]
    wider: str
    code_remark: str
    meaning: Term | None
    sorts: tuple[Choice, ...]
    paging: Paging
    ranges: RangeForm | None
    other: tuple[OtherCards, ...]
    namesakes: tuple[str, ...]
    is_filtered: bool
    is_list: bool
    asked: tuple[Row, ...]
    label: str
    common_badge: str
    data_version: str


def results_page(
    answer: Answer,
    labels: Labels,
    links: Links,
    base_url: str,
    wider: Total | None = None,
    implied: tuple[str, ...] = (),
) -> ResultsPage:
    """The answer for people.

    `wider` tells how many there are without filters, where those exclude all. `implied` are filters that the
    page itself stands for (a list's own page). `base_url` is the address of the site.
    """
    view = search_view(answer, labels)
    request = answer.request
    pairs = zip(answer.hits, view.hits, strict=True)
    proposed = zip(answer.proposals, view.proposals, strict=True)
    today = answer.as_of.date()
    subject_name = next((hit.subject for hit in view.hits if isinstance(hit, RecordHit)), "")
    offers = offer_groups(answer, view.understood, labels)
    on = chips(links, labels, subject_name, implied)
    pages = paging(answer, links)
    return ResultsPage(
        view=view,
        path=links.path,
        title=_title(request, on, pages, labels, implied),
        heading=_counted(answer.total, request.type),
        tabs=_tabs(answer, links),
        offers=offers,
        narrowing=NARROWING if any(group.label == NARROWING for group in offers) else "",
        leading=tuple(group.label for group in offers if group.label != NARROWING),
        cards=_cards(pairs, labels, bool(request.text), today),
        proposals=_cards(proposed, labels, bool(request.text), today),
        proposed_type=answer.proposals[0].type if answer.proposals else request.type,
        facets=facet_groups(view.facets, links, labels, implied),
        chips=on,
        clear_url=links.to(links.unfiltered()),
        file_url=links.as_file("csv"),
        file_label=_file_label(answer.total),
        kept=links.text_fields(),
        wider=_counted(wider, request.type) if wider and wider.value else "",
        code_remark=code_remark(request.text) if _holds_nothing(answer) else "",
        meaning=term_of(request.text, labels) if request.page == 1 else None,
        sorts=_sorts(request, links),
        paging=pages,
        ranges=_range_form(request, links, labels, today) if request.type == "record" else None,
        other=_other_cards(answer, view, links, labels),
        namesakes=_namesakes(view),
        is_filtered=bool(on),
        is_list="list" in implied,
        asked=_asked(answer, on, links, base_url),
        label=TYPE_LABELS[request.type],
        common_badge=labels.credit_list(request.filters["list"][0]) if "list" in implied else "",
        data_version=data_version(answer.version),
    )


def _cards(
    found: Iterable[tuple[AnswerHit, HitView]], labels: Labels, is_asked: bool, today: date
) -> tuple[Card, ...]:
    return tuple(card_of(hit, view, labels, is_asked, today) for hit, view in found)


def _title(
    request: Request, on: tuple[Chip, ...], pages: Paging, labels: Labels, implied: tuple[str, ...]
) -> str:
    """What tells this view from others in a row of tabs: text, filters, what is listed, page."""
    filters = [chip.text for chip in on if chip.label != TEXT_LABEL]
    told = "、".join(filters[:TITLE_FILTERS]) + ("等" if len(filters) > TITLE_FILTERS else "")
    whole = labels.credit_list(request.filters["list"][0]) if "list" in implied else TYPE_LABELS[request.type]
    return " - ".join(part for part in (request.text, told, whole, pages.place) if part)


def _asked(answer: Answer, on: tuple[Chip, ...], links: Links, base_url: str) -> tuple[Row, ...]:
    """The question in words, with its address: on paper neither box nor filters are seen."""
    request = answer.request
    filters = [f"{chip.label}：{chip.text}" for chip in on if chip.label != TEXT_LABEL]
    rows = (
        Row("q", "查询", request.text or f"全部{TYPE_LABELS[request.type]}"),
        Row("filters", "筛选", "；".join(filters)),
        Row("day", "查询日期", shown_date(answer.as_of.date().isoformat())),
        Row("address", "网址", base_url + links.to(request)),
    )
    return tuple(row for row in rows if row.text)


def _holds_nothing(answer: Answer) -> bool:
    """Whether no type has anything for the text; what filters exclude is not asked here."""
    return not answer.total.value and not any(other.total.value for other in answer.other)


def _counted(total: Total, kind: str) -> str:
    return f"{count_text(total)} {UNITS[kind]}{TYPE_LABELS[kind]}"


def _file_label(total: Total) -> str:
    is_whole = total.exact and total.value <= MAX_WINDOW
    return f"下载{'全部结果' if is_whole else f'前 {MAX_WINDOW:,} 条结果'}（CSV 表格）"


def data_version(version: DataVersion) -> str:
    """Which state of the data a page shows, to be cited: when it was brought up to date, and the count of states."""
    return f"{version.at[:16].replace('T', ' ') or version.generation}（第 {version.revision} 版）"


def _tabs(answer: Answer, links: Links) -> tuple[Tab, ...]:
    totals = {each.type: count_text(each.total) for each in answer.other}
    totals[answer.request.type] = count_text(answer.total)
    return tuple(
        Tab(label, totals.get(kind, ""), links.other_type(kind), kind == answer.request.type)
        for kind, label in TYPE_LABELS.items()
    )


def _sorts(request: Request, links: Links) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            BROWSE_SORT if sort == "relevance" and not request.text else label,
            links.sorted_by(sort),
            sort == request.sort,
        )
        for sort, label in SORT_LABELS[request.type].items()
        # Where another order is the natural one, nothing has been typed that could be relevant.
        if sort != "relevance" or links.default_sort == sort
    )


def paging(answer: Answer, links: Links) -> Paging:
    """Links around the present page; nothing where one page holds all."""
    request = answer.request
    last = count_pages(answer.total.value, request.size)
    page = request.page
    around = range(max(1, page - PAGES_AROUND), min(last, page + PAGES_AROUND) + 1)
    numbers = sorted({1, *around, last}) if last > 1 else []
    return Paging(
        text=f"第 {page} 页，共 {last} 页",
        place=f"第 {page} 页" if page > 1 else "",
        previous=links.page(min(page - 1, last)) if page > 1 else "",
        next=links.page(page + 1) if page < last else "",
        numbers=tuple(Choice(str(n), links.page(n), n == page) for n in numbers),
    )


def _range_form(request: Request, links: Links, labels: Labels, today: date) -> RangeForm:
    spans = {"近一年": 1, "近三年": 3}
    presets = []
    for label, years in spans.items():
        begin = years_before(today, years)
        narrowed = msgspec.structs.replace(request, decided_from=begin, decided_to=None, page=1)
        on = request.decided_from == begin and request.decided_to is None
        presets.append(Choice(label, links.to(narrowed), on))
    return RangeForm(
        action=links.path,
        fields=links.range_fields(),
        decided_from=request.decided_from.isoformat() if request.decided_from else "",
        decided_to=request.decided_to.isoformat() if request.decided_to else "",
        presets=tuple(presets),
        fines=_sums(request, labels) if _may_be_fined(request, labels) else None,
    )


def _may_be_fined(request: Request, labels: Labels) -> bool:
    """Whether what is chosen can hold records with a fine; those of a list have none of their own."""
    kinds = request.filters.get("kind") or tuple(labels.catalog.kinds)
    known = (labels.catalog.kinds[key] for key in kinds if key in labels.catalog.kinds)
    source = labels.catalog.fields[FINE].source
    return not request.filters.get("list") and any(source in kind.fields for kind in known)


def _sums(request: Request, labels: Labels) -> Sums:
    least, most = request.fine_from, request.fine_to
    return Sums(labels.field(FINE), "" if least is None else str(least), "" if most is None else str(most))


def years_before(day: date, years: int) -> date:
    """The day after the same day `years` ago, so that the span is whole years; 29 February is the 28th."""
    try:
        same = day.replace(year=day.year - years)
    except ValueError:
        same = day.replace(year=day.year - years, day=28)
    return same + timedelta(days=1)


def _other_cards(answer: Answer, view: SearchView, links: Links, labels: Labels) -> tuple[OtherCards, ...]:
    return tuple(
        OtherCards(
            other.type,
            _counted(other.total, other.type),
            links.other_type(other.type),
            _cards(zip(other.top, shown.top, strict=True), labels, True, answer.as_of.date()),
        )
        for other, shown in zip(answer.other, view.other, strict=True)
        if other.total.value
    )


def _namesakes(view: SearchView) -> tuple[str, ...]:
    """One warning for each name that several subjects on this page have."""
    names = Counter(hit.title for hit in view.hits if isinstance(hit, SubjectHit))
    return tuple(
        f"本页有 {count} 家单位都叫“{name}”，请核对统一社会信用代码。"
        for name, count in names.items()
        if count > 1
    )
