"""Do several processes on one folder see whole states only, and does a killed one leave a usable folder?"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from engine_documents import SIZE, TODAY, Documents, OpenEngine, Publish, ask, ids

from indexers.engines.base import Applied, SearchEngine
from indexers.engines.embedded.generations import BUILD_LOCK, WRITE_LOCK, Store, take_lock
from indexers.errors import EngineBusy, EngineError

HERE = Path(__file__).parent
START = 30.0
"""Seconds a child process may take to load its dictionary on a busy machine."""

Run = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"embedded:{tmp_path / 'index'}"


@pytest.fixture
def run(address: str) -> Iterator[Run]:
    """Runs one of the jobs of `engine_jobs.py` on the same folder; nothing outlives the test."""
    started: list[subprocess.Popen[str]] = []

    def start(job: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parents[1]), str(HERE)])}
        command = [sys.executable, str(HERE / "engine_jobs.py"), job, address]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_what_fails_after_the_switch_does_not_take_the_live_generation_away(
    publish: Publish, documents: Documents, open_again: OpenEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = publish([documents.subject("s1", "鹿乡食品")])
    build = engine.begin_build()
    build.write([documents.subject("s2", "鹿乡食品")])

    def fail(store: Store) -> None:
        raise EngineError("the disk is gone for a moment")

    with monkeypatch.context() as broken:
        broken.setattr(Store, "clear", fail)
        with pytest.raises(EngineError):
            build.publish(Applied(2))
    build.abort()
    assert ids(ask(open_again())) == ids(ask(engine)) == ["s2"]


def test_readers_see_one_version_only_while_another_process_writes_and_publishes(
    publish: Publish, documents: Documents, run: Run
) -> None:
    engine = publish(documents.generation(1))
    reader = run("read")
    for version in range(2, 10):
        if version % 3:
            assert engine.write(documents.generation(version)).ok == 2 * SIZE
        else:
            publish(documents.generation(version))
    time.sleep(1.0)  # on a busy machine the last version is not read at once
    reader.send_signal(signal.SIGTERM)
    output, _ = reader.communicate(timeout=START)
    answers, versions, mixed, failures = output.split()
    assert (mixed, failures) == ("0", "-")
    assert int(versions) > 1
    assert int(answers) > 10
    assert ask(engine, facets=("status",)).facets["status"].values[0].value == "v9"


@pytest.mark.parametrize("moment", [0.0, 0.05, 0.15])
def test_after_a_writer_was_killed_the_next_one_goes_on(
    publish: Publish, documents: Documents, run: Run, moment: float
) -> None:
    engine = publish([documents.subject("s1", "鹿乡食品", rank=1)], Applied(seq=1))
    writer = run("write")
    time.sleep(moment)
    writer.kill()
    writer.wait()
    before = ask(engine).total.value
    assert engine.write([documents.subject("s2", "城关商行", rank=2)], Applied(seq=2)).ok == 1
    page = ask(engine, "城关商行")
    assert ids(page) == ["s2"]
    assert ask(engine).total.value >= before
    assert ids(ask(engine, "鹿乡食品"))[0] == "s1"


def test_a_killed_build_is_cleared_away_by_the_next(
    publish: Publish, documents: Documents, run: Run, tmp_path: Path
) -> None:
    engine = publish([documents.subject("s1", "鹿乡食品")])
    builder = run("build")
    assert len(list((tmp_path / "index").glob("g*"))) == 2
    builder.kill()
    builder.wait()
    assert ids(ask(engine)) == ["s1"]
    build = engine.begin_build()
    folders = {path.name for path in (tmp_path / "index").glob("g*")}
    assert folders == {engine.data_version().generation, build.name}
    build.abort()


def test_two_generations_are_kept_and_a_reader_of_an_older_one_goes_on(
    publish: Publish, documents: Documents, tmp_path: Path
) -> None:
    engine = publish([documents.subject("s1", "鹿乡食品", rank=1)])
    publish([documents.subject("s1", "鹿乡食品", rank=1), documents.subject("s2", "鹿乡食品", rank=2)])
    scan = engine.scan("subjects", (), TODAY)
    assert next(scan).id == "s2"
    for version in range(3):
        publish([documents.subject(f"n{version}", "鹿乡食品", rank=1)])
    assert len(list((tmp_path / "index").glob("g*"))) == 2
    assert ids(ask(engine)) == ["n2"]
    assert [document.id for document in scan] == ["s1"]


def test_only_one_builds_at_a_time(engine: SearchEngine, open_again: OpenEngine, tmp_path: Path) -> None:
    build = engine.begin_build()
    with pytest.raises(EngineBusy) as caught:
        take_lock(tmp_path / "index" / BUILD_LOCK, fcntl.LOCK_EX, patience=0.05)
    assert "正在写" in str(caught.value)
    build.abort()
    open_again().begin_build().abort()


def test_a_writer_waits_for_another_one(publish: Publish, documents: Documents, tmp_path: Path) -> None:
    engine = publish([documents.subject("s1", "鹿乡食品")])
    handle = take_lock(tmp_path / "index" / WRITE_LOCK, fcntl.LOCK_EX, patience=0)
    with pytest.raises(EngineBusy):
        take_lock(tmp_path / "index" / WRITE_LOCK, fcntl.LOCK_EX, patience=0.05)
    os.close(handle)
    assert engine.write([documents.subject("s2", "城关商行", rank=2)]).ok == 1
