# ruff: noqa: E501  (a row of data reads better on one line)
"""Which invented penalties were imposed on the demo's subjects?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from samples.authorities import SOURCE, SOURCE_CODE, Authorities, Authority, document_number
from samples.sheets import Cell
from samples.subjects import Subject

FINE = "罚款"
WARNING = "警告"
CONFISCATION = "没收违法所得、没收非法财物"
CLOSURE = "责令停产停业"
REVOCATION = "暂扣或者吊销许可证、暂扣或者吊销执照"
CRITICISM = "通报批评"

CODES_OF_2016 = {WARNING: "0", FINE: "1", CONFISCATION: "2", CLOSURE: "3", REVOCATION: "4", CRITICISM: "6"}


class Offence(NamedTuple):
    """A kind of case: its type, what was found, the law, the penalties, and the usual fine in 元."""

    type: str
    found: str
    law: str
    classes: tuple[str, ...]
    fine: tuple[int, int] = (0, 0)


_FOOD = "《中华人民共和国食品安全法》有关规定"
OFFENCES: dict[str, tuple[Offence, ...]] = {
    "food": (
        Offence("经营超过保质期的食品", "货架上待售的{goods}共{n}袋,外包装标注的生产日期距检查当日已经超过保质期{m}天,货值金额{value}元,当事人没有按规定查验和清理库存食品", _FOOD, (FINE, CONFISCATION), (5000, 60000)),
        Offence("生产经营标签不符合规定的预包装食品", "库房内存放的{goods}共{n}箱,标签上没有标注生产者的名称和地址,配料表与备案的配方不一致,其中已经售出{m}箱,货值金额{value}元", _FOOD, (FINE,), (2000, 30000)),
        Offence("生产不符合食品安全标准的食品", "对其生产的{goods}进行抽样检验,结果显示大肠菌群项目不符合国家标准的要求,该批次共生产{n}箱,已销售{m}箱,货值金额{value}元", _FOOD, (FINE, CONFISCATION, CLOSURE), (50000, 200000)),
    ),
    "catering": (
        Offence("未按规定公示食品经营许可证", "在经营场所醒目位置没有公示食品经营许可证和从业人员健康证明,经责令改正后逾期{m}天仍未改正", _FOOD, (WARNING,)),
        Offence("餐饮具未经有效清洗消毒", "对正在使用的餐饮具抽检{n}件,其中{m}件的大肠菌群检验结果为不合格,消毒柜处于断电状态,没有消毒记录", _FOOD, (WARNING, FINE), (1000, 8000)),
        Offence("未取得健康证明的人员从事接触直接入口食品的工作", "后厨从事冷食制作的{m}名从业人员不能出示有效的健康证明,当日已经供应餐食{n}份", _FOOD, (WARNING, FINE), (2000, 10000)),
    ),
    "market": (
        Offence("发布虚假广告", "通过门店展板和网络页面宣传{goods}为“国家级推荐产品”,不能提供任何证明材料,展示期间共{m}天,销售{n}件,广告费用{value}元", "《中华人民共和国广告法》有关规定", (FINE,), (5000, 100000)),
        Offence("未明码标价销售商品", "销售的{n}种商品没有标明价格和计价单位,其中{goods}结算价格高于货架标签价格{m}元", "《中华人民共和国价格法》有关规定", (WARNING, FINE), (500, 5000)),
        Offence("销售侵犯注册商标专用权的商品", "销售的{goods}共{n}件标有他人注册商标,不能提供合法来源的证明,违法经营额{value}元", "《中华人民共和国商标法》有关规定", (FINE, CONFISCATION), (10000, 150000)),
        Offence("使用未经检定的计量器具", "正在使用的电子秤{m}台超过检定周期{n}天,属于应当强制检定的工作计量器具", "《中华人民共和国计量法》有关规定", (WARNING,)),
    ),
    "medicine": (
        Offence("未凭处方销售处方药", "查阅销售记录发现,{m}笔处方药销售记录没有对应的处方,涉及药品{n}盒,货值金额{value}元", "《中华人民共和国药品管理法》有关规定", (WARNING, FINE), (1000, 20000)),
        Offence("未遵守药品经营质量管理规范", "阴凉库温度连续{m}天高于规定的上限,温湿度记录与自动监测数据不一致,涉及药品{n}个批次", "《中华人民共和国药品管理法》有关规定", (FINE,), (100000, 500000)),
    ),
    "construction": (
        Offence("未取得施工许可证擅自施工", "{project}在没有取得施工许可证的情况下开工建设,至检查当日已完成基础和主体{m}层,合同价款{value}元", "《中华人民共和国建筑法》《建设工程质量管理条例》有关规定", (FINE,), (20000, 300000)),
        Offence("未按照工程设计图纸施工", "{project}的{n}处构件没有按照审查合格的设计图纸和施工技术标准施工,实测值与设计值相差{m}毫米", "《建设工程质量管理条例》有关规定", (FINE,), (100000, 600000)),
        Offence("物业服务企业未公开服务收支情况", "在{project}没有按规定向业主公开上一年度的服务收费和公共收益收支情况,经责令限期改正后逾期{m}天", "《物业管理条例》有关规定", (WARNING,)),
    ),
    "transport": (
        Offence("未按规定维护和检测运输车辆", "所属的{n}辆货运车辆没有按照规定的周期进行维护和检测,超过期限最长的为{m}天,仍在从事经营活动", "《中华人民共和国道路运输条例》有关规定", (FINE,), (1000, 5000)),
        Offence("货运车辆超限运输", "车辆在国道行驶时经称重检测,车货总质量超过规定限值{n}千克,没有办理超限运输车辆通行证,属于{m}个月内再次违法", "《公路安全保护条例》有关规定", (WARNING, FINE), (500, 30000)),
    ),
    "safety": (
        Offence("未对从业人员进行安全生产教育和培训", "车间新入职的{m}名员工没有经过三级安全教育培训即上岗作业,培训档案中有{n}份考核试卷为他人代答", "《中华人民共和国安全生产法》有关规定", (FINE,), (20000, 100000)),
        Offence("未建立事故隐患排查治理制度", "现场检查发现重大事故隐患{m}项,没有排查记录和整改方案,其中一项已经存在{n}天", "《中华人民共和国安全生产法》有关规定", (FINE, CLOSURE), (30000, 200000)),
        Offence("未在有较大危险因素的场所设置安全警示标志", "储罐区和配电室共{m}处没有设置明显的安全警示标志,消防通道堆放物料{n}件", "《中华人民共和国安全生产法》有关规定", (FINE,), (5000, 50000)),
    ),
    "environment": (
        Offence("超过排放标准排放水污染物", "对总排放口采样监测,化学需氧量浓度为每升{n}毫克,超过排污许可证规定的限值,在线监测设备已停运{m}天", "《中华人民共和国水污染防治法》有关规定", (FINE,), (100000, 400000)),
        Offence("未按规定贮存危险废物", "产生的废机油和废油墨桶共{n}千克露天堆放,没有设置识别标志,危险废物管理台账缺少{m}个月的记录", "《中华人民共和国固体废物污染环境防治法》有关规定", (FINE,), (100000, 300000)),
        Offence("未按排污许可证要求开展自行监测", "没有按照排污许可证规定的频次开展自行监测,缺少{m}次监测记录,涉及排放口{n}个", "《排污许可管理条例》有关规定", (WARNING, FINE), (20000, 80000)),
    ),
    "agriculture": (
        Offence("经营未附具标签的农药", "经营的农药共{n}瓶没有标签或者标签残缺不清,其中已售出{m}瓶,货值金额{value}元", "《农药管理条例》有关规定", (FINE, CONFISCATION), (2000, 20000)),
        Offence("未按规定建立种子生产经营档案", "本季销售种子{n}千克,没有建立生产经营档案,{m}个批次不能追溯来源", "《中华人民共和国种子法》有关规定", (WARNING, FINE), (2000, 10000)),
    ),
    "labour": (
        Offence("未按规定与劳动者订立书面劳动合同", "在用工之日起满一个月后仍有{m}名劳动者没有订立书面劳动合同,涉及工资{value}元", "《中华人民共和国劳动合同法》有关规定", (WARNING,)),
        Offence("拖欠劳动者工资经责令支付逾期未支付", "截至检查当日拖欠{n}名劳动者{m}个月工资共计{value}元,经责令限期支付后逾期没有支付", "《保障农民工工资支付条例》有关规定", (FINE,), (20000, 100000)),
    ),
    "culture": (
        Offence("未与旅游者签订书面旅游合同", "组织{n}名旅游者前往外地旅游,没有签订书面旅游合同,行程中安排购物场所{m}处", "《中华人民共和国旅游法》有关规定", (FINE,), (20000, 50000)),
    ),
    "health": (
        Offence("公共场所未取得卫生许可证擅自营业", "没有取得公共场所卫生许可证即对外营业,至检查当日已营业{m}个月,不能出示{n}名从业人员的健康合格证明", "《公共场所卫生管理条例》有关规定", (WARNING, FINE), (500, 10000)),
    ),
    "fire": (
        Offence("消防设施未保持完好有效", "营业场所的室内消火栓无水,自动喷水灭火系统处于关闭状态,应急照明灯损坏{n}盏,疏散通道被占用{m}处", "《中华人民共和国消防法》有关规定", (FINE,), (5000, 50000)),
        Offence("占用、堵塞疏散通道", "二层的疏散通道堆放货物,安全出口被锁闭{m}处,影响{n}名人员的安全疏散", "《中华人民共和国消防法》有关规定", (WARNING,)),
    ),
}  # fmt: skip

_FALLBACK = "fire"
"""Whoever has premises can be inspected for fire safety."""
_GOODS = (
    "鹿肉干",
    "山野菜罐头",
    "玉米糁",
    "速冻水饺",
    "豆制品",
    "风味酱",
    "保健枕",
    "老陈醋",
    "米酒",
    "蜂蜜",
)
_PROJECTS = ("砚溪小区二期", "稔河大桥引桥工程", "鸢岭物流园一号库", "棣山学校扩建工程", "萤泉广场改造工程")
_ENDINGS = (
    "以上事实有现场检查笔录、现场照片、询问笔录和当事人的陈述等证据证明。",
    "上述事实有现场笔录、抽样记录、检验报告和送达回证在案佐证,当事人对事实没有异议。",
    "当事人在规定期限内没有提出陈述、申辩,也没有要求举行听证。案件调查期间,当事人能够如实说明情况并提供相关材料。",
    "鉴于当事人主动停止违法行为、积极配合调查并已经整改,依法从轻处罚。上述事实有检查记录、票据和证人证言等证据证明。",
)


def decided(rng: Random, first: date, last: date) -> date:
    """A day between two, more of them near the end, never a weekend."""
    day = first + timedelta(int((last - first).days * rng.random() ** 0.7))
    return day - timedelta(max(0, day.weekday() - 4))


class Penalty(NamedTuple):
    """One decision, before it is put under the columns of a template."""

    subject: Subject
    authority: Authority
    number: str
    offence: Offence
    facts: str
    fine: float
    confiscated: float
    decided_on: date

    @property
    def content(self) -> str:
        """What was imposed, in a sentence."""
        parts = [entry for entry in self.offence.classes if entry in (WARNING, CRITICISM, CLOSURE)]
        if self.fine:
            parts.append(f"罚款人民币{self.fine:,.2f}元")
        if self.confiscated:
            parts.append(f"没收违法所得{self.confiscated:,.2f}元")
        return "依法给予以下行政处罚:" + ";".join(parts) + "。"


class PenaltyMaker:
    """Makes penalties, one after another."""

    def __init__(self, rng: Random, authorities: Authorities, first: date, last: date) -> None:
        self._rng = rng
        self._authorities = authorities
        self._first, self._last = first, last
        self._number = 0

    def make(self, subject: Subject) -> Penalty:
        """A penalty of the kind that happens in the subject's sector."""
        rng = self._rng
        self._number += 1
        sector = subject.trade.sector if rng.random() < 0.85 else _FALLBACK
        if sector not in OFFENCES:
            sector = _FALLBACK
        authority = self._authorities.of(sector, subject.home, rng)
        offence = rng.choice(OFFENCES[sector])
        day = decided(rng, max(self._first, min(subject.founded_on + timedelta(90), self._last)), self._last)
        fine = float(rng.randrange(*offence.fine, 100)) if offence.fine[1] else 0.0
        confiscated = float(rng.randrange(100, 9000)) if CONFISCATION in offence.classes else 0.0
        number = document_number(authority, "罚", day.year, self._number, rng)
        return Penalty(
            subject, authority, number, offence, self._facts(authority, offence, day), fine, confiscated, day
        )

    def _facts(self, authority: Authority, offence: Offence, day: date) -> str:
        rng = self._rng
        seen = day - timedelta(rng.randrange(20, 90))
        found = offence.found.format(
            goods=rng.choice(_GOODS), project=rng.choice(_PROJECTS), n=rng.randrange(6, 400), m=rng.randrange(2, 60),
            value=rng.randrange(300, 90000),
        )  # fmt: skip
        return (
            f"{seen.year}年{seen.month}月{seen.day}日,{authority.name}执法人员在日常检查中发现,当事人{found}。"
            f"执法人员当场制作检查笔录,并于次日立案调查。{rng.choice(_ENDINGS)}"
        )


def rows_2018(penalties: Sequence[Penalty], rng: Random) -> Iterator[dict[str, Cell]]:
    """Penalties under the columns of the 2018 template for organisations (and of the merged one)."""
    for entry in penalties:
        row = _party(entry.subject)
        row |= {
            "document_number": entry.number,
            "violation_type": entry.offence.type,
            "facts": entry.facts,
            "legal_basis": entry.offence.law,
            "penalty_class": ";".join(entry.offence.classes),
            "penalty_content": entry.content,
            "decided_on": entry.decided_on,
            "valid_until": date(2099, 12, 31),
            "authority": entry.authority.name,
            "authority_code": entry.authority.uscc,
            "source_authority": SOURCE,
            "source_authority_code": SOURCE_CODE,
        }
        if entry.fine:
            row["fine_amount"] = entry.fine / 10_000
        if entry.confiscated:
            row["confiscated_amount"] = entry.confiscated / 10_000
        if rng.random() < 0.2:
            row["publicity_end"] = entry.decided_on + timedelta(365)
        yield row


def _party(subject: Subject) -> dict[str, Cell]:
    row: dict[str, Cell] = {"party": subject.name, "uscc": subject.uscc}
    if subject.registration_number:
        row["registration_number"] = subject.registration_number
    return row


def rows_merged(penalties: Sequence[Penalty], rng: Random) -> Iterator[dict[str, Cell]]:
    """The same under the merged template, with grade and procedure where the office delivers them."""
    for entry, row in zip(penalties, rows_2018(penalties, rng), strict=True):
        row["party_class"] = entry.subject.party_class
        row["document_title"] = "行政处罚决定书"
        if entry.fine >= 100_000:
            row["grade"] = "严重"
        elif rng.random() < 0.5:
            row["grade"] = "一般" if entry.fine else "轻微"
        if rng.random() < 0.1 and entry.fine < 2000:
            row["procedure"] = "简易程序"
        yield row


def rows_2016(penalties: Sequence[Penalty], rng: Random) -> Iterator[dict[str, Cell]]:
    """The same under the template of 2016: kinds of penalties in digits, a third and later one in the second column."""
    for entry in penalties:
        digits = [CODES_OF_2016[kind] for kind in entry.offence.classes]
        yield {
            "document_number": entry.number,
            "document_title": f"{entry.offence.type}案",
            "CF_CFLB1": digits[0],
            "CF_CFLB2": ";".join(digits[1:]),
            "facts": entry.facts,
            "legal_basis": entry.offence.law,
            "party": entry.subject.name,
            "uscc": entry.subject.uscc,
            "organisation_code": f"{entry.subject.uscc[8:16]}-{entry.subject.uscc[16]}",
            "penalty_content": entry.content,
            "decided_on": entry.decided_on,
            "authority": entry.authority.name,
            "status": "0",
            "region": entry.authority.region,
            "SJC": f"{entry.decided_on + timedelta(rng.randrange(1, 9)):%Y/%m/%d} 09:30:00",
        }
