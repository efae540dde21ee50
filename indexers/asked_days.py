"""Which day, month or year does a typed text name, in any notation, and what in it only looks like one?"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from indexers.numerals import read_numeral
from indexers.wording import shown_date

_Y = r"(?:20[0-4]\d|19[89]\d)"
_M = r"(?:1[0-2]|0?[1-9])"
_D = r"(?:3[01]|[12]\d|0?[1-9])"
_HAN_YEAR = "[一二][〇○零九][〇○零一二三四五六七八九]{2}"
_HAN = "[一二三四五六七八九十廿卅]"
_FREE = r"(?<![0-9A-Za-z])(?<!\d[-/.])"
"""Nothing before it that makes it the end of another number or of a code."""
_DAYS = (
    re.compile(
        rf"{_FREE}(?P<year>{_Y}|{_HAN_YEAR})\s*年\s*(?P<month>{_M}|{_HAN}{{1,2}})\s*月"
        rf"(?:\s*(?P<day>{_D}|{_HAN}{{1,3}})\s*(?:[日号]|(?=\s|$)))?"
    ),
    re.compile(
        rf"{_FREE}(?P<year>{_Y})(?P<sign>[-/.])(?P<month>{_M})(?P=sign)(?P<day>{_D})日?"
        r"(?![0-9A-Za-z]|[-/.]\d)"
    ),
    # Digits alone say less: beside other digits or a word they are a part of a code or of a number.
    re.compile(
        r"(?<!\w)(?<!\d[-/.])(?<!\d\s)(?P<year>20[0-4]\d|19[89]\d)(?P<month>1[0-2]|0[1-9])(?P<day>3[01]|[12]\d|0[1-9])"
        r"(?![0-9A-Za-z号]|[-/.]\d|-[A-Za-z]|\s+[0-9A-Za-z]+(?:\s|$))"
    ),
    re.compile(
        rf"(?<!\w)(?<!\d[-/.])(?P<year>{_Y})[-/.](?P<month>{_M})(?P<day>)"
        r"(?![0-9A-Za-z千万亿元号]|[-/.]\d|\s*[万亿元])"
    ),
)
_YEAR = re.compile(
    rf"{_FREE}(?<![〔\[(【﹝])(?P<year>{_Y})(?![0-9A-Za-z百千万亿元圆]|[-/.]\d|\s*[万亿元])(?:\s*年度?)?"
    rf"|(?P<han>{_HAN_YEAR})\s*年度?"
)
"""A year in brackets belongs to the number of a document."""
_NUMBERS = (
    # 龙市监演许2026年363号, 2026吉0402执12号; 2026年5月3号 is a day.
    re.compile(rf"{_Y}(?!\s*年\s*\d{{1,2}}\s*月|[-/.]\d{{1,2}}[-/.]\d)[^\s,;、。]*?\d号(?![\u4e00-\u9fff])"),
    re.compile(rf"{_Y}\s*年?\s*-?\s*第?\s*\d{{1,12}}\s*号"),
    # 东丰市监演罚2026 762, 东丰市监演罚 2026 762
    re.compile(
        rf"(?<=[\u4e00-\u9fffA-Za-z]){_Y}(?:\s+|\s?-\s?)\d{{1,12}}(?![\d./年月百千万亿元]|-\d|\s*[万亿元])"
    ),
    re.compile(rf"(?<!\w){_Y}\s+\d{{1,12}}(?=\s|$)"),
)
"""Numbers of documents in which a year stands without brackets."""


class AskedTime(NamedTuple):
    """A year, a month of it (else 0) and a day of that (else 0), at [start, end) of the text as typed."""

    start: int
    end: int
    year: int
    month: int = 0
    day: int = 0

    @property
    def is_year(self) -> bool:
        """Whether a whole year is meant."""
        return not self.month

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last day."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def label(self) -> str:
        """The words for it."""
        if self.day:
            return shown_date(self.first.isoformat())
        return f"{self.year}年{self.month}月" if self.month else f"{self.year}年"


def one_for_one(text: str) -> str:
    """The text in half width, one sign for one, so that places in it stay what they were."""
    return "".join(unicodedata.normalize("NFKC", c)[:1] or c for c in text)


def find_time(text: str) -> AskedTime | None:
    """The first day or month that a text names, else its first year.

    None for a day that no calendar has, and for what belongs to the number of a document.
    """
    plain = one_for_one(text)
    numbers = [found.span() for pattern in _NUMBERS for found in pattern.finditer(plain)]
    written = [found for found in _days_in(plain) if not _meets(found, numbers)]
    for found in sorted(written, key=lambda match: match.start()):
        if (time := _read(found)) is not None:
            return time
    taken = [*numbers, *(found.span() for found in written)]
    for found in _YEAR.finditer(plain):
        if not _meets(found, taken):
            year = int(found["year"] or read_numeral(found["han"]) or 0)
            return AskedTime(*found.span(), year)
    return None


def spell_days(text: str) -> str:
    """The text with its days and months as records say them: 2026年11月20日."""
    time = find_time(text)
    if time is None or not time.month:
        return text
    return f"{text[: time.start]}{time.label}{text[time.end :]}"


def _days_in(plain: str) -> Iterator[re.Match[str]]:
    for pattern in _DAYS:
        yield from pattern.finditer(plain)


def _meets(found: re.Match[str], spans: list[tuple[int, int]]) -> bool:
    start, end = found.span()
    return any(start < other_end and other_start < end for other_start, other_end in spans)


def _read(found: re.Match[str]) -> AskedTime | None:
    year, month, day = (_number(found[name]) for name in ("year", "month", "day"))
    if not 1 <= month <= 12 or day > monthrange(year, month)[1]:
        return None
    return AskedTime(*found.span(), year, month, day)


def _number(text: str | None) -> int:
    if not text:
        return 0
    return int(text) if text.isascii() else read_numeral(text) or 0
