"""Which days does a text mean that counts them from today: last year, last month, the last three months?"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from importlib.resources.abc import Traversable
from typing import NamedTuple

import msgspec

from indexers.asked_days import one_for_one
from indexers.errors import CatalogError
from indexers.mappings_reading import read_struct, twice_faults
from indexers.numerals import NUMERAL
from indexers.wording import shown_date
from indexers.words_within import SHORTEST_WITHIN, any_of

_FILE = "spoken_times.toml"
_NO_START = f"(?<![0-9.{NUMERAL}大])"
"""十一年内 is not 一年内, and 大前天 not 前天."""


class SpokenTime(NamedTuple):
    """The days from `first` to `last`, at [start, end) of the text as typed; `is_year`: they are a whole year."""

    start: int
    end: int
    first: date
    last: date
    label: str
    is_year: bool

    @property
    def year(self) -> int:
        """The year of the last day."""
        return self.last.year


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file spoken_times.toml, which explains its tables."""

    sure: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    years: dict[str, int] = {}
    months: dict[str, int] = {}
    weeks: dict[str, int] = {}
    days: dict[str, int] = {}
    last_months: dict[str, int] = {}
    last_days: dict[str, int] = {}


class SpokenTimes:
    """Reads times by the words of mappings/spoken_times.toml."""

    def __init__(self, data: _Data) -> None:
        tables = _tables_of(data)
        self._sure = frozenset(data.sure)
        self._beside = data.beside
        self._meant = {word: (unit, ago) for unit, words in tables.items() for word, ago in words.items()}
        self._words = re.compile(f"{_NO_START}(?:{any_of(self._meant)})")

    def find(self, text: str, today: date, known: tuple[str, ...] = ()) -> SpokenTime | None:
        """The first time that a text names in words; None where it names none. `known`: words of the text that are
        understood otherwise, and so no part of a name."""
        beside = (*self._beside, *known)
        words = self._words.finditer(one_for_one(text))
        found = next((word for word in words if word.group() in self._sure or _is_time(word, beside)), None)
        if found is None:
            return None
        unit, ago = self._meant[found.group()]
        first, last, label = _days_of(unit, ago, today)
        return SpokenTime(*found.span(), first, last, label, unit == "years")


def _is_time(found: re.Match[str], beside: tuple[str, ...]) -> bool:
    """Whether the words stand for themselves: short ones begin names too (今日食品有限公司)."""
    if len(found.group()) >= SHORTEST_WITHIN:
        return True
    text, (start, end) = found.string, found.span()
    if text.startswith(beside, end):
        return True
    ends = not text[end : end + 1].isalnum()
    return ends and (not text[:start][-1:].isalnum() or text.endswith(beside, 0, start))


def _days_of(unit: str, ago: int, today: date) -> tuple[date, date, str]:
    if unit == "years":
        first = date(today.year - ago, 1, 1)
        return first, date(first.year, 12, 31), f"{first.year}年"
    if unit == "months":
        first = _months_before(today.replace(day=1), ago)
        return (
            first,
            first.replace(day=monthrange(first.year, first.month)[1]),
            f"{first.year}年{first.month}月",
        )
    if unit == "days":
        first = today - timedelta(days=ago)
        return first, first, shown_date(first.isoformat())
    if unit == "weeks":
        first = today - timedelta(days=today.weekday() + 7 * ago)
        last = first + timedelta(days=6)
    else:
        last = today
        # The same day so long ago belongs to the time before.
        before = _months_before(today, ago) if unit == "last_months" else today - timedelta(days=ago)
        first = before + timedelta(days=1)
    return first, last, f"{shown_date(first.isoformat())}至{shown_date(last.isoformat())}"


def _months_before(day: date, months: int) -> date:
    """The same day so many months ago, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _tables_of(data: _Data) -> dict[str, dict[str, int]]:
    tables: dict[str, dict[str, int]] = msgspec.structs.asdict(data)
    return {name: table for name, table in tables.items() if name not in ("sure", "beside")}


def load_spoken_times(directory: Traversable) -> SpokenTimes:
    """The words of spoken_times.toml in the folder of a catalogue; raises CatalogError with every fault of the file."""
    data = read_struct(directory, _FILE, _Data)
    tables = _tables_of(data)
    faults = [
        f"{_FILE}：{table} 里有空的词，或小于零的数"
        for table, words in tables.items()
        if any(not word or ago < 0 for word, ago in words.items())
    ]
    if "" in data.beside:
        faults.append(f"{_FILE}：beside 里有空的词")
    known = {word for words in tables.values() for word in words}
    faults += [f"{_FILE}：sure 里的 {word!r} 不在各表里" for word in data.sure if word not in known]
    faults += twice_faults(_FILE, (word for table in tables.values() for word in table))
    if faults:
        raise CatalogError(faults)
    return SpokenTimes(data)
