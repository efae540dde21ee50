"""Do five hundred queries over the demo data have the same answers on every engine?"""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import OPENERS, SAMPLES
from elastic_addresses import clear

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.engines import open_engine
from indexers.ledger import Ledger
from indexers.publishing import Publisher
from search_site.cli import main

OTHERS = sorted(OPENERS.keys() - {"embedded"})
pytestmark = pytest.mark.skipif(not OTHERS, reason="no server is named in the environment")


def published(address: str, ledger: Ledger, catalog: Catalog, analyzer: Analyzer) -> str:
    engine = open_engine(address, catalog, analyzer)
    Publisher(catalog, analyzer, ledger, engine).sync()
    engine.close()
    return address


def test_hits_order_totals_and_counts_are_the_same(
    demo_ledger: Ledger,
    tmp_path: Path,
    catalog: Catalog,
    analyzer: Analyzer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    embedded = published(OPENERS["embedded"](tmp_path), demo_ledger, catalog, analyzer)
    for product in OTHERS:
        other = published(OPENERS[product](tmp_path), demo_ledger, catalog, analyzer)
        failed = main(["compare", embedded, other, "--queries", str(SAMPLES / "queries.txt")])
        clear(other)
        told = capsys.readouterr().out
        assert (failed, told.splitlines()[-1]) == (0, "1503 个查询，0 处不同"), told
