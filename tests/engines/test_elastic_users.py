"""What may a user of a real Elasticsearch do, and is what it may not do told as it is?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import elastic_addresses
import pytest
from engine_documents import TODAY, Documents, Publish, ask, ids
from server_plans import ADMIN, PASSWORD

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.documents import Bury
from indexers.engines import open_engine
from indexers.engines.access import DESK, SITE
from indexers.engines.base import Applied, SearchEngine
from indexers.errors import AuthFailed

SERVER = os.environ.get("ELASTICSEARCH_ADDRESS", "")
pytestmark = pytest.mark.skipif(f"{ADMIN}:" not in SERVER, reason="no server with users is named")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    address = elastic_addresses.openers()["elasticsearch"](tmp_path)
    yield address
    elastic_addresses.clear(address)


@pytest.fixture
def published(publish: Publish, documents: Documents) -> SearchEngine:
    """Two generations, so that there is one to go back to."""
    for _ in range(2):
        engine = publish([documents.subject("s1", "鹿乡食品"), documents.record("r1", "鹿乡食品")])
    return engine


def opened_as(user: str, address: str, catalog: Catalog, analyzer: Analyzer) -> SearchEngine:
    return open_engine(elastic_addresses.with_user(address, user), catalog, analyzer)


@pytest.mark.parametrize("user", [f"{SITE}:wr0ng", f"nobody:{PASSWORD}"])
def test_a_wrong_user_or_password_is_refused_and_not_repeated(
    published: SearchEngine, address: str, catalog: Catalog, analyzer: Analyzer, user: str
) -> None:
    engine = opened_as(user, address, catalog, analyzer)
    for question in (engine.status, engine.data_version, lambda: ask(engine, "鹿乡")):
        with pytest.raises(AuthFailed) as caught:
            question()
        assert "401" in str(caught.value)
        assert user.partition(":")[2] not in str(caught.value)
    engine.close()


def test_a_user_who_may_read_is_enough_for_the_site_and_changes_nothing(
    published: SearchEngine, address: str, catalog: Catalog, analyzer: Analyzer
) -> None:
    site = opened_as(f"{SITE}:{PASSWORD}", address, catalog, analyzer)
    assert ids(ask(site, "鹿乡", "records", facets=("kind", "authority"))) == ["r1"]
    assert site.get("records", "r1", TODAY) is not None
    assert site.count_by_subject(["s1"], TODAY) == {"s1": {"administrative_penalty": 1}}
    assert [offer.id for offer in site.suggest("鹿乡", TODAY)] == ["s1"]
    assert [document.id for document in site.scan("records", (), TODAY)] == ["r1"]
    site.warm(TODAY)
    before = published.status()
    for change in (lambda: site.write([Bury("records", "r1", 2)]), site.begin_build, site.rollback):
        with pytest.raises(AuthFailed) as caught:
            change()
        assert "403" in str(caught.value)
    site.close()
    assert published.status() == before
    assert ids(ask(published, "鹿乡", "records")) == ["r1"]


def test_the_account_of_the_desk_is_enough_to_publish_and_reaches_no_other_prefix(
    address: str, catalog: Catalog, analyzer: Analyzer, documents: Documents
) -> None:
    desk = opened_as(f"{DESK}:{PASSWORD}", address, catalog, analyzer)
    for _ in range(3):
        build = desk.begin_build()
        build.write([documents.subject("s1", "鹿乡食品"), documents.record("r1", "鹿乡食品")])
        build.finish()
        build.publish(Applied())
    desk.rollback()
    assert desk.write([Bury("records", "r1", 2)]).ok == 1
    assert ids(ask(desk, "鹿乡", "records")) == []
    assert ids(ask(desk, "鹿乡")) == ["s1"]
    desk.begin_build().abort()
    elsewhere = opened_as(f"{DESK}:{PASSWORD}", address.replace("/t", "/other-"), catalog, analyzer)
    with pytest.raises(AuthFailed):
        elsewhere.begin_build()
    for engine in (desk, elsewhere):
        engine.close()
