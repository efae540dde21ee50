"""Ranges of days, and days beside other words, whatever times of day stand with them."""

import pytest

from indexers.periods import read_range, split_day


@pytest.mark.parametrize(
    "text",
    [
        "2026/3/1至2027/2/28",
        "2026/3/1 10:23至2027/2/28 10:23",
        "2026-03-01 00:00:00 - 2027-02-28 23:59:59",
        "自2026年3月1日 8时 起至 2027年2月28日 24时",
    ],
)
def test_a_range_is_read_with_its_times_of_day_or_without(text: str) -> None:
    assert read_range(text) == ("2026-03-01", "2027-02-28")


@pytest.mark.parametrize("text", ["某某市城管局 2026/3/1 10:23", "某某市城管局\n2026/3/1"])
def test_a_day_beside_a_name_is_that_before_the_time(text: str) -> None:
    assert split_day(text) == ("某某市城管局", "2026/3/1")
