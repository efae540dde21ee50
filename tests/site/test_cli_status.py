"""What do `credit-search status` and `/readyz` tell of engine, index and ledger?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from deliveries import Desk, code, penalty
from starlette.testclient import TestClient

from indexers.ledger import Ledger
from search_site.app import create_app
from search_site.cli import main
from search_site.settings import Settings

Ask = Callable[..., tuple[int, dict[str, object]]]


@pytest.fixture
def ask(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """`status --json` over the desk's index and ledger, or over another ledger: (exit code, what it told)."""

    def ask_one(ledger: str = "") -> tuple[int, dict[str, object]]:
        monkeypatch.setenv("CREDIT_SEARCH_ENGINE", f"embedded:{desk.folder / 'index'}")
        monkeypatch.setenv("CREDIT_SEARCH_LEDGER", ledger or desk.ledger.address)
        ended = main(["status", "--json"])
        return ended, json.loads(capsys.readouterr().out)

    return ask_one


def test_without_an_index_it_is_not_ready_and_everything_is_behind(desk: Desk, ask: Ask) -> None:
    desk.bring(penalty(1))
    ended, told = ask()
    assert (ended, told["ready"], told["generation"]) == (1, False, "")
    assert told["lag"] == desk.ledger.last_seq() > 0


def test_everything_is_told_of_an_index_in_use(desk: Desk, ask: Ask) -> None:
    desk.bring(penalty(1, 统一社会信用代码=code(1)))
    desk.sync()
    reached = desk.ledger.last_seq()
    desk.bring(penalty(2, 统一社会信用代码=code(1)))
    ended, told = ask()
    version, generation = str(told.pop("version")), str(told.pop("generation"))
    assert version.startswith("tantivy ")
    assert generation.startswith("g000001-")
    assert ended == 0
    assert told == {
        "engine": "embedded",
        "ready": True,
        "fingerprint": desk.engine.fingerprint,
        "fits": True,
        "counts": {"subjects": 1, "records": 1, "library": 0},
        "last_seq": reached,
        "lag": desk.ledger.last_seq() - reached,
        "day": desk.today.isoformat(),
        "kept": "",
        "revision": 1,
    }


def test_readiness_tells_the_same_but_for_the_ledger(desk: Desk, ask: Ask) -> None:
    desk.bring(penalty(1))
    desk.sync()
    _, told = ask()
    settings = Settings(engine=f"embedded:{desk.folder / 'index'}")
    with TestClient(create_app(settings, engine=desk.engine, clock=desk.clock)) as client:
        short = client.get("/readyz").json()
    assert short == {"status": "ready", **{name: told[name] for name in short if name != "status"}}
    assert told.keys() - short.keys() == {"ready", "fits", "lag", "kept"}


def test_readiness_is_refused_before_the_first_index(desk: Desk) -> None:
    with TestClient(create_app(Settings(), engine=desk.engine, clock=desk.clock)) as client:
        assert client.get("/readyz").status_code == 503


def test_where_there_is_no_ledger_none_is_made(desk: Desk, ask: Ask, tmp_path: Path) -> None:
    desk.sync()
    missing = tmp_path / "elsewhere" / "ledger.db"
    ended, told = ask(f"sqlite:///{missing}")
    assert (ended, told["lag"], missing.parent.exists()) == (0, None, False)


def test_a_ledger_out_of_reach_is_no_failure_of_the_index(desk: Desk, ask: Ask) -> None:
    desk.sync()
    ended, told = ask("postgresql://desk:hidden@127.0.0.1:1/none")
    assert (ended, told["lag"]) == (0, None)


def test_people_are_told_in_sentences(
    desk: Desk, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask()
    assert main(["status"]) == 1
    assert "还没有" in capsys.readouterr().out
    desk.bring(penalty(1))
    desk.sync()
    assert main(["status"]) == 0
    text = capsys.readouterr().out
    assert "落后台账 0" in text
    assert "记录 1" in text
    other = f"sqlite:///{tmp_path / 'other.db'}"
    Ledger(other).close()
    monkeypatch.setenv("CREDIT_SEARCH_LEDGER", other)
    assert main(["status"]) == 0
    assert f"少 {desk.ledger.last_seq()}" in capsys.readouterr().out


def test_an_engine_out_of_reach_is_not_ready(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("CREDIT_SEARCH_LEDGER", f"sqlite:///{tmp_path / 'ledger.db'}")
    monkeypatch.setenv("CREDIT_SEARCH_ENGINE", "elasticsearch://desk:hidden@127.0.0.1:1")
    assert main(["status", "--json"]) == 1
    told = capsys.readouterr()
    state = json.loads(told.out)
    assert (state["engine"], state["ready"], state["generation"]) == ("elasticsearch", False, "")
    assert "不可用" in told.err
    assert "hidden" not in told.out + told.err
