"""Are the judged queries honest, and are answers judged rightly?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.relevance.answering import Shown
from benchmarks.relevance.corpus import Corpus
from benchmarks.relevance.hands import Hands
from benchmarks.relevance.judged import Judged, JudgedQueries
from benchmarks.relevance.mistakes import Chance, Slips
from benchmarks.relevance.peers import FullText5
from benchmarks.relevance.scores import ask_all, class_table, compared_table, place_of
from indexers.analysis import Analyzer, load_analyzer
from indexers.documents import PublicName, PublicRecord, PublicSubject
from samples.codes import uscc_of

Maker = Callable[[int, list[str]], Slips]
BRANDS = ("鹿乡", "湫蓼", "叙葵", "钧枳", "衡陌", "岑润", "泠堇", "绛浔")
TRADES = ("食品", "商贸", "运输", "化工", "家具制造", "物业管理")
PLACES = ("辽源市", "四平市", "长春市")


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return load_analyzer()


@pytest.fixture(scope="module")
def corpus(analyzer: Analyzer) -> Corpus:
    names = [f"{p}{b}{t}有限公司" for p in PLACES for b in BRANDS for t in TRADES]
    subjects = [
        PublicSubject(f"s{no}", name, uscc_of("91", "220402", no), names=(PublicName(name, "present"),))
        for no, name in enumerate(names, 1)
    ]
    record = PublicRecord(
        "r1", "经营超过保质期的食品", "administrative_penalty", "s1", names[0],
        document_number="辽市监罚〔2026〕35号", snippet="当事人经营超过保质期的食品",
    )  # fmt: skip
    return Corpus(subjects, [record], analyzer)


@pytest.fixture(params=[Chance, Hands])
def queries(request: pytest.FixtureRequest, corpus: Corpus) -> list[Judged]:
    make: Maker = request.param
    return list(JudgedQueries(corpus, make(7, [s.title for s in corpus.subjects]), 8).all())


def test_a_seed_gives_the_same_queries_again(corpus: Corpus) -> None:
    titles = [s.title for s in corpus.subjects]
    first, again, other = (
        [query.text for query in JudgedQueries(corpus, Hands(seed, titles), 5).all()] for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_words_out_of_order_identify_one_name(queries: list[Judged], corpus: Corpus) -> None:
    mixed = [query for query in queries if query.name == "words out of order"]
    assert len(mixed) == 8
    titles = [s.title for s in corpus.subjects]
    holders = [[t for t in titles if all(w in t for w in query.text.split())] for query in mixed]
    assert [len(found) for found in holders] == [1] * 8


def test_a_slip_leaves_a_text_that_is_no_name(queries: list[Judged], corpus: Corpus) -> None:
    texts = [query.text for query in queries if query.name in ("one slip", "homophone")]
    assert len(texts) == 16
    assert [text for text in texts if any(text in s.title for s in corpus.subjects)] == []


def test_shared_queries_say_by_how_many(queries: list[Judged], corpus: Corpus) -> None:
    fragments = [query for query in queries if query.name == "fragment"]
    counted = [sum(query.text in s.title for s in corpus.subjects) for query in fragments]
    assert [query.sharing for query in fragments] == counted


def test_names_that_hold_all_words_are_counted(corpus: Corpus) -> None:
    assert corpus.holding(["鹿乡", "食品", "辽源"], 1) == {"s1"}
    assert corpus.holding(["鹿乡", "食品"], 2) is None
    assert corpus.holding(["犇骉"], 2) == frozenset()


def test_an_answer_is_judged_by_place_by_words_and_by_silence() -> None:
    shown = [Shown("a", "甲", "prefix", "食品 罚款"), Shown("b", "乙", "words", "食品")]
    assert place_of(Judged("x", "q", frozenset({"b"})), shown) == 1
    assert place_of(Judged("x", "q", frozenset({"c"})), shown) is None
    assert place_of(Judged("x", "q", words=("食品",)), shown) == 0
    assert place_of(Judged("x", "q", words=("食品", "罚款")), shown) is None
    assert place_of(Judged("x", "q", words=("食品",)), []) is None
    assert place_of(Judged("x", "q"), []) == 0
    assert place_of(Judged("x", "q"), shown) is None


def test_a_peer_is_scored_beside_the_site(queries: list[Judged], corpus: Corpus) -> None:
    asked = [query for query in queries if query.type == "subject"]
    peer = FullText5(corpus.subjects)
    scores = ask_all(peer, asked)
    assert scores["without legal form"].first == 8
    assert scores["homophone"].ten == 0
    table = class_table(scores).splitlines()
    assert len(table) == len(scores) + 2
    assert "| without legal form | 1.000 / 1.000 |" in compared_table({peer.name: scores})
