"""What does a record say of itself where it is one of many?"""

from __future__ import annotations

import re

import msgspec
import pytest
from fake_finder import LUXIANG, FakeFinder
from starlette.testclient import TestClient


def deliver(finder: FakeFinder, fields: dict[str, str], **more: str) -> None:
    """The penalty of the fake with these fields, among them those of another kind."""
    was = finder.documents["record"][0]
    finder.documents["record"] = [msgspec.structs.replace(was, fields=fields, **more)]


def told(client: TestClient, path: str) -> list[str]:
    """What stands beside the title of the only record there."""
    (line,) = re.findall(r'<p class="told">(.*?)</p>', client.get(path).text) or [""]
    return re.findall(r"<span>(.*?)</span>", line)


@pytest.mark.parametrize(
    "path",
    ["/search?type=record", "/search?q=饼干", f"/s/{LUXIANG}", f"/s/{LUXIANG}/administrative_penalty"],
)
def test_a_penalty_says_everywhere_what_was_imposed(
    path: str, client: TestClient, finder: FakeFinder
) -> None:
    deliver(finder, {"penalty_class": "警告;罚款", "fine_amount": "58700", "facts": "……"})
    assert told(client, path) == ["处罚类别：警告；罚款", "罚款金额：5.87万元（58,700元）"]


@pytest.mark.parametrize(
    ("kind", "fields", "shown"),
    [
        ("judgment", {"role": "原告", "performance": "kept"}, ["诉讼地位：原告", "履行情况：全部履行"]),
        ("tax_arrears", {"arrears_amount": "5357.63"}, ["欠税余额：5,357.63元"]),
        ("administrative_licence", {"valid_until": "9999-12-31"}, ["有效期至：长期"]),
    ],
)
def test_other_kinds_say_what_their_files_name(
    kind: str, fields: dict[str, str], shown: list[str], client: TestClient, finder: FakeFinder
) -> None:
    deliver(finder, fields, kind=kind)
    assert told(client, "/search?type=record") == shown


def test_several_numbers_are_parted_as_people_part_them(client: TestClient, finder: FakeFinder) -> None:
    deliver(finder, {}, document_number="辽府发〔2018〕1号;辽府〔2018〕29号")
    assert "<span>辽府发〔2018〕1号；辽府〔2018〕29号</span>" in client.get("/search?type=record").text


def test_neither_a_sum_of_nothing_nor_the_title_again_is_said(client: TestClient, finder: FakeFinder) -> None:
    deliver(finder, {"confiscated_amount": "0.00", "penalty_class": "警告"}, title="警告")
    assert told(client, "/search?type=record") == []
