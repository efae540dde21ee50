"""Can an engine hold this document, and in which form does it take it?"""

from __future__ import annotations

import abc
import re
from collections.abc import Mapping
from typing import Annotated, Any, TypedDict

import msgspec

from indexers.catalog import Catalog
from indexers.documents import COLLECTIONS, Collection, IndexValue, Packed, Upsert
from indexers.grammar import IndexField

RANK_KEY = "rank_key"
VISIBLE = ("visible_from", "visible_until")
ID_FORM = re.compile(r"[A-Za-z0-9_-]{1,64}")
LARGEST = 2**53
"""Whole numbers beyond would be rounded by a server that keeps them as floats."""
_WHOLE = Annotated[int, msgspec.Meta(ge=-LARGEST, le=LARGEST)]


class Unfit(Exception):
    """One document cannot be indexed; `str()` is the reason."""


class Form(abc.ABC):
    """How documents of one collection are written for an engine: the same bytes in every process.

    Each engine has its own. What all of them demand of a document is checked here.
    """

    def __init__(self, fields: Mapping[str, IndexField], collection: str) -> None:
        self._types: dict[str, Any] = {name: _type_of(field) for name, field in fields.items()}
        self._types[RANK_KEY] = _WHOLE
        self._needed = frozenset((RANK_KEY, *(name for name in VISIBLE if name in fields)))
        # Checked in one call: a document has some twenty fields, the names of one some fifty terms.
        self._document: Any = TypedDict(collection, self._types, total=False)  # type: ignore[misc]

    def pack(self, operation: Upsert) -> Packed:
        """The operation with its document written; Unfit as `body`."""
        body = self.body(operation)
        begins = operation.fields.get("visible_from", 0)
        assert isinstance(begins, int)
        return Packed(operation.collection, operation.id, operation.seq, begins, body)

    def body(self, operation: Upsert | Packed) -> bytes:
        """What the engine takes; Unfit for a bad id and for a field unknown, missing or of the wrong type."""
        if isinstance(operation, Packed):
            return operation.body
        return self._write(operation, self._values(operation))

    @abc.abstractmethod
    def _write(self, operation: Upsert, values: dict[str, IndexValue]) -> bytes:
        """The document in the engine's words; `values` are the fields that have a value, checked."""

    def _values(self, operation: Upsert) -> dict[str, IndexValue]:
        check_id(operation.id)
        given = operation.fields
        if not given.keys() <= self._types.keys():
            raise Unfit(f"未知字段：{'、'.join(sorted(given.keys() - self._types.keys()))}")
        values = {name: value for name, value in given.items() if value or value == 0}
        if not values.keys() >= self._needed:
            raise Unfit(f"缺少字段：{'、'.join(sorted(self._needed - values.keys()))}")
        if not _is(values, self._document):
            name = next(name for name, value in values.items() if not _is(value, self._types[name]))
            raise Unfit(f"字段 {name} 的值 {values[name]!r} 类型不对")
        return values


def _type_of(field: IndexField) -> Any:
    one: Any = _WHOLE if field.type == "int" else str
    return one | tuple[one, ...] if field.multiple and field.type != "tokens" else one


def _is(value: object, expected: Any) -> bool:
    try:
        msgspec.convert(value, expected)
    except msgspec.ValidationError:
        return False
    return True


Forms = Mapping[Collection, Form]


def make_forms(form: type[Form], catalog: Catalog) -> dict[Collection, Form]:
    """The forms of all collections."""
    return {collection: form(catalog.fields_in(collection), collection) for collection in COLLECTIONS}


def check_id(doc_id: str) -> None:
    """Unfit unless every engine can hold this id."""
    if not ID_FORM.fullmatch(doc_id):
        raise Unfit("标识只能是 1 至 64 个字母、数字、- 或 _")
