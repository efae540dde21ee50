"""What may the keys of a real Meilisearch do, and is what they may not do told as it is?"""

from __future__ import annotations

import os
from pathlib import Path

import meilisearch_addresses
import pytest
from engine_documents import TODAY, Documents, ask, ids

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.documents import Bury
from indexers.engines import grant_access, open_engine
from indexers.engines.access import DESK, SITE, with_user
from indexers.engines.base import Applied
from indexers.errors import AuthFailed

pytestmark = pytest.mark.skipif(
    "@" not in os.environ.get(meilisearch_addresses.VARIABLE, ""), reason="no server with keys is named"
)


@pytest.fixture
def address(tmp_path: Path) -> str:
    return meilisearch_addresses.empty_address(tmp_path)


def test_the_key_of_the_desk_publishes_and_the_key_of_the_site_only_reads(
    address: str, catalog: Catalog, analyzer: Analyzer, documents: Documents
) -> None:
    granted = grant_access(address, {})
    assert grant_access(address, granted) == granted
    desk = open_engine(granted[DESK], catalog, analyzer)
    for _ in range(2):
        build = desk.begin_build()
        build.write([documents.subject("s1", "鹿乡食品"), documents.record("r1", "鹿乡食品")])
        build.finish()
        build.publish(Applied())
    desk.rollback()
    site = open_engine(granted[SITE], catalog, analyzer)
    assert ids(ask(site, "鹿乡", "records", facets=("kind", "authority"))) == ["r1"]
    assert [offer.id for offer in site.suggest("鹿乡", TODAY)] == ["s1"]
    assert [document.id for document in site.scan("records", (), TODAY)] == ["r1"]
    before = desk.status()
    for change in (lambda: site.write([Bury("records", "r1", 2)]), site.begin_build, site.rollback):
        with pytest.raises(AuthFailed):
            change()
    assert desk.status() == before
    assert desk.write([Bury("records", "r1", 2)]).ok == 1


def test_the_key_of_a_prefix_reaches_no_other(address: str, catalog: Catalog, analyzer: Analyzer) -> None:
    granted = grant_access(address, {})
    elsewhere = granted[DESK].replace(meilisearch_addresses.PREFIX, "elsewhere")
    engine = open_engine(elsewhere, catalog, analyzer)
    for question in (engine.data_version, engine.begin_build):
        with pytest.raises(AuthFailed):
            question()


def test_a_wrong_key_is_refused(address: str, catalog: Catalog, analyzer: Analyzer) -> None:
    engine = open_engine(with_user(address, "wr0ng"), catalog, analyzer)
    with pytest.raises(AuthFailed) as caught:
        ask(engine, "鹿乡")
    assert "wr0ng" not in str(caught.value)
