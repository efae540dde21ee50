"""Does the JSON API have exactly the promised keys, and does narrowing mean the same on a real engine?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from deliveries import ANALYZER, CATALOG, NAME, Desk, code, penalty, profile
from described import PARAMETERS, differences
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from indexers.answers import Request
from indexers.errors import EngineTimeout
from indexers.finding import Finder
from search_site.app import create_app
from search_site.middleware import SECURITY_HEADERS
from search_site.settings import Settings

HIT = {"type", "id", "title", "uscc", "url", "reason", "highlights"}
SUBJECT_HIT = HIT | {"by_name_only", "status", "region", "counts"}
RECORD_HIT = HIT | {
    "kind", "list", "polarity", "subject", "subject_id", "authority", "document_number", "decided_on",
    "last_day", "status", "snippet",
}  # fmt: skip
LIBRARY_HIT = HIT | {"kind", "body", "number", "dated_on", "status", "abstract"}
SEARCH = {
    "q", "type", "total", "page", "size", "hits", "proposals", "facets", "understood", "other", "generation",
    "as_of",
}  # fmt: skip
SUBJECT = {
    "type", "id", "title", "uscc", "url", "names", "by_name_only", "status", "region", "organisation_class",
    "fields", "counts", "lists", "sources", "generation", "as_of",
}  # fmt: skip
RECORD = {
    "type", "id", "title", "url", "kind", "list", "polarity", "subject", "subject_id", "uscc", "by_name_only",
    "authority", "document_number", "decided_on", "visible_from", "last_day", "repairable_from", "rule",
    "rule_label", "grade", "grade_label", "grade_assumed", "status", "fields", "sources", "hash", "generation", "as_of",
}  # fmt: skip
ENTRY = {
    "type", "id", "title", "url", "kind", "body", "number", "dated_on", "status", "valid_until", "abstract",
    "text", "related", "fields", "sources", "generation", "as_of",
}  # fmt: skip
FIELD = {"key", "label", "value", "text"}
SOURCE = {"authority", "batch", "delivered_on"}
LISTED = {"id", "list", "label", "polarity", "authority", "decided_on", "last_day", "url"}

LISTING = {
    "单位名称": NAME,
    "统一社会信用代码": code(1),
    "失信行为简况": "拒不整改",
    "信息报送机关": "某某市应急管理局",
    "纳入日期": "2026-06-01",
}
NOTICE = {
    "标题": "鹿乡食品抽查情况的通报",
    "发布机构": "辽源市政府",
    "文号": "某通〔2026〕1号",
    "发布日期": "2026-05-05",
    "涉及单位": "某局",
    "摘要": "鹿乡食品的抽查情况",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Four subjects in three cities of two provinces, with records, a list entry and a notice."""
    folder = tmp_path_factory.mktemp("contract")
    opened = Desk(folder, f"sqlite:///{folder / 'ledger.db'}")
    opened.bring(
        profile(曾用名="鹿乡老字号食品厂", 区划代码="220402", 成立日期="2016-03-01"),
        profile("鹿乡二号食品有限公司", 2, 区划代码="220403"),
        profile("鹿乡三号食品有限公司", 3, 区划代码="220502"),
        profile("鹿乡四号食品有限公司", 4, 区划代码="110105"),
    )
    opened.bring(penalty(1, 统一社会信用代码=code(1)), penalty(2, 统一社会信用代码=code(1)))
    opened.bring(LISTING)
    opened.bring(NOTICE, kind="notice")
    opened.sync()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(desk: Desk) -> TestClient:
    app = create_app(Settings(), engine=desk.engine, clock=desk.clock)
    return TestClient(
        app, base_url="http://credit.test", follow_redirects=False, raise_server_exceptions=False
    )


def ask(client: TestClient, url: str) -> dict[str, Any]:
    answer = client.get(url)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    ("kind", "keys", "others"),
    [
        ("subject", SUBJECT_HIT, {"record": RECORD_HIT, "library": LIBRARY_HIT}),
        ("record", RECORD_HIT, {"subject": SUBJECT_HIT, "library": LIBRARY_HIT}),
        ("library", LIBRARY_HIT, {"subject": SUBJECT_HIT, "record": RECORD_HIT}),
    ],
)
def test_search_has_the_promised_keys(
    kind: str, keys: set[str], others: dict[str, set[str]], client: TestClient, desk: Desk
) -> None:
    found = ask(client, f"/api/v1/search?q=鹿乡食品&type={kind}")
    assert set(found) == SEARCH
    assert [set(hit) for hit in found["hits"]] == [keys] * found["total"]["value"]
    assert set(found["hits"][0]["reason"]) == {"code", "label"}
    assert set(found["total"]) == {"value", "exact"}
    assert {other["type"]: set(other["top"][0]) for other in found["other"]} == others
    assert {frozenset(other) for other in found["other"]} == {frozenset({"type", "total", "top"})}
    assert {frozenset(facet) for facet in found["facets"].values()} == {
        frozenset({"label", "complete", "values"})
    }
    values = [value for facet in found["facets"].values() for value in facet["values"]]
    assert {frozenset(value) for value in values} == {frozenset({"value", "label", "count", "selected"})}
    assert (found["generation"][:8], found["as_of"]) == ("g000001-", "2026-11-22T00:00:00+08:00")


def test_proposals_and_offers_have_the_promised_keys(client: TestClient) -> None:
    near = ask(client, "/api/v1/search?q=路乡一号食品")
    assert (near["total"]["value"], near["proposals"][0]["title"]) == (0, NAME)
    assert {frozenset(each) for each in near["proposals"]} == {frozenset(SUBJECT_HIT)}
    assert near["proposals"][0]["reason"] == {"code": "homophone", "label": "读音相同"}
    [offer] = ask(client, "/api/v1/search?q=辽源鹿乡食品")["understood"]
    assert set(offer) == {"field", "value", "label", "text", "url", "count"}
    assert (offer["field"], offer["value"], offer["text"]) == ("region", "2204", "辽源")


@pytest.mark.parametrize("kind", ["subject", "record"])
def test_a_former_name_is_a_link_to_all_records_of_its_subject(kind: str, client: TestClient) -> None:
    [offer] = ask(client, f"/api/v1/search?q=鹿乡老字号食品厂&type={kind}")["understood"]
    assert (offer["field"], offer["value"], offer["label"]) == ("subject", code(1), NAME)
    assert ask(client, f"/api/v1{offer['url']}")["total"] == offer["count"]
    shown = client.get(f"/search?q=鹿乡老字号食品厂&type={kind}").text
    link = f'<a class="chip" href="/search?type=record&amp;subject={code(1)}">{NAME}'
    assert f"查这家单位的记录：{link}（{offer['count']['value']}）</a>" in shown


def test_suggestions_have_the_promised_keys(client: TestClient) -> None:
    found = ask(client, "/api/v1/suggest?q=鹿乡")
    assert set(found) == {"q", "suggestions"}
    assert [set(each) for each in found["suggestions"]] == [{"title", "uscc", "url", "reason"}] * 4
    assert set(found["suggestions"][0]["reason"]) == {"code", "label"}


def test_a_subject_has_the_promised_keys(client: TestClient) -> None:
    found = ask(client, f"/api/v1/subjects/{code(1)}")
    assert set(found) == SUBJECT
    assert found["names"] == [
        {"name": NAME, "kind": "present"},
        {"name": "鹿乡老字号食品厂", "kind": "former"},
    ]
    assert {frozenset(field) for field in found["fields"]} == {frozenset(FIELD)}
    assert [set(each) for each in found["lists"]] == [LISTED]
    assert [set(each) for each in found["sources"]] == [SOURCE]
    assert found["counts"] == {"administrative_penalty": 2, "adverse_entry": 1}
    assert client.get(f"/s/{code(1)}.json").json() == found


def test_a_record_and_an_entry_have_the_promised_keys(client: TestClient, desk: Desk) -> None:
    found = ask(client, f"/api/v1/records/{desk.ids()[0]}")
    assert set(found) == RECORD
    assert {frozenset(field) for field in found["fields"]} == {frozenset(FIELD)}
    assert [set(each) for each in found["sources"]] == [SOURCE]
    entry = ask(client, f"/api/v1/library/{desk.ids('library')[0]}")
    assert set(entry) == ENTRY
    assert (entry["body"], entry["number"], entry["dated_on"]) == (
        "辽源市政府",
        "某通〔2026〕1号",
        "2026-05-05",
    )


def test_every_answer_is_what_the_description_says_and_nothing_more(client: TestClient, desk: Desk) -> None:
    described = ask(client, "/openapi.json")
    record, entry = desk.ids()[0], desk.ids("library")[0]
    answers = {
        "/api/v1/search": [
            "?q=辽源鹿乡食品", "?q=路乡一号食品", "?q=鹿乡食品&city=2201", "?type=record", "?q=鹿乡&type=library",
            "?bogus=1&page=0",
        ],
        "/api/v1/suggest": ["?q=鹿乡", "?bogus=1"],
        "/api/v1/subjects/{id}": [code(1), code(9), f"{code(1)}?bogus=1"],
        "/s/{id}.json": [f"{code(1)}.json", "n-none.json"],
        "/api/v1/records/{id}": [record, "none", f"{record}?bogus=1"],
        "/r/{id}.json": [f"{record}.json", "none.json"],
        "/api/v1/library/{id}": [entry, "none"],
        "/healthz": [""],
        "/readyz": [""],
    }  # fmt: skip
    # Tables are no JSON.
    assert set(answers) == {path for path in described["paths"] if not path.endswith(".csv")}
    for path, asked in answers.items():
        for rest in asked:
            answer = client.get(path.partition("{")[0] + rest)
            told = described["paths"][path]["get"]["responses"][str(answer.status_code)]["content"]
            schema = told[answer.headers["content-type"].partition(";")[0]]["schema"]
            assert differences(answer.json(), schema, described["components"]["schemas"]) == []


def test_the_check_of_answers_finds_what_is_missing_wrong_and_not_described() -> None:
    schema = {
        "type": "object",
        "properties": {"n": {"type": "integer"}, "m": {"$ref": "#/components/schemas/M"}},
    }
    known = {"M": {"type": "array", "items": {"enum": ["a"]}}}
    assert differences({"n": 1, "m": ["a"]}, {**schema, "required": ["n"]}, known) == []
    assert differences({"n": True, "m": ["b"], "x": 0}, {**schema, "required": ["y"]}, known) == [
        "$: y is missing",
        "$.n: True is no integer",
        "$.m[0]: 'b' is none of ['a']",
        "$: x is not described",
    ]


# -- narrowing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("", 4),
        ("province=22", 3),
        ("province=22&city=2204", 2),
        ("region=22&region=2204", 2),
        ("region=22&city=2204&county=220403", 1),
        ("province=11&city=2204", 0),
        ("city=2204&city=2205", 3),
        ("city=2204&region=2205", 3),
        ("province=22&province=11", 4),
        ("county=220402&county=110105", 2),
    ],
)
def test_levels_of_regions_narrow_and_values_of_one_level_are_alternatives(
    query: str, total: int, client: TestClient
) -> None:
    found = ask(client, f"/api/v1/search?{query}")
    assert found["total"]["value"] == total
    counted = {value["value"]: value["count"] for value in found["facets"]["county"]["values"]}
    assert client.get(f"/search?{query}").status_code == 200
    assert set(counted) <= {"220402", "220403", "220502", "110105"}


def test_a_library_entry_is_in_the_region_of_its_body(client: TestClient) -> None:
    totals = [
        ask(client, f"/api/v1/search?type=library&region={region}")["total"]["value"]
        for region in ("22", "2204", "220402", "11")
    ]
    assert totals == [1, 1, 0, 0]


def test_a_chosen_city_keeps_its_neighbours_countable(client: TestClient) -> None:
    facets = ask(client, "/api/v1/search?province=22&city=2204")["facets"]
    assert [(v["value"], v["count"], v["selected"]) for v in facets["city"]["values"]] == [
        ("2204", 2, True),
        ("2205", 1, False),
    ]
    assert [(v["value"], v["count"], v["selected"]) for v in facets["province"]["values"]] == [
        ("22", 3, True),
        ("11", 1, False),
    ]


@pytest.mark.parametrize(
    "query",
    [
        "status=nothing",
        "organisation_class=nothing",
        "industry=ZZ",
        "founded_year=0000",
        "founded_year=9999",
        "city=9999",
        "type=record&kind=nothing",
        "type=record&list=nothing",
        "type=record&field=nothing",
        "type=record&polarity=nothing",
        "type=record&authority=没有这个局",
        "type=record&source_class=nothing",
        "type=record&year=9999",
        "type=record&subject=nobody",
        "type=library&body=nobody",
        "type=library&kind=nothing",
    ],
)
def test_a_value_that_nobody_has_finds_nothing(query: str, client: TestClient) -> None:
    assert ask(client, f"/api/v1/search?{query}")["total"] == {"value": 0, "exact": True}
    assert client.get(f"/search?{query}").status_code == 200


def test_the_deadline_of_the_settings_reaches_the_engine(desk: Desk) -> None:
    hurried = Finder(desk.engine, CATALOG, ANALYZER, desk.clock, deadline=-1.0)
    with pytest.raises(EngineTimeout):
        hurried.find(Request(text="鹿乡 食品 很急"))
    app = create_app(Settings(deadline=0.25), engine=desk.engine, clock=desk.clock)
    assert app.state.site.finder.deadline == 0.25


def test_the_number_of_a_document_is_no_name_and_no_year(client: TestClient) -> None:
    found = ask(client, "/api/v1/search?q=某罚〔2026〕1号")
    assert (found["total"]["value"], found["proposals"], found["understood"]) == (0, [], [])
    [record] = found["other"][0]["top"]
    assert record["reason"]["code"] == "document_number"


def test_a_chosen_region_is_not_widened_by_an_offer(client: TestClient) -> None:
    assert ask(client, "/api/v1/search?q=辽源鹿乡食品&city=2205")["understood"] == []


# -- hostile values -------------------------------------------------------------------------------------------

NAMES = sorted(
    {field.key for name in ("subjects", "records", "library") for field in CATALOG.facets(name)}
    | {*PARAMETERS, "uscc", "nothing"}
)
HOSTILE = st.one_of(
    st.text(max_size=40),
    st.text("〔〕()（）[]\"'\\*?~^:+-&|!/<>%;{}$ 0\u0000\u202e\ud7ff鹿罚AaZz９", max_size=40),
    st.sampled_from(
        ["", "*", "AND OR NOT", "a" * 5_000, "鹿" * 300, "(" * 200, "-1", "1e9", "99999999999999999999", "../" * 9,
         "<script>alert(1)</script>", "' OR 1=1 --", "{{7*7}}", "%00", "\U00020bb7野家", "e\u0301" * 60]
    ),
)  # fmt: skip
PATHS = ["/", "/search", "/lists", "/lists/safety_dishonesty", "/status", "/api/v1/search", "/api/v1/suggest",
         f"/s/{code(1)}", f"/s/{code(1)}/administrative_penalty", f"/api/v1/subjects/{code(1)}"]  # fmt: skip
PREFIXES = ["/", "/s/", "/r/", "/library/", "/lists/", "/static/", "/api/v1/subjects/", "/api/v1/records/",
            "/api/v1/library/", f"/s/{code(1)}/"]  # fmt: skip
FIXED = {name.lower() for name in SECURITY_HEADERS}
often = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


def assert_harmless(answer: Any) -> None:
    assert answer.status_code < 500
    assert set(answer.headers) >= FIXED
    assert "<script>alert" not in answer.text
    assert "cache-control" in answer.headers


@often
@given(
    path=st.sampled_from(PATHS),
    values=st.lists(st.tuples(st.sampled_from(NAMES), HOSTILE), min_size=1, max_size=4),
)
def test_no_parameter_breaks_a_page(path: str, values: list[tuple[str, str]], client: TestClient) -> None:
    usable = [(name, value.encode("utf-8", "replace").decode()) for name, value in values]
    assert_harmless(client.get(path, params=usable))


@often
@given(prefix=st.sampled_from(PREFIXES), rest=st.binary(max_size=30))
def test_no_path_breaks_the_site(prefix: str, rest: bytes, client: TestClient) -> None:
    escaped = "".join(f"%{byte:02X}" for byte in rest)
    assert_harmless(client.get(f"{prefix}x{escaped}"))


@often
@given(
    raw=st.text("q=&%+;中0aF ", max_size=40),
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE"]),
)
def test_no_query_string_or_method_breaks_the_site(raw: str, method: str, client: TestClient) -> None:
    for path in ("/search", "/api/v1/search"):
        assert_harmless(client.request(method, f"{path}?{raw}"))


@pytest.mark.parametrize(
    "name",
    ["accept-encoding", "if-none-match", "host", "accept", "cookie", "origin", "range", "x-forwarded-host"],
)
@pytest.mark.parametrize("value", ["", "*", "\x7f", "é" * 50, "W/" * 900, 'W/"', "a\tb"])
def test_no_header_breaks_the_site(name: str, value: str, client: TestClient) -> None:
    answer = client.get("/search?q=鹿乡", headers={name: value.encode("latin-1")})
    assert_harmless(answer)
