"""What may a subject's document take from its records, so that the clock alone ends it?

A document has one interval, and is written again only by a sync. Whatever a record gave to it (a name, an old code)
would outlive that record if the document did. So a subject has from its records only what some record that is shown
gives on every day of the document's interval, from today on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from indexers.spans import unite


class Given(NamedTuple):
    """What one public record gives to its subject; [begins, ends) as yyyymmdd.

    `attached_by`: code, or what less it was attached by. `number`: an old registration number, or "".
    """

    subject_id: str
    begins: int
    ends: int
    kind: str
    list: str
    polarity: str
    attached_by: str
    decided_on: str
    party_norm: str
    party: str
    number: str


def present_interval(intervals: Iterable[tuple[int, int]], day: int) -> tuple[int, int]:
    """The uninterrupted interval [from, until) that holds `day`, else the next one, else (0, 0); yyyymmdd."""
    united = unite(span for span in intervals if span[0] < span[1])
    return next((span for span in united if span[1] > day), (0, 0))


def interval_of(given: Iterable[Given], day: int) -> tuple[int, int]:
    """The present interval of these records: without a gap some of them is shown in it."""
    return present_interval(((g.begins, g.ends) for g in given), day)


def latest_name(given: Sequence[Given], day: int) -> tuple[str, int]:
    """The name of a subject that has it from its records alone, and until when its document may carry it.

    It is that of the latest decision among the records shown on `day` (by code before by less; the same in any order
    of import), however soon that record ends: an old entry without an end does not hide a newer name. The document is
    not shown after the last of an unbroken row of records that give the name, until it is written again with the next
    one: the clock alone leaves no name behind.
    """
    shown = [g for g in given if g.begins <= day < g.ends]
    if not shown:
        return "", day
    latest = max(map(_weight, shown))
    norm, name = min((g.party_norm, g.party) for g in shown if _weight(g) == latest)
    return name, interval_of((g for g in given if g.party_norm == norm), day)[1]


def _weight(g: Given) -> tuple[bool, str]:
    return g.attached_by == "code", g.decided_on


def lasting_numbers(given: Iterable[Given], day: int, ends: int) -> tuple[str, ...]:
    """The old registration numbers that shown records with the subject's own code give from `day` up to `ends`."""
    by_number: dict[str, list[Given]] = defaultdict(list)
    for g in given:
        if g.number and g.attached_by == "code" and g.ends > day:
            by_number[g.number].append(g)
    return tuple(
        sorted(
            number
            for number, givers in by_number.items()
            if (span := interval_of(givers, day))[0] <= day and span[1] >= ends
        )
    )
