"""How is a kept value written for people?"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from indexers.grammar import RecordField
from indexers.records import OPEN_DATE, Value

TEN_THOUSAND = Decimal(10_000)


def shown_value(field: RecordField, value: Value) -> str:
    """One field's value in words: dates as 2026年11月21日, amounts with 万元, choices by their label."""
    if isinstance(value, list):
        return ";".join(_shown(field, item) for item in value)
    return _shown(field, value)


def _shown(field: RecordField, value: str) -> str:
    if field.type == "date":
        return shown_date(value)
    if field.type == "amount":
        return shown_amount(value)
    if field.choices:
        return field.choices.get(value, value)
    return f"{value}{field.unit}" if field.unit else value


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
    """5000 → 5,000元; from ten thousand on the 万元 that documents use stand first: 5万元(50,000元)."""
    try:
        amount = Decimal(yuan)
    except InvalidOperation:
        return yuan
    plain = f"{amount.normalize():,f}元"
    if amount < TEN_THOUSAND:
        return plain
    return f"{(amount / TEN_THOUSAND).normalize():,f}万元({plain})"
