"""Which rows of a batch give a code to a name that has nothing to do with those that the ledger knows it by?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from indexers.ledger import tables as t

NOTE_OTHER_NAME = (
    "台账中这个代码属于名称完全不同的单位，这条记录已按代码归到它名下；请核对名称和代码，"
    "已经更名的请在主体登记信息中补报曾用名"
)
CHUNK = 2_000
"""Subjects looked at with one statement."""
MOST_TOLD = 200
"""Rows told of one file: with more, the whole column is wrong, which the first of them show."""

AreAlike = Callable[[str, str], bool]
"""Whether two names in normal form may be those of one organisation."""


def contradicting_rows(
    connection: Connection, batch: str, subjects: Sequence[str], are_alike: AreAlike
) -> list[tuple[int, int]]:
    """(sheet, row) of the rows of a batch, already stored, whose name contradicts their code, in order.

    `subjects`: those that have records under different names. The first row ever of a code contradicts nothing.
    """
    found: list[tuple[str, str]] = []
    for start in range(0, len(subjects), CHUNK):
        found.extend(_contradicting(connection, batch, subjects[start : start + CHUNK], are_alike))
        if len(found) >= MOST_TOLD:
            break
    return _rows_of(connection, batch, found[:MOST_TOLD]) if found else []


def _contradicting(
    connection: Connection, batch: str, subjects: Sequence[str], are_alike: AreAlike
) -> Iterable[tuple[str, str]]:
    """(subject, name) of records of this batch that are unlike every name from before it."""
    r = t.records.c
    by_code = sa.and_(r.subject_id.in_(subjects), r.attached_by == "code")
    query = sa.select(r.subject_id, r.party_norm, r.other_names, r.batch_id).where(by_code).distinct()
    known: dict[str, set[str]] = defaultdict(set)
    fresh: dict[tuple[str, str], None] = {}
    for subject, party, others, of_batch in connection.execute(query.order_by(r.subject_id, r.party_norm)):
        if of_batch == batch:
            fresh[subject, party] = None
        else:
            known[subject].update(filter(None, (party, *others.split("\n"))))
    for subject, party in fresh:
        names = known.get(subject)
        if names and party not in names and not any(are_alike(party, name) for name in names):
            yield subject, party


def _rows_of(connection: Connection, batch: str, found: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
    s = t.staged.c
    taken = sa.and_(s.batch_id == batch, s.outcome.in_(("new", "amended")), s.collection == "records")
    query = (
        sa.select(s.sheet_no, s.sheet_row, s.uscc, s.party_norm)
        .where(taken, s.uscc.in_(sorted({subject for subject, _ in found})))
        .order_by(s.position)
    )
    wanted = set(found)
    rows = [(sheet, row) for sheet, row, *named in connection.execute(query) if tuple(named) in wanted]
    return list(dict.fromkeys(rows))[:MOST_TOLD]
