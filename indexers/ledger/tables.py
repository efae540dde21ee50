"""Which tables does the ledger keep?

One record is one row of `records` for ever: amended in place, never deleted; an ended one keeps its keyed match
keys so that it stays ended. `seq` is the number of the last change of a row; numbers follow commit order.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, MetaData, Table, Text
from sqlalchemy.types import BigInteger

SCHEMA_VERSION = "2"

metadata = MetaData()

_ROW_NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""A primary key that is the number of the row itself in SQLite, which then keeps no index of it."""

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("file", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("finished_at", Text, nullable=False, default=""),
    Column("report", Text, nullable=False, default=""),
)


def _record_columns() -> list[Column[object]]:
    """What a staged row and a record have in common."""
    return [
        Column("kind", Text, nullable=False),
        Column("list", Text, nullable=False),
        Column("collection", Text, nullable=False),
        Column("polarity", Text, nullable=False),
        Column("party", Text, nullable=False),
        Column("party_norm", Text, nullable=False),
        Column("other_names", Text, nullable=False),
        Column("uscc", Text, nullable=False),
        Column("organisation_code", Text, nullable=False),
        Column("registration_number", Text, nullable=False),
        Column("key_name", Text, nullable=False),
        Column("key_code", Text, nullable=False),
        Column("content_digest", Text, nullable=False),
        Column("content_no", BigInteger, nullable=False),
        Column("decided_on", Text, nullable=False),
        Column("visible_from", Integer, nullable=False),
        Column("visible_until", Integer, nullable=False),
        Column("repairable_from", Text, nullable=False),
        Column("rule", Text, nullable=False),
        Column("grade", Text, nullable=False),
        Column("grade_assumed", Integer, nullable=False),
        Column("withheld", Text, nullable=False),
        Column("row_hash", Text, nullable=False),
    ]


SHARED_COLUMNS = tuple(column.name for column in _record_columns())

contents = Table(
    "contents",
    metadata,
    # Apart from the rows that are matched and counted, so that those stay small; never changed, only replaced.
    Column("no", _ROW_NUMBER, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("removed_seq", BigInteger, nullable=False, default=0),
    Column("batch_id", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("attached_by", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("ended_by", Text, nullable=False, default=""),
    Column("ended_on", Text, nullable=False, default=""),
    *_record_columns(),
)
Index("records_seq", records.c.seq)
Index(
    "records_removed",
    records.c.removed_seq,
    sqlite_where=records.c.removed_seq > 0,
    postgresql_where=records.c.removed_seq > 0,
)
Index("records_subject", records.c.subject_id)
Index("records_key_name", records.c.key_name)
Index(
    "records_key_code",
    records.c.key_code,
    sqlite_where=records.c.key_code != "",
    postgresql_where=records.c.key_code != "",
)
Index("records_content", records.c.content_digest)
_uncoded = records.c.uscc == ""
Index("records_party", records.c.party_norm, sqlite_where=_uncoded, postgresql_where=_uncoded)
_by_organisation = _uncoded & (records.c.organisation_code != "")
Index(
    "records_organisation",
    records.c.organisation_code,
    sqlite_where=_by_organisation,
    postgresql_where=_by_organisation,
)
_by_number = _uncoded & (records.c.registration_number != "")
Index(
    "records_registration",
    records.c.registration_number,
    sqlite_where=_by_number,
    postgresql_where=_by_number,
)

staged = Table(
    "staged",
    metadata,
    Column("batch_id", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("sheet_no", Integer, nullable=False),
    Column("sheet_row", Integer, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("new_id", Text, nullable=False),
    Column("arrives_withheld", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("note", Text, nullable=False),
    *_record_columns(),
    sqlite_with_rowid=False,
)
# None of these begins with the batch: a statement over a whole batch shall read it in the order of its rows.
Index("staged_content", staged.c.content_digest)
Index(
    "staged_target",
    staged.c.target,
    sqlite_where=staged.c.target != "",
    postgresql_where=staged.c.target != "",
)
# What is rare in a batch is found without reading all of it: a statement must say the same condition literally, and
# two columns make the planner prefer the index to the batch.
for _name, _columns, _rare in (
    ("record_id", ("batch_id", "record_id"), staged.c.record_id > ""),
    ("person", ("batch_id", "collection"), staged.c.collection == "person"),
    ("amended", ("batch_id", "outcome"), staged.c.outcome == "amended"),
    ("refused", ("batch_id", "outcome"), staged.c.outcome == "refused"),
):
    _places = [staged.c[_column] for _column in _columns]
    Index(f"staged_{_name}", *_places, sqlite_where=_rare, postgresql_where=_rare)

subjects = Table(
    "subjects",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("uscc", Text, nullable=False),
    Column("organisation_code", Text, nullable=False),
    Column("name_norm", Text, nullable=False),
    Column("joined_to", Text, nullable=False, default=""),
)
Index("subjects_seq", subjects.c.seq, subjects.c.id)
Index("subjects_organisation", subjects.c.organisation_code)
_name_only = subjects.c.uscc == ""
Index(
    "subjects_name_only",
    subjects.c.name_norm,
    unique=True,
    sqlite_where=_name_only,
    postgresql_where=_name_only,
)

subject_names = Table(
    "subject_names",
    metadata,
    Column("subject_id", Text, primary_key=True),
    Column("name_norm", Text, primary_key=True),
    sqlite_with_rowid=False,
)
Index("subject_names_name", subject_names.c.name_norm)

subject_codes = Table(
    "subject_codes",
    metadata,
    Column("code", Text, primary_key=True),
    Column("subject_id", Text, primary_key=True),
    sqlite_with_rowid=False,
)

Index("subject_codes_subject", subject_codes.c.subject_id)

persons = Table(
    "persons",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("batch_id", Text, nullable=False),
    sqlite_with_rowid=False,
)

events = Table(
    "events",
    metadata,
    Column("seq", _ROW_NUMBER, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("effective_on", Text, nullable=False, default=""),
)

problems = Table(
    "problems",
    metadata,
    Column("batch_id", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("sheet", Text, nullable=False),
    Column("row", Integer, nullable=False),
    Column("column", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("message", Text, nullable=False),
)

touched = Table(
    "touched",
    metadata,
    Column("what", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    sqlite_with_rowid=False,
)
