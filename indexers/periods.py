"""When does a period end that a cell gives as a range of days or as a length?"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from indexers.numerals import read_numeral
from indexers.publicity import add_months
from indexers.records import OPEN_DATE, Value
from indexers.values import clean_text, read_date, without_times

_DAY = re.compile(
    r"\d{4}[年./-]\d{1,2}[月./-]\d{1,2}日?|(?<!\d)\d{8}(?!\d)|[〇○零Oo一二三四五六七八九]{4}年[^月]{1,3}月[^日]{1,4}日"
    r"|长期|永久|无固定期限"
)
_BETWEEN = re.compile(r"[自从由起始至到迄为止期有效公示日限:：~～—–－()（）,，、;；\s-]*")
_BEFORE_LAST_DAY = re.compile(r"(?:公示|有效)?期?限?(?:截[至止]|截止[至到]|至|到|为)?[:：]?")
_BEHIND_LAST_DAY = re.compile(r"(?:为?止|截止|到期|期满|届满)?")
_EDGES = re.compile(r"^[\s,，;；、/()（）]+|[\s,，;；、/()（）]+$")
_HOW_MANY = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3}|半)"
_LENGTH = re.compile(
    r"(?:自?(?:[作做]出|公示|公布|发布|处罚|行政|许可|决定|列入|认定|批准|发证|颁发|签发|核发|书)*之日起)?"
    r"(?:有效|公示)?(?:期限?)?[为:：满共]?"
    rf"(?P<number>{_HOW_MANY})个?(?P<unit>[年月])"
)
_LENGTH_BESIDE_DAYS = re.compile(rf"(?<![\d一二两三四五六七八九十]){_HOW_MANY}个?[年月]")
_UNIT_OF_LABEL = re.compile(r"[(（](?:单位[:：]?)?(年|个?月)[)）]$")
_NUMBER = re.compile(r"\d{1,3}", re.ASCII)
_MONTHS_OF_A_YEAR = 12
_MARK = "months:"
"""Begins the value of a period given by its length, until its row tells when it began."""


def read_range(text: str) -> tuple[str, str] | None:
    """(first, last day) of 「2023年5月6日至2026年5月5日」, also beside its length (「三年（…至…）」), ISO dates.

    None where two days do not make up the text.
    """
    plain = without_times(unicodedata.normalize("NFKC", text))
    days = [read_date(found) for found in _DAY.findall(plain)]
    if len(days) != 2:
        return None
    rest = _DAY.sub(" ", plain)
    if _BETWEEN.fullmatch(rest) is None and _BETWEEN.fullmatch(_LENGTH_BESIDE_DAYS.sub("", rest, 1)) is None:
        return None
    first, last = days
    if not first or not last or first > last or first == OPEN_DATE:
        return None
    return first, last


def read_last_day(text: str) -> str | None:
    """The day of 「至2027年3月14日」, 「有效期至2027.3.14」, 「2027-03-14止」.

    None where something else is said of it, and where nothing is: a day alone is read as one.
    """
    plain = without_times(unicodedata.normalize("NFKC", text))
    if len(found := list(_DAY.finditer(plain))) != 1:
        return None
    before, behind = plain[: found[0].start()].strip(), plain[found[0].end() :].strip()
    is_end = _BEFORE_LAST_DAY.fullmatch(before) and _BEHIND_LAST_DAY.fullmatch(behind) and (before or behind)
    return (read_date(found[0][0]) or None) if is_end else None


def split_day(text: str) -> tuple[str, str]:
    """What a cell says beside the one day that stands in it, and that day; the text and "" where there is none."""
    plain = without_times(text)
    found = list(_DAY.finditer(plain))
    if len(found) != 1:
        return text, ""
    [day] = found
    return _EDGES.sub("", f"{plain[: day.start()]} {plain[day.end() :]}"), day[0]


def unit_of_label(label: str) -> str:
    """The unit of time that ends the label of a column (公示期限（月）), "" for none."""
    unit = _UNIT_OF_LABEL.search(label)
    return unit[1] if unit else ""


def with_unit(text: str, unit: str) -> str:
    """The text of a cell with the unit of its column, if it is a bare number: 3 under 公示期限（月） are 3个月."""
    number = text.strip()
    return f"{number}{unit}" if unit and _NUMBER.fullmatch(number) else text


def read_months(text: str) -> int | None:
    """The length in months of 「三年」, 「6个月」, 「有效期1年」; None where the text is no such length."""
    plain = "".join(unicodedata.normalize("NFKC", clean_text(text)).split())
    match = _LENGTH.fullmatch(plain)
    if match is None:
        return None
    years = match["unit"] == "年"
    if match["number"] == "半":
        return _MONTHS_OF_A_YEAR // 2 if years else None
    number = int(match["number"]) if match["number"].isdigit() else read_numeral(match["number"])
    return (number or 0) * (_MONTHS_OF_A_YEAR if years else 1) or None


def ends_sometime(text: str) -> bool:
    """Whether a cell says when a period ends: by a day, a range, a length, or that there is no end."""
    return read_date(text) is not None or bool(read_range(text) or read_last_day(text) or read_months(text))


def length_of(months: int) -> str:
    """What stands for the last day of a period of so many months until `end_period`."""
    return f"{_MARK}{months}"


def end_periods(content: dict[str, Value]) -> None:
    """Count periods that are given by their length from their first day, else from the day of the decision; of the
    ends that several columns gave, the earliest stays."""
    if "valid_until" in content:
        _end(content, "valid_until", content.get("valid_from") or content.get("decided_on"))
    if "publicity_end" in content:
        _end(content, "publicity_end", content.get("decided_on"))


def _end(content: dict[str, Value], name: str, first: Value | None) -> None:
    value = content[name]
    if isinstance(value, str) and not value.startswith(_MARK):
        return
    del content[name]
    given = [value] if isinstance(value, str) else value
    ends = [end for each in given if (end := _end_of(each, first))]
    if ends:
        content[name] = min(ends)


def _end_of(end: str, first: Value | None) -> str:
    """The last day, "" where a length has no first day."""
    if not end.startswith(_MARK):
        return end
    if not isinstance(first, str) or first == OPEN_DATE:
        return ""
    return add_months(date.fromisoformat(first), int(end.removeprefix(_MARK))).isoformat()
