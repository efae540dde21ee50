"""How does a visitor move among results: filters kept, ways back from a fault, titles, orders, paper?"""

from __future__ import annotations

import re

import msgspec
import pytest
from fake_finder import LUXIANG, TODAY, FakeFinder, make_code
from fixed_clock import FixedClock
from starlette.testclient import TestClient

from indexers.answers import Answer, Request
from indexers.catalog import Catalog
from indexers.query import Total
from search_site.app import create_app
from search_site.assets import asset_dir
from search_site.settings import Settings


def hidden_fields(text: str, before: str) -> list[tuple[str, str]]:
    """The hidden fields of the form that has this in its first line."""
    form = text[text.index(before) :].partition("</form>")[0]
    return re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)">', form)


def test_a_question_with_a_fault_keeps_what_is_right_in_it(client: TestClient) -> None:
    text = client.get("/search?q=食品&type=record&year=2026&from=2026-05-01&to=2026-01-01").text
    assert "<strong>决定日期（从）</strong>：晚于截止日期" in text
    assert 'name="q" type="search" value="食品"' in text
    assert hidden_fields(text, '<form class="box" role="search"') == [
        ("type", "record"),
        ("year", "2026"),
        ("to", "2026-01-01"),
    ]
    back = "/search?q=%E9%A3%9F%E5%93%81&amp;type=record&amp;year=2026&amp;to=2026-01-01"
    assert f'<a class="button" href="{back}">去掉有误的条件再查</a>' in text
    assert "from" not in text.partition("<main")[2]
    assert client.get(back.replace("&amp;", "&")).status_code == 200


def test_a_text_with_a_fault_is_not_shown_again(client: TestClient) -> None:
    text = client.get(f"/search?q={'长' * 201}&type=record").text
    assert 'name="q" type="search" value=""' in text
    assert '<a class="button" href="/search?type=record">' in text
    listed = client.get("/lists/safety_dishonesty?q=事故&page=0").text
    assert 'href="/lists/safety_dishonesty?q=%E4%BA%8B%E6%95%85">' in listed


def test_a_code_that_is_not_here_can_be_searched_for(client: TestClient) -> None:
    code = make_code("MA0000XX")
    for path in (f"/s/{code}", f"/s/{code}/judgment", f"/s/{code.lower()}"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "<h1>本站没有收录这个代码</h1>" in answer.text
        assert f'<a class="button" href="/search?q={code}">查询这个代码</a>' in answer.text
    assert client.get(f"/s/{code}.json").json()["title"] == "没有这个页面"
    assert "没有收录" not in client.get("/s/n-99").text


def test_another_text_keeps_the_filters_but_neither_order_nor_page(client: TestClient) -> None:
    filters = "type=record&kind=administrative_penalty&year=2026&from=2026-01-01"
    text = client.get(f"/search?q=食品&{filters}&sort=newest").text
    assert hidden_fields(text, '<form class="box" role="search"') == [
        ("type", "record"),
        ("kind", "administrative_penalty"),
        ("year", "2026"),
        ("from", "2026-01-01"),
    ]
    assert hidden_fields(client.get("/").text, '<form class="box big" role="search"') == []


def test_a_list_is_searched_in_its_own_box(client: TestClient) -> None:
    text = client.get("/lists/safety_dishonesty?q=责任事故&year=2026").text
    assert '<label class="unseen" for="within">在这个名单里找</label>' in text
    assert 'id="within" name="q" type="search" value="责任事故"' in text
    assert hidden_fields(text, '<form class="box inner" action="/lists/safety_dishonesty"') == [
        ("year", "2026")
    ]
    assert '<a class="chip on" href="/lists/safety_dishonesty?year=2026">移除 文字：责任事故 ' in text
    assert 'id="q" name="q" type="search" value=""' in text
    assert '<h2><a href="/search?q=%E9%B9%BF%E4%B9%A1">' in client.get("/lists/safety_dishonesty?q=鹿乡").text
    nothing = client.get("/lists/safety_dishonesty?q=没有").text
    assert '<a href="/lists/safety_dishonesty">去掉全部筛选</a>后有 1 条记录' in nothing


def test_only_related_documents_that_are_here_are_links(client: TestClient) -> None:
    text = client.get("/library/l-1").text
    assert '<li><a href="/library/l-9">《辽源市信用目录》</a></li>' in text
    assert '<li>辽府发〔2023〕1号 <span class="meta">本站没有收录</span></li>' in text


def titles_of(client: TestClient, *paths: str) -> list[str]:
    return [re.findall(r"<title>(.*?) - 信用查询</title>", client.get(path).text)[0] for path in paths]


def test_titles_tell_filtered_views_and_pages_apart(finder: FakeFinder) -> None:
    app = create_app(Settings(page_size=1), clock=FixedClock(TODAY), finder=finder)  # type: ignore[arg-type]
    assert titles_of(
        TestClient(app),
        "/search",
        "/search?q=鹿乡&city=2204",
        "/search?type=record&kind=administrative_licence&year=2026&year=2025&authority=某局",
        "/search?q=食品&type=record&page=2",
        "/lists/safety_dishonesty?q=事故&year=2026",
        f"/s/{LUXIANG}/administrative_licence?page=2",
    ) == [
        "单位",
        "鹿乡 - 辽源市 - 单位",
        "行政许可、某局、2025 年等 - 记录",
        "食品 - 记录 - 第 2 页",
        "事故 - 2026 年 - 安全生产严重失信主体名单",
        "行政许可 - 辽源市鹿乡食品有限公司 - 第 2 页",
    ]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/", "输入单位全称或其中几个字"),
        (f"/s/{LUXIANG}", "辽源市鹿乡食品有限公司 · 截至 2026年11月22日，本站公示该单位的记录共 4 条："),
        (f"/s/{LUXIANG}/judgment", "辽源市鹿乡食品有限公司 · 司法判决（0 条）"),
        ("/r/r-penalty", "辽源市鹿乡食品有限公司 · 销售超过保质期食品 · 行政处罚 · 辽源市市场监督管理局"),
        ("/library/l-1", "政策法规 · 辽源市守信激励办法 · 辽源市人民政府 · 规定守信激励的措施。"),
        ("/lists", "每个名单由法定单位按自己的标准认定。"),
        ("/lists/safety_dishonesty", "安全生产严重失信主体名单 · "),
    ],
)
def test_pages_describe_themselves_to_search_engines(path: str, told: str, client: TestClient) -> None:
    [description] = re.findall(r'<meta name="description" content="([^"]*)">', client.get(path).text)
    assert description.startswith(told)
    assert len(description) <= 120


def test_on_paper_the_place_of_a_page_is_seen_without_its_links(finder: FakeFinder) -> None:
    app = create_app(Settings(page_size=2), clock=FixedClock(TODAY), finder=finder)  # type: ignore[arg-type]
    text = TestClient(app).get("/search?type=record").text
    assert '<span class="meta">第 1 页，共 3 页</span>\n</nav>' in text
    style = (asset_dir("static") / "site.css").read_text(encoding="utf-8")
    unseen = re.findall(r"@media print\{(.*?)\{display:none\}", style)[0].split(",")
    assert ".paging a" in unseen
    assert ".paging" not in unseen


def test_paper_is_white_and_gives_no_room_to_fingers() -> None:
    css = (asset_dir("static") / "site.css").read_text(encoding="utf-8")
    assert (
        css.count("prefers-color-scheme:dark")
        == css.count("@media screen and (prefers-color-scheme:dark)")
        == 1
    )
    (printed,) = re.findall(r"@media print\{(.*)\}$", css, re.MULTILINE)
    assert "main a{min-height:0!important;padding:0!important" in printed


def test_a_printed_answer_says_what_was_asked(client: TestClient) -> None:
    text = client.get("/search?q=食品&type=record&kind=administrative_licence&from=2026-01-01").text
    asked = text[text.index('<dl class="asked"') :].partition("</dl>")[0]
    assert re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", asked) == [
        ("查询", "食品"),
        ("筛选", "类别：行政许可；决定日期：2026年1月1日起"),
        ("查询日期", "2026年11月22日"),
        (
            "网址",
            "http://credit.test/search?q=%E9%A3%9F%E5%93%81&amp;type=record&amp;kind=administrative_licence"
            "&amp;from=2026-01-01",
        ),
    ]
    assert "<dt>查询</dt><dd>全部单位</dd>" in client.get("/search").text


@pytest.mark.parametrize("path", ["/search", "/lists/safety_dishonesty"])
def test_results_can_be_reached_without_the_filters_before_them(path: str, client: TestClient) -> None:
    text = client.get(path).text
    assert '<a class="skip" href="#results">跳到结果</a>' in text
    assert 'id="results" aria-labelledby="count" tabindex="-1"' in text


def test_the_day_beside_the_source_of_a_library_document_says_what_it_is(client: TestClient) -> None:
    assert "提供这份资料的单位和送达本站的日期：" in client.get("/library/l-1").text


def test_fines_can_be_asked_for_where_there_can_be_one(client: TestClient) -> None:
    path = "/search?q=食品&type=record&kind=administrative_penalty&fine_from=5000&sort=newest"
    form = client.get(path).text.partition('<section class="facets"')[2].partition("</form>")[0]
    assert re.findall(r'type="number" name="(\w+)" min="0" step="1" value="(\d*)"', form) == [
        ("fine_from", "5000"),
        ("fine_to", ""),
    ]
    assert re.findall(r'type="hidden" name="(\w+)"', form) == ["q", "type", "kind", "sort"]
    assert "罚款金额（元）" in client.get("/search?type=record").text
    for path in ("/search?type=record&kind=judgment", "/lists/safety_dishonesty", "/search"):
        assert "罚款金额（元）" not in client.get(path).text
    assert client.get("/search?type=record&from=&to=&fine_from=&fine_to=").status_code == 200


def test_an_empty_list_is_not_a_search_with_a_slip(client: TestClient) -> None:
    empty = client.get("/lists/customs_advanced_certified").text
    assert "这个名单现在没有公示中的条目。" in empty
    assert "错字" not in empty and "没有查到相符" not in empty
    searched = client.get("/lists/safety_dishonesty?q=没有").text
    assert "没有查到相符的记录" in searched and "这个名单现在没有" not in searched


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("subject", ["最近成立", "最早成立", "名称"]),
        ("record", ["最近决定", "最早决定", "标题"]),
        ("library", ["最近成文", "最早成文", "标题"]),
    ],
)
def test_an_order_says_what_it_orders_by(
    kind: str, words: list[str], client: TestClient, finder: FakeFinder
) -> None:
    finder.documents["library"] *= 2
    sorts = client.get(f"/search?type={kind}").text.partition("排序：")[2].partition("</p>")[0]
    assert re.findall(r"<a [^>]*>(.*?)</a>", sorts) == words


def test_a_title_that_is_only_the_name_of_the_list_is_not_said_twice(
    client: TestClient, finder: FakeFinder
) -> None:
    label = finder.catalog.lists["honesty_models"].label
    honour = msgspec.structs.replace(
        finder.documents["record"][3], id="r-honour", list="honesty_models", polarity="honour", title=label
    )
    finder.documents["record"].append(honour)
    found = client.get("/search?type=record&list=honesty_models").text
    assert f'<h3><a href="/r/r-honour"><span class="badge positive">{label}</span></a></h3>' in found
    listed = client.get("/lists/honesty_models").text
    assert '<a href="/r/r-honour"><span class="unseen">辽源市鹿乡食品有限公司的</span>记录全文</a>' in listed
    shown = client.get("/r/r-honour").text
    assert '<p class="lead">吉林省应急管理厅 · 2026年6月30日</p>' in shown


def test_a_badge_that_is_the_way_to_its_record_looks_like_a_link() -> None:
    style = (asset_dir("static") / "site.css").read_text(encoding="utf-8")
    # The line of the link around it does not reach into a box of its own.
    assert "a>.badge{text-decoration:underline" in style


def test_a_place_of_records_is_said_to_be_that_of_the_office(client: TestClient) -> None:
    records = client.get("/search?q=辽源&type=record&county=220402").text
    assert "<h3>决定机关所在地（区县）</h3>" in records
    assert "移除 决定机关所在地（区县）：" in records
    assert ">决定机关所在地：辽源市</a>" in client.get("/search?q=辽源&type=record").text
    facets = client.get("/api/v1/search?type=record").json()["facets"]
    assert facets["city"]["label"] == "决定机关所在地（城市）"
    subjects = client.get("/search?q=辽源&county=220402").text
    assert "决定机关所在地" not in subjects
    assert "移除 区县：" in subjects


def test_examples_may_be_parted_by_either_semicolon(finder: FakeFinder) -> None:
    app = create_app(Settings(examples="鹿乡食品；某公司;91220400"), finder=finder)  # type: ignore[arg-type]
    tried = TestClient(app).get("/").text.partition("试试：")[2].partition("</p>")[0]
    assert re.findall(r"<a [^>]*>(.*?)</a>", tried) == ["鹿乡食品", "某公司", "91220400"]


class Many(FakeFinder):
    """Finds more than can be paged through."""

    def find(self, request: Request, *, alone: bool = False) -> Answer:
        return msgspec.structs.replace(super().find(request, alone=alone), total=Total(16_459))


def test_more_than_can_be_taken_along_is_not_called_the_whole(catalog: Catalog) -> None:
    app = create_app(Settings(), clock=FixedClock(TODAY), finder=Many(catalog))  # type: ignore[arg-type]
    text = TestClient(app).get("/search?type=record").text
    assert '<h2 id="count">共 16,459 条记录</h2>' in text
    assert "下载前 10,000 条结果（CSV 表格）" in text
    assert "第 1 页，共 500 页" in text
