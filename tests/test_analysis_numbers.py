"""Do all spellings of a document number, and only they, meet?"""

from __future__ import annotations

import re

import pytest

from indexers.analysis import Analyzer, docnumber, load_analyzer


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return load_analyzer()


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("辽府办发〔2017〕35号", "辽府办发(2017)35"),
        ("辽府办发〔2017〕35号", "辽府办发【2017】第035号"),
        ("辽府办发〔2017〕35号", "辽府办发 2017 35"),
        ("辽府办发〔2017〕35号", "辽府办发201735"),
        ("（辽府办发﹝2017﹞35号）", "遼府辦發[2017]35號"),
        ("湛赤府规〔2018〕1号", "湛赤府规〔20181号"),
        ("国发〔2016〕33号", "国发〔201633号"),
        ("湛赤府〔201829", "湛赤府〔2018〕29号"),
        ("监管公告﹝2023﹞第1号", "监管公告(2023)1"),
        ("(2016)豫0724民初2559号", "（2016）豫0724民初2559"),
        ("文书号：辽府办发〔2017〕35号", "辽府办发〔2017〕35号"),
        ("JY12201230001234", "jy1220123 0001234"),
    ],
)
def test_spellings_of_one_number_meet(analyzer: Analyzer, stored: str, typed: str) -> None:
    asked = analyzer.document_number_query(typed)

    assert asked is not None
    assert set(asked) & set(analyzer.document_number_forms(stored))


def test_other_numbers_do_not_meet(analyzer: Analyzer) -> None:
    stored = analyzer.document_number_forms("辽府办发〔2017〕35号")

    assert analyzer.document_number_query("辽府办发〔2017〕36号") == ("辽府办发201736",)
    assert "辽府办发201736" not in stored
    assert "辽府发201735" not in stored


def test_forms_are_normal_form_digit_form_and_key(analyzer: Analyzer) -> None:
    assert analyzer.document_number_forms("辽府办发〔2017〕035号") == (
        "辽府办发(2017)035号",
        "辽府办发2017035号",
        "辽府办发201735",
        "…201735",
    )


@pytest.mark.parametrize(
    "typed",
    [
        "〔2017〕35号",
        "(2017)35",
        "2017年35号",
        "2017 35号",
        "2017-35号",
        "[2017]第035号",
        "（2017）35号",
        "201735号",
    ],
)
def test_the_end_of_a_number_is_enough(analyzer: Analyzer, typed: str) -> None:
    assert analyzer.document_number_query(typed) == ("…201735",)
    for stored in (
        "辽府办发〔2017〕035号",
        "辽源人社 (2017) 第35号",
        "辽府办发2017年35号",
        "ABC〔2017〕35号",
    ):
        assert "…201735" in analyzer.document_number_forms(stored)


@pytest.mark.parametrize("typed", ["2017-11", "2017 35", "201735", "2017年11月", "2017年"])
def test_a_date_or_digits_are_no_end_of_a_number(analyzer: Analyzer, typed: str) -> None:
    assert "…201735" not in (analyzer.document_number_query(typed) or ())
    assert not any(key.startswith("…") for key in analyzer.document_number_query(typed) or ())


def test_a_cell_may_hold_several_numbers(analyzer: Analyzer) -> None:
    forms = analyzer.document_number_forms("甲罚〔2019〕1号、02号；乙罚〔2020〕3号\n无")

    assert {"甲罚20191", "甲罚20192", "乙罚20203"} <= set(forms)


@pytest.mark.parametrize("text", ["", "无", "----", "甲"])
def test_cells_without_a_number_have_no_form(analyzer: Analyzer, text: str) -> None:
    assert analyzer.document_number_forms(text) == ()


@pytest.mark.parametrize(
    "text", ["鹿乡食品", "7天酒店", "2046酒吧", "360科技有限公司", "123", "第一中学", "2024年"]
)
def test_names_do_not_look_like_numbers(analyzer: Analyzer, text: str) -> None:
    assert analyzer.document_number_query(text) is None


def test_numbers_without_a_year_or_a_digit_keep_what_they_have(analyzer: Analyzer) -> None:
    assert analyzer.usual_document_numbers("JY12201230001234") == ["jy12201230001234"]
    assert analyzer.usual_document_numbers("A-0012") == ["a12"]
    assert analyzer.usual_document_numbers("7-12") == ["7-12"]
    assert analyzer.usual_document_numbers("见附件") == ["见附件"]
    assert analyzer.usual_document_numbers("某罚〔2026〕000号") == ["某罚(2026)0号"]


@pytest.mark.parametrize("head", ["辽府办发", "鐵嶺市監罰", "第一监罚", "号监", "關於書號"])
@pytest.mark.parametrize("rest", ["〔2017〕35号", "(2016)第001号", "﹝1999﹞2016001", "[2026]000号"])
def test_the_short_way_of_usual_spellings_comes_to_the_same(
    analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch, head: str, rest: str
) -> None:
    short = analyzer.usual_document_numbers(head + rest)
    monkeypatch.setattr(docnumber, "_PLAIN", re.compile("(?!)"))
    assert analyzer.usual_document_numbers(head + rest) == short


@pytest.mark.parametrize(
    "head", ["辽府办发", "鐵嶺市監罰", "第一监罚", "号监", "關於書號", "演市监罚字", "𠮷罚"]
)
@pytest.mark.parametrize("rest", ["〔2017〕35号", "(2016)001号", "（1999）2016001号", "[2026]123456789012号"])
def test_the_short_way_of_usual_numbers_comes_to_the_same(
    analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch, head: str, rest: str
) -> None:
    text = head + rest
    short = analyzer.document_number_forms(text)
    monkeypatch.setattr(docnumber, "_USUAL", re.compile("(?!)"))
    assert analyzer.document_number_forms(text) == short
