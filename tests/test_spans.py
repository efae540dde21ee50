from indexers.spans import unite


def test_spans_that_overlap_or_touch_are_one() -> None:
    assert unite([(4, 6), (0, 2), (2, 3), (5, 9)]) == [(0, 3), (4, 9)]


def test_a_span_inside_another_adds_nothing() -> None:
    assert unite([(0, 9), (2, 3)]) == [(0, 9)]
    assert unite([]) == []
