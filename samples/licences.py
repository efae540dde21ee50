# ruff: noqa: E501  (a row of data reads better on one line)
"""Which invented licences do the demo's subjects hold?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import NamedTuple

from samples.authorities import SOURCE, SOURCE_CODE, Authorities, Authority, document_number
from samples.penalties import decided
from samples.sheets import Cell
from samples.subjects import Subject


class Permit(NamedTuple):
    """A kind of licence: class, title, certificate, content, head of its number, years it holds (0: open)."""

    kind: str
    title: str
    certificate: str
    content: str
    head: str
    years: int


_REGISTRATION = Permit("登记", "准予登记通知书", "营业执照", "准予{what}登记", "登", 0)
PERMITS: dict[str, tuple[Permit, ...]] = {
    "food": (
        Permit("普通", "食品生产许可决定书", "食品生产许可证", "食品类别:{goods};生产方式:加工;检验方式:自行检验", "SC1", 5),
        Permit("普通", "食品经营许可决定书", "食品经营许可证", "预包装食品(含冷藏冷冻食品)销售,散装食品销售", "JY1", 5),
    ),
    "catering": (
        Permit("普通", "食品经营许可决定书", "食品经营许可证", "热食类食品制售,冷食类食品制售,自制饮品制售", "JY2", 5),
        Permit("普通", "公众聚集场所投入使用、营业前消防安全检查意见书", "消防安全检查合格证", "同意投入使用、营业", "XF", 0),
    ),
    "market": (
        _REGISTRATION,
        Permit("核准", "户外广告设置许可决定书", "", "设置门楣广告一处,长{n}米,宽1.5米", "GG", 2),
    ),
    "medicine": (
        Permit("普通", "药品经营许可决定书", "药品经营许可证", "经营方式:零售;经营范围:中成药,化学药制剂,抗生素,生化药品", "YP", 5),
        Permit("普通", "第二类医疗器械经营备案", "备案凭证", "经营第二类医疗器械(不含体外诊断试剂)", "YX", 0),
    ),
    "construction": (
        Permit("普通", "建筑工程施工许可决定书", "建筑工程施工许可证", "准予{project}施工,建设规模{n}00平方米", "SG", 0),
        Permit("普通", "建筑业企业资质核准决定书", "建筑业企业资质证书", "建筑工程施工总承包三级,建筑装修装饰工程专业承包二级", "ZZ", 5),
        Permit("核准", "商品房预售许可决定书", "商品房预售许可证", "准予{project}{n}套住宅预售", "YS", 2),
    ),
    "transport": (
        Permit("普通", "道路货物运输经营许可决定书", "道路运输经营许可证", "道路普通货物运输,货物专用运输(集装箱)", "YZ", 4),
        Permit("普通", "超限运输车辆行驶公路许可决定书", "超限运输车辆通行证", "大型机械设备运输,单车单次", "CX", 1),
    ),
    "safety": (
        Permit("普通", "安全生产许可决定书", "安全生产许可证", "许可范围:{goods}生产线配套的危险化学品使用", "AX", 3),
        Permit("普通", "危险化学品经营许可决定书", "危险化学品经营许可证", "经营方式:无储存设施经营;品名见附件", "WH", 3),
    ),
    "environment": (
        Permit("普通", "排污许可决定书", "排污许可证", "主要污染物:化学需氧量,氨氮;排放口{n}个", "PW", 5),
        Permit("核准", "建设项目环境影响报告表批复", "", "同意{project}按照报告表所列的性质、规模、地点和措施建设", "HP", 5),
    ),
    "agriculture": (
        Permit("普通", "农药经营许可决定书", "农药经营许可证", "农药(限制使用农药除外)", "NY", 5),
        Permit("普通", "动物防疫条件审查决定书", "动物防疫条件合格证", "经营范围:鹿、肉牛饲养", "DF", 0),
    ),
    "labour": (
        Permit("普通", "人力资源服务许可决定书", "人力资源服务许可证", "职业中介活动", "RL", 5),
        Permit("普通", "劳务派遣经营许可决定书", "劳务派遣经营许可证", "劳务派遣业务", "LP", 3),
    ),
    "culture": (Permit("普通", "旅行社业务经营许可决定书", "旅行社业务经营许可证", "国内旅游业务和入境旅游业务", "LX", 0),),
    "health": (Permit("普通", "公共场所卫生许可决定书", "卫生许可证", "经营项目:理发,美容", "WS", 4),),
    "education": (Permit("普通", "民办学校办学许可决定书", "办学许可证", "学校类型:学前教育", "BX", 5),),
    "civil": (Permit("登记", "社会组织变更登记决定书", "社会团体法人登记证书", "准予变更业务范围", "ST", 5),),
}  # fmt: skip
_WHAT = ("设立", "住所变更", "经营范围变更", "名称变更", "注册资本变更")
_GOODS = ("肉制品", "糕点", "饮料", "罐头", "豆制品", "酒类")
_PROJECTS = ("砚溪小区二期", "稔河大桥引桥工程", "鸢岭物流园一号库", "棣山学校扩建工程", "萤泉广场改造工程")
_OTHER = ("审批局备案", "资格确认", "年度检验")
OPEN_END = date(2099, 12, 31)
"""What the template writes for a licence without an end."""


class Licence(NamedTuple):
    """One decision, before it is put under the columns of a template."""

    subject: Subject
    authority: Authority
    number: str
    licence_number: str
    permit: Permit
    kind: str
    content: str
    decided_on: date
    valid_until: date


class LicenceMaker:
    """Makes licences, one after another."""

    def __init__(self, rng: Random, authorities: Authorities, first: date, last: date) -> None:
        self._rng = rng
        self._authorities = authorities
        self._first, self._last = first, last
        self._number = 0

    def make(self, subject: Subject) -> Licence:
        """A licence of the kind that the subject's sector needs."""
        rng = self._rng
        self._number += 1
        sector = subject.trade.sector if subject.trade.sector in PERMITS and rng.random() < 0.8 else "market"
        permit = rng.choice(PERMITS[sector])
        authority = self._authorities.of(sector, subject.home, rng)
        day = decided(rng, max(self._first, min(subject.founded_on, self._last)), self._last)
        until = (
            OPEN_END if not permit.years else day.replace(year=day.year + permit.years, day=min(day.day, 28))
        )
        content = permit.content.format(
            goods=rng.choice(_GOODS),
            project=rng.choice(_PROJECTS),
            what=rng.choice(_WHAT),
            n=rng.randrange(3, 120),
        )
        licence_number = f"{permit.head}{authority.region}{day.year}{self._number:05d}"
        kind = permit.kind if rng.random() < 0.97 else f"其他-{rng.choice(_OTHER)}"
        number = document_number(authority, "许", day.year, self._number, rng)
        return Licence(subject, authority, number, licence_number, permit, kind, content, day, until)


def rows_2018(licences: Sequence[Licence], today: date) -> Iterator[dict[str, Cell]]:
    """Licences under the columns of the 2018 template for organisations."""
    for entry in licences:
        row: dict[str, Cell] = {
            "party": entry.subject.name,
            "uscc": entry.subject.uscc,
            "document_title": entry.permit.title,
            "document_number": entry.number,
            "licence_class": entry.kind,
            "licence_content": entry.content,
            "decided_on": entry.decided_on,
            "valid_from": entry.decided_on,
            "valid_until": entry.valid_until,
            "authority": entry.authority.name,
            "authority_code": entry.authority.uscc,
            "status": "1" if entry.valid_until >= today else "2",
            "source_authority": SOURCE,
            "source_authority_code": SOURCE_CODE,
        }
        if entry.permit.certificate:
            row["certificate_name"] = entry.permit.certificate
            row["licence_number"] = entry.licence_number
        if entry.subject.registration_number:
            row["registration_number"] = entry.subject.registration_number
        yield row


def rows_merged(licences: Sequence[Licence], today: date) -> Iterator[dict[str, Cell]]:
    """The same under the merged template, which asks for the class of the party."""
    for entry, row in zip(licences, rows_2018(licences, today), strict=True):
        row["party_class"] = entry.subject.party_class
        yield row
