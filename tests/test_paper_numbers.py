"""By which numbers of papers is a record found: that of its decision, of its certificate, of what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from deliveries import ANALYZER, AUTHORITY, CATALOG, NAME, Desk, code, profile

from indexers.answers import Answer, Request
from indexers.documents import PublicRecord
from indexers.finding import Finder

LICENCE = {
    "行政相对人名称": NAME,
    "行政相对人类别": "法人及非法人组织",
    "统一社会信用代码": code(1),
    "行政许可决定文书名称": "食品经营许可证",
    "行政许可决定文书号": "某许〔2026〕8号",
    "许可类别": "普通",
    "许可编号": "JY12204DM2026047",
    "许可内容": "预包装食品销售",
    "许可决定日期": "2026-05-06",
    "有效期自": "2026-05-06",
    "有效期至": "2031-05-05",
    "许可机关": AUTHORITY,
}
DEFAULTER = {
    "被执行人名称": NAME,
    "统一社会信用代码": code(1),
    "案号": "（2026）演0402执12号",
    "执行法院": "某某市人民法院",
    "执行依据文号": "（2025）演0402民初345号",
    "立案时间": "2026-03-01",
    "发布时间": "2026-05-07",
}


@pytest.fixture(scope="module")
def find(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finder]:
    folder = tmp_path_factory.mktemp("numbers")
    desk = Desk(folder, f"sqlite:///{folder / 'ledger.db'}")
    desk.bring(profile())
    assert desk.bring(LICENCE).rejected == 0
    assert desk.bring(DEFAULTER, kind="court_defaulter").rejected == 0
    desk.sync()
    yield Finder(desk.engine, CATALOG, ANALYZER, desk.clock)
    desk.close()


def _told(answer: Answer) -> list[tuple[str, str, str]]:
    return [
        (hit.document.document_number, hit.reason.code, hit.reason.label)
        for hit in answer.hits
        if isinstance(hit.document, PublicRecord)
    ]


@pytest.mark.parametrize(
    ("text", "number", "label"),
    [
        ("某许〔2026〕8号", "某许〔2026〕8号", "文号一致"),
        ("JY12204DM2026047", "某许〔2026〕8号", "许可编号一致"),
        ("jy12204dm2026047", "某许〔2026〕8号", "许可编号一致"),
        ("JY12204-DM2026047", "某许〔2026〕8号", "许可编号一致"),
        ("(2026)演0402执12号", "（2026）演0402执12号", "文号一致"),
        ("(2025)演0402民初345号", "（2026）演0402执12号", "执行依据文号一致"),
    ],
)
def test_a_record_is_found_by_every_number_that_it_shows(
    find: Finder, text: str, number: str, label: str
) -> None:
    assert _told(find.find(Request(text=text, type="record"))) == [(number, "document_number", label)]
    beside = {other.type: other.total.value for other in find.find(Request(text=text)).other}
    assert beside == {"record": 1, "library": 0}


@pytest.mark.parametrize("text", ["JY12204DM2026048", "12204DM2026047", "(2025)演0402民初34号"])
def test_another_number_finds_nothing(find: Finder, text: str) -> None:
    assert find.find(Request(text=text, type="record")).total.value == 0


def test_no_record_is_found_by_a_number_that_is_not_shown() -> None:
    shown = {
        name
        for kind in CATALOG.kinds.values()
        for name, field in CATALOG.fields_of(kind).items()
        if field.public
    }
    numbers = {name for key in CATALOG.kinds for name in CATALOG.numbers_of(key)}
    assert numbers <= shown
    assert {"document_number", "licence_number", "basis_number", "commitment_number"} <= numbers
    assert "identity_number" not in numbers
