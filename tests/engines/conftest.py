"""Engines under test. Another engine joins the suite with one line in `OPENERS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import elastic_addresses
import meilisearch_addresses
import pytest
from engine_documents import Documents, OpenEngine, Publish

from indexers.analysis import Analyzer, load_analyzer
from indexers.catalog import Catalog, load_catalog
from indexers.documents import Operation
from indexers.engines import open_engine
from indexers.engines.base import Applied, SearchEngine

OPENERS: dict[str, Callable[[Path], str]] = {
    "embedded": lambda folder: f"embedded:{folder / 'index'}",
    **elastic_addresses.openers(),
    **meilisearch_addresses.openers(),
}
"""Engine → the address of an empty one; a folder of its own is given."""


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    return load_analyzer()


@pytest.fixture(scope="session")
def documents(analyzer: Analyzer) -> Documents:
    return Documents(analyzer)


@pytest.fixture(params=sorted(OPENERS))
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    address = OPENERS[request.param](tmp_path)
    yield address
    if request.param in elastic_addresses.VARIABLES:
        elastic_addresses.clear(address)


@pytest.fixture
def open_again(address: str, catalog: Catalog, analyzer: Analyzer) -> Iterator[OpenEngine]:
    """Opens one more engine at the same address, as another process of the site does."""
    opened: list[SearchEngine] = []

    def open_one() -> SearchEngine:
        opened.append(open_engine(address, catalog, analyzer))
        return opened[-1]

    yield open_one
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(open_again: OpenEngine) -> SearchEngine:
    return open_again()


@pytest.fixture
def publish(engine: SearchEngine) -> Publish:
    """Builds and publishes a generation of these operations; answers the engine."""

    def publish_one(operations: Iterable[Operation], applied: Applied | None = None) -> SearchEngine:
        build = engine.begin_build()
        report = build.write(operations)
        assert report.rejected == ()
        build.finish()
        build.publish(applied or Applied())
        return engine

    return publish_one
