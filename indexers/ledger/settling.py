"""How does a staged file become part of the ledger, in one transaction?"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from indexers.documents import day_number
from indexers.errors import LedgerError
from indexers.ledger import tables as t
from indexers.ledger.attaching import ERASED_NAME, SUBJECT, reattach, touch
from indexers.ledger.contradicting import NOTE_OTHER_NAME, AreAlike, contradicting_rows
from indexers.ledger.events import apply_event_rows
from indexers.ledger.matching import match
from indexers.ledger.republishing import PublishedSince, keep_first_publication
from indexers.ledger.staging import Batch
from indexers.ledger.store import take_numbers
from indexers.records import EVENT, PERSON, FileAccount


class RowCount(msgspec.Struct, frozen=True):
    """Rows of one sheet with one outcome (accepted, unchanged, rejected), and why accepted ones are not public."""

    sheet_no: int
    outcome: str
    withheld: str
    rows: int


class RowNote(msgspec.Struct, frozen=True):
    """What settling says of one row, and of which of its fields, "" of none."""

    sheet_no: int
    row: int
    outcome: str
    note: str
    field: str = ""


class Settlement(msgspec.Struct, frozen=True):
    """What became of a batch: rows by outcome, records made or changed."""

    counts: tuple[RowCount, ...]
    notes: tuple[RowNote, ...]
    records: int
    amended: int


CHUNK = 2_000
"""Batches forgotten with one statement."""
KEPT_NOTES = 1_000
"""Notes reported of one file; exact doubles of a big file would drown the rest."""


def settle(batch: Batch, published_since: PublishedSince, are_alike: AreAlike) -> Settlement:
    """Take the staged rows in. After it returns everything is committed; before, nothing is."""
    batch.finish()
    ledger = batch.ledger
    now = ledger.now()
    with ledger.writing() as connection:
        connection.execute(sa.text("DELETE FROM touched"))
        match(connection, batch.id, day_number(now.date()))
        keep_first_publication(connection, batch.id, published_since)
        at = now.isoformat(timespec="seconds")
        records, amended = _store(connection, batch.id, at)
        apply_event_rows(connection, batch.id, at, now.date().isoformat())
        several = reattach(connection, batch.id, at)
        strange = contradicting_rows(connection, batch.id, several, are_alike)
        settlement = Settlement(
            counts=_count_rows(connection, batch.id),
            notes=(
                *_notes(connection, batch.id),
                *(RowNote(sheet, row, "accepted", NOTE_OTHER_NAME, "uscc") for sheet, row in strange),
            ),
            records=records,
            amended=amended,
        )
        connection.execute(sa.text(_FORGET_UNUSED), {"batch": batch.id})
        _clear_staged(connection, batch.id)
        here = t.batches.update().where(t.batches.c.id == batch.id)
        if connection.execute(here.values(state="done", finished_at=at)).rowcount != 1:
            raise LedgerError("这一批等待得太久，已被清除；没有写入任何内容，请重新导入")
        _forget_repeated(connection, batch.id)
    return settlement


def _clear_staged(connection: Connection, batch: str) -> None:
    """Forget the staged rows; without a condition where nobody else is staging, which costs next to nothing."""
    others = sa.select(t.batches.c.id).where(t.batches.c.state == "staging", t.batches.c.id != batch)
    rows = t.staged.delete()
    if connection.execute(others.limit(1)).first():
        rows = rows.where(t.staged.c.batch_id == batch)
    connection.execute(rows)


def _forget_repeated(connection: Connection, batch: str) -> None:
    """Forget what earlier batches of the same file, or of the same question to a database, said: this one says it again
    as far as it still holds, and one that is imported every quarter of an hour would fill the ledger. A batch that
    nothing came of goes altogether; the others stay, since records say from which batch they are.
    """
    b = t.batches.c
    file, digest = connection.execute(sa.select(b.file, b.digest).where(b.id == batch)).one()
    if not digest:
        return
    same = sa.and_(b.file == file, b.digest == digest, b.state == "done", b.id != batch)
    earlier = connection.execute(sa.select(b.id, b.report).where(same)).all()
    ids = [row.id for row in earlier]
    idle = [row.id for row in earlier if row.report and _is_idle(row.report)]
    for start in range(0, len(ids), CHUNK):
        connection.execute(t.problems.delete().where(t.problems.c.batch_id.in_(ids[start : start + CHUNK])))
        connection.execute(t.batches.delete().where(b.id.in_(idle[start : start + CHUNK])))


def _is_idle(report: str) -> bool:
    return msgspec.json.decode(report, type=FileAccount).accepted == 0


def save_report(batch: Batch, report: bytes) -> None:
    """Keep the account of a batch beside it."""
    with batch.ledger.writing() as connection:
        connection.execute(
            t.batches.update().where(t.batches.c.id == batch.id).values(report=report.decode())
        )


def _store(connection: Connection, batch: str, at: str) -> tuple[int, int]:
    """Write new and amended records with their numbers and events; (records, amended)."""
    last = connection.execute(
        sa.text(
            "SELECT COALESCE(MAX(position), 0) FROM staged WHERE batch_id = :batch"
            " AND outcome IN ('new', 'amended')"
        ),
        {"batch": batch},
    ).scalar_one()
    if not last:
        return 0, 0
    # A number per staged row, used or not: gaps do no harm, a second pass to close them would.
    here = {
        "batch": batch,
        "at": at,
        "seq": take_numbers(connection, "seq", last) - 1,
        "number": take_numbers(connection, "number", last) - 1,
    }

    def run(statements: Sequence[str]) -> list[int]:
        return [connection.execute(sa.text(statement), here).rowcount for statement in statements]

    run((_PERSONS, _SUBJECTS))
    amended = 0
    if connection.execute(sa.text(_ANY_AMENDED), {"batch": batch}).first():
        touch(connection, SUBJECT, _SUBJECTS_BEFORE, batch=batch)
        touch(connection, ERASED_NAME, _NAMES_OF_PERSONS, batch=batch)
        _, _, amended = run((_MARK_REDUCED, _FORGET_AMENDED, _AMEND))
    new, _ = run((_INSERT, _EVENTS))
    # In order and with its doubles: to sort and to meet what is there is half the work of telling what is distinct.
    touch(
        connection,
        SUBJECT,
        "SELECT :what, s.uscc FROM staged s WHERE s.batch_id = :batch AND s.uscc <> ''"
        " AND s.outcome IN ('new', 'amended') ORDER BY s.uscc",
        batch=batch,
    )
    return new + amended, amended


_TAKEN = (
    "s.batch_id = :batch AND s.outcome IN ('new', 'amended')"
    " AND s.collection IN ('subjects', 'records', 'library')"
)
_COLUMNS = ", ".join(f'"{c}"' for c in t.SHARED_COLUMNS)
_FROM_STAGED = ", ".join(f's."{c}"' for c in t.SHARED_COLUMNS)

# A record that turns out to be about a person keeps its place, its keys and, so that the subject's own page loses it at
# once, the opaque id of its subject; its content goes, and a person's row brings none.
_FOR_PERSONS = {
    "collection": "records.collection",
    "content_no": f"CASE s.collection WHEN '{PERSON}' THEN 0 ELSE s.content_no END",
}
_SET_COLUMNS = ", ".join(f'"{c}" = ' + _FOR_PERSONS.get(c, f's."{c}"') for c in t.SHARED_COLUMNS)

_PERSONS = f"""INSERT INTO persons (digest, kind, batch_id)
    SELECT DISTINCT s.content_digest, s.kind, s.batch_id FROM staged s
    WHERE s.batch_id = :batch AND s.outcome IN ('new', 'amended') AND s.collection = '{PERSON}'
    ON CONFLICT DO NOTHING"""

_SUBJECTS = f"""INSERT INTO subjects (id, number, seq, uscc, organisation_code, name_norm, joined_to)
    SELECT s.uscc, :number + MIN(s.position), 0, s.uscc, SUBSTR(s.uscc, 9, 9), '', ''
    FROM staged s WHERE {_TAKEN} AND s.uscc <> '' GROUP BY s.uscc ON CONFLICT DO NOTHING"""

_ANY_AMENDED = "SELECT 1 FROM staged WHERE batch_id = :batch AND outcome = 'amended' LIMIT 1"
_SUBJECTS_BEFORE = """SELECT DISTINCT :what, r.subject_id FROM staged s JOIN records r ON r.id = s.target
    WHERE s.batch_id = :batch AND s.outcome = 'amended' AND r.subject_id <> ''"""

_NAMES_OF_PERSONS = f"""SELECT DISTINCT :what, r.party_norm FROM staged s JOIN records r ON r.id = s.target
    WHERE s.batch_id = :batch AND s.outcome = 'amended' AND s.collection = '{PERSON}' AND r.party_norm <> ''"""

# An amendment that shows less than before, or names another business, counts as a removal: it is applied to the index
# at once.
_MARK_REDUCED = """UPDATE records SET removed_seq = :seq + s.position FROM staged s
    WHERE s.batch_id = :batch AND s.outcome = 'amended' AND records.id = s.target AND records.withheld = ''
    AND (s.withheld <> '' OR s.visible_until < records.visible_until OR s.visible_from > records.visible_from
        OR s.party_norm <> records.party_norm OR (records.uscc <> '' AND s.uscc <> records.uscc))"""

_FORGET_AMENDED = """DELETE FROM contents WHERE no IN (SELECT r.content_no FROM staged s JOIN records r
    ON r.id = s.target WHERE s.batch_id = :batch AND s.outcome = 'amended')"""

_FORGET_UNUSED = f"""DELETE FROM contents WHERE no IN (SELECT s.content_no FROM staged s
    WHERE s.batch_id = :batch AND (s.outcome NOT IN ('new', 'amended') OR s.collection IN ('{PERSON}', '{EVENT}')))"""

_AMEND = f"""UPDATE records SET seq = :seq + s.position, batch_id = s.batch_id,
        subject_id = CASE s.collection WHEN '{PERSON}' THEN records.subject_id ELSE s.uscc END,
        attached_by = CASE WHEN s.uscc <> '' THEN 'code' ELSE '' END, {_SET_COLUMNS}
    FROM staged s WHERE s.batch_id = :batch AND s.outcome = 'amended' AND records.id = s.target"""

_INSERT = f"""INSERT INTO records (id, number, seq, removed_seq, batch_id, subject_id, attached_by, state,
        ended_by, ended_on, {_COLUMNS})
    SELECT s.new_id, :number + s.position, :seq + s.position, 0, s.batch_id, s.uscc,
        CASE WHEN s.uscc <> '' THEN 'code' ELSE '' END, 'current', '', '', {_FROM_STAGED}
    FROM staged s WHERE {_TAKEN} AND s.outcome = 'new'"""

_EVENTS = """INSERT INTO events (seq, at, event, record_id, subject_id, batch_id, effective_on)
    SELECT :seq + s.position, :at, CASE s.outcome WHEN 'new' THEN 'accepted' ELSE 'amended' END,
        CASE s.outcome WHEN 'new' THEN s.new_id ELSE s.target END, s.uscc, s.batch_id, ''
    FROM staged s WHERE s.batch_id = :batch
        AND (s.outcome = 'amended' OR (s.outcome = 'new' AND s.collection IN ('subjects', 'records', 'library')))"""

# A row has its worst outcome; it is withheld when nothing it made is public on arrival.
_ROWS = """SELECT sheet_no, sheet_row,
        MAX(CASE outcome WHEN 'refused' THEN 3 WHEN 'unchanged' THEN 1 ELSE 2 END) AS worst,
        MIN(CASE WHEN outcome <> 'unchanged' THEN arrives_withheld END) AS withheld
    FROM staged WHERE batch_id = :batch GROUP BY sheet_no, sheet_row"""
_WORST = {3: "rejected", 2: "accepted", 1: "unchanged"}


def _count_rows(connection: Connection, batch: str) -> tuple[RowCount, ...]:
    query = f"""SELECT sheet_no, worst, CASE worst WHEN 2 THEN COALESCE(withheld, '') ELSE '' END AS reason, COUNT(*)
        FROM ({_ROWS}) AS counted GROUP BY sheet_no, worst, reason"""
    rows = connection.execute(sa.text(query), {"batch": batch})
    return tuple(RowCount(sheet, _WORST[worst], reason, count) for sheet, worst, reason, count in rows)


def _notes(connection: Connection, batch: str) -> tuple[RowNote, ...]:
    s = t.staged.c
    query = (
        sa.select(s.sheet_no, s.sheet_row, s.outcome, s.note)
        .where(s.batch_id == batch, s.note != "")
        .order_by(s.outcome != "refused", s.position)
        .limit(KEPT_NOTES)
    )
    return tuple(RowNote(*row) for row in connection.execute(query))
