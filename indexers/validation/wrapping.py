"""How does what reads one value become what reads a cell: with the rules of its field, with several values in it?"""

from __future__ import annotations

import re
from collections.abc import Callable

from indexers.errors import CatalogError
from indexers.grammar import RecordField
from indexers.identifiers import (
    IdentifierError,
    is_identity_number,
    is_registration_number,
    validate_uscc,
)
from indexers.records import Value
from indexers.validation.rules import VALUE_RULES, Noted, Refused, Surroundings
from indexers.values import clean_text, is_blank, split_values

Converter = Callable[[str], Value | None]
"""Takes clean or unclean text and returns a value, or None for nothing; raises Refused or Noted."""

_BETWEEN_CODES = re.compile(
    r"(?<![0-9A-Za-z])([0-9A-Za-z]{18})[ \t\u3000]+(?=[0-9A-Za-z]{18}(?![0-9A-Za-z]))"
)
"""Blanks stand inside a code only where it was written in groups."""


def with_rules(one: Converter, field: RecordField, around: Surroundings) -> Converter:
    """The converter, and after it the rules of the field in their order; the first to say something is named."""
    unknown = [name for name in field.rules if name not in VALUE_RULES]
    if unknown:
        raise CatalogError([f"字段 {field.key}：没有校验规则 {name!r}" for name in unknown])
    rules = [(name, VALUE_RULES[name]) for name in field.rules]
    if not rules:
        return one

    def convert(text: str) -> Value | None:
        value = one(text)
        for name, check in rules:
            if not isinstance(value, str) or not value:
                return None
            try:
                value = check(value, around)
            except (Refused, Noted) as found:
                found.rule = found.rule or name
                raise
        return value or None

    return convert


def uscc_first(otherwise: Converter) -> Converter:
    """Nearly every code is right, and a right one needs no other look: it is no person's number."""

    def convert(text: str) -> Value | None:
        try:
            return validate_uscc(text)
        except IdentifierError:
            return otherwise(text)

    return convert


def registration_number_first(otherwise: Converter) -> Converter:
    """Those of businesses come by the thousand too: fifteen digits with a right check that are no person's."""

    def convert(text: str) -> Value | None:
        is_plain = text.isascii() and text.isdigit() and text[0] != "0"
        if is_plain and is_registration_number(text) and not is_identity_number(text):
            return text
        return otherwise(text)

    return convert


def several(one: Converter, separators: str) -> Converter:
    """A cell with several values: each by itself, each once."""

    def convert(text: str) -> Value | None:
        if is_blank(text):
            return None
        values = [one(part) for part in split_values(clean_text(text), separators)]
        return value_of(list(dict.fromkeys(value for value in values if isinstance(value, str))))

    return convert


def codes_apart(several: Converter) -> Converter:
    """Codes with nothing but blanks between them are several too."""
    return lambda text: several(_BETWEEN_CODES.sub(r"\1；", text))


def value_of(values: list[str]) -> Value | None:
    """One value stands alone, several are a list, none is None."""
    return values[0] if len(values) == 1 else values or None
