"""To which subject does a record belong?

By unified code, then organisation code, then old registration number, then by name while exactly one coded
subject has it; else to the name-only subject of that name. Whatever was decided by less than a code is looked at
again whenever a subject that could matter comes or changes, so that the order of imports does not matter.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from indexers.documents import NAME_ONLY
from indexers.ledger import tables as t
from indexers.ledger.store import insert_many, take_numbers

CHUNK = 2_000
"""Subjects or records looked at with one statement."""

SUBJECT, NAME, ORGANISATION, REGISTRATION = "subject", "name", "organisation", "registration"
"""What a transaction touched, of which more has to be looked at."""
ERASED_NAME = "erased name"
"""A name that a record had whose content this transaction erases."""


def touch(connection: Connection, what: str, select: str, **parameters: Any) -> None:
    """Note every value that `select` gives as touched by this transaction."""
    connection.execute(
        sa.text(f"INSERT INTO touched (what, value) {select} ON CONFLICT DO NOTHING"),
        {"what": what, **parameters},
    )


def touch_values(connection: Connection, what: str, values: Sequence[str]) -> None:
    """Note these values as touched."""
    rows = [(what, value) for value in dict.fromkeys(values)]
    insert_many(connection, t.touched, ("what", "value"), rows, ignore_known=True)


def reattach(connection: Connection, batch: str, at: str) -> list[str]:
    """Bring names, attachments and joins up to date after the touched subjects changed, and number these.

    The touched subjects that have public records under names that differ, in their order.
    """
    several: list[str] = []
    for first, last in _touched_subjects(connection):
        several.extend(_refresh(connection, first, last))
    touch(
        connection,
        ORGANISATION,
        "SELECT :what, s.organisation_code FROM subjects s JOIN touched c ON c.value = s.id AND c.what = 'subject'"
        " WHERE s.organisation_code <> ''",
    )
    for ids in _doubtful_chunks(connection):
        _decide(connection, ids, batch, at)
    _join_names(connection)
    _forget_names(connection)
    _number_subjects(connection)
    return several


def _touched_subjects(connection: Connection) -> Iterator[tuple[str, str]]:
    """First and last of every CHUNK touched subjects, in their order."""
    value = t.touched.c.value
    last = ""
    while True:
        here = sa.select(value).where(t.touched.c.what == SUBJECT, value > last).order_by(value).limit(CHUNK)
        values = connection.execute(here).scalars().all()
        if not values:
            return
        yield values[0], (last := values[-1])


def _refresh(connection: Connection, first: str, last: str) -> list[str]:
    """Names and old registration numbers of coded subjects: those of their present records that are public at some
    time, since a record attached by what a withheld one says would tell of it.

    The present and former names are the profile's, else that of the latest decision. What ended by the clock counts
    until it is erased: the clock alone moves no record. Returned: the subjects with names that differ.
    """
    names: dict[str, set[str]] = {}
    numbers: dict[str, set[str]] = defaultdict(set)
    best: dict[str, tuple[bool, str]] = {}
    several: set[str] = set()
    here = {"first": first, "last": last}
    for subject, is_profile, decided_on, party, others, number in connection.execute(_DELIVERED, here):
        rank = (bool(is_profile), decided_on)
        if subject in best and party not in names[subject]:
            several.add(subject)
        if subject not in best or rank > best[subject]:
            best[subject] = rank
            names[subject] = {party, *(others.split("\n") if others else ())}
        if number:
            numbers[subject].add(number)
    for what, table, column, wanted in (
        (NAME, t.subject_names, "name_norm", names),
        (REGISTRATION, t.subject_codes, "code", numbers),
    ):
        pairs = {(subject, value) for subject, values in wanted.items() for value in values}
        touch_values(connection, what, _replace(connection, table, column, pairs, here))
    return sorted(several)


def _replace(
    connection: Connection, table: sa.Table, column: str, wanted: set[tuple[str, str]], here: dict[str, str]
) -> list[str]:
    """Let the table say of the touched subjects of this chunk what is wanted; the values lost and gained."""
    known = {(subject, value) for subject, value in connection.execute(_known(table, column), here)}
    lost, gained = sorted(known - wanted), sorted(wanted - known)
    if lost:
        forget = table.delete().where(
            table.c.subject_id == sa.bindparam("subject"), table.c[column] == sa.bindparam("value")
        )
        connection.execute(forget, [{"subject": subject, "value": value} for subject, value in lost])
    insert_many(connection, table, ("subject_id", column), gained)
    return [value for _, value in (*lost, *gained)]


_TOUCHED = f"c.what = '{SUBJECT}' AND c.value BETWEEN :first AND :last"
_DELIVERED = sa.text(f"""SELECT r.subject_id, r.collection = 'subjects', r.decided_on, r.party_norm, r.other_names,
        r.registration_number
    FROM touched c JOIN records r ON r.subject_id = c.value AND r.state = 'current' AND r.attached_by = 'code'
        AND r.withheld = ''
    WHERE {_TOUCHED} ORDER BY r.party_norm""")


@cache
def _known(table: sa.Table, column: str) -> sa.TextClause:
    return sa.text(f"""SELECT k.subject_id, k.{column} FROM touched c
        JOIN {table.name} k ON k.subject_id = c.value WHERE {_TOUCHED}""")


_DOUBTFUL = """SELECT r.id FROM records r WHERE r.uscc = '' AND r.collection IN ('subjects', 'records')
    AND r.state = 'current' AND {condition} AND r.id > :last ORDER BY r.id LIMIT :limit"""

_DOUBTS = (
    "r.subject_id = ''",
    "r.party_norm IN (SELECT value FROM touched WHERE what = 'name')",
    "r.organisation_code <> '' AND r.organisation_code IN (SELECT value FROM touched WHERE what = 'organisation')",
    "r.registration_number <> '' AND r.registration_number IN (SELECT value FROM touched WHERE what = 'registration')",
)


def _doubtful_chunks(connection: Connection) -> Iterator[list[str]]:
    for condition in _DOUBTS:
        last = ""
        query = sa.text(_DOUBTFUL.format(condition=condition))
        while ids := list(connection.execute(query, {"last": last, "limit": CHUNK}).scalars()):
            yield ids
            last = ids[-1]


def _decide(connection: Connection, ids: list[str], batch: str, at: str) -> None:
    r = t.records.c
    rows = connection.execute(
        sa.select(r.id, r.party_norm, r.organisation_code, r.registration_number, r.subject_id, r.attached_by)
        .where(r.id.in_(ids))
        .order_by(r.number)
    ).all()
    s = t.subjects.c
    organisations = _unique(
        connection,
        sa.select(s.organisation_code, s.id).where(
            s.organisation_code.in_([x[2] for x in rows if x[2]]), _is_told(s.id)
        ),
    )
    codes = t.subject_codes.c
    numbers = _unique(
        connection,
        sa.select(codes.code, codes.subject_id).where(codes.code.in_([x[3] for x in rows if x[3]])),
    )
    names = _coded_by_name(connection, [x[1] for x in rows])
    decided: list[tuple[str, str, str, str]] = []
    nameless: dict[str, None] = {}
    for record, party, organisation, number, _subject, _by in rows:
        target, how = _resolve(organisations.get(organisation), numbers.get(number), names.get(party))
        if not target:
            nameless[party] = None
        decided.append((record, party, target, how))
    name_only = _name_only_subjects(connection, list(nameless))
    before = {x[0]: (x[4], x[5]) for x in rows}
    changed = [
        (record, target or name_only[party], how)
        for record, party, target, how in decided
        if before[record] != (target or name_only[party], how)
    ]
    _attach(connection, changed, {x[0]: x[4] for x in rows}, batch, at)


def _is_told(subject: sa.ColumnElement[str]) -> sa.Exists:
    """Whether a present record that is public at some time gives this code: others must not tell whose it is."""
    r = t.records.c
    return sa.exists().where(
        r.subject_id == subject, r.attached_by == "code", r.state == "current", r.withheld == ""
    )


def _resolve(organisation: str | None, number: str | None, name: str | None) -> tuple[str, str]:
    if organisation:
        return organisation, "organisation_code"
    if number:
        return number, "registration_number"
    if name:
        return name, "name"
    return "", "name_only"


def _unique(connection: Connection, query: sa.Select[str, str]) -> dict[str, str]:
    """key → the one value it has; keys with several are left out."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, value in connection.execute(query).all():
        found[key].add(value)
    return {key: next(iter(values)) for key, values in found.items() if len(values) == 1}


def _coded_by_name(connection: Connection, names: Sequence[str]) -> dict[str, str]:
    n = t.subject_names.c
    return _unique(
        connection, sa.select(n.name_norm, n.subject_id).where(n.name_norm.in_(list(dict.fromkeys(names))))
    )


def _name_only_subjects(connection: Connection, names: list[str]) -> dict[str, str]:
    """The permanent name-only subject of each name, made where there is none."""
    if not names:
        return {}
    s = t.subjects.c
    query = sa.select(s.name_norm, s.id).where(s.uscc == "", s.name_norm.in_(names))
    known = dict(connection.execute(query).all())
    fresh = [name for name in names if name not in known]
    if fresh:
        first = take_numbers(connection, "number", len(fresh))
        rows = [
            {
                "id": f"{NAME_ONLY}{secrets.token_hex(8)}",
                "number": first + i,
                "seq": 0,
                "uscc": "",
                "organisation_code": "",
                "name_norm": name,
                "joined_to": "",
            }
            for i, name in enumerate(fresh)
        ]
        connection.execute(t.subjects.insert(), rows)
        known.update({str(row["name_norm"]): str(row["id"]) for row in rows})
    return known


def _attach(
    connection: Connection, changed: list[tuple[str, str, str]], before: dict[str, str], batch: str, at: str
) -> None:
    if not changed:
        return
    moved = [(record, subject) for record, subject, _ in changed if before[record]]
    first = take_numbers(connection, "seq", len(changed)) if moved else 0
    connection.execute(
        sa.text("UPDATE records SET subject_id = :subject, attached_by = :how WHERE id = :record"),
        [{"record": record, "subject": subject, "how": how} for record, subject, how in changed],
    )
    if moved:
        events = [
            {
                "seq": first + i,
                "at": at,
                "event": "attached",
                "record_id": record,
                "subject_id": subject,
                "batch_id": batch,
                "effective_on": "",
            }
            for i, (record, subject) in enumerate(moved)
        ]
        connection.execute(t.events.insert(), events)
        connection.execute(
            sa.text("UPDATE records SET seq = :seq WHERE id = :record_id"),
            [{"seq": e["seq"], "record_id": e["record_id"]} for e in events],
        )
    touch_values(connection, SUBJECT, [subject for _, subject, _ in changed])
    touch_values(connection, SUBJECT, [before[record] for record, _ in moved])


def _join_names(connection: Connection) -> None:
    """A name-only subject points to the one coded subject of its name, as long as there is exactly one."""
    last = ""
    query = sa.text(
        "SELECT s.name_norm, s.id, s.joined_to FROM subjects s"
        " JOIN touched c ON c.what = 'name' AND c.value = s.name_norm"
        " WHERE s.uscc = '' AND s.name_norm > :last ORDER BY s.name_norm LIMIT :limit"
    )
    while rows := connection.execute(query, {"last": last, "limit": CHUNK}).all():
        coded = _coded_by_name(connection, [row[0] for row in rows])
        changes = [
            {"subject": subject, "target": coded.get(name, "")}
            for name, subject, joined in rows
            if coded.get(name, "") != joined
        ]
        if changes:
            connection.execute(
                sa.text("UPDATE subjects SET joined_to = :target WHERE id = :subject"), changes
            )
            touch_values(connection, SUBJECT, [c["subject"] for c in changes])
        last = rows[-1][0]


_UNUSED = sa.text("""SELECT s.id FROM touched c JOIN subjects s ON s.uscc = '' AND s.name_norm = c.value
    WHERE c.what = :what AND NOT EXISTS (SELECT 1 FROM records r WHERE r.subject_id = s.id AND r.content_no <> 0)
    AND NOT EXISTS (SELECT 1 FROM records r WHERE r.uscc = '' AND r.party_norm = s.name_norm)
    AND NOT EXISTS (SELECT 1 FROM subject_names n WHERE n.name_norm = s.name_norm)""")


def _forget_names(connection: Connection) -> None:
    """Name-only subjects of erased names that no record and no coded subject has any more lose theirs.

    Their own id stands in its place, since no two may have the same; the name gets another id should it come back.
    """
    unused = list(connection.execute(_UNUSED, {"what": ERASED_NAME}).scalars())
    if unused:
        connection.execute(
            sa.text("UPDATE subjects SET name_norm = id, joined_to = '' WHERE id = :subject"),
            [{"subject": subject} for subject in unused],
        )
        touch_values(connection, SUBJECT, unused)


def _number_subjects(connection: Connection) -> None:
    """Give the touched subjects the next sequence number, after every number of their records."""
    touched = sa.select(t.touched.c.value).where(t.touched.c.what == SUBJECT)
    if connection.execute(touched.limit(1)).one_or_none() is not None:
        seq = take_numbers(connection, "seq", 1)
        connection.execute(t.subjects.update().where(t.subjects.c.id.in_(touched)).values(seq=seq))
    connection.execute(sa.text("DELETE FROM touched"))
