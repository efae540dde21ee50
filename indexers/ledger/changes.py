"""What has changed in the ledger since a number, and what must be known of it to build documents?"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from indexers.lasting import Given
from indexers.ledger import tables as t

CHUNK = 2_000
"""Rows read at once: memory stays flat however much has changed."""


class RecordRow(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A record as it is built from; days are yyyymmdd, `content` is JSON."""

    id: str
    number: int
    seq: int
    removed_seq: int
    state: str
    kind: str
    list: str
    polarity: str
    subject_id: str
    attached_by: str
    uscc: str
    organisation_code: str
    registration_number: str
    content: str
    decided_on: str
    visible_from: int
    visible_until: int
    repairable_from: str
    rule: str
    grade: str
    grade_assumed: int
    withheld: str
    row_hash: str
    batch_id: str
    delivered_on: str


class Profile(msgspec.Struct, frozen=True, array_like=True):
    """A profile row of a subject: its JSON, its kind, who delivered it when, the old number it gives with a code."""

    content: str
    kind: str
    batch_id: str
    delivered_on: str
    number: str


class SubjectRow(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A subject as it is built from: its profile rows, the one that counts last, and what its records give to it.

    Both are of rows that are public at some time, whatever the data files have since said of their kind.
    """

    id: str
    number: int
    seq: int
    uscc: str
    organisation_code: str
    joined_to: str
    profiles: tuple[Profile, ...]
    given: tuple[Given, ...]


# Whatever became of the row of its batch, a record is read.
_DELIVERED = sa.func.coalesce(sa.func.substr(t.batches.c.started_at, 1, 10), "").label("delivered_on")
_CONTENT = sa.func.coalesce(t.contents.c.content, "").label("content")
_COLUMNS: dict[str, Any] = {**t.records.c, "delivered_on": _DELIVERED, "content": _CONTENT}
_RECORD = [_COLUMNS[name] for name in RecordRow.__struct_fields__]
_records = (
    sa.select(*_RECORD)
    .outerjoin(t.batches, t.batches.c.id == t.records.c.batch_id)
    .outerjoin(t.contents, t.contents.c.no == t.records.c.content_no)
)


def count_changes(connection: Connection, after: int, upto: int) -> int:
    """How many records and subjects changed by after < seq <= upto."""
    return sum(
        connection.execute(
            sa.select(sa.func.count()).select_from(table).where(table.c.seq > after, table.c.seq <= upto)
        ).scalar_one()
        for table in (t.records, t.subjects)
    )


Place = tuple[int, str]
"""Where a change stands: its number, and the id of the subject that has it (many share one); "" of a record."""


class Span(msgspec.Struct, frozen=True):
    """Rows of one table with begins <= place < ends: so many that they are read at once."""

    of_subjects: bool
    begins: Place
    ends: Place


def changed_spans(connection: Connection, after: int, upto: int) -> Iterator[Span]:
    """Where the changes by after < seq <= upto are: records first, in that order, then subjects.

    What changes again while a span waits to be read has a later number then, and is not in it any more.
    """
    for of_subjects in (False, True):
        place, end = (after + 1, ""), (upto + 1, "")
        while place < end:
            following = _place_further_on(connection, of_subjects, place, end) or end
            yield Span(of_subjects, place, following)
            place = following


def _place_further_on(connection: Connection, of_subjects: bool, place: Place, end: Place) -> Place | None:
    """The place of the change behind the next CHUNK ones."""
    if of_subjects:
        s = t.subjects.c
        query = sa.select(s.seq, s.id).where(_between(place, end)).order_by(s.seq, s.id)
    else:
        # The numbers of records are unique, and their index has nothing else.
        seq = t.records.c.seq
        query = sa.select(seq, sa.literal("")).where(seq >= place[0], seq < end[0]).order_by(seq)
    found = connection.execute(query.limit(1).offset(CHUNK)).first()
    return None if found is None else (found[0], found[1])


def _between(begins: Place, ends: Place) -> sa.ColumnElement[bool]:
    place = sa.tuple_(t.subjects.c.seq, t.subjects.c.id)
    return sa.and_(place >= sa.tuple_(*begins), place < sa.tuple_(*ends))


def read_span(connection: Connection, span: Span) -> list[RecordRow] | list[SubjectRow]:
    """The rows of a span with all that their documents need."""
    if not span.of_subjects:
        seq = t.records.c.seq
        # A profile is no document of its own; its subject comes with it.
        here = sa.and_(seq >= span.begins[0], seq < span.ends[0], t.records.c.collection != "subjects")
        return _record_rows(connection, here, seq)
    ids = sa.select(t.subjects.c.id).where(_between(span.begins, span.ends))
    return subjects_by_id(connection, list(connection.execute(ids).scalars()))


def removed_records(connection: Connection, after: int) -> Iterator[list[RecordRow]]:
    """Records of which less may be shown since a number, in chunks."""
    column = t.records.c.removed_seq
    while rows := _record_rows(connection, column > after, column):
        yield rows
        after = rows[-1].removed_seq


def moved_records(connection: Connection, after: int, rows: Sequence[RecordRow]) -> list[str]:
    """Those of some records that may have come to another subject since a number."""
    e = t.events.c
    changed = sa.select(e.record_id).where(
        e.seq > after, e.event.in_(("attached", "amended")), e.record_id.in_([row.id for row in rows])
    )
    return list(connection.execute(changed.distinct()).scalars())


def records_by_id(connection: Connection, ids: Sequence[str]) -> list[RecordRow]:
    """These records, in no order."""
    r = t.records.c
    return [
        row
        for start in range(0, len(ids), CHUNK)
        for row in _record_rows(connection, r.id.in_(ids[start : start + CHUNK]), r.id)
    ]


def history_mark(connection: Connection, upto: int) -> str:
    """What tells this ledger from any other that has changes up to this number, its own restored copies included:
    the last of those changes. "" where there is none."""
    e = t.events.c
    last = (
        sa.select(e.seq, e.at, e.event, e.record_id, e.batch_id).where(e.seq <= upto).order_by(e.seq.desc())
    )
    found = connection.execute(last.limit(1)).one_or_none()
    return hashlib.blake2b(repr(tuple(found)).encode(), digest_size=8).hexdigest() if found else ""


def has_removals(connection: Connection) -> bool:
    """Whether less may be shown of any record than once might."""
    # The index of removals is only taken for a condition that is written out as its own is.
    column = t.records.c.removed_seq
    return (
        connection.execute(sa.select(column).where(column > sa.literal_column("0")).limit(1)).first()
        is not None
    )


def ended_between(connection: Connection, after: int, upto: int) -> Iterator[list[RecordRow]]:
    """Records whose end came by the clock alone: after < visible_until <= upto (yyyymmdd), in chunks."""
    r = t.records.c
    last = ""
    while True:
        condition = sa.and_(r.visible_until > after, r.visible_until <= upto, r.id > last)
        rows = _record_rows(connection, condition, r.id)
        if not rows:
            return
        yield rows
        last = rows[-1].id


def _record_rows(
    connection: Connection, condition: sa.ColumnElement[bool], order: sa.ColumnElement[object]
) -> list[RecordRow]:
    query = _records.where(condition).order_by(order).limit(CHUNK)
    found: Sequence[Any] = connection.execute(query).all()
    return [RecordRow(*row) for row in found]


def subjects_with_boundary(connection: Connection, after: int, upto: int) -> Iterator[list[SubjectRow]]:
    """Subjects with a record that began or ended on a day of (after, upto] (yyyymmdd), in chunks."""
    last = ""
    query = sa.text(
        "SELECT DISTINCT subject_id FROM (SELECT subject_id FROM records WHERE visible_until > :after"
        " AND visible_until <= :upto UNION SELECT subject_id FROM records WHERE visible_from > :after"
        " AND visible_from <= :upto) AS bounded WHERE subject_id > :last ORDER BY subject_id LIMIT :limit"
    )
    here = {"after": after, "upto": upto, "limit": CHUNK}
    while ids := list(connection.execute(query, {**here, "last": last}).scalars()):
        yield subjects_by_id(connection, ids)
        last = ids[-1]


def subjects_by_id(connection: Connection, ids: list[str]) -> list[SubjectRow]:
    """These subjects with all that their documents need; at most some thousand at once."""
    s = t.subjects.c
    rows = connection.execute(
        sa.select(s.id, s.number, s.seq, s.uscc, s.organisation_code, s.joined_to)
        .where(s.id.in_(ids))
        .order_by(s.id)
    ).all()
    profiles = _profiles(connection, ids)
    given = _given(connection, ids)
    return [SubjectRow(*row, tuple(profiles.get(row[0], ())), tuple(given.get(row[0], ()))) for row in rows]


def _profiles(connection: Connection, ids: list[str]) -> dict[str, list[Profile]]:
    """subject → its profile rows; one attached by code comes after others, and wins."""
    r = t.records.c
    by_code = r.attached_by == "code"
    number = sa.case((by_code, r.registration_number), else_="")
    query = (
        sa.select(r.subject_id, t.contents.c.content, r.kind, r.batch_id, _DELIVERED, number)
        .outerjoin(t.batches, t.batches.c.id == r.batch_id)
        .join(t.contents, t.contents.c.no == r.content_no)
        .where(r.subject_id.in_(ids), r.collection == "subjects", r.state == "current", r.withheld == "")
        .order_by(by_code, r.decided_on, t.contents.c.content)
    )
    found: dict[str, list[Profile]] = defaultdict(list)
    for subject, *profile in connection.execute(query):
        found[subject].append(Profile(*profile))
    return found


def _given(connection: Connection, ids: list[str]) -> dict[str, list[Given]]:
    """subject → what its records give; one pass in plain order: windows and distinct rows took the database longer."""
    r = t.records.c
    shown = (r.visible_from, r.visible_until, r.kind, r.list, r.polarity)
    told = (r.attached_by, r.decided_on, r.party_norm, r.party, r.registration_number)
    query = sa.select(r.subject_id, *shown, *told).where(
        r.subject_id.in_(ids), r.collection == "records", r.state == "current", r.withheld == ""
    )
    found: dict[str, list[Given]] = defaultdict(list)
    for row in connection.execute(query):
        found[row[0]].append(Given._make(row))
    return found
