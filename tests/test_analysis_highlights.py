"""Are the marked characters the ones that were found, in the text as it is shown?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexers.analysis import Analyzer, load_analyzer


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return load_analyzer()


@pytest.mark.parametrize(
    ("shown", "query", "ranges"),
    [
        ("辽源市鹿乡食品有限公司", "鹿乡食品", [(3, 7)]),
        ("辽源市 鹿 乡（中国）食品", "鹿乡(中国", [(4, 10)]),
        ("遼源市鹿鄉食品", "鹿乡", [(3, 5)]),
        ("辽源市鹿乡食品", "遼源", [(0, 2)]),
        ("辽源市鹿乡食品", "食品 辽源", [(0, 2), (5, 7)]),
        ("食品厂和食品店", "食品", [(0, 2), (4, 6)]),
        ("㈱鹿乡", "鹿乡", [(1, 3)]),
        ("㈱鹿乡", "株", [(0, 1)]),
        ("Cafe\u0301 鹿乡", "CAFÉ", [(0, 5)]),
        ("ＡＢＣ食品", "abc", [(0, 3)]),
        ("销售食品，\n罚款 九万 元（㈱鹿乡 e\u0301）", "罚款九万元", [(6, 13)]),
        ("销售食品，\n罚款 九万 元（㈱鹿乡 e\u0301）", "鹿乡É", [(15, 20)]),
        ("ABCD食品", "abc", []),
        ("鹿乡食品", "牛", []),
        ("鹿乡食品", "", []),
        ("", "鹿乡", []),
    ],
)
def test_found_characters_are_marked_in_the_shown_text(
    analyzer: Analyzer, shown: str, query: str, ranges: list[tuple[int, int]]
) -> None:
    assert analyzer.highlights(shown, query) == ranges


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20), st.text(max_size=6))
def test_ranges_are_sorted_apart_and_inside_the_text(analyzer: Analyzer, shown: str, query: str) -> None:
    ranges = analyzer.highlights(shown, query)

    bounds = [bound for pair in ranges for bound in pair]
    assert bounds == sorted(set(bounds))
    assert all(0 <= bound <= len(shown) for bound in bounds)
