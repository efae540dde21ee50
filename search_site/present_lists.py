"""How are the red and black lists shown: their index, and what a list is, who keeps it, what it means?"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from indexers.answers import Answer
from indexers.grammar import ListKind
from indexers.query import Total
from search_site.labels import Labels
from search_site.links import Links
from search_site.present_hits import TONES, list_url
from search_site.present_results import ResultsPage, results_page
from search_site.present_text import Row, described, total_text

IMPLIED = ("type", "list", "kind", "polarity")
"""What the page of a list says by itself."""
POLARITIES = ("adverse", "honour", "neutral")
"""The order of lists on their index."""


class ListLine(msgspec.Struct, frozen=True):
    """One list in the index."""

    label: str
    url: str
    count: str
    authority: str
    sector: str


class ListGroup(msgspec.Struct, frozen=True):
    """The lists of one polarity that have the same word: a restriction by a court is no list of dishonesty."""

    label: str
    tone: str
    lines: tuple[ListLine, ...]


class ListsPage(msgspec.Struct, frozen=True):
    """The index of lists."""

    groups: tuple[ListGroup, ...]
    data_version: str


class ListPage(msgspec.Struct, frozen=True):
    """One list: what it is, and its visible entries as results; `more` is folded, as are the measures."""

    title: str
    description: str
    tone: str
    word: str
    rows: tuple[Row, ...]
    more: tuple[Row, ...]
    measures: tuple[str, ...]
    results: ResultsPage


def lists_page(totals: Mapping[str, Total], version: str, labels: Labels) -> ListsPage:
    """All public lists, the adverse ones first, each with the number of entries in force."""
    groups: dict[tuple[str, str], list[ListLine]] = {}
    for polarity in POLARITIES:
        for entry in public_lists(labels):
            if entry.polarity == polarity:
                word = labels.list_word(entry.key, polarity)
                groups.setdefault((polarity, word), []).append(_line(entry, totals, labels))
    shown = (ListGroup(word, TONES[polarity], tuple(lines)) for (polarity, word), lines in groups.items())
    return ListsPage(tuple(shown), version)


def public_lists(labels: Labels) -> list[ListKind]:
    """The lists that people may see, in their order."""
    shown = [entry for entry in labels.catalog.lists.values() if entry.public]
    return sorted(shown, key=lambda entry: (entry.order, entry.key))


def _line(entry: ListKind, totals: Mapping[str, Total], labels: Labels) -> ListLine:
    count = total_text(totals, f"list:{entry.key}")
    sector = labels.catalog.choices["sector"].get(entry.sector, entry.sector)
    return ListLine(entry.label, list_url(entry.key), count, entry.authority, sector)


def list_page(
    entry: ListKind,
    answer: Answer,
    labels: Labels,
    links: Links,
    base_url: str,
    wider: Total | None = None,
) -> ListPage:
    """One list with a page of its entries; `wider` as for any page of results."""
    rows = (
        Row("authority", "认定单位", entry.authority),
        Row("standard", "列入标准", entry.standard),
    )
    more = (
        Row("basis", "依据", entry.basis),
        Row("content", "公示内容", entry.content),
        Row("publication", "公示方式与期限", entry.publication),
        Row("withdrawal", "移出与修复", entry.withdrawal),
    )
    return ListPage(
        title=entry.label,
        description=described(entry.label, entry.authority, entry.standard),
        tone=TONES[entry.polarity],
        word=labels.list_word(entry.key, entry.polarity),
        rows=tuple(row for row in rows if row.text),
        more=tuple(row for row in more if row.text),
        measures=entry.measures,
        results=results_page(answer, labels, links, base_url, wider, implied=IMPLIED),
    )
