from decimal import Decimal

import pytest

from indexers.numerals import read_mixed, read_numeral


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("二十三", 23),
        ("十", 10),
        ("一百零五", 105),
        ("三亿五千万", 350_000_000),
        ("二〇一六", 2016),
        ("壹万贰仟", 12_000),
        ("十万", 100_000),
        ("五千零三十", 5030),
        ("卅", 30),
        ("二十五", 25),
        ("十五", 15),
        ("一万零五", 10_005),
        ("一万五", 15_000),
        ("三千五", 3500),
        ("三百二", 320),
        ("一万三千五", 13_500),
        ("十万三", 103_000),
        ("一亿五", 150_000_000),
    ],
)
def test_han_numerals(text: str, number: int) -> None:
    assert read_numeral(text) == number


@pytest.mark.parametrize("text", ["", "甲", "一二十", "三百二万", "壹万伍", "一万万", "一千万五", "廿五三"])
def test_what_is_no_numeral(text: str) -> None:
    assert read_numeral(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *[
            ("1万5千", "15000"),
            ("1万5", "15000"),
            ("1万5,000", "15000"),
            ("2千5百", "2500"),
            ("1万零5", "10005"),
        ],
        *[("1万005", "10005"), ("3.5万零20", "35020"), ("1千万零5", "10000005"), ("1万廿五", "10025")],
        *[("3百2十5.5", "325.5"), ("1万1.5千", "11500")],
    ],
)
def test_digits_and_han_numerals_together(text: str, number: str) -> None:
    assert read_mixed(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        *("", "3.5万5", "3.0万5", "3.5万二", "0.5万5", "2.5千5", "1.5万5千", "3.5千万5百万", "3.5万0.5"),
        *("1千万5", "1百万五", "1万伍", "1万5.5", "1万0.5", "2千5300", "1万5,0000", "1万" + "5" * 40),
    ],
)
def test_digits_and_han_numerals_that_write_no_number(text: str) -> None:
    assert read_mixed(text) is None
