"""Which number do Han numerals write?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

_DIGIT_FORMS = "〇○零◯Oo０0 一壹1１ 二贰貳两兩2２ 三叁參3３ 四肆4４ 五伍5５ 六陆陸6６ 七柒7７ 八捌8８ 九玖9９"
DIGITS = {char: str(value) for value, chars in enumerate(_DIGIT_FORMS.split()) for char in chars}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
NUMERAL = "〇○零◯一壹二贰貳两兩三叁參四肆五伍六陆陸七柒八捌九玖十拾百佰千仟万萬亿億廿卅"
"""All characters of such a number."""

NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
"""Digits as sums are written in, with commas and decimals."""

_LONGEST_NUMERAL = 40
"""Characters: every sum of money that anybody owed is written in fewer."""
_PART = re.compile(rf"0+(?=\d)|{NUMBER}|\D", re.ASCII)
"""Zeros before a digit stand apart: they say, as 零 does, that a place was left out."""
_ZEROS = "".join(char for char, value in DIGITS.items() if value == "0")
_ONES = "".join(char for char, value in DIGITS.items() if value != "0")
_DOUBTFUL = re.compile(
    rf"\.\d+[{''.join(_TENS | _MYRIADS)}]+(?:[^{_ZEROS}]|0\.)"  # 3.5万5: the fraction has said the lower places
    r"|[百佰千仟万萬亿億]\d\.\d+$"  # 1万5.5: of thousands or of ones
    rf"|[百佰千仟][万萬亿億][{_ONES}]$"  # 1千万5: of millions or of thousands
    r"|[百佰千仟万萬亿億][壹贰貳叁參肆伍陆陸柒捌玖]$"  # 壹万伍: formal digits write out each place, or 零
)
"""What was left out, a place or 零, nobody can tell."""


def read_numeral(text: str) -> int | None:
    """The whole number that Han numerals write (二十三, 壹仟贰佰, 二〇一六, 一万五); None if they write none."""
    if 0 < len(text) <= _LONGEST_NUMERAL and all(char in DIGITS for char in text):
        return int("".join(DIGITS[char] for char in text))
    number = _read(text, list)
    return None if number is None else int(number)


def read_mixed(text: str) -> Decimal | None:
    """The number that digits and Han numerals write together (1万5千, 2千5百万, 1万5, 3.5万零20); None if none."""
    return _read(text, _PART.findall)


def _read(text: str, cut: Callable[[str], Iterable[str]]) -> Decimal | None:
    if len(text) > _LONGEST_NUMERAL:
        return None
    text = text.replace("廿", "二十").replace("卅", "三十")
    return None if _DOUBTFUL.search(text) else _read_places([_part(part) for part in cut(text)])


def _part(text: str) -> Decimal | str:
    if text[0] not in DIGITS:
        return text
    return Decimal(DIGITS.get(text) or text.replace(",", ""))


def _read_places(parts: Sequence[Decimal | str]) -> Decimal | None:
    """Numbers and the signs of their places, in their order, as one number.

    A lone digit right behind 百, 千, 万 or 亿 stands for the next lower place: 三百二 is 320, 一万五 is 15,000; with 零
    between, it is one of ones: 一万零五 is 10,005.
    """
    total = section = number = Decimal(0)
    is_open, next_lower = False, 1
    for part in parts:
        if not isinstance(part, str):
            if is_open and number:
                return None  # two digits side by side are no number with places
            if next_lower > 1 and part >= next_lower * 10:
                return None  # 2千5,300: more than the place before it leaves room for
            number, is_open = part, True
            next_lower = next_lower if part else 1
            continue
        if part in _TENS:
            section += (number if is_open and number else 1) * _TENS[part]
        elif part in _MYRIADS:
            if next_lower > 1 and _is_lone_digit(number):
                return None  # 三百二万: of tens or of ones
            section += number
            if part in "万萬" and not section:
                return None
            total = (total + section) * _MYRIADS[part] if part in "亿億" else total + section * _MYRIADS[part]
            section = Decimal(0)
        else:
            return None
        next_lower = (_TENS.get(part) or _MYRIADS[part]) // 10
        number, is_open = Decimal(0), False
    if _is_lone_digit(number):
        number *= next_lower
    return total + section + number if parts else None


def _is_lone_digit(number: Decimal) -> bool:
    return number in _LONE_DIGITS


_LONE_DIGITS = frozenset(map(Decimal, range(1, 10)))
