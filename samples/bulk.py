"""How does a load run get a penalty sheet of any size?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Literal

from samples.authorities import Authorities
from samples.codes import CodeMaker
from samples.collection import DEFAULT_TODAY
from samples.penalties import PenaltyMaker, rows_2018
from samples.sheets import GB18030, Cell, Table, header_of, write_csv, write_workbook
from samples.subjects import Subject, SubjectMaker

DISTINCT = 0.6
"""Share of rows that bring a subject of their own; the others are about one that was there."""

_TEMPLATE = "penalty_organisation_2018"
_AT_ONCE = 1_000


def generate_penalties(path: Path, rows: int, seed: int, format: Literal["csv", "xlsx"] = "csv") -> Path:  # noqa: A002
    """Write `rows` penalties in the official 2018 template: CSV in GB18030, or XLSX. The same seed, the same file."""
    cells = _cells(rows, Random(seed))
    if format == "xlsx":
        write_workbook(path, [("行政处罚", cells)], stream=True)
    else:
        write_csv(path, cells, GB18030)
    return path


def _cells(rows: int, rng: Random) -> Iterator[list[Cell]]:
    codes = CodeMaker()
    authorities = Authorities(codes)
    subjects = SubjectMaker(rng, codes).pool(max(1, round(rows * DISTINCT)))
    maker = PenaltyMaker(rng, authorities, date(2023, 12, 1), DEFAULT_TODAY - timedelta(2))
    fields = [field for _, field in header_of(Table(_TEMPLATE, ({"publicity_end": ""},)))]
    yield [label for label, _ in header_of(Table(_TEMPLATE, ({"publicity_end": ""},)))]
    for start in range(0, rows, _AT_ONCE):
        chosen = (_subject(subjects, number, rng) for number in range(start, min(start + _AT_ONCE, rows)))
        for row in rows_2018([maker.make(subject) for subject in chosen], rng):
            yield [row.get(field, "") for field in fields]


def _subject(subjects: list[Subject], number: int, rng: Random) -> Subject:
    return subjects[number] if number < len(subjects) else rng.choice(subjects)
