"""Ledgers under test: SQLite in a file, and PostgreSQL on a server that the run starts and ends."""

from __future__ import annotations

import gc
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import postgres
import pytest
import sqlalchemy as sa
from deliveries import Desk

from indexers import sharing
from indexers.processes import count_cores

PROGRAMS = postgres.find_programs()
PREPARED_WITHIN = 60.0


def pytest_configure(config: pytest.Config) -> None:
    """On a build server a missing PostgreSQL is an error."""
    if PROGRAMS is None and os.environ.get("CI"):
        raise pytest.UsageError(postgres.WANTED)


def pytest_collection_finish() -> None:
    """The thousands of collected tests stay until the end: walking them for cycles took a tenth of the run."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a third of the time is spent on waiting for servers, disks and clocks."""
    return count_cores() + 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Elsewhere it is said what was left out."""
    if PROGRAMS is None:
        terminalreporter.write_line(postgres.MISSING, yellow=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[sa.URL]:
    """The address of a database on a server of this run."""
    if PROGRAMS is None:
        pytest.skip(postgres.MISSING)
    with postgres.running(PROGRAMS) as url:
        yield url


@pytest.fixture
def postgresql_ledger(postgresql: sa.URL) -> Iterator[str]:
    """The address of an empty ledger on PostgreSQL: a schema of its own."""
    name = f"test_{secrets.token_hex(6)}"
    # A test that failed may have left a transaction open: an error is better than to wait for it.
    patient = postgresql.update_query_dict({"options": "-clock_timeout=10s"})
    admin = sa.create_engine(patient, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE SCHEMA {name}"))
    own = postgresql.update_query_dict({"options": f"-csearch_path={name}"})
    yield own.render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP SCHEMA {name} CASCADE"))


@pytest.fixture(params=["sqlite", *(["postgresql"] if PROGRAMS else [])])
def ledger_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty ledger."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    address: str = request.getfixturevalue("postgresql_ledger")
    return address


@pytest.fixture
def desk(ledger_address: str, tmp_path: Path) -> Iterator[Desk]:
    """An empty ledger with an engine and a clock."""
    opened = Desk(tmp_path, ledger_address)
    yield opened
    opened.close()


@pytest.fixture
def prepared_helpers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that share work are prepared before it begins, so that they get some of it, however little there is."""

    class Prepared(sharing._Helper[Any, Any]):
        def __init__(self, there: sharing.There[Any, Any, Any]) -> None:
            super().__init__(there)
            assert self.connection.poll(PREPARED_WITHIN)

    monkeypatch.setattr(sharing, "_Helper", Prepared)
