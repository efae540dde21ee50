"""What does an engine hold: the documents, their public face, and the operations on them?"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

OPEN_END = 99991231
"""`visible_until` of a document without a last day, as yyyymmdd."""

Collection = Literal["subjects", "records", "library"]
COLLECTIONS: tuple[Collection, ...] = ("subjects", "records", "library")


NAME_ONLY = "n-"
"""How the id of a subject begins that is known by its name only; all other ids are unified codes."""


def is_name_only(subject_id: str) -> bool:
    """Whether it is the id of a subject without a code, which may be joined to one with a code."""
    return subject_id.startswith(NAME_ONLY)


def day_number(day: date) -> int:
    """A date as the whole number yyyymmdd that engines compare."""
    return day.year * 10000 + day.month * 100 + day.day


def date_of(number: int) -> date:
    """The date of a whole number yyyymmdd."""
    return date(number // 10000, number // 100 % 100, number % 100)


class PublicName(msgspec.Struct, frozen=True):
    """One name of a subject; `kind` is present, former or short."""

    name: str
    kind: Literal["present", "former", "short"]


PublicFields = dict[str, str]
"""The public fields of a document by key, in the order of its kind, as kept (ISO dates, codes); several values are
joined with `;`. How they are called and written for people is the catalogue's, so it is not stored with each."""


class Source(msgspec.Struct, frozen=True):
    """Who delivered, in which batch, on which day (ISO)."""

    authority: str
    batch: str
    delivered_on: str


class PublicSubject(msgspec.Struct, frozen=True, tag="subject"):
    """A subject as anyone may see it; `kind` is that of its profile row, "" without one.

    Nothing taken from its records is kept here: it would outlive them.
    """

    id: str
    title: str
    uscc: str = ""
    names: tuple[PublicName, ...] = ()
    by_name_only: bool = False
    kind: str = ""
    status: str = ""
    region: str = ""
    organisation_class: str = ""
    old_codes: tuple[str, ...] = ()
    fields: PublicFields = {}
    sources: tuple[Source, ...] = ()


class PublicRecord(msgspec.Struct, frozen=True, tag="record"):
    """A record as anyone may see it. Dates are ISO; `last_day` is "" for an open end.

    `grade` is the key of the grade that `rule` has for it, "" where the rule has none; `grade_assumed`: nobody
    delivered it.
    """

    id: str
    title: str
    kind: str
    subject_id: str
    subject: str
    uscc: str = ""
    by_name_only: bool = False
    list: str = ""
    polarity: str = "neutral"
    authority: str = ""
    document_number: str = ""
    decided_on: str = ""
    visible_from: str = ""
    last_day: str = ""
    repairable_from: str = ""
    rule: str = ""
    grade: str = ""
    grade_assumed: bool = False
    status: str = ""
    snippet: str = ""
    fields: PublicFields = {}
    sources: tuple[Source, ...] = ()
    hash: str = ""


class PublicEntry(msgspec.Struct, frozen=True, tag="library"):
    """A library document (policy, case, notice, catalogue entry)."""

    id: str
    title: str
    kind: str
    body: str = ""
    number: str = ""
    dated_on: str = ""
    status: str = ""
    valid_until: str = ""
    abstract: str = ""
    text: str = ""
    related: tuple[str, ...] = ()
    fields: PublicFields = {}
    sources: tuple[Source, ...] = ()


PublicDocument = PublicSubject | PublicRecord | PublicEntry

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[PublicDocument] = msgspec.json.Decoder(PublicDocument)


def encode_document(document: PublicDocument) -> bytes:
    """The stored form of a public document."""
    return _encoder.encode(document)


def decode_document(stored: bytes) -> PublicDocument:
    """The public document back from its stored form."""
    return _decoder.decode(stored)


IndexValue = str | int | tuple[str | int, ...]
"""A value of an index field; several for a field that is `multiple`."""


class Upsert(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Put this document in place of whatever has its id.

    `fields` holds every index field of the collection by the names of mappings/fields.toml: a str, an int or a
    tuple of them; a `tokens` field is one str of space-joined terms. `stored` is `encode_document(...)`.
    """

    collection: Collection
    id: str
    seq: int
    fields: dict[str, IndexValue]
    stored: bytes


class Packed(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """An Upsert whose document is written in an engine's own form, in the process that built it.

    `body` is what `engines.fitting.Form` made; `begins` is the document's `visible_from` (yyyymmdd).
    """

    collection: Collection
    id: str
    seq: int
    begins: int
    body: bytes


class Bury(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Leave a tombstone: `get` answers Gone, nothing else finds it. Needs no analysis."""

    collection: Collection
    id: str
    seq: int


class Redirect(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A name-only subject that was joined to a coded one: `get` answers Moved, nothing else finds it."""

    collection: Collection
    id: str
    seq: int
    moved_to: str


class Remove(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Forget the id: `get` answers None (a subject with nothing to show must look as if never seen)."""

    collection: Collection
    id: str
    seq: int


Operation = Upsert | Packed | Bury | Redirect | Remove


class Gone(msgspec.Struct, frozen=True):
    """There was a document; it may not be shown any more, nor why."""

    id: str


class Moved(msgspec.Struct, frozen=True):
    """The document is now found under another id."""

    id: str
    moved_to: str
