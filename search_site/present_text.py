"""How are dates, codes, counts and matched text written for people?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from markupsafe import Markup, escape

from indexers.identifiers import USCC_LENGTH, organisation_class, organisation_code_of, region_of
from indexers.query import Total
from indexers.wording import shortened, shown_date
from search_site.labels import Labels

DESCRIPTION_LENGTH = 120
"""Characters; search engines cut off what is longer."""


class Day(msgspec.Struct, frozen=True):
    """A date for `<time>`: ISO and in words. Both empty where there is none."""

    iso: str = ""
    text: str = ""


class Row(msgspec.Struct, frozen=True):
    """One line of a key/value table; `iso` is set where the text is a date."""

    key: str
    label: str
    text: str
    iso: str = ""
    url: str = ""
    explain: str = ""


def day_of(iso: str) -> Day:
    """A date for `<time>`."""
    return Day(iso, shown_date(iso)) if iso else Day()


def count_text(total: Total) -> str:
    """`12`, `1,234`, or `超过 10,000` where nobody counted further."""
    return f"{total.value:,}" if total.exact else f"超过 {total.value:,}"


def total_text(totals: Mapping[str, Total], name: str) -> str:
    """One of the totals of all that is published; what is not among them there is none of."""
    return count_text(totals.get(name, Total(0)))


def parted(values: str) -> str:
    """Several values of one field (警告;罚款) with the sign between them that people write."""
    return values.replace(";", "；")


def code_parts(uscc: str) -> tuple[str, ...]:
    """A code in groups that can be read aloud; copied together they are the code again."""
    if len(uscc) != USCC_LENGTH:
        return (uscc,) if uscc else ()
    return uscc[:8], uscc[8:12], uscc[12:16], uscc[16:]


def code_rows(uscc: str, labels: Labels) -> tuple[Row, ...]:
    """What the parts of a unified social credit code say (GB 32100-2015)."""
    if len(uscc) != USCC_LENGTH:
        return ()
    region = region_of(uscc)
    class_key = organisation_class(uscc, labels.catalog.path)
    return (
        Row("class", f"第 1–2 位 {uscc[:2]}", labels.organisation_class(class_key)),
        Row("region", f"第 3–8 位 {region}", f"登记机关所在地：{labels.regions.full_name(region)}"),
        Row("organisation", f"第 9–17 位 {organisation_code_of(uscc)}", "组织机构代码，每家单位各不相同"),
        Row("check", f"第 18 位 {uscc[17]}", "校验码，由前 17 位算出，用来发现抄错"),
    )


def described(*parts: str) -> str:
    """What search engines may show below a link: a beginning of what the page itself shows."""
    text = " · ".join(" ".join(part.split()) for part in parts if part)
    return shortened(text, DESCRIPTION_LENGTH)


def marked(text: str, ranges: Sequence[tuple[int, int]]) -> Markup:
    """The escaped text with `<mark>` around half-open code-point ranges, in rising order."""
    if not ranges:
        return escape(text)
    parts: list[str] = []
    done = 0
    for start, end in ranges:
        if done <= start < end <= len(text):
            parts += (_escaped(text[done:start]), "<mark>", _escaped(text[start:end]), "</mark>")
            done = end
    parts.append(_escaped(text[done:]))
    return Markup("".join(parts))


def _escaped(text: str) -> str:
    return str.__str__(escape(text))
