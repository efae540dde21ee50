"""How does a record end, and how does it come back?"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from indexers.documents import day_number
from indexers.errors import UsageError
from indexers.ledger import tables as t
from indexers.ledger.attaching import ERASED_NAME, SUBJECT, reattach, touch_values
from indexers.ledger.store import Ledger, take_numbers
from indexers.records import EVENT, REINSTATED, EventContent

NOTE_NONE = "台账中没有对应的记录；请填写“记录编号”，或核对类别、名称、机关、文号和日期"
NOTE_SEVERAL = "台账中有多条对应的记录；请在“记录编号”列填写编号"
NOTE_FUTURE = "日期在今天之后；请在当天办理"
NOTE_SAME = "该记录已经是这个状态"
NOTE_ERASED = "内容已按期清除，解除了停止公示；请重新报送该条记录"


class Recorded(msgspec.Struct, frozen=True):
    """What an event on one record came to: whether it changed anything, and whether no content is left to show.

    `kind`, `list` and `content`: which record it was; its kept JSON is "" where there is none.
    """

    changed: bool
    is_erased: bool
    kind: str
    list: str
    content: str


def record_event(ledger: Ledger, record_id: str, event: str, on: str) -> Recorded:
    """One event on one record, in one transaction; nothing changes if the record is already in that state.

    UsageError if there is no such record.
    """
    at = ledger.now().isoformat(timespec="seconds")
    with ledger.writing() as connection:
        connection.execute(sa.text("DELETE FROM touched"))
        r = t.records.c
        row = connection.execute(
            sa.select(r.state, r.kind, r.list, t.contents.c.content)
            .outerjoin(t.contents, t.contents.c.no == r.content_no)
            .where(r.id == record_id)
        ).one_or_none()
        if row is None:
            raise UsageError(f"台账中没有编号为 {record_id} 的记录")
        changed = (row.state == "current") != (event == REINSTATED)
        if changed:
            _apply(connection, record_id, event, on, "", at)
            reattach(connection, "", at)
    # What is known to be about a person has no content either, but has not ended.
    is_erased = row.state == "ended" and row.content is None
    return Recorded(changed, is_erased, row.kind, row.list, row.content or "")


def apply_event_rows(connection: Connection, batch: str, at: str, today: str) -> None:
    """Carry out the event rows of a batch."""
    s = t.staged.c
    rows = connection.execute(
        sa.select(s.position, s.record_id, s.kind, s.key_name, s.key_code, t.contents.c.content)
        .join(t.contents, t.contents.c.no == s.content_no)
        .where(s.batch_id == batch, s.collection == EVENT)
        .order_by(s.position)
    ).all()
    for row in rows:
        content = msgspec.json.decode(row.content, type=EventContent)
        outcome, note, target = _outcome(connection, row, content)
        if content.on > today:
            outcome, note, target = "refused", NOTE_FUTURE, ""
        if outcome == "new":
            _apply(connection, target, content.event, content.on or today, batch, at)
        connection.execute(
            t.staged.update()
            .where(s.batch_id == batch, s.position == row.position)
            .values(outcome=outcome, note=note, target=target)
        )


def _outcome(connection: Connection, row: Any, content: EventContent) -> tuple[str, str, str]:
    r = t.records.c
    if row.record_id:
        named = r.id == row.record_id
    elif row.key_code:
        named = sa.or_(r.key_code == row.key_code, sa.and_(r.key_code == "", r.key_name == row.key_name))
    else:
        named = r.key_name == row.key_name
    found = connection.execute(sa.select(r.id, r.state, r.content_no).where(named, r.key_name != "")).all()
    wanted = "ended" if content.event == REINSTATED else "current"
    open_ones = [f for f in found if f.state == wanted]
    if not found:
        return "refused", NOTE_NONE, ""
    if not open_ones:
        return "unchanged", NOTE_SAME, found[0].id
    if len(open_ones) > 1:
        return "refused", NOTE_SEVERAL, ""
    note = NOTE_ERASED if content.event == REINSTATED and not open_ones[0].content_no else ""
    return "new", note, open_ones[0].id


def _apply(connection: Connection, record_id: str, event: str, on: str, batch: str, at: str) -> None:
    seq = take_numbers(connection, "seq", 1)
    row = connection.execute(
        sa.select(t.records.c.subject_id, t.records.c.uscc, t.records.c.content_no).where(
            t.records.c.id == record_id
        )
    ).one()
    if event != REINSTATED:
        change = {"state": "ended", "ended_by": event, "ended_on": on, "removed_seq": seq}
    elif row.content_no:
        # Where it belongs may have changed while it was away: a record without a code is looked at again.
        blank = {} if row.uscc else {"subject_id": "", "attached_by": ""}
        change = {"state": "current", "ended_by": "", "ended_on": "", **blank}
    else:
        # Nothing is left to show: only the lock on its key is lifted, so that it can be delivered again.
        change = {"key_name": "", "key_code": "", "content_digest": ""}
    connection.execute(t.records.update().where(t.records.c.id == record_id).values(seq=seq, **change))
    connection.execute(
        t.events.insert().values(
            seq=seq,
            at=at,
            event=event,
            record_id=record_id,
            subject_id=row.subject_id,
            batch_id=batch,
            effective_on=on,
        )
    )
    touch_values(connection, SUBJECT, [row.subject_id] if row.subject_id else [])


def erase_ended(ledger: Ledger, before: date) -> int:
    """Erase the content of records whose publicity ended before this day; their keyed match keys stay.

    An end counts from the day it was recorded if that is later than its own: one that was entered by mistake can be
    taken back as long as any other. What ended by the clock ends for good with it: a record is public up to the day
    before `visible_until`.
    """
    r = t.records.c
    at = ledger.now().isoformat(timespec="seconds")
    # The number of an end is that of its event, which is found by it.
    e = t.events.c
    is_fresh = sa.exists().where(e.seq == r.removed_seq, e.at >= before.isoformat())
    by_event = sa.and_(r.state == "ended", r.ended_on < before.isoformat(), ~is_fresh)
    by_clock = sa.and_(r.state == "current", r.withheld == "", r.visible_until <= day_number(before))
    due = sa.and_(r.content_no != 0, sa.or_(by_event, by_clock))
    with ledger.writing() as connection:
        connection.execute(sa.text("DELETE FROM touched"))
        named = sa.select(sa.literal(SUBJECT), r.subject_id).where(due, r.subject_id != "").distinct()
        connection.execute(t.touched.insert().from_select(["what", "value"], named))
        names = sa.select(sa.literal(ERASED_NAME), r.party_norm).where(due, r.party_norm != "").distinct()
        connection.execute(t.touched.insert().from_select(["what", "value"], names))
        connection.execute(t.contents.delete().where(t.contents.c.no.in_(sa.select(r.content_no).where(due))))
        blank = {**dict.fromkeys(_ERASED, ""), "content_no": 0, "state": "ended"}
        erased = connection.execute(t.records.update().where(due).values(blank)).rowcount
        nameless = sa.select(r.id).where(r.content_no == 0, r.state == "ended")
        told = t.events.update().where(e.subject_id != "", e.record_id.in_(nameless))
        connection.execute(told.values(subject_id=""))
        reattach(connection, "", at)
    return erased


_ERASED = (
    "party",
    "party_norm",
    "other_names",
    "uscc",
    "organisation_code",
    "registration_number",
    "subject_id",
    "attached_by",
    "content_digest",
    "row_hash",
)
"""What is blanked in a record's row when its content is erased: all that names someone."""
