"""Which unit of money does a label name, or a line above a table?"""

from __future__ import annotations

import re

from indexers.amounts import UNITS

_LARGER = "|".join(unit for unit, worth in UNITS.items() if worth > 1)
_WITH_UNIT = re.compile(r"(.+)\((?:单位)?(?:人民币)?(.{0,2}元)\)")
_NAMED = re.compile(rf"({_LARGER})|[(（](?:单位)?[:：]?(?:人民币)?[:：]?(元)[)）]")
_ABOVE = re.compile(rf"(?:^|[\s(（])(?:金额)?单位\s*[:：]\s*(?:人民币)?({_LARGER}|元)(?![\u3400-\u9fff])")


def unit_in(label: str) -> str:
    """The unit of money that a label names; "" where it names none."""
    found = _NAMED.search(label)
    return found[found.lastindex or 0] if found else ""


def unit_above(titles: str) -> str:
    """The unit of money that stands above a table for all its columns (单位：万元); "" where none does."""
    return found[1] if (found := _ABOVE.search(titles)) else ""


def spellings_of_unit(label: str) -> list[str]:
    """A folded label, then the same with other units of money behind it and with none, if it has one."""
    said = _WITH_UNIT.fullmatch(label)
    if said is None or said[2] not in UNITS:
        return [label]
    return [label, *(f"{said[1]}({unit})" for unit in UNITS if unit), said[1]]
