"""Can an engine hold this document: its id, its fields, what every document must have?"""

from __future__ import annotations

import re
from collections.abc import Mapping

from indexers.documents import IndexValue, Upsert
from indexers.grammar import IndexField

RANK_KEY = "rank_key"
VISIBLE = ("visible_from", "visible_until")
ID_FORM = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Unfit(Exception):
    """One document cannot be indexed; `str()` is the reason."""


class DocumentCheck:
    """Checks Upserts against the fields of their collection."""

    def __init__(self, fields: Mapping[str, IndexField]) -> None:
        self._known = frozenset((*fields, RANK_KEY))
        self._needed = frozenset((RANK_KEY, *(name for name in VISIBLE if name in fields)))

    def values(self, operation: Upsert) -> dict[str, IndexValue]:
        """A new dict of the fields that have a value; Unfit for a bad id and for a field unknown or missing."""
        check_id(operation.id)
        given = operation.fields
        if not given.keys() <= self._known:
            raise Unfit(f"未知字段：{'、'.join(sorted(given.keys() - self._known))}")
        values = {name: value for name, value in given.items() if value or value == 0}
        if not values.keys() >= self._needed:
            raise Unfit(f"缺少字段：{'、'.join(sorted(self._needed - values.keys()))}")
        return values


def check_id(doc_id: str) -> None:
    """Unfit unless every engine can hold this id."""
    if not ID_FORM.fullmatch(doc_id):
        raise Unfit("标识只能是 1 至 64 个字母、数字、- 或 _")
