from datetime import UTC, date, datetime, timedelta

import pytest
from fixed_clock import FixedClock

from indexers.clock import SHANGHAI, shanghai_now, shanghai_today


def test_the_day_in_shanghai_begins_eight_hours_before_the_day_in_utc() -> None:
    assert shanghai_today(FixedClock(datetime(2026, 11, 21, 15, 59, 59, tzinfo=UTC))) == date(2026, 11, 21)
    assert shanghai_today(FixedClock(datetime(2026, 11, 21, 16, 0, tzinfo=UTC))) == date(2026, 11, 22)


def test_a_plain_date_is_its_midnight_in_shanghai() -> None:
    clock = FixedClock(date(2026, 11, 22))
    assert clock() == datetime(2026, 11, 22, tzinfo=SHANGHAI)
    assert shanghai_today(clock) == date(2026, 11, 22)


def test_a_naive_time_given_to_a_fixed_clock_is_shanghai_time() -> None:
    assert FixedClock(datetime(2026, 11, 22, 23, 59))().astimezone(UTC).hour == 15


def test_a_fixed_clock_moves_only_when_it_is_told_to() -> None:
    clock = FixedClock(datetime(2026, 11, 22, 23, 59, 59))
    clock.advance(timedelta(seconds=1))
    assert shanghai_today(clock) == date(2026, 11, 23)
    clock.move_to(date(2026, 1, 1))
    assert shanghai_today(clock) == date(2026, 1, 1)


def test_a_clock_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        shanghai_today(lambda: datetime(2026, 11, 22))


def test_the_system_clock_answers_in_shanghai_time() -> None:
    assert shanghai_now().utcoffset() == timedelta(hours=8)
