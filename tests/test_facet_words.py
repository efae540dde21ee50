"""Which values of facets do words of every day mean, and is every fault of their file told?"""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest
from deliveries import CATALOG

from indexers.answers import Request
from indexers.catalog import load_catalog
from indexers.errors import CatalogError
from indexers.facet_words import FacetWords, check_facet_words, load_facet_words

WORDS = FacetWords(load_facet_words(CATALOG.directory), CATALOG)


def offered(text: str, **more: object) -> list[tuple[str, str, str, str]]:
    found = WORDS.offers(Request(text=text, **more))  # type: ignore[arg-type]
    return [(offer.type, offer.value, offer.label, offer.rest) for offer in found]


@pytest.mark.parametrize("kind", ["subject", "record"])
@pytest.mark.parametrize(
    ("text", "rest"), [("注销企业", ""), ("辽源注销企业", "辽源"), ("注销 食品", "食品")]
)
def test_a_word_for_a_status_means_subjects_that_have_it(text: str, rest: str, kind: str) -> None:
    assert offered(text, type=kind) == [("subject", "cancelled", "注销", rest)]


def test_a_word_for_several_values_means_each_of_them() -> None:
    assert offered("被吊销的公司") == [
        ("subject", "revoked_not_cancelled", "吊销，未注销", "公司"),
        ("subject", "revoked_cancelled", "吊销，已注销", "公司"),
    ]


def test_a_short_word_inside_another_means_nothing() -> None:
    assert offered("吊销许可证") == []
    assert offered("鹿乡食品") == []


def test_what_is_chosen_among_documents_of_another_type_is_not_lost() -> None:
    assert offered("注销企业", type="record", filters={"year": ("2025",)}) == []
    assert offered("注销企业", filters={"city": ("2204",)}) == [("subject", "cancelled", "注销", "")]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("[subject.status]", "[subject.kind]", r"\[subject.kind\]：不是这一类的筛选项"),
        ("[subject.status]", "[company.status]", r"\[company.status\]：不是这一类的筛选项"),
        ("live = ", "alive = ", "没有值 'alive'"),
        ('"存续"', '""', "空的词"),
        ("live = [", "live = [1, ", "facet_words.toml"),
    ],
)
def test_a_fault_of_the_file_is_told(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert CATALOG.path is not None
    folder = copytree(CATALOG.path, tmp_path / "mappings")
    file = folder / "facet_words.toml"
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    catalog = load_catalog(folder)
    with pytest.raises(CatalogError, match=fault):
        check_facet_words(catalog)
