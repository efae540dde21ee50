"""In which forms is a document number found? 国发〔2016〕33号, 国发(2016)33 and 国发〔201633号 are one.

Forms of a number, all without spaces and in lower case:

- the normal form, brackets of one kind: `辽府办发(2017)35号`;
- the digit form, only letters, Han characters and digits: `辽府办发201735号`;
- the key, where all spellings meet: the word before the year, the year, the number; no 第, 年, 号, signs or
  leading zeros: `辽府办发201735`;
- the end, for `〔2017〕35号` alone: `…201735`, which no other text becomes.

By none of them rows are told apart: that needs one spelling where all meet and no other number does (`1-2号` is not
`12号`), which is the usual one: `辽府办发(2017)35号`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from indexers.analysis.normal import ALNUM_RUN, HAN, RUN
from indexers.numerals import NUMERAL, read_numeral

FORM_LENGTH = 100
"""Characters; the longest real numbers have about 40, anything longer is a slipped cell."""
SHORTEST_QUERY = 4
"""Characters of a query that may be a document number."""

_USUAL = re.compile(f"([{HAN}]+)[(（〔\\[]((?:19|20)\\d\\d)[)）〕\\]](\\d{{1,12}})号", re.ASCII)
"""How nine of ten numbers are written; what is said of all numbers below comes to the same, at a third of the cost."""
_SEPARATOR = re.compile(r"[、；;，,\n\r\t]+")
_LABEL = re.compile(r"^[^:]*(?:文号|书号|编号|文书|号码)[^:]*:")
_DIGITS = re.compile(r"\d+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNSAID = re.compile(r"第|号|(?<=\d)年")
_CONTINUED = re.compile(r"\(?第?(\d+)号?\)?")
_LAST_NUMBER = re.compile(r"第?\d+号?$")
_END = re.compile(r"\(((?:19|20)\d\d)\)第?(\d+)号?|((?:19|20)\d\d)[年 -]?第?(\d+)号")
"""A number without the word before its year; a year and digits alone may be a month or a code."""
_PLAIN = re.compile(f"([{HAN}]+)[(（〔\\[【﹝]((?:19|20)\\d\\d)[)）〕\\]】﹞]第?(\\d{{1,12}})号?", re.ASCII)
"""Numbers whose usual spelling is plain to see; the long way comes to the same, at five times the cost."""
_LONE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)", re.ASCII)
_GLUED_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=\d{1,6}(?!\d))", re.ASCII)
"""A year that has lost the bracket behind it; more digits are a code that begins like a year."""
_DIGITS_OR_WORD = re.compile(f"(\\d+)|([{HAN}]+|[^\\W\\d_{HAN}]+)", re.ASCII)
_ANY_NUMERAL = re.compile(f"[{NUMERAL}]")
_HAN_YEAR = re.compile(f"(?<![{NUMERAL}\\d])[一二][九〇○◯零o0][{NUMERAL}○◯o\\d]{{2}}(?![{NUMERAL}\\d])")
_HAN_SERIAL = re.compile(f"(?<=[)年第])[{NUMERAL}]+(?=号)")
_HEAD = re.compile(f"[{HAN}a-z]+(?=[^{HAN}a-z0-9]*(?:19|20)\\d\\d)")
_CODE_LIKE = re.compile(r"[a-z]{0,6}[0-9][0-9a-z]{5,}")
_LOOKS_LIKE = (
    re.compile(r"(?:19|20)\d\d[^0-9a-z]{1,3}\D{0,8}\d"),
    re.compile(f"[{HAN}a-z][(\\[]?(?:19|20)\\d{{3,}}"),
    re.compile(r"\((?:19|20)\d{2,}"),
    re.compile(r"第?\d+号$"),
    re.compile(r"第\d+$"),
)


def split_numbers(text: str, normalize: Callable[[str], str]) -> list[str]:
    """Every number of a cell in normal form; `辽府办发〔2017〕35、36号` is two full numbers."""
    usual = _USUAL.fullmatch(text)
    if usual and len(text) <= FORM_LENGTH:
        return ["".join((normalize(usual[1]), "(", usual[2], ")", usual[3], "号"))]
    numbers: list[str] = []
    for part in _SEPARATOR.split(text):
        number = _LABEL.sub("", _unwrapped(normalize(part)))
        continued = _CONTINUED.fullmatch(number)
        if continued and numbers and _YEAR.search(numbers[-1]):
            number = _LAST_NUMBER.sub(f"{continued[1]}号", numbers[-1])
        if number and _DIGITS.search(number):
            numbers.append(number[:FORM_LENGTH])
    return numbers


def usual_spellings(text: str, normalize: Callable[[str], str]) -> list[str]:
    """Every number of a cell as it is usually written, by which rows are told apart: `甲发(2017)35号`.

    What has no digit is its normal form.
    """
    plain = _PLAIN.fullmatch(text)
    if plain and len(text) <= FORM_LENGTH:
        head = normalize(plain[1])
        if "第" not in head and "号" not in head:
            return ["".join((head, "(", plain[2], ")", plain[3].lstrip("0") or "0", "号"))]
    numbers = split_numbers(text, lambda part: _with_digits(normalize(part)))
    return [_usual_spelling(number) for number in numbers] or [normalize(text)]


def _usual_spelling(number: str) -> str:
    said = _UNSAID.sub(" ", number)
    year = _LONE_YEAR.search(said) or _GLUED_YEAR.search(said)
    if year is None:
        return _close_up(said)
    before, after = _close_up(said[: year.start()]), _close_up(said[year.end() :])
    return "".join((before, "(", year[1], ")", after, "号"))


def _close_up(text: str) -> str:
    """Words and numbers without signs and leading zeros; a hyphen between two numbers, which were else one."""
    parts: list[str] = []
    for digits, word in _DIGITS_OR_WORD.findall(text):
        if digits and parts and parts[-1].isdigit():
            parts.append("-")
        parts.append(word or digits.lstrip("0") or "0")
    return "".join(parts)


def _with_digits(number: str) -> str:
    """A normalised number whose year or number in Han numerals stands in digits."""
    if _ANY_NUMERAL.search(number) is None:
        return number
    return _HAN_SERIAL.sub(_read_numeral, _HAN_YEAR.sub(_read_numeral, number))


def _read_numeral(match: re.Match[str]) -> str:
    value = read_numeral(match.group())
    return match.group() if value is None else str(value)


def number_forms(text: str, normalize: Callable[[str], str]) -> tuple[str, ...]:
    """All forms of all numbers in a cell, unique; () if nothing in it has a digit."""
    forms: dict[str, None] = {}
    for number in split_numbers(text, normalize):
        forms.update(dict.fromkeys(_forms(number)))
    return tuple(form for form in forms if form)


def _forms(number: str) -> tuple[str, ...]:
    usual = _USUAL.fullmatch(number)
    if usual and _UNSAID.search(usual[1]) is None:
        head, year, serial = usual.groups()
        end = f"{year}{_DIGITS.sub(_without_zeros, serial)}"
        return number, f"{head}{year}{serial}号", f"{head}{end}", f"…{end}"
    key = number_key(number)
    return number, _letters_and_digits(number), key, _short_key(number, key), _end_key(number)


def _end_key(number: str) -> str:
    """The key of a number without what stands before its year; "" where it has no year in brackets or no 号."""
    ends = [match for match in _END.finditer(number) if match.end() == len(number)]
    return f"…{number_key(ends[-1].group())}" if ends else ""


def number_query(text: str, normalize: Callable[[str], str]) -> tuple[str, ...] | None:
    """The keys to ask for if the text looks like one document number, else None."""
    number = _LABEL.sub("", _unwrapped(normalize(text)))
    if _END.fullmatch(number):
        return (_end_key(number),)
    if not SHORTEST_QUERY <= len(number) <= FORM_LENGTH or not _DIGITS.search(number):
        return None
    compact = "".join(ALNUM_RUN.findall(number))
    is_compact = len(compact) == len(number.replace("-", "").replace(" ", ""))
    is_code_like = is_compact and _CODE_LIKE.fullmatch(compact)
    if not is_code_like and not any(pattern.search(number) for pattern in _LOOKS_LIKE):
        return None
    keys = (number_key(number), compact) if is_code_like else (number_key(number),)
    return tuple(dict.fromkeys(key for key in keys if key)) or None


def number_key(number: str) -> str:
    """The spelling in which all spellings of a normalised number meet."""
    said = _UNSAID.sub(" ", number)
    parts = []
    for han, letters, _ in RUN.findall(said):
        parts.append(han or _DIGITS.sub(_without_zeros, letters))
    return "".join(parts)


def _without_zeros(match: re.Match[str]) -> str:
    """A run of digits without leading zeros; one that begins with a year has them behind the year."""
    digits = match.group()
    if _YEAR.match(digits) and len(digits) <= 10:
        return digits[:4] + digits[4:].lstrip("0")
    return digits.lstrip("0")


def _letters_and_digits(number: str) -> str:
    return "".join(han or letters for han, letters, _ in RUN.findall(number))


def _short_key(number: str, key: str) -> str:
    """The key from the word right before the year on, where something else stands before it."""
    head = _HEAD.search(number)
    return number_key(number[head.start() :]) if head and head.start() else key


def _unwrapped(number: str) -> str:
    """A number that stands wholly in brackets, without them."""
    inner = number[1:-1]
    if number.startswith("(") and number.endswith(")") and _is_balanced(inner):
        return inner
    return number


def _is_balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0
