"""What becomes of work whose connection to PostgreSQL is cut in the middle?"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from deliveries import Desk, code, penalty, write_sheet

from indexers.errors import LedgerError
from indexers.ledger import Ledger
from indexers.ledger.store import PATIENCE
from search_site.cli import main

OLD = [penalty(1), penalty(2)]
NEW = [penalty(1), penalty(2, 处罚结果="罚款六千元"), penalty(3), penalty(4, 统一社会信用代码=code(1))]


class Scissors:
    """Cuts the connection of the statement that it is set to, once, counted from then on."""

    def __init__(self, server: sa.URL) -> None:
        self._admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
        self.before = 0
        """Statements until the cut; 0 once it was made."""

    def count(
        self, connection: sa.Connection, cursor: object, statement: str, parameters: object, *more: object
    ) -> None:
        """Listens to every statement of every ledger."""
        if connection.engine is self._admin or not self.before:
            return
        self.before -= 1
        if not self.before:
            self.cut(connection.connection.dbapi_connection.info.backend_pid)  # type: ignore[union-attr]

    def cut(self, backend: int) -> None:
        """End a backend, and wait until it has ended."""
        here = sa.text("SELECT 1 FROM pg_stat_activity WHERE pid = :backend")
        with self._admin.connect() as admin:
            admin.execute(sa.select(sa.func.pg_terminate_backend(backend)))
            while admin.execute(here, {"backend": backend}).first():
                time.sleep(0.001)


@pytest.fixture
def scissors(postgresql: sa.URL) -> Iterator[Scissors]:
    made = Scissors(postgresql)
    sa.event.listen(sa.Engine, "before_cursor_execute", made.count)
    yield made
    sa.event.remove(sa.Engine, "before_cursor_execute", made.count)


@pytest.fixture
def ledger_address(postgresql_ledger: str) -> str:
    return postgresql_ledger


def held(desk: Desk) -> list[tuple[object, ...]]:
    """Every record with what was delivered, however it was numbered."""
    return desk.query(
        "SELECT r.kind, r.party, r.state, r.attached_by, c.content FROM records r"
        " JOIN contents c ON c.no = r.content_no ORDER BY r.kind, r.party, c.content"
    )


def cut_everywhere(scissors: Scissors, work: Callable[[], object]) -> Iterator[bool]:
    """Do the work with a cut before its first statement, its second and so on, until one is not cut.

    Yields after each time whether the work ended well.
    """
    for statement in count(1):
        scissors.before = statement
        try:
            work()
        except LedgerError as error:
            assert "可以重试" in str(error)
            yield False
            continue
        yield True
        if scissors.before:
            scissors.before = 0
            return


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[Desk]:
    """A desk beside, whose ledger is never cut."""
    (tmp_path / "twin").mkdir()
    beside = Desk(tmp_path / "twin", f"sqlite:///{tmp_path / 'twin.db'}")
    yield beside
    beside.close()


def test_an_import_cut_at_any_statement_is_all_or_nothing_and_finishes_when_repeated(
    desk: Desk, twin: Desk, scissors: Scissors
) -> None:
    desk.bring(*OLD)
    twin.bring(*OLD)
    before = held(desk)
    assert before == held(twin)
    twin.bring(*NEW)
    cuts = 0
    for ended_well in cut_everywhere(scissors, lambda: desk.bring(*NEW)):
        cuts += not ended_well
        assert held(desk) in (before, held(twin))
    assert cuts > 30
    assert held(desk) == held(twin)
    assert desk.query("SELECT COUNT(*) FROM staged") == [(0,)]
    desk.sync()
    assert set(desk.all_shown("records")) == set(desk.ids())


def test_a_sync_cut_at_any_statement_is_gone_on_with_by_the_next(desk: Desk, scissors: Scissors) -> None:
    desk.bring(*OLD)
    desk.sync()
    desk.bring(*NEW)
    desk.end(desk.ids()[0])
    outcomes = list(cut_everywhere(scissors, desk.sync))
    assert outcomes.count(False) > 5
    assert set(desk.all_shown("records")) == set(desk.ids()[1:])
    with desk.ledger.publication_lock():
        pass


def test_a_rebuild_whose_connection_is_cut_leaves_the_live_index_alone(
    desk: Desk, scissors: Scissors
) -> None:
    desk.bring(*OLD)
    desk.sync()
    before = []

    def rebuild() -> None:
        before.append(desk.engine.status().live)
        desk.publisher.rebuild()

    for ended_well in cut_everywhere(scissors, rebuild):
        assert ended_well or desk.engine.status().live == before[-1]
    assert len(before) > 10
    assert set(desk.all_shown("records")) == set(desk.ids())


def test_a_retraction_cut_at_any_statement_ends_the_record_once(desk: Desk, scissors: Scissors) -> None:
    desk.bring(*OLD)
    record = desk.ids()[0]
    for _ in cut_everywhere(scissors, lambda: desk.end(record)):
        pass
    assert desk.query("SELECT COUNT(*) FROM events WHERE event = 'repaired'") == [(1,)]


def test_a_connection_cut_while_nothing_happened_is_replaced(desk: Desk, scissors: Scissors) -> None:
    with desk.ledger.reading() as connection:
        backend = connection.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
    scissors.cut(backend)
    assert desk.ledger.last_seq() == 0


def test_a_server_that_falls_silent_is_given_up(ledger_address: str) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    silent = f"postgresql://desk@127.0.0.1:{listening.getsockname()[1]}/none?connect_timeout=2"
    with listening, pytest.raises(LedgerError, match="timeout expired"):
        Ledger(silent)
    ledger = Ledger(f"{ledger_address}&keepalives_idle=5")
    asked = {name: ledger.engine.url.query[name] for name in PATIENCE}
    ledger.close()
    assert asked == {**PATIENCE, "keepalives_idle": "5"}


def test_the_same_command_finishes(
    ledger_address: str,
    scissors: Scissors,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CREDIT_SEARCH_LEDGER", ledger_address)
    monkeypatch.setenv("CREDIT_SEARCH_ENGINE", f"embedded:{tmp_path / 'index'}")
    command = ["import", str(write_sheet(tmp_path / "sheet.csv", OLD))]
    Ledger(ledger_address).close()
    scissors.before = 40
    assert main(command) == 3
    assert scissors.before == 0
    assert capsys.readouterr().err.count("可以重试") == 1
    assert main(command) == 0
    assert "收下 2" in capsys.readouterr().out
