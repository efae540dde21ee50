from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexers.amounts import read_amounts, read_number
from indexers.records import OPEN_DATE
from indexers.values import clean_name, clean_text, is_blank, read_date, read_document_numbers, split_values

BLANKS = [
    "",
    " ",
    "\u3000",
    "-",
    "--------",
    "—",
    "— —",
    "————",
    "/",
    "\\",
    "／",
    "无",
    "暂无",
    "null",
    "NULL",
    "\\N",
    "N/A",
    "none",
    "NaN",
    "不详",
    "未知",
    "无。",
    "（无）",
    "——无——",
    "*",
    "……",
    "缺",
]


@pytest.mark.parametrize("text", BLANKS)
def test_every_way_to_write_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize(
    "text", ["无锡", "0", "无证经营", "未按规定", "不合格", "（一）", "缺斤短两", "nation", "1", "-5元"]
)
def test_values_that_begin_like_nothing_are_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2017年8月28日", "2017-08-28"),
        ("2015 年4月14日", "2015-04-14"),
        ("2017.8.28", "2017-08-28"),
        ("2017.08.28.", "2017-08-28"),
        ("2017年8月28日（星期一）", "2017-08-28"),
        ("2022-2-14", "2022-02-14"),
        ("2022/02/14", "2022-02-14"),
        ("20170828", "2017-08-28"),
        ("20170828123000", "2017-08-28"),
        ("二○一六年一月二十九日", "2016-01-29"),
        ("二00五年十二月三十一日", "2005-12-31"),
        ("二O一〇年十月十日", "2010-10-10"),
        ("二零二〇年二月廿九日", "2020-02-29"),
        ("2016年三月1日", "2016-03-01"),
        ("２０１７年８月２８日", "2017-08-28"),
        ("2017\u3000年\u00a08月28日", "2017-08-28"),
        ("2017—01—02", "2017-01-02"),
        ("2017年8月28号", "2017-08-28"),
        ("2017-08-28 00:00:00", "2017-08-28"),
        ("2017-08-28T00:00:00+08:00", "2017-08-28"),
        ("2017年08月28日 10时30分", "2017-08-28"),
        ("2026/3/9 上午12:00:00", "2026-03-09"),
        ("2026/3/9 下午 3:05", "2026-03-09"),
        ("2026/3/9 AM 12:00:00", "2026-03-09"),
        ("2026-03-09 12:00:00 pm", "2026-03-09"),
        ("2026-03-09 12:00:00 +08:00", "2026-03-09"),
        ("2026/3/1 10:23", "2026-03-01"),
        ("2026/3/5 10:23", "2026-03-05"),
        ("2026/3/1\u300010：23", "2026-03-01"),
        ("2026/3/1\n23:59:59.0", "2026-03-01"),
        ("2026.3.1 10时", "2026-03-01"),
        ("2026.3.1 10 时 5 分", "2026-03-01"),
        ("2026年3月1日 10 时 05 分", "2026-03-01"),
        ("2026/3/1110:23", "2026-03-11"),
        ("2026-03-08T16:00:00.000Z", "2026-03-09"),
        ("2026-03-08T16:00:00.000+0000", "2026-03-09"),
        ("2026-03-08T15:59:59Z", "2026-03-08"),
        ("1772985600000", "2026-03-09"),
        ("1772985599999", "2026-03-08"),
        ("43000", "2017-09-22"),
        ("43000.5", "2017-09-22"),
    ],
)
def test_dates_are_read_in_the_forms_that_departments_write(text: str, iso: str) -> None:
    assert read_date(text) == iso


@pytest.mark.parametrize(
    "text", ["长期", "长期有效", "永久", "2099/12/31", "9999-12-31", "9999-09-09", "9999-12-31T16:00:00Z"]
)
def test_no_end_is_the_open_date(text: str) -> None:
    assert read_date(text) == OPEN_DATE


@pytest.mark.parametrize(
    "text", ["1900-01-01", "1899/12/31", "1900年1月1日", "1899-12-31T16:00:00Z", "0", *BLANKS]
)
def test_an_empty_date_says_nothing(text: str) -> None:
    assert read_date(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "2022-09-31",
        "甲乙丙食品有限公司",
        "2017年8月",
        "2017",
        "28/8/2017",
        "123",
        "6901234567892",
        "2026/3/9 上午",
        "2026/3/18:00",
        "2026/3/1 10:23至2026/4/1 10:23",
    ],
)
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert read_date(text) is None


@given(st.dates(date(1901, 1, 1), date(2098, 12, 31)))
def test_all_notations_of_a_day_read_as_that_day(day: date) -> None:
    forms = [f"{day:%Y%m%d}", f"{day.year}.{day.month}.{day.day}", f"{day.year} 年{day.month}月 {day.day}日"]
    assert {read_date(form) for form in forms} == {day.isoformat()}


@pytest.mark.parametrize(
    ("text", "unit", "amounts"),
    [
        ("90万元", "", ("900000",)),
        ("二十万元", "", ("200000",)),
        ("5000元", "万元", ("5000",)),
        ("5000", "", ("5000",)),
        ("0.500000", "万元", ("5000",)),
        ("1.5", "亿元", ("150000000",)),
        ("1,234,567.80", "", ("1234567.8",)),
        ("罚款90万元,没收5万元", "", ("900000", "50000")),
        ("5000;3000", "", ("5000", "3000")),
        ("壹仟贰佰叁拾肆元伍角陆分", "", ("1234.56",)),
        ("人民币伍万元整", "", ("50000",)),
        ("3万5千元", "", ("35000",)),
        ("1亿2000万元", "", ("120000000",)),
        ("一万五元", "", ("15000",)),
        ("1万5元", "万元", ("15000",)),
        ("1万5", "", ("15000",)),
        ("1万05元", "", ("10005",)),
        ("1万零5元", "", ("10005",)),
        ("1万5千", "", ("15000",)),
        ("1万五千元", "", ("15000",)),
        ("2千5百元", "", ("2500",)),
        ("2千5百万元", "", ("25000000",)),
        ("3千5元", "", ("3500",)),
        ("罚款1万5元，没收2千3百元", "", ("15000", "2300")),
        ("1万5,000元", "", ("15000",)),
        ("1万5，000.50元", "", ("15000.5",)),
        ("1万5,000", "", ("15000",)),
        ("1,000万5千元", "", ("10005000",)),
        ("1万零5.5元", "", ("10005.5",)),
        ("1万2345.5元", "", ("12345.5",)),
        ("3.5万零20元", "", ("35020",)),
        ("3.5万元", "", ("35000",)),
        ("1千万5千元", "", ("10005000",)),
        ("十万零五百元", "", ("100500",)),
        ("58,700.00元", "", ("58700",)),
        ("廿五元", "", ("25",)),
        ("1万卅元", "", ("10030",)),
        ("50000 伍万元整", "", ("50000",)),
        ("之一，5000元", "", ("5000",)),
        ("￥1000.00 元", "", ("1000",)),
        ("1.5（万元）", "元", ("15000",)),
        ("无", "", ()),
        ("0", "万元", ("0",)),
    ],
)
def test_amounts_are_sums_in_yuan(text: str, unit: str, amounts: tuple[str, ...]) -> None:
    assert read_amounts(text, unit) == amounts


@pytest.mark.parametrize(
    "text",
    [
        *("5000美元", "-5", "警告", "2017年8月28日", "罚款万元", "万元"),
        *("1万元以上3万元以下", "1～3万元", "20万元至30万元", "一万至二万元", "不超过3万元"),
        *("壹万伍元整", "1万伍元", "1万1.5元", "1万5.5元", "1万0.5元", "1万5e3元"),
        *("3.5万5元", "1.5万5千元", "1.5万5,000元", "2.5万3千元", "3.5万卅元", "3.5万0.5元", "1千万5元"),
        *("1,5万元", "1万5,2千元", "5,0000元", "100.000,50元", "1.5.5元", "三万5千元", "十万零500元"),
        *("2千5,300元", "1万1000,000元", "1万5,0000元"),
    ],
)
def test_what_is_no_sum_in_yuan_is_refused(text: str) -> None:
    assert read_amounts(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2023年度", "2023"),
        ("2023 年", "2023"),
        (" １２．５０ ", "12.5"),
        ("1,000.50", "1000.5"),
        ("-3", "-3"),
        ("+.5", "0.5"),
        ("0.0", "0"),
        ("", ""),
    ],
)
def test_numbers(text: str, number: str) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("￥5,000", None),
        ("¥0.5", None),
        ("￥5,000元", ("5000",)),
        ("￥0.5万", ("5000",)),
        ("¥5千", ("5000",)),
        ("0.5", ("5000",)),
    ],
)
def test_the_sign_of_yuan_before_a_plain_number_of_myriads_says_neither(
    text: str, amounts: tuple[str, ...] | None
) -> None:
    assert read_amounts(text, "万元") == amounts


@pytest.mark.parametrize(
    "text", ["5%", "１２％", "1_000", "1,0", "2022 2023", "2022,2023", "3年2", "٣", "inf", "+"]
)
def test_a_number_with_anything_beside_it_is_none(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize("text", ["甲级", "1e99999999", "1e-99999999", "0e99999999", "9" * 40, "inf"])
def test_what_is_no_number(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "1e9999999",
        "1E9999999",
        "1e99",
        "1e-99",
        "1e9999999元",
        "1e9999999;1",
        "1e" + "9" * 5000,
        "9" * 40,
        "9" * 40 + "亿元",
        "亿" * 30_000,
        "玖亿亿亿亿元",
    ],
)
def test_what_no_amount_can_be_is_refused(text: str) -> None:
    assert read_amounts(text, "亿元") is None


def test_the_notation_of_spreadsheets_for_great_amounts_is_read() -> None:
    assert read_amounts("1.5e+9") == ("1500000000",)
    assert read_number("1E+05") == "100000"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("（甲罚字〔2020〕1号）", ["甲罚字〔2020〕1号"]),
        (
            "甲罚字〔2020〕1号、2号；乙罚(2019) 3号",
            ["甲罚字〔2020〕1号", "甲罚字〔2020〕2号", "乙罚(2019)3号"],
        ),
        ("甲罚字【2020】1号\n甲罚字【2020】2号", ["甲罚字【2020】1号", "甲罚字【2020】2号"]),
        ("(2019)皖9999执1194号", ["(2019)皖9999执1194号"]),
        ("甲罚字〔2020〕1号", ["甲罚字〔2020〕1号"]),
        ("甲罚字〔2020〕1号，甲罚字〔2020〕2号", ["甲罚字〔2020〕1号", "甲罚字〔2020〕2号"]),
        ("甲罚字〔2020〕1、2、3号", ["甲罚字〔2020〕1号", "甲罚字〔2020〕2号", "甲罚字〔2020〕3号"]),
        ("甲罚字\n〔2020〕1号", ["甲罚字〔2020〕1号"]),
        ("甲罚字〔2020〕\n1号", ["甲罚字〔2020〕1号"]),
        ("JY1220402\n0000015", ["JY12204020000015"]),
        ("JY12204020000015\nJY12204020000016", ["JY12204020000015", "JY12204020000016"]),
    ],
)
def test_all_document_numbers_of_a_cell_are_kept(text: str, numbers: list[str]) -> None:
    assert read_document_numbers(text) == numbers


def test_text_keeps_its_lines_and_loses_what_is_invisible() -> None:
    assert clean_text("甲_x000D_\n乙\r\n\r\n 丙\u3000\u3000丁\x00\u200b ") == "甲\n乙\n丙 丁"


def test_blanks_in_han_names_go_and_between_latin_words_stay() -> None:
    assert clean_name("甲乙　食品 有限\n公司") == "甲乙食品有限公司"
    assert clean_name("ABC  Trading Co 公司") == "ABC Trading Co公司"


def test_cells_with_several_values_are_cut_at_their_separators() -> None:
    assert split_values("甲、乙;丙；\n丁") == ["甲", "乙", "丙", "丁"]
    assert split_values("甲、乙;丙", ";") == ["甲、乙", "丙"]


@given(st.text(max_size=40))
def test_no_text_at_all_breaks_a_reader(text: str) -> None:
    day = read_date(text)
    assert day is None or day == "" or len(day) == 10
    assert read_amounts(text, "万元") != ("",)
    assert clean_text(clean_text(text)) == clean_text(text)


@pytest.mark.parametrize(
    ("text", "unit", "sums"),
    [
        ("二十", "万元", ("200000",)),
        ("二十", "元", ("20",)),
        ("二十万", "万元", ("200000",)),
        ("二十万元", "万元", ("200000",)),
        ("五千元", "万元", ("5000",)),
        ("1.5", "万元", ("15000",)),
    ],
)
def test_a_numeral_without_a_unit_stands_in_that_of_its_column(
    text: str, unit: str, sums: tuple[str, ...]
) -> None:
    assert read_amounts(text, unit) == sums
