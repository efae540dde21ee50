"""Which invented subjects does the demo city have?"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from samples.authorities import COUNTIES, PLACES, Authority
from samples.codes import CodeMaker
from samples.names import BRANDS, CROPS, FORMS, SHOPS, TOWNS, TRADES, Trade, in_traditional

ELSEWHERE = (
    ("220102", "长春市"), ("220104", "长春市"), ("220202", "吉林市"), ("220302", "四平市"), ("220581", "梅河口市"),
    ("220802", "白城市"), ("222401", "延吉市"), ("210502", "本溪市"), ("210102", "沈阳市"), ("440802", "湛江市"),
    ("110105", "北京"), ("310115", "上海"), ("330106", "杭州"), ("500112", "重庆"), ("140402", "长治市"),
)  # fmt: skip
"""Registering offices outside the city, with the words that names there begin with."""

_FIRST_DAY, _LAST_DAY = date(1993, 1, 5), date(2026, 9, 30)
_NAMESAKES = 24
"""Pairs of subjects with one name and two codes."""

LIVE = "存续"
_STATES = (*(LIVE,) * 17, "注销", "吊销,未注销", "迁出")


class Subject(NamedTuple):
    """One invented subject, as a row of the profile sheet and as a party of records."""

    name: str
    uscc: str
    registration_number: str
    founded_on: date
    status: str
    region: str
    former: str
    short: str
    trade: Trade
    type: str

    @property
    def home(self) -> str:
        """The division of the city whose offices deal with it."""
        return self.region if self.region in PLACES else "220400"

    @property
    def party_class(self) -> str:
        """Its class in the merged templates."""
        return "个体工商户" if self.uscc.startswith("92") else "法人及非法人组织"


class SubjectMaker:
    """Makes subjects of every class; the same random numbers give the same subjects."""

    def __init__(self, rng: Random, codes: CodeMaker) -> None:
        self._rng = rng
        self._codes = codes
        self._names: set[str] = set()

    def make(self, count: int, authorities: list[Authority]) -> list[Subject]:
        """`count` subjects, the example of the papers first, then all classes mixed, offices among them."""
        made = [self._example(), *(self._office(entry) for entry in authorities)]
        makers = (
            *(self._enterprise,) * 10, *(self._individual,) * 5, self._cooperative, self._cooperative, self._branch,
            self._bank, self._institution, self._association, self._collective,
        )  # fmt: skip
        while len(made) < count - _NAMESAKES:
            subject = self._rng.choice(makers)()
            if subject.name not in self._names:
                self._names.add(subject.name)
                made.append(subject)
        return [*made, *(self._namesake(made[-1 - at * 7 % len(made)]) for at in range(count - len(made)))]

    def pool(self, count: int) -> list[Subject]:
        """`count` businesses for a load run; some share a name, as real ones do."""
        makers = (self._enterprise, self._enterprise, self._individual, self._branch)
        return [self._rng.choice(makers)() for _ in range(count)]

    def _example(self) -> Subject:
        trade = TRADES[0]
        return Subject(
            "辽源市鹿乡食品有限责任公司", self._codes.uscc("91", "220400"),
            self._codes.registration_number("220400", individual=False), date(2004, 3, 15), LIVE, "220402",
            "辽源市鹿乡副食品厂", "鹿乡食品", trade, "有限责任公司",
        )  # fmt: skip

    def _place(self) -> tuple[str, str]:
        """Where a subject is, and the words that its name begins with."""
        rng = self._rng
        if rng.random() < 0.22:
            return rng.choice(ELSEWHERE)
        region = rng.choice((*COUNTIES, *COUNTIES, "220400"))
        place = PLACES[region]
        return region, rng.choice(
            (place, place, "辽源市", "辽源", "吉林省") if region in COUNTIES else (place, "辽源")
        )

    def _founded(self) -> date:
        days = (_LAST_DAY - _FIRST_DAY).days
        return _FIRST_DAY + timedelta(int(days * self._rng.random() ** 0.6))

    def _subject(
        self, name: str, pair: str, region: str, trade: Trade, kind: str, former: str = "", short: str = ""
    ) -> Subject:
        founded = self._founded()
        individual = pair == "92"
        has_old_number = pair[0] == "9" and founded.year < 2015
        number = self._codes.registration_number(region, individual=individual) if has_old_number else ""
        status = self._rng.choice(_STATES) if pair[0] == "9" else LIVE
        uscc = self._codes.uscc(pair, region)
        return Subject(name, uscc, number, founded, status, region, former, short, trade, kind)

    def _enterprise(self) -> Subject:
        rng = self._rng
        region, place = self._place()
        brand, trade, form = rng.choice(BRANDS), rng.choice(TRADES), rng.choice(FORMS)
        core = f"{brand}{trade.word}"
        name = (
            f"{brand}{trade.word}({place.removesuffix('市')}){form}"
            if rng.random() < 0.06
            else f"{place}{core}{form}"
        )
        former = ""
        if rng.random() < 0.12:
            former = rng.choice(
                (f"{place}{rng.choice(BRANDS)}{trade.word}{form}", f"{place}{brand}{trade.word}厂")
            )
            if rng.random() < 0.2:
                former += f";{place}{rng.choice(BRANDS)}{rng.choice(TRADES).word}有限公司"
        short = core if rng.random() < 0.15 else ""
        if rng.random() < 0.01:
            name = in_traditional(name)
        return self._subject(name, "91", region, trade, form.removeprefix("集团"), former, short)

    def _individual(self) -> Subject:
        region, place = self._place()
        trade = self._rng.choice(SHOPS)
        return self._subject(
            f"{place}{self._rng.choice(BRANDS)}{trade.word}", "92", region, trade, "个体工商户"
        )

    def _cooperative(self) -> Subject:
        region = self._rng.choice(COUNTIES[2:])
        crop = self._rng.choice(CROPS)
        name = f"{PLACES[region]}{self._rng.choice(BRANDS)}{crop}专业合作社"
        return self._subject(name, "93", region, Trade(crop, "0111", "agriculture"), "农民专业合作社")

    def _branch(self) -> Subject:
        rng = self._rng
        region = rng.choice(COUNTIES)
        _, place = rng.choice(ELSEWHERE)
        trade = rng.choice(TRADES)
        parent = f"{place}{rng.choice(BRANDS)}{trade.word}有限公司"
        end = rng.choice((f"{PLACES[region].removeprefix('辽源市')}分公司", "辽源分公司", "辽源营业部"))
        return self._subject(parent + end, "91", region, trade, "有限责任公司分公司")

    def _bank(self) -> Subject:
        region = self._rng.choice(COUNTIES)
        word = self._rng.choice(
            ("龙山支行", "东丰支行", "人民大街支行", "营业部", "西安区支行", "东辽县支行")
        )
        name = f"辽源{self._rng.choice(BRANDS)}村镇银行股份有限公司{word}"
        return self._subject(name, "91", region, Trade("银行", "6621", "market"), "股份有限公司分公司")

    def _institution(self) -> Subject:
        region = self._rng.choice(COUNTIES)
        kind = self._rng.choice(("实验小学", "中医医院", "图书馆", "幼儿园", "农业技术推广站", "敬老院"))
        sector = "health" if kind == "中医医院" else "education"
        name = f"{PLACES[region]}{self._rng.choice(BRANDS)}{kind}"
        return self._subject(name, "12", region, Trade(kind, "8321", sector), "事业单位")

    def _association(self) -> Subject:
        kind = self._rng.choice(("行业协会", "志愿服务协会", "养老服务中心", "书画研究会", "慈善基金会"))
        pair = {"养老服务中心": "52", "慈善基金会": "53"}.get(kind, "51")
        name = f"辽源市{self._rng.choice(BRANDS)}{kind}"
        return self._subject(name, pair, "220400", Trade(kind, "9529", "civil"), "社会组织")

    def _collective(self) -> Subject:
        region = self._rng.choice(COUNTIES[2:])
        name = f"{PLACES[region]}{self._rng.choice(TOWNS)}{self._rng.choice(BRANDS)}村股份经济合作社"
        return self._subject(name, "N2", region, Trade("农业", "0111", "agriculture"), "农村集体经济组织")

    def _office(self, authority: Authority) -> Subject:
        self._names.add(authority.name)
        trade = Trade("机关", "", authority.sector)
        return Subject(
            authority.name,
            authority.uscc,
            "",
            date(2019, 3, 1),
            LIVE,
            authority.region,
            "",
            "",
            trade,
            "机关",
        )

    def _namesake(self, other: Subject) -> Subject:
        """Another subject of the same name, registered elsewhere."""
        region = "220403" if other.region != "220403" else "220421"
        return self._subject(other.name, other.uscc[:2], region, other.trade, other.type)
