"""How long is a record shown, from when may it be repaired, and who says so: the authority or this site?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from indexers.documents import PublicRecord
from indexers.publicity import PublicityRule
from indexers.wording import shown_date
from search_site.labels import Labels
from search_site.present_text import Day, day_of
from search_site.present_validity import lapsed_on

ASSUMED = "（推定）"
CERTAINTY = {
    "text": "",
    "secondary": "（据转述，以规定原文为准）",
    "deployment": "（没有统一规定，由本站确定）",
}
"""What is said of the source of a rule, as far as it is known."""


class Step(msgspec.Struct, frozen=True):
    """One moment in the life of a record; `is_past` by the day of the answer."""

    label: str
    day: Day
    is_past: bool


class Periods:
    """The periods of one record. `repair` is how it is taken out where that is not credit repair."""

    def __init__(self, record: PublicRecord, labels: Labels, today: date) -> None:
        self._record = record
        self._labels = labels
        self._today = today.isoformat()
        self._lapsed_on = lapsed_on(record, today)
        self.repair = labels.repair(record.kind, record.list)
        self.rule: PublicityRule | None = labels.catalog.publicity.named(record.rule)
        is_adverse = record.polarity == "adverse"
        self._repairable_from = record.repairable_from if is_adverse and not self.repair else ""
        grade = self.rule.grades.get(record.grade) if self.rule else None
        self.grade_label = grade.label if grade else ""
        assumed = grade if record.grade_assumed else None
        self._assumes_shortest = assumed is not None and bool(self._repairable_from)
        has_end = assumed is not None and assumed.max_months is not None
        self._assumes_end = has_end and not self._is_end_delivered()

    def _is_end_delivered(self) -> bool:
        return self._record.fields.get("publicity_end", "") == self._record.last_day

    def banner(self, answered: str) -> tuple[str, ...]:
        """How long the record is shown, from when it may be repaired, and on what this rests.

        `answered` says when an objection is, "" where nothing is promised.
        """
        return (*self._validity(), *self._shown_until(answered), *self._repairable(), *self._assumption())

    def _validity(self) -> Iterator[str]:
        """A paper that ran out is no penalty, and may have been renewed by another that is a record of its own."""
        if not self._lapsed_on:
            return
        yield f"有效期已于 {shown_date(self._lapsed_on)} 届满。"
        yield "有效期届满不是处罚；是否已经延续，请向作出决定的机关核对。"
        if "status" in self._record.fields:
            delivered = self._labels.status(self._record.status, self._record.kind)
            yield f"下面写的“{delivered}”是信息送达本站时的状态。"

    def _shown_until(self, answered: str) -> Iterator[str]:
        record = self._record
        if record.last_day:
            yield f"依法公示中，公示至 {shown_date(record.last_day)}。"
        elif record.polarity == "adverse":
            ends = "移出" if self.repair else "移出或者完成信用修复"
            yield f"依法公示中，没有规定截止日；{ends}时停止公示。"
        if record.status == "disputed":
            yield f"当事人已提出异议，核查中{f'（{answered}）' if answered else ''}。"

    def _repairable(self) -> Iterator[str]:
        if self._repairable_from > self._today:
            yield f"最早可于 {shown_date(self._repairable_from)} 申请信用修复。"
        elif self._repairable_from:
            yield "已满最短公示期：纠正行为、履行义务并作出承诺后，可以申请信用修复。"

    def _assumption(self) -> Iterator[str]:
        """Nobody delivered the grade that the dates follow from."""
        if self.rule is not None and (self._assumes_end or self._assumes_shortest):
            what = "公示期限" if self._assumes_end else "最短公示期"
            how = f"未写明处罚程度，按“{self.grade_label}”计算"
            yield f"{what}由本站按“{self.rule.label}”推定（{how}），以作出决定的机关为准。"
            yield f"推定的依据：{self.rule.source}{CERTAINTY[self.rule.certainty]}。"

    def steps(self) -> tuple[Step, ...]:
        """Its moments in order; the first has the name that this kind gives it (列入日期, 承诺作出日期)."""
        record = self._record
        delivered = min((source.delivered_on for source in record.sources), default="")
        moments = (
            (self.decision(), record.decided_on),
            ("公示期起算", record.visible_from),
            ("送达本站", delivered if delivered != record.visible_from else ""),
            (f"可以申请信用修复{ASSUMED if self._assumes_shortest else ''}", self._repairable_from),
            (f"公示截止{ASSUMED if self._assumes_end else ''}", record.last_day),
        )
        known = sorted(((label, iso) for label, iso in moments if iso), key=lambda moment: moment[1])
        return tuple(Step(label, day_of(iso), iso <= self._today) for label, iso in known)

    def decision(self) -> str:
        """What the day of this record is called: that of a decision, a notice, a judgment, a contract."""
        shown = self._labels.shown(self._record.kind, self._record.fields)
        kind = self._labels.catalog.kinds.get(self._record.kind)
        known = self._labels.catalog.fields_of(kind) if kind else {}
        told = next((field.label for field in shown if field.key == "decided_on"), "")
        return told or (known["decided_on"].label if "decided_on" in known else "作出决定")
