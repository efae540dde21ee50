"""What is offered while somebody types?"""

from __future__ import annotations

import pytest
from engine_documents import TODAY, Documents, Publish

from indexers.engines.base import SearchEngine


@pytest.fixture
def named(publish: Publish, documents: Documents) -> SearchEngine:
    names = {
        "s1": "辽源市鹿乡食品有限公司",
        "s2": "鹿乡食品",
        "s3": "城关鹿乡商店",
        "s4": "辽源市白山制药厂",
    }
    return publish(
        documents.subject(key, name, rank=int(key[1:]), code=(f"9122040{key[1:]}MA00000A1B",))
        for key, name in names.items()
    )


def offers(engine: SearchEngine, text: str, limit: int = 8) -> list[tuple[str, str]]:
    return [(found.id, found.source) for found in engine.suggest(text, TODAY, limit)]


def test_names_and_cores_that_begin_so_come_before_those_that_contain_it(named: SearchEngine) -> None:
    assert offers(named, "鹿乡") == [("s2", "prefix"), ("s1", "prefix"), ("s3", "contains")]
    assert offers(named, "辽源") == [("s4", "prefix"), ("s1", "prefix")]
    assert offers(named, "辽源市鹿乡食品有限") == [("s1", "prefix")]


def test_letters_are_read_as_pinyin_and_initials(named: SearchEngine) -> None:
    assert offers(named, "luxiang") == [("s2", "pinyin"), ("s1", "pinyin")]
    assert offers(named, "luxiangshipin") == [("s2", "pinyin"), ("s1", "pinyin")]
    assert offers(named, "lxsp") == [("s2", "initials"), ("s1", "initials")]


def test_codes_are_offered_by_their_beginning(named: SearchEngine) -> None:
    assert offers(named, "91220403") == [("s3", "code")]
    assert offers(named, "912204") == [("s4", "code"), ("s3", "code"), ("s2", "code"), ("s1", "code")]


def test_offers_are_limited_and_distinct(named: SearchEngine) -> None:
    assert offers(named, "鹿乡", limit=2) == [("s2", "prefix"), ("s1", "prefix")]
    assert len(named.suggest("鹿乡", TODAY, 1000)) == 3
    assert offers(named, "…") == []


def test_a_beginning_of_several_words_is_offered(publish: Publish, documents: Documents) -> None:
    engine = publish(
        [documents.subject("s1", "Lu Xiang 食品", rank=1), documents.subject("s2", "Lu Bai 食品", rank=2)]
    )
    assert offers(engine, "lu x") == [("s1", "prefix")]
    assert offers(engine, "Lu  xiang") == [("s1", "prefix")]
