"""What do other sites and search engines learn from the headers?"""

from __future__ import annotations

import pytest
from fake_finder import LUXIANG, FakeFinder
from starlette.testclient import TestClient

from indexers.documents import PublicRecord
from search_site.app import create_app
from search_site.present_robots import robots_for
from search_site.settings import Settings

OPEN = [
    "/api/v1/search",
    f"/api/v1/subjects/{LUXIANG}",
    f"/s/{LUXIANG}.json",
    "/r/r-penalty.json",
    "/r/gone.json",
    "/openapi.json",
]
CLOSED = ["/", "/search", f"/s/{LUXIANG}", "/r/r-penalty", "/lists", "/healthz"]


@pytest.mark.parametrize("path", OPEN)
def test_everything_that_is_json_for_programs_may_be_read_from_any_site(
    path: str, client: TestClient
) -> None:
    headers = client.get(path).headers
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert client.options(path).headers["access-control-allow-methods"] == "GET, HEAD"


@pytest.mark.parametrize("path", CLOSED)
def test_pages_may_not(path: str, client: TestClient) -> None:
    headers = client.get(path).headers
    assert "access-control-allow-origin" not in headers
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/library/l-1", "/api/v1/library/l-1"])
def test_our_own_fault_has_the_headers_of_any_answer(path: str, finder: FakeFinder) -> None:
    finder.failure = ZeroDivisionError("secret")  # type: ignore[assignment]
    app = create_app(Settings(base_url="https://credit.example.cn"), finder=finder)  # type: ignore[arg-type]
    failed = TestClient(app, raise_server_exceptions=False).get(path)
    finder.failure = None
    fine = TestClient(app).get(path)
    assert (failed.status_code, fine.status_code) == (500, 200)
    own = {
        "content-length",
        "content-type",
        "cache-control",
        "etag",
        "vary",
        "x-robots-tag",
        "content-encoding",
    }
    assert {name: value for name, value in fine.headers.items() if name not in own}.items() <= dict(
        failed.headers
    ).items()
    assert failed.headers["strict-transport-security"] == "max-age=31536000"


def record(polarity: str, last_day: str = "") -> PublicRecord:
    return PublicRecord(f"r{last_day}", "某案", "k", "", "", polarity=polarity, last_day=last_day)


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ([], ""),
        ([record("neutral", "2026-12-01"), record("honour")], ""),
        ([record("adverse", "2027-05-01"), record("adverse", "2027-01-01")], "unavailable_after: 2027-01-01"),
        ([record("adverse", "2027-05-01"), record("honour", "2026-12-01")], "unavailable_after: 2027-05-01"),
        ([record("adverse")], "noarchive"),
        ([record("adverse"), record("adverse", "2027-01-01")], "noarchive, unavailable_after: 2027-01-01"),
    ],
)
def test_what_is_adverse_is_to_be_forgotten_when_the_first_of_it_ends(
    shown: list[PublicRecord], told: str
) -> None:
    assert robots_for(shown) == told


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (f"/s/{LUXIANG}", "unavailable_after: 2027-05-01"),
        (f"/s/{LUXIANG}/adverse_entry", "unavailable_after: 2027-06-30"),
        ("/s/n-7", "noindex"),
        ("/lists/safety_dishonesty", "unavailable_after: 2027-06-30"),
        ("/lists/safety_dishonesty?page=2", "noindex"),
        ("/lists/safety_dishonesty?year=2026", "noindex"),
        ("/lists/safety_dishonesty?sort=oldest", "noindex"),
        ("/search?q=鹿乡", "noindex"),
        ("/lists", ""),
        ("/", ""),
    ],
)
def test_search_engines_are_told_how_long_a_page_is_of_use(path: str, told: str, client: TestClient) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers.get("x-robots-tag", "")) == (200, told)
