"""What is recognised in a typed text beside the words to look for?"""

from __future__ import annotations

from datetime import date

import pytest

from indexers.analysis import load_analyzer
from indexers.answers import Request, Understood
from indexers.catalog import load_catalog
from indexers.understanding import TextReader

TODAY = date(2026, 3, 31)
AUTHORITIES = ("辽源市市场监督管理局", "辽源市市场监督管理局龙山分局", "辽源市水利局")


@pytest.fixture(scope="module")
def reader() -> TextReader:
    return TextReader(load_catalog(), load_analyzer())


def understood(reader: TextReader, text: str, **rest: object) -> list[tuple[str, str, str, str]]:
    request = Request(text=text, **{"type": "record", **rest})  # type: ignore[arg-type]
    found: tuple[Understood, ...] = reader.understand(request, TODAY, AUTHORITIES)
    return [(each.field, each.value, each.label, each.rest) for each in found]


def test_time_and_sum_of_one_question_are_two_offers(reader: TextReader) -> None:
    assert understood(reader, "2025年 食品 罚款 5万以上") == [
        ("year", "2025", "2025年", "食品 罚款 5万以上"),
        ("fine_from", "50000", "罚款5万元以上", "2025年 食品 罚款"),
    ]


@pytest.mark.parametrize(
    ("text", "field", "yuan", "label"),
    [
        ("罚款5万元以上", "fine_from", "50000", "罚款5万元以上"),
        ("罚款 五万元 以下", "fine_to", "50000", "罚款5万元以下"),
        ("罚款３０００元以内", "fine_to", "3000", "罚款3,000元以下"),
        ("超过1.5万的罚款", "fine_from", "15000", "罚款1.5万元以上"),
        ("罚款不超过20万元", "fine_to", "200000", "罚款20万元以下"),
    ],
)
def test_sums_in_words_are_offered(reader: TextReader, text: str, field: str, yuan: str, label: str) -> None:
    [offer] = understood(reader, text)
    assert offer[:3] == (field, yuan, label)
    assert "罚款" in offer[3]


@pytest.mark.parametrize("text", ["停业三年以上", "5人以上", "合同金额5万", "〔2025〕5号以上"])
def test_what_is_no_sum_or_no_bound_is_not_offered(reader: TextReader, text: str) -> None:
    assert understood(reader, text) == []


def test_sums_and_days_are_asked_of_records_only(reader: TextReader) -> None:
    assert understood(reader, "罚款5万以上", type="library") == []
    assert understood(reader, "食品 2025年3月", type="subject") == [
        ("founded_year", "2025", "2025年", "食品 3月")
    ]


def test_a_month_is_its_days(reader: TextReader) -> None:
    request = Request(text="食品 2024年2月", type="record")
    [offer] = reader.understand(request, TODAY)
    assert (offer.field, offer.value, offer.until) == ("from", "2024-02-01", "2024-02-29")
    assert (offer.label, offer.rest) == ("2024年2月", "食品")
    assert understood(reader, "食品 2025年3月5日") == [("from", "2025-03-05", "2025年3月5日", "食品")]
    assert understood(reader, "食品 2025年2月30日") == []


def test_years_are_counted_from_today(reader: TextReader) -> None:
    assert understood(reader, "去年 罚款") == [("year", "2025", "2025年", "罚款")]
    assert understood(reader, "今年好食品厂") == []


def test_the_longest_name_of_an_authority_is_offered(reader: TextReader) -> None:
    assert understood(reader, "辽源市市场监督管理局龙山分局 罚款")[0] == (
        "authority", "辽源市市场监督管理局龙山分局", "辽源市市场监督管理局龙山分局", "罚款",
    )  # fmt: skip
    assert "authority" not in [offer[0] for offer in understood(reader, "市场监督管理局 罚款")]


def test_what_is_chosen_is_not_offered_again(reader: TextReader) -> None:
    assert understood(reader, "2025年 食品", filters={"year": ("2024",)}) == []
    assert understood(reader, "食品 5万元以上", fine_from=1) == []
    assert understood(reader, "食品 2025年3月", decided_from=TODAY) == []


def test_a_kind_and_a_region_are_offered(reader: TextReader) -> None:
    assert understood(reader, "辽源 行政处罚") == [
        ("kind", "administrative_penalty", "行政处罚", "辽源"),
        ("region", "2204", "辽源市", "行政处罚"),
    ]
