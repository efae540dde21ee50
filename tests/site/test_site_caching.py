"""What may be kept by whom, for how long, and under which headers?"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from fake_finder import LUXIANG, FakeFinder
from starlette.testclient import TestClient

from indexers.catalog import Catalog
from search_site.app import create_app
from search_site.assets import StaticFiles, asset_dir
from search_site.middleware import CONTENT_SECURITY_POLICY, KeptPage, PageStore
from search_site.settings import Settings
from search_site.site import build_tag

STATIC = Path(__file__).parent.parent.parent / "static"
NAMING = [
    "/",
    "/search?q=鹿乡",
    f"/s/{LUXIANG}",
    "/r/r-penalty",
    "/lists/safety_dishonesty",
    "/api/v1/search",
]


@pytest.mark.parametrize("path", NAMING)
def test_what_names_a_subject_is_asked_for_again_with_a_weak_tag(path: str, client: TestClient) -> None:
    first = client.get(path)
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["etag"].startswith('W/"')
    again = client.get(path, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", [*NAMING, "/openapi.json"])
def test_whatever_is_there_is_no_answer_to_who_asks_for_what_is_not(
    path: str, method: str, client: TestClient
) -> None:
    any_tag = {"If-None-Match": " * "}
    answers = [client.request(method, path, headers=any_tag) for _ in range(2)]
    full = client.get(path)
    answers.append(client.request(method, path, headers=any_tag))
    assert [(answer.status_code, answer.content) for answer in answers] == [(304, b"")] * 3
    for name in ("etag", "cache-control", "vary", "content-security-policy"):
        assert {answer.headers[name] for answer in answers} == {full.headers[name]}
    assert "content-length" not in answers[0].headers


@pytest.mark.parametrize(
    ("path", "status"),
    [("/r/never", 404), ("/r/gone", 410), ("/api/v1/search?page=0", 400), ("/api/v1/subjects/n-1", 308)],
)
def test_what_is_not_there_is_told_to_who_asks_for_it(path: str, status: int, client: TestClient) -> None:
    asked = client.get(path, headers={"If-None-Match": "*"})
    assert (asked.status_code, asked.content) == (status, client.get(path).content)


def test_a_tag_may_stand_in_any_line(client: TestClient) -> None:
    tag = client.get("/").headers["etag"]
    lines = [("If-None-Match", '"other"'), ("If-None-Match", tag)]
    assert client.get("/", headers=lines).status_code == 304


@pytest.mark.parametrize("path", ["/openapi.json", "/robots.txt"])
def test_what_may_be_kept_may_be_kept_longer_when_it_is_unchanged(path: str, client: TestClient) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["cache-control"] == first.headers["cache-control"] != "no-cache"


@pytest.mark.parametrize("path", ["/openapi.json", "/robots.txt"])
def test_a_site_that_begins_anew_says_the_same_of_what_is_unchanged(path: str, finder: FakeFinder) -> None:
    def begun() -> TestClient:
        return TestClient(create_app(Settings(), finder=finder))  # type: ignore[arg-type]

    first = begun().get(path)
    again = begun().get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == first.headers["cache-control"]


def test_unchanged_answer_costs_no_search(client: TestClient, finder: FakeFinder) -> None:
    first = client.get("/search?q=鹿乡")
    asked = len(finder.asked)
    assert client.get("/search?q=鹿乡").content == first.content
    assert client.get("/search?q=鹿乡", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert len(finder.asked) == asked


@pytest.mark.parametrize("change", ["revision", "day"])
def test_new_revision_or_day_makes_a_new_answer(change: str, client: TestClient, finder: FakeFinder) -> None:
    first = client.get("/r/r-penalty")
    finder.documents["record"] = []
    assert client.get("/r/r-penalty").content == first.content
    finder.revision += change == "revision"
    finder.today += timedelta(days=change == "day")
    answer = client.get("/r/r-penalty", headers={"If-None-Match": first.headers["etag"]})
    assert answer.status_code == 404


def test_compressed_and_plain_pages_are_kept_apart(client: TestClient) -> None:
    plain = client.get("/search?q=鹿乡", headers={"Accept-Encoding": "identity"})
    packed = client.get("/search?q=鹿乡", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text
    assert plain.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        (["gzip"], True),
        (["GZip, deflate, br"], True),
        (["x-gzip"], True),
        (["br", "gzip"], True),
        (["br;q=1.0, gzip;q=0.8, *;q=0.1"], True),
        (["identity;q=0.5, gzip;q=0.5"], True),
        (["identity;q=0, *"], True),
        (["*"], True),
        (["gzip;q=0"], False),
        (["gzip ; q=0.000"], False),
        (["*, gzip;q=0"], False),
        (["identity, gzip;q=0.5"], False),
        (["gzip;q=much"], False),
        (["gzipped"], False),
        (["deflate"], False),
        ([""], False),
    ],
)
def test_only_who_takes_gzip_gets_it(accepted: list[str], is_packed: bool, client: TestClient) -> None:
    headers = [("Accept-Encoding", value) for value in accepted]
    style = client.get("/").text.split('rel="stylesheet" href="')[1].split('"')[0]
    for path in ("/search?q=鹿乡", "/search?q=鹿乡", "/openapi.json", style):
        answer = client.get(path, headers=headers)
        assert ("content-encoding" in answer.headers) == is_packed
        assert "Accept-Encoding" in answer.headers["vary"]


def test_page_store_forgets_with_the_version_and_keeps_the_last_used() -> None:
    store = PageStore(size=2)
    page = KeptPage([], b"x")
    assert store.get(1, "a") is None
    store.put(1, "a", page)
    store.put(1, "b", page)
    assert store.get(1, "a") is page
    store.put(1, "c", page)
    assert store.get(1, "b") is None
    assert store.get(2, "a") is None
    store.put(1, "a", page)
    assert store.get(2, "a") is None


def test_tombstone_may_be_kept_five_minutes(client: TestClient) -> None:
    assert client.get("/r/gone").headers["cache-control"] == "public, max-age=300"


def test_static_files_are_kept_for_ever_under_their_hash(client: TestClient) -> None:
    page = client.get("/").text
    url = page.split('rel="stylesheet" href="')[1].split('"')[0]
    style = client.get(url)
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert style.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/site.css").status_code == 404
    assert client.get("/static/..%2fpyproject.toml").status_code == 404


@pytest.mark.parametrize("path", ["/", "/search?page=x", "/r/gone", "/nothing", "/api/v1/search", "/healthz"])
def test_security_headers_are_on_every_answer(path: str, client: TestClient) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "strict-transport-security" not in headers


def test_https_site_asks_for_https_only(finder: FakeFinder) -> None:
    app = create_app(Settings(base_url="https://credit.example.cn"), finder=finder)  # type: ignore[arg-type]
    headers = TestClient(app).get("/healthz").headers
    assert headers["strict-transport-security"] == "max-age=31536000"


def test_policy_allows_nothing_inline() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "data:" not in CONTENT_SECURITY_POLICY
    # No script of ours makes a policy, so none may be made.
    assert "trusted-types 'none'" in CONTENT_SECURITY_POLICY
    assert [path.name for path in STATIC.glob("*.js") if "trustedTypes" in path.read_text("utf-8")] == []


def test_pages_have_another_tag_once_data_files_have_changed(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / "glossary.toml").write_text("[glossary]\n", "utf-8")
    here = msgspec.structs.replace(catalog, directory=tmp_path)
    static = StaticFiles(asset_dir("static"))
    before = build_tag(Settings(), static, here)
    assert build_tag(Settings(), static, here) == before
    os.utime(tmp_path / "glossary.toml", (1, 1))
    assert build_tag(Settings(), static, here) != before
