"""Does an index that lost files say so, and does a rebuild always bring it back?"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from deliveries import ANALYZER, CATALOG, Desk, penalty
from starlette.testclient import TestClient

from indexers.documents import Gone, PublicRecord
from indexers.engines import open_engine
from indexers.errors import IndexBroken, PublishError
from indexers.publishing import Publisher
from search_site import cli_output
from search_site.app import create_app
from search_site.cli import main
from search_site.settings import Settings

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """Two records, in a live and in a kept generation."""
    desk.bring(penalty(1), penalty(2))
    desk.sync()
    desk.publisher.rebuild()
    return desk


@pytest.fixture
def run(stocked: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command in a process of its own, as it were: (exit code, standard output, standard error)."""
    monkeypatch.setenv("CREDIT_SEARCH_ENGINE", f"embedded:{stocked.folder / 'index'}")
    monkeypatch.setenv("CREDIT_SEARCH_LEDGER", stocked.ledger.address)
    # Data files and words are the same for every command: to read them took half of the time.
    monkeypatch.setattr(cli_output, "load_catalog", lambda folder: CATALOG)
    monkeypatch.setattr(cli_output, "load_analyzer", lambda folder: ANALYZER)

    def run_one(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        told = capsys.readouterr()
        return code, told.out, told.err

    return run_one


def folder_of(desk: Desk, which: str) -> Path:
    status = desk.engine.status()
    generation = {"live": status.live, "kept": status.kept}[which]
    assert generation is not None
    return desk.folder / "index" / generation.name


def damage_files(folder: Path) -> None:
    for path in folder.glob("*.store"):
        path.write_bytes(b"")


DAMAGES: dict[str, Callable[[Path], None]] = {
    "no folder": shutil.rmtree,
    "no description": lambda folder: (folder / "meta.json").unlink(),
    "cut description": lambda folder: (folder / "meta.json").write_text("{") and None,
    "empty files": damage_files,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_live_generation_is_told_and_rebuilt(stocked: Desk, run: Run, damage: str) -> None:
    record, other = stocked.ids()
    broken = folder_of(stocked, "live") / "records"
    DAMAGES[damage](broken)
    code, _, told = run("retract", record, "--reason", "repaired")
    assert (code, str(broken) in told, "credit-search rebuild" in told) == (1, True, True)
    code, _, told = run("sync")
    assert (code, str(broken) in told, "credit-search rebuild" in told) == (3, True, True)
    code, told, note = run("status", "--json")
    assert (code, json.loads(told)["ready"], str(broken) in note) == (1, False, True)
    assert run("rebuild")[0] == 0
    assert run("status")[0] == 0
    assert stocked.shown(record) == Gone(record)
    assert set(stocked.all_shown("records")) == {other}
    # The damaged one is not kept.
    assert stocked.engine.status().kept is None
    assert run("sync")[0] == 0


def test_a_damaged_live_generation_without_a_change_is_told_by_a_sync(stocked: Desk, run: Run) -> None:
    shutil.rmtree(folder_of(stocked, "live") / "library")
    assert run("sync")[0] == 3


def test_a_rollback_leads_away_from_a_damaged_live_generation(stocked: Desk, run: Run) -> None:
    record, other = stocked.ids()
    kept = folder_of(stocked, "kept").name
    shutil.rmtree(folder_of(stocked, "live") / "records")
    stocked.end(record)
    assert run("rollback")[0] == 0
    status = stocked.engine.status()
    assert status.live is not None
    assert (status.live.name, status.kept) == (kept, None)
    assert set(stocked.all_shown("records")) == {other}
    assert run("sync")[0] == 0


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_kept_generation_is_let_go(stocked: Desk, run: Run, damage: str) -> None:
    record, other = stocked.ids()
    DAMAGES[damage](folder_of(stocked, "kept") / "records")
    exit_code, told = run("retract", record, "--reason", "repaired")[:2]
    assert (exit_code, told.startswith("已生效：")) == (0, True)
    assert stocked.engine.status().kept is None
    assert set(stocked.all_shown("records")) == {other}
    for command in ("sync", "rebuild", "status"):
        assert run(command)[0] == 0
    assert run("rollback")[0] == 0
    assert set(stocked.all_shown("records")) == {other}


def test_a_rollback_to_a_damaged_generation_is_refused(stocked: Desk) -> None:
    shutil.rmtree(folder_of(stocked, "kept") / "library")
    with pytest.raises(IndexBroken, match="library"):
        stocked.publisher.rollback()
    assert len(stocked.all_shown("records")) == 2
    stocked.publisher.rebuild()
    stocked.publisher.rollback()
    assert len(stocked.all_shown("records")) == 2


@pytest.mark.parametrize("content", [b"", b"{", b'{"revision": 3}', b'{"\xff": 3}'])
def test_a_damaged_pointer_is_told_and_rebuilt(stocked: Desk, run: Run, content: bytes) -> None:
    record, other = stocked.ids()
    pointer = stocked.folder / "index" / "pointer.json"
    live = folder_of(stocked, "live")
    pointer.write_bytes(content)
    for command in ("sync", "rollback"):
        code, _, told = run(command)
        assert (code, str(pointer) in told, "credit-search rebuild" in told) == (3, True, True)
    code, _, told = run("status")
    assert (code, str(pointer) in told) == (1, True)
    assert run("retract", record, "--reason", "repaired")[0] == 1
    # Nothing was thrown away before there is something better.
    assert live.is_dir()
    assert run("rebuild")[0] == 0
    assert set(stocked.all_shown("records")) == {other}
    assert [path.name for path in (stocked.folder / "index").glob("g*")] == [folder_of(stocked, "live").name]


def test_a_build_that_fails_beside_a_damaged_pointer_throws_nothing_away(stocked: Desk) -> None:
    live = folder_of(stocked, "live")
    (stocked.folder / "index" / "pointer.json").write_bytes(b"{")
    build = stocked.engine.begin_build()
    build.abort()
    assert live.is_dir()


def test_readiness_looks_into_the_index(stocked: Desk) -> None:
    shutil.rmtree(folder_of(stocked, "live") / "records")
    engine = open_engine(
        f"embedded:{stocked.folder / 'index'}", stocked.engine.catalog, stocked.engine.analyzer
    )
    settings = Settings(engine=f"embedded:{stocked.folder / 'index'}")
    with TestClient(create_app(settings, engine=engine, clock=stocked.clock)) as client:
        assert client.get("/readyz").status_code == 503
        publisher = Publisher(stocked.engine.catalog, stocked.engine.analyzer, stocked.ledger, engine)
        publisher.rebuild()
        assert client.get("/readyz").json()["status"] == "ready"
    engine.close()


def test_without_a_kept_generation_there_is_no_way_back(stocked: Desk) -> None:
    stocked.engine.forget_kept()
    with pytest.raises(PublishError, match="无法回退"):
        stocked.publisher.rollback()
    assert isinstance(stocked.shown(stocked.ids()[0]), PublicRecord)
