"""Ranges of days, and days beside other words, whatever times of day stand with them."""

import pytest

from indexers.periods import end_periods, length_of, read_range, split_day
from indexers.records import Value


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


@pytest.mark.parametrize(
    ("given", "last_day"),
    [
        ("2026-12-31", "2026-12-31"),
        ([length_of(12), "2027-12-31"], "2027-05-06"),
        ([length_of(36), "2027-12-31"], "2027-12-31"),
    ],
)
def test_of_several_ends_of_publicity_the_earliest_counts(given: str | list[str], last_day: str) -> None:
    content: dict[str, Value] = {"decided_on": "2026-05-06", "publicity_end": given}
    end_periods(content)
    assert content["publicity_end"] == last_day


def test_a_length_without_a_first_day_ends_nothing() -> None:
    content: dict[str, Value] = {"publicity_end": [length_of(12)]}
    end_periods(content)
    assert content == {}
