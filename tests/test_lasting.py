"""Does a subject take from its records only what some shown record gives to the end of its document?"""

from __future__ import annotations

import pytest
from deliveries import code
from hypothesis import given
from hypothesis import strategies as st

from indexers.documents import OPEN_END
from indexers.lasting import Given, interval_of, lasting_numbers, latest_name, present_interval


def gives(
    begins: int,
    ends: int,
    name: str = "甲",
    decided_on: str = "2026-01-01",
    *,
    by_code: bool = True,
    number: str = "",
) -> Given:
    return Given(
        code(1),
        begins,
        ends,
        "administrative_penalty",
        "",
        "adverse",
        attached_by="code" if by_code else "name",
        decided_on=decided_on,
        party_norm=name,
        party=name,
        number=number,
    )


@pytest.mark.parametrize(
    ("intervals", "day", "expected"),
    [
        ([], 5, (0, 0)),
        ([(1, 5)], 5, (0, 0)),
        ([(1, 6)], 5, (1, 6)),
        ([(5, 6)], 5, (5, 6)),
        ([(6, 9)], 5, (6, 9)),
        ([(1, 4), (4, 9)], 5, (1, 9)),
        ([(1, 4), (3, 9), (12, 15)], 5, (1, 9)),
        ([(1, 4), (7, 9), (12, 15)], 5, (7, 9)),
        ([(1, 20), (3, 4)], 5, (1, 20)),
        ([(7, 7), (8, 3)], 5, (0, 0)),
    ],
)
def test_the_present_interval_is_uninterrupted_or_the_next_one(
    intervals: list[tuple[int, int]], day: int, expected: tuple[int, int]
) -> None:
    assert present_interval(intervals, day) == expected


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8), st.integers(0, 30))
def test_a_day_is_in_the_present_interval_iff_some_interval_holds_it(
    intervals: list[tuple[int, int]], day: int
) -> None:
    begins, ends = present_interval(intervals, day)
    assert (begins <= day < ends) == any(a <= day < b for a, b in intervals)
    assert all(any(a <= d < b for a, b in intervals) for d in range(begins, ends))
    assert not any(a <= ends < b for a, b in intervals if ends)


def test_the_name_is_that_of_the_latest_decision_however_soon_it_ends() -> None:
    without_end, newer = gives(1, OPEN_END, "旧", "2026-01-01"), gives(2, 6, "新", "2026-02-01")
    ended, to_come = gives(1, 3, "终", "2026-04-01"), gives(7, 9, "来", "2026-03-01")
    told = (without_end, newer, ended, to_come)
    assert [latest_name(told, day) for day in (4, 6, 7, 9)] == [
        ("新", 6),
        ("旧", OPEN_END),
        ("来", 9),
        ("旧", OPEN_END),
    ]
    assert latest_name(told[::-1], 4) == ("新", 6)


def test_a_name_may_be_handed_from_one_record_to_the_next() -> None:
    first, then = gives(1, 5, "新", "2026-03-01"), gives(4, 9, "新", "2026-01-01")
    assert latest_name((gives(1, 9, "旧", "2026-02-01"), first, then), 3) == ("新", 9)
    after_a_gap = gives(6, 9, "新", "2026-01-01")
    assert latest_name((gives(1, 9, "旧", "2026-02-01"), first, after_a_gap), 3) == ("新", 5)


def test_a_name_by_the_code_comes_before_one_by_less() -> None:
    by_name = gives(1, 9, "乙", "2026-09-01", by_code=False)
    assert latest_name((by_name, gives(1, 6, "甲", "2026-01-01")), 3) == ("甲", 6)


def test_of_names_of_one_day_the_same_is_chosen_in_any_order() -> None:
    told = (gives(1, 5, "甲"), gives(1, 9, "乙"))
    assert latest_name(told, 3) == latest_name(told[::-1], 3) == ("乙", 9)


def test_there_is_no_name_on_a_day_on_which_nothing_is_shown() -> None:
    assert latest_name((), 3) == ("", 3)
    assert latest_name((gives(1, 3), gives(4, 9)), 3) == ("", 3)


def test_a_number_counts_if_shown_records_with_the_code_give_it_to_the_end() -> None:
    told = (
        gives(1, 9, number="1"),
        gives(1, 5, number="2"),
        gives(5, 9, number="2"),
        gives(1, 5, number="3"),
        gives(4, 9, number="4"),
        gives(1, 9, number="5", by_code=False),
        gives(1, 3, number="6"),
    )
    assert lasting_numbers(told, 3, 9) == ("1", "2")


@st.composite
def tellings(draw: st.DrawFn) -> tuple[Given, ...]:
    names, numbers = st.sampled_from("甲乙丙"), st.sampled_from(["", "1", "2"])
    days, dates = st.integers(0, 30), st.sampled_from(["2026-01-01", "2026-02-01", "2026-03-01"])
    one = st.builds(gives, days, days, names, dates, by_code=st.booleans(), number=numbers)
    return tuple(draw(st.lists(one, max_size=8)))


@given(tellings(), st.integers(0, 30))
def test_no_name_or_number_outlives_the_records_that_give_it(told: tuple[Given, ...], today: int) -> None:
    begins, ends = interval_of(told, today)
    shown_from = max(begins, today)
    name, until = latest_name(told, shown_from)
    numbers = lasting_numbers(told, shown_from, until)
    for day in range(shown_from, until):
        shown = [g for g in told if g.begins <= day < g.ends]
        assert name in {g.party for g in shown}
        assert set(numbers) <= {g.number for g in shown}
    assert (until > shown_from) == (ends > today)
    assert until <= max(ends, shown_from)
    assert latest_name(told[::-1], shown_from) == (name, until)
