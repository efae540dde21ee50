"""What time is it in China, asked in one place so that every other part can be given another clock."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The zone in which publicity periods begin and end."""


class Clock(Protocol):
    """Anything that answers the present moment as a datetime with a zone."""

    def __call__(self) -> datetime: ...


def shanghai_now() -> datetime:
    """The present moment in Asia/Shanghai; the only place that asks the system for the time."""
    return datetime.now(SHANGHAI)


def shanghai_today(clock: Clock = shanghai_now) -> date:
    """The date in Asia/Shanghai by ``clock``; ValueError if the clock answers without a zone."""
    return in_shanghai(clock)().date()


def in_shanghai(clock: Clock) -> Clock:
    """The same clock read in Asia/Shanghai, in whole seconds; ValueError when it answers without a zone."""

    def read() -> datetime:
        moment = clock()
        if moment.tzinfo is None:
            raise ValueError("a clock must answer with a zone: a naive time has no date in Shanghai")
        return moment.astimezone(SHANGHAI).replace(microsecond=0)

    return read
