"""Which section of the national industry classification (GB/T 4754-2017) does a delivered industry belong to?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.resources.abc import Traversable

from indexers.errors import CatalogError
from indexers.mappings_folder import open_mappings
from indexers.mappings_reading import read_rows

_FILE = "industries.csv"
_COLUMNS = ("code", "name", "section")


class Industries:
    """Names of industries by code, and the section that a code or name is in; `rows` are (code, name, section)."""

    def __init__(self, rows: list[tuple[str, str, str]]) -> None:
        self.rows = tuple(rows)
        self._labels = {code: name for code, name, _ in rows}
        self._sections = {code: section for code, _, section in rows}
        self._by_name: dict[str, str] = {}
        for _, name, section in rows:
            self._by_name.setdefault(name, section)

    def label(self, code: str) -> str:
        """The name of an industry, the code itself where it is unknown."""
        return self._labels.get(code, code)

    def section(self, delivered: str) -> str:
        """The section letter of a code (`C`, `C13`, `13`, `1311`) or name; "" where it is unknown."""
        text = delivered.strip()
        for code in (text, text.upper(), text[1:], text[:1].upper()):
            if code in self._sections:
                return self._sections[code]
        return self._by_name.get(text, "")


def load_industries(directory: Traversable | None = None) -> Industries:
    """The classification in mappings/industries.csv; its faults are one `CatalogError`."""
    read, faults = read_rows(open_mappings(directory), _FILE, _COLUMNS)
    rows = [(row["code"], row["name"], row["section"]) for row in read]
    faults += [f"{_FILE}：{fault}" for fault in _find_faults(rows)]
    if faults:
        raise CatalogError(faults)
    return Industries(rows)


def _find_faults(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    counted = Counter(code for code, _, _ in rows)
    faults = [f"代码 {code} 重复" for code, count in counted.items() if count > 1]
    faults += [
        f"{code or '（没有代码的一行）'} 的代码或名称是空的" for code, name, _ in rows if not (code and name)
    ]
    # A section is a row of its own: its letter is what industries are counted by.
    return faults + [
        f"{code} 的门类 {section!r} 不在表里" for code, _, section in rows if section not in counted
    ]
