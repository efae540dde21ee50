"""Which days are working days, and which day is n working days later."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, timedelta
from importlib.resources.abc import Traversable

import msgspec

from indexers.errors import CatalogError
from indexers.mappings_folder import open_mappings
from indexers.mappings_reading import read_text

log = logging.getLogger(__name__)

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class CalendarError(CatalogError):
    """Calendar files that cannot be used; `errors` names every file and fault."""


class CalendarYear(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One year's departures from "Monday to Friday are working days".

    ``off_days`` are holidays (those on a Saturday or Sunday may be listed too), ``work_days`` are the
    Saturdays and Sundays worked instead, ``source`` names the State Council's yearly notice.
    """

    source: str
    off_days: tuple[date, ...]
    work_days: tuple[date, ...]


class WorkCalendar:
    """Working-day arithmetic over the years given; any other year is Monday to Friday, and warned of."""

    def __init__(self, years: Mapping[int, CalendarYear]) -> None:
        self.years = tuple(sorted(years))
        self._off_days = frozenset(day for year in years.values() for day in year.off_days)
        self._work_days = frozenset(day for year in years.values() for day in year.work_days)
        self._warned: set[int] = set()

    def is_working_day(self, day: date) -> bool:
        """Whether ``day`` is a working day."""
        self._warn_of_gap(day.year)
        if day.weekday() < _SATURDAY:
            return day not in self._off_days
        return day in self._work_days

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``, not counting ``day`` itself; before it, if negative."""
        step = _ONE_DAY if count >= 0 else -_ONE_DAY
        remaining = abs(count)
        while remaining:
            day += step
            remaining -= self.is_working_day(day)
        return day

    def _warn_of_gap(self, year: int) -> None:
        if year not in self.years and year not in self._warned:
            self._warned.add(year)
            log.warning("no working-day calendar for %d: Monday to Friday are taken as working days", year)


def load_calendar(directory: Traversable | None = None) -> WorkCalendar:
    """The calendar made of the files ``calendar/<year>.json`` in a folder of mappings (default: the shipped one).

    To add a year, put its file there. Raises CalendarError naming all faults of all files.
    """
    folder = open_mappings(directory).joinpath("calendar")
    if not folder.is_dir():
        raise CalendarError(["calendar：没有这个文件夹；每年一个文件，例如 2027.json"])
    years: dict[int, CalendarYear] = {}
    faults: list[str] = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".json"):
            continue
        stem = file.name.removesuffix(".json")
        if not (stem.isdecimal() and len(stem) == 4):
            faults.append(f"{file.name}：文件名应为四位年份，例如 2027.json")
            continue
        try:
            year = msgspec.json.decode(read_text(folder, file.name), type=CalendarYear)
        except CatalogError as error:
            faults += error.errors
            continue
        except msgspec.DecodeError as error:
            faults.append(f"{file.name}: {error}")
            continue
        faults += [f"{file.name}: {fault}" for fault in _faults(year, int(stem))]
        years[int(stem)] = year
    if faults:
        raise CalendarError([f"calendar/{fault}" for fault in faults])
    return WorkCalendar(years)


def _faults(year: CalendarYear, number: int) -> list[str]:
    """Everything wrong with one file's content, in words for whoever keeps the file."""
    faults = [] if year.source.strip() else ["source 不能为空"]
    for name, days in (("off_days", year.off_days), ("work_days", year.work_days)):
        faults += [f"{name}：{day} 不在 {number} 年" for day in days if day.year != number]
        faults += [f"{name}：{day} 重复" for day in sorted(set(days)) if days.count(day) > 1]
    faults += [f"work_days: {day} 不是周末" for day in year.work_days if day.weekday() < _SATURDAY]
    both = sorted(set(year.off_days) & set(year.work_days))
    return faults + [f"{day} 同时出现在 off_days 和 work_days" for day in both]
