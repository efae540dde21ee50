"""Are kept answers the same as computed ones, and never older than the index or the day?"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from engine_documents import TODAY, Documents, OpenEngine, Publish, ask, ids

from indexers.documents import COLLECTIONS, Bury
from indexers.engines.base import Applied, SearchEngine
from indexers.engines.cache import AnswerCache
from indexers.engines.embedded import EmbeddedEngine
from indexers.query import SearchQuery

FACETS = ("kind", "year")


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"embedded:{tmp_path / 'index'}"


@pytest.fixture
def warm(publish: Publish, documents: Documents) -> EmbeddedEngine:
    engine = publish(documents.record(f"r{n}", f"鹿乡食品{n}有限公司", rank=n) for n in range(1, 6))
    assert isinstance(engine, EmbeddedEngine)
    return engine


def test_the_cache_forgets_what_was_asked_for_longest_ago() -> None:
    cache: AnswerCache[int] = AnswerCache(2)
    assert [cache.remember("g", key, partial(int, n)) for n, key in enumerate("aab")] == [0, 0, 2]
    cache.find("g", "a")
    cache.keep("g", "c", 3)
    assert (cache.find("g", "a"), cache.find("g", "b"), cache.find("other", "a")) == (0, None, None)


def test_a_repeated_question_has_the_same_answer(warm: SearchEngine) -> None:
    first = ask(warm, "鹿乡", "records", facets=FACETS)
    assert ask(warm, "鹿乡", "records", facets=FACETS) == first
    assert first.total.value == 5


def test_no_kept_answer_outlives_a_record(warm: SearchEngine, open_again: OpenEngine) -> None:
    other = open_again()
    questions = ("鹿乡", "有限公司", "")
    for text in questions:
        assert len(ids(ask(other, text, "records", facets=FACETS))) == 5
    warm.write([Bury("records", "r5", 2)])
    for text in questions:
        page = ask(other, text, "records", facets=FACETS)
        assert ids(page) == ["r4", "r3", "r2", "r1"]
        assert page.facets["kind"].values[0].count == 4


def test_no_kept_answer_outlives_the_day(warm: SearchEngine, documents: Documents) -> None:
    warm.write([documents.record("r9", "鹿乡食品", rank=9, until=20260401)])
    assert ids(ask(warm, "", "records"))[0] == "r9"
    tomorrow = SearchQuery("records", TODAY + timedelta(days=1))
    assert "r9" not in [hit.id for hit in warm.search(tomorrow).hits]


def test_answers_computed_ahead_are_the_computed_ones_for_every_process(
    warm: EmbeddedEngine, open_again: OpenEngine, tmp_path: Path
) -> None:
    facets = tuple(field.key for field in warm.catalog.facets("records"))
    cold = [ask(warm, text, "records", facets=facets) for text in ("有限公司", "")]
    assert warm.warm(TODAY) > len(COLLECTIONS)
    other = open_again()
    assert [ask(other, text, "records", facets=facets) for text in ("有限公司", "")] == cold
    (file,) = (tmp_path / "index").glob("g*/warm-*.json")
    assert file.name.startswith("warm-")
    assert file.name.endswith("-20260331.json")


@pytest.mark.parametrize("damage", [b"", b"\x00" * 100, b'{"\xff": {}}', b"null", None])
def test_a_damaged_file_of_answers_costs_no_answer_and_is_written_again(
    damage: bytes | None, warm: EmbeddedEngine, open_again: OpenEngine, tmp_path: Path
) -> None:
    warm.warm(TODAY)
    (file,) = (tmp_path / "index").glob("g*/warm-*.json")
    whole = file.read_bytes()
    file.write_bytes(whole[:100] if damage is None else damage)
    other = open_again()
    assert isinstance(other, EmbeddedEngine)
    facets = tuple(field.key for field in warm.catalog.facets("records"))
    assert ids(ask(other, "", "records", facets=facets)) == ["r5", "r4", "r3", "r2", "r1"]
    other.warm(TODAY)
    assert file.read_bytes() == whole
    assert [path.name for path in file.parent.glob("warm-*")] == [file.name]


def test_answers_computed_ahead_for_a_build_hold_once_it_is_live(
    engine: SearchEngine, documents: Documents
) -> None:
    build = engine.begin_build()
    build.write([documents.record("r1", "鹿乡食品有限公司")])
    build.finish()
    reader = build.engine()
    assert isinstance(reader, EmbeddedEngine)
    assert reader.warm(TODAY) > len(COLLECTIONS)
    build.write([documents.record("r2", "城关商业有限公司", rank=2)])
    build.finish()
    build.publish(Applied())
    assert ids(ask(engine, "有限公司", "records")) == ["r2", "r1"]
