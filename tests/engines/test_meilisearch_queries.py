"""Do the contract's questions become the server's requests, with no typed text as syntax?"""

from __future__ import annotations

import json

import pytest
from engine_documents import TODAY

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.engines.base import visibility
from indexers.engines.matching import Matching
from indexers.engines.meilisearch.queries import Branch, QueryBuilder, quoted
from indexers.engines.meilisearch.settings import as_word, as_words, index_settings
from indexers.errors import BadQuery
from indexers.query import ExistsFilter, RangeFilter, Sort, TermFilter


@pytest.fixture
def builder(catalog: Catalog) -> QueryBuilder:
    return QueryBuilder("credit_g000001_subjects", catalog.fields_in("subjects"), "subjects")


def tiers(catalog: Catalog, analyzer: Analyzer, builder: QueryBuilder, text: str) -> dict[str, list[Branch]]:
    matching = Matching(catalog.fields_in("subjects"))
    return {tier: builder.branches(match) for tier, match in matching.tiers(analyzer.queries(text))}


def test_tiers_are_phrases_and_filters(catalog: Catalog, analyzer: Analyzer, builder: QueryBuilder) -> None:
    found = tiers(catalog, analyzer, builder, "鹿乡食品")
    edge = 'name_edge IN ["n:鹿乡食品", "c:鹿乡食品"]'
    assert found == {
        "exact": [Branch(filters=('name_norm IN ["鹿乡食品"]',))],
        "prefix": [Branch("name_gram", ("鹿乡 乡食 食品",), (edge,))],
        "contains": [Branch("name_gram", ("鹿乡 乡食 食品",), ())],
        "words": [Branch("name_tok", analyzer.queries("鹿乡食品")[0].words, ())],
    }


def test_filters_alone_are_one_search(catalog: Catalog, analyzer: Analyzer, builder: QueryBuilder) -> None:
    found = tiers(catalog, analyzer, builder, "91220402MA00000A1B")
    assert found["exact"] == [
        Branch(filters=('(name_norm IN ["91220402ma00000a1b"]) OR (code IN ["91220402MA00000A1B"])',))
    ]
    prefix = [branch for branch in found["prefix"] if branch.field == "every"]
    assert prefix == [Branch(filters=('code STARTS WITH "91220402MA00000A1B"',))]


def test_a_search_quotes_every_phrase_and_says_its_language(builder: QueryBuilder) -> None:
    branch = Branch("name_tok", ("鹿乡", "食品"), ('status IN ["a"]',))
    assert builder.search(branch, ["gone = 0"], limit=5) == {
        "indexUid": "credit_g000001_subjects",
        "locales": ["eng"],
        "limit": 5,
        "q": '"鹿乡" "食品"',
        "attributesToSearchOn": ["name_tok"],
        "matchingStrategy": "all",
        "filter": ['status IN ["a"]', "gone = 0"],
    }
    assert "q" not in builder.search(None, [], limit=5)


def test_a_union_is_one_federated_request(builder: QueryBuilder) -> None:
    branches = [Branch("name_gram", ("鹿乡",), (), 2.0), Branch("name_tok", ("食品",))]
    asked = builder.federated(
        branches, ["gone = 0"], limit=20, offset=40, facets=["status"], fields=["stored"]
    )
    assert asked["federation"] == {
        "limit": 20,
        "offset": 40,
        "facetsByIndex": {"credit_g000001_subjects": ["status"]},
    }
    assert [query["federationOptions"]["weight"] for query in asked["queries"]] == [2.0, 1.0]
    assert [query["filter"] for query in asked["queries"]] == [["gone = 0"], ["gone = 0"]]
    assert all("limit" not in query and "sort" not in query for query in asked["queries"])


@pytest.mark.parametrize(
    "text",
    ['a"b', "a\\", '\\"', '" OR gone = 1 OR "', "a'b", "-辽源", "\u0000\u001f", "name:*", "名称 OR 代码"],
)
def test_values_are_strings_of_the_filter_language(builder: QueryBuilder, text: str) -> None:
    (expression,) = builder.filters([TermFilter("status", (text,))])
    field, _, rest = expression.partition(" IN ")
    assert (field, json.loads(rest)) == ("status", [text])


@pytest.mark.parametrize("text", ['"鹿乡" -食品', '鹿乡" OR "', "鹿乡 -", "(鹿乡)*?", "„鹿乡“"])
def test_typed_signs_never_reach_the_query_language(
    catalog: Catalog, analyzer: Analyzer, builder: QueryBuilder, text: str
) -> None:
    branches = [branch for found in tiers(catalog, analyzer, builder, text).values() for branch in found]
    words = [word for branch in branches for phrase in branch.phrases for word in phrase.split(" ")]
    assert branches
    assert all(word and word.isalnum() for word in (word.replace("ǃ", "") for word in words))


def test_ranges_are_half_open_and_missing_bounds_ask_for_a_value(builder: QueryBuilder) -> None:
    filters = [
        RangeFilter("founded_on", 20200101, 20210101),
        RangeFilter("founded_on", below=20210101),
        RangeFilter("founded_on"),
        ExistsFilter("code"),
        TermFilter("founded_year", ("2001", 1999), exclude=True),
        *visibility(TODAY),
    ]
    assert builder.filters(filters) == [
        "founded_on >= 20200101 AND founded_on < 20210101",
        "founded_on < 20210101",
        "founded_on EXISTS",
        "code EXISTS",
        'NOT founded_year IN ["2001", "1999"]',
        "visible_until >= 20260332",
        "visible_from < 20260332",
    ]


def test_near_misses_are_every_choice_of_terms_with_more_of_them_first(builder: QueryBuilder) -> None:
    found = builder.at_least("name_gram", ("甲乙", "乙丙", "丙丁"), 2)
    assert [(branch.phrases, branch.weight) for branch in found] == [
        (("甲乙", "乙丙"), 2.0),
        (("甲乙", "丙丁"), 2.0),
        (("乙丙", "丙丁"), 2.0),
        (("甲乙", "乙丙", "丙丁"), 3.0),
    ]
    assert builder.at_least("name_syll", ("a", "b"), 2) == [
        Branch(filters=('name_syll = "a" AND name_syll = "b"',), weight=2.0)
    ]
    assert builder.at_least("name_gram", ("甲乙",), 2) == []
    with pytest.raises(BadQuery):
        builder.at_least("founded_on", ("1",), 1)


def test_an_order_is_by_a_sortable_field(builder: QueryBuilder) -> None:
    assert builder.order(Sort("founded_on")) == ["founded_on:desc"]
    assert builder.order(Sort("founded_on", descending=False)) == ["founded_on:asc"]
    with pytest.raises(BadQuery):
        builder.order(Sort("province"))


def test_terms_that_the_server_would_cut_or_fold_are_written_in_letters() -> None:
    assert as_words("鹿乡 abc ǃci ǃ g5 2026", in_order=True) == "鹿乡 abc ǃci ǃ g5 2026"
    assert as_words("鹿乡 12 5", in_order=False) == "鹿乡. 12. 5"
    other = [as_word(term) for term in ("café", "ソニー", "abcд", "中a", "한국", "5g", "𠮷野")]
    assert len(set(other)) == 7
    assert all(word.startswith("ǃz") and word[1:].isascii() and word[1:].isalpha() for word in other)
    assert as_word("é") == "ǃzmdkj"


def test_settings_let_the_server_add_nothing(catalog: Catalog) -> None:
    settings = index_settings(catalog, "records")
    assert settings["searchableAttributes"] == ["name_gram", "name_tok", "body_tok", "every"]
    assert settings["rankingRules"] == ["sort", "typo", "rank_key:desc"]
    assert settings["typoTolerance"] == {"enabled": False}
    assert settings["faceting"]["maxValuesPerFacet"] == 1001
    assert settings["pagination"] == {"maxTotalHits": 10001}
    keywords, numbers = settings["filterableAttributes"]
    assert {"subject_id", "name_edge", "kind"} <= set(keywords["attributePatterns"])
    assert {"visible_from", "visible_until", "year", "rank_key", "gone"} <= set(numbers["attributePatterns"])
    assert quoted("a") == '"a"'
