"""What is shown for a question, and why: the same on every engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from engine_documents import TODAY, Documents, Publish
from fixed_clock import FixedClock

from indexers.analysis import Analyzer
from indexers.answers import Answer, Request
from indexers.catalog import Catalog
from indexers.documents import Upsert
from indexers.engines.base import SearchEngine
from indexers.finding import Finder
from indexers.query import AnyQuery, Hit, SearchPage, SearchQuery
from samples.codes import misspelt, uscc_of

Find = Callable[[str], Answer]
FindIn = Callable[..., Find]
CODE = uscc_of("91", "220402", 123)


@pytest.fixture
def find_in(publish: Publish, catalog: Catalog) -> FindIn:
    """Publishes these subjects; answers a function that asks for some of them."""

    def prepare(*operations: Upsert) -> Find:
        engine = publish(operations)
        finder = Finder(engine, catalog, engine.analyzer, FixedClock(TODAY))
        return lambda text: finder.find(Request(text=text))

    return prepare


@pytest.fixture
def find(find_in: FindIn, documents: Documents) -> Find:
    names = (
        "辽源市鹿乡食品有限公司", "四平市衡陌运输有限公司", "长春市湫蓼商贸有限公司", "重庆市叙葵火锅店",
        "中国叙葵银行股份有限公司辽源市支行", "中国叙葵银行股份有限公司四平市支行",
    )  # fmt: skip
    return find_in(*(documents.subject(f"s{no}", name, rank=no) for no, name in enumerate(names, 1)))


def _found(answer: Answer) -> list[tuple[str, str]]:
    return [(hit.document.id, hit.reason.code) for hit in answer.hits]


def _proposed(answer: Answer) -> list[tuple[str, str]]:
    return [(hit.document.id, hit.reason.code) for hit in answer.proposals]


@pytest.mark.parametrize(
    ("text", "subject", "reason"),
    [
        ("辽源市鹿乡食晶有限公司", "s1", "near_miss"),
        ("辽源市鹿乡品有限公司", "s1", "near_miss"),
        ("辽源市鹿朝乡食品有限公司", "s1", "near_miss"),
        ("辽源市鹿食乡品有限公司", "s1", "near_miss"),
        ("辽源市鹿乡食品有限责任公司", "s1", "near_miss"),
        ("辽源市鹿乡食品股份有限公司", "s1", "near_miss"),
        ("辽源市路乡食品", "s1", "homophone"),
        ("辽源市路香食品有限公司", "s1", "homophone"),
        ("四平市鹿乡食品有限公司", "s1", "other_region"),
        ("虫庆市叙葵火锅店", "s4", "homophone"),
        ("撩源市鹿乡食品有限公司", "s1", "homophone"),
        ("鹿乡 食晶 辽源", "s1", "near_miss"),
        ("luxiangshipin", "s1", "pinyin"),
        ("chongqingshixukui", "s4", "pinyin"),
        ("lyslxsp", "s1", "initials"),
    ],
)
def test_a_slip_is_proposed_with_its_reason(find: Find, text: str, subject: str, reason: str) -> None:
    answer = find(text)
    assert (answer.total.value, answer.hits) == (0, ())
    assert _proposed(answer)[:1] == [(subject, reason)]


def test_a_branch_is_found_by_its_letters_among_hundreds_that_begin_alike(
    find_in: FindIn, documents: Documents, analyzer: Analyzer
) -> None:
    name = "中国叙葵银行股份有限公司四平市铁东区湫蓼经济开发区支行"
    alike = (f"中国叙葵银行股份有限公司第{no}支行" for no in range(2, 250))
    find = find_in(
        documents.subject("own", name, rank=1),
        *(documents.subject(f"s{no}", other, rank=no) for no, other in enumerate(alike, 2)),
    )
    for letters, reason in (
        (analyzer.initials(name), "initials"),
        ("".join(analyzer.pinyin(name)), "pinyin"),
    ):
        assert _proposed(find(letters)) == [("own", reason)]
        assert _proposed(find(letters.removesuffix(analyzer.initials("支行")))) == [("own", reason)]


@pytest.mark.parametrize("form", ["有限公司", "有限责任公司", "股份有限公司"])
def test_another_form_of_company_is_proposed_whatever_stands_before_it(
    find_in: FindIn, documents: Documents, form: str
) -> None:
    find = find_in(documents.subject("s1", "唐山市湫蓼科工贸实业公司"))
    assert _proposed(find(f"唐山市湫蓼科工贸实业{form}")) == [("s1", "near_miss")]
    find = find_in(documents.subject("s1", f"唐山市湫蓼科工贸实业{form}"))
    assert _proposed(find("唐山市湫蓼科工贸实业公司")) == [("s1", "near_miss")]


@pytest.mark.parametrize(
    ("text", "reason", "label"),
    [
        ("鹿", "prefix", "字号以此开头"),
        ("鹿乡食", "prefix", "字号以此开头"),
        ("辽源市鹿乡", "prefix", "名称以此开头"),
        ("乡食品", "contains", "名称包含所查文字"),
    ],
)
def test_a_name_begins_so_only_where_the_whole_of_it_does(
    publish: Publish, documents: Documents, catalog: Catalog, text: str, reason: str, label: str
) -> None:
    name = "辽源市鹿乡食品有限公司"
    engine = publish([documents.subject("s1", name), documents.record("r1", name)])
    finder = Finder(engine, catalog, engine.analyzer, FixedClock(TODAY))
    [hit] = finder.find(Request(text=text)).hits
    assert (hit.reason.code, hit.reason.label) == (reason, label)
    [hit] = finder.find(Request(text=text, type="record")).hits
    assert (hit.reason.code, hit.reason.label) == (reason, f"主体{label}")


def test_the_beginning_of_a_suggested_name_is_told_in_the_same_way(
    publish: Publish, documents: Documents, catalog: Catalog
) -> None:
    engine = publish([documents.subject("s1", "辽源市鹿乡食品有限公司")])
    finder = Finder(engine, catalog, engine.analyzer, FixedClock(TODAY))
    found = {text: finder.suggest(text)[0].reason.label for text in ("鹿乡", "辽源市")}
    assert found == {"鹿乡": "字号以此开头", "辽源市": "名称以此开头"}


def test_the_name_with_the_fewest_slips_comes_first(find: Find) -> None:
    assert _proposed(find("中国叙葵银行股份有限公司四乎市支行")) == [("s6", "near_miss"), ("s5", "near_miss")]


def test_a_name_that_has_all_that_was_typed_comes_before_one_with_another_character(
    find_in: FindIn, documents: Documents
) -> None:
    find = find_in(
        documents.subject("other", "四平市湫蓼面厂", rank=2),
        documents.subject("left-out", "四平市湫蓼加工厂", rank=1),
    )
    answer = find("四平市湫蓼加厂")
    assert _proposed(answer) == [("left-out", "near_miss"), ("other", "near_miss")]


@pytest.mark.parametrize(
    "text",
    [
        "犇骉麤龘公司",
        "犇骉麤科技有限公司",
        "辽源市犇骉麤龘食品",
        "qzxjkwvq",
        "9ZZZZZZZZZZZZZZZZZ",
        "犇骉",
        "火锅 犇骉",
    ],
)
def test_nonsense_is_answered_by_nothing(find: Find, text: str) -> None:
    answer = find(text)
    assert (answer.total.value, answer.hits, answer.proposals) == (0, (), ())


def test_a_code_one_character_off_is_proposed(find_in: FindIn, documents: Documents) -> None:
    find = find_in(documents.subject("s1", "辽源市鹿乡食品有限公司", code=(CODE,)))
    assert _found(find(CODE.lower())) == [("s1", "code")]
    assert _proposed(find(misspelt(CODE))) == [("s1", "code_near")]


@pytest.mark.parametrize(
    "text",
    [
        "统一社会信用代码：{}",
        "四平市衡陌运输有限公司 {}",
        "{}辽源市鹿乡食品有限公司",
        "税号{}，辽源市鹿乡食品",
        "({})",
        "ABC {} 2026",
    ],
)
def test_a_whole_code_beside_other_words_decides_who_is_meant(
    publish: Publish, documents: Documents, catalog: Catalog, text: str
) -> None:
    engine = publish(
        [
            documents.subject("s1", "辽源市鹿乡食品有限公司", code=(CODE,), rank=2),
            documents.subject("s2", "四平市衡陌运输有限公司", rank=1),
            documents.record("r1", "辽源市鹿乡食品有限公司", code=(CODE,)),
        ]
    )
    finder = Finder(engine, catalog, engine.analyzer, FixedClock(TODAY))
    for written in (CODE, CODE.lower(), f"{CODE[:8]} {CODE[8:12]} {CODE[12:]}"):
        asked = text.replace("{}", written)
        assert _found(finder.find(Request(text=asked))) == [("s1", "code")]
        assert [h.document.id for h in finder.find(Request(text=asked, type="record")).hits] == ["r1"]
        assert finder.find(Request(text=asked, type="library")).total.value == 0


@pytest.mark.parametrize(
    "text", [f"{CODE[:17]}×", f"鹿乡 {misspelt(CODE)}", f"鹿乡 {CODE}9", f"鹿乡 9{CODE}", f"鹿乡 {CODE[:17]}"]
)
def test_no_other_code_decides(find_in: FindIn, documents: Documents, text: str) -> None:
    find = find_in(documents.subject("s1", "辽源市衡陌食品有限公司", code=(CODE, misspelt(CODE))))
    assert find(f"鹿乡 {CODE}").total.value == 1
    assert find(text).total.value == (1 if "×" in text else 0)


def test_a_near_former_name_is_proposed(find_in: FindIn, documents: Documents) -> None:
    find = find_in(documents.subject("s1", "辽源市鹿乡食品有限公司", other_names=("东丰县湫蓼制品厂",)))
    assert _found(find("东丰县湫蓼制品厂")) == [("s1", "former_name")]
    assert _proposed(find("东丰县湫蓼制晶厂")) == [("s1", "near_miss")]


def test_branches_stand_behind_head_offices_and_dissolved_subjects_below_live_ones(
    find_in: FindIn, documents: Documents
) -> None:
    find = find_in(
        documents.subject("branch", "鹿乡食品有限公司四平分公司", rank=9),
        documents.subject("dissolved", "鹿乡食品加工厂", rank=8, status="cancelled"),
        documents.subject("dissolved-branch", "鹿乡食品有限公司白城分公司", rank=7, status="cancelled"),
        documents.subject("long", "鹿乡食品深加工有限公司", rank=6),
        documents.subject("head", "鹿乡食品有限公司", rank=1),
    )
    order = ["head", "long", "branch", "dissolved", "dissolved-branch"]
    assert [hit.document.id for hit in find("鹿乡食品").hits] == order
    assert [hit.document.id for hit in find("鹿香食品").proposals] == order


def test_among_names_with_all_words_the_one_that_keeps_their_neighbours_comes_first(
    find_in: FindIn, documents: Documents
) -> None:
    find = find_in(
        documents.subject("other-order", "辽源蓼湫实业有限公司", rank=2),
        documents.subject("same-order", "辽源市湫蓼实业投资有限公司", rank=1),
    )
    answer = find("辽源湫蓼实业有限公司")
    assert _found(answer) == [("same-order", "words"), ("other-order", "words")]


def test_namesakes_stand_side_by_side(find_in: FindIn, documents: Documents) -> None:
    find = find_in(
        documents.subject("first", "鹿乡商行", rank=9, region="220402"),
        documents.subject("other", "鹿乡商行连锁店", rank=8),
        documents.subject("second", "鹿乡商行", rank=1, region="220302"),
    )
    assert [hit.document.id for hit in find("鹿乡商行").hits] == ["first", "second", "other"]
    assert [hit.document.id for hit in find("商行").hits] == ["first", "second", "other"]


@pytest.mark.parametrize("sort", ["relevance", "name"])
def test_no_hit_of_another_page_is_proposed(
    publish: Publish, documents: Documents, catalog: Catalog, sort: str
) -> None:
    names = [f"鹿乡食品{place}店" for place in "甲乙丙丁"]
    engine = publish(documents.subject(f"s{no}", name, rank=no) for no, name in enumerate(names, 1))
    finder = Finder(engine, catalog, engine.analyzer, FixedClock(TODAY))
    answer = finder.find(Request(text="鹿乡食品", size=1, sort=sort))
    assert (answer.total.value, len(answer.hits), answer.proposals) == (4, 1, ())


def test_with_hits_enough_nothing_is_proposed(find_in: FindIn, documents: Documents) -> None:
    names = [f"鹿乡食品{place}店" for place in "甲乙丙丁戊己庚辛壬癸"]
    find = find_in(*(documents.subject(f"s{no}", name, rank=no) for no, name in enumerate(names, 1)))
    assert (find("鹿乡食品").total.value, find("鹿乡食品").proposals) == (10, ())
    assert len(find("鹿香食品").proposals) == 5


def test_signs_alone_find_nothing_and_leave_what_was_chosen(
    publish: Publish, documents: Documents, catalog: Catalog
) -> None:
    engine = publish([documents.subject("s1", "鹿乡一号食品有限公司")])
    finder = Finder(engine, catalog, engine.analyzer, FixedClock(TODAY))
    answer = finder.find(Request(text="%", filters={"status": ("live",)}))
    assert answer.total.value == 0
    values = {facet.field: [(value.value, value.count) for value in facet.values] for facet in answer.facets}
    assert values["status"] == [("live", 0)]
    assert values["province"] == []


class Timed:
    """An engine that notes the seconds every question to it may take."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self.deadlines: list[float] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def search(self, query: SearchQuery) -> SearchPage:
        self.deadlines.append(query.deadline)
        return self._engine.search(query)

    def propose(self, query: AnyQuery) -> tuple[Hit, ...]:
        self.deadlines.append(query.deadline)
        return self._engine.propose(query)


@pytest.mark.parametrize(
    "text",
    ["辽源市鹿乡食晶有限公司", "luxiangshipin", "lyslxspyxgs", "liaoyuanluxiangshipinn", misspelt(CODE)],
)
def test_every_question_for_an_answer_keeps_to_the_deadline_of_the_deployment(
    text: str, publish: Publish, documents: Documents, catalog: Catalog
) -> None:
    engine = publish([documents.subject("s1", "辽源市鹿乡食品有限公司", code=(CODE,))])
    timed = Timed(engine)
    finder = Finder(timed, catalog, engine.analyzer, FixedClock(TODAY), 7.5)  # type: ignore[arg-type]
    finder.find(Request(text=text))
    assert len(timed.deadlines) > 3
    assert set(timed.deadlines) == {7.5}


@pytest.mark.parametrize("text", ["Luxiang  food\ttrading 有限公司", "food trading", "LUXIANG FOOD TRADING"])
def test_a_name_of_words_is_found_by_them_with_their_blanks(
    find_in: FindIn, documents: Documents, text: str
) -> None:
    find = find_in(
        documents.subject("s1", "Luxiang Food Trading 有限公司", rank=1),
        documents.subject("s2", "Luxiang Foo 有限公司", rank=2),
    )
    assert [hit.document.id for hit in find(text).hits] == ["s1"]


def test_values_with_blanks_are_no_values_of_their_words(find_in: FindIn, documents: Documents) -> None:
    find = find_in(
        documents.subject("s1", "鹿乡食品有限公司", code=("AB 123456", "CD\u3000123456", "EF123456"))
    )
    assert [hit.document.id for hit in find("EF123456").hits] == ["s1"]
    assert find("123456").hits == ()
