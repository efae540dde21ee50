"""How are dates, codes and matched text written?"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import msgspec
from fake_finder import LUXIANG
from starlette.testclient import TestClient

from indexers.catalog import Catalog
from indexers.query import Total
from search_site.labels import Labels
from search_site.present_results import years_before
from search_site.present_text import Day, code_parts, count_text, day_of, marked
from search_site.statements import SAYS

ROOT = Path(__file__).parents[2]


def test_what_the_site_says_of_itself_stands_in_one_place() -> None:
    files = [*(ROOT / "search_site").glob("*.py"), *(ROOT / "templates").glob("*.html")]
    texts = [path.read_text(encoding="utf-8") for path in files]
    said = msgspec.structs.asdict(SAYS)
    assert {name: sum(text.count(words) for text in texts) for name, words in said.items()} == dict.fromkeys(
        said, 1
    )


OFFICE_WORDS = ("归集", "联动", "抓手")
"""Said among offices; nobody else knows what they mean."""


def test_the_site_speaks_no_office_language() -> None:
    files = [*(ROOT / "search_site").glob("*.py"), *(ROOT / "templates").glob("*.html")]
    files += [*(ROOT / "mappings" / "kinds").glob("*.toml"), ROOT / "mappings" / "glossary.toml"]
    assert len(files) > 50
    said = [(path.name, word) for path in files for word in OFFICE_WORDS if word in path.read_text("utf-8")]
    assert said == []


def test_a_mere_name_among_units_says_what_it_lacks(client: TestClient) -> None:
    assert '<span class="badge notice">只有名称，没有代码</span>' in client.get("/search").text


def test_every_class_of_a_template_has_a_rule() -> None:
    style = (ROOT / "static" / "site.css").read_text(encoding="utf-8")
    known = set(re.findall(r"\.([a-z][\w-]*)", style))
    written = [
        name
        for path in sorted((ROOT / "templates").glob("*.html"))
        for names in re.findall(r'class="([^"]*)"', path.read_text(encoding="utf-8"))
        for name in re.sub(r"{[{%].*?[%}]}", " ", names).split()
    ]
    assert [name for name in written if name not in known] == []


def test_dates() -> None:
    assert day_of("2026-11-21") == Day("2026-11-21", "2026年11月21日")
    assert day_of("") == Day("", "")


def test_code_in_groups_is_the_code() -> None:
    assert "".join(code_parts(LUXIANG)) == LUXIANG
    assert [len(part) for part in code_parts(LUXIANG)] == [8, 4, 4, 2]
    assert code_parts("") == ()


def test_a_region_is_never_shown_as_a_code_while_a_part_of_it_is_known(catalog: Catalog) -> None:
    labels = Labels(catalog)
    codes = ("220402", "220400", "500199", "140402", "999999")
    assert [labels.regions.full_name(code) for code in codes] == [
        "吉林省辽源市龙山区",
        "吉林省辽源市",
        "重庆市",
        "山西省长治市",
        "999999",
    ]


def test_a_stored_field_gets_its_words_from_the_catalogue_of_today(catalog: Catalog) -> None:
    labels = Labels(catalog)
    stored = {
        "fine_amount": "50000",
        "decided_on": "2026-05-01",
        "penalty_class": "警告;罚款",
    }
    assert [(f.key, f.label, f.value, f.text) for f in labels.shown("administrative_penalty", stored)] == [
        ("fine_amount", "罚款金额", "50000", "5万元（50,000元）"),
        ("decided_on", "处罚决定日期", "2026-05-01", "2026年5月1日"),
        ("penalty_class", "处罚类别", "警告;罚款", "警告;罚款"),
    ]


def test_a_stored_field_that_the_catalogue_of_today_does_not_show_is_left_out(catalog: Catalog) -> None:
    facts = msgspec.structs.replace(catalog.record_fields["facts"], public=False)
    hiding = msgspec.structs.replace(catalog, record_fields={**catalog.record_fields, "facts": facts})
    stored = {"facts": "经营过期食品", "tax_number": "1", "nowhere": "旧", "decided_on": "2026-05-01"}

    def shown(labels: Labels, kind: str) -> list[str]:
        return [field.key for field in labels.shown(kind, stored)]

    assert shown(Labels(catalog), "administrative_penalty") == ["facts", "decided_on"]
    assert shown(Labels(hiding), "administrative_penalty") == ["decided_on"]
    assert shown(Labels(catalog), "nothing") == []


def test_counts() -> None:
    assert count_text(Total(1234)) == "1,234"
    assert count_text(Total(10000, exact=False)) == "超过 10,000"


def test_marks_surround_escaped_text() -> None:
    assert marked("a<b>&c", ((1, 4),)) == "a<mark>&lt;b&gt;</mark>&amp;c"
    assert marked("鹿乡食品", ((0, 1), (2, 4))) == "<mark>鹿</mark>乡<mark>食品</mark>"
    assert marked("ab", ((1, 9), (-1, 1))) == "ab"


def test_a_year_back_begins_the_day_after() -> None:
    assert years_before(date(2026, 11, 22), 1) == date(2025, 11, 23)
    assert years_before(date(2028, 2, 29), 3) == date(2025, 3, 1)
