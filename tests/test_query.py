"""How many hits and pages does an answer promise?"""

import pytest

from indexers.query import (
    MAX_WINDOW,
    DataVersion,
    FacetResult,
    FacetValue,
    SearchPage,
    Total,
    count_pages,
    is_in_window,
)


def test_a_total_is_exact_up_to_the_window() -> None:
    assert Total.of(MAX_WINDOW) == Total(MAX_WINDOW, exact=True)
    assert Total.of(MAX_WINDOW + 1) == Total(MAX_WINDOW, exact=False)


@pytest.mark.parametrize(
    ("total", "size", "pages"),
    [(0, 20, 1), (20, 20, 1), (21, 20, 2), (MAX_WINDOW, 30, 333), (10**6, 100, 100)],
)
def test_all_pages_that_are_counted_can_be_shown(total: int, size: int, pages: int) -> None:
    assert count_pages(total, size) == pages
    assert is_in_window(pages, size)


def test_a_page_beyond_the_window_is_outside() -> None:
    assert not is_in_window(334, 30)


def _page(total: Total, *, complete: bool = True) -> SearchPage:
    kinds = FacetResult("kind", (FacetValue("a", 9_000), FacetValue("b", 7_459)), complete)
    return SearchPage((), total, {"kind": kinds}, DataVersion("g", 1))


def test_counts_of_a_facet_tell_a_total_beyond_the_window() -> None:
    stopped = Total.of(16_459)
    assert _page(stopped).total_by("kind") == Total(16_459)
    assert _page(stopped, complete=False).total_by("kind") == stopped
    assert _page(stopped).total_by("list") == stopped
    assert _page(Total(12)).total_by("kind") == Total(12)
