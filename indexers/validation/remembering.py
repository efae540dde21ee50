"""What does the converter of a column say of a cell, the first time and whenever the same text comes again?"""

from __future__ import annotations

import msgspec

from indexers.records import Value
from indexers.validation.rules import Noted, Refused
from indexers.validation.wrapping import Converter

_REMEMBERED = 8_192
"""Distinct cells remembered per column: authorities, dates and classes come again and again, facts do not."""

_LONGEST_REMEMBERED = 120
NOT_SEEN = object()

_DITTO = frozenset(("同上", "同前", "〃", "″", "''", '"', "””"))
_TELL_DITTO = "“同上”要看上一行才知道是什么；请把这一格填写完整"


class Trouble(msgspec.Struct, frozen=True):
    """What a converter said instead of a value."""

    message: str
    rule: str
    refuses: bool
    value: Value = ""
    field: str = ""
    personal: bool = False


class Finding(msgspec.Struct, frozen=True):
    """A trouble with the field it is about and the delivered text."""

    field: str
    delivered: str
    trouble: Trouble


def ask_converter(convert: Converter, memory: dict[str, object], delivered: str) -> object:
    """What a converter says of a cell it has not seen: a value, None for nothing, or a trouble."""
    value: object
    try:
        if delivered.strip() in _DITTO:
            raise Refused(_TELL_DITTO, "ditto")
        value = convert(delivered)
    except Refused as refused:
        value = Trouble(refused.message, refused.rule, True, personal=refused.personal)
    except Noted as noted:
        value = Trouble(noted.message, noted.rule, False, noted.value, noted.field, noted.personal)
    if len(delivered) <= _LONGEST_REMEMBERED:
        if len(memory) >= _REMEMBERED:
            memory.clear()
        memory[delivered] = value
    return value
