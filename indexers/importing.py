"""How does a delivered file get into the ledger, with an account of every row?"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import msgspec

from indexers.addresses import is_address, show_address
from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.grammar import Template
from indexers.ledger import Batch, Ledger, Settlement, save_report, settle
from indexers.likeness import may_be_one
from indexers.privacy import Privacy
from indexers.processes import collecting_rarely
from indexers.publication import Publications
from indexers.records import EVENT, PERSON, FileAccount, RowProblem, SheetAccount
from indexers.row_stream import Delivery, RowRead, RowsLeftOut, SheetBegins, read_delivery

SHOWN_PROBLEMS = 1_000
"""Problems of one file in a report; the rest is counted (all are kept in the ledger)."""
SHOWN_LEFT_OUT = 5
"""Numbers of rows that a report says were left out of a sheet; with more, the first show what they are."""
_LEFT_OUT = "第 {}看作合计、注释或签署，没有计入行数，也没有收；如果是记录，请补全各栏后重报"
_NOT_LOOKED_UP = "试读不查台账：这些变更能不能对应到记录，要到 import 时才知道"
NO_SECRET = b"dry run"
"""A dry run keeps nothing, so its hashes need no secret."""
PROGRESS_ROWS = 2_000
"""Rows between two words of progress."""

Progress = Callable[[str, int], None]
"""Told (what is being done, how many rows so far)."""


class Importer:
    """Takes files into one ledger. Used by one thread."""

    def __init__(
        self, catalog: Catalog, analyzer: Analyzer, ledger: Ledger, progress: Progress | None = None
    ) -> None:
        self.catalog = catalog
        self.ledger = ledger
        self._analyzer = analyzer
        self._today = ledger.now().date()
        self._publications = Publications(catalog, self._today)
        self._progress = progress or (lambda what, rows: None)

    def import_file(
        self, source: str, kind: str | None = None, mapping: Template | None = None, *, query: str = ""
    ) -> FileAccount:
        """One batch: wholly in or not at all. A file that cannot be read ends it with its error."""
        with collecting_rarely():
            return self._import_file(Delivery(source, kind, mapping, query, self._today))

    def _import_file(self, delivery: Delivery) -> FileAccount:
        account = FileAccount(file=_name_shown(delivery.source, self.catalog.privacy))
        batch = Batch(self.ledger, account.file, _digest_of(delivery, self.ledger.secret))
        with contextlib.ExitStack() as undoing:
            undoing.callback(batch.abandon)
            for item in read_delivery(delivery, self.catalog, self._analyzer, self.ledger.secret):
                if isinstance(item, RowRead):
                    self._take_row(batch, account, item)
                else:
                    _note_of_sheet(account, item)
            self._progress("写入台账", account.rows)
            settlement = settle(batch, self._publications.since, partial(may_be_one, self._analyzer))
            undoing.pop_all()
        _add_settlement(account, settlement, self.catalog)
        save_report(batch, msgspec.json.encode(msgspec.structs.replace(account, problems=[], notes=[])))
        return account

    def _take_row(self, batch: Batch, account: FileAccount, item: RowRead) -> None:
        sheet_no = len(account.sheets) - 1
        _count_row(account, item)
        for problem in item.problems:
            batch.add_problem(problem)
        for staged, content in item.staged:
            batch.add(sheet_no, item.row, staged, content)
        if account.rows % PROGRESS_ROWS == 0:
            self._progress("读取", account.rows)


def check_file(
    source: str,
    catalog: Catalog,
    analyzer: Analyzer,
    today: date,
    kind: str | None = None,
    mapping: Template | None = None,
    *,
    query: str = "",
) -> FileAccount:
    """A dry run: every problem of every row, nothing written. Rows are accepted or rejected, never unchanged."""
    account = FileAccount(file=_name_shown(source, catalog.privacy))
    delivery = Delivery(source, kind, mapping, query, today)
    with collecting_rarely():
        for item in read_delivery(delivery, catalog, analyzer, NO_SECRET):
            if isinstance(item, RowRead):
                _count_row(account, item)
                _foresee(account, item)
            else:
                _note_of_sheet(account, item)
    account.withheld_by = dict(sorted(account.withheld_by.items()))
    account.notes.extend(
        RowProblem(sheet.sheet, 0, "", "", "ledger", _NOT_LOOKED_UP)
        for sheet in account.sheets
        if sheet.accepted and catalog.kinds[sheet.kind].collection == "events"
    )
    _add_sheets(account)
    return account


def _name_shown(source: str, privacy: Privacy) -> str:
    """The name of a file or the address of a database without secrets and without numbers of persons."""
    return privacy.scrub(show_address(source))


def _note_of_sheet(account: FileAccount, item: SheetBegins | RowsLeftOut) -> None:
    if isinstance(item, SheetBegins):
        _begin_sheet(account, item)
        return
    sheet = account.sheets[-1]
    sheet.left_out += len(item.rows)
    sheet.left_out_rows.extend(item.rows[: SHOWN_LEFT_OUT - len(sheet.left_out_rows)])


def _begin_sheet(account: FileAccount, sheet: SheetBegins) -> None:
    account.sheets.append(SheetAccount(sheet=sheet.sheet, kind=sheet.kind, template=sheet.template))
    account.problems.extend(sheet.refused)
    account.notes.extend(sheet.notes)


def _count_row(account: FileAccount, item: RowRead) -> None:
    sheet = account.sheets[-1]
    account.rows += 1
    sheet.rows += 1
    sheet.rejected += bool(item.problems)
    room = max(0, SHOWN_PROBLEMS - len(account.problems))
    account.problems.extend(item.problems[:room])
    account.problems_left_out += max(0, len(item.problems) - room)
    account.notes.extend(item.notes[: max(0, SHOWN_PROBLEMS - len(account.notes))])


def _foresee(account: FileAccount, item: RowRead) -> None:
    """What an import would make of an accepted row, the ledger aside."""
    if item.problems:
        return
    sheet = account.sheets[-1]
    sheet.accepted += 1
    account.records += sum(staged.collection not in (PERSON, EVENT) for staged, _ in item.staged)
    reasons = [staged.arrives_withheld for staged, _ in item.staged]
    if reasons and all(reasons):
        reason = min(reasons)
        sheet.withheld += 1
        account.withheld_by[reason] = account.withheld_by.get(reason, 0) + 1


def _add_settlement(account: FileAccount, settlement: Settlement, catalog: Catalog) -> None:
    reasons: Counter[str] = Counter()
    for count in settlement.counts:
        sheet = account.sheets[count.sheet_no]
        setattr(sheet, count.outcome, getattr(sheet, count.outcome) + count.rows)
        if count.withheld:
            sheet.withheld += count.rows
            reasons[count.withheld] += count.rows
    for note in settlement.notes:
        sheet = account.sheets[note.sheet_no]
        column = catalog.fields_of(catalog.kinds[sheet.kind])[note.field].label if note.field else ""
        words = RowProblem(sheet.sheet, note.row, column, "", "match", note.note)
        (account.problems if note.outcome == "refused" else account.notes).append(words)
    account.withheld_by = dict(sorted(reasons.items()))
    account.records = settlement.records
    account.amended = settlement.amended
    _add_sheets(account)


def _add_sheets(account: FileAccount) -> None:
    for sheet in account.sheets:
        if sheet.left_out:
            rows = "、".join(map(str, sheet.left_out_rows)) + " 行"
            rows += f"等 {sheet.left_out} 行" if sheet.left_out > len(sheet.left_out_rows) else ""
            account.notes.append(RowProblem(sheet.sheet, 0, "", "", "left_out", _LEFT_OUT.format(rows)))
    for name in ("rows", "accepted", "unchanged", "rejected", "withheld"):
        setattr(account, name, sum(getattr(sheet, name) for sheet in account.sheets))


def _digest_of(delivery: Delivery, secret: bytes) -> str:
    """What is alike where the same is delivered again: the content of a file, the question to a database; "" for a file
    that cannot be read, which whoever reads it says. The address of a database holds a password: it is hashed with a
    secret."""
    path = Path(delivery.source)
    if is_address(delivery.source):
        asked = f"{delivery.source}\0{delivery.query}".encode()
        return hmac.digest(secret, asked, "sha256").hex()
    if not path.is_file():
        return ""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError:
        return ""
