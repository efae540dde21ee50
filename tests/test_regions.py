"""Does every code and every usual name lead to its division?"""

from __future__ import annotations

from pathlib import Path

import pytest

from indexers.analysis import Analyzer, load_analyzer
from indexers.errors import CatalogError
from indexers.regions import Regions, load_regions


@pytest.fixture(scope="module")
def regions() -> Regions:
    return load_regions()


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return load_analyzer()


@pytest.mark.parametrize(
    ("code", "levels"),
    [
        ("220421", ("22", "2204", "220421")),
        ("220400", ("22", "2204", None)),
        ("220499", ("22", "2204", None)),
        ("229999", ("22", None, None)),
        ("999999", (None, None, None)),
        ("110105", ("11", "1101", "110105")),
        ("441900", ("44", "4419", None)),
        ("469001", ("46", "4690", "469001")),
        ("371202", ("37", "3701", "370116")),
        ("810000", ("81", None, None)),
        ("22", ("22", None, None)),
        ("", (None, None, None)),
    ],
)
def test_a_code_gives_the_levels_that_are_known(
    regions: Regions, code: str, levels: tuple[str | None, str | None, str | None]
) -> None:
    assert regions.resolve(code) == levels


def test_names_are_full_from_the_province_down(regions: Regions) -> None:
    assert regions.full_name("2204") == "吉林省辽源市"
    assert regions.full_name("110105") == "北京市朝阳区"
    assert regions.full_name("469001") == "海南省五指山市"
    assert regions.full_name("1101") == "北京市辖区"
    assert regions.full_name("999999") == "999999"
    assert regions.label("522700") == "522700"
    assert regions.label("5227") == "黔南布依族苗族自治州"


def test_the_tree_can_be_walked(regions: Regions) -> None:
    assert sum(not region.parent for region in regions) == 34
    assert regions.parent("220421") == "2204"
    assert regions.parent("22") is None
    assert (regions.level("22"), regions.level("2204"), regions.level("220421")) == (1, 2, 3)
    assert regions.level("00") is None


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("黔南州", "5227"),
        ("伊犁州", "6540"),
        ("甘孜州", "5133"),
        ("浦东", "310115"),
        ("内蒙", "15"),
        ("香港", "81"),
    ],
)
def test_short_forms_lead_to_their_division(regions: Regions, word: str, code: str) -> None:
    assert code in regions.by_word[word]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("吉林省 辽源 鹿乡食品", [("22", 0, 3), ("2204", 4, 6)]),
        ("北京朝阳食品", [("11", 0, 2), ("110105", 2, 4)]),
        ("朝阳区食品", [("110105", 0, 3), ("220104", 0, 3)]),
        ("遼源市鹿鄉食品", [("2204", 0, 3)]),
        ("白云电器", []),
        ("鹿乡食品", []),
        ("", []),
    ],
)
def test_places_are_found_in_typed_texts(
    analyzer: Analyzer, text: str, places: list[tuple[str, int, int]]
) -> None:
    found = analyzer.recognise_region(text)

    assert [(place.code, place.start, place.end) for place in found] == places


def test_faults_of_the_table_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "regions.csv").write_text(
        "code,name,short,parent,level,aliases,former_codes\n22,吉林省,吉林,,1,,\n2204,辽源市,辽源,21,2,,\n220,东丰县,东丰,22,3,,\n",
        encoding="utf-8",
    )

    with pytest.raises(CatalogError) as caught:
        load_regions(tmp_path)

    assert len(caught.value.errors) == 3
