"""What does the ledger keep of an accepted row: keys, publicity period, reasons for not showing it?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

import msgspec

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.documents import OPEN_END, day_number
from indexers.grammar import RecordKind
from indexers.identity import KeyMaker, encode_content, row_hash
from indexers.publicity import PublicityPeriod
from indexers.records import (
    EVENT,
    OPEN_DATE,
    PERSON,
    Draft,
    EventContent,
    EventDraft,
    PersonRow,
    RowOutcome,
    StagedRecord,
)

NATURAL_PERSON = "natural_person"
NOT_PUBLIC = "not_public"
NOT_BEGUN = "not_begun"
ENDED = "ended"
"""Why an accepted row is not public on arrival, beside the grades that a publicity rule withholds."""

Staged = tuple[StagedRecord, str]
"""What is matched and counted of a record, and its content as JSON."""


class Stager:
    """Turns what a row came to into what the ledger stages. `today` is the day of the import."""

    def __init__(self, catalog: Catalog, analyzer: Analyzer, secret: bytes, today: date) -> None:
        self._catalog = catalog
        self._normalize = analyzer.normalize
        self._keys = KeyMaker(catalog.kinds, analyzer, secret)
        self._today = today
        self._period = lru_cache(maxsize=8_192)(catalog.publicity.period)

    def stage(self, outcome: RowOutcome) -> Iterator[Staged]:
        """The staged rows of one accepted row."""
        for draft in outcome.drafts:
            yield self._draft(draft)
        for person in outcome.persons:
            yield self._person(person)
        for event in outcome.events:
            yield self._event(event)

    def _draft(self, draft: Draft) -> Staged:
        kind = self._catalog.kinds[draft.kind]
        entry = self._catalog.lists.get(draft.list)
        content = encode_content(draft)
        name = draft.one("party")
        party = self._normalize(name)
        keys = self._keys.keys(draft, content, party)
        period = self._find_period(draft, kind, (entry.publicity if entry else "") or kind.publicity)
        begins, ends = self._interval(draft, kind, period)
        withheld = (period.withheld or "") if period else ""
        if not kind.public or (entry is not None and not entry.public):
            withheld = NOT_PUBLIC
        staged = StagedRecord(
            kind=draft.kind,
            collection=kind.collection,
            list=draft.list,
            polarity=entry.polarity if entry else kind.polarity,
            party=name,
            party_norm=party,
            other_names="\n".join(self._normalize(former) for former in draft.all("former_names")),
            uscc=draft.one("uscc"),
            organisation_code=draft.one("organisation_code").replace("-", ""),
            registration_number=draft.one("registration_number"),
            key_name=keys.name,
            key_code=keys.code,
            content_digest=keys.content,
            decided_on=draft.one("decided_on"),
            visible_from=begins,
            visible_until=ends,
            repairable_from=period.repairable_from.isoformat() if period and period.repairable_from else "",
            rule=period.rule if period else "",
            grade=period.grade if period else "",
            grade_assumed=int(period.grade_assumed) if period else 0,
            withheld=withheld,
            row_hash=row_hash(content),
            arrives_withheld=withheld or self._not_now(begins, ends),
            record_id=draft.record_id,
        )
        return staged, content.decode()

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

    def _find_period(self, draft: Draft, kind: RecordKind, rule: str) -> PublicityPeriod | None:
        """The publicity period; None where there is no date to count from (a kind whose minimum asks for none).

        A delivered grade that the rule in force on that day does not know is assumed instead, like a missing one.
        """
        decided_on = _date(draft.one("decided_on"))
        if decided_on is None:
            return None
        grade = self._catalog.publicity.grade_key(rule, decided_on, draft.one("grade"))
        return self._period(
            rule,
            decided_on=decided_on,
            grade=grade,
            texts=self._grade_words(draft, kind),
            supplied_end=_date(draft.one("publicity_end")),
            valid_until=_date(draft.one("valid_until")),
            published_on=self._today,
        )

    def _grade_words(self, draft: Draft, kind: RecordKind) -> tuple[str, ...]:
        """The words that tell the grade, as people read them: rules are written in the law's words, not in keys."""
        fields = self._catalog.fields_of(kind)
        return tuple(
            fields[name].choices.get(text, text)
            for name in kind.grade_from
            if name != "grade"
            for text in draft.all(name)
        )

    def _person(self, person: PersonRow) -> Staged:
        digest = self._keys.digest(f"{PERSON}\x1f{person.kind}\x1f{person.text}")
        staged = StagedRecord(
            kind=person.kind,
            collection=PERSON,
            key_name=digest,
            content_digest=digest,
            arrives_withheld=NATURAL_PERSON,
        )
        return staged, ""

    def _event(self, event: EventDraft) -> Staged:
        content = msgspec.json.encode(EventContent(event.event, event.on)).decode()
        blank = StagedRecord(kind=event.kind, collection=EVENT, key_name="", content_digest="")
        if event.record_id or event.kind not in self._catalog.kinds:
            # Without a known kind there is no key: the ledger answers that it finds no such record.
            return msgspec.structs.replace(blank, record_id=event.record_id), content
        entry = event.content.get("list", "")
        draft = Draft(event.kind, event.content, list=entry if isinstance(entry, str) else "")
        keys = self._keys.keys(draft, b"", self._normalize(draft.one("party")))
        return msgspec.structs.replace(blank, key_name=keys.name, key_code=keys.code), content


@lru_cache(maxsize=8_192)
def _date(iso: str) -> date | None:
    return date.fromisoformat(iso) if iso and iso != OPEN_DATE else None
