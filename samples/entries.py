# ruff: noqa: E501  (a row of data reads better on one line)
"""Which invented entries stand on the red and black lists of the demo?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from samples.authorities import COURTS, SOURCE, Authorities, case_number, document_number
from samples.penalties import decided
from samples.sheets import Cell
from samples.subjects import Subject

Row = dict[str, Cell]

_BEHAVIOURS = (
    "有履行能力而拒不履行生效法律文书确定义务",
    "以虚假诉讼、虚假仲裁或者以隐匿、转移财产等方法规避执行",
    "违反财产报告制度",
    "违反限制消费令",
    "无正当理由拒不履行执行和解协议",
)
_ABNORMAL = (
    "未按规定期限公示年度报告",
    "未在责令期限内公示有关企业信息",
    "公示信息隐瞒真实情况、弄虚作假",
    "通过登记的住所或者经营场所无法联系",
)
_SERIOUS = (
    "被列入经营异常名录届满三年仍未履行相关义务",
    "生产销售不符合安全标准的食品,性质恶劣、情节严重",
    "提交虚假材料取得登记,情节严重",
)
_CASES = ("虚开增值税专用发票", "偷税", "逃避追缴欠税", "骗取出口退税")
_TAXES = ("增值税", "企业所得税", "城镇土地使用税", "房产税", "印花税")
_ADVERSE = (
    ("文化和旅游市场严重失信主体名单", "culture", "未取得旅行社业务经营许可招徕旅游者,情节严重"),
    ("社会组织严重违法失信名单", "civil", "连续两年未参加年度检查"),
    ("统计严重失信企业名单", "statistics", "提供不真实的统计资料,违法数额较大"),
    ("消防安全领域严重失信主体名单", "fire", "擅自停用消防设施,造成较大影响"),
    ("公共资源交易领域严重失信主体名单", "planning", "以他人名义投标,骗取中标"),
    ("限制高消费被执行人", "court", "未按执行通知书指定的期间履行义务"),
    ("进出口海关监管领域严重失信主体名单", "customs", "伪报商品编号逃避缴纳税款"),
)
_HONOURS = (
    ("诚信典型", "market", "市级诚信示范企业"),
    ("守信激励对象", "planning", "守信联合激励对象"),
    ("诚实守信相关荣誉信息", "market", "守合同重信用企业"),
    ("纳税信用绿卡", "tax", "纳税信用绿卡企业"),
)


class EntryMaker:
    """Makes rows of list sheets for given subjects."""

    def __init__(self, rng: Random, authorities: Authorities, today: date) -> None:
        self._rng = rng
        self._authorities = authorities
        self._last = today - timedelta(3)

    def _day(self, year: int) -> date:
        return decided(self._rng, date(year, 2, 1), self._last)

    def court_defaulters(self, subjects: Sequence[Subject]) -> list[Row]:
        """Rows under the courts' own keys."""
        rng = self._rng
        rows: list[Row] = []
        for number, subject in enumerate(subjects, start=101):
            day = self._day(2024)
            filed = day - timedelta(rng.randrange(40, 300))
            owed = rng.randrange(8000, 2_000_000)
            paid = rng.choice((0, 0, 0, owed // 4))
            court = rng.choice(COURTS)
            row: Row = {
                "id": str(700_000 + number), "party": subject.name, "document_number": case_number("执", filed.year, number, rng),
                "cardNum": subject.uscc[8:17], "authority": court, "region": "吉林省",
                "party_class": "1", "basis_number": case_number("民初", filed.year - 1, number * 3, rng), "basis_authority": court,
                "filed_on": f"{filed:%Y年%m月%d日}", "obligation": f"支付货款及利息共计{owed}元,负担案件受理费{owed // 80}元。",
                "performance": "部分未履行" if paid else "全部未履行", "performed_part": f"{paid}元" if paid else "",
                "unperformed_part": f"{owed - paid}元", "behaviour": rng.choice(_BEHAVIOURS),
                "decided_on": f"{day:%Y年%m月%d日}", "source_authority": SOURCE,
            }  # fmt: skip
            if rng.random() < 0.6:
                row["uscc"] = subject.uscc
            rows.append(row)
        return rows

    def abnormal(self, subjects: Sequence[Subject]) -> list[Row]:
        """Entries of the directory of abnormal operations; what was left again has ended."""
        rows: list[Row] = []
        for subject in subjects:
            authority = self._authorities.of("market", subject.home, self._rng)
            day = self._day(2022)
            row: Row = {
                "party": subject.name, "uscc": subject.uscc, "registration_number": subject.registration_number,
                "listing_reason": self._rng.choice(_ABNORMAL), "decided_on": day, "authority": authority.name,
                "founded_on": subject.founded_on, "source_authority": SOURCE,
            }  # fmt: skip
            if self._rng.random() < 0.3 and day + timedelta(120) < self._last:
                left = day + timedelta(self._rng.randrange(20, 110))
                row |= {
                    "exit_reason": "补报年度报告并申请移出",
                    "exited_on": left,
                    "exit_authority": authority.name,
                    "publicity_end": left,
                }
            rows.append(row)
        return rows

    def serious(self, subjects: Sequence[Subject]) -> list[Row]:
        """Entries of the list of serious violations."""
        rows: list[Row] = []
        for number, subject in enumerate(subjects, start=1):
            authority = self._authorities.of("market", subject.home, self._rng)
            day = self._day(2024)
            rows.append({
                "party": subject.name, "uscc": subject.uscc, "document_number": f"{authority.head}演严〔{day.year}〕{number}号",
                "listing_reason": self._rng.choice(_SERIOUS), "decided_on": day, "authority": authority.name,
            })  # fmt: skip
        return rows

    def tax_violations(self, subjects: Sequence[Subject]) -> list[Row]:
        """Entries of the list of major tax violations."""
        rng = self._rng
        rows: list[Row] = []
        for number, subject in enumerate(subjects, start=1):
            authority = self._authorities.of("tax", subject.home, rng)
            nature, amount, day = rng.choice(_CASES), rng.randrange(100_000, 9_000_000), self._day(2024)
            rows.append({
                "party": subject.name, "uscc": subject.uscc, "report_period": f"{day.year}年第{(day.month + 2) // 3}季度",
                "case_nature": nature, "facts": f"经检查,该单位在{day.year - 2}年至{day.year - 1}年期间存在{nature}行为,涉及税款{amount / 10000:.2f}万元。",
                "penalty": "依照《中华人民共和国税收征收管理法》的有关规定,追缴税款,加收滞纳金,并处罚款。",
                "document_number": document_number(authority, "稽处", day.year, number, rng), "decided_on": day,
                "authority": authority.name, "source_authority": SOURCE,
            })  # fmt: skip
        return rows

    def wage_arrears(self, subjects: Sequence[Subject]) -> list[Row]:
        """Entries of the list of employers who owe wages."""
        rng = self._rng
        rows: list[Row] = []
        for number, subject in enumerate(subjects, start=1):
            authority = self._authorities.of("labour", subject.home, rng)
            day = self._day(2024)
            rows.append({
                "party": subject.name, "uscc": subject.uscc, "decided_on": day, "valid_until": date(day.year + 3, day.month, min(day.day, 28)),
                "authority": authority.name, "document_number": document_number(authority, "列", day.year, number, rng),
                "listing_reason": f"拖欠{rng.randrange(5, 80)}名农民工工资{rng.randrange(3, 200)}万元,经责令限期支付逾期未支付",
                "legal_basis": "《保障农民工工资支付条例》有关规定", "project_name": rng.choice(("砚溪小区二期", "鸢岭物流园一号库", "棣山学校扩建工程")),
                "source_authority": SOURCE,
            })  # fmt: skip
        return rows

    def procurement(self, subjects: Sequence[Subject]) -> list[Row]:
        """Entries of the list of misconduct in government procurement."""
        rows: list[Row] = []
        for number, subject in enumerate(subjects, start=1):
            authority = self._authorities.of("finance", subject.home, self._rng)
            day = self._day(2024)
            years = self._rng.choice((1, 2, 3))
            rows.append({
                "party": subject.name, "uscc": subject.uscc, "facts": self._rng.choice(("提供虚假材料谋取中标", "与其他供应商恶意串通", "中标后无正当理由拒不签订合同")),
                "legal_basis": "《中华人民共和国政府采购法》有关规定", "result": f"罚款{self._rng.randrange(2000, 30000)}元,列入不良行为记录名单,{years}年内禁止参加政府采购活动",
                "document_number": document_number(authority, "采罚", day.year, number, self._rng), "decided_on": day,
                "valid_until": date(day.year + years, day.month, min(day.day, 28)), "authority": authority.name, "source_authority": SOURCE,
            })  # fmt: skip
        return rows

    def safety(self, subjects: Sequence[Subject]) -> list[Row]:
        """Entries of the list of serious dishonesty in safety at work."""
        rows: list[Row] = []
        for subject in subjects:
            authority = self._authorities.of("safety", subject.home, self._rng)
            rows.append({
                "party": subject.name, "uscc": subject.uscc, "facts": "拒不执行停产停业整顿指令,擅自恢复生产",
                "authority": authority.name, "listing_reason": "存在严重安全生产违法行为并受到行政处罚", "decided_on": self._day(2024),
            })  # fmt: skip
        return rows

    def overload(self, subjects: Sequence[Subject]) -> list[Row]:
        """Entries of the list of serious overloading, without any plate."""
        rows: list[Row] = []
        for subject in subjects:
            authority = self._authorities.of("transport", subject.home, self._rng)
            day = self._day(2024)
            rows.append({
                "party": subject.name, "uscc": subject.uscc, "decided_on": day, "batch_number": f"{day.year}年第{day.month // 4 + 1}批",
                "facts": "一年内违法超限运输的货运车辆超过本单位货运车辆总数的百分之十", "authority": authority.name, "source_authority": SOURCE,
            })  # fmt: skip
        return rows

    def adverse(self, subjects: Sequence[Subject]) -> list[Row]:
        """Entries of seven further adverse lists under the general columns."""
        rng = self._rng
        rows: list[Row] = []
        for number, subject in enumerate(subjects, start=1):
            label, sector, reason = _ADVERSE[number % len(_ADVERSE)]
            day = self._day(2024)
            if sector == "court":
                office, paper = rng.choice(COURTS), case_number("执", day.year, 5000 + number, rng)
            else:
                authority = self._authorities.of(sector, subject.home, rng)
                office, paper = authority.name, document_number(authority, "列", day.year, number, rng)
            rows.append({
                "party": subject.name, "uscc": subject.uscc, "list": label, "listing_reason": reason, "document_number": paper,
                "decided_on": day, "authority": office, "source_authority": SOURCE, "valid_until": date(day.year + 3, day.month, min(day.day, 28)),
            })  # fmt: skip
        return rows

    def tax_arrears(self, subjects: Sequence[Subject]) -> list[Row]:
        """Notices of overdue tax."""
        rng = self._rng
        rows: list[Row] = []
        for subject in subjects:
            authority = self._authorities.of("tax", subject.home, rng)
            quarter = rng.choice(
                (date(2025, 4, 30), date(2025, 10, 31), date(2026, 4, 30), date(2026, 10, 30))
            )
            rows.append({
                "party": subject.name, "uscc": subject.uscc, "taxpayer_type": "单位", "authority": authority.name,
                "tax_categories": "、".join(sorted({rng.choice(_TAXES), rng.choice(_TAXES)})),
                "arrears_amount": round(rng.uniform(2000, 800_000), 2), "decided_on": quarter, "source_authority": SOURCE,
            })  # fmt: skip
        return rows

    def tax_grade_a(self, subjects: Sequence[Subject]) -> list[Row]:
        """Taxpayers of grade A: the year before and, for a third of them, the one before that, which has ended."""
        rows: list[Row] = []
        for at, subject in enumerate(subjects):
            authority = self._authorities.of("tax", subject.home, self._rng)
            year = 2024 if at % 3 == 0 else 2025
            rows.append({
                "party": subject.name, "uscc": subject.uscc, "year": str(year), "authority": authority.name,
                "decided_on": date(year + 1, 4, 21), "valid_from": date(year + 1, 4, 21), "valid_until": date(year + 2, 4, 20), "source_authority": SOURCE,
            })  # fmt: skip
        return rows

    def honours(self, subjects: Sequence[Subject]) -> list[Row]:
        """Entries of four honour lists under the general columns."""
        rows: list[Row] = []
        for number, subject in enumerate(subjects, start=1):
            label, sector, title = _HONOURS[number % len(_HONOURS)]
            authority = self._authorities.of(sector, subject.home, self._rng)
            day = self._day(2024)
            rows.append({
                "party": subject.name, "uscc": subject.uscc, "list": label, "honour_title": title, "year": str(day.year - 1),
                "document_number": document_number(authority, "荣", day.year, number, self._rng), "decided_on": day,
                "authority": authority.name, "valid_from": day, "valid_until": date(day.year + 2, day.month, min(day.day, 28)), "source_authority": SOURCE,
            })  # fmt: skip
        return rows

    def red_list(self, subjects: Sequence[Subject]) -> list[Row]:
        """A portal's own red list."""
        authority = self._authorities.of("market", "220400", self._rng)
        return [{
            "party": subject.name, "uscc": subject.uscc, "list": "诚信典型", "year": "2025", "source_authority": SOURCE,
            "document_number": f"{authority.head}演红〔2026〕{number}号", "decided_on": date(2026, 3, 16), "authority": authority.name,
            "valid_until": date(2028, 3, 15),
        } for number, subject in enumerate(subjects, start=1)]  # fmt: skip

    def watch_list(self, subjects: Sequence[Subject]) -> list[Row]:
        """Subjects to look at more closely: for desks only."""
        rows: list[Row] = []
        for subject in subjects:
            authority = self._authorities.of("market", subject.home, self._rng)
            rows.append({
                "party": subject.name, "uscc": subject.uscc, "data_category": "重点关注", "source_authority": SOURCE, "listing_reason": "投诉举报较多",
                "decided_on": self._day(2025), "authority": authority.name,
            })  # fmt: skip
        return rows
