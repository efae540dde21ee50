"""Does every failure of tantivy or of its files leave the embedded engine as one of our errors?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import tantivy
from engine_documents import Documents, Publish, ask

from indexers.engines.deadline import Deadline
from indexers.engines.embedded.border import border
from indexers.errors import BadQuery, EngineError, EngineTimeout


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"embedded:{tmp_path / 'index'}"


def one_word_phrase() -> None:
    schema = tantivy.SchemaBuilder().add_text_field("name").build()
    tantivy.Query.phrase_query(schema, "name", ["one"])


def test_a_panic_becomes_an_engine_error() -> None:
    with pytest.raises(EngineError) as caught:
        border(one_word_phrase)()
    assert "strictly more than one term" in str(caught.value)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, BadQuery, TypeError])
def test_what_is_no_failure_of_the_engine_passes(kind: type[BaseException]) -> None:
    with pytest.raises(kind), border:
        raise kind("as it is")


@pytest.mark.parametrize("kind", [ValueError, OSError])
def test_errors_of_the_engine_are_translated(kind: type[Exception]) -> None:
    with pytest.raises(EngineError), border:
        raise kind("schema does not match")


def test_a_deadline_stops_before_the_next_call(publish: Publish, documents: Documents) -> None:
    engine = publish([documents.subject("s1", "鹿乡食品")])
    with pytest.raises(EngineTimeout):
        ask(engine, "鹿乡食品", deadline=-1.0)
    Deadline(60).check()
    assert ask(engine, "鹿乡食品", deadline=60.0).total.value == 1


def test_an_unreadable_pointer_is_an_engine_error(
    publish: Publish, documents: Documents, tmp_path: Path
) -> None:
    engine = publish([documents.subject("s1", "鹿乡食品")])
    (tmp_path / "index" / "pointer.json").write_text("{")
    with pytest.raises(EngineError):
        ask(engine)


def test_a_missing_generation_is_an_engine_error(
    publish: Publish, documents: Documents, tmp_path: Path
) -> None:
    engine = publish([documents.subject("s1", "鹿乡食品")])
    (folder,) = (tmp_path / "index").glob("g*")
    shutil.rmtree(folder)
    with pytest.raises(EngineError):
        ask(engine)
