"""Are the names of every day for authorities read as they are written, and every fault told?"""

from __future__ import annotations

from pathlib import Path

import pytest
from deliveries import ANALYZER, CATALOG

from indexers.errors import CatalogError
from indexers.offices import Offices, load_offices

OFFICES = Offices(load_offices(CATALOG.directory), ANALYZER)
COUNTIES = ("辽源市生态环境局", "东丰县生态环境局", "东辽县生态环境局", "辽源市龙山区生态环境局")


def test_no_more_authorities_than_can_be_looked_through_are_meant() -> None:
    assert [offer.value for offer in OFFICES.offers("环保局", COUNTIES)] == list(COUNTIES[:3])


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("东丰县环保局", "东丰县生态环境局"),
        ("环保局 龙山区", "辽源市龙山区生态环境局"),
        ("辽源环保局", "辽源市生态环境局"),
    ],
)
def test_a_place_says_which_of_them(text: str, office: str) -> None:
    assert [(offer.value, offer.rest) for offer in OFFICES.offers(text, COUNTIES)] == [(office, "")]


def test_a_place_without_such_an_authority_stays_in_the_text() -> None:
    offers = list(OFFICES.offers("四平市环保局", COUNTIES))
    assert [offer.rest for offer in offers] == ["四平市"] * 3


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"环保局"', '""', "空的词"),
        ('"环保局"', '"工商局"', "“工商局”写了两次"),
        ("[offices]", "[office]", "office"),
    ],
)
def test_a_fault_of_the_file_is_told(tmp_path: Path, old: str, new: str, fault: str) -> None:
    text = (CATALOG.directory / "offices.toml").read_text("utf-8")
    (tmp_path / "offices.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(CatalogError, match=fault):
        load_offices(tmp_path)
