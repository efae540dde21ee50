"""How do the rows of a file wait for the one transaction that takes them in?"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import sqlalchemy as sa

from indexers.addresses import is_address
from indexers.ledger import tables as t
from indexers.ledger.store import Ledger, insert_many, take_numbers
from indexers.records import RowProblem, StagedRecord

STAGE_ROWS = 5_000
"""Rows written to the staging table at once: memory stays flat, and another writer never waits long."""
LONGEST_STAGING = timedelta(days=2)
"""What waits longer was left by a killed import, on whatever host; no file takes a day to read."""
KEPT_PROBLEMS = 100_000
"""Problems kept of one file; a file with more is wrong as a whole and its report says how many are left out."""

ID_BYTES = 9
"""Random bytes of a record id: nobody guesses one, and no two are alike."""

_PLACE_COLUMNS = (
    "batch_id",
    "content_no",
    "position",
    "sheet_no",
    "sheet_row",
    "new_id",
    "outcome",
    "target",
    "note",
)
_STAGED_COLUMNS = (*_PLACE_COLUMNS, *StagedRecord.__struct_fields__)
_PROBLEM_COLUMNS = ("batch_id", "position", *RowProblem.__struct_fields__)
_Rows = list[tuple[object, ...]]


class Batch:
    """One file on its way into the ledger. Used by one thread; nothing counts before it is settled.

    Chunks are written by a thread of its own while the caller reads on.
    """

    def __init__(self, ledger: Ledger, file: str, digest: str) -> None:
        self.ledger = ledger
        self.id = f"{ledger.now():%Y%m%d}-{secrets.token_hex(5)}"
        self._rows: _Rows = []
        self._contents: list[str] = []
        self._problems: _Rows = []
        self._ids = _random_ids()
        self._position = 0
        self._problem_count = 0
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="staging")
        self._written: Future[None] | None = None
        with ledger.writing() as connection:
            _clear_abandoned(connection, ledger.now())
            connection.execute(
                t.batches.insert().values(
                    id=self.id,
                    file=Path(file).name if not is_address(file) else "(SQL)",
                    digest=digest,
                    owner=_me(),
                    state="staging",
                    started_at=ledger.now().isoformat(timespec="seconds"),
                )
            )

    def add(self, sheet_no: int, row: int, record: StagedRecord, content: str) -> None:
        """Stage one record of a row with its JSON; written in chunks."""
        self._position += 1
        place = (self._position, sheet_no, row, next(self._ids), "new", "", "")
        self._rows.append((*place, *msgspec.structs.astuple(record)))
        self._contents.append(content)
        if len(self._rows) >= STAGE_ROWS:
            self._flush()

    def add_problem(self, problem: RowProblem) -> None:
        """Keep one problem of this file for the operator."""
        self._problem_count += 1
        if self._problem_count <= KEPT_PROBLEMS:
            self._problems.append((self.id, self._problem_count, *msgspec.structs.astuple(problem)))
        if len(self._problems) >= STAGE_ROWS:
            self._flush()

    def finish(self) -> None:
        """Wait until everything staged is written."""
        self._flush()
        self._wait()
        self._writer.shutdown()

    def abandon(self) -> None:
        """Forget everything staged: the file could not be taken in.

        A batch that was settled stays: the answer to its commit may have been lost on its way.
        """
        self._writer.shutdown(wait=True, cancel_futures=True)
        with self.ledger.writing() as connection:
            _clear(connection, [self.id])

    def _flush(self) -> None:
        self._wait()
        if self._rows or self._problems:
            self._written = self._writer.submit(self._write, self._rows, self._contents, self._problems)
            self._rows, self._contents, self._problems = [], [], []

    def _wait(self) -> None:
        """At most one chunk is on its way, so memory stays flat; an error of the last one surfaces here."""
        if self._written is not None:
            self._written.result()
            self._written = None

    def _write(self, rows: _Rows, contents: list[str], problems: _Rows) -> None:
        with self.ledger.writing() as connection:
            first = take_numbers(connection, "content", len(contents))
            insert_many(connection, t.contents, ("no", "content"), list(enumerate(contents, first)))
            placed = [(self.id, no, *row) for no, row in enumerate(rows, first)]
            insert_many(connection, t.staged, _STAGED_COLUMNS, placed)
            insert_many(connection, t.problems, _PROBLEM_COLUMNS, problems)


def _random_ids() -> Iterator[str]:
    """A letter first: spreadsheets read digits with an e as a number, command lines a hyphen as an option.

    Drawn many at once: asking the system for each takes longer than all else that is done for a row here.
    """
    length = 2 * ID_BYTES
    while True:
        drawn = secrets.token_hex(ID_BYTES * STAGE_ROWS)
        for start in range(0, len(drawn), length):
            yield f"r{drawn[start : start + length]}"


def _me() -> str:
    """Who is staging: host, process, and when that process began (process numbers come round again)."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def _started(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return "gone"


def _is_abandoned(owner: str, age: timedelta) -> bool:
    host, pid, started = owner.rsplit(":", 2)
    return age > LONGEST_STAGING or (host == socket.gethostname() and _started(int(pid)) != started)


def _clear_abandoned(connection: sa.Connection, now: datetime) -> None:
    """Rows of killed imports are thrown away; the same command reads the file again."""
    waiting = connection.execute(
        sa.select(t.batches.c.id, t.batches.c.owner, t.batches.c.started_at).where(
            t.batches.c.state == "staging"
        )
    )
    ages = ((batch, owner, now - datetime.fromisoformat(at)) for batch, owner, at in waiting)
    _clear(connection, [batch for batch, owner, age in ages if _is_abandoned(owner, age)])


def _clear(connection: sa.Connection, ids: list[str]) -> None:
    b = t.batches.c
    ids = list(connection.execute(sa.select(b.id).where(b.id.in_(ids), b.state == "staging")).scalars())
    if not ids:
        return
    waiting = sa.select(t.staged.c.content_no).where(t.staged.c.batch_id.in_(ids))
    connection.execute(t.contents.delete().where(t.contents.c.no.in_(waiting)))
    for table in (t.staged, t.problems):
        connection.execute(table.delete().where(table.c.batch_id.in_(ids)))
    connection.execute(t.batches.delete().where(b.id.in_(ids)))
