"""Is what is taken out between two syncs gone at once, although the index is behind the ledger?"""

import datetime
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from deliveries import ANALYZER, CATALOG, NAME, Desk, code, penalty, profile
from ended_scene import OTHER, TODAY, Scene

from indexers.engines import open_engine
from indexers.errors import OtherLedger
from indexers.ledger import Ledger, record_event
from indexers.publishing import Publisher
from search_site.app import create_app
from search_site.settings import Settings


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(Desk(tmp_path, f"sqlite:///{tmp_path / 'ledger.db'}", TODAY))
    yield made
    made.desk.close()


def take_out(scene: Scene, *records: str) -> None:
    for record in records:
        scene.desk.end(record)
    scene.desk.publisher.apply_removals()


def status(scene: Scene, path: str) -> int:
    return scene.client.get(path).status_code


def titles(scene: Scene, query: str) -> list[str]:
    hits = scene.client.get(f"/api/v1/search?q={query}").json()["hits"]
    offered = scene.client.get(f"/api/v1/suggest?q={query[:2]}").json()["suggestions"]
    return [each["title"] for each in (*hits, *offered)]


def only_subject(scene: Scene) -> str:
    [(found,)] = scene.desk.query("SELECT id FROM subjects")
    return str(found)


def corrected(scene: Scene) -> str:
    """The id of a record that was synced under one business, and since then corrected to another."""
    scene.desk.bring(penalty(统一社会信用代码=code(1)))
    scene.desk.sync()
    record = scene.desk.record_id()
    scene.desk.bring({**penalty(统一社会信用代码=code(2), 行政相对人名称=OTHER), "记录编号": record})
    return record


# --- whom the index still has it under -------------------------------------------------------------------------------


def test_a_name_goes_with_its_only_record_that_came_to_a_code_and_ended_in_one_sheet(scene: Scene) -> None:
    scene.desk.bring(penalty())
    scene.desk.sync()
    nameless = only_subject(scene)
    scene.desk.bring(penalty(统一社会信用代码=code(1), 当前状态="撤销"))
    scene.desk.publisher.apply_removals()
    assert (status(scene, f"/s/{nameless}"), titles(scene, NAME)) == (404, [])


@pytest.mark.parametrize("joining", [profile(), penalty(2, 统一社会信用代码=code(1))])
def test_a_name_that_was_joined_since_the_last_sync_leads_to_whom_it_was_joined_to(
    scene: Scene, joining: dict[str, str]
) -> None:
    scene.desk.bring(penalty())
    scene.desk.sync()
    nameless, record = only_subject(scene), scene.desk.record_id()
    scene.desk.bring(joining)
    take_out(scene, record)
    assert (status(scene, f"/r/{record}"), status(scene, f"/s/{nameless}")) == (410, 308)
    # Once among the hits and once as it is typed: the business that it was joined to.
    assert (status(scene, f"/s/{code(1)}"), titles(scene, NAME)) == (200, [NAME, NAME])


def test_nothing_is_left_of_a_name_that_was_joined_to_what_ended_with_it(scene: Scene) -> None:
    scene.desk.bring(penalty())
    scene.desk.sync()
    nameless = only_subject(scene)
    scene.desk.bring(penalty(2, 统一社会信用代码=code(1)))
    take_out(scene, *scene.desk.ids())
    assert (status(scene, f"/s/{nameless}"), status(scene, f"/s/{code(1)}")) == (404, 404)
    assert titles(scene, NAME) == []


def test_a_business_goes_with_a_record_that_was_corrected_to_another_and_then_ended(scene: Scene) -> None:
    record = corrected(scene)
    take_out(scene, record)
    assert (status(scene, f"/r/{record}"), status(scene, f"/s/{code(1)}")) == (410, 404)
    assert titles(scene, NAME) == []


def test_a_correction_to_another_business_is_applied_as_a_removal(scene: Scene) -> None:
    record = corrected(scene)
    assert scene.desk.publisher.apply_removals() > 0
    shown = scene.client.get(f"/api/v1/records/{record}").json()
    assert (shown["subject"], shown["uscc"]) == (OTHER, code(2))
    assert (status(scene, f"/s/{code(1)}"), status(scene, f"/s/{code(2)}")) == (404, 200)


def test_what_had_its_code_from_a_record_that_ended_is_shown_without_it(scene: Scene) -> None:
    scene.desk.bring(penalty(1, 统一社会信用代码=code(1)))
    scene.desk.bring(penalty(2))
    scene.desk.sync()
    giving, other = scene.desk.ids()
    take_out(scene, giving)
    shown = scene.client.get(f"/api/v1/records/{other}").json()
    assert (shown["uscc"], shown["subject"]) == ("", NAME)
    assert status(scene, f"/s/{code(1)}") == 404
    assert status(scene, f"/s/{shown['subject_id']}") == 200
    assert titles(scene, code(1)) == []


# --- under another fingerprint ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("with_profile", [False, True])
def test_a_subject_that_cannot_be_written_anew_goes_unless_it_has_a_profile(
    scene: Scene, with_profile: bool
) -> None:
    newer = penalty(
        1, 统一社会信用代码=code(1), 行政相对人名称="鹿乡新名食品有限公司", 处罚决定日期="2026-06-01"
    )
    scene.desk.bring(newer, penalty(2, 统一社会信用代码=code(1)))
    if with_profile:
        scene.desk.bring(profile())
    scene.desk.sync()
    upgraded = open_engine(f"embedded:{scene.desk.folder / 'index'}", CATALOG, ANALYZER)
    upgraded.fingerprint = "0123456789abcdef"
    scene.desk.end(scene.desk.ids()[0])
    Publisher(CATALOG, ANALYZER, scene.desk.ledger, upgraded).apply_removals()
    upgraded.close()
    assert "鹿乡新名食品有限公司" not in titles(scene, "鹿乡新名食品有限公司")
    assert status(scene, f"/s/{code(1)}") == (200 if with_profile else 404)


def test_a_program_that_answers_from_the_kept_generation_looks_there_too(scene: Scene) -> None:
    desk = scene.desk
    desk.bring(penalty(统一社会信用代码=code(1)))
    desk.sync()
    upgraded = open_engine(f"embedded:{desk.folder / 'index'}", CATALOG, ANALYZER)
    upgraded.fingerprint = "0123456789abcdef"
    Publisher(CATALOG, ANALYZER, desk.ledger, upgraded).rebuild()
    upgraded.close()
    record = desk.record_id()
    desk.bring({**penalty(统一社会信用代码=code(2), 行政相对人名称=OTHER), "记录编号": record})
    take_out(scene, record)
    assert (status(scene, f"/r/{record}"), status(scene, f"/s/{code(1)}")) == (410, 404)


# --- a ledger or an index that was put back from a copy --------------------------------------------------------------


def copy_ledger(desk: Desk, name: str) -> Path:
    copy = desk.folder / name
    with sqlite3.connect(desk.folder / "ledger.db") as here, sqlite3.connect(copy) as there:
        here.backup(there)
    return copy


def fill(desk: Desk, first: int) -> None:
    desk.bring(*(penalty(first + n, 统一社会信用代码=code(3), 行政相对人名称=OTHER) for n in range(9)))


@pytest.fixture
def restored(scene: Scene) -> Iterator[tuple[Scene, Publisher]]:
    """A site whose ledger was put back to what it was before its last sync, and who publishes from it."""
    scene.desk.bring(penalty(统一社会信用代码=code(1)))
    scene.desk.sync()
    copy = copy_ledger(scene.desk, "copy.db")
    fill(scene.desk, 10)
    scene.desk.sync()
    ledger = Ledger(f"sqlite:///{copy}", scene.desk.clock)
    yield scene, Publisher(CATALOG, ANALYZER, ledger, scene.desk.engine)
    ledger.close()


@pytest.mark.parametrize("goes_on", [False, True], ids=["still shorter", "longer by now"])
def test_a_restored_ledger_does_not_say_that_a_removal_was_applied(
    restored: tuple[Scene, Publisher], goes_on: bool
) -> None:
    scene, publisher = restored
    record = scene.desk.ids()[0]
    record_event(publisher.ledger, record, "repaired", TODAY.isoformat())
    if goes_on:
        desk = scene.desk
        desk.ledger, used = publisher.ledger, desk.ledger
        for first in (30, 50):
            fill(desk, first)
        desk.ledger = used
    assert publisher.removals_wait()
    for attempt in (publisher.apply_removals, publisher.sync):
        with pytest.raises(OtherLedger, match="rebuild"):
            attempt()
    publisher.rebuild()
    assert (status(scene, f"/r/{record}"), publisher.removals_wait()) == (410, False)


def test_no_rollback_leads_to_an_index_of_a_history_that_was_lost(restored: tuple[Scene, Publisher]) -> None:
    scene, publisher = restored
    publisher.rebuild()
    with pytest.raises(OtherLedger, match="rebuild"):
        publisher.rollback()
    record_event(publisher.ledger, scene.desk.ids()[0], "repaired", TODAY.isoformat())
    assert publisher.apply_removals() > 0
    assert publisher.engine.status().kept is None


@pytest.mark.parametrize("is_restarted", [False, True])
def test_no_page_is_kept_beyond_an_index_that_was_put_back_from_a_copy(
    scene: Scene, is_restarted: bool
) -> None:
    desk = scene.desk
    desk.bring(*(penalty(n, 统一社会信用代码=code(1)) for n in (1, 2, 3)))
    desk.sync()
    first, second, _ = desk.ids()
    copy = copy_ledger(desk, "copy.db")
    shutil.copytree(desk.folder / "index", desk.folder / "copy")
    take_out(scene, first)
    url = "/api/v1/search?type=record"
    tag = scene.client.get(url).headers["etag"]
    shutil.rmtree(desk.folder / "index")
    shutil.copytree(desk.folder / "copy", desk.folder / "index")
    ledger = Ledger(f"sqlite:///{copy}", desk.clock)
    engine = open_engine(f"embedded:{desk.folder / 'index'}", CATALOG, ANALYZER)
    record_event(ledger, second, "repaired", TODAY.isoformat())
    Publisher(CATALOG, ANALYZER, ledger, engine).apply_removals()
    client = scene.client
    if is_restarted:
        settings = Settings(engine=f"embedded:{desk.folder / 'index'}", ledger=ledger.address)
        client = type(client)(create_app(settings, engine=engine, clock=desk.clock), "http://credit.test")
    for headers in ({"If-None-Match": tag}, {}):
        answer = client.get(url, headers=headers)
        assert (answer.status_code, second in answer.text) == (200, False)
    ledger.close()
    engine.close()


def test_another_day_of_the_same_ledger_is_followed_as_before(scene: Scene) -> None:
    scene.desk.bring(penalty(统一社会信用代码=code(1)))
    scene.desk.sync()
    scene.desk.clock.move_to(TODAY + datetime.timedelta(days=40))
    scene.desk.publisher.erase(30)
    fill(scene.desk, 10)
    assert scene.desk.sync().operations > 0
    assert not scene.desk.publisher.removals_wait()
