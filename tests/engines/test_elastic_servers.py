"""What do processes that share a real server see of each other's work, and what do killed ones leave behind?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import elastic_addresses
import pytest
from engine_documents import SIZE, TODAY, Documents, OpenEngine, Publish, ask, ids

from indexers.documents import COLLECTIONS, Bury, Operation, Remove
from indexers.engines.base import KEPT, LIVE, Applied, SearchEngine, WriteReport
from indexers.errors import EngineBusy, IndexMissing

OPENERS = elastic_addresses.openers()
HERE = Path(__file__).parent

Run = Callable[[str], "subprocess.Popen[str]"]

pytestmark = pytest.mark.skipif(not OPENERS, reason="no server is named in the environment")


@pytest.fixture(params=sorted(OPENERS))
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    address = OPENERS[request.param](tmp_path)
    yield address
    elastic_addresses.clear(address)


@pytest.fixture
def run(address: str) -> Iterator[Run]:
    """Runs one of the jobs of `engine_jobs.py` on the same server; nothing outlives the test."""
    started: list[subprocess.Popen[str]] = []

    def start(job: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(HERE / "engine_jobs.py"), job, address]
        environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment))
        assert started[-1].stdout is not None
        assert started[-1].stdout.readline() == "ready\n"
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def generations(address: str) -> set[str]:
    prefix = urlsplit(address).path.strip("/")
    names = [name.removeprefix(f"{prefix}-") for name in elastic_addresses.index_names(address)]
    return {name.rpartition("-")[0] for name in names if name.startswith("g")}


def test_the_status_names_product_and_version(engine: SearchEngine, address: str) -> None:
    status = engine.status()
    assert status.engine == urlsplit(address).scheme
    assert status.version.lower().startswith(status.engine)
    assert status.live is None


def test_what_another_process_removed_is_not_answered_from_the_cache(
    publish: Publish, documents: Documents, open_again: OpenEngine
) -> None:
    engine = publish(documents.record(f"r{n}", "鹿乡食品", rank=n) for n in (1, 2))
    other = open_again()
    for _ in range(2):
        assert ids(ask(other, "鹿乡", "records", facets=("kind",))) == ["r2", "r1"]
    engine.write([Bury("records", "r2", 2)])
    page = ask(other, "鹿乡", "records", facets=("kind",))
    assert ids(page) == ["r1"]
    assert page.facets["kind"].values[0].count == 1


def test_a_killed_build_is_cleared_away_by_the_next(
    publish: Publish,
    documents: Documents,
    run: Run,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("indexers.engines.elastic.generations.QUIET", 3.0)
    engine = publish([documents.subject("s1", "鹿乡食品")])
    process = run("build")
    assert len(generations(address)) == 2
    with pytest.raises(EngineBusy):
        engine.begin_build()
    process.kill()
    process.wait()
    assert ids(ask(engine)) == ["s1"]
    build = engine.begin_build()
    assert generations(address) == {engine.data_version().generation, build.name}
    build.abort()
    assert generations(address) == {engine.data_version().generation}


def test_two_generations_are_kept(publish: Publish, documents: Documents, address: str) -> None:
    engine = publish([documents.subject("s1", "鹿乡食品")])
    publish([documents.subject("s1", "鹿乡食品")])
    status = engine.status()
    publish([documents.subject("s1", "鹿乡食品")])
    assert status.live is not None
    assert generations(address) == {status.live.name, engine.data_version().generation}


def test_a_process_that_sleeps_through_two_publications_finds_the_new_one(
    publish: Publish, documents: Documents, open_again: OpenEngine
) -> None:
    publish([documents.subject("s1", "鹿乡食品")])
    sleeper = open_again()
    assert ids(ask(sleeper)) == ["s1"]
    for n in range(2):
        publish([documents.subject(f"n{n}", "鹿乡食品")])
    assert ids(ask(sleeper)) == ["n1"]


def test_a_deep_read_goes_on_in_its_state_and_leaves_nothing_open(
    publish: Publish, documents: Documents, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexers.engines.elastic.reading.SCAN_CHUNK", 2)
    engine = publish(documents.record(f"r{n}", "鹿乡食品", rank=n) for n in range(1, 8))
    before = open_contexts(address)
    scan = engine.scan("records", (), TODAY)
    assert next(scan).id == "r7"
    engine.write([Bury("records", "r3", 2)])
    assert [document.id for document in scan] == ["r6", "r5", "r4", "r3", "r2", "r1"]
    assert [document.id for document in engine.scan("records", (), TODAY)] == [
        "r7",
        "r6",
        "r5",
        "r4",
        "r2",
        "r1",
    ]
    half = engine.scan("records", (), TODAY)
    next(half)
    half.close()  # type: ignore[attr-defined]
    assert open_contexts(address) == before


def open_contexts(address: str) -> int:
    nodes = elastic_addresses.ask("GET", address, "/_nodes/stats/indices/search")["nodes"].values()
    return sum(node["indices"]["search"]["open_contexts"] for node in nodes)


def test_several_bulk_requests_keep_the_order_of_operations(
    publish: Publish, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexers.engines.elastic.writing.BULK_LINES", 3)
    engine = publish([documents.subject("s1", "鹿乡食品")])
    changes = [documents.subject("s1", f"鹿乡食品{n}", seq=n) for n in range(2, 12)]
    others = [documents.subject(f"t{n}", "城关商行", rank=n + 2) for n in range(10)]
    mixed = [each for pair in zip(changes, others, strict=True) for each in pair]
    assert engine.write(mixed, Applied(seq=11)).ok == 20
    assert ask(engine, "鹿乡食品11").total.value == 1
    assert ask(engine).total.value == 11


@pytest.mark.parametrize("which", [LIVE, KEPT])
def test_a_write_makes_no_index_in_the_place_of_one_that_somebody_removed(
    publish: Publish, documents: Documents, address: str, which: str
) -> None:
    stored = [documents.subject("s1", "鹿乡食品"), documents.record("r1", "鹿乡食品")]
    publish(stored)
    engine = publish(stored)
    status = engine.status()
    generation = status.live if which == LIVE else status.kept
    assert generation is not None
    for collection in COLLECTIONS:
        index = f"{urlsplit(address).path.strip('/')}-{generation.name}-{collection}"
        elastic_addresses.ask("DELETE", address, f"/{index}")
    left = elastic_addresses.index_names(address)
    assert len(left) == 4
    changes: list[list[Operation]] = [
        [documents.subject("s2", "城关商行", rank=2)],
        [Bury("records", "r1", 2)],
        [Remove("subjects", "s1", 2)],
        [Remove("subjects", "s1", 2), documents.subject("s2", "城关商行", rank=2)],
    ]
    for operations in changes:
        with pytest.raises(IndexMissing, match="credit-search rebuild"):
            engine.write(operations, Applied(seq=2), which)
    assert elastic_addresses.index_names(address) == left
    assert engine.status() == status
    publish(stored)
    assert engine.write([Remove("subjects", "s1", 2), Bury("records", "r1", 2)]) == WriteReport(ok=2)


def test_a_write_returns_one_interval_later(address: str, publish: Publish, documents: Documents) -> None:
    engine = publish([documents.subject("s1", "鹿乡食品")])
    started = time.monotonic()
    engine.write([Bury("subjects", "s1", 2)])
    assert time.monotonic() - started >= elastic_addresses.POLL


def test_readers_see_one_version_only_while_another_process_writes_and_publishes(
    publish: Publish, documents: Documents, run: Run
) -> None:
    engine = publish(documents.generation(1))
    reader = run("read")
    for version in range(2, 22):
        if version % 5:
            assert engine.write(documents.generation(version)).ok == 2 * SIZE
        else:
            publish(documents.generation(version))
    reader.send_signal(signal.SIGTERM)
    output, _ = reader.communicate(timeout=30)
    answers, versions, mixed, failures = output.split()
    assert (mixed, failures) == ("0", "-")
    assert int(versions) > 10
    assert int(answers) > 100
