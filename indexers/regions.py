"""Which division does a code or a name stand for: GB/T 2260 divisions as a tree of 2, 4 and 6 digits.

Cities directly under the central government and counties directly under a province have a made second level
(1101 北京市辖区, 4690 海南省直辖县级区划), as in the standard, so that every county has three levels; full
names leave it out. Cities without counties (4419 东莞市) end at four digits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from importlib.resources.abc import Traversable

import msgspec

from indexers.errors import CatalogError
from indexers.mappings_folder import open_mappings
from indexers.mappings_reading import read_rows

PROVINCE, CITY, COUNTY = 1, 2, 3
COLUMNS = ("code", "name", "short", "parent", "level", "aliases", "former_codes")
DIGITS = {2: PROVINCE, 4: CITY, 6: COUNTY}


class Region(msgspec.Struct, frozen=True):
    """One division; `short` is its name without the suffix, "" for a made second level."""

    code: str
    name: str
    short: str
    parent: str
    level: int
    aliases: tuple[str, ...] = ()
    former_codes: tuple[str, ...] = ()


class Regions:
    """All divisions by code. Unknown codes are never an error: what is known of their beginning is used."""

    def __init__(self, regions: list[Region]) -> None:
        self._by_code = {region.code: region for region in regions}
        self._former = {code: region.code for region in regions for code in region.former_codes}

    def __iter__(self) -> Iterator[Region]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def get(self, code: str) -> Region | None:
        """The region of exactly this code, or None."""
        return self._by_code.get(code)

    def label(self, code: str) -> str:
        """The region's own name, the code itself if unknown."""
        region = self._by_code.get(code)
        return region.name if region else code

    def level(self, code: str) -> int | None:
        """1 province, 2 city, 3 county; None for an unknown code."""
        region = self._by_code.get(code)
        return region.level if region else None

    def parent(self, code: str) -> str | None:
        """The code one level up; None for a province or an unknown code."""
        region = self._by_code.get(code)
        return region.parent or None if region else None

    def full_name(self, code: str) -> str:
        """From the province down: `吉林省辽源市`, `北京市朝阳区`; the code itself if unknown.

        Of a code that ends in zeros (`220400`), or whose county is not known, the part that is known.
        """
        names: list[str] = []
        region = self._by_code.get(code)
        if region and not region.short:
            return region.name
        if region is None:
            known = [place for place in self.resolve(code) if place]
            region = self._by_code[known[-1]] if known else None
        while region:
            if region.short:
                names.append(region.name)
            region = self._by_code.get(region.parent)
        return "".join(reversed(names)) or code

    def resolve(self, code: str) -> tuple[str | None, str | None, str | None]:
        """(province, city, county) of a code of up to six or more digits; None where it is not known.

        Codes of development zones and of abolished divisions keep the levels that are known; abolished
        counties with one certain successor become that one.
        """
        digits = code[:6]
        digits = self._former.get(digits, digits)
        province, city, county = (self._known(digits, size) for size in (2, 4, 6))
        return province, city if province else None, county if city else None

    def _known(self, digits: str, size: int) -> str | None:
        code = digits[:size]
        return code if len(code) == size and code in self._by_code else None

    @cached_property
    def by_word(self) -> dict[str, tuple[str, ...]]:
        """Every name, short form and alias of two or more characters → codes, larger divisions first."""
        table: dict[str, list[str]] = {}
        for region in sorted(self._by_code.values(), key=lambda r: (r.level, r.code)):
            if region.short:
                for word in dict.fromkeys((region.name, region.short, *region.aliases)):
                    table.setdefault(word, []).append(region.code)
        return {word: tuple(codes) for word, codes in table.items() if len(word) > 1}


def load_regions(directory: Traversable | None = None) -> Regions:
    """Read `regions.csv` of the given folder, or of the `mappings` package; faults are one `CatalogError`."""
    rows, faults = read_rows(open_mappings(directory), "regions.csv", COLUMNS)
    regions = [_region(row) for row in rows]
    faults += _find_faults(regions)
    if faults:
        raise CatalogError(faults)
    return Regions(regions)


def _region(row: dict[str, str]) -> Region:
    return Region(
        code=row["code"],
        name=row["name"],
        short=row["short"],
        parent=row["parent"],
        level=int(row["level"]) if row["level"].isdecimal() else 0,
        aliases=tuple(filter(None, row["aliases"].split("|"))),
        former_codes=tuple(filter(None, row["former_codes"].split("|"))),
    )


def _find_faults(regions: list[Region]) -> list[str]:
    counted = Counter(region.code for region in regions)
    faults = [f"regions.csv：代码 {code} 重复" for code, count in counted.items() if count > 1]
    for region in regions:
        if DIGITS.get(len(region.code)) != region.level or not region.code.isdigit():
            faults.append(f"regions.csv: {region.code} 的位数与级别 {region.level} 不符")
        if region.parent != region.code[:-2] or (region.parent and region.parent not in counted):
            faults.append(f"regions.csv: {region.code} 的上级 {region.parent or '（空）'} 不对")
    return faults
