"""What is sent to a server of the Elasticsearch family, and where? Nothing here needs one."""

from __future__ import annotations

import base64

import pytest
from engine_documents import TODAY

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.documents import COLLECTIONS, Remove
from indexers.engines import ENGINES, open_engine
from indexers.engines.base import visibility
from indexers.engines.elastic.address import EXAMPLE, Address, parse_address
from indexers.engines.elastic.queries import Questions, best_of, place_of, render
from indexers.engines.elastic.schema import KEPT_SOURCE, action, index_body
from indexers.engines.matching import Begins, Either, Every, Has, Match, Phrase
from indexers.errors import UsageError
from indexers.query import SearchQuery, Sort, TermFilter


@pytest.fixture
def questions(catalog: Catalog) -> Questions:
    return Questions(catalog.fields_in("subjects"), "subjects")


def test_an_address_has_defaults_for_all_but_the_host() -> None:
    assert parse_address("elasticsearch://search") == Address("elasticsearch", False, (("search", 9200),))


def test_an_address_names_nodes_user_prefix_and_certificate() -> None:
    text = "opensearch+https://u%40x:p%2Fw@a:1,[::1]:2,c/my-site?ca=/etc/ca.crt&poll=2&shards=3&replicas=2"
    assert parse_address(text) == Address(
        product="opensearch",
        secure=True,
        nodes=(("a", 1), ("::1", 2), ("c", 9200)),
        prefix="my-site",
        authorization="Basic dUB4OnAvdw==",
        ca="/etc/ca.crt",
        poll=2.0,
        shards=3,
        replicas=2,
    )


def test_the_example_of_an_address_is_one_once_its_words_are_replaced() -> None:
    written = EXAMPLE.replace("用户", "u").replace("密码", "p").replace("主机", "h").replace("前缀", "site")
    address = parse_address(written)
    assert address.authorization == "Basic " + base64.b64encode(b"u:p").decode()
    assert (address.nodes, address.prefix) == ((("h1", 9200), ("h2", 9200)), "site")


def test_a_key_is_sent_as_it_is() -> None:
    assert parse_address("elasticsearch://h?api_key=YWJj").authorization == "ApiKey YWJj"


@pytest.mark.parametrize(
    "rest",
    [
        "",
        ":s3cret@",
        "h:99999",
        "h:x",
        "h/Big",
        "h/a,b",
        "h?colour=red",
        "h?poll=soon",
        "h?poll=0",
        "h?shards=0",
        "h?replicas=-1",
        "h?replicas=some",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(rest: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_address(f"elasticsearch://user:s3cret@{rest}")
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "scheme", sorted(scheme for scheme in ENGINES if "search" in scheme and scheme[0] in "eo")
)
def test_opening_asks_nothing_of_a_server(scheme: str, catalog: Catalog, analyzer: Analyzer) -> None:
    engine = open_engine(f"{scheme}://nowhere.invalid", catalog, analyzer)
    assert engine.name == scheme.partition("+")[0]
    engine.close()


def test_a_certificate_file_that_is_not_there_is_named(catalog: Catalog, analyzer: Analyzer) -> None:
    with pytest.raises(UsageError) as caught:
        open_engine("elasticsearch+https://h?ca=/no/such.crt", catalog, analyzer)
    assert "/no/such.crt" in str(caught.value)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_every_field_is_mapped_strictly_and_terms_are_not_kept_as_source(
    catalog: Catalog, collection: str
) -> None:
    body = index_body(catalog, f"site-g000001-{collection}", collection, shards=2, replicas=1)
    assert body["aliases"] == {f"site-g000001-{collection}-WRITE": {}}
    mapping = body["mappings"]
    assert mapping["dynamic"] == "strict"
    assert set(mapping["properties"]) == {
        *catalog.fields_in(collection),
        "rank_key",
        "gone",
        "moved_to",
        "stored",
    }
    assert mapping["_source"] == {"includes": list(KEPT_SOURCE)}
    assert not [name for name in KEPT_SOURCE if name.startswith(("name", "body", "code"))]
    assert mapping["properties"]["name_gram"]["index_options"] == "positions"
    assert mapping["properties"]["name_tok"]["index_options"] == "docs"
    index = body["settings"]["index"]
    assert (index["number_of_shards"], index["auto_expand_replicas"]) == (2, "0-1")


def test_matches_become_queries_that_read_no_syntax() -> None:
    match: Match = Every((Has("a", ("*",)), Has("b", ("1", "2")), Phrase("c", ('"', "d")), Begins("e", "f*")))
    assert render(match) == {
        "bool": {
            "filter": [
                {"term": {"a": "*"}},
                {"terms": {"b": ["1", "2"]}},
                {"match_phrase": {"c": {"query": '" d', "analyzer": "whitespace"}}},
                {"prefix": {"e": "f*"}},
            ]
        }
    }
    either = render(Either((Has("a", ("x",)), Has("a", ("y",)))))
    assert either["bool"]["minimum_should_match"] == 1


def test_scores_are_places_of_tiers() -> None:
    matches: list[Match] = [Has("a", ("x",)), Has("a", ("y",)), Has("a", ("z",))]
    boosts = [query["constant_score"]["boost"] for query in best_of(matches)["dis_max"]["queries"]]
    assert boosts == [3, 2, 1]
    assert [place_of(float(boost), matches) for boost in boosts] == [0, 1, 2]


def test_relevance_is_tier_then_rank_and_an_order_is_the_field_then_rank(
    questions: Questions, analyzer: Analyzer
) -> None:
    query = SearchQuery("subjects", TODAY, analyzer.queries("鹿乡"), page=3, size=10)
    page = questions.page(query)
    assert page["sort"] == [{"_score": "desc"}, {"rank_key": "desc"}]
    assert (page["from"], page["size"], page["track_total_hits"]) == (20, 10, 10_001)
    browse = questions.page(SearchQuery("subjects", TODAY, sort=Sort("founded_on")))
    assert browse["sort"] == [{"founded_on": {"order": "desc", "missing": "_last"}}, {"rank_key": "desc"}]
    assert not browse["track_scores"]


def test_filters_never_score(questions: Questions) -> None:
    filters = (TermFilter("founded_year", ("2001",)), TermFilter("status", ("x",), True), *visibility(TODAY))
    page = questions.page(SearchQuery("subjects", TODAY, filters=filters))
    assert page["query"] == {
        "bool": {
            "filter": [
                {"terms": {"founded_year": [2001]}},
                {"range": {"visible_until": {"gte": 20260332}}},
                {"range": {"visible_from": {"lt": 20260332}}},
            ],
            "must_not": [{"terms": {"status": ["x"]}}],
        }
    }


def test_every_operation_carries_its_number() -> None:
    line = action(Remove("records", "r1", 7), "site-g000001-records", "delete")
    assert line == (
        b'{"delete":{"_index":"site-g000001-records-WRITE","_id":"r1","version":7,"version_type":"external_gte"}}'
    )
