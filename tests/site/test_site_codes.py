"""What does somebody get who types, pastes or scans a unified code?"""

from __future__ import annotations

import pytest
from fake_finder import LUXIANG, make_code
from starlette.testclient import TestClient

NOBODY = make_code("MA17XXXX")


@pytest.mark.parametrize("path", [f"/{LUXIANG}", f"/{LUXIANG.lower()}", f"/search?uscc={LUXIANG}"])
def test_a_scanned_code_leads_to_the_subject(path: str, client: TestClient) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/s/{LUXIANG}")
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "query",
    [f"q={LUXIANG}", f"q={NOBODY}", f"q={LUXIANG}&type=record", f"q={LUXIANG[:17]}"],
)
def test_a_typed_code_is_searched_for_like_any_text(query: str, client: TestClient) -> None:
    assert client.get(f"/search?{query}").status_code == 200


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        (NOBODY, "这个统一社会信用代码写得没有错，只是本站没有这家单位仍在公示期内的信息。"),
        ("91220402MA17XXXX99", "统一社会信用代码校验位不符，请核对是否有错字或错位。"),
        ("91220402MA17XXXX9", "统一社会信用代码应为 18 位，实际为 17 位。"),
        ("91220402MA17XXXX999", "统一社会信用代码应为 18 位，实际为 19 位。"),
    ],
)
def test_a_code_that_finds_nothing_is_told_whether_it_is_right(
    text: str, remark: str, client: TestClient
) -> None:
    page = client.get(f"/search?q={text}").text
    assert f"<li>{remark}</li>" in page
    assert "请核对有没有错字；" not in page


@pytest.mark.parametrize("text", ["DM0684435", "220402000012345", "没有", LUXIANG[:8], LUXIANG[:17]])
def test_what_is_no_code_or_finds_something_is_not_judged_as_one(text: str, client: TestClient) -> None:
    page = client.get(f"/search?q={text}").text
    assert "统一社会信用代码应为" not in page
    assert "校验位" not in page
