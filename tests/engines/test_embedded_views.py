"""Does a process ever answer from an older state than the one that is published?"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from engine_documents import TODAY, Documents, OpenEngine, Publish, ask, ids

from indexers.documents import Bury, Gone, PublicRecord
from indexers.engines.base import Applied, SearchEngine
from indexers.engines.embedded import views
from indexers.engines.embedded.generations import SWITCH_LOCK, Store, take_lock
from indexers.engines.published import Generation, Pointer
from indexers.errors import EngineBusy

PATIENCE = 0.4


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"embedded:{tmp_path / 'index'}"


@pytest.fixture
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views.Views.current, "__defaults__", (PATIENCE,))


@contextmanager
def switching(folder: Path) -> Iterator[None]:
    """Another process is in the middle of a commit."""
    handle = take_lock(folder / "index" / SWITCH_LOCK, fcntl.LOCK_EX, patience=0)
    try:
        yield
    finally:
        os.close(handle)


def test_an_index_that_was_deleted_and_built_again_is_opened_anew(
    publish: Publish, documents: Documents, open_again: OpenEngine, tmp_path: Path
) -> None:
    publish([documents.record("r1", "鹿乡食品"), documents.record("r2", "鹿乡食品", rank=2)])
    reader = open_again()
    before = reader.data_version()
    assert ids(ask(reader, "鹿乡", "records")) == ["r2", "r1"]
    shutil.rmtree(tmp_path / "index")
    publish([Bury("records", "r1", 2), documents.record("r2", "鹿乡食品", rank=2)])
    assert ids(ask(reader, "鹿乡", "records")) == ["r2"]
    assert reader.get("records", "r1", TODAY) == Gone("r1")
    after = reader.data_version()
    assert (after.revision, after.generation == before.generation) == (before.revision, False)


def test_an_index_that_was_put_back_from_a_copy_and_written_again_is_read_anew(
    publish: Publish, documents: Documents, open_again: OpenEngine, tmp_path: Path
) -> None:
    """The number of the revision, and the generation, are those of the state that the reader has open."""
    engine = publish([documents.record("r1", "鹿乡食品"), documents.record("r2", "鹿乡食品", rank=2)])
    shutil.copytree(tmp_path / "index", tmp_path / "copy")
    engine.write([Bury("records", "r1", 2)])
    reader = open_again()
    assert ids(ask(reader, "", "records")) == ["r2"]
    shutil.rmtree(tmp_path / "index")
    shutil.copytree(tmp_path / "copy", tmp_path / "index")
    open_again().write([Bury("records", "r2", 2)])
    assert ids(ask(reader, "", "records")) == ["r1"]


def test_while_a_newer_state_cannot_be_opened_no_older_one_answers(
    publish: Publish, documents: Documents, open_again: OpenEngine, tmp_path: Path, short_patience: None
) -> None:
    engine = publish([documents.record("r1", "鹿乡食品")])
    reader = open_again()
    seen = reader.data_version()
    assert isinstance(reader.get("records", "r1", TODAY), PublicRecord)
    engine.write([Bury("records", "r1", 2)])
    questions: tuple[Callable[[], object], ...] = (
        lambda: reader.data_version(PATIENCE),
        lambda: reader.get("records", "r1", TODAY),
        lambda: ask(reader, "", "records", deadline=PATIENCE),
        lambda: reader.count_by_subject(["s1"], TODAY),
    )
    with switching(tmp_path):
        for question in questions:
            with pytest.raises(EngineBusy):
                question()
        assert reader.known_version() is None
    assert reader.get("records", "r1", TODAY) == Gone("r1")
    assert reader.known_version() == reader.data_version() != seen


def test_what_is_open_and_still_published_answers_while_another_process_commits(
    publish: Publish, documents: Documents, tmp_path: Path, short_patience: None
) -> None:
    engine = publish([documents.record("r1", "鹿乡食品")])
    assert ids(ask(engine, "", "records")) == ["r1"]
    with switching(tmp_path):
        assert ids(ask(engine, "", "records", deadline=PATIENCE)) == ["r1"]
        assert isinstance(engine.get("records", "r1", TODAY), PublicRecord)


def test_visitors_wait_side_by_side(
    publish: Publish, documents: Documents, open_again: OpenEngine, tmp_path: Path, short_patience: None
) -> None:
    engine = publish([documents.record("r1", "鹿乡食品")])
    reader = open_again()
    reader.data_version()
    engine.write([Bury("records", "r1", 2)])
    waited: list[float] = []

    def visit() -> None:
        started = time.monotonic()
        with pytest.raises(EngineBusy):
            reader.get("records", "r1", TODAY)
        waited.append(time.monotonic() - started)

    visitors = [threading.Thread(target=visit) for _ in range(8)]
    with switching(tmp_path):
        for visitor in visitors:
            visitor.start()
        for visitor in visitors:
            visitor.join()
    assert len(waited) == len(visitors)
    assert max(waited) < 3 * PATIENCE


class Interrupted(Store):
    """A thread that stops after each look at what it remembers, while another one reads what was published."""

    is_interrupted = False
    others = 0

    def __getattribute__(self, name: str) -> object:
        found = super().__getattribute__(name)
        if name in ("_read", "_pointer", "_seen") and self.is_interrupted:
            self.is_interrupted = False
            self.others = self.pointer().revision
            self.is_interrupted = True
        return found


def test_a_pointer_is_never_paired_with_the_look_of_another_thread(tmp_path: Path) -> None:
    def pointer(revision: int) -> Pointer:
        return Pointer(revision, Generation(f"g{revision:06d}", "f", Applied(), {}))

    writer, store = Store(tmp_path), Interrupted(tmp_path)
    writer.replace_pointer(pointer(1))
    assert store.pointer().revision == 1
    writer.replace_pointer(pointer(2))
    store.is_interrupted = True
    assert (store.pointer().revision, store.others) == (2, 2)


def test_old_generations_are_cleared_while_readers_may_look(
    publish: Publish, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = publish([documents.subject("s1", "鹿乡食品", rank=1)])
    publish([documents.subject("s2", "鹿乡食品", rank=1)])
    seen: list[list[str]] = []
    clear = Store.clear

    def look_and_clear(store: Store) -> None:
        with Store(store.root).unchanging(patience=0):
            seen.append(ids(ask(engine, deadline=PATIENCE)))
        clear(store)

    build = engine.begin_build()
    build.write([documents.subject("s3", "鹿乡食品", rank=1)])
    monkeypatch.setattr(Store, "clear", look_and_clear)
    build.publish(Applied())
    assert seen == [["s3"]]


def test_a_pointer_of_an_older_version_still_opens(
    publish: Publish, documents: Documents, open_again: OpenEngine, tmp_path: Path
) -> None:
    """Its generations have a number alone, and no content was ever counted."""
    old = publish([documents.subject("s1", "鹿乡食品", rank=1)])
    index = tmp_path / "index"
    pointer = Store(index).pointer()
    (index / pointer.live.name).rename(index / "g000004")
    text = (index / "pointer.json").read_text().replace(pointer.live.name, "g000004")
    plain = text.replace(f',\n    "content": {pointer.live.content}', "")
    assert plain != text
    (index / "pointer.json").write_text(plain)
    engine = open_again()
    assert ids(ask(engine)) == ["s1"]
    engine.write([documents.subject("s2", "城关商行", rank=2)])
    assert ids(ask(engine)) == ["s2", "s1"]
    publish([documents.subject("s3", "鹿乡食品", rank=1)])
    status = old.status()
    assert status.live is not None
    assert status.kept is not None
    assert (status.live.name[:8], status.kept.name) == ("g000005-", "g000004")
    engine.rollback()
    assert ids(ask(engine)) == ["s2", "s1"]


def test_engines_of_a_build_know_their_version(engine: SearchEngine, documents: Documents) -> None:
    build = engine.begin_build()
    build.write([documents.subject("s1", "鹿乡食品")])
    reader = build.engine()
    assert reader.known_version() == reader.data_version()
    build.abort()
