"""How is a kept value written for people?"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from indexers.grammar import RecordField
from indexers.records import OPEN_DATE

TEN_THOUSAND = Decimal(10_000)


Wording = Callable[[str], str]


class FieldWords:
    """Writes values of record fields; regions and industries by their names."""

    def __init__(self, region_name: Wording, industry_name: Wording) -> None:
        self._by_table = {"regions": region_name, "industries": industry_name}

    def wording(self, field: RecordField) -> Wording | None:
        """How one value of a field is written; None where it is written as it is."""
        if field.labels:
            return self._by_table[field.labels]
        if field.type == "date":
            return shown_date
        if field.type == "amount":
            return shown_amount
        if field.choices:
            return lambda value: field.choices.get(value, value)
        return (lambda value: f"{value}{field.unit}") if field.unit else None


def shortened(text: str, length: int) -> str:
    """The text, or so many characters that end in …."""
    return text if len(text) <= length else text[: length - 1] + "…"


def shown_date(iso: str) -> str:
    """2026-11-21 → 2026年11月21日; the open end → 长期; anything else as it is."""
    if iso == OPEN_DATE:
        return "长期"
    year, _, rest = iso.partition("-")
    month, _, day = rest.partition("-")
    if not (year.isdigit() and month.isdigit() and day.isdigit()):
        return iso
    return f"{int(year)}年{int(month)}月{int(day)}日"


def shown_amount(yuan: str) -> str:
    """5000 → 5,000元; from ten thousand on the 万元 that documents use stand first: 5万元（50,000元）."""
    spoken, plain = spoken_amount(yuan), _plain_amount(yuan)
    return spoken if spoken == plain else f"{spoken}（{plain}）"


def spoken_amount(yuan: str) -> str:
    """5000 → 5,000元, 50000 → 5万元; what is no amount as it is."""
    try:
        amount = Decimal(yuan)
    except InvalidOperation:
        return yuan
    return _plain_amount(yuan) if amount < TEN_THOUSAND else f"{(amount / TEN_THOUSAND).normalize():,f}万元"


def _plain_amount(yuan: str) -> str:
    try:
        return f"{Decimal(yuan).normalize():,f}元"
    except InvalidOperation:
        return yuan
