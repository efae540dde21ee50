"""What do people see on each page?"""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest
from described import PARAMETERS
from fake_finder import LUXIANG, NAMESAKE, SCRIPT, TODAY, FakeFinder
from fixed_clock import FixedClock
from starlette.testclient import TestClient

from indexers.answers import DocumentAnswer
from indexers.catalog import Catalog
from indexers.documents import PublicRecord, PublicSubject, Source
from indexers.errors import EngineBusy, EngineDown, IndexMissing
from indexers.identifiers import identity_check_digit
from indexers.publicity import PublicityRules
from indexers.query import DataVersion
from indexers.workdays import load_calendar
from search_site.app import create_app
from search_site.labels import Labels
from search_site.objections import Objections
from search_site.present_record import RecordPage, record_page
from search_site.present_summary import summary_lines
from search_site.settings import Settings

OBJECTIONS = Objections(15, load_calendar())
FIRST_17 = "11010119900307109"
IDENTITY_NUMBER = FIRST_17 + identity_check_digit(FIRST_17)

PAGES = [
    "/",
    "/search",
    "/search?q=鹿乡",
    "/search?type=record&q=辽源",
    "/search?type=library",
    "/search?q=鹿香食品",
    f"/s/{LUXIANG}",
    "/s/n-7",
    f"/s/{LUXIANG}/administrative_licence",
    f"/s/{LUXIANG}/judgment",
    "/r/r-penalty",
    "/r/r-script",
    "/library/l-1",
    "/lists",
    "/lists/safety_dishonesty",
    "/glossary",
    "/status",
    "/problems/503",
    "/r/gone",
    "/nothing",
    "/search?page=x",
]


VOID = {"meta", "link", "input", "br", "hr", "img"}


class Outline(HTMLParser):
    """Checks that elements are closed in order; notes ids, headings, links and labels."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.headings: list[str] = []
        self.styled: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.ids += [names["id"] or ""] if "id" in names else []
        self.styled += [name for name in names if name == "style" or name.startswith("on")]
        self.headings += [tag] if tag in ("h1", "h2", "h3") else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_well_formed_and_inline_free(path: str, client: TestClient) -> None:
    text = client.get(path).text
    outline = Outline()
    outline.feed(text)
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.headings[:1] == ["h1"]
    assert outline.headings.count("h1") == 1
    assert outline.styled == []
    assert text.startswith('<!doctype html>\n<html lang="zh-CN">')
    assert re.search(r"<title>[^<]+ - 信用查询</title>", text)
    assert "<style" not in text
    assert "<script>" not in text


@pytest.mark.parametrize("path", [*PAGES, "/search?q=" + SCRIPT, f'/search?kind="{SCRIPT}&type=record'])
def test_markup_in_data_and_queries_is_text(path: str, client: TestClient) -> None:
    assert SCRIPT not in client.get(path).text


@pytest.mark.parametrize(
    "path", ["/", "/search?q=鹿乡食品", f"/s/{LUXIANG}", "/r/r-penalty", "/lists", "/status"]
)
def test_every_page_tells_when_its_data_were_brought_up_to_date(path: str, client: TestClient) -> None:
    assert "数据版本 2026-11-22 06:00（第 412 版）" in client.get(path).text


def test_the_status_page_says_when_data_came_and_leads_to_every_kind(client: TestClient) -> None:
    text = client.get("/status").text
    assert '<time datetime="2026-11-22T06:00+08:00">2026年11月22日 06:00</time>' in text
    all_licences = '<dd><a href="/search?type=record&amp;kind=administrative_licence" rel="noopener">'
    # The number alone would tell nothing to somebody who hears only the links.
    assert f'{all_licences}<span class="unseen">行政许可：</span>2 条</a>' in text
    assert "kind=judgment" not in text
    assert "单位：</span>3 家</a>" in text
    assert "资料：</span>1 篇</a>" in text


def test_results_mark_the_text_and_name_tabs_with_counts(client: TestClient) -> None:
    text = client.get("/search?q=鹿乡食品").text
    assert "辽源市<mark>鹿乡食品</mark>有限公司" in text
    assert '<a href="/search?q=%E9%B9%BF%E4%B9%A1%E9%A3%9F%E5%93%81" aria-current="page">单位' in text
    assert "2 家单位" in text
    assert "本页有 2 家单位都叫“辽源市鹿乡食品有限公司”，请核对统一社会信用代码。" in text
    assert f'<a class="negative" href="/s/{LUXIANG}/administrative_penalty">行政处罚 1</a>' in text


def test_no_results_say_what_that_means(client: TestClient) -> None:
    text = client.get("/search?q=无&city=2204").text
    assert "没有查到记录不等于没有失信行为，也不是信用证明。" in text
    assert "去掉筛选也没有相符的单位。" in text
    assert "筛选" not in client.get("/search?q=无").text.partition("没有查到相符的单位")[2]


def test_filters_that_exclude_all_are_told_with_what_they_exclude(client: TestClient) -> None:
    text = client.get("/search?q=鹿乡食品&city=2201").text
    assert '<a href="/search?q=%E9%B9%BF%E4%B9%A1%E9%A3%9F%E5%93%81">去掉全部筛选</a>后有 2 家单位' in text
    text = client.get("/lists/safety_dishonesty?year=1999").text
    assert '<a href="/lists/safety_dishonesty">去掉全部筛选</a>后有 1 条记录' in text


def test_a_word_that_names_a_list_leads_to_it_without_the_filters(client: TestClient) -> None:
    text = client.get("/search?q=安全生产&city=2204").text
    assert '看名单：<a class="chip" href="/lists/safety_dishonesty">某名单（1）</a>' in text
    records = "/search?type=record&amp;kind=administrative_penalty"
    assert f'查记录：<a class="chip" href="{records}">行政处罚（2）</a>' in text
    other = "/search?q=%E5%AE%89%E5%85%A8&amp;type=library"
    assert f'换个词查：<a class="chip" href="{other}">安全（1,200）</a>' in text
    assert "只看" not in text


def test_a_search_without_hits_says_that_persons_are_not_searched(client: TestClient) -> None:
    text = client.get("/search?q=张三").text
    assert "本站只查单位，不公示也不查询自然人" in text
    assert '请到<a href="/lists">守信、失信名单</a>' in text


def test_what_was_understood_is_pointed_to_where_nothing_is_found(client: TestClient) -> None:
    hint = "请点上面“只看”后面的条件"
    assert hint in client.get("/search?q=辽源没有").text
    assert hint not in client.get("/search?q=辽源").text
    assert hint not in client.get("/search?q=无").text


def test_what_else_a_word_leads_to_is_pointed_to_where_nothing_is_found(client: TestClient) -> None:
    text = client.get("/search?q=安全生产").text
    assert "<li>要找的可能在这里：请点上面“看名单”“查记录”“换个词查”后面的链接。</li>" in text
    assert "要找的可能在这里" not in client.get("/search?q=无").text


@pytest.mark.parametrize("path", ["/search?type=record&q=", "/lists/safety_dishonesty?q="])
@pytest.mark.parametrize("text", ["安全生产", "辽源没有"])
def test_what_the_advice_points_to_stands_above_it(path: str, text: str, client: TestClient) -> None:
    above, _, advice = client.get(path + text).text.partition('<div class="plain">')
    pointed = re.findall("“(.*?)”", "".join(re.findall("请点上面(.*?)后面", advice)))
    assert pointed
    assert [label for label in pointed if f'<p class="chips">{label}：<a class="chip"' not in above] == []


def test_proposals_are_marked(client: TestClient) -> None:
    text = client.get("/search?q=鹿香食品").text
    assert text.index("没有查到相符的单位") < text.index("您是不是要找") < text.index(f"/s/{LUXIANG}")


def test_chip_takes_its_filter_off(client: TestClient) -> None:
    text = client.get("/search?type=record&kind=administrative_licence&year=2026").text
    assert (
        '<a class="chip on" href="/search?type=record&amp;year=2026">移除 类别：行政许可 '
        '<span aria-hidden="true">×</span></a>'
    ) in text


def test_the_records_of_one_unit_say_whose_they_are(client: TestClient) -> None:
    text = client.get(f"/search?type=record&subject={LUXIANG}").text
    assert "移除 单位：辽源市鹿乡食品有限公司 " in text


def test_choosing_a_city_takes_the_place_of_its_province(client: TestClient) -> None:
    text = client.get("/search?province=22").text
    assert '<a href="/search?city=2204" rel="nofollow"><span>辽源市</span>' in text


def test_paging_links_keep_the_question(finder: FakeFinder) -> None:
    app = create_app(Settings(page_size=2), clock=FixedClock(TODAY), finder=finder)  # type: ignore[arg-type]
    text = TestClient(app).get("/search?type=record&page=2").text
    assert '<a rel="prev" href="/search?type=record">上一页</a>' in text
    assert '<a rel="next" href="/search?type=record&amp;page=3">下一页</a>' in text
    assert "第 2 页，共 3 页" in text


def test_subject_is_summed_up_without_judging(client: TestClient) -> None:
    text = client.get(f"/s/{LUXIANG}").text
    assert "截至 2026年11月22日，本站公示该单位的记录共 4 条：" in text
    assert f'<a href="/s/{LUXIANG}/administrative_licence">行政许可 2 条</a>、' in text
    assert '现在列入失信名单：<a href="/lists/safety_dishonesty">“安全生产严重失信主体名单”</a>。' in text
    assert "本站不评分、不评级。" in text
    assert f'<a href="/s/{NAMESAKE}">' in text
    assert "登记机关所在地：吉林省辽源市龙山区" in text
    assert "曾用名：辽源鹿乡糕点厂" in text
    assert '最近一次送达本站：<time datetime="2026-11-21">2026年11月21日</time>' in text


def test_a_subject_can_be_cited_with_what_was_read_of_it(client: TestClient) -> None:
    cited = (
        f"辽源市鹿乡食品有限公司. 统一社会信用代码 {LUXIANG}. 公示中的记录 4 条. 查询日期 2026-11-22. "
        f"数据版本 2026-11-22 06:00（第 412 版）. http://credit.test/s/{LUXIANG}"
    )
    assert f'<p class="cite">{cited}</p>' in client.get(f"/s/{LUXIANG}").text
    assert "统一社会信用代码 ." not in client.get("/s/n-7").text


def test_a_subject_with_nothing_on_record_is_not_called_good(client: TestClient) -> None:
    text = client.get(f"/s/{NAMESAKE}").text
    assert "本站没有公示该单位的记录。没有查到记录不等于没有失信行为，也不是信用证明。" in text
    adverse = client.get("/lists").text.partition("失信名单</span></h2>")[2].partition("</section>")[0]
    count = adverse.count("<li>")
    assert f'现在没有列入本站收录的 <a href="/lists">{count} 类失信名单</a>。' in text


def test_the_profile_of_an_office_leads_to_what_it_decided(client: TestClient, finder: FakeFinder) -> None:
    office = "辽源市市场监督管理局"
    finder.documents["subject"].append(PublicSubject("n-9", office))
    found = f"/search?type=record&amp;authority={quote(office)}&amp;sort=newest"
    led = f'以这个名称对各单位作出的记录：<a href="{found}">4 条</a>。'
    assert led in client.get("/s/n-9").text
    assert client.get(found.replace("&amp;", "&")).text.count("共 4 条记录") == 1
    assert "作出的记录" not in client.get("/s/n-9/judgment").text
    assert "作出的记录" not in client.get(f"/s/{LUXIANG}").text


def test_being_on_no_list_is_not_called_good_whatever_else_is_on_record(catalog: Catalog) -> None:
    subject = PublicSubject(LUXIANG, "某公司", uscc=LUXIANG)
    caution = "没有查到记录不等于没有失信行为，也不是信用证明。"
    for counts in ({}, {"administrative_licence": 2}):
        lines = summary_lines(subject, counts, [], TODAY, Labels(catalog))
        told = "".join(part.text for line in lines for part in line.parts)
        assert "现在没有列入" in told
        assert told.endswith(caution) is bool(counts)
        assert told.count(caution) == 1


def test_of_a_mere_name_it_is_not_said_that_it_is_on_no_list(client: TestClient) -> None:
    text = client.get("/s/n-7").text
    assert "本站公示该单位的记录共 1 条：" in text
    assert "没有列入" not in text


def test_a_page_after_the_last_is_not_an_empty_record(client: TestClient) -> None:
    text = client.get(f"/s/{LUXIANG}/administrative_licence?page=9").text
    assert "这一页已经没有内容。" in text
    assert f'<a href="/s/{LUXIANG}/administrative_licence">回到前面的页</a>' in text
    assert "查询期内无相关信息" not in text


def test_lists_that_warn_stand_before_those_that_honour(client: TestClient, finder: FakeFinder) -> None:
    honour = msgspec.structs.replace(
        finder.documents["record"][3], id="r-honour", list="honesty_models", polarity="honour"
    )
    finder.documents["record"].insert(0, honour)
    entries = client.get(f"/s/{LUXIANG}").text.partition("现在所在的名单")[2]
    assert entries.index("安全生产严重失信主体名单") < entries.index("诚信典型")


def test_a_longer_overview_says_that_there_is_more(client: TestClient, finder: FakeFinder) -> None:
    licence = finder.documents["record"][1]
    finder.documents["record"] += [msgspec.structs.replace(licence, id=f"r-{n}") for n in range(30)]
    text = client.get(f"/s/{LUXIANG}").text
    everything = f"/search?type=record&amp;subject={LUXIANG}&amp;sort=newest"
    assert '<p class="meta">下面是最近的 30 条，一共有 34 条。</p>' in text
    assert f'<a href="{everything}" rel="nofollow">全部 34 条，可以筛选和下载</a>' in text


def test_empty_kind_says_what_was_looked_for(client: TestClient) -> None:
    text = client.get(f"/s/{LUXIANG}/judgment").text
    assert "查询期内无相关信息。" in text
    shown_first = text[: text.index("全部类别，包括没有记录的")]
    assert f'<a href="/s/{LUXIANG}/judgment" aria-current="page">司法判决' in shown_first
    assert client.get(f"/s/{LUXIANG}/no_such_kind").status_code == 404


def test_record_gives_dates_amounts_and_a_citation(client: TestClient) -> None:
    answer = client.get("/r/r-penalty")
    assert "依法公示中，公示至 2027年5月1日。" in answer.text
    assert "已满最短公示期" in answer.text
    assert "5,000元" in answer.text
    assert '<time datetime="2026-05-01">2026年5月1日</time>' in answer.text
    assert "内容校验 ab12ab12ab12. http://credit.test/r/r-penalty" in answer.text
    assert answer.text.index("违法行为类型") < answer.text.index("罚款金额")
    assert answer.headers["x-robots-tag"] == "unavailable_after: 2027-05-01"


def test_a_citation_calls_the_day_what_its_kind_calls_it(client: TestClient) -> None:
    assert ". 处罚决定日期 2026-05-01. " in client.get("/r/r-penalty").text
    assert ". 承诺作出日期 2024-01-05. " in client.get("/r/r-script").text


def page_of(catalog: Catalog, **more: object) -> RecordPage:
    given = {
        "kind": "administrative_penalty",
        "polarity": "adverse",
        "decided_on": "2026-05-01",
        "visible_from": "2026-05-01",
        "last_day": "2027-05-01",
        "repairable_from": "2026-08-02",
        "rule": "administrative_penalty@2026-04-01",
        "grade": "ordinary",
        **more,
    }
    record = PublicRecord("r", "某事", subject_id="n-1", subject="某公司", **given)  # type: ignore[arg-type]
    answer = DocumentAnswer(record, DataVersion("g1", 1), datetime(2026, 11, 22, tzinfo=UTC))
    return record_page(answer, Labels(catalog), OBJECTIONS, "http://credit.test")


def test_a_period_that_follows_from_an_assumed_grade_says_so(catalog: Catalog) -> None:
    page = page_of(catalog, grade_assumed=True)
    assert page.banner[2] == (
        "公示期限由本站按“行政处罚信息公示期（2026年4月1日起）”推定（未写明处罚程度，按“一般”计算），"
        "以作出决定的机关为准。"
    )
    assert page.banner[3].startswith("推定的依据：《信用修复管理办法》")
    assert [step.label for step in page.steps][2:] == ["可以申请信用修复（推定）", "公示截止（推定）"]
    assert (page.view.grade_assumed, page.view.grade_label) == (True, "一般")


@pytest.mark.parametrize(
    ("certainty", "told"),
    [
        ("text", "推定的依据：某办法。"),
        ("secondary", "推定的依据：某办法（据转述，以规定原文为准）。"),
        ("deployment", "推定的依据：某办法（没有统一规定，由本站确定）。"),
    ],
)
def test_what_an_assumption_rests_on_says_how_sure_it_is(catalog: Catalog, certainty: str, told: str) -> None:
    rule = catalog.publicity.named("administrative_penalty@2026-04-01")
    assert rule is not None
    other = msgspec.structs.replace(rule, source="某办法", certainty=certainty)
    changed = msgspec.structs.replace(catalog, publicity=PublicityRules([other]))
    assert page_of(changed, grade_assumed=True).banner[3] == told


def test_a_delivered_end_or_grade_is_no_assumption(catalog: Catalog) -> None:
    delivered = page_of(catalog, grade_assumed=True, fields={"publicity_end": "2027-05-01"})
    assert delivered.banner[2].startswith("最短公示期由本站按")
    assert [step.label for step in delivered.steps][2:] == ["可以申请信用修复（推定）", "公示截止"]
    assert not any("推定" in line for line in page_of(catalog).banner)
    unknown = page_of(catalog, grade_assumed=True, rule="administrative_penalty@1999-01-01")
    assert not any("推定" in line for line in unknown.banner)


def test_a_commitment_whose_dates_do_not_follow_from_its_grade_assumes_nothing(catalog: Catalog) -> None:
    page = page_of(
        catalog, kind="commitment", polarity="neutral", rule="commitment", grade="open", grade_assumed=True
    )
    assert not any("推定" in line for line in page.banner)


def test_the_moments_of_a_record_say_when_it_came_to_this_site(catalog: Catalog) -> None:
    late = page_of(catalog, sources=(Source("某局", "b1", "2026-11-20"),))
    assert [(step.label, step.day.iso) for step in late.steps] == [
        ("处罚决定日期", "2026-05-01"),
        ("公示期起算", "2026-05-01"),
        ("可以申请信用修复", "2026-08-02"),
        ("送达本站", "2026-11-20"),
        ("公示截止", "2027-05-01"),
    ]
    at_once = page_of(catalog, sources=(Source("某局", "b1", "2026-05-01"),))
    assert "送达本站" not in [step.label for step in at_once.steps]


@pytest.mark.parametrize(
    ("kind", "listed", "words"),
    [
        ("court_defaulter", "court_defaulters", "请向执行法院申请"),
        ("consumption_restriction", "consumption_restrictions", "请向执行法院申请"),
        ("abnormal_operation", "", "由作出列入决定的机关移出"),
        ("tax_arrears", "", "由公告的税务机关处理"),
        ("adverse_entry", "safety_dishonesty", ""),
        ("administrative_penalty", "", ""),
    ],
)
def test_what_is_not_repaired_at_the_portal_says_where_it_is(
    catalog: Catalog, kind: str, listed: str, words: str
) -> None:
    record = PublicRecord(
        "r", "某事", kind, "n-1", "某公司", list=listed, polarity="adverse", repairable_from="2026-08-01"
    )
    answer = DocumentAnswer(record, DataVersion("g1", 1), datetime(2026, 11, 22, tzinfo=UTC))
    page = record_page(answer, Labels(catalog), OBJECTIONS, "http://credit.test")
    assert words in page.repair and bool(page.repair) is bool(words)
    assert page.may_repair is not bool(words)
    assert any("信用修复" in line for line in page.banner) is not bool(words)
    assert any(step.label == "可以申请信用修复" for step in page.steps) is not bool(words)


def test_a_restriction_by_a_court_is_not_called_a_list_of_dishonesty(catalog: Catalog) -> None:
    listed = [
        PublicRecord("r1", "某事", "consumption_restriction", "n-1", "某公司", list=key, polarity="adverse")
        for key in ("consumption_restrictions", "safety_dishonesty", "consumption_restrictions")
    ]
    subject = PublicSubject("n-1", "某公司", by_name_only=True)
    lines = summary_lines(subject, {"consumption_restriction": 2}, listed, TODAY, Labels(catalog))
    told = ["".join(part.text for part in line.parts) for line in lines]
    assert told[1:] == [
        "现在列入限制消费：“限制高消费被执行人”（2 条）。",
        "现在列入失信名单：“安全生产严重失信主体名单”。",
    ]
    assert "限制高消费 2 条" in told[0]


def test_gone_record_has_neither_name_nor_reason(client: TestClient) -> None:
    answer = client.get("/r/gone")
    assert answer.status_code == 410
    assert "该编号的信息已停止公示。" in answer.text
    assert "gone" not in answer.text


def test_joined_subject_is_redirected_to_its_code(client: TestClient) -> None:
    answer = client.get("/s/n-1/administrative_penalty")
    assert (answer.status_code, answer.headers["location"]) == (308, f"/s/{LUXIANG}/administrative_penalty")
    later = client.get(answer.request.url.path + "?page=2", follow_redirects=False)
    assert later.headers["location"] == f"/s/{LUXIANG}/administrative_penalty?page=2"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/search/?q=a%26b&type=record", "/search?q=a%26b&type=record"),
        ("/search//", "/search"),
        ("/lists/", "/lists"),
        ("/鹿乡/", "/%E9%B9%BF%E4%B9%A1"),
        ("//elsewhere.test/", "/elsewhere.test"),
    ],
)
def test_a_slash_at_the_end_goes_whatever_host_is_named(
    path: str, target: str, finder: FakeFinder, client: TestClient
) -> None:
    answer = client.get(f"http://credit.test{path}", headers={"Host": "elsewhere.test"})
    assert (answer.status_code, answer.headers["location"]) == (308, target)
    assert answer.headers["cache-control"] == "no-cache"


def test_a_path_that_begins_like_a_host_leads_to_no_other_site(client: TestClient) -> None:
    old = client.get("http://credit.test//elsewhere.test/?q=%C1%C9%D4%B4")
    assert old.headers["location"] == "/elsewhere.test/?q=%E8%BE%BD%E6%BA%90"
    wrong = client.get(f"http://credit.test//elsewhere.test/?q={IDENTITY_NUMBER}")
    assert wrong.status_code == 400
    links = re.findall(r'href="([^"]*elsewhere[^"]*)"', wrong.text)
    assert links == ["/elsewhere.test/"]


@pytest.mark.parametrize(
    "path",
    ["/{}", "/{}/", "/search/?q={}", "/search?uscc={}", "/search?type=record&authority={}", "/s/{}?{}=1"],
)
def test_an_identity_number_leads_nowhere_and_is_not_repeated(path: str, client: TestClient) -> None:
    answer = client.get(path.replace("{}", IDENTITY_NUMBER))
    assert answer.status_code in (400, 404)
    assert IDENTITY_NUMBER not in answer.text + str(answer.headers)


def test_an_identity_number_in_wide_digits_leads_nowhere(client: TestClient) -> None:
    wide = IDENTITY_NUMBER.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    answer = client.get(f"/{wide}/?q={IDENTITY_NUMBER}")
    assert answer.status_code == 400
    assert quote(wide) not in answer.text


@pytest.mark.parametrize("path", ["/search", "/lists/safety_dishonesty", f"/s/{LUXIANG}/judgment"])
def test_old_links_in_gbk_move_to_utf8(path: str, client: TestClient) -> None:
    answer = client.get(f"{path}?q=%C1%C9%D4%B4&type=record")
    assert (answer.status_code, answer.headers["location"]) == (
        301,
        f"{path}?q=%E8%BE%BD%E6%BA%90&type=record",
    )


def test_an_old_link_that_could_be_utf8_is_moved_for_once_and_taken_as_it_is_by_the_api(
    client: TestClient,
) -> None:
    query = f"q={quote('食品'.encode('gb18030'))}"
    moved = client.get(f"/search?{query}")
    assert (moved.status_code, moved.headers["location"]) == (302, f"/search?q={quote('食品')}")
    assert client.get(f"/api/v1/search?{query}").json()["q"] == "ʳƷ"
    assert client.get(f"/api/v1/search?q={quote('магазин')}").json()["q"] == "магазин"
    assert client.get("/api/v1/search?q=%C1%C9%D4%B4").status_code == 400


def test_list_page_tells_law_and_measures_and_shows_entries(client: TestClient, finder: FakeFinder) -> None:
    finder.documents["record"].append(msgspec.structs.replace(finder.documents["record"][3], id="r-list2"))
    text = client.get("/lists/safety_dishonesty").text
    assert "安全生产严重失信主体名单" in text
    assert "列入后有什么影响" in text
    assert "发生较大生产安全责任事故" in text
    assert 'href="/lists/safety_dishonesty?sort=oldest"' in text
    assert client.get("/lists/no_such_list").status_code == 404


def test_a_penalty_is_not_called_dishonest_for_its_polarity(client: TestClient) -> None:
    text = client.get("/search?type=record&polarity=adverse").text
    assert "移除 性质：不利信息" in text
    assert "<span>失信</span>" not in text


def test_a_restriction_by_a_court_stands_apart_from_the_lists_of_dishonesty(client: TestClient) -> None:
    groups = re.findall(
        r'<h2><span class="badge (\w+)">([^<]+)</span></h2>(.*?)</section>', client.get("/lists").text, re.S
    )
    assert [(tone, word) for tone, word, _ in groups] == [
        ("negative", "失信名单"), ("negative", "限制消费"), ("positive", "守信名单"),
    ]  # fmt: skip
    assert "限制高消费被执行人" in groups[1][2] and "限制高消费被执行人" not in groups[0][2]


def test_private_list_has_no_page(client: TestClient, finder: FakeFinder) -> None:
    private = next(key for key, entry in finder.catalog.lists.items() if not entry.public)
    assert client.get(f"/lists/{private}").status_code == 404
    assert private not in client.get("/lists").text


def test_wrong_parameter_is_explained(client: TestClient) -> None:
    answer = client.get("/search?page=x&sort=best")
    assert answer.status_code == 400
    assert "<strong>排序</strong>：应为 relevance、newest、oldest、name 之一" in answer.text
    assert "<strong>页码</strong>：应为 1 至 10000 的整数" in answer.text


@pytest.mark.parametrize("path", ["/", "/search?q=x", f"/s/{LUXIANG}", "/lists", "/api/v1/search", "/readyz"])
def test_engine_down_is_a_503_that_ends_by_itself(path: str, client: TestClient, finder: FakeFinder) -> None:
    finder.failure = EngineDown("connection refused at 10.0.0.7")
    down = client.get(path)
    assert (down.status_code, down.headers["retry-after"]) == (503, "5")
    assert "检索暂时不可用" in down.text
    assert "10.0.0.7" not in down.text
    finder.failure = None
    assert client.get(path).status_code == 200


def test_while_the_engine_is_down_the_question_can_be_asked_again(
    client: TestClient, finder: FakeFinder
) -> None:
    finder.failure = EngineDown("down")
    text = client.get("/search?type=record&q=鹿乡&kind=administrative_penalty&page=2").text
    again = "/search?q=%E9%B9%BF%E4%B9%A1&amp;type=record&amp;kind=administrative_penalty&amp;page=2"
    assert f'<a class="button" href="{again}">再试一次</a>' in text
    assert 'name="q" type="search" value="鹿乡"' in text
    assert '<input type="hidden" name="kind" value="administrative_penalty">' in text
    assert "这不是查询结果，不说明有没有记录。" in text
    assert f'href="/s/{LUXIANG}">再试一次</a>' in client.get(f"/s/{LUXIANG}").text
    assert client.get("/").text.count('href="/">') == 2


def test_busy_engine_says_when_to_come_back(client: TestClient, finder: FakeFinder) -> None:
    finder.failure = EngineBusy("busy", retry_after=2.2)
    assert client.get("/search").headers["retry-after"] == "3"


def test_site_starts_without_an_index(finder: FakeFinder) -> None:
    finder.failure = IndexMissing("nothing published")
    with TestClient(create_app(Settings(), finder=finder)) as client:  # type: ignore[arg-type]
        assert client.get("/healthz").status_code == 200
        assert client.get("/").status_code == 503


def test_our_own_fault_is_a_page_with_headers(client: TestClient, finder: FakeFinder) -> None:
    finder.failure = ZeroDivisionError("secret")  # type: ignore[assignment]
    with TestClient(client.app, raise_server_exceptions=False) as calm:
        answer = calm.get("/library/l-1", headers={"If-None-Match": "x"})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_demo_and_footer_come_from_settings(finder: FakeFinder) -> None:
    own = Settings(demo=True, organiser="演示市信用办", police_number="演公网安备0号")
    app = create_app(own, finder=finder)  # type: ignore[arg-type]
    text = TestClient(app).get("/").text
    assert "演示数据" in text
    assert "主办单位：演示市信用办" in text
    assert "政府网站标识码" not in text


def test_own_templates_come_first_and_can_build_on_ours(tmp_path: Path, finder: FakeFinder) -> None:
    own = '{% extends "default:error.html" %}{% block main %}<p>自己的话</p>{{ super() }}{% endblock %}'
    (tmp_path / "error.html").write_text(own, encoding="utf-8")
    app = create_app(Settings(templates=str(tmp_path)), finder=finder)  # type: ignore[arg-type]
    text = TestClient(app).get("/nothing").text
    assert text.index("自己的话") < text.index("<h1>没有这个页面")


HOSTILE = [
    "%00",
    "%27%22%3E%3C",
    "..%2f..%2fetc",
    "%F0%9F%92%A9",
    "a" * 300,
    "%0d%0aSet-Cookie:x=1",
    "(((((",
    "q*:*",
    "%E2%80%AE",
    "'; DROP TABLE",
    "{{7*7}}",
    "%uFFFF",
    "-1",
    "1e9",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_are_never_a_server_error(value: str, client: TestClient) -> None:
    names = (*PARAMETERS, "kind", "year", "uscc")
    paths = [f"{path}?type=record&{name}={value}" for path in ("/search", "/api/v1/search") for name in names]
    paths += [
        f"/s/{value}",
        f"/s/{LUXIANG}/{value}",
        f"/r/{value}",
        f"/library/{value}",
        f"/lists/{value}",
        f"/{value}",
    ]
    paths += [f"/lists/safety_dishonesty?year={value}", f"/s/{LUXIANG}/administrative_licence?page={value}"]
    statuses = {client.get(path).status_code for path in paths}
    assert statuses <= {200, 301, 302, 400, 404}


def test_browsing_is_in_the_default_order_and_a_text_by_relevance(client: TestClient) -> None:
    assert '<strong aria-current="true">默认</strong>' in client.get("/search").text
    assert '<strong aria-current="true">相关度</strong>' in client.get("/search?q=鹿乡").text


def test_records_of_a_year_stand_one_level_below_it(client: TestClient) -> None:
    text = client.get(f"/s/{LUXIANG}").text
    recent = text[text.index("<h2>最近的记录") + 1 : text.index("<h2>信息来源")]
    levels = re.findall(r"<(h\d)[ >]", recent)
    assert set(levels) == {"h3", "h4"}
    assert levels.count("h3") == recent.count('<h3 class="year">')
    kind = client.get(f"/s/{LUXIANG}/administrative_penalty").text
    assert "<h4" not in kind


def test_an_order_is_offered_where_there_is_something_to_order(client: TestClient) -> None:
    assert "排序：" in client.get("/search?q=鹿乡").text
    assert "排序：" not in client.get("/search?type=record&kind=commitment").text


def test_the_entries_of_a_list_are_headed_by_who_is_on_it(client: TestClient) -> None:
    text = client.get("/lists/safety_dishonesty").text
    assert f'<h3><a href="/s/{LUXIANG}">辽源市鹿乡食品有限公司</a></h3>' in text
    assert '<p><a href="/r/r-list">发生较大生产安全责任事故</a></p>' in text


def test_a_record_that_was_given_without_a_code_says_how_it_came_to_one(
    client: TestClient, finder: FakeFinder
) -> None:
    by_name = msgspec.structs.replace(finder.documents["record"][1], id="r-name", by_name_only=True)
    finder.documents["record"] += [by_name, msgspec.structs.replace(by_name, id="r-none", uscc="")]
    joined = "本站因全名相同把它归在这家单位名下，"
    assert joined in client.get("/r/r-name").text
    without = client.get("/r/r-none").text
    assert "这条记录本身没有给出统一社会信用代码，请按名称" in without
    assert joined not in without


def test_a_list_page_names_its_list_once(client: TestClient) -> None:
    badge = '<span class="badge negative">安全生产严重失信主体名单</span>'
    assert badge not in client.get("/lists/safety_dishonesty").text
    assert badge in client.get("/search?type=record&list=safety_dishonesty").text


def test_a_record_without_a_last_day_says_when_it_ends(client: TestClient, finder: FakeFinder) -> None:
    open_end = msgspec.structs.replace(finder.documents["record"][3], id="r-open", last_day="")
    finder.documents["record"].append(open_end)
    text = client.get("/r/r-open").text
    assert "没有规定截止日" in text
    assert "怎样申请信用修复" in text
    assert "没有规定截止日" not in client.get("/r/r-licence").text


def test_the_first_moment_of_a_record_has_the_name_of_its_kind(client: TestClient) -> None:
    assert "2026年5月1日</time> 处罚决定日期" in client.get("/r/r-penalty").text
    assert "2024年1月5日</time> 承诺作出日期" in client.get("/r/r-script").text


def test_what_other_types_hold_stands_before_the_advice(client: TestClient) -> None:
    text = client.get("/search?q=食品经营许可").text
    first, found, advice = map(text.index, ("没有查到相符的单位", "/r/r-licence", "不等于没有失信行为"))
    assert first < found < advice
    assert text.count("没有查到相符的单位") == 1
    assert "请核对有没有错字" not in text
    assert "请核对有没有错字" in client.get("/search?q=犇骉麤龘").text


MOST_BYTES = {"page": 20 * 1024, "css": 12 * 1024, "js": 12 * 1024}
"""Compressed, for a page of results and what it loads: quick on a slow telephone."""


def test_a_full_page_of_results_and_what_it_loads_are_small(client: TestClient, finder: FakeFinder) -> None:
    penalty = msgspec.structs.replace(
        finder.documents["record"][0], snippet="当事人销售超过保质期的食品。" * 12
    )
    finder.documents["record"] = [
        msgspec.structs.replace(penalty, id=f"r-{n}", title=f"第{n}号案由") for n in range(20)
    ]
    page = client.get("/search?type=record&q=案由")
    assert page.text.count("<h3>") >= 20
    loaded = re.findall(r'(?:href|src)="(/static/[^"]+\.(css|js))"', page.text)
    assert sorted(kind for _, kind in loaded) == ["css", "js"]
    sizes = {kind: len(gzip.compress(client.get(url).content)) for url, kind in loaded}
    sizes["page"] = len(gzip.compress(page.content, 4))
    assert [kind for kind, size in sizes.items() if size > MOST_BYTES[kind]] == []
