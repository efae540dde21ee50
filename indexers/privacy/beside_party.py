"""What stands in the cell of a party beside its name: labels, numbers, persons who act for it?"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

import msgspec

from ..words_within import any_of
from .persons import HAN
from .wordlists import PrivacyWords

_NAME = r"[^\s,，;；、()（）:：\n]{2,20}"
_NAMES_IN_BRACKETS = r"[^\s()（）:：,，;；][^()（）:：,，;；\n]{1,39}?"
"""Several, or one with blanks in it."""
_ENDS_OF_ORGANISATIONS = "司店厂社所部场院校行会户馆站队市房楼园厅吧铺坊庄屋心室局处团台阁苑摊档廊"
_AFTER_ORGANISATION = rf"(?<=[{_ENDS_OF_ORGANISATIONS}])"
_JOINING = r"\s*(?:及其?|和|与|[,，、;；])\s*"
_APART = "/／:：·•—|+＋&＆-"
"""Signs that stand within names too."""
_OPEN, _CLOSE = r"(（\[［【〔「“\"", r")）\]］】〕」”\""
_WHOLE_UNIT = (
    r"(?:(?<=有限公司|责任公司|集团公司)|(?<=超市|商店|饭店|药店|诊所)|(?<=经营部|门市部|便利店)|(?<=[)）]))"
)
"""Behind these a name of a unit is over, if it does not go on with a word of its own. Behind 分公司 and 合作社 stand
names of places that look like names of persons (田心点, 吴庄点)."""
_COMPANY = "公司"
_OWNED = r"(?:所?(?:经营|开办|开设|投资|承包|所有)的)"
_BETWEEN_NAMES = re.compile(r"[\s、]+")
_HAN_NAME = rf"(?P<name>{HAN}{{2,4}})(?=$|[\n、,，;；/／])"
_NUMBERED = re.compile(r"(?:^|(?<=[\s;；、,，]))(?:\d{1,2}[.．、]|[(（]\d{1,2}[)）])\s*(?=[^\d\s])|[①-⑳]\s*")
_FEWEST_NUMBERED = 2
LONGEST_CELL = 2_000
"""Characters of a cell that is read for its parties: some dozens of names."""
_SURELY_A_NAME = 3
"""Characters of a name that is hardly another word."""
_NO_PERSON = re.compile(
    rf"[已未无原曾现旧非待]{HAN}+|{HAN}家{HAN}"
    rf"|{HAN}+[路街道巷区县市镇乡村屯沟里园店湾城楼宫井矿行站场院部局馆处所室组队科厂户名称人方体]"
)
"""Remarks, roles and places: 已注销, 管理人, 单县路, 何家沟."""


class PartyCell(msgspec.Struct, frozen=True):
    """The parties of a cell, each in its line, and the names of those who act for one and are no parties."""

    parties: str
    representatives: tuple[str, ...] = ()


class PartyReader:
    """Tells the parties of a cell apart from what stands beside them.

    `looks_like_name` knows names of persons by their surnames, `could_be_name` whatever is no organisation and short
    enough, `is_unit` what has a word of one; `places` are names of regions.
    """

    def __init__(
        self,
        words: PrivacyWords,
        looks_like_name: Callable[[str], bool],
        could_be_name: Callable[[str], bool],
        is_unit: Callable[[str], bool],
        places: Collection[str],
    ) -> None:
        self._is_unit = is_unit
        self._looks_like_name = looks_like_name
        self._could_be_name = could_be_name
        self._places = places
        self._compound_surnames = words.compound_surnames
        # Never a shorter one for a longer (法人 of 法人代表), whatever follows.
        told, party_labels = f"(?>{any_of(words.representative_words)})", f"(?>{any_of(words.party_labels)})"
        self._named = (
            # 红旗饭店（经营者：某甲，电话…）
            re.compile(
                rf"\s*[(（]{told}(?:姓名)?\s*+[:：]?\s*+({_NAMES_IN_BRACKETS})(?:[,，;；][^()（）\n]*)?[)）](?=\s*(?:$|\n))"
            ),
            # 红旗饭店，经营者：某甲
            re.compile(rf"[\s,，;；、]++{told}(?:姓名)?\s*[:：]\s*({_NAME})(?=$|[\s,，;；、])"),
            # 经营者：某甲 字号：红旗饭店
            re.compile(rf"^{told}(?:姓名)?\s*[:：]\s*({_NAME})[\s,，;；、]+(?={party_labels}\s*[:：])"),
            # （经营者：某甲）红旗饭店
            re.compile(rf"^[{_OPEN}]{told}(?:姓名)?\s*[:：]?\s*({_NAME})[{_CLOSE}]\s*(?=\S)", re.MULTILINE),
        )
        # A quick look for what any of the expressions below must have: most names have none of it.
        self._parting = re.compile(rf"[ 的{_CLOSE}{_APART}]|[司市店所部][^\n]")
        self._in_brackets = re.compile(
            rf"{_AFTER_ORGANISATION}\s*[{_OPEN}]\s*({HAN}{{2,4}})\s*(?:[,，][^{_OPEN}{_CLOSE}\n]*)?[{_CLOSE}]"
            r"(?=\s*(?:$|[\n、,，;；]))"
        )
        # 甲有限公司和某甲, 甲有限公司，某甲, 甲有限公司、董事长某甲, 甲有限公司法定代表人某甲
        self._behind = re.compile(
            rf"{_AFTER_ORGANISATION}(?:(?:{_JOINING}|[\s{_APART}]+(?={told}))(?P<role>{told})?\s*[:：]?"
            rf"|\s*{told}(?P<says>\s*[:：])?)\s*{_HAN_NAME}"
        )
        # 直接责任人某甲，甲有限公司
        self._before = re.compile(rf"^{told}(?={_HAN_NAME})", re.MULTILINE)
        # 甲医院 某甲, 甲饭店-某甲, 甲有限公司某甲乙, 甲饭店（个体工商户）某甲乙
        self._set_apart = re.compile(
            rf"(?:{_AFTER_ORGANISATION}|(?<=[)）]))[ {_APART}]+{_HAN_NAME}"
            rf"|{_WHOLE_UNIT}(?P<glued>{HAN}{{{_SURELY_A_NAME}}})(?=$|\n)"
        )
        # 某甲乙 甲饭店, 某甲-鹿乡县甲饭店, 某甲经营的甲饭店
        self._in_front = re.compile(
            rf"^(?P<name>{HAN}{{2,4}}?)(?:(?P<sign>[ {_APART}]+)|(?P<owned>{_OWNED}))(?P<unit>{HAN}.*)$",
            re.MULTILINE,
        )
        # Nearly every cell is a name and nothing else; each of these looks takes a fraction of one for both.
        self._sign = re.compile(rf"[\s()（）,，;；、①-⑳及和与{_APART}]")
        self._role = re.compile(any_of(words.representative_words))
        self._label = re.compile(
            rf"^[ \t]*(?:{party_labels}|{told})(?:姓名|名称)?\s*[:：][ \t]*", re.MULTILINE
        )

    def read(self, cell: str) -> PartyCell:
        """The parties without labels (当事人：…), numbers (1. … 2. …) and representatives (经营者：…)."""
        has_role = self._role.search(cell) is not None
        if not has_role and self._sign.search(cell) is None:
            return PartyCell(cell)
        if len(cell) > LONGEST_CELL:
            return PartyCell(cell)
        if len(_NUMBERED.findall(cell)) >= _FEWEST_NUMBERED:
            cell = "\n".join(map(str.strip, _NUMBERED.split(cell))).strip()
        names: dict[str, None] = {}

        def take(found: re.Match[str]) -> str:
            whole = "".join(found[1].split())
            if len(whole) <= _SURELY_A_NAME and not self._could_be_name(whole):
                return found[0]  # 法人独资
            names.update(
                dict.fromkeys(filter(self._looks_like_name, (whole, *_BETWEEN_NAMES.split(found[1]))))
            )
            return ""

        if has_role:
            for place in self._named:
                cell = place.sub(take, cell)
        cell = self._behind.sub(self._on_a_line, cell)
        if ":" in cell or "：" in cell:
            cell = self._label.sub("", cell)
        if has_role:
            cell = self._before.sub(
                lambda found: "" if self._looks_like_name(found["name"]) else found[0], cell
            )
        return PartyCell(cell, tuple(names))

    def is_unclear(self, cell: str) -> bool:
        """Whether nothing but a blank, a sign that stands within names too or brackets parts a unit from what may be a
        person: its owner, or a party too."""
        if self._parting.search(cell) is None:
            return False
        behind = [found["name"] or found["glued"] for found in self._set_apart.finditer(cell)]
        if any(map(self._may_be_person, (*behind, *self._in_brackets.findall(cell)))):
            return True
        return any(map(self._is_owner, self._in_front.finditer(cell)))

    def _is_owner(self, found: re.Match[str]) -> bool:
        """Whether the word in front of a unit is a person: 鹿乡 一号饭店 is one name, and so are 安平 商贸有限公司 and
        梅特勒-托利多仪器有限公司."""
        name, unit, sign = found["name"], found["unit"], found["sign"]
        if not self._may_be_person(name) or not self._is_unit(unit):
            return False
        if sign is not None and not sign.isspace() and _COMPANY in unit:
            return False
        return len(name) >= _SURELY_A_NAME or bool(found["owned"]) or any(map(unit.startswith, self._places))

    def _may_be_person(self, name: str) -> bool:
        """Whether a word that nothing calls a person is a name, and no place or remark."""
        is_short = len(name) <= _SURELY_A_NAME or name.startswith(self._compound_surnames)
        is_other = name in self._places or _NO_PERSON.fullmatch(name) is not None
        return is_short and not is_other and self._looks_like_name(name)

    def _on_a_line(self, found: re.Match[str]) -> str:
        name = found["name"]
        is_said = found["role"] or found["says"]
        is_name = self._could_be_name(name) if is_said else self._may_be_person(name)
        return f"\n{name}" if is_name else found[0]
