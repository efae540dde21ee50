"""Which number do Han numerals write?"""

from __future__ import annotations

_DIGIT_FORMS = "〇○零◯Oo０0 一壹1１ 二贰貳两兩2２ 三叁參3３ 四肆4４ 五伍5５ 六陆陸6６ 七柒7７ 八捌8８ 九玖9９"
DIGITS = {char: str(value) for value, chars in enumerate(_DIGIT_FORMS.split()) for char in chars}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
NUMERAL = "〇○零◯一壹二贰貳两兩三叁參四肆五伍六陆陸七柒八捌九玖十拾百佰千仟万萬亿億"
"""All characters of such a number."""

_LONGEST_NUMERAL = 40
"""Characters: every sum of money that anybody owed is written in fewer."""


def read_numeral(text: str) -> int | None:
    """The whole number that Han numerals write (二十三, 壹仟贰佰, 二〇一六); None if they write none."""
    if len(text) > _LONGEST_NUMERAL:
        return None
    text = text.replace("廿", "二十").replace("卅", "三十")
    if text and all(char in DIGITS for char in text):
        return int("".join(DIGITS[char] for char in text))
    total = section = digit = 0
    pending = False
    for char in text:
        if char in DIGITS:
            if pending and digit:
                return None  # two digits side by side are no number with places
            digit, pending = int(DIGITS[char]), True
        elif char in _TENS:
            section += (digit if pending and digit else 1) * _TENS[char]
            digit, pending = 0, False
        elif char in _MYRIADS:
            total = (
                (total + section + digit) * _MYRIADS[char]
                if char in "亿億"
                else (total + (section + digit) * _MYRIADS[char])
            )
            section, digit, pending = 0, 0, False
        else:
            return None
    return total + section + digit if text else None
