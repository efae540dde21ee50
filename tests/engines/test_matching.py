"""What matches a text, and in which tier?"""

from __future__ import annotations

import pytest
from engine_documents import TODAY, Documents, Publish, ask, ids, tiers

from indexers.engines.base import SearchEngine
from indexers.errors import BadQuery
from indexers.query import AnyQuery

NAMES = {
    "s1": "辽源市鹿乡食品有限公司",
    "s2": "鹿乡食品",
    "s3": "长春市双阳区鹿乡食品加工厂",
    "s4": "食品鹿乡贸易商行",
    "s5": "ABC鹿乡(中国)科技有限公司",
    "s6": "梅河口市供销合作社",
    "s7": "白山市ABCD商贸有限公司",
}


@pytest.fixture
def named(publish: Publish, documents: Documents) -> SearchEngine:
    return publish(documents.subject(key, name, rank=int(key[1:])) for key, name in NAMES.items())


def test_a_name_is_found_by_any_part_of_it(named: SearchEngine) -> None:
    page = ask(named, "乡食品")
    assert [(hit.id, hit.tier) for hit in page.hits[:3]] == [
        ("s3", "contains"),
        ("s2", "contains"),
        ("s1", "contains"),
    ]
    assert ids(ask(named, "品加工厂")) == ["s3"]


def test_what_no_name_contains_has_no_hits(named: SearchEngine) -> None:
    page = ask(named, "犇骉麤龘", facets=("province",))
    assert (page.hits, page.total.value) == ((), 0)
    assert page.facets["province"].values == ()


def test_tiers_come_best_first_and_by_rank_inside(named: SearchEngine) -> None:
    page = ask(named, "鹿乡食品")
    found = [(hit.id, hit.tier) for hit in page.hits]
    assert found == [("s2", "exact"), ("s3", "prefix"), ("s1", "prefix"), ("s4", "words")]
    assert page.total.value == 4


def test_the_inside_of_a_name_is_the_contains_tier(named: SearchEngine) -> None:
    assert tiers(ask(named, "乡食品加工")) == {"s3": "contains"}


def test_a_beginning_longer_than_eight_characters_is_confirmed_on_the_whole_name(
    named: SearchEngine,
) -> None:
    assert tiers(ask(named, "辽源市鹿乡食品有限")) == {"s1": "prefix"}
    assert tiers(ask(named, "源市鹿乡食品有限公")) == {"s1": "contains"}
    assert tiers(ask(named, "ABC鹿乡(中国)科技")) == {"s5": "prefix"}


def test_words_in_any_order_match_below_the_contains_tier(named: SearchEngine) -> None:
    assert tiers(ask(named, "食品 鹿乡 辽源")) == {"s1": "words"}


def test_a_word_of_the_visitors_own_is_found_in_texts_inside_a_longer_one(
    publish: Publish, documents: Documents
) -> None:
    engine = publish(
        [
            documents.record("r1", "某公司", body="判决于生效之日起十日内给付款项"),
            documents.record("r2", "某公司", body="生效期内"),
        ]
    )
    assert tiers(ask(engine, "生效 之日", "records")) == {"r1": "body"}
    assert ids(ask(engine, "之日 驳回", "records")) == []


def test_words_between_blanks_are_the_visitors_own_whatever_the_dictionary_says(
    publish: Publish, documents: Documents
) -> None:
    engine = publish(
        [
            documents.subject("s1", "辽源市湫蓼绛食品有限公司", rank=2),
            documents.subject("s2", "辽源市湫蓼商行", rank=1),
        ]
    )
    assert tiers(ask(engine, "绛食 湫蓼 源市")) == {"s1": "words"}
    assert tiers(ask(engine, "湫蓼 源市")) == {"s1": "words", "s2": "words"}
    assert tiers(ask(engine, "有限公司 湫蓼")) == {"s1": "words"}
    assert ids(ask(engine, "绛食 商行")) == []


def test_latin_runs_match_whole(named: SearchEngine) -> None:
    assert ids(ask(named, "abc")) == ["s5"]
    assert ids(ask(named, "ABC鹿乡")) == ["s5"]
    assert ids(ask(named, "abcd")) == ["s7"]


def test_one_character_matches_beginnings_only(named: SearchEngine) -> None:
    assert ids(ask(named, "梅")) == ["s6"]
    assert ids(ask(named, "口")) == []
    assert ids(ask(named, "鹿")) == ["s3", "s2", "s1"]


def test_a_listed_phrase_finds_what_its_characters_would(named: SearchEngine) -> None:
    (reading,) = named.analyzer.queries("有限公司")
    assert reading.common == "有限公司"
    assert ids(ask(named, "有限公司")) == ["s7", "s5", "s1"]


def test_traditional_characters_find_simplified_names(named: SearchEngine) -> None:
    assert tiers(ask(named, "遼源市鹿鄉食品有限公司")) == {"s1": "exact"}


def test_former_names_are_names(publish: Publish, documents: Documents) -> None:
    engine = publish([documents.subject("s1", "辽源市鹿乡食品有限公司", other_names=("东丰县梅花鹿制品厂",))])
    assert tiers(ask(engine, "东丰县梅花鹿制品厂")) == {"s1": "exact"}
    assert tiers(ask(engine, "花鹿制品")) == {"s1": "contains"}


def test_no_phrase_reaches_from_one_name_into_the_next(publish: Publish, documents: Documents) -> None:
    engine = publish([documents.subject("s1", "辽源鹿乡", other_names=("食品加工",))])
    assert tiers(ask(engine, "鹿乡食品")) == {"s1": "words"}


def test_codes_match_whole_and_by_their_beginning(publish: Publish, documents: Documents) -> None:
    code = "91220402MA00000A1B"
    engine = publish(
        [
            documents.subject("s1", "甲甲商行", rank=1, code=(code, "MA00000A1")),
            documents.subject("s2", "乙乙商行", rank=2, code=("91220402MA00000B29",)),
        ]
    )
    assert tiers(ask(engine, code.lower())) == {"s1": "exact"}
    assert tiers(ask(engine, "9122 0402 MA00000A")) == {"s1": "prefix"}
    assert ids(ask(engine, "912204")) == ["s2", "s1"]
    assert ids(ask(engine, "91220")) == []


def test_records_match_by_body_words_and_document_numbers(publish: Publish, documents: Documents) -> None:
    engine = publish(
        [
            documents.record("r1", "鹿乡食品", rank=1, body="销售超过保质期的食品,处以罚款"),
            documents.record("r2", "鹿乡食品", rank=2, body="占道经营", number="辽市监罚〔2026〕35号"),
            documents.record("r3", "保质期罚款商行", rank=3, body="占道经营"),
        ]
    )
    found = ask(engine, "保质期 罚款", "records")
    assert [(hit.id, hit.tier) for hit in found.hits] == [("r3", "prefix"), ("r1", "body")]
    assert tiers(ask(engine, "辽市监罚(2026)35", "records")) == {"r2": "exact"}


def test_library_documents_match_by_title_and_text(publish: Publish, documents: Documents) -> None:
    engine = publish([documents.entry("d1", "信用修复管理办法", body="公示期届满")])
    assert tiers(ask(engine, "信用修复", "library")) == {"d1": "prefix"}
    assert tiers(ask(engine, "公示期", "library")) == {"d1": "body"}


@pytest.mark.parametrize(
    "text", ['"', "name_norm:*", "(鹿乡", "鹿乡 AND 食品\\", "a.*", "[a-", "鹿乡*?+{2}|^$"]
)
def test_a_text_is_never_syntax(named: SearchEngine, text: str) -> None:
    assert ask(named, text, facets=("province",)).total.exact


def test_signs_at_regular_expressions_border_are_plain(publish: Publish, documents: Documents) -> None:
    engine = publish([documents.subject("s1", "a.b*c+d(e)[f]{g}有限公司", rank=1)])
    assert tiers(ask(engine, "a.b*c+d(e)[f]{g}有限")) == {"s1": "prefix"}
    assert ids(ask(engine, "a.b*c+d(e)[x]{g}有限")) == []


def test_nothing_to_search_for_is_not_everything(named: SearchEngine) -> None:
    assert named.analyzer.queries("…!") == ()


def test_near_misses_come_by_shared_terms_then_rank(named: SearchEngine) -> None:
    query = AnyQuery("subjects", TODAY, "name_gram", ("鹿乡", "乡食", "食晶", "加工"), 2)
    assert [hit.id for hit in named.propose(query)] == ["s3", "s2", "s1"]
    alone = AnyQuery("subjects", TODAY, "name_gram", ("鹿乡", "乡食", "食晶", "加工"), 3)
    assert [hit.id for hit in named.propose(alone)] == ["s3"]
    limited = AnyQuery("subjects", TODAY, "name_gram", ("鹿乡", "乡食"), 1, limit=2)
    assert [hit.id for hit in named.propose(limited)] == ["s3", "s2"]


def test_near_misses_over_an_unknown_field_are_refused(named: SearchEngine) -> None:
    with pytest.raises(BadQuery):
        named.propose(AnyQuery("subjects", TODAY, "nosuch", ("鹿乡",), 1))


def test_frequencies_count_documents(named: SearchEngine) -> None:
    found = named.frequencies("subjects", "name_gram", ("鹿乡", "乡食", "无此"))
    assert found == {"鹿乡": 5, "乡食": 3, "无此": 0}
