# ruff: noqa: E501  (a row of data reads better on one line)
"""Which invented promises, contracts, evaluations, judgments and acts of government does the demo hold?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from samples.authorities import COURTS, SOURCE, SOURCE_CODE, Authorities, case_number, document_number
from samples.entries import Row
from samples.penalties import decided
from samples.subjects import Subject

_COMMITMENTS = (
    (
        "审批替代型",
        "申请食品经营许可",
        "承诺所提交的材料真实、合法、有效,经营场所和设施符合规定的条件",
        "违反承诺的,依法撤销许可",
    ),
    ("容缺受理型", "申请变更经营范围", "承诺在受理之日起十个工作日内补齐缺少的材料", "逾期不补齐的,终止办理"),
    ("证明事项型", "办理社会保险登记", "承诺没有拖欠职工工资和社会保险费的情形", "承诺不实的,依法追究责任"),
    ("信用修复型", "申请修复行政处罚信息", "承诺已经纠正失信行为,今后依法诚信经营", "再次违法的,从重处理"),
    (
        "行业自律型",
        "参加行业诚信公约",
        "承诺明码标价、不短斤少两、不销售假冒伪劣商品",
        "违反公约的,由行业协会通报",
    ),
    (
        "主动型",
        "向社会公开作出信用承诺",
        "承诺自觉接受政府、行业组织、社会公众和新闻舆论的监督",
        "违背承诺的,自愿接受约束和惩戒",
    ),
)
_EVALUATIONS = (
    ("建筑市场信用评价", "construction", ("A", "B", "C")),
    ("道路运输企业质量信誉考核", "transport", ("AAA", "AA", "A", "B")),
    ("企业环境信用评价", "environment", ("诚信", "良好", "警示", "不良")),
    ("劳动保障守法诚信等级评价", "labour", ("A", "B", "C")),
    ("餐饮服务食品安全量化分级", "catering", ("优秀", "良好", "一般")),
    ("消防安全评估", "fire", ("好", "一般", "差")),
)
_CAUSES = (
    "买卖合同纠纷",
    "建设工程施工合同纠纷",
    "民间借贷纠纷",
    "劳动争议",
    "租赁合同纠纷",
    "运输合同纠纷",
    "服务合同纠纷",
)
_ACTS = (
    ("行政检查", "“双随机、一公开”监督检查", "未发现问题"),
    ("行政检查", "年度报告公示信息抽查", "发现问题已责令改正"),
    ("行政奖励", "质量奖评选", "给予奖励"),
    ("行政确认", "科技型中小企业确认", "予以确认"),
    ("行政强制", "查封不符合规定的设施", "整改后解除"),
    ("其他行政权力", "政策性补贴资格公示", "公示无异议"),
)
_BODY_PROMISES = (
    ("拖欠企业账款清偿", "在承诺期限内清偿拖欠中小企业的工程款和货款,不新增拖欠"),
    ("招商引资政策兑现", "对引进项目按照协议约定兑现用地、厂房和奖补政策"),
    ("政务服务提速", "企业开办压缩到半个工作日,不动产登记压缩到一个工作日"),
    ("民生实事", "年内完成老旧小区改造,新建口袋公园并向市民开放"),
)


class PromiseMaker:
    """Makes rows of these sheets for given subjects."""

    def __init__(self, rng: Random, authorities: Authorities, today: date) -> None:
        self._rng = rng
        self._authorities = authorities
        self._last = today - timedelta(3)

    def _day(self, year: int) -> date:
        return decided(self._rng, date(year, 2, 1), self._last)

    def commitments(self, subjects: Sequence[Subject]) -> list[Row]:
        """Commitments under the full template; one in eight was not kept, a few are not for the public."""
        rng = self._rng
        rows: list[Row] = []
        serials: Counter[date] = Counter()
        for subject in subjects:
            sector = (
                subject.trade.sector
                if subject.trade.sector in ("market", "food", "construction", "labour")
                else "market"
            )
            authority = self._authorities.of(sector, subject.home, rng)
            kind, ground, content, responsibility = rng.choice(_COMMITMENTS)
            day = self._day(2023)
            serials[day] += 1
            state = rng.choice(("全部履行",) * 7 + ("部分履行", "全部未履行"))
            row: Row = {
                "commitment_number": f"{authority.region}{day:%Y%m%d}{serials[day]:06d}", "party": subject.name,
                "party_class": subject.party_class, "uscc": subject.uscc, "commitment_type": kind, "ground": ground, "content": content,
                "responsibility_promised": responsibility, "decided_on": day, "performance": state, "authority": authority.name,
                "authority_code": authority.uscc, "disclosure": "可向社会公开" if rng.random() < 0.97 else "特定范围内公开",
            }  # fmt: skip
            if rng.random() < 0.5:
                row["valid_until"] = date(2026 + rng.randrange(0, 4), 12, 31)
            if state != "全部履行":
                row |= {
                    "unkept_content": content,
                    "responsibility": "责令限期改正,列入重点监管",
                    "performance_found_on": min(day + timedelta(90), self._last),
                }
            rows.append(row)
        return rows

    def contracts(self, subjects: Sequence[Subject]) -> list[Row]:
        """Contracts with public buyers."""
        rng = self._rng
        rows: list[Row] = []
        for number, subject in enumerate(subjects, start=1):
            buyer = self._authorities.of(
                rng.choice(("education", "health", "finance", "city")), subject.home, rng
            )
            day, count, price = self._day(2024), rng.randrange(2, 80), rng.randrange(200, 9000)
            goods = rng.choice(("办公家具", "食堂食材配送", "保洁服务", "信息系统维护", "印刷服务"))
            rows.append({
                "document_number": f"演采合{day.year}-{number:04d}", "document_title": f"{goods}采购合同", "contract_type": "行政合同",
                "authority": buyer.name, "authority_code": buyer.uscc, "party": subject.name, "uscc": subject.uscc, "subject_matter": goods,
                "specification": "详见合同附件", "quantity": f"{count}项", "unit_price": float(price), "contract_amount": count * price / 10_000,
                "performance_until": day + timedelta(365), "signed_at": "辽源市", "procurement_method": rng.choice(("公开招标", "竞争性磋商", "询价")),
                "decided_on": day, "contract_status": rng.choice(("履行中", "履行完毕")), "region": "220400", "industry": subject.trade.industry or "5211",
            })  # fmt: skip
        return rows

    def evaluations(self, subjects: Sequence[Subject]) -> list[Row]:
        """Grades as offices gave them."""
        rng = self._rng
        rows: list[Row] = []
        for number, subject in enumerate(subjects):
            title, sector, grades = _EVALUATIONS[number % len(_EVALUATIONS)]
            authority = self._authorities.of(sector, subject.home, rng)
            year = rng.choice((2024, 2025, 2025))
            rows.append({
                "party": subject.name, "uscc": subject.uscc, "evaluation_content": title, "evaluation_grade": rng.choice(grades), "year": str(year),
                "decided_on": date(year + 1, rng.randrange(2, 7), rng.randrange(1, 28)), "authority": authority.name,
                "valid_until": date(year + 2, 6, 30), "source_authority": SOURCE,
            })  # fmt: skip
        return rows

    def judgments(self, subjects: Sequence[Subject]) -> list[Row]:
        """Judgments; parties other than the subject are not named. One in five comes without a code."""
        rng = self._rng
        rows: list[Row] = []
        for number, subject in enumerate(subjects, start=1):
            day, cause = self._day(2022), rng.choice(_CAUSES)
            rows.append({
                "party": subject.name, "uscc": subject.uscc if rng.random() < 0.8 else "", "document_number": case_number("民初", day.year, 2000 + number, rng),
                "document_title": f"{cause}民事判决书", "role": rng.choice(("原告", "被告", "第三人")), "cause": cause,
                "content": f"判决于生效之日起十日内给付款项{rng.randrange(3000, 900_000)}元;驳回其他诉讼请求。", "decided_on": day,
                "performance": rng.choice(("全部已履行", "部分未履行", "全部未履行")), "authority": rng.choice(COURTS), "source_authority": SOURCE,
            })  # fmt: skip
        return rows

    def acts(self, subjects: Sequence[Subject]) -> list[Row]:
        """Inspections, rewards and other acts."""
        rng = self._rng
        rows: list[Row] = []
        for number, subject in enumerate(subjects, start=1):
            kind, content, result = rng.choice(_ACTS)
            authority = self._authorities.of("market", subject.home, rng)
            day = self._day(2024)
            rows.append({
                "party": subject.name, "party_class": subject.party_class, "uscc": subject.uscc, "act_class": kind, "document_title": content,
                "document_number": document_number(authority, "检", day.year, number, rng), "content": content, "decided_on": day, "result": result,
                "authority": authority.name, "authority_code": authority.uscc, "source_authority": SOURCE, "source_authority_code": SOURCE_CODE,
            })  # fmt: skip
        return rows

    def body_commitments(self, count: int) -> list[Row]:
        """What offices promised, and whether it was kept."""
        rng = self._rng
        bodies = self._authorities.all()
        finder = self._authorities.of("planning", "220400", rng)
        rows: list[Row] = []
        for number in range(1, count + 1):
            body, (ground, content), day = rng.choice(bodies), rng.choice(_BODY_PROMISES), self._day(2024)
            state = rng.choice(("全部履行", "全部履行", "部分履行", "全部未履行"))
            row: Row = {
                "party": body.name, "uscc": body.uscc, "document_title": f"{day.year}年{ground}承诺书", "document_number": f"{body.head}演诺〔{day.year}〕{number}号",
                "ground": ground, "content": content, "decided_on": day, "performance_until": date(day.year, 12, 31), "performance": state,
                "authority": finder.name, "source_authority": SOURCE,
            }  # fmt: skip
            if state != "全部履行":
                row["unkept_content"] = "未在承诺期限内全部完成"
            rows.append(row)
        return rows

    def body_faith(self, count: int) -> list[Row]:
        """Findings about the good faith of offices."""
        rng = self._rng
        bodies = self._authorities.all()
        finder = self._authorities.of("planning", "220400", rng)
        return [{
            "party": body.name, "uscc": body.uscc, "matter_type": matter, "facts": facts, "result": "限期整改并书面说明情况",
            "document_number": f"辽信演政〔{day.year}〕{number}号", "decided_on": day, "authority": finder.name, "source_authority": SOURCE,
        } for number in range(1, count + 1) for body, (matter, facts), day in [(rng.choice(bodies), rng.choice((
            ("拖欠账款", "逾期没有支付已经验收的采购合同款项"), ("政策不兑现", "没有按照招商协议兑现奖补资金"), ("报送不及时", "连续两个月没有按期报送双公示信息"),
        )), self._day(2024))]]  # fmt: skip
