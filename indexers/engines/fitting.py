"""Can an engine hold this document, and in which form does it take it?"""

from __future__ import annotations

import abc
import re
from collections.abc import Mapping

from indexers.catalog import Catalog
from indexers.documents import COLLECTIONS, Collection, IndexValue, Packed, Upsert
from indexers.grammar import IndexField

RANK_KEY = "rank_key"
VISIBLE = ("visible_from", "visible_until")
ID_FORM = re.compile(r"[A-Za-z0-9_-]{1,64}")
LARGEST = 2**53
"""Whole numbers beyond would be rounded by a server that keeps them as floats."""


class Unfit(Exception):
    """One document cannot be indexed; `str()` is the reason."""


class Form(abc.ABC):
    """How documents of one collection are written for an engine: the same bytes in every process.

    Each engine has its own. What all of them demand of a document is checked here.
    """

    def __init__(self, fields: Mapping[str, IndexField], collection: str) -> None:
        self._known = frozenset((*fields, RANK_KEY))
        self._needed = frozenset((RANK_KEY, *(name for name in VISIBLE if name in fields)))
        self._numbers = frozenset(
            (RANK_KEY, *(name for name, field in fields.items() if field.type == "int"))
        )
        self._several = frozenset(
            name for name, field in fields.items() if field.multiple and field.type != "tokens"
        )

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
        if not given.keys() <= self._known:
            raise Unfit(f"未知字段：{'、'.join(sorted(given.keys() - self._known))}")
        values = {name: value for name, value in given.items() if value or value == 0}
        if not values.keys() >= self._needed:
            raise Unfit(f"缺少字段：{'、'.join(sorted(self._needed - values.keys()))}")
        for name, value in values.items():
            if not self._fits(name, value):
                raise Unfit(f"字段 {name} 的值 {value!r} 类型不对")
        return values

    def _fits(self, name: str, value: IndexValue) -> bool:
        if type(value) is str:
            return name not in self._numbers
        if isinstance(value, tuple):
            # A name has some fifty terms in one field: their types are gathered at once.
            one_type = int if name in self._numbers else str
            is_right = name in self._several and set(map(type, value)) == {one_type}
            return is_right and (one_type is str or all(self._fits(name, each) for each in value))
        return type(value) is int and name in self._numbers and abs(value) <= LARGEST


Forms = Mapping[Collection, Form]


def make_forms(form: type[Form], catalog: Catalog) -> dict[Collection, Form]:
    """The forms of all collections."""
    return {collection: form(catalog.fields_in(collection), collection) for collection in COLLECTIONS}


def check_id(doc_id: str) -> None:
    """Unfit unless every engine can hold this id."""
    if not ID_FORM.fullmatch(doc_id):
        raise Unfit("标识只能是 1 至 64 个字母、数字、- 或 _")
