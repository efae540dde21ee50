"""Which section of the national industry classification (GB/T 4754-2017) does a delivered industry belong to?"""

from __future__ import annotations

import csv
from importlib.resources.abc import Traversable

from indexers.mappings_folder import open_mappings


class Industries:
    """Names of industries by code, and the section that a code or name is in."""

    def __init__(self, rows: list[tuple[str, str, str]]) -> None:
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
    """The classification in mappings/industries.csv."""
    with (open_mappings(directory) / "industries.csv").open(encoding="utf-8") as lines:
        return Industries([(row["code"], row["name"], row["section"]) for row in csv.DictReader(lines)])
