"""What stands in the cell of a party beside its name: labels, numbers, persons who act for it?"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from .wordlists import PrivacyWords

_NAME = r"[^\s,，;；、()（）:：\n]{2,20}"
_NAMES_IN_BRACKETS = r"[^()（）:：,，;；\n]{2,40}?"
"""Several, or one with blanks in it."""
_ENDS_OF_ORGANISATIONS = "司店厂社所部场院校行会户馆站队"
_JOINING = r"\s*(?:及其?|和|与)\s*"
_BETWEEN_NAMES = re.compile(r"[\s、]+")
_HAN_NAME = r"([\u3400-\u9fff]{2,4})(?=$|[\n、,，;；])"
_NUMBERED = re.compile(r"(?:^|(?<=[\s;；、,，]))(?:\d{1,2}[.．、]|[(（]\d{1,2}[)）])\s*(?=[^\d\s])|[①-⑳]\s*")
_FEWEST_NUMBERED = 2


class PartyCell(msgspec.Struct, frozen=True):
    """The parties of a cell, each in its line, and the names of those who act for one and are no parties."""

    parties: str
    representatives: tuple[str, ...] = ()


class PartyReader:
    """Tells the parties of a cell apart from what stands beside them; `looks_like_name` knows names of persons."""

    def __init__(self, words: PrivacyWords, looks_like_name: Callable[[str], bool]) -> None:
        self._looks_like_name = looks_like_name
        told = "|".join(map(re.escape, words.representative_words)) or "(?!)"
        party_labels = "|".join(map(re.escape, words.party_labels)) or "(?!)"
        self._places = (
            # 红旗饭店（经营者：某甲，电话…）
            re.compile(
                rf"\s*[(（](?:{told})(?:姓名)?\s*[:：]?\s*({_NAMES_IN_BRACKETS})(?:[,，;；][^()（）\n]*)?[)）](?=\s*(?:$|\n))"
            ),
            # 红旗饭店，经营者：某甲
            re.compile(rf"[\s,，;；、]+(?:{told})(?:姓名)?\s*[:：]\s*({_NAME})(?=$|[\s,，;；、])"),
            # 经营者：某甲 字号：红旗饭店
            re.compile(
                rf"^(?:{told})(?:姓名)?\s*[:：]\s*({_NAME})[\s,，;；、]+(?=(?:{party_labels})\s*[:：])"
            ),
        )
        # 甲有限公司和某甲, 甲有限公司法定代表人某甲: only what is certainly a name is cut off.
        self._behind = re.compile(
            rf"(?<=[{_ENDS_OF_ORGANISATIONS}])(?:{_JOINING}(?:{told})?|\s*(?:{told}))\s*[:：]?\s*{_HAN_NAME}"
        )
        self._by_blank = re.compile(rf"(?<=[{_ENDS_OF_ORGANISATIONS}]) +{_HAN_NAME}")
        # Nearly every cell is a name and nothing else.
        self._unusual = re.compile(rf"[\s()（）:：,，;；、①-⑳及和与]|{told}")
        self._label = re.compile(
            rf"^[ \t]*(?:{party_labels}|{told})(?:姓名|名称)?\s*[:：][ \t]*", re.MULTILINE
        )

    def read(self, cell: str) -> PartyCell:
        """The parties without labels (当事人：…), numbers (1. … 2. …) and representatives (经营者：…)."""
        if self._unusual.search(cell) is None:
            return PartyCell(cell)
        if len(_NUMBERED.findall(cell)) >= _FEWEST_NUMBERED:
            cell = "\n".join(map(str.strip, _NUMBERED.split(cell))).strip()
        names: dict[str, None] = {}

        def take(found: re.Match[str]) -> str:
            whole = "".join(found[1].split())
            names.update(
                dict.fromkeys(filter(self._looks_like_name, (whole, *_BETWEEN_NAMES.split(found[1]))))
            )
            return ""

        for place in self._places:
            cell = place.sub(take, cell)
        cell = self._behind.sub(self._on_a_line, cell)
        if ":" in cell or "：" in cell:
            cell = self._label.sub("", cell)
        return PartyCell(cell, tuple(names))

    def is_unclear(self, cell: str) -> bool:
        """Whether only a blank parts a person from a unit: he may be a party beside it, or the only one."""
        return any(self._looks_like_name(name) for name in self._by_blank.findall(cell))

    def _on_a_line(self, found: re.Match[str]) -> str:
        return f"\n{found[1]}" if self._looks_like_name(found[1]) else found[0]
