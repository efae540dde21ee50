"""Does a running site follow the ledger after midnight, and answer frequent questions ahead, on its own?"""

from __future__ import annotations

import asyncio
import datetime
import logging
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from deliveries import TODAY, Desk, code, penalty, profile
from starlette.testclient import TestClient

from indexers.ledger import Ledger
from search_site.app import create_app
from search_site.settings import Settings
from search_site.site import Site
from search_site.upkeep import RETRY, Upkeep

TOMORROW = TODAY + datetime.timedelta(days=1)
OpenSite = Callable[..., Site]


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def published(desk: Desk) -> Desk:
    """One subject with a record whose last day is today, synced today."""
    desk.bring(penalty(1, 统一社会信用代码=code(1), 公示截止期=TODAY.isoformat()))
    desk.bring(profile())
    desk.sync()
    return desk


@pytest.fixture
def open_site(published: Desk) -> Iterator[OpenSite]:
    """Opens sites over the desk's index, each with an engine of its own as a worker has."""
    opened: list[Site] = []

    def open_one(ledger: str = "") -> Site:
        settings = Settings(
            engine=f"embedded:{published.folder / 'index'}", ledger=ledger or published.ledger.address
        )
        opened.append(create_app(settings, clock=published.clock).state.site)
        return opened[-1]

    yield open_one
    for site in opened:
        site.finder.engine.close()


def day_of(desk: Desk) -> str:
    live = desk.engine.status().live
    assert live is not None
    return live.applied.day


def warm_days(desk: Desk) -> list[str]:
    """The days for which answers were computed ahead."""
    return [path.stem.rpartition("-")[2] for path in (desk.folder / "index").rglob("warm-*.json")]


def test_the_new_day_is_followed_once_and_its_answers_are_made_ahead(
    published: Desk, open_site: OpenSite
) -> None:
    upkeep = Upkeep(open_site())
    published.clock.move_to(TOMORROW)
    upkeep.look()
    revision = published.engine.data_version()
    assert day_of(published) == TOMORROW.isoformat()
    assert warm_days(published) != ["20261123"]
    upkeep.look()
    upkeep.look()
    assert warm_days(published) == ["20261123"]
    assert published.engine.data_version() == revision


def test_answers_are_made_ahead_once_a_change_has_settled(published: Desk, open_site: OpenSite) -> None:
    upkeep = Upkeep(open_site())
    upkeep.look()
    published.bring(penalty(2, 统一社会信用代码=code(1)))
    published.sync()
    before = sorted((published.folder / "index").rglob("warm-*.json"))
    upkeep.look()
    assert sorted((published.folder / "index").rglob("warm-*.json")) == before
    upkeep.look()
    after = sorted((published.folder / "index").rglob("warm-*.json"))
    assert len(after) == 1
    assert after != before
    written = after[0].stat().st_mtime_ns
    upkeep.look()
    assert after[0].stat().st_mtime_ns == written


def test_two_workers_at_midnight_write_once(
    published: Desk, open_site: OpenSite, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "search_site.upkeep")
    workers = [Upkeep(open_site()) for _ in range(2)]
    published.clock.move_to(TOMORROW)
    threads = [threading.Thread(target=worker.look) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    changes = [record.args[0] for record in caplog.records if record.args]
    assert day_of(published) == TOMORROW.isoformat()
    assert len([count for count in changes if count]) == 1


def test_a_web_tier_without_a_ledger_gets_none(published: Desk, open_site: OpenSite, tmp_path: Path) -> None:
    missing = tmp_path / "elsewhere" / "ledger.db"
    upkeep = Upkeep(open_site(f"sqlite:///{missing}"))
    published.clock.move_to(TOMORROW)
    upkeep.look()
    assert (day_of(published), missing.parent.exists()) == (TODAY.isoformat(), False)


def test_another_ledger_than_that_of_the_index_changes_nothing(
    published: Desk, open_site: OpenSite, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    Ledger(other, published.clock).close()
    before = published.engine.status()
    published.clock.move_to(TOMORROW)
    Upkeep(open_site(other)).look()
    assert published.engine.status() == before
    assert "the index does not follow this ledger" in caplog.text


def test_what_could_not_be_followed_is_tried_again_later(
    published: Desk, open_site: OpenSite, tmp_path: Path
) -> None:
    copy = tmp_path / "late.db"
    upkeep = Upkeep(open_site(f"sqlite:///{copy}"))
    published.clock.move_to(TOMORROW)
    upkeep.look()
    source = Path(published.ledger.address.removeprefix("sqlite:///"))
    published.execute("SELECT 1")
    published.ledger.close()
    shutil.copy(source, copy)
    published.clock.advance(RETRY - datetime.timedelta(seconds=1))
    upkeep.look()
    assert day_of(published) == TODAY.isoformat()
    published.clock.advance(datetime.timedelta(seconds=1))
    upkeep.look()
    assert day_of(published) == TOMORROW.isoformat()


class EndedAfterThreeLooks(threading.Event):
    """Ends the loop after three rounds, without waiting."""

    rounds = 0

    def wait(self, timeout: float | None = None) -> bool:
        self.rounds += 1
        return self.rounds > 3


def test_a_failure_that_lasts_is_logged_once_and_the_loop_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(engine=f"embedded:{tmp_path / 'none'}", ledger=f"sqlite:///{tmp_path / 'none.db'}")
    site: Site = create_app(settings).state.site
    with caplog.at_level(logging.WARNING, "search_site.upkeep"):
        ended = EndedAfterThreeLooks()
        Upkeep(site).run(ended)
    assert ended.rounds == 4
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == ["upkeep"]
    assert "IndexMissing" in caplog.text


def test_what_nobody_foresaw_is_logged_with_its_place_and_does_not_end_the_loop(
    open_site: OpenSite, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks: list[Upkeep] = []

    def stumble(upkeep: Upkeep) -> None:
        looks.append(upkeep)
        raise ZeroDivisionError("unforeseen")

    monkeypatch.setattr(Upkeep, "look", stumble)
    with caplog.at_level(logging.WARNING, "search_site.upkeep"):
        Upkeep(open_site()).run(EndedAfterThreeLooks())
    assert len(looks) == 3
    [told] = caplog.records
    assert told.getMessage() == "upkeep: ZeroDivisionError: unforeseen"
    assert "in stumble" in caplog.text


def is_running() -> bool:
    return any(thread.name == "upkeep" for thread in threading.enumerate())


def test_a_site_with_its_own_engine_is_looked_after_while_it_runs(published: Desk) -> None:
    settings = Settings(engine=f"embedded:{published.folder / 'index'}", ledger=published.ledger.address)
    with TestClient(create_app(settings, clock=published.clock)) as client:
        assert is_running()
        assert client.get("/readyz").status_code == 200
    assert not is_running()
    with TestClient(create_app(settings, engine=published.engine, clock=published.clock)):
        assert not is_running()


def test_a_site_that_ends_badly_lets_go_of_its_engine(published: Desk) -> None:
    settings = Settings(engine=f"embedded:{published.folder / 'index'}", ledger=published.ledger.address)
    app = create_app(settings, clock=published.clock)
    engine = app.state.site.finder.engine

    async def end_badly() -> None:
        async with app.router.lifespan_context(app):
            engine.data_version()
            assert engine.known_version() is not None
            raise InterruptedError

    with pytest.raises(InterruptedError):
        asyncio.run(end_badly())
    assert engine.known_version() is None
