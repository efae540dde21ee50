"""Which clock is a test given instead of the system's?"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from indexers.clock import SHANGHAI


class FixedClock:
    """A clock that stands still until it is moved; a plain date means its midnight in Shanghai."""

    def __init__(self, moment: date) -> None:
        self._moment = _in_shanghai(moment)

    def __call__(self) -> datetime:
        return self._moment

    def move_to(self, moment: date) -> None:
        """Set the clock to a date (midnight) or a datetime (naive ones are Shanghai time)."""
        self._moment = _in_shanghai(moment)

    def advance(self, by: timedelta) -> None:
        """Move the clock by ``by``."""
        self._moment += by


def _in_shanghai(moment: date) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time.min, SHANGHAI)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=SHANGHAI)
    return moment.astimezone(SHANGHAI)
