"""What do browsers and crawlers learn of the site?"""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from fake_finder import LUXIANG, NAMESAKE, TODAY, FakeFinder
from fixed_clock import FixedClock
from starlette.testclient import TestClient

from search_site.app import create_app
from search_site.settings import Settings

SPACE = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.mark.parametrize("path", ["/", "/search?q=鹿乡食品", f"/s/{LUXIANG}", "/nothing/here"])
def test_every_page_names_the_description_of_the_search(path: str, client: TestClient) -> None:
    link = '<link rel="search" type="application/opensearchdescription+xml" title="信用查询" href="/opensearch.xml">'
    assert link in client.get(path).text


def test_the_description_keeps_to_opensearch(finder: FakeFinder) -> None:
    settings = Settings(site_name="信用<辽源>" * 4, base_url="https://credit.example.cn")
    app = create_app(settings, clock=FixedClock(TODAY), finder=finder)  # type: ignore[arg-type]
    answer = TestClient(app).get("/opensearch.xml")
    assert answer.headers["content-type"].startswith("application/opensearchdescription+xml")
    root = ElementTree.fromstring(answer.text)
    told = {part.tag.removeprefix(SPACE): part.text or "" for part in root}
    assert told["ShortName"] == ("信用<辽源>" * 4)[:16]
    assert len(told["Description"]) <= 1024
    assert told["Image"].startswith("https://credit.example.cn/static/icon.")
    assert {url.get("type"): url.get("template") for url in root.iter(f"{SPACE}Url")} == {
        "text/html": "https://credit.example.cn/search?q={searchTerms}",
        "application/x-suggestions+json": "https://credit.example.cn/suggest/opensearch?q={searchTerms}",
        "application/opensearchdescription+xml": "https://credit.example.cn/opensearch.xml",
    }


def test_suggestions_for_browsers_are_four_rows(client: TestClient) -> None:
    answer = client.get("/suggest/opensearch?q=辽源")
    name = "辽源市鹿乡食品有限公司"
    assert answer.headers["content-type"] == "application/x-suggestions+json"
    assert answer.json() == [
        "辽源",
        [name, name],
        [LUXIANG, NAMESAKE],
        [f"http://credit.test/s/{LUXIANG}", f"http://credit.test/s/{NAMESAKE}"],
    ]
    assert client.get("/suggest/opensearch").json() == ["", [], [], []]
    assert client.get("/suggest/opensearch?q=a&x=1").status_code == 400


def test_crawlers_walk_documents_and_no_questions(client: TestClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    closed = [line.removeprefix("Disallow: ") for line in lines[1:]]
    assert closed == ["/search", "/suggest/", "/api/", "/*.csv"]
    # What must be forgotten has to be walked, or nobody reads that it is gone.
    assert not any(
        path.startswith(prefix) for prefix in closed for path in ("/s/x", "/r/x", "/lists", "/library/x")
    )
