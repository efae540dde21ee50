"""Which sums of money or plain numbers does a cell say?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from indexers.numerals import DIGITS, NUMBER, NUMERAL, read_mixed, read_numeral
from indexers.values import CACHE, is_blank

UNITS = {"": 1, "元": 1, "圆": 1, "千元": 1000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000}
"""Units a column's plain numbers may stand in, in 元."""

_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000,
           "亿": 100_000_000}  # fmt: skip
_ARABIC = rf"{NUMBER}(?:e[+-]?\d+)?"
_PLAIN = re.compile(_ARABIC)
_SUM = re.compile(
    rf"(?:(?P<mixed>(?:{_ARABIC})[百千万亿]+(?:[{NUMERAL}]|{_ARABIC})+)"
    rf"|(?P<arabic>{_ARABIC})(?P<scale>[十百千]?万|[百千亿]?)"
    rf"|(?P<han>[{NUMERAL}]+))"
    r"(?P<yuan>[元圆](?:(?P<jiao>[\d一二三四五六七八九壹贰叁肆伍陆柒捌玖])角)?零?"
    r"(?:(?P<fen>[\d一二三四五六七八九壹贰叁肆伍陆柒捌玖])分)?整?)?"
)
_SAYS_HOW_MANY = re.compile("[^百佰千仟万萬亿億]")
_HAS_MYRIADS = re.compile("[万萬亿億]")
_FOREIGN = re.compile(r"[美欧港日加澳]元|英镑|法郎|卢布|韩元|usd|eur|hkd|\$|€|£|[-−]\d")
_FROM_TO = re.compile(rf"[\d{NUMERAL}]元?[~〜—–至到]+[\d{NUMERAL}]|以上|以下|以内|不超过|至少")
"""Between two sums, or from one on: what the law allows, and no sum that was decided."""
_UNIT_IN_BRACKETS = re.compile(r"(?<=\d)\(([十百千]?[万亿]?元)\)")
_SIGN = re.compile("[¥￥]")
"""Stands before 元: before a plain number in a column of 万元 nobody can tell which of both is meant."""
_SAYS_UNIT = re.compile("[百佰千仟万萬亿億元圆]")
_NUMBER = re.compile(
    r"(?P<digits>[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)\s*(?:年度?|度)?", re.ASCII
)
"""A number alone, or a year: a share (5%) is another number than its digits, and parts of a list are several."""
_CURRENCY = re.compile(r"人民币|rmb|cny|[¥￥约计共\s]")

_MOST_PLACES = 20
"""Of a number before or behind the point: more is a slip, and text of one character for each would fill memory."""
_LONGEST_EXPONENT = len("+20")


class _NoNumber(ValueError):
    """Digits that write a number as nobody has one."""


@lru_cache(CACHE)
def read_amounts(text: str, unit: str = "") -> tuple[str, ...] | None:
    """All sums of a cell in 元 as decimal strings, () where it says nothing, None if unreadable.

    A plain number stands in `unit` (a key of UNITS), a number with 元 or 万 behind it in what it says. None
    too for sums in other currencies, for negative ones, for those of more than twenty places, and for a plain number
    with the sign of 元 in another unit.
    """
    if is_blank(text):
        return ()
    try:
        return _amounts(text, unit)
    except _NoNumber:
        return None


def _amounts(text: str, unit: str) -> tuple[str, ...] | None:
    if _PLAIN.fullmatch(text):
        return (_canonical(_decimal(text) * UNITS[unit]),)
    plain = _CURRENCY.sub("", unicodedata.normalize("NFKC", text).casefold())
    plain = _UNIT_IN_BRACKETS.sub(r"\1", plain)
    if _FOREIGN.search(plain) or _FROM_TO.search(plain):
        return None
    if UNITS[unit] > 1 and _SIGN.search(text) and not _SAYS_UNIT.search(plain):
        return None
    if _PLAIN.fullmatch(plain):
        return (_canonical(_decimal(plain) * UNITS[unit]),)
    parts = [part for part in re.split(r"[;、/+]|,(?!\d{3}(?!\d))", plain) if part]
    if parts and all(_PLAIN.fullmatch(part) for part in parts):
        return tuple(_canonical(_decimal(part) * UNITS[unit]) for part in parts)
    whole, found = (0, len(plain)), list(_SUM.finditer(plain))
    if any(_is_torn(plain, before, behind) for before, behind in pairwise(found)):
        return None
    said = [match for match in found if match["yuan"] or match.span() == whole]
    sums = [_sum_of(match, unit) for match in said]
    if "" in sums:
        return None
    return tuple(_without_doubles(said, sums)) or None


def _is_torn(text: str, before: re.Match[str], behind: re.Match[str]) -> bool:
    """Whether one sum was found as two, of which only the second has its 元: 1,5万元, 三万5千元, 5,0000元.

    The same sum twice (5000伍仟元) is none; nor are words with a comma behind them (之一，5000元).
    """
    if before["yuan"] or not behind["yuan"]:
        return False
    joint = text[before.end() : behind.start()]
    return (not joint or (joint in ",." and not before["han"])) and _sum_of(before, "") != _sum_of(behind, "")


def _without_doubles(said: Sequence[re.Match[str]], sums: Sequence[str]) -> Iterator[str]:
    """The sums, once where one is written out behind its digits, or before them: 5000元(伍仟元)."""
    for place, value in enumerate(sums):
        is_again = (
            place and value == sums[place - 1] and bool(said[place]["han"]) != bool(said[place - 1]["han"])
        )
        if not is_again:
            yield value


def _sum_of(match: re.Match[str], unit: str) -> str:
    if not match["yuan"] and match["han"] and not _HAS_MYRIADS.search(match["han"]):
        plain = read_numeral(match["han"])  # 二十 in a column of 万元
        return "" if plain is None else _canonical(Decimal(plain) * UNITS[unit])
    if match["arabic"]:
        value = _decimal(match["arabic"]) * _SCALES[match["scale"]]
    else:
        whole = read_mixed(match["mixed"]) if match["mixed"] else _read_han(match["han"])
        if whole is None:
            return ""
        value = Decimal(whole)
    for name, part in (("jiao", Decimal("0.1")), ("fen", Decimal("0.01"))):
        if match[name]:
            value += int(DIGITS[match[name]]) * part
    return _canonical(value)


def _read_han(numeral: str) -> int | None:
    return read_numeral(numeral) if _SAYS_HOW_MANY.search(numeral) else None


def _decimal(digits: str) -> Decimal:
    if len(digits.partition("e")[2]) > _LONGEST_EXPONENT:
        raise _NoNumber
    return Decimal(digits.replace(",", ""))


def _canonical(value: Decimal) -> str:
    if abs(value.adjusted()) > _MOST_PLACES:
        raise _NoNumber
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(CACHE)
def read_number(text: str) -> str | None:
    """A plain number as a decimal string, "" where the cell says nothing, None if it is not one."""
    if is_blank(text):
        return ""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip().casefold())
    try:
        return _canonical(_decimal(found["digits"])) if found else None
    except _NoNumber:
        return None
