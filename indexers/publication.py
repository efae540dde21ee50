"""On which days is a delivered record public, by its kind's rule and by what its row says itself?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

import msgspec

from indexers.catalog import Catalog
from indexers.documents import OPEN_END, date_of, day_number
from indexers.grammar import RecordField, RecordKind
from indexers.identity import decode_content
from indexers.publicity import PublicityPeriod
from indexers.records import OPEN_DATE, Draft

NOT_PUBLIC = "not_public"
NOT_BEGUN = "not_begun"
ENDED = "ended"
"""Why an accepted row is not public on arrival, beside the grades that a publicity rule withholds."""


class Publication(msgspec.Struct, frozen=True):
    """When a record is public ([begins, ends) as yyyymmdd), by which rule, and why it is not, ever or today.

    The names are those of the ledger's columns.
    """

    visible_from: int
    visible_until: int
    repairable_from: str
    rule: str
    grade: str
    grade_assumed: int
    withheld: str
    arrives_withheld: str


class Publications:
    """Finds the publication of drafts that arrive on the day `today`."""

    def __init__(self, catalog: Catalog, today: date) -> None:
        self._catalog = catalog
        self._today = today
        self._period = lru_cache(maxsize=8_192)(catalog.publicity.period)

    def of(self, draft: Draft, published_on: date | None = None) -> Publication:
        """The publication of a draft. `published_on`: the first day it was public, if that was before today."""
        kind = self._catalog.kinds[draft.kind]
        entry = self._catalog.lists.get(draft.list)
        period = self._find_period(draft, kind, published_on or self._today)
        begins, ends = self._interval(draft, kind, period)
        withheld = (period.withheld or "") if period else ""
        if not kind.public or (entry is not None and not entry.public):
            withheld = NOT_PUBLIC
        return Publication(
            visible_from=begins,
            visible_until=ends,
            repairable_from=period.repairable_from.isoformat() if period and period.repairable_from else "",
            rule=period.rule if period else "",
            grade=period.grade if period else "",
            grade_assumed=int(period.grade_assumed) if period else 0,
            withheld=withheld,
            arrives_withheld=withheld or self._not_now(begins, ends),
        )

    def since(self, kind: str, credit_list: str, content: str, published_on: int) -> Publication | None:
        """The publication of a record that has been public since an earlier day (yyyymmdd), from its kept JSON; None
        where its rule does not count from publication."""
        draft = Draft(kind, decode_content(content), list=credit_list)
        decided_on = _date(draft.one("decided_on"))
        if decided_on is None:
            return None
        rule = self._catalog.publicity.rule(self._rule(draft, self._catalog.kinds[kind]), decided_on)
        if rule.clock != "published_on":
            return None
        return self.of(draft, date_of(published_on))

    def _interval(self, draft: Draft, kind: RecordKind, period: PublicityPeriod | None) -> tuple[int, int]:
        """[from, until) as yyyymmdd: the period, cut off by a delivered exit or a state that ends publicity."""
        begins = day_number(period.visible_from) if period else 0
        ends = min(day_number(period.visible_until), OPEN_END) if period else OPEN_END
        for field in kind.ends_on:
            exited = _date(draft.one(field))
            if exited is not None:
                ends = min(ends, day_number(exited))
        if draft.one("status") in kind.ended_status:
            ends = min(ends, begins)
        return begins, ends

    def _not_now(self, begins: int, ends: int) -> str:
        today = day_number(self._today)
        if ends <= today:
            return ENDED
        return NOT_BEGUN if begins > today else ""

    def _rule(self, draft: Draft, kind: RecordKind) -> str:
        """The key of the rule: a list may have another than its kind."""
        entry = self._catalog.lists.get(draft.list)
        return (entry.publicity if entry else "") or kind.publicity

    def _find_period(self, draft: Draft, kind: RecordKind, published_on: date) -> PublicityPeriod | None:
        """The publicity period; None where there is no date to count from (a kind whose minimum asks for none).

        A delivered grade that the rule in force on that day does not know is assumed instead, like a missing one.
        """
        decided_on = _date(draft.one("decided_on"))
        if decided_on is None:
            return None
        rule = self._rule(draft, kind)
        return self._period(
            rule,
            decided_on=decided_on,
            grade=self._catalog.publicity.grade_key(rule, decided_on, draft.one("grade")),
            texts=self._grade_words(draft, kind),
            supplied_end=_date(draft.one("publicity_end")),
            valid_until=_date(draft.one("valid_until")),
            published_on=published_on,
        )

    def _grade_words(self, draft: Draft, kind: RecordKind) -> tuple[str, ...]:
        """The words that tell the grade, as people read them: rules are written in the law's words, not in keys."""
        fields = self._catalog.fields_of(kind)
        return tuple(
            word
            for name in kind.grade_from
            if name != "grade"
            for text in draft.all(name)
            if (word := _grade_word(fields[name], text))
        )


def _grade_word(field: RecordField, text: str) -> str:
    """What one value says of the grade: that there is a sum, whatever it is; nothing for none."""
    if field.type == "amount":
        return field.label if Decimal(text) > 0 else ""
    return field.choices.get(text, text)


@lru_cache(maxsize=8_192)
def _date(iso: str) -> date | None:
    return date.fromisoformat(iso) if iso and iso != OPEN_DATE else None
