"""Which list does a word of a sheet mean: in a cell, in a title, in the name of a file?"""

from __future__ import annotations

from indexers.catalog import Catalog
from indexers.folding import fold_label, fold_list_name

_SHORTEST_PART, _SHORTEST_IN_TITLE = 4, 5
"""Characters of a name that tell a list apart when more stands around them, or when they are all there is."""


class ListNames:
    """All names of all lists, in the form in which names are compared."""

    def __init__(self, catalog: Catalog) -> None:
        self._keys = {
            fold_list_name(name): entry.key
            for entry in catalog.lists.values()
            for name in (*entry.aliases, entry.label, entry.key)
        }

    def find(self, text: str) -> str:
        """The key of the list that a cell names, "" if none or several.

        By its whole name; else by the only list whose name is a part of the cell (法院失信被执行人) or has the
        cell as a part (拖欠农民工工资).
        """
        name = fold_list_name(text)
        if (key := self._keys.get(name)) is not None or len(name) < _SHORTEST_PART:
            return key or ""
        found = self._longest_in(name, _SHORTEST_PART) or {
            key for known, key in self._keys.items() if name in known
        }
        return found.pop() if len(found) == 1 else ""

    def named_in(self, text: str) -> list[str]:
        """The lists whose names stand in a title or the names of a file and its sheets."""
        return sorted(self._longest_in(fold_label(text), _SHORTEST_IN_TITLE))

    def _longest_in(self, text: str, shortest: int) -> set[str]:
        """The lists with a name in the text, but for names that are only part of another one found there."""
        found = [name for name in self._keys if len(name) >= shortest and name in text]
        return {
            self._keys[name] for name in found if not any(name != other and name in other for other in found)
        }
