"""Which authorities decide about the invented subjects?

The offices are called what such offices are called; nothing that is said of their decisions is real. Document
numbers hold 演 (demo) and case numbers the court code 0499, which no court has.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from samples.codes import CodeMaker, uscc_of

SOURCE = "信用信息演示数据中心(虚构)"
"""Said to have delivered every row, so that each record of the demo names itself as such."""
SOURCE_CODE = uscc_of("12", "220400", 999_999)


class Authority(NamedTuple):
    """An office: its name and code, the division it serves, its sector and the head of its document numbers."""

    name: str
    uscc: str
    region: str
    sector: str
    head: str


PLACES = {
    "220400": "辽源市",
    "220402": "辽源市龙山区",
    "220403": "辽源市西安区",
    "220421": "东丰县",
    "220422": "东辽县",
}
_HEADS = {"220400": "辽", "220402": "龙", "220403": "西", "220421": "东丰", "220422": "东辽"}
COUNTIES = ("220402", "220403", "220421", "220422")
"""Where four of five local subjects are; the rest is registered with the city."""

_OFFICES = (
    ("market", "市场监督管理局", "市监", True),
    ("food", "市场监督管理局", "市监", True),
    ("catering", "市场监督管理局", "市监", True),
    ("medicine", "市场监督管理局", "市监", True),
    ("safety", "应急管理局", "应急", True),
    ("construction", "住房和城乡建设局", "住建", True),
    ("labour", "人力资源和社会保障局", "人社", True),
    ("health", "卫生健康局", "卫健", True),
    ("agriculture", "农业农村局", "农", True),
    ("education", "教育局", "教", True),
    ("environment", "生态环境局", "环", False),
    ("transport", "交通运输局", "交", False),
    ("culture", "文化广播电视和旅游局", "文旅", False),
    ("fire", "消防救援支队", "消", False),
    ("city", "城市管理行政执法局", "城管", False),
    ("finance", "财政局", "财", False),
    ("civil", "民政局", "民", False),
    ("statistics", "统计局", "统", False),
    ("planning", "发展和改革委员会", "发改", False),
    ("resources", "自然资源局", "自然资", False),
    ("approval", "政务服务和数字化建设管理局", "政务", False),
)


class Authorities:
    """All offices, found by sector and place."""

    def __init__(self, codes: CodeMaker) -> None:
        self._by_place: dict[tuple[str, str], Authority] = {}
        by_name: dict[str, str] = {}
        for sector, office, word, has_counties in _OFFICES:
            for region in ("220400", *COUNTIES) if has_counties else ("220400",):
                name = PLACES[region] + office
                uscc = by_name.get(name) or codes.uscc("11", region)
                by_name[name] = uscc
                self._by_place[sector, region] = Authority(name, uscc, region, sector, _HEADS[region] + word)
        for region in PLACES:
            name = f"国家税务总局{PLACES[region]}税务局"
            head = _HEADS[region] + "税"
            self._by_place["tax", region] = Authority(name, codes.uscc("11", region), region, "tax", head)
        customs = Authority("长春海关", codes.uscc("11", "220100"), "220100", "customs", "长关")
        self._by_place["customs", "220400"] = customs

    def of(self, sector: str, region: str, rng: Random) -> Authority:
        """The office of a sector: mostly that of the county, else that of the city."""
        if region in COUNTIES and rng.random() < 0.7:
            found = self._by_place.get((sector, region))
            if found:
                return found
        return self._by_place[sector, "220400"]

    def all(self) -> list[Authority]:
        """Every office once."""
        return list({entry.uscc: entry for entry in self._by_place.values()}.values())


COURTS = (
    "辽源市中级人民法院",
    "辽源市龙山区人民法院",
    "辽源市西安区人民法院",
    "东丰县人民法院",
    "东辽县人民法院",
)


def document_number(authority: Authority, word: str, year: int, number: int, rng: Random) -> str:
    """A document number such as 辽市监演罚〔2025〕12号, in one of the bracket styles that arrive."""
    left, right = rng.choice(("〔〕", "〔〕", "〔〕", "〔〕", "[]", "【】", "（）"))
    return f"{authority.head}演{word}{left}{year}{right}{number}号"


def case_number(word: str, year: int, number: int, rng: Random) -> str:
    """A case number with a court code that no court has."""
    left, right = rng.choice(("（）", "（）", "()"))
    return f"{left}{year}{right}吉0499{word}{number}号"
