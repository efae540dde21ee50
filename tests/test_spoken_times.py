"""Which days do words mean that count from today?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from indexers.catalog import load_catalog
from indexers.errors import CatalogError
from indexers.spoken_times import load_spoken_times

DIRECTORY = load_catalog().directory
TIMES = load_spoken_times(DIRECTORY)
TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("text", "first", "last", "label"),
    [
        ("今年", date(2026, 1, 1), date(2026, 12, 31), "2026年"),
        ("去年处罚", date(2025, 1, 1), date(2025, 12, 31), "2025年"),
        ("大前年", date(2023, 1, 1), date(2023, 12, 31), "2023年"),
        ("本月", date(2026, 3, 1), date(2026, 3, 31), "2026年3月"),
        ("上个月", date(2026, 2, 1), date(2026, 2, 28), "2026年2月"),
        ("上上个月", date(2026, 1, 1), date(2026, 1, 31), "2026年1月"),
        ("上周", date(2026, 3, 23), date(2026, 3, 29), "2026年3月23日至2026年3月29日"),
        ("本周", date(2026, 3, 30), date(2026, 4, 5), "2026年3月30日至2026年4月5日"),
        ("昨天", date(2026, 3, 30), date(2026, 3, 30), "2026年3月30日"),
        ("最近一个月", date(2026, 3, 1), date(2026, 3, 31), "2026年3月1日至2026年3月31日"),
        ("近３个月", date(2026, 1, 1), date(2026, 3, 31), "2026年1月1日至2026年3月31日"),
        ("近一年", date(2025, 4, 1), date(2026, 3, 31), "2025年4月1日至2026年3月31日"),
        ("最近一周", date(2026, 3, 25), date(2026, 3, 31), "2026年3月25日至2026年3月31日"),
    ],
)
def test_a_time_in_words_is_its_days(text: str, first: date, last: date, label: str) -> None:
    found = TIMES.find(f"食品 {text}", TODAY)
    assert found is not None
    assert (found.first, found.last, found.label) == (first, last, label)
    assert found.is_year == (label.endswith("年"))


def test_a_month_before_january_is_of_the_year_before() -> None:
    found = TIMES.find("上个月", date(2026, 1, 15))
    assert found is not None
    assert (found.first, found.last, found.year) == (date(2025, 12, 1), date(2025, 12, 31), 2025)


def test_the_place_of_the_words_is_told_and_the_first_of_them_counts() -> None:
    found = TIMES.find("食品近3个月和去年", TODAY)
    assert found is not None
    assert (found.start, found.end) == (2, 6)
    assert TIMES.find("鹿乡食品 2025年", TODAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "十一年内", "二十三年内", "２３年内", "二十一个月内", "大前天", "本月亮超市", "今日食品有限公司", "鹿乡今日",
        "查一下今日食品有限公司", "处罚今日食品", "今日不锈钢制品", "补缴以前年度税款",
    ],
)  # fmt: skip
def test_words_inside_a_number_or_a_name_are_no_time(text: str) -> None:
    assert TIMES.find(text, TODAY, ("查一下",)) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("鹿乡上月有没有被处罚", "上月"),
        ("龙山区上月", "上月"),
        ("上月龙山区 食品", "上月"),
        ("鹿乡前年被罚", "前年"),
        ("鹿乡上月的许可", "上月"),
        ("今日食品 上月？", "上月"),
        ("食品（本月）", "本月"),
        ("今日食品上个月许可", "上个月"),
        ("鹿乡三个月内许可", "三个月内"),
    ],
)
def test_a_short_word_counts_beside_one_that_is_no_name(text: str, said: str) -> None:
    found = TIMES.find(text, TODAY, ("有没有", "龙山区"))
    assert found is not None
    assert text[found.start : found.end] == said


@pytest.mark.parametrize("text", ["去年食品处罚", "鹿乡去年食品", "哪些饭店今年停业"])
def test_a_word_that_no_name_holds_counts_anywhere(text: str) -> None:
    found = TIMES.find(text, TODAY)
    assert found is not None
    assert text[found.start : found.end] in ("去年", "今年")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('beside = ["罚"', 'beside = [""', "beside 里有空的词"),
        ('"去年" = 1', '"去年" = -1', "小于零"),
        ('"去年" = 1', '"" = 1', "空的词"),
        ('"上个月" = 1', '"去年" = 1', "“去年”写了两次"),
        ('sure = ["去年"', 'sure = ["何时"', "sure 里的 '何时' 不在各表里"),
        ("[weeks]", "[fortnights]", "fortnights"),
    ],
)
def test_a_fault_of_the_file_is_told(tmp_path: Path, old: str, new: str, fault: str) -> None:
    text = (DIRECTORY / "spoken_times.toml").read_text("utf-8")
    (tmp_path / "spoken_times.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(CatalogError, match=fault):
        load_spoken_times(tmp_path)
