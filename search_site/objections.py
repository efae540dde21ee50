"""Until when must somebody answer an objection?"""

from __future__ import annotations

from datetime import date

from indexers.wording import shown_date
from indexers.workdays import WorkCalendar


class Objections:
    """`days` are working days from the day on which an objection arrives; 0 where none are promised."""

    def __init__(self, days: int, calendar: WorkCalendar) -> None:
        self._days = days
        self._calendar = calendar

    @property
    def term(self) -> str:
        """The promise as part of a sentence; "" without one."""
        return f"应于 {self._days} 个工作日内答复" if self._days else ""

    def advice(self, today: date) -> str:
        """To whom to object, and until when there is an answer."""
        whom = "信息有误，请向作出决定的机关提出"
        if not self._days:
            return f"{whom}。"
        last = self._calendar.add_working_days(today, self._days)
        # The holidays of a year are announced in the November before; until they are known no day is promised.
        is_known = {today.year, last.year} <= set(self._calendar.years)
        example = f"（今天收到的，最迟 {shown_date(last.isoformat())}）" if is_known else ""
        return f"{whom}，收到后{self.term}{example}。"
