"""In which order do hits come, and do pages put together make the whole list?"""

from __future__ import annotations

import random

import pytest
from engine_documents import TODAY, Documents, Publish, ask, ids

from indexers.engines.base import SearchEngine
from indexers.errors import BadQuery
from indexers.query import Sort, TermFilter

MANY = 130


@pytest.fixture
def many(publish: Publish, documents: Documents) -> SearchEngine:
    """Few days, many ties, ranks in no order, every eleventh without a date."""
    ranks = random.Random(7).sample(range(1, 10_000), MANY)
    return publish(
        documents.subject(
            f"s{n}",
            f"{'鹿乡' if n % 3 else '城关鹿乡'}食品第{n}店",
            rank=rank,
            **({"founded_on": 20200101 + n % 5} if n % 11 else {}),
        )
        for n, rank in enumerate(ranks)
    )


def in_pages(engine: SearchEngine, size: int, text: str, **rest: object) -> list[str]:
    pages = -(-MANY // size)
    return [
        hit for page in range(1, pages + 1) for hit in ids(ask(engine, text, page=page, size=size, **rest))
    ]


@pytest.mark.parametrize("text", ["", "鹿乡食品", "食品 鹿乡"])
@pytest.mark.parametrize("sort", [None, Sort("founded_on"), Sort("founded_on", descending=False)])
def test_pages_of_any_size_one_after_another_are_the_whole_list(
    many: SearchEngine, text: str, sort: Sort | None
) -> None:
    whole = in_pages(many, 100, text, sort=sort)
    assert len(set(whole)) == MANY
    assert in_pages(many, 7, text, sort=sort) == whole
    assert in_pages(many, 33, text, sort=sort) == whole


@pytest.mark.parametrize("descending", [True, False])
def test_ties_of_a_sorted_list_fall_to_rank_and_missing_values_come_last(
    publish: Publish, documents: Documents, descending: bool
) -> None:
    days = {"a": 20200101, "b": 20210101, "c": 20210101, "d": 20200101, "e": None, "f": None}
    ranks = {"a": 3, "b": 1, "c": 6, "d": 5, "e": 2, "f": 4}
    engine = publish(
        documents.subject(key, "鹿乡食品", rank=ranks[key], **({"founded_on": day} if day else {}))
        for key, day in days.items()
    )
    found = ids(ask(engine, sort=Sort("founded_on", descending)))
    assert found == (["c", "b", "d", "a", "f", "e"] if descending else ["d", "a", "c", "b", "f", "e"])


def test_hits_of_a_sorted_list_keep_their_tier(publish: Publish, documents: Documents) -> None:
    engine = publish(
        [
            documents.subject("s1", "鹿乡食品", rank=1, founded_on=20200101),
            documents.subject("s2", "鹿乡食品厂", rank=2, founded_on=20210101),
            documents.subject("s3", "城关鹿乡食品", rank=3, founded_on=20220101),
        ]
    )
    page = ask(engine, "鹿乡食品", sort=Sort("founded_on"))
    assert [(hit.id, hit.tier) for hit in page.hits] == [
        ("s3", "contains"),
        ("s2", "prefix"),
        ("s1", "exact"),
    ]


def test_a_page_after_the_last_is_empty_and_knows_the_total(many: SearchEngine) -> None:
    page = ask(many, "鹿乡食品", page=50, size=20)
    assert (page.hits, page.total.value, page.total.exact) == ((), MANY, True)


@pytest.mark.parametrize(("page", "size"), [(0, 20), (1, 0), (1, 101), (501, 20), (101, 100)])
def test_pages_outside_the_window_are_refused(many: SearchEngine, page: int, size: int) -> None:
    with pytest.raises(BadQuery):
        ask(many, page=page, size=size)


def test_an_order_by_a_field_that_is_not_for_sorting_is_refused(many: SearchEngine) -> None:
    with pytest.raises(BadQuery):
        ask(many, sort=Sort("province"))


def test_a_scan_reads_everything_under_the_filters_by_rank(many: SearchEngine) -> None:
    found = [document.id for document in many.scan("subjects", (), TODAY)]
    assert found == in_pages(many, 100, "")
    none = many.scan("subjects", (TermFilter("region", ("99",)),), TODAY)
    assert list(none) == []
