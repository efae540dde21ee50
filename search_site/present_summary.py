"""What is said of a subject in plain words: what is shown here now, which lists it is on, and no judgement?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from indexers.documents import PublicRecord, PublicSubject
from indexers.wording import shown_date
from search_site.labels import LIST_WORDS, Labels
from search_site.present_hits import TONES, list_url, subject_url
from search_site.statements import SAYS


class SummaryPart(msgspec.Struct, frozen=True):
    """A piece of a sentence; `url` leads to what it counts."""

    text: str
    url: str = ""


class SummaryLine(msgspec.Struct, frozen=True):
    """One sentence; `tone` is its look, "" for none."""

    parts: tuple[SummaryPart, ...]
    tone: str = ""


def summary_lines(
    subject: PublicSubject,
    counts: Mapping[str, int],
    listed: Sequence[PublicRecord],
    today: date,
    labels: Labels,
) -> tuple[SummaryLine, ...]:
    """Sentences by rules, each number a link.

    Which lists it is not on is said of the adverse ones only, and of no mere name: who bears it may be on one.
    """
    lines = [_records(subject.id, counts, today, labels)]
    for polarity in ("adverse", "honour"):
        on = Counter(record.list for record in listed if record.polarity == polarity and record.list)
        lines += _on_lists(on, polarity, labels)
        if not on and polarity == "adverse" and not subject.by_name_only:
            # Where there are no records at all the first sentence says it.
            lines.append(_on_no_adverse_list(labels, SAYS.nothing_means if any(counts.values()) else ""))
    return tuple(lines)


def _records(subject_id: str, counts: Mapping[str, int], today: date, labels: Labels) -> SummaryLine:
    until = f"截至 {shown_date(today.isoformat())}，"
    counted = [kind for kind in labels.catalog.public_kinds("records") if counts.get(kind.key)]
    if not counted:
        return SummaryLine((SummaryPart(f"{until}本站没有公示该单位的记录。{SAYS.nothing_means}"),))
    total = sum(counts[kind.key] for kind in counted)
    links = [
        SummaryPart(f"{kind.label} {counts[kind.key]:,} 条", subject_url(subject_id, kind.key))
        for kind in counted
    ]
    return SummaryLine((SummaryPart(f"{until}本站公示该单位的记录共 {total:,} 条："), *_joined(links)))


def _on_lists(on: Mapping[str, int], polarity: str, labels: Labels) -> Iterator[SummaryLine]:
    """A sentence for each word that lists have: a restriction by a court is no list of dishonesty."""
    links: dict[str, list[SummaryPart]] = {}
    for key, count in on.items():
        told = f"“{labels.credit_list(key)}”" + (f"（{count} 条）" if count > 1 else "")
        links.setdefault(labels.list_word(key, polarity), []).append(SummaryPart(told, list_url(key)))
    for word, parts in links.items():
        yield SummaryLine((SummaryPart(f"现在列入{word}："), *_joined(parts)), TONES[polarity])


def _on_no_adverse_list(labels: Labels, caution: str) -> SummaryLine:
    word = LIST_WORDS["adverse"]
    known = sum(
        1
        for entry in labels.catalog.lists.values()
        if entry.public and entry.polarity == "adverse" and labels.list_word(entry.key, "adverse") == word
    )
    return SummaryLine(
        (
            SummaryPart("现在没有列入本站收录的 "),
            SummaryPart(f"{known} 类{word}", "/lists"),
            SummaryPart(f"。{caution}"),
        )
    )


def _joined(links: Sequence[SummaryPart]) -> list[SummaryPart]:
    parts = [part for link in links for part in (link, SummaryPart("、"))]
    return [*parts[:-1], SummaryPart("。")]
