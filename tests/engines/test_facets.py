"""Are facet counts true, disjunctive, complete?"""

from __future__ import annotations

import pytest
from engine_documents import Documents, Publish, ask, ids

from indexers.engines.base import SearchEngine
from indexers.errors import BadQuery
from indexers.query import ExistsFilter, RangeFilter, SearchPage, TermFilter

PLACES = {"s1": "220402", "s2": "220402", "s3": "220403", "s4": "220104", "s5": "210102"}
STATUS = {"s1": "active", "s2": "closed", "s3": "active", "s4": "active", "s5": "closed"}


@pytest.fixture
def placed(publish: Publish, documents: Documents) -> SearchEngine:
    return publish(
        documents.subject(
            key,
            f"鹿乡食品{key}",
            rank=int(key[1:]),
            region=PLACES[key],
            status=STATUS[key],
            founded_year=2000 + int(key[1:]) % 2,
            code=("91220402MA00000A1B",) if key == "s1" else (),
        )
        for key in PLACES
    )


def counts(page: SearchPage, field: str) -> list[tuple[str, int]]:
    return [(value.value, value.count) for value in page.facets[field].values]


def test_counts_come_most_first_then_by_value(placed: SearchEngine) -> None:
    page = ask(placed, "鹿乡食品", facets=("status", "founded_year"))
    assert counts(page, "status") == [("active", 3), ("closed", 2)]
    assert counts(page, "founded_year") == [("2001", 3), ("2000", 2)]
    assert page.facets["status"].complete


def test_a_choice_narrows_the_other_facets_but_not_its_own(placed: SearchEngine) -> None:
    chosen = (TermFilter("status", ("closed",)),)
    page = ask(placed, "鹿乡食品", filters=chosen, facets=("status", "founded_year"))
    assert ids(page) == ["s5", "s2"]
    assert counts(page, "status") == [("active", 3), ("closed", 2)]
    assert counts(page, "founded_year") == [("2000", 1), ("2001", 1)]


def test_a_chosen_value_stays_at_zero(placed: SearchEngine) -> None:
    chosen = (TermFilter("status", ("revoked",)), TermFilter("founded_year", (1999,)))
    page = ask(placed, filters=chosen, facets=("status", "founded_year"))
    assert counts(page, "status") == [("revoked", 0)]
    assert counts(page, "founded_year") == [("1999", 0)]


def test_regions_are_counted_one_level_at_a_time(placed: SearchEngine) -> None:
    chosen = (TermFilter("region", ("2204",)),)
    page = ask(placed, filters=chosen, facets=("province", "city", "county"))
    assert ids(page) == ["s3", "s2", "s1"]
    assert counts(page, "province") == [("22", 4), ("21", 1)]
    assert counts(page, "city") == [("2204", 3), ("2201", 1)]
    assert counts(page, "county") == [("220402", 2), ("220403", 1)]


def test_a_chosen_region_without_hits_stays_at_zero_with_its_parents(placed: SearchEngine) -> None:
    page = ask(placed, filters=(TermFilter("region", ("1301",)),), facets=("province", "city", "county"))
    assert ("13", 0) in counts(page, "province")
    assert counts(page, "city") == [("1301", 0)]
    assert counts(page, "county") == []


def test_facets_do_not_depend_on_page_size_or_order(placed: SearchEngine) -> None:
    small = ask(placed, "鹿乡食品", size=1, page=2, facets=("status",))
    assert small.facets == ask(placed, "鹿乡食品", facets=("status",)).facets
    assert small.total.value == 5


def test_filters_are_joined(placed: SearchEngine) -> None:
    both = (TermFilter("region", ("22",)), TermFilter("status", ("active", "closed")))
    assert ids(ask(placed, filters=both)) == ["s4", "s3", "s2", "s1"]
    assert ids(ask(placed, filters=(TermFilter("status", ("active",), exclude=True),))) == ["s5", "s2"]
    assert ids(ask(placed, filters=(RangeFilter("founded_year", 2000, 2001),))) == ["s4", "s2"]
    assert ids(ask(placed, filters=(RangeFilter("founded_year", below=2000),))) == []
    assert ids(ask(placed, filters=(RangeFilter("founded_year", 2001, 2001),))) == []
    assert ids(ask(placed, filters=(TermFilter("founded_year", ("2001", 1)),))) == ["s5", "s3", "s1"]
    assert ids(ask(placed, filters=(ExistsFilter("code"),))) == ["s1"]
    assert len(ids(ask(placed, filters=(ExistsFilter("status"),)))) == 5
    assert ids(ask(placed, filters=(ExistsFilter("founded_on"),))) == []


@pytest.mark.parametrize(
    "refused",
    [
        TermFilter("nosuch", ("x",)),
        TermFilter("name_gram", ("鹿乡",)),
        TermFilter("founded_year", ("abc",)),
        RangeFilter("status", 1, 2),
        TermFilter("status", ()),
        TermFilter("status", tuple(map(str, range(201)))),
    ],
)
def test_filters_outside_the_contract_are_refused(
    placed: SearchEngine, refused: TermFilter | RangeFilter
) -> None:
    with pytest.raises(BadQuery):
        ask(placed, filters=(refused,))


def test_two_hundred_values_are_allowed(placed: SearchEngine) -> None:
    values = tuple(f"{n:06d}" for n in range(220302, 220502))
    assert ids(ask(placed, filters=(TermFilter("region", values),))) == ["s3", "s2", "s1"]


def test_a_field_that_is_no_facet_of_the_collection_is_refused(placed: SearchEngine) -> None:
    with pytest.raises(BadQuery):
        ask(placed, facets=("kind",))


def test_a_thousand_values_are_exact_and_one_more_is_not(publish: Publish, documents: Documents) -> None:
    def records(values: int) -> SearchEngine:
        return publish(
            documents.record(f"r{n}", "鹿乡食品", rank=n + 1, authority=f"机关{n % values:04d}")
            for n in range(values + 30)
        )

    whole = ask(records(1000), "", "records", facets=("authority",)).facets["authority"]
    assert (len(whole.values), whole.complete) == (1000, True)
    assert [(value.value, value.count) for value in whole.values[29:31]] == [("机关0029", 2), ("机关0030", 1)]
    chosen = (TermFilter("authority", ("机关0999",)),)
    part = ask(records(1001), "", "records", filters=chosen, facets=("authority",)).facets["authority"]
    assert (len(part.values), part.complete) == (101, False)
    assert (part.values[0].value, part.values[0].count) == ("机关0000", 2)
    assert (part.values[100].value, part.values[100].count) == ("机关0999", 1)
