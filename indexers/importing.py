"""How does a delivered file get into the ledger, with an account of every row?"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.documents import OPEN_END, day_number
from indexers.errors import CreditSearchError
from indexers.grammar import Template
from indexers.identity import KeyMaker, encode_content, row_hash
from indexers.ledger import (
    EVENT,
    PERSON,
    Batch,
    EventContent,
    Ledger,
    Settlement,
    StagedRecord,
    save_report,
    settle,
)
from indexers.publicity import PublicityPeriod
from indexers.recognising import read_sheets
from indexers.records import (
    OPEN_DATE,
    Draft,
    EventDraft,
    FileAccount,
    ImportReport,
    PersonRow,
    RowOutcome,
    RowProblem,
    SheetAccount,
)

SHOWN_PROBLEMS = 1_000
"""Problems of one file in a report; the rest is counted (all are kept in the ledger)."""
PROGRESS_ROWS = 2_000
"""Rows between two words of progress."""

NATURAL_PERSON = "natural_person"
NOT_PUBLIC = "not_public"
NOT_BEGUN = "not_begun"
ENDED = "ended"

Progress = Callable[[str, int], None]
"""Told (what is being done, how many rows so far)."""


class Importer:
    """Takes files into one ledger. Used by one thread."""

    def __init__(
        self, catalog: Catalog, analyzer: Analyzer, ledger: Ledger, progress: Progress | None = None
    ) -> None:
        self.catalog = catalog
        self.ledger = ledger
        self._stager = Stager(catalog, analyzer, ledger.secret, ledger.now().date())
        self._today = ledger.now().date()
        self._progress = progress or (lambda what, rows: None)

    def import_files(
        self,
        sources: Sequence[str],
        kind: str | None = None,
        mapping: Template | None = None,
        *,
        query: str = "",
    ) -> tuple[ImportReport, bool]:
        """Each file is one batch: wholly in or not at all. The report, and whether a removal waits to be applied.

        A file that cannot be read stops the call with its error; those before it are in.
        """
        started = time.monotonic()
        report = ImportReport()
        removals = False
        for source in sources:
            account, settlement = self._import_file(source, kind, mapping, query)
            report.files.append(account)
            removals = removals or settlement.removals
        report.seconds = round(time.monotonic() - started, 3)
        return report, removals

    def _import_file(
        self, source: str, kind: str | None, mapping: Template | None, query: str
    ) -> tuple[FileAccount, Settlement]:
        batch = Batch(self.ledger, source, _file_digest(source))
        account = FileAccount(file=source)
        try:
            sheets = _sheets(source, self.catalog, kind, mapping, self._today, query)
            for sheet_no, (sheet, outcomes) in enumerate(sheets):
                self._stage_sheet(batch, sheet_no, sheet, outcomes, account)
            self._progress("写入台账", account.rows)
            settlement = settle(batch)
        except CreditSearchError:
            batch.abandon()
            raise
        _add_settlement(account, settlement)
        save_report(batch, msgspec.json.encode(msgspec.structs.replace(account, problems=[], notes=[])))
        return account, settlement

    def _stage_sheet(
        self,
        batch: Batch,
        sheet_no: int,
        sheet: SheetAccount,
        outcomes: Iterator[RowOutcome],
        account: FileAccount,
    ) -> None:
        account.sheets.append(sheet)
        for outcome in outcomes:
            sheet.rows += 1
            if outcome.problems:
                sheet.rejected += 1
                for problem in outcome.problems:
                    batch.add_problem(problem)
            else:
                for staged in self._stager.stage(outcome):
                    batch.add(sheet_no, outcome.row, staged)
            _add_words(account, outcome)
            account.rows += 1
            if account.rows % PROGRESS_ROWS == 0:
                self._progress("读取", account.rows)


class Stager:
    """Turns what a row came to into what the ledger stages: keys, publicity period, reasons for withholding."""

    def __init__(self, catalog: Catalog, analyzer: Analyzer, secret: bytes, today: date) -> None:
        self._catalog = catalog
        self._normalize = analyzer.normalize
        self._keys = KeyMaker(catalog.kinds, analyzer, secret)
        self._today = day_number(today)
        self._date_today = today

    def stage(self, outcome: RowOutcome) -> Iterator[StagedRecord]:
        """The staged rows of one accepted row."""
        for draft in outcome.drafts:
            yield self._draft(draft)
        for person in outcome.persons:
            yield self._person(person)
        for event in outcome.events:
            yield self._event(event)

    def _draft(self, draft: Draft) -> StagedRecord:
        kind = self._catalog.kinds[draft.kind]
        entry = self._catalog.lists.get(draft.list)
        content = encode_content(draft)
        party = self._normalize(draft.one("party"))
        keys = self._keys.keys(draft, content, party)
        period = self._period(draft, (entry.publicity if entry else "") or kind.publicity)
        begins = day_number(period.visible_from) if period else 0
        ends = OPEN_END if period is None else min(day_number(period.visible_until), OPEN_END)
        withheld = (period.withheld or "") if period else ""
        if not kind.public or (entry is not None and not entry.public):
            withheld = NOT_PUBLIC
        former = [self._normalize(name) for name in draft.all("former_names")]
        return StagedRecord(
            kind=draft.kind,
            collection=kind.collection,
            list=draft.list,
            polarity=entry.polarity if entry else kind.polarity,
            party_norm=party,
            other_names="\n".join(former),
            uscc=draft.one("uscc"),
            organisation_code=draft.one("organisation_code").replace("-", ""),
            registration_number=draft.one("registration_number"),
            key_name=keys.name,
            key_code=keys.code,
            content_digest=keys.content,
            content=content.decode(),
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

    def _not_now(self, begins: int, ends: int) -> str:
        if ends <= self._today:
            return ENDED
        return NOT_BEGUN if begins > self._today else ""

    def _period(self, draft: Draft, rule: str) -> PublicityPeriod | None:
        """The publicity period; None where there is no date to count from (a kind whose minimum asks for none)."""
        decided_on = _date(draft.one("decided_on"))
        if decided_on is None:
            return None
        kind = self._catalog.kinds[draft.kind]
        return self._catalog.publicity.period(
            rule,
            decided_on=decided_on,
            grade=draft.one("grade") or None,
            texts=[text for name in kind.grade_from if name != "grade" for text in draft.all(name)],
            supplied_end=_date(draft.one("publicity_end")),
            valid_until=_date(draft.one("valid_until")),
            published_on=self._date_today,
        )

    def _person(self, person: PersonRow) -> StagedRecord:
        digest = self._keys.digest(f"{PERSON}\x1f{person.kind}\x1f{person.text}")
        return StagedRecord(
            kind=person.kind,
            collection=PERSON,
            key_name=digest,
            content_digest=digest,
            arrives_withheld=NATURAL_PERSON,
        )

    def _event(self, event: EventDraft) -> StagedRecord:
        content = msgspec.json.encode(EventContent(event.event, event.on)).decode()
        if event.record_id:
            return StagedRecord(
                kind="",
                collection=EVENT,
                key_name="",
                content_digest="",
                content=content,
                record_id=event.record_id,
            )
        entry = event.content.get("list", "")
        draft = Draft(event.kind, event.content, list=entry if isinstance(entry, str) else "")
        keys = self._keys.keys(draft, b"", self._normalize(draft.one("party")))
        return StagedRecord(
            kind=event.kind,
            collection=EVENT,
            key_name=keys.name,
            key_code=keys.code,
            content_digest="",
            content=content,
        )


def check_files(
    sources: Sequence[str],
    catalog: Catalog,
    today: date,
    kind: str | None = None,
    mapping: Template | None = None,
    *,
    query: str = "",
) -> ImportReport:
    """A dry run: every problem of every row, nothing written. Rows are accepted or rejected, never unchanged."""
    started = time.monotonic()
    report = ImportReport()
    for source in sources:
        account = FileAccount(file=source)
        report.files.append(account)
        for sheet, outcomes in _sheets(source, catalog, kind, mapping, today, query):
            account.sheets.append(sheet)
            for outcome in outcomes:
                sheet.rows += 1
                sheet.rejected += bool(outcome.problems)
                if outcome.persons and not outcome.drafts and not outcome.problems:
                    sheet.withheld += 1
                    account.withheld_by[NATURAL_PERSON] = account.withheld_by.get(NATURAL_PERSON, 0) + 1
                account.records += 0 if outcome.problems else len(outcome.drafts)
                _add_words(account, outcome)
            sheet.accepted = sheet.rows - sheet.rejected
        _add_sheets(account)
    report.seconds = round(time.monotonic() - started, 3)
    return report


def _sheets(
    source: str, catalog: Catalog, kind: str | None, mapping: Template | None, today: date, query: str
) -> Iterator[tuple[SheetAccount, Iterator[RowOutcome]]]:
    for reading, outcomes in read_sheets(
        source, catalog, kind=kind, mapping=mapping, today=today, query=query
    ):
        yield SheetAccount(sheet=reading.sheet, kind=reading.kind, template=reading.template), outcomes


def _add_words(account: FileAccount, outcome: RowOutcome) -> None:
    for problem in outcome.problems:
        if len(account.problems) < SHOWN_PROBLEMS:
            account.problems.append(problem)
        else:
            account.problems_left_out += 1
    account.notes.extend(outcome.notes[: max(0, SHOWN_PROBLEMS - len(account.notes))])


def _add_settlement(account: FileAccount, settlement: Settlement) -> None:
    for count in settlement.counts:
        sheet = account.sheets[count.sheet_no]
        setattr(sheet, count.outcome, getattr(sheet, count.outcome) + count.rows)
    reasons: Counter[str] = Counter()
    for sheet_no, withheld in settlement.withheld.items():
        account.sheets[sheet_no].withheld += withheld.total()
        reasons.update(withheld)
    for note in settlement.notes:
        sheet_name = account.sheets[note.sheet_no].sheet
        words = RowProblem(sheet_name, note.row, "", "", "match", note.note)
        (account.problems if note.outcome == "refused" else account.notes).append(words)
    account.withheld_by = dict(sorted(reasons.items()))
    account.records = settlement.records
    account.amended = settlement.amended
    _add_sheets(account)


def _add_sheets(account: FileAccount) -> None:
    for name in ("rows", "accepted", "unchanged", "rejected", "withheld"):
        setattr(account, name, sum(getattr(sheet, name) for sheet in account.sheets))


def _date(iso: str) -> date | None:
    return date.fromisoformat(iso) if iso and iso != OPEN_DATE else None


def _file_digest(source: str) -> str:
    path = Path(source)
    if "://" in source or not path.is_file():
        return ""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
