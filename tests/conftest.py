"""Ledgers under test: SQLite in a file, and PostgreSQL where CREDIT_SEARCH_TEST_POSTGRES names one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from deliveries import Desk

POSTGRES = os.environ.get("CREDIT_SEARCH_TEST_POSTGRES", "")
"""SQLAlchemy address of a database that tests may write to; each test makes a schema of its own in it."""


def _postgres_schema() -> Iterator[str]:
    name = f"test_{secrets.token_hex(6)}"
    url = sa.make_url(POSTGRES).set(drivername="postgresql+psycopg")
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE SCHEMA {name}"))
        yield url.set(query={"options": f"-csearch_path={name}"}).render_as_string(hide_password=False)
        connection.execute(sa.text(f"DROP SCHEMA {name} CASCADE"))
    admin.dispose()


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRES else [])])
def ledger_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty ledger."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
    else:
        yield from _postgres_schema()


@pytest.fixture
def desk(ledger_address: str, tmp_path: Path) -> Iterator[Desk]:
    """An empty ledger with an engine and a clock."""
    opened = Desk(tmp_path, ledger_address)
    yield opened
    opened.close()
