"""Engines under test. Another engine joins the suite with one line in `OPENERS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import elastic_addresses
import meilisearch_addresses
import pytest
from elastic_site import Site
from engine_documents import Documents, OpenEngine, Publish
from fixed_clock import FixedClock
from scripted_server import ScriptedServer, scripted

from indexers.analysis import Analyzer, load_analyzer
from indexers.catalog import Catalog, load_catalog
from indexers.documents import Operation
from indexers.engines import open_engine
from indexers.engines.base import Applied, SearchEngine
from indexers.importing import Importer
from indexers.ledger import Ledger
from samples.collection import DEFAULT_TODAY

SAMPLES = Path(__file__).parents[2] / "samples"
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


@pytest.fixture(scope="session")
def demo_ledger(
    tmp_path_factory: pytest.TempPathFactory, catalog: Catalog, analyzer: Analyzer
) -> Iterator[Ledger]:
    """A ledger with the demo data, at the day they are made for."""
    place = tmp_path_factory.mktemp("demo") / "ledger.db"
    ledger = Ledger(f"sqlite:///{place}", FixedClock(DEFAULT_TODAY))
    files = sorted(str(path) for path in (SAMPLES / "data").iterdir())
    importer = Importer(catalog, analyzer, ledger)
    for file in files:
        importer.import_file(file)
    yield ledger
    ledger.close()


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


# -- a scripted server of the Elasticsearch family ---------------------------------------------------------------


@pytest.fixture
def site(catalog: Catalog, analyzer: Analyzer) -> Site:
    return Site(catalog.fingerprint(analyzer.fingerprint))


@pytest.fixture
def site_server(site: Site) -> Iterator[ScriptedServer]:
    with scripted(lambda request: site.answer(request)) as server:
        yield server


@pytest.fixture
def site_engine(site_server: ScriptedServer, catalog: Catalog, analyzer: Analyzer) -> Iterator[SearchEngine]:
    address = f"opensearch://reader:s3cret@127.0.0.1:{site_server.port}/site?poll=0.01"
    engine = open_engine(address, catalog, analyzer)
    yield engine
    engine.close()
