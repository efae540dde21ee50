"""How do the rows of a file wait for the one transaction that takes them in?"""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path

import msgspec
import sqlalchemy as sa

from indexers.ledger import tables as t
from indexers.ledger.store import Ledger
from indexers.records import RowProblem

STAGE_ROWS = 5_000
"""Rows written to the staging table at once: memory stays flat, and another writer never waits long."""
KEPT_PROBLEMS = 100_000
"""Problems kept of one file; a file with more is wrong as a whole and its report says how many are left out."""

PERSON = "person"
EVENT = "event"

STAGED_COLUMNS = (
    "batch_id",
    "position",
    "sheet_no",
    "sheet_row",
    "record_id",
    "new_id",
    "arrives_withheld",
    "outcome",
    "target",
    "note",
    *t.SHARED_COLUMNS,
)


class StagedRecord(msgspec.Struct, frozen=True):
    """What the ledger keeps of a draft; the names are those of `tables.SHARED_COLUMNS`.

    `collection` is that of the kind, or `person` (only `key_name`, the keyed hash, is set), or `event` (`content`
    is the EventDraft). `arrives_withheld`: why it is not public on arrival, or "".
    """

    kind: str
    collection: str
    key_name: str
    content_digest: str
    list: str = ""
    polarity: str = "neutral"
    party_norm: str = ""
    other_names: str = ""
    uscc: str = ""
    organisation_code: str = ""
    registration_number: str = ""
    key_code: str = ""
    content: str = ""
    decided_on: str = ""
    visible_from: int = 0
    visible_until: int = 0
    repairable_from: str = ""
    rule: str = ""
    grade: str = ""
    grade_assumed: int = 0
    withheld: str = ""
    row_hash: str = ""
    arrives_withheld: str = ""
    record_id: str = ""


class Batch:
    """One file on its way into the ledger. Used by one thread; nothing counts before it is settled."""

    def __init__(self, ledger: Ledger, file: str, digest: str) -> None:
        self.ledger = ledger
        self.id = f"{ledger.now():%Y%m%d}-{secrets.token_hex(5)}"
        self._rows: list[tuple[object, ...]] = []
        self._problems: list[tuple[object, ...]] = []
        self._position = 0
        self._problem_count = 0
        with ledger.writing() as connection:
            _clear_abandoned(connection)
            connection.execute(
                t.batches.insert().values(
                    id=self.id,
                    file=Path(file).name if "://" not in file else "(SQL)",
                    digest=digest,
                    owner=_me(),
                    state="staging",
                    started_at=ledger.now().isoformat(timespec="seconds"),
                )
            )

    def add(self, sheet_no: int, row: int, record: StagedRecord) -> None:
        """Stage one record of a row; written in chunks."""
        self._position += 1
        self._rows.append(
            (
                self.id,
                self._position,
                sheet_no,
                row,
                record.record_id,
                secrets.token_urlsafe(9),
                record.arrives_withheld,
                "",
                "",
                "",
                record.kind,
                record.list,
                record.collection,
                record.polarity,
                record.party_norm,
                record.other_names,
                record.uscc,
                record.organisation_code,
                record.registration_number,
                record.key_name,
                record.key_code,
                record.content_digest,
                record.content,
                record.decided_on,
                record.visible_from,
                record.visible_until,
                record.repairable_from,
                record.rule,
                record.grade,
                record.grade_assumed,
                record.withheld,
                record.row_hash,
            )
        )
        if len(self._rows) >= STAGE_ROWS:
            self.flush()

    def add_problem(self, problem: RowProblem) -> None:
        """Keep one problem of this file for the operator."""
        self._problem_count += 1
        if self._problem_count <= KEPT_PROBLEMS:
            self._problems.append(
                (
                    self.id,
                    self._problem_count,
                    problem.sheet,
                    problem.row,
                    problem.column,
                    problem.value,
                    problem.rule,
                    problem.message,
                )
            )
        if len(self._problems) >= STAGE_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        if not self._rows and not self._problems:
            return
        with self.ledger.writing() as connection:
            self.ledger.insert_many(connection, t.staged, STAGED_COLUMNS, self._rows)
            columns = [c.name for c in t.problems.columns]
            self.ledger.insert_many(connection, t.problems, columns, self._problems)
        self._rows.clear()
        self._problems.clear()

    def abandon(self) -> None:
        """Forget everything staged: the file could not be read to its end."""
        self._rows.clear()
        with self.ledger.writing() as connection:
            _clear(connection, [self.id])


def _me() -> str:
    """Who is staging: host, process, and when that process began (process numbers come round again)."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def _started(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return "gone"


def _is_abandoned(owner: str) -> bool:
    host, pid, started = owner.rsplit(":", 2)
    return host == socket.gethostname() and _started(int(pid)) != started


def _clear_abandoned(connection: sa.Connection) -> None:
    """Rows of killed imports are thrown away; the same command reads the file again."""
    waiting = connection.execute(
        sa.select(t.batches.c.id, t.batches.c.owner).where(t.batches.c.state == "staging")
    ).tuples()
    _clear(connection, [batch for batch, owner in waiting if _is_abandoned(owner)])


def _clear(connection: sa.Connection, ids: list[str]) -> None:
    if not ids:
        return
    for table in (t.staged, t.problems):
        connection.execute(table.delete().where(table.c.batch_id.in_(ids)))
    connection.execute(t.batches.delete().where(t.batches.c.id.in_(ids)))
