"""What is recognised in a typed text beside the words to look for?"""

from __future__ import annotations

from datetime import date

import pytest

from indexers.analysis import load_analyzer
from indexers.answers import Request, Understood
from indexers.catalog import load_catalog
from indexers.topics import Topics
from indexers.understanding import TextReader

TODAY = date(2026, 3, 31)
AUTHORITIES = ("辽源市市场监督管理局", "辽源市市场监督管理局龙山分局", "辽源市水利局")


@pytest.fixture(scope="module")
def reader() -> TextReader:
    catalog, analyzer = load_catalog(), load_analyzer()
    return TextReader(catalog, analyzer, Topics(catalog, analyzer))


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


@pytest.mark.parametrize("kind", ["record", "subject"])
@pytest.mark.parametrize(
    ("text", "yuan", "label", "rest"),
    [
        ("5.87万元", "58700", "罚款5.87万元", ""),
        ("58700元", "58700", "罚款5.87万元", ""),
        ("58,700元", "58700", "罚款5.87万元", ""),
        ("５８，７００元", "58700", "罚款5.87万元", ""),
        ("5.87万元（58,700元）", "58700", "罚款5.87万元", ""),
        ("罚款58700元", "58700", "罚款5.87万元", "罚款"),
        ("食品 罚款5000元", "5000", "罚款5,000元", "食品 罚款"),
        ("罚款 五千元整 食品", "5000", "罚款5,000元", "罚款 食品"),
        ("罚款2万5千元", "25000", "罚款2.5万元", "罚款"),
        ("罚款5万", "50000", "罚款5万元", "罚款"),
        ("罚款1万5", "15000", "罚款1.5万元", "罚款"),
        ("罚款一万五", "15000", "罚款1.5万元", "罚款"),
        ("罚款三千五元", "3500", "罚款3,500元", "罚款"),
    ],
)
def test_a_bare_sum_is_offered_as_the_fine(
    reader: TextReader, text: str, yuan: str, label: str, rest: str, kind: str
) -> None:
    [offer] = reader.understand(Request(text=text, type=kind), TODAY)
    assert (offer.field, offer.value, offer.until) == ("fine_from", yuan, yuan)
    assert (offer.label, offer.rest) == (label, rest)


def test_a_bound_is_offered_before_a_bare_sum(reader: TextReader) -> None:
    assert understood(reader, "5000元 罚款2万5千元以上")[0][:3] == ("fine_from", "25000", "罚款2.5万元以上")
    assert understood(reader, "58,700元以上") == [("fine_from", "58700", "罚款5.87万元以上", "")]


@pytest.mark.parametrize(
    "text",
    [
        "5万元至10万元",
        "5万元-10万元",
        "1000000000000000元",
        "九千万亿元以上",
        "99999999999999999999999元",
        "停业三年以上",
        "5人以上",
        "合同金额5万",
        "〔2025〕5号以上",
    ],
)
def test_what_is_no_sum_or_no_bound_is_not_offered(reader: TextReader, text: str) -> None:
    assert understood(reader, text) == []


def test_sums_and_days_are_not_asked_of_the_library(reader: TextReader) -> None:
    assert understood(reader, "罚款5万以上", type="library") == []
    assert understood(reader, "食品 2025年3月", type="library") == [("year", "2025", "2025年", "食品")]
    assert understood(reader, "食品 2025年3月", type="subject") == [
        ("from", "2025-03-01", "2025年3月", "食品")
    ]


@pytest.mark.parametrize("kind", ["record", "subject"])
@pytest.mark.parametrize(
    ("text", "first", "until", "label"),
    [
        ("2026-11-20", "2026-11-20", "2026-11-20", "2026年11月20日"),
        ("2026.11.20", "2026-11-20", "2026-11-20", "2026年11月20日"),
        ("2026/5/14", "2026-05-14", "2026-05-14", "2026年5月14日"),
        ("２０２６－０５－１４", "2026-05-14", "2026-05-14", "2026年5月14日"),
        ("20261120", "2026-11-20", "2026-11-20", "2026年11月20日"),
        ("二〇二六年五月十四日", "2026-05-14", "2026-05-14", "2026年5月14日"),
        ("二○二六年十二月三十一日", "2026-12-31", "2026-12-31", "2026年12月31日"),
        ("2026年5月14号", "2026-05-14", "2026-05-14", "2026年5月14日"),
        ("2026-05", "2026-05-01", "2026-05-31", "2026年5月"),
        ("2026.02", "2026-02-01", "2026-02-28", "2026年2月"),
        ("二〇二六年五月", "2026-05-01", "2026-05-31", "2026年5月"),
    ],
)
def test_a_day_is_read_in_every_notation(
    reader: TextReader, text: str, first: str, until: str, label: str, kind: str
) -> None:
    [offer] = reader.understand(Request(text=f"水利局 {text}", type=kind), TODAY)
    assert (offer.field, offer.value, offer.until) == ("from", first, until)
    assert (offer.label, offer.text, offer.rest) == (label, text, "水利局")


@pytest.mark.parametrize(
    "text",
    [
        "龙市监演许2026年363号", "东丰市监演罚2026 762", "东丰市监演罚 2026 762", "东丰市监演罚2026年 第762号",
        "监演罚〔2026〕762号", "监演罚2026-05", "监演罚2026762", "监演罚20261120", "20261120-5", "9122 0402 20261120",
        "91220402DM2026052X", "MA2026", "（2026）演0402执12号", "2026演0402执12号", "2026-02-30", "2025-2026",
        "罚款2000元左右 2026-13-01",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["record", "subject", "library"])
def test_a_number_is_no_time(reader: TextReader, text: str, kind: str) -> None:
    fields = [each[0] for each in understood(reader, text, type=kind)]
    assert not {"from", "year", "founded_year"} & set(fields)


def test_a_year_in_han_digits_is_one(reader: TextReader) -> None:
    assert understood(reader, "食品 二〇二五年") == [("year", "2025", "2025年", "食品")]


def test_nothing_is_offered_twice(reader: TextReader) -> None:
    assert understood(reader, "辽源 食品 辽源市 辽源") == [("region", "2204", "辽源市", "食品 辽源市 辽源")]


def test_a_month_is_its_days(reader: TextReader) -> None:
    request = Request(text="食品 2024年2月", type="record")
    [offer] = reader.understand(request, TODAY)
    assert (offer.field, offer.value, offer.until) == ("from", "2024-02-01", "2024-02-29")
    assert (offer.label, offer.rest) == ("2024年2月", "食品")
    assert understood(reader, "食品 2025年3月5日") == [("from", "2025-03-05", "2025年3月5日", "食品")]
    assert understood(reader, "食品 2025年2月30日") == []


def test_years_are_counted_from_today(reader: TextReader) -> None:
    assert understood(reader, "去年 罚款") == [("year", "2025", "2025年", "罚款")]
    assert understood(reader, "去年罚款") == [("year", "2025", "2025年", "罚款")]
    assert understood(reader, "去年 罚款", type="library") == [("year", "2025", "2025年", "罚款")]
    assert understood(reader, "去年 食品", type="subject") == [("founded_year", "2025", "2025年", "食品")]
    assert understood(reader, "上个月 食品", type="library") == [("year", "2026", "2026年", "食品")]
    assert understood(reader, "2024年 去年 食品")[0][:2] == ("year", "2024")


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("市监局去年 食品", ["2025"]),
        ("辽源市水利局去年", ["2025"]),
        ("龙山区去年行政许可", ["2025"]),
        ("去年东丰县 食品", ["2025"]),
        ("鹿乡去年有没有", ["2025"]),
        ("大前年行政处罚", ["2023"]),
        ("前年食品有限公司", []),
        ("环保去年食品", ["2025"]),
        ("环保前年食品", []),
    ],
)
def test_a_short_word_for_a_time_is_read_beside_what_is_no_name(
    reader: TextReader, text: str, years: list[str]
) -> None:
    assert [each[1] for each in understood(reader, text) if each[0] == "year"] == years


@pytest.mark.parametrize("kind", ["record", "subject"])
def test_days_are_counted_from_today(reader: TextReader, kind: str) -> None:
    [offer] = reader.understand(Request(text="上个月食品处罚", type=kind), TODAY)
    assert (offer.field, offer.value, offer.until) == ("from", "2026-02-01", "2026-02-28")
    assert (offer.label, offer.text, offer.rest) == ("2026年2月", "上个月", "食品处罚")
    assert reader.understand(Request(text="上个月", type=kind, decided_from=TODAY), TODAY) == ()


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


MARKET = "辽源市市场监督管理局"
BRANCH = "辽源市市场监督管理局龙山分局"


@pytest.mark.parametrize("kind", ["record", "subject"])
@pytest.mark.parametrize(
    ("text", "offices", "rest"),
    [
        ("市监局", [MARKET, BRANCH], ""),
        ("工商局 食品", [MARKET, BRANCH], "食品"),
        ("食品市场监管局", [MARKET, BRANCH], "食品"),
        ("工商", [MARKET, BRANCH], ""),
        ("辽源市监局 食品", [MARKET, BRANCH], "食品"),
        ("辽源市 质监局", [MARKET, BRANCH], ""),
        ("水务局", ["辽源市水利局"], ""),
    ],
)
def test_a_name_of_every_day_means_the_authorities_of_the_official_one(
    reader: TextReader, text: str, offices: list[str], rest: str, kind: str
) -> None:
    found = reader.understand(Request(text=text, type=kind), TODAY, AUTHORITIES)
    named = [offer for offer in found if offer.field == "authority"]
    assert [(offer.value, offer.rest, offer.type) for offer in named] == [
        (office, rest, "record") for office in offices
    ]


@pytest.mark.parametrize("text", ["工商银行", "鹿乡食品", "环保局", "市监局 市监"])
def test_no_authority_is_meant_by_a_part_of_a_word_or_without_records(reader: TextReader, text: str) -> None:
    wanted = {"authority"} if text == "市监局 市监" else set()
    assert {offer[0] for offer in understood(reader, text)} & {"authority"} == wanted


def test_authorities_are_asked_for_only_where_they_may_be_named(reader: TextReader) -> None:
    assert reader.may_name_authority(Request(text="鹿乡", type="record"))
    assert reader.may_name_authority(Request(text="市监局"))
    assert not reader.may_name_authority(Request(text="鹿乡"))
    assert not reader.may_name_authority(Request(text="市监局", type="library"))
    assert not reader.may_name_authority(Request(text="市监局", filters={"status": ("cancelled",)}))


def test_a_chosen_authority_and_a_library_are_offered_none(reader: TextReader) -> None:
    assert understood(reader, "市监局", filters={"authority": (MARKET,)}) == []
    assert understood(reader, "市监局", type="library") == []


def test_no_authority_is_meant_where_what_is_chosen_of_subjects_would_be_lost(reader: TextReader) -> None:
    assert understood(reader, "市监局", type="subject", filters={"status": ("cancelled",)}) == []
    assert understood(reader, "水务局", filters={"year": ("2025",)}) == [
        ("authority", "辽源市水利局", "辽源市水利局", "")
    ]


@pytest.mark.parametrize(
    ("text", "field", "value", "rest"),
    [
        ("食品 罚一万元以上", "fine_from", "10000", "食品"),
        ("食品 被罚了5万元以上", "fine_from", "50000", "食品"),
        ("2025年度A级纳税人", "year", "2025", "A级纳税人"),
    ],
)
def test_words_that_belong_to_a_sum_or_a_year_are_no_words_of_a_record(
    reader: TextReader, text: str, field: str, value: str, rest: str
) -> None:
    assert (field, value, rest) in [(f, v, r) for f, v, _, r in understood(reader, text)]
