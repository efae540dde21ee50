"""What does the JSON API answer, exactly?"""

from __future__ import annotations

import json

import pytest
from described import PARAMETERS
from fake_finder import LUXIANG, NAMESAKE, FakeFinder
from starlette.testclient import TestClient

from search_site.app import ROUTES


def test_search_has_the_shape_of_the_contract(client: TestClient) -> None:
    answer = client.get("/api/v1/search", params={"q": "鹿乡食品", "size": 1})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    body = answer.json()
    assert list(body) == [
        "q",
        "type",
        "total",
        "page",
        "size",
        "hits",
        "proposals",
        "facets",
        "understood",
        "other",
        "generation",
        "as_of",
    ]
    assert body["total"] == {"value": 2, "exact": True}
    assert body["as_of"] == "2026-11-22T10:00:00+08:00"
    hit = body["hits"][0]
    assert {key: hit[key] for key in ("id", "type", "title", "uscc", "url", "reason", "highlights")} == {
        "id": LUXIANG,
        "type": "subject",
        "title": "辽源市鹿乡食品有限公司",
        "uscc": LUXIANG,
        "url": f"/s/{LUXIANG}",
        "reason": {"code": "contains", "label": "名称包含所查文字"},
        "highlights": {"title": [[3, 7]]},
    }


def test_chinese_is_not_escaped(client: TestClient) -> None:
    assert "鹿乡".encode() in client.get("/api/v1/search?q=鹿乡").content


def test_chosen_facet_value_stays_at_zero(client: TestClient) -> None:
    facet = client.get("/api/v1/search?city=2201").json()["facets"]["city"]
    assert facet["complete"] is True
    assert facet["values"][-1] == {"value": "2201", "label": "长春市", "count": 0, "selected": True}


def test_region_selects_the_facet_value_of_its_level(client: TestClient) -> None:
    values = client.get("/api/v1/search?region=2204").json()["facets"]["city"]["values"]
    assert [value["value"] for value in values if value["selected"]] == ["2204"]


def test_understood_is_an_offer_with_a_url(client: TestClient) -> None:
    assert client.get("/api/v1/search?q=辽源 鹿乡").json()["understood"] == [
        {
            "field": "region",
            "value": "2204",
            "label": "辽源市",
            "text": "辽源",
            "url": "/search?q=%E9%B9%BF%E4%B9%A1&region=2204",
        }
    ]


def test_what_the_whole_text_names_has_a_count(client: TestClient) -> None:
    assert client.get("/api/v1/search?q=安全生产").json()["understood"][0] == {
        "field": "list",
        "value": "safety_dishonesty",
        "label": "某名单",
        "text": "安全生产",
        "url": "/lists/safety_dishonesty",
        "count": {"value": 1, "exact": True},
    }


def test_proposals_and_other_types_stand_apart(client: TestClient) -> None:
    body = client.get("/api/v1/search?q=鹿香食品").json()
    assert body["total"]["value"] == 0
    assert body["hits"] == []
    assert body["proposals"][0]["reason"]["code"] == "homophone"
    assert [(other["type"], other["total"]["value"]) for other in body["other"]] == [
        ("record", 0),
        ("library", 0),
    ]


def test_wrong_parameters_are_one_problem_with_all_of_them(client: TestClient) -> None:
    answer = client.get("/api/v1/search?kind=x&page=no&bogus=1")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/problems/400",
        "title": "无法理解这个查询",
        "status": 400,
        "detail": "网址中的参数有误。",
        "errors": [
            {"parameter": "kind", "detail": "不是 type=subject 的筛选项"},
            {"parameter": "bogus", "detail": "不认识的参数"},
            {"parameter": "page", "detail": "应为 1 至 10000 的整数"},
        ],
    }


def test_the_type_of_a_problem_leads_to_its_meaning(client: TestClient) -> None:
    problem = client.get("/api/v1/records/gone").json()
    meaning = client.get(problem["type"])
    assert (meaning.status_code, meaning.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert problem["detail"] in meaning.text
    assert client.get("/problems/418").status_code == 404


def test_a_parameter_that_nobody_knows_is_refused_without_a_value_as_well(client: TestClient) -> None:
    for url in ("/api/v1/search?bogus=", "/api/v1/suggest?bogus", f"/api/v1/subjects/{LUXIANG}?bogus="):
        answer = client.get(url)
        assert (answer.status_code, answer.json()["errors"]) == (
            400,
            [{"parameter": "bogus", "detail": "不认识的参数"}],
        )
    assert client.get("/api/v1/search?kind=").status_code == 400
    assert client.get("/api/v1/search?q=&sort=&status=").status_code == 200


def test_records_of_a_code_are_asked_for_in_any_form_of_it(client: TestClient, finder: FakeFinder) -> None:
    assert client.get(f"/api/v1/search?type=record&subject={LUXIANG.lower()}").json()["total"]["value"] == 4
    assert finder.asked[-1].subject == LUXIANG


def test_suggest_gives_title_code_url_and_reason(client: TestClient) -> None:
    assert client.get("/api/v1/suggest?q=源市鹿").json() == {
        "q": "源市鹿",
        "suggestions": [
            {
                "title": "辽源市鹿乡食品有限公司",
                "uscc": code,
                "url": f"/s/{code}",
                "reason": {"code": "contains", "label": "名称包含所查文字"},
            }
            for code in (LUXIANG, NAMESAKE)
        ],
    }
    assert client.get("/api/v1/suggest").json() == {"q": "", "suggestions": []}
    assert client.get("/api/v1/suggest?q=a&limit=3").status_code == 400


def test_subject_lists_what_is_public(client: TestClient) -> None:
    body = client.get(f"/api/v1/subjects/{LUXIANG}").json()
    assert body["type"] == "subject"
    assert body["names"][1] == {"name": "辽源鹿乡糕点厂", "kind": "former"}
    assert body["counts"] == {"administrative_penalty": 1, "administrative_licence": 2, "adverse_entry": 1}
    assert body["lists"][0]["list"] == "safety_dishonesty"
    assert body["sources"] == [
        {"authority": "辽源市市场监督管理局", "batch": "20261121-01", "delivered_on": "2026-11-21"}
    ]
    assert client.get(f"/s/{LUXIANG}.json").json() == body
    assert client.get(f"/api/v1/subjects/{LUXIANG.lower()}").json() == body


def test_joined_subject_is_redirected_and_never_cached(client: TestClient) -> None:
    answer = client.get("/api/v1/subjects/n-1")
    assert (answer.status_code, answer.headers["location"]) == (308, f"/api/v1/subjects/{LUXIANG}")
    assert answer.headers["cache-control"] == "no-cache"


def test_record_and_library_entry(client: TestClient) -> None:
    record = client.get("/api/v1/records/r-penalty").json()
    assert (record["kind"], record["last_day"], record["rule"]) == (
        "administrative_penalty",
        "2027-05-01",
        "administrative_penalty",
    )
    assert client.get("/r/r-penalty.json").json() == record
    entry = client.get("/api/v1/library/l-1").json()
    assert (entry["body"], entry["number"], entry["status"]) == (
        "辽源市人民政府",
        "辽府发〔2024〕3号",
        "in_force",
    )


@pytest.mark.parametrize("path", ["records", "library"])
def test_gone_and_unknown_ids(path: str, client: TestClient) -> None:
    gone = client.get(f"/api/v1/{path}/gone")
    assert (gone.status_code, gone.json()["detail"]) == (410, "该编号的信息已停止公示。")
    assert client.get(f"/api/v1/{path}/nothing").status_code == 404
    assert client.get(f"/api/v1/{path}/{'x' * 500}").status_code == 404


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {
        "status": "ready",
        "engine": "embedded",
        "version": "tantivy 0.27.0",
        "generation": "g-20261122",
        "fingerprint": "f1",
        "revision": 412,
        "counts": {"subjects": 3, "records": 9, "library": 1},
        "last_seq": 77,
        "day": "2026-11-22",
    }


def test_any_site_may_read_the_api(client: TestClient) -> None:
    assert client.get("/api/v1/search").headers["access-control-allow-origin"] == "*"
    assert client.get("/api/v1/records/gone").headers["access-control-allow-origin"] == "*"
    asked = client.options("/api/v1/search")
    assert (asked.status_code, asked.headers["access-control-allow-methods"]) == (204, "GET, HEAD")
    assert "access-control-allow-origin" not in client.get("/search").headers


def test_head_and_wrong_method(client: TestClient) -> None:
    assert client.head("/api/v1/search").status_code == 200
    refused = client.post("/api/v1/search")
    assert (refused.status_code, refused.json()["status"]) == (405, 405)
    assert sorted(refused.headers["allow"].split(", ")) == ["GET", "HEAD"]


def test_openapi_describes_every_route_and_every_reference_is_defined(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    served = {
        route.path
        for route in ROUTES
        if route.path.startswith(("/api/", "/healthz", "/readyz"))
        or route.path.endswith(("{id}.json", ".csv"))
    }
    assert set(document["paths"]) == served
    text = json.dumps(document)
    used = {part.split('"')[0] for part in text.split('"$ref": "#/components/schemas/')[1:]}
    assert used <= set(document["components"]["schemas"])
    operations = [path["get"] for path in document["paths"].values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all("200" in operation["responses"] for operation in operations)


def test_openapi_describes_the_tables_as_they_are(client: TestClient, finder: FakeFinder) -> None:
    described = client.get("/openapi.json").json()["paths"]
    asked = {
        "/search.csv": ["/search.csv?type=record", "/search.csv?type=none"],
        "/lists/{key}.csv": [
            "/lists/safety_dishonesty.csv", "/lists/safety_dishonesty.csv?sort=none", "/lists/none.csv",
        ],
    }  # fmt: skip
    for path, addresses in asked.items():
        responses = described[path]["get"]["responses"]
        answers = [client.get(address) for address in addresses]
        assert [each.status_code for each in answers] == [200, 400, 404][: len(answers)]
        for answer in answers:
            [media_type] = responses[str(answer.status_code)]["content"]
            assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    named = {
        path: {each["name"]: each for each in described[path]["get"]["parameters"]}
        for path in (*asked, "/api/v1/search")
    }
    assert set(named["/search.csv"]) == set(named["/api/v1/search"]) - {"page", "size"}
    of_records = {field.key for field in finder.catalog.facets("records")}
    others = {"key", "q", "region", "subject", "from", "to", "fine_from", "fine_to", "sort"}
    assert set(named["/lists/{key}.csv"]) == of_records - {"list"} | others
    public = [entry.key for entry in finder.catalog.lists.values() if entry.public]
    assert sorted(named["/lists/{key}.csv"]["key"]["schema"]["enum"]) == sorted(public)


def test_openapi_says_what_every_parameter_is_and_how_far_it_goes(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["paths"]
    parameters = [each for path in described.values() for each in path["get"]["parameters"]]
    assert [each["name"] for each in parameters if not each["description"]] == []
    searching = {each["name"]: each for each in described["/api/v1/search"]["get"]["parameters"]}
    for name, more in (("page", {"size": 1}), ("fine_from", {}), ("fine_to", {}), ("size", {})):
        most = searching[name]["schema"]["maximum"]
        asked = {"type": "record", **more}
        assert client.get("/api/v1/search", params={**asked, name: most}).status_code == 200
        assert client.get("/api/v1/search", params={**asked, name: most + 1}).status_code == 400


def test_openapi_names_every_facet_as_a_parameter(client: TestClient, finder: FakeFinder) -> None:
    document = client.get("/openapi.json").json()
    named = {each["name"] for each in document["paths"]["/api/v1/search"]["get"]["parameters"]}
    by_name = {each["name"]: each for each in document["paths"]["/api/v1/search"]["get"]["parameters"]}
    assert by_name["city"]["schema"]["items"]["pattern"] == "^[0-9]{2}(?:[0-9]{2}){0,2}$"
    assert by_name["year"]["schema"]["items"]["pattern"] == "^[0-9]{4}$"
    assert "subject (区县), record (决定机关所在地（区县）)" in by_name["county"]["description"]
    assert "record (决定机关所在地)" in by_name["region"]["description"]
    facets = {field.key for field in finder.catalog.fields.values() if field.facet}
    assert named == facets.union(PARAMETERS)
