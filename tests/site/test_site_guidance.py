"""Do pages say what their words mean, and until when an objection is answered?"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from fake_finder import LUXIANG, TODAY, FakeFinder
from fixed_clock import FixedClock
from starlette.testclient import TestClient

from indexers.catalog import Catalog, load_catalog
from indexers.workdays import WorkCalendar, load_calendar
from search_site.app import create_app
from search_site.objections import Objections
from search_site.settings import Settings

CALENDAR = load_calendar()
WHOM = "信息有误，请向作出决定的机关提出"


@pytest.mark.parametrize(
    ("days", "today", "advice"),
    [
        # Mid-Autumn and National Day lie between, and two Sundays that are worked.
        (15, date(2026, 9, 24), "，收到后应于 15 个工作日内答复（今天收到的，最迟 2026年10月22日）。"),
        (5, date(2026, 2, 10), "，收到后应于 5 个工作日内答复（今天收到的，最迟 2026年2月24日）。"),
        (15, date(2026, 12, 20), "，收到后应于 15 个工作日内答复。"),
        (0, date(2026, 9, 24), "。"),
    ],
)
def test_an_answer_is_promised_for_a_day_whose_holidays_are_known(
    days: int, today: date, advice: str
) -> None:
    assert Objections(days, CALENDAR).advice(today) == WHOM + advice


def test_without_calendars_no_day_is_promised() -> None:
    assert Objections(15, WorkCalendar({})).advice(date(2026, 9, 24)).endswith("应于 15 个工作日内答复。")


@pytest.mark.parametrize("path", ["/r/r-penalty", f"/s/{LUXIANG}"])
def test_a_record_and_a_profile_say_when_an_objection_is_answered(path: str, client: TestClient) -> None:
    advice = Objections(15, CALENDAR).advice(TODAY.date())
    assert advice in client.get(path).text


def test_a_site_that_promises_nothing_says_no_day(finder: FakeFinder) -> None:
    app = create_app(Settings(objection_days=0), clock=FixedClock(TODAY), finder=finder)  # type: ignore[arg-type]
    with TestClient(app, base_url="http://credit.test") as opened:
        page = opened.get("/r/r-penalty").text
    assert f"{WHOM}。" in page
    assert "个工作日内" not in page


def test_every_word_of_the_glossary_has_its_place(catalog: Catalog, client: TestClient) -> None:
    page = client.get("/glossary").text
    assert re.findall(r'<div id="([^"]+)"><dt>', page) == list(catalog.glossary)
    assert all(text in page for text in catalog.glossary.values())


def test_a_word_that_is_asked_for_is_explained_before_the_results(client: TestClient) -> None:
    page = client.get("/search?q=信用修复").text
    assert page.index("可以申请提前停止公示") < page.index("没有查到")
    assert 'href="/glossary#%E4%BF%A1%E7%94%A8%E4%BF%AE%E5%A4%8D"' in page
    assert "更多名词" not in client.get("/search?q=辽源鹿乡食品").text


def test_a_record_explains_its_words_once(client: TestClient) -> None:
    page = client.get("/r/r-penalty").text
    block = page[page.index("这一页上的名词是什么意思") :]
    block = block[: block.index("</details>")]
    words = re.findall("<dt>([^<]+)</dt>", block)
    assert {"公示期", "信用修复"} <= set(words)
    # Its kind and these labels are explained where they stand.
    assert not {"行政处罚", "统一社会信用代码"} & set(words)


def test_a_deployer_has_words_and_calendars_of_its_own(tmp_path: Path, catalog: Catalog) -> None:
    assert catalog.path is not None
    folder = tmp_path / "mappings"
    for file in catalog.path.rglob("*"):
        if file.suffix in {".toml", ".csv", ".txt", ".json"}:
            copy = folder / file.relative_to(catalog.path)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    (folder / "glossary.toml").write_text('[glossary]\n"信用村" = "评定为守信的村。"\n', "utf-8")
    (folder / "calendar" / "2026.json").unlink()
    finder = FakeFinder(load_catalog(folder))
    app = create_app(Settings(mappings=str(folder)), clock=FixedClock(TODAY), finder=finder)  # type: ignore[arg-type]
    with TestClient(app, base_url="http://credit.test") as opened:
        assert "评定为守信的村。" in opened.get("/glossary").text
        assert "最迟" not in opened.get("/r/r-penalty").text


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("信用修复", "信用修复"),
        ("怎么修复", "信用修复"),
        ("如何申请信用修复？", "信用修复"),
        ("异议申诉", "异议"),
        ("什么是失信被执行人", "失信被执行人"),
        ("老赖是什么意思", "失信被执行人"),
    ],
)
def test_a_question_about_a_word_begins_with_its_explanation(
    text: str, word: str, client: TestClient
) -> None:
    page = client.get("/search", params={"q": text}).text
    assert f'<p class="notice bar-line"><strong>{word}</strong>：' in page


def test_what_asks_about_no_word_is_explained_nothing(client: TestClient) -> None:
    assert 'bar-line"><strong>' not in client.get("/search?q=鹿乡食品怎么样").text
