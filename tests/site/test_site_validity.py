"""Is a paper that ran out still called valid?"""

from __future__ import annotations

import re

import msgspec
import pytest
from fake_finder import FakeFinder
from starlette.testclient import TestClient

LAPSED = "有效期已届满"


def licence(finder: FakeFinder, valid_until: str, status: str = "valid") -> None:
    """The first licence of the fake is delivered again, valid until this day."""
    finder.revision += 1
    fields = {"valid_until": valid_until, "status": status}
    was = finder.documents["record"][1]
    finder.documents["record"][1] = msgspec.structs.replace(was, fields=fields, status=status)


def card(client: TestClient, path: str, link: str) -> str:
    """What a page says in the item of a list that leads there."""
    items = re.findall(r"<li>.*?</li>", client.get(path).text, re.DOTALL)
    return next(item for item in items if f'href="{link}"' in item)


@pytest.mark.parametrize("path", ["/search?type=record", "/search?q=食品经营许可", "SUBJECT", "SUBJECT/KIND"])
def test_a_licence_that_ran_out_is_nowhere_called_valid(
    path: str, client: TestClient, finder: FakeFinder
) -> None:
    subject = finder.documents["subject"][0].id
    path = path.replace("SUBJECT", f"/s/{subject}").replace("KIND", "administrative_licence")
    assert "<span>有效</span>" in card(client, path, "/r/r-licence")
    licence(finder, "2026-11-20")
    told = card(client, path, "/r/r-licence")
    assert f"<span>{LAPSED}</span>" in told
    assert "<span>有效</span>" not in told


def test_the_page_of_a_licence_that_ran_out_says_since_when_and_what_that_means(
    client: TestClient, finder: FakeFinder
) -> None:
    licence(finder, "2026-11-20")
    text = client.get("/r/r-licence").text
    assert f'<span class="badge neutral">{LAPSED}</span>' in text
    assert '<span class="badge neutral">有效</span>' not in text
    assert "有效期已于 2026年11月20日 届满。" in text
    assert "有效期届满不是处罚" in text
    assert "下面写的“有效”是信息送达本站时的状态。" in text


@pytest.mark.parametrize(
    ("valid_until", "status"), [("2026-11-22", "valid"), ("9999-12-31", "valid"), ("2026-11-20", "invalid")]
)
def test_the_last_day_still_counts_and_other_states_stay(
    valid_until: str, status: str, client: TestClient, finder: FakeFinder
) -> None:
    licence(finder, valid_until, status)
    assert LAPSED not in client.get("/r/r-licence").text
    assert LAPSED not in card(client, "/search?type=record", "/r/r-licence")


def test_what_machines_read_is_the_state_that_was_delivered(client: TestClient, finder: FakeFinder) -> None:
    licence(finder, "2026-11-20")
    assert client.get("/api/v1/records/r-licence").json()["status"] == "valid"


def test_a_policy_that_ran_out_is_not_called_in_force(client: TestClient, finder: FakeFinder) -> None:
    policy = msgspec.structs.replace(finder.documents["library"][0], valid_until="2026-02-01")
    assert "现行有效" in client.get("/library/l-1").text
    finder.documents["library"][0], finder.revision = policy, finder.revision + 1
    for path in ("/library/l-1", "/search?type=library"):
        text = client.get(path).text
        assert LAPSED in text
        assert "现行有效" not in text
