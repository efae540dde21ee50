"""Whom is a row about: one organisation, several, persons, both, or is it unclear?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import msgspec

from indexers.privacy import Privacy
from indexers.records import Value
from indexers.values import split_values

PERSON_CLASS = "person"
"""The value of `party_class` for natural persons."""

_BETWEEN_PARTIES = "、;；\n"
_COMMA_BETWEEN = re.compile(r"(?<=[^\x00-\x7f])[,，/](?=[^\x00-\x7f])(?![^(（]*[)）])")
"""Not in Latin names (Example Co., Ltd.), nor in brackets."""
SEPARATING = re.compile(rf"[{_BETWEEN_PARTIES},，/]")
"""What a cell of several parties has in it, and few others."""


class Parties(msgspec.Struct, frozen=True):
    """Organisations with their codes, names of persons, and what is unclear: (field, rule, message)."""

    organisations: tuple[tuple[str, str], ...] = ()
    persons: tuple[str, ...] = ()
    trouble: tuple[tuple[str, str, str], ...] = ()


def sort_parties(
    content: Mapping[str, Value],
    beside: Sequence[str],
    has_person_number: bool,
    privacy: Privacy,
    *,
    is_register: bool = False,
) -> Parties:
    """Tell the parties of a row apart.

    `is_register`: the row describes one subject, whatever signs its name holds (A、B站).

    `beside`: names in columns of persons. `has_person_number`: an identity number stands in the row. A class
    wins over a code, a code over the form of the name, the form of the name over a person's number.
    """
    delivered, codes = _text(content.get("party")), _list(content.get("uscc"))
    stated = content.get("party_class")
    if not delivered:
        persons_only = bool(beside) and not codes
        return Parties(persons=tuple(beside)) if persons_only else Parties()
    if stated == PERSON_CLASS:
        return Parties(persons=tuple(split_values(delivered, _BETWEEN_PARTIES)))

    def is_person(name: str) -> bool | None:
        verdict = privacy.is_person(name)
        return True if verdict is None and has_person_number else verdict

    def is_whole(part: str) -> bool:
        """Whether a part of a cell names somebody; beside a code a short word must be a name to be a person."""
        verdict = is_person(part)
        return verdict is False or (privacy.are_names([part]) if codes else verdict is not None)

    names = [delivered.replace("\n", "")] if is_register else _parts(delivered, is_whole)
    if len(names) == 1:
        verdict = False if (codes or stated) else is_person(names[0])
        verdicts = [verdict]
    else:
        verdicts = [is_person(name) for name in names]
    if None in verdicts:
        return Parties(trouble=(("party", "party_class", _UNCLEAR),))
    persons = [name for name, verdict in zip(names, verdicts, strict=True) if verdict]
    organisations = [name for name, verdict in zip(names, verdicts, strict=True) if not verdict]
    if codes and len(codes) != len(organisations):
        unpaired = tuple((name, "") for name in organisations)
        told = f"一格里有{len(codes)}个代码，而单位有{len(organisations)}个，对不上；请每个单位一行"
        return Parties(unpaired, tuple(persons), (("uscc", "several_parties", told),))
    paired = zip(organisations, codes or [""] * len(organisations), strict=True)
    return Parties(tuple(paired), tuple(persons))


_UNCLEAR = "看不出是单位还是个人；请加“行政相对人类别”一列，或在映射文件的 constants 里写 party_class"


def _parts(delivered: str, is_whole: Callable[[str], bool]) -> list[str]:
    """The names in a cell, cut only between whole names: one may hold 、 or be broken over lines."""
    parts = split_values(_COMMA_BETWEEN.sub("、", delivered), _BETWEEN_PARTIES)
    if len(parts) > 1 and all(is_whole(part) and not part.startswith(_REST_OF_A_NAME) for part in parts):
        return parts
    hard = split_values(delivered.replace("\n", ""), ";；")
    return hard if len(hard) > 1 else [delivered.replace("\n", "")]


_REST_OF_A_NAME = ("有限", "股份", "责任", "公司", "集团", "分公司", "合作社", "支行", "(", "（")


def _text(value: Value | None) -> str:
    return "" if value is None else value if isinstance(value, str) else "；".join(value)


def _list(value: Value | None) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)
