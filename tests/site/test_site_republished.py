"""Does a running site ever show what was retracted, whatever became of the index meanwhile?"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator

import pytest
from deliveries import Desk, code, penalty, profile
from starlette.testclient import TestClient

from indexers.engines import open_engine
from indexers.engines.embedded.generations import SWITCH_LOCK, take_lock
from search_site.app import create_app
from search_site.settings import Settings

MARK = "隐去案由"


@pytest.fixture
def visitor(desk: Desk) -> Iterator[TestClient]:
    """A visitor of a site of its own over the desk's index: a process beside the one that publishes."""
    desk.bring(penalty(1, 统一社会信用代码=code(1)), penalty(2, 统一社会信用代码=code(1), 处罚名称=MARK))
    desk.bring(profile())
    desk.sync()
    address = f"embedded:{desk.folder / 'index'}"
    engine = open_engine(address, desk.engine.catalog, desk.engine.analyzer)
    settings = Settings(engine=address, ledger=desk.ledger.address, deadline=0.3)
    app = create_app(settings, engine=engine, clock=desk.clock)
    with TestClient(app, base_url="http://credit.test", raise_server_exceptions=False) as client:
        yield client
    engine.close()


def pages_of(record: str) -> list[str]:
    return [
        f"/r/{record}",
        f"/api/v1/records/{record}",
        f"/s/{code(1)}",
        "/search?type=record",
        "/api/v1/search?type=record",
    ]


def test_a_record_that_ended_while_its_index_was_built_again_is_gone_from_every_page(
    desk: Desk, visitor: TestClient
) -> None:
    record = desk.ids()[1]
    tags = {}
    for path in pages_of(record):
        answer = visitor.get(path)
        assert MARK in answer.text
        tags[path] = answer.headers["etag"]
    shutil.rmtree(desk.folder / "index")
    desk.end(record, "withdrawn")
    desk.sync()
    for path in pages_of(record):
        again = visitor.get(path, headers={"If-None-Match": tags[path]})
        assert (again.status_code, MARK in again.text) == (410 if record in path else 200, False)
        assert again.headers.get("etag") != tags[path]


def test_nothing_older_is_shown_or_kept_while_the_newest_state_cannot_be_opened(
    desk: Desk, visitor: TestClient
) -> None:
    record = desk.ids()[1]
    assert [visitor.get(path).status_code for path in pages_of(record)] == [200] * 5
    desk.end(record, "withdrawn")
    desk.publisher.apply_removals()
    handle = take_lock(desk.folder / "index" / SWITCH_LOCK, fcntl.LOCK_EX, patience=0)
    locked = visitor.get("/search?type=record")
    os.close(handle)
    assert (locked.status_code, MARK in locked.text, "etag" in locked.headers) == (503, False, False)
    assert int(locked.headers["retry-after"]) >= 1
    for path in pages_of(record):
        answer = visitor.get(path)
        assert (answer.status_code, MARK in answer.text) == (410 if record in path else 200, False)
