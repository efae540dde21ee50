"""What does the text of a cell say: nothing, a name, several values, document numbers, a date?

The forms read here are those that were counted in published sheets: 48 patterns of dates, numerals in Han
characters with ○, 〇, 0 and O mixed, a dozen ways to write "nothing".
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from itertools import pairwise

from indexers.clock import SHANGHAI
from indexers.numerals import DIGITS, read_numeral
from indexers.records import OPEN_DATE

CACHE = 1 << 15
"""Distinct values remembered per reader of values: a decade has 3,653 days in a handful of notations."""

# --- nothing ----------------------------------------------------------------------------------------------

_BLANK_WORDS = frozenset(
    {"", "无", "暂无", "空", "缺", "无此项", "未填", "未提供", "未公布", "不详", "未知", "不适用"}
    | {"null", "none", "nan", "nil", "n/a", "na", "#n/a", "\\n"}
)
_BLANK_SIGNS = re.compile(r"[-‐‑‒–—―－─━_＿/\\／＼.。·|*＊…\s\u00a0\u3000]*")
_AROUND_NOTHING = " -—()（）。\u3000"
_BLANK_STARTS = frozenset("-‐‑‒–—―－─━_＿/\\／＼.。·|*＊… \t\n\r\v\f\u00a0\u3000无暂空缺不未nN#(（")
"""Whatever begins otherwise is no blank: the look at one character answers for nearly every cell."""


def is_blank(text: str) -> bool:
    """Whether a cell says that there is nothing: empty, dashes, slashes, 无, 暂无, null, \\N, N/A …"""
    if text and text[0] not in _BLANK_STARTS:
        return False
    if len(text) > 20:
        return not text.strip()
    if _BLANK_SIGNS.fullmatch(text) is not None:
        return True
    return text.strip().casefold() in _BLANK_WORDS or text.strip(_AROUND_NOTHING).casefold() in _BLANK_WORDS


# --- text -------------------------------------------------------------------------------------------------

_UNCLEAN = re.compile(
    r"[\x00-\x1f\x7f-\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u2060\u3000\ufeff]"
    r"|_x000[0-9A-F]_|  "
)
_ESCAPED = re.compile(r"_x000[0-9A-F]_", re.ASCII)
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_SPACES = re.compile(r"[ \t\xa0\u1680\u2000-\u200a\u202f\u3000]+")
_AROUND_LINES = re.compile(r" *\n[ \n]*")


def clean_text(text: str) -> str:
    """The text with plain line breaks and single spaces, without invisible characters and XLSX escapes."""
    if _UNCLEAN.search(text) is None:
        return text.strip()
    text = _ESCAPED.sub(lambda found: "\n" if found[0] in ("_x000A_", "_x000D_") else "", text)
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    return _AROUND_LINES.sub("\n", _SPACES.sub(" ", text)).strip()


_SPACE_IN_NAME = re.compile(r"\s+(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])\s+")


def clean_name(text: str) -> str:
    """A name on one line; blanks beside Han characters and brackets go, those between Latin words stay."""
    text = clean_text(text)
    if " " in text or "\n" in text:
        text = " ".join(_SPACE_IN_NAME.sub("", text).split())
    return text


# --- lists in a cell --------------------------------------------------------------------------------------

_SEPARATORS = "、;；\n"


def split_values(text: str, separators: str = "") -> list[str]:
    """The parts of a cell that holds several values, without empty ones; default: 、 ; ； line breaks."""
    pattern = _pattern_of(separators or _SEPARATORS)
    if pattern.search(text) is None:
        return [text] if text else []
    return [part.strip() for part in pattern.split(text) if part.strip()]


@cache
def _pattern_of(separators: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(separators)}]")


_BRACKETS = {"(": ")", "（": "）", "[": "]", "【": "】", "〔": "〕", "﹝": "﹞", "［": "］"}
_NUMBER_AFTER_YEAR = re.compile(r"(.*[)）\]】〕﹞］年])(?:第)?\d+号?")
_ONE_NUMBER = re.compile(r"[^\s、;；,，(（\[【〔﹝［_][^\s、;；,，_]*号")
_ANY_DIGIT = re.compile(r"\d")
_BARE_NUMBER = re.compile(r"(?:第)?\d+号")


def read_document_numbers(text: str) -> list[str]:
    """All document numbers of a cell, without blanks and without brackets around the whole.

    ``甲罚〔2020〕1号、2号`` and ``甲罚〔2020〕1、2号`` give both in full.
    """
    if _ONE_NUMBER.fullmatch(text):
        return [text]
    numbers: list[str] = []
    for part in split_values(_parted(clean_text(text))):
        number = _without_outer_brackets(part.strip(",，。"))
        head = _NUMBER_AFTER_YEAR.fullmatch(numbers[-1]) if numbers else None
        if head and _BARE_NUMBER.fullmatch(number):
            number = head[1] + number
        if number and number not in numbers and not is_blank(number):
            numbers.append(number)
    return numbers


_WHOLE_NUMBER = re.compile(r".*号[)）\]】〕﹞］]?")
_AFTER_NUMBER = re.compile(r"(?<=号)[,，]")
_SHARING_ONE_END = re.compile(r"(?<!\d)(?<!\d[、,，])\d+(?:[、,，]\d+)++号")
"""Looked for from the first of them only: a list without an end is not gone through anew from each number in it."""
_BETWEEN_NUMBERS = re.compile(r"(?=[、,，])")


def _parted(text: str) -> str:
    """The text without blanks, with a sign that parts values between any two numbers, each with its 号."""
    plain = "".join(_joined_lines(text).split(" "))
    whole = _SHARING_ONE_END.sub(lambda found: _BETWEEN_NUMBERS.sub("号", found[0]), plain)
    return _AFTER_NUMBER.sub("；", whole)


def _joined_lines(text: str) -> str:
    """The text with ； for line breaks between numbers, and without those inside a number that was broken."""
    lines = text.split("\n")
    joined = lines[0]
    for last, line in pairwise(lines):
        apart = _WHOLE_NUMBER.fullmatch(last) or _shape_of(last) == _shape_of(line)
        joined += f"；{line}" if apart else line
    return joined


def _shape_of(text: str) -> str:
    """What numbers of one series have in common: 0 for each digit."""
    return _ANY_DIGIT.sub("0", text)


def _without_outer_brackets(text: str) -> str:
    closing = _BRACKETS.get(text[:1])
    if closing is None or not text.endswith(closing) or closing in text[:-1]:
        return text
    return text[1:-1]


# --- dates ------------------------------------------------------------------------------------------------

_OPEN_WORDS = ("长期", "永久", "无固定期限", "无限期", "不限期", "无期限")
_OPEN_FROM_YEAR = 2099
"""Templates write 2099/12/31 for "no end", databases 9999-12-31 or 9999-09-09."""
_NO_DATES = frozenset({"1900-01-01", "1899-12-31", "1899-12-30", "1900-01-00", "0001-01-01"})
_SERIAL_ZERO = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 80_000
"""Days that a spreadsheet counts: 1927 to 2119. Smaller numbers are years or counts, not days."""

_PARTS = re.compile(
    r"(\d{4})(?:年|[-/.\\、])(\d{1,2})(?:月|[-/.\\、])(\d{1,2})[日号]?"
    r"(?:(?:T|T?(?:上午|下午|[AP]M)|(?<=[日号]))\d{1,2}[:时].*|\d\d:\d\d.*)?",
    re.IGNORECASE,
)
_TIME_OF_DAY = re.compile(
    r"(?<=[\d日号])\s+(?:(?:上午|下午|[AP]M)\s*)?"
    r"\d{1,2}\s*(?:[:：]\s*\d\d(?:[:：]\d\d(?:\.\d+)?)?|时\s*(?:\d{1,2}\s*分\s*(?:\d{1,2}\s*秒)?)?)"
    r"(?:\s*[A-Z]{2,3})?(?:\s*[+-]\d\d:?\d\d)?(?!\d)",
    re.IGNORECASE,
)
"""Must go before blanks do: 2026/5/1 10:23 without its blank would be the eleventh."""
_WITH_ZONE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*(?:Z|[+-]\d\d:?\d\d)")
_MILLISECONDS = re.compile(r"1\d{12}")
"""Since 1970, in UTC, as Java writes days into JSON: 2001 to 2033."""
_RUN_OF_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?(?:\.0+)?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_WEEKDAY = re.compile(r"[(]?(?:星期|周)[一二三四五六日天][)]?$")
_ZERO = re.compile(r"0+(?:\.0+)?")
_HAN_PARTS = re.compile(r"(.{4})年([^月]{1,3})月([^日号]{1,4})[日号]?")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―－−", "-") | dict.fromkeys("。．·", ".") | {"O": "0", "o": "0"})


@lru_cache(CACHE)
def read_date(text: str) -> str | None:
    """The ISO date of a cell, "" for nothing, `OPEN_DATE` for "no end", None if unreadable.

    Reads 2017年8月28日, 2017.8.28, 20170828, 二○一六年一月二十九日, day numbers of spreadsheets, with
    blanks and full-width characters anywhere and a time of day behind it, milliseconds since 1970. What
    says its zone is a day in China: midnight there is 16 o'clock of the day before in UTC.
    """
    if is_blank(text):
        return ""
    plain = without_times(unicodedata.normalize("NFKC", text))
    if any(word in plain for word in _OPEN_WORDS):
        return OPEN_DATE
    plain = _WEEKDAY.sub("", plain).translate(_DASHES).strip(",;().")
    if _WITH_ZONE.fullmatch(plain) and (day := _day_in_china(plain)):
        return _date_of(day.year, day.month, day.day)
    if match := (_PARTS.fullmatch(plain) or _RUN_OF_DIGITS.fullmatch(plain)):
        return _date_of(int(match[1]), int(match[2]), int(match[3]))
    if match := _SERIAL.fullmatch(plain):
        serial = int(match[1])
        in_range = _FIRST_SERIAL <= serial <= _LAST_SERIAL
        return (_SERIAL_ZERO + timedelta(serial)).isoformat() if in_range else None
    if _MILLISECONDS.fullmatch(plain):
        return datetime.fromtimestamp(int(plain) / 1000, SHANGHAI).date().isoformat()
    if _ZERO.fullmatch(plain) or plain in ("1", "1.0"):
        return ""  # day 0 or 1 of a spreadsheet: an empty cell under a date format
    return _han_date(plain)


def without_times(text: str) -> str:
    """The text without blanks, and without the times of day that stand behind its days."""
    plain = clean_text(text)
    if " " in plain or "\n" in plain or "\u3000" in plain:
        plain = "".join(_TIME_OF_DAY.sub("", plain).split())
    return plain


def _day_in_china(moment: str) -> date | None:
    try:
        return datetime.fromisoformat(moment).astimezone(SHANGHAI).date()
    except (ValueError, OverflowError):  # 9999-12-31T16:00Z has no day in China
        return None


def _han_date(plain: str) -> str | None:
    match = _HAN_PARTS.fullmatch(plain)
    if match is None or not all(char in DIGITS for char in match[1]):
        return None
    year, month, day = (read_numeral(part) for part in match.groups())
    if year is None or month is None or day is None:
        return None
    return _date_of(year, month, day)


def _date_of(year: int, month: int, day: int) -> str | None:
    if year >= _OPEN_FROM_YEAR and 1 <= month <= 12 and 1 <= day <= 31:
        return OPEN_DATE
    iso = f"{year:04d}-{month:02d}-{day:02d}"
    if iso in _NO_DATES:
        return ""
    try:
        date(year, month, day)
    except ValueError:
        return None
    return iso if year >= 1000 else None
