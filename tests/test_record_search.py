"""From a delivered sheet to the answer: records asked for by matter, basis, authority, day, number and fine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from deliveries import ANALYZER, CATALOG, NAME, Desk, code, profile

from indexers.answers import Answer, Request
from indexers.documents import PublicRecord
from indexers.finding import Finder
from indexers.offering import narrowed
from indexers.query import Total

FACTS = (
    "执法人员于检查时发现当事人仓库内存放有部分商品,经清点、拍照并制作现场笔录,当事人在场确认无异议;"
    "当事人未能提供进货查验记录,也未建立相应的台账制度,其行为持续时间较长,涉及多个门店和两个仓库,"
    "现场另有空置货架若干、冷柜两台,均已停用,门前堆放纸箱与包装袋等杂物,"
    "其中货架上陈列待售的糕点已超过保质期三日,另有饮料若干未按规定标注生产批号。"
)


def _penalty(number: int, **changes: str) -> dict[str, str]:
    return {
        "行政相对人名称": NAME,
        "统一社会信用代码": code(1),
        "行政处罚决定书文号": f"辽市监罚〔2026〕{number}号",
        "违法行为类型": "经营超过保质期的食品",
        "违法事实": FACTS,
        "处罚依据": "《中华人民共和国食品安全法》第一百二十四条",
        "处罚类别": "罚款",
        "处罚内容": "罚款",
        "罚款金额(万元)": "6",
        "处罚决定日期": "2026-05-06",
        "处罚机关": "辽源市市场监督管理局",
        **changes,
    }


def _policy(title: str, number: str) -> dict[str, str]:
    return {
        "标题": title,
        "发布机构": "某市人民政府",
        "文号": number,
        "成文日期": "2024-02-01",
        "正文": "依据某府发〔2023〕1号制定，与某府办发〔2025〕12号一并施行。",
    }


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("records")
    opened = Desk(folder, f"sqlite:///{folder / 'ledger.db'}")
    opened.bring(profile(), profile("梅花鹿乡水产商行", 2))
    opened.bring(
        _penalty(1),
        _penalty(2, **{"罚款金额(万元)": "0.3", "处罚决定日期": "2025-12-30"}),
        _penalty(
            3,
            行政相对人名称="梅花鹿乡水产商行",
            统一社会信用代码=code(2),
            违法行为类型="占用河道堆放砂石",
            违法事实="在河道管理范围内堆放砂石",
            处罚依据="《中华人民共和国水法》第六十五条",
            处罚机关="辽源市水利局",
            工商注册号="220402000000017",
        ),
    )
    opened.bring(
        _policy("信用信息管理办法", "某府发〔2024〕3号"), _policy("信用目录", "某府办发〔2025〕12号")
    )
    opened.sync()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def find(desk: Desk) -> Iterator[Finder]:
    yield Finder(desk.engine, CATALOG, ANALYZER, desk.clock)


def _ask(finder: Finder, text: str, **rest: object) -> Answer:
    return finder.find(Request(text=text, **{"type": "record", **rest}))  # type: ignore[arg-type]


def _numbers(answer: Answer) -> list[str]:
    records = [hit.document for hit in answer.hits]
    return sorted(r.document_number[-3:-1] for r in records if isinstance(r, PublicRecord))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("保质期 食品 罚款", ["1", "2"]),
        ("食品安全法 第一百二十四条", ["1", "2"]),
        ("辽源市水利局 砂石", ["3"]),
        ("梅花鹿乡水产 罚款", ["3"]),
        ("2025年 食品 罚款", ["2"]),
        ("2026年5月 糕点", ["1"]),
        ("辽源市市场监督管理局 2026-05-06", ["1"]),
        ("辽源市市场监督管理局 2026.5.6 糕点", ["1"]),
        ("二〇二六年五月六日 糕点", ["1"]),
        ("糕点 20251230", ["2"]),
        ("辽市监罚2026 3", ["3"]),
        ("保质期 砂石", []),
    ],
)
def test_records_are_found_by_what_they_say(find: Finder, text: str, numbers: list[str]) -> None:
    assert [number.lstrip("〕") for number in _numbers(_ask(find, text))] == numbers


def test_a_fine_is_a_filter_only_when_it_is_chosen(find: Finder) -> None:
    answer = _ask(find, "2026年 食品 罚款 5万以上")
    assert answer.total.value == 0
    together, alone = answer.understood
    assert [(step.field, step.value) for step in together.steps] == [("year", "2026"), ("fine_from", "50000")]
    assert (together.steps[-1].rest, together.total) == ("食品 罚款", Total(1))
    assert (alone.field, alone.then, alone.total) == ("fine_from", None, Total(1))
    chosen = _ask(find, alone.rest, fine_from=int(alone.value))
    assert _numbers(chosen) == ["〕1"]
    assert _numbers(_ask(find, "食品 罚款", fine_to=3_000)) == ["〕2"]
    assert _numbers(_ask(find, "食品 罚款", fine_from=3_000, fine_to=60_000)) == ["〕1", "〕2"]


@pytest.mark.parametrize("text", ["6万元", "60000元", "60,000元", "罚款60000元", "糕点 6万元（60,000元）"])
def test_a_bare_sum_leads_to_the_records_with_that_fine(find: Finder, text: str) -> None:
    [offer] = _ask(find, text).understood
    assert (offer.label, offer.total) == ("罚款6万元", Total(1 if "糕点" in text else 2))
    found = _ask(find, offer.rest, fine_from=int(offer.value), fine_to=int(offer.until))
    assert found.total == offer.total


@pytest.mark.parametrize("kind", ["subject", "record"])
@pytest.mark.parametrize("text", ["梅花鹿乡水产有没有被处罚", "梅花鹿乡水产被处罚过吗？"])
def test_a_question_is_led_to_the_name_and_the_records_it_asks_for(
    find: Finder, text: str, kind: str
) -> None:
    answer = _ask(find, text, type=kind)
    assert answer.total.value == 0
    assert [(o.field, o.value, o.rest, o.whole, o.total) for o in answer.understood] == [
        ("q", "梅花鹿乡水产", "", True, Total(1)),
        ("kind", "administrative_penalty", "梅花鹿乡水产", False, Total(1)),
    ]


def test_a_question_about_a_word_leads_to_what_has_it(find: Finder) -> None:
    [offer] = _ask(find, "请问什么是保质期", type="subject").understood
    assert (offer.field, offer.value, offer.type, offer.total) == ("q", "保质期", "record", Total(2))
    [offer] = _ask(find, "什么是过期食品", type="subject").understood
    assert (offer.field, offer.value, offer.type, offer.total) == ("q", "超过保质期", "record", Total(2))


def test_a_question_about_nobody_here_leads_nowhere(find: Finder) -> None:
    assert _ask(find, "查一下犇骉麤食品").understood == ()
    [offer] = _ask(find, "梅花鹿乡水产是不是老赖").understood
    assert (offer.field, offer.value) == ("q", "梅花鹿乡水产")


def test_no_offer_leads_to_nothing(find: Finder) -> None:
    assert _ask(find, "鹿乡食品 2025年 罚款", type="subject").understood == ()
    [offer] = _ask(find, "梅花鹿乡 2026-05-06", type="subject").understood
    assert (offer.field, offer.value, offer.rest, offer.total) == ("from", "2026-05-06", "梅花鹿乡", Total(1))
    assert _ask(find, "辽市监罚2026年 3号").understood == ()


def test_what_finds_something_only_together_is_one_offer(find: Finder) -> None:
    [offer] = _ask(find, "去年 罚款5万元以下 糕点").understood
    assert [(step.field, step.value) for step in offer.steps] == [("year", "2025"), ("fine_to", "50000")]
    assert (offer.steps[-1].rest, offer.total) == ("罚款 糕点", Total(1))
    asked = narrowed(Request(text="去年 罚款5万元以下 糕点", type="record"), offer, CATALOG)
    assert find.find(asked).total == Total(1)
    [offer] = _ask(find, "去年 罚款5万元以下 糕点", type="subject").understood
    assert [(step.type, step.field, step.value) for step in offer.steps] == [
        ("record", "fine_to", "50000"),
        ("record", "year", "2025"),
    ]
    assert offer.total == Total(1)
    assert _ask(find, "去年 罚款5万元以下 砂石").understood == ()


@pytest.mark.parametrize("kind", ["subject", "record"])
@pytest.mark.parametrize(
    ("text", "filters", "total"),
    [
        ("2025年行政处罚", {"kind": ("administrative_penalty",), "year": ("2025",)}, 1),
        (
            "辽源市2026年行政处罚",
            {"kind": ("administrative_penalty",), "year": ("2026",), "region": ("2204",)},
            2,
        ),
        ("行政处罚 辽源", {"kind": ("administrative_penalty",), "region": ("2204",)}, 3),
        ("辽源哪些公司被罚款？", {"kind": ("administrative_penalty",), "region": ("2204",)}, 3),
        ("2025年被处罚的企业", {"kind": ("administrative_penalty",), "year": ("2025",)}, 1),
    ],
)
def test_all_that_a_question_says_is_one_offer_of_filters(
    find: Finder, text: str, filters: dict[str, tuple[str, ...]], total: int, kind: str
) -> None:
    request = Request(text=text, type=kind)
    [offer] = find.find(request).understood
    asked = narrowed(request, offer, CATALOG)
    assert (asked.text, asked.type, asked.filters) == ("", "record", filters)
    assert offer.total == find.find(asked).total == Total(total)


def test_a_sentence_about_nobody_leads_to_its_filters_and_not_to_its_words(find: Finder) -> None:
    first, *others = _ask(find, "2026年的保质期处罚", type="subject").understood
    assert {step.field for step in first.steps} == {"kind", "year"}
    assert (first.steps[-1].rest, first.total) == ("保质期", Total(1))
    assert "q" not in [offer.field for offer in others]


@pytest.mark.parametrize("text", ["哪些公司被罚款", "谁被罚款了", "有没有处罚？", "被处罚的单位"])
def test_a_question_about_anybody_leads_to_all_records_it_asks_for(find: Finder, text: str) -> None:
    [offer] = _ask(find, text, type="subject").understood
    assert (offer.field, offer.value, offer.whole) == ("kind", "administrative_penalty", True)
    assert (offer.text, offer.total) == (text, Total(3))


def test_words_for_anybody_are_no_text_of_records(find: Finder) -> None:
    [offer] = _ask(find, "2025年 行政处罚 公司").understood
    assert (offer.steps[-1].rest, offer.total) == ("", Total(1))


def test_an_authority_that_has_records_is_offered(find: Finder) -> None:
    [offer] = _ask(find, "辽源市水利局 罚款").understood
    assert (offer.field, offer.value, offer.rest) == ("authority", "辽源市水利局", "罚款")


@pytest.mark.parametrize("kind", ["subject", "record"])
def test_each_authority_of_a_name_of_every_day_is_offered_with_all_that_is_asked(
    find: Finder, kind: str
) -> None:
    [offer] = _ask(find, "水务局", type=kind).understood
    assert (offer.field, offer.value, offer.total) == ("authority", "辽源市水利局", Total(1))
    [offer] = _ask(find, "辽源市监局2026年行政处罚", type=kind).understood
    assert offer.value == "辽源市市场监督管理局"
    assert {step.field for step in offer.steps} == {"authority", "year", "kind"}
    assert (offer.steps[-1].rest, offer.total) == ("", Total(1))


def test_subject_and_text_matches_are_told_apart(find: Finder) -> None:
    by_name = _ask(find, "鹿乡水产").hits[0].reason
    assert (by_name.code, by_name.label) == ("contains", "主体名称包含所查文字")
    by_text = _ask(find, "砂石 河道").hits[0].reason
    assert (by_text.code, by_text.label) == ("body", "记录内容包含所查各词")


@pytest.mark.parametrize(
    ("text", "kind", "numbers"),
    [
        ("辽源市监罚〔2026〕3号", "record", ["辽市监罚〔2026〕3号"]),
        ("辽源市监罚〔2026〕3号", "subject", ["辽市监罚〔2026〕3号"]),
        ("辽监罚(2026)第3号", "record", ["辽市监罚〔2026〕3号"]),
        ("某市府发〔2024〕3号", "library", ["某府发〔2024〕3号"]),
        ("辽市监罚〔2026〕3号", "subject", []),
        ("辽市监罚〔2026〕9号", "record", []),
        ("辽市监罚2026", "record", []),
    ],
)
def test_a_number_with_another_word_before_its_year_is_proposed(
    find: Finder, text: str, kind: str, numbers: list[str]
) -> None:
    answer = _ask(find, text, type=kind)
    assert answer.total.value == 0
    near = [hit.document for hit in answer.proposals]
    assert [getattr(each, "document_number", "") or getattr(each, "number", "") for each in near] == numbers
    assert {(h.reason.code, h.reason.label) for h in answer.proposals} <= {("near_miss", "年份和号数相同")}


def test_a_number_that_is_not_shown_is_no_name(find: Finder) -> None:
    [hit] = _ask(find, "220402000000017").hits
    assert (hit.reason.code, hit.reason.label) == ("old_code", "旧代码相符")
    assert _ask(find, "梅花鹿乡水产商行").hits[0].reason.code == "exact_name"


def test_the_passage_that_holds_the_words_is_shown_and_marked(find: Finder) -> None:
    hit = _ask(find, "糕点 2026年").hits[0]
    assert isinstance(hit.document, PublicRecord)
    snippet = hit.document.snippet
    assert [snippet[start:end] for start, end in hit.highlights["snippet"]] == ["糕点"]
    assert snippet.startswith("…")
    assert len(snippet) <= 142


def test_documents_are_known_to_be_here_by_number_or_title(find: Finder) -> None:
    entries = {hit.document.title: hit.document.id for hit in _ask(find, "信用", type="library").hits}
    own, other = entries["信用信息管理办法"], entries["信用目录"]
    named = ("某府发〔2023〕1号", "某府办发(2025)12号", "《信用目录》", "《信用法》", "某府发〔2024〕3号")
    assert find.held(named, own) == {"某府办发(2025)12号": other, "《信用目录》": other}
    assert find.held(named[-1:], other) == {"某府发〔2024〕3号": own}
