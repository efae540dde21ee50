"""What does the ledger keep of an accepted row: keys, publicity period, reasons for not showing it?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.identity import KeyMaker, encode_content, row_hash
from indexers.publication import Publications
from indexers.records import (
    EVENT,
    NATURAL_PERSON,
    PERSON,
    Draft,
    EventContent,
    EventDraft,
    PersonRow,
    RowOutcome,
    StagedRecord,
)

Staged = tuple[StagedRecord, str]
"""What is matched and counted of a record, and its content as JSON."""


class Stager:
    """Turns what a row came to into what the ledger stages. `today` is the day of the import."""

    def __init__(self, catalog: Catalog, analyzer: Analyzer, secret: bytes, today: date) -> None:
        self._catalog = catalog
        self._normalize = analyzer.normalize
        self._keys = KeyMaker(catalog.kinds, analyzer, secret)
        self._publications = Publications(catalog, today)

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
        publication = self._publications.of(draft)
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
            row_hash=row_hash(content),
            record_id=draft.record_id,
            **msgspec.structs.asdict(publication),
        )
        return staged, content.decode()

    def _person(self, person: PersonRow) -> Staged:
        draft = person.draft
        digest = self._keys.digest(f"{PERSON}\x1f{draft.kind}\x1f{person.text}")
        name, code = digest, ""
        if person.is_stated:
            keys = self._keys.keys(draft, b"", self._normalize(draft.one("party")))
            name, code = keys.name, keys.code
        staged = StagedRecord(
            kind=draft.kind,
            collection=PERSON,
            key_name=name,
            key_code=code,
            content_digest=digest,
            withheld=NATURAL_PERSON,
            arrives_withheld=NATURAL_PERSON,
            record_id=draft.record_id,
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
