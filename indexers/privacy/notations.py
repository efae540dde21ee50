"""How is a number read that was written with digits of another make: ①, 𝟐, ³, ٤?"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

ODD = (
    "\u00ad\u200b-\u200f\u2060\ufeff"  # invisible between digits
    "\u00b2\u00b3\u00b9\u2070-\u209c"  # raised and lowered
    "\u0660-\u0669\u06f0-\u06f9"
    "\u2460-\u24ff\u2776-\u2793\u3251-\u325f\u32b1-\u32bf"  # in circles and brackets
    "\U0001d400-\U0001fbf9"  # of formulas and displays: one range, since every range is a step for each character
)
"""The inside of a character class that holds what an index, or a reader's eye, makes a plain digit or letter."""

ODD_DIGITS = "".join(char for char in map(chr, (*range(0xB2, 0xBA), *range(0x2070, 0x2090), *range(0x2460, 0x2794)))
                     if unicodedata.digit(char, None) is not None)  # fmt: skip

_HAN_DIGITS = {"0": "〇○零", "1": "一壹弌", "2": "二贰貳弍", "3": "三叁參弎", "4": "四肆", "5": "五伍", "6": "六陆陸",
               "7": "七柒", "8": "八捌", "9": "九玖"}  # fmt: skip
_LIKE_DIGITS = {"0": "OoＯｏ", "1": "lIｌＩ"}
AS_DIGITS = str.maketrans(
    {char: digit for table in (_HAN_DIGITS, _LIKE_DIGITS) for digit, own in table.items() for char in own}
)
"""What people write or mistake for a digit, one character for one."""

LIKE_DIGITS = "".join(_LIKE_DIGITS.values())
HAN_DIGITS = "".join(_HAN_DIGITS.values())
HAN_CENTURIES = "".join(_HAN_DIGITS[digit] for digit in "90")
"""In the number of everybody born in 19… or 20…."""


def unfold(text: str) -> tuple[str, list[int]]:
    """The text with plain digits and letters, and the place in `text` from which each character of it came."""
    plain: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for one in char if char.isascii() else _plain(char):
            plain.append(one)
            places.append(place)
    return "".join(plain), places


@lru_cache(1_024)
def _plain(char: str) -> str:
    if unicodedata.category(char) == "Cf":
        return ""
    if (digit := unicodedata.digit(char, None)) is not None:
        return str(digit)
    normal = unicodedata.normalize("NFKC", char)
    return normal if normal.isascii() and any(map(str.isalnum, normal)) else char
