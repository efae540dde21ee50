"""What in an accepted row may well be a slip, although nothing forbids it?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from indexers.amounts import read_amounts
from indexers.grammar import Column, RecordField, RecordKind
from indexers.numerals import NUMERAL
from indexers.records import Draft, RowProblem, Value
from indexers.wording import shown_amount

_FINE = re.compile(rf"罚款[^\d{NUMERAL},，;；。、]{{0,6}}([\d.,，{NUMERAL}\s]{{1,40}}[元圆])")
_OTHER_UNIT = 10
"""A sum that is so many times another one stands in another unit, or has a digit too many."""
_GREATEST_USUAL_FINE = Decimal(100_000_000)
"""In 元: fines above it are decided by offices of the state, and by no city's department."""
_DAY = re.compile(
    r"(?:19|20)\d\d(?:-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2}|年\d{1,2}月\d{1,2}日)"
)
_LONGEST_DAY = len("2026年12月31日")

Hint = tuple[str, str, str]
"""A field, the rule that found it, and what the clerk is told."""
_Content = Mapping[str, Value]
_Look = Callable[[_Content], Hint | None]


class Hints:
    """Looks at the accepted rows of one sheet; `columns` and `header`: what its columns are called."""

    def __init__(
        self,
        kinds: Mapping[str, RecordKind],
        fields_of: Callable[[RecordKind], Mapping[str, RecordField]],
        columns: Sequence[Column | None],
        header: Sequence[str],
        sheet: str,
    ) -> None:
        self._sheet = sheet
        named = zip(columns, header, strict=True)
        self._labels = {column.to: " ".join(label.split()) for column, label in named if column and column.to}
        self._kinds = kinds
        self._fields_of = fields_of
        self._of_kind: dict[str, tuple[_Look, ...]] = {}

    def look(self, row: int, draft: Draft) -> tuple[RowProblem, ...]:
        """What the clerk is told of a row, () of nearly all."""
        looks = self._of_kind.get(draft.kind)
        if looks is None:
            fields = self._fields_of(self._kinds[draft.kind]).keys()
            looks = tuple(look for needs, look in _LOOKS if needs <= fields)
            self._of_kind[draft.kind] = looks
        content = draft.content
        found: tuple[RowProblem, ...] = ()
        for look in looks:
            if (hint := look(content)) is not None:
                found = (*found, self._note(row, draft, *hint))
        return found

    def _note(self, row: int, draft: Draft, field: str, rule: str, message: str) -> RowProblem:
        known = self._fields_of(self._kinds[draft.kind])[field]
        # A sum is kept in 元, whatever the column says; the message names it.
        shown = "" if known.type == "amount" else draft.one(field)
        return RowProblem(self._sheet, row, self._labels.get(field) or known.label, shown, rule, message)


def _look_at_validity(content: _Content) -> Hint | None:
    until = content.get("valid_until")
    if isinstance(until, str) and until < str(content.get("decided_on", "")):
        return "valid_until", "valid_before_decision", "有效期至早于决定日期，请核对两个日期"
    return None


def _look_at_number(content: _Content) -> Hint | None:
    number = content.get("document_number")
    if isinstance(number, str) and len(number) <= _LONGEST_DAY and _DAY.fullmatch(number):
        return "document_number", "number_is_day", "文号是一个日期，请检查这一行是否错了列"
    return None


def _look_at_fine(content: _Content) -> Hint | None:
    """The sum of the column beside the one that the decision names."""
    amount = content.get("fine_amount")
    if not isinstance(amount, str):
        return None
    text = content.get("penalty_content", "")
    if not isinstance(text, str) or f"罚款{amount}元" in text or (said := _named_fine(text)) == amount:
        return None
    fine, named = Decimal(amount), Decimal(said or 0)
    if named and fine and max(fine, named) >= _OTHER_UNIT * min(fine, named):
        told = f"这一栏合{shown_amount(amount)}，处罚内容写的是{shown_amount(said)}；请核对金额和单位"
        return "fine_amount", "fine_differs", told
    if fine >= _GREATEST_USUAL_FINE:
        return "fine_amount", "fine_is_great", f"罚款合{shown_amount(amount)}；请核对这一栏的单位"
    return None


def _named_fine(text: str) -> str:
    """The one fine that a text names, in 元; "" where it names none or several."""
    found = _FINE.findall(text) if "罚款" in text else []
    amounts = read_amounts(found[0]) if len(found) == 1 else None
    return amounts[0] if amounts and len(amounts) == 1 else ""


_LOOKS: tuple[tuple[frozenset[str], _Look], ...] = (
    (frozenset({"decided_on", "valid_until"}), _look_at_validity),
    (frozenset({"document_number"}), _look_at_number),
    (frozenset({"fine_amount", "penalty_content"}), _look_at_fine),
)
