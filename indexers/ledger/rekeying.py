"""How do the records of an older ledger get the match keys by which rows are recognised today?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from indexers.analysis import Analyzer
from indexers.grammar import RecordKind
from indexers.identity import KeyMaker
from indexers.ledger import tables as t
from indexers.ledger.store import Ledger
from indexers.records import Draft, Value

CHUNK = 2_000
"""Records whose content is read at once."""
HAS_OLDER_KEYS = "older_keys"
"""The name in `meta` by which a ledger says that it was once of an older form, with erased records in it."""

_content_decoder: msgspec.json.Decoder[dict[str, Value]] = msgspec.json.Decoder(dict[str, Value])


def renew_keys(
    ledger: Ledger, kinds: Mapping[str, RecordKind], analyzer: Analyzer, tell: Callable[[int], None]
) -> frozenset[str]:
    """Give the records of an older ledger keys of today's form, all in one transaction; `tell` hears how many so far.

    Returns the keys that stay in the older form: those of records whose content is erased, from which no key can be
    made. Rows are matched with these as they were before, so that such a record stays ended; but a row that spells
    its document number in another way than the record did is taken for another one.
    """
    with ledger.reading() as connection:
        if _meta(connection, "schema") == t.SCHEMA_VERSION:
            return _older_keys(connection)
    with ledger.writing() as connection:
        # Another import may have done it while this one waited.
        if _meta(connection, "schema") != t.SCHEMA_VERSION:
            _renew(connection, KeyMaker(kinds, analyzer, ledger.secret), kinds, tell)
        return _older_keys(connection)


def _renew(
    connection: Connection, maker: KeyMaker, kinds: Mapping[str, RecordKind], tell: Callable[[int], None]
) -> None:
    r = t.records.c
    done = 0
    for rows in _rows_with_content(connection):
        changes = [change for row in rows if row.kind in kinds and (change := _change(row, maker))]
        if changes:
            connection.execute(_SET_KEYS, changes)
        done += len(rows)
        tell(done)
    if connection.execute(sa.select(r.id).where(_IS_ERASED).limit(1)).first():
        connection.execute(t.meta.insert().values(key=HAS_OLDER_KEYS, value="1"))
    connection.execute(t.meta.update().where(t.meta.c.key == "schema").values(value=t.SCHEMA_VERSION))


_SET_KEYS = sa.text("UPDATE records SET key_name = :name, key_code = :code WHERE id = :record")
_IS_ERASED = sa.and_(t.records.c.content_no == 0, t.records.c.key_name != "")


def _rows_with_content(connection: Connection) -> Iterator[Sequence[Any]]:
    r = t.records.c
    query = (
        sa.select(r.id, r.kind, r.list, r.party_norm, r.key_name, r.key_code, t.contents.c.content)
        .join(t.contents, t.contents.c.no == r.content_no)
        .order_by(r.id)
        .limit(CHUNK)
    )
    last = ""
    while rows := connection.execute(query.where(r.id > last)).all():
        yield rows
        last = rows[-1].id


def _change(row: Any, maker: KeyMaker) -> dict[str, str] | None:
    """What must be written to give a record its keys; None where it has them, as most do: numbers are usually plain."""
    draft = Draft(row.kind, _content_decoder.decode(row.content), list=row.list)
    name, code = maker.match_keys(draft, row.party_norm)
    if (name, code) == (row.key_name, row.key_code):
        return None
    return {"record": row.id, "name": name, "code": code}


def _older_keys(connection: Connection) -> frozenset[str]:
    if _meta(connection, HAS_OLDER_KEYS) is None:
        return frozenset()
    r = t.records.c
    erased = connection.execute(sa.select(r.key_name, r.key_code).where(_IS_ERASED))
    return frozenset(key for keys in erased for key in keys if key)


def _meta(connection: Connection, key: str) -> str | None:
    return connection.execute(sa.select(t.meta.c.value).where(t.meta.c.key == key)).scalar_one_or_none()
