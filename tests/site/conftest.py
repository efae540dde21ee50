"""A running site over the finder of fake_finder.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_finder import TODAY, FakeFinder
from fixed_clock import FixedClock
from starlette.testclient import TestClient

from indexers.catalog import Catalog, load_catalog
from search_site.app import create_app
from search_site.settings import Settings


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture
def ledger_address(tmp_path: Path) -> str:
    """A file: what the site shows does not depend on where its ledger is."""
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture
def finder(catalog: Catalog) -> FakeFinder:
    return FakeFinder(catalog)


@pytest.fixture
def client(finder: FakeFinder) -> Iterator[TestClient]:
    settings = Settings(organiser="辽源市信用办", icp="吉ICP备00000000号", page_size=20)
    app = create_app(settings, clock=FixedClock(TODAY), finder=finder)  # type: ignore[arg-type]
    with TestClient(app, base_url="http://credit.test", follow_redirects=False) as opened:
        yield opened
