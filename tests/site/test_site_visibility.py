"""Is what may not be shown any more absent from every outlet, at once and for good?"""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from deliveries import NAME, Desk, code, penalty, profile
from ended_scene import (
    ABOUT,
    COMMANDS,
    MARK,
    OTHER,
    OUTLETS,
    STAGES,
    TODAY,
    Scene,
    end,
    hidden_penalty,
    make_scene,
)
from starlette.testclient import TestClient

from search_site.app import ROUTES, create_app
from search_site.settings import Settings


@pytest.fixture(scope="module")
def after_the_end(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = make_scene(tmp_path_factory.mktemp("scene"), with_ended=True)
    end(made)
    yield made
    made.desk.close()


@pytest.fixture(scope="module", params=STAGES)
def scene(request: pytest.FixtureRequest, after_the_end: Scene) -> Scene:
    """The site at one stage of its life; every stage goes on from the one before."""
    stages = list(STAGES)
    reached = stages[: stages.index(request.param) + 1]
    for stage in reached[len(after_the_end.stages) :]:
        STAGES[stage](after_the_end)
        after_the_end.stages.append(stage)
        after_the_end.forget()
    assert after_the_end.stages == reached
    return after_the_end


@pytest.fixture(scope="module")
def never_had(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The same site to which what ended was never delivered."""
    made = make_scene(tmp_path_factory.mktemp("never"), with_ended=False)
    made.desk.sync()
    yield made
    made.desk.close()


@pytest.mark.parametrize("outlet", [*OUTLETS, *COMMANDS], ids=str)
def test_every_outlet_answers_as_if_what_ended_had_never_been(
    outlet: str | tuple[str, ...], scene: Scene, never_had: Scene
) -> None:
    assert scene.answer(outlet) == never_had.answer(outlet)


@pytest.mark.parametrize("form", ["/r/{}", "/r/{}.json", "/api/v1/records/{}"])
def test_an_ended_record_is_gone_without_name_or_reason(form: str, scene: Scene) -> None:
    answers = [scene.client.get(form.format(record_id)) for record_id in scene.hidden.values()]
    assert [answer.status_code for answer in answers] == [410] * len(scene.hidden)
    assert len({answer.text for answer in answers}) == 1
    text = answers[0].text
    assert "该编号的信息已停止公示" in text
    told = [word for word in (MARK, NAME, OTHER, code(1), "修复", "撤", "期满", "2027") if word in text]
    assert told == []


@pytest.mark.parametrize("form", ["/library/{}", "/api/v1/library/{}"])
def test_a_withdrawn_library_entry_is_gone(form: str, scene: Scene) -> None:
    answer = scene.client.get(form.format(scene.entry))
    assert (answer.status_code, MARK in answer.text) == (410, False)


@pytest.mark.parametrize(
    "form", ["/s/{}", "/s/{}/administrative_penalty", "/s/{}.json", "/api/v1/subjects/{}"]
)
def test_a_subject_with_nothing_left_was_never_there(form: str, scene: Scene) -> None:
    [(name_only,)] = scene.desk.query("SELECT id FROM subjects WHERE id LIKE 'n-%'")
    for subject_id, unseen in ((code(2), code(99)), (str(name_only), "n-neverseen")):
        never = scene.client.get(form.format(unseen)).text
        answer = scene.client.get(form.format(subject_id))
        assert (answer.status_code, answer.text) == (404, never.replace(unseen, subject_id))


def test_what_ends_today_is_shown_with_its_last_day(scene: Scene) -> None:
    hits = scene.client.get(f"/api/v1/search?q={NAME}&type=record").json()["hits"]
    assert "2026-11-22" in [hit["last_day"] for hit in hits]
    assert '公示至 <time datetime="2026-11-22">2026年11月22日</time>' in scene.client.get(ABOUT).text


# -- while the site runs --------------------------------------------------------------------------------------


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Scene]:
    """A site whose pages, engine answers and files of answers computed ahead are all warm."""
    scene = make_scene(tmp_path, with_ended=False)
    scene.desk.sync()
    scene.desk.engine.warm(TODAY)
    yield scene
    scene.desk.close()


LAST = "今天还在的案件"
AT_MIDNIGHT = (
    "/",
    "/search?type=record",
    f"/search?q={NAME}&type=record",
    f"/search?q={LAST}&type=record",
    ABOUT,
    f"{ABOUT}/administrative_penalty",
    f"/api/v1/search?q={NAME}&type=record",
    "/api/v1/search?type=record",
    f"/api/v1/subjects/{code(1)}",
)


def test_over_midnight_the_very_next_answer_is_a_new_one(running: Scene) -> None:
    """No sync, no restart: the clock alone ends what is shown, whatever is kept."""
    ids = {hit["title"]: hit["id"] for hit in running.client.get("/api/v1/search?type=record").json()["hits"]}
    before = {url: running.client.get(url) for url in (*AT_MIDNIGHT, f"/r/{ids[LAST]}")}
    for url in before:
        assert (
            running.client.get(url, headers={"If-None-Match": before[url].headers["etag"]}).status_code == 304
        )
    running.desk.clock.move_to(TODAY + datetime.timedelta(days=1))
    after = {
        url: running.client.get(url, headers={"If-None-Match": before[url].headers["etag"]}) for url in before
    }
    assert after.pop(f"/r/{ids[LAST]}").status_code == 410
    assert {url: answer.status_code for url, answer in after.items()} == dict.fromkeys(AT_MIDNIGHT, 200)
    assert [url for url in AT_MIDNIGHT if before[url].headers["etag"] == after[url].headers["etag"]] == []
    shown_before = [url for url in AT_MIDNIGHT if LAST in before[url].text.replace(f'value="{LAST}"', "")]
    assert f"/api/v1/subjects/{code(1)}" not in shown_before
    assert len(shown_before) == len(AT_MIDNIGHT) - 1
    title = f'<a href="/r/{ids[LAST]}">'
    assert [url for url in AT_MIDNIGHT if title in after[url].text or ids[LAST] in after[url].text] == []
    counts = after[f"/api/v1/subjects/{code(1)}"].json()["counts"]
    assert counts["administrative_penalty"] == 1
    found = after["/api/v1/search?type=record"].json()
    assert found["total"] == {"value": 3, "exact": True}
    assert {value["value"]: value["count"] for value in found["facets"]["kind"]["values"]} == {
        "abnormal_operation": 1,
        "administrative_penalty": 1,
        "adverse_entry": 1,
    }


def test_the_day_is_that_of_shanghai_whatever_zone_the_clock_has(running: Scene) -> None:
    """Five in the afternoon of the last day in Greenwich is the next day in China."""
    evening = datetime.datetime(2026, 11, 22, 17, 0, 5, 99, tzinfo=datetime.UTC)
    app = create_app(Settings(), engine=running.desk.engine, clock=lambda: evening)
    found = TestClient(app).get("/api/v1/search?type=record").json()
    assert found["as_of"] == "2026-11-23T01:00:05+08:00"
    assert LAST not in [hit["title"] for hit in found["hits"]]


def test_a_removal_by_another_process_is_seen_in_the_next_answer(running: Scene) -> None:
    url = "/api/v1/search?type=record"
    before = running.client.get(url)
    [record_id] = [hit["id"] for hit in before.json()["hits"] if hit["title"] == LAST]
    assert running.client.get(f"/r/{record_id}").status_code == 200
    # Repaired long ago, because the other process goes by the real clock.
    command = ["retract", record_id, "--reason", "repaired", "--on", "2026-01-05", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "search_site", *command],
        env={
            **os.environ,
            "CREDIT_SEARCH_ENGINE": f"embedded:{running.desk.folder / 'index'}",
            "CREDIT_SEARCH_LEDGER": running.desk.ledger.address,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert '"applied": true' in done.stdout
    after = running.client.get(url, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.json()["total"]["value"] == before.json()["total"]["value"] - 1
    assert record_id not in after.text
    assert running.client.get(f"/r/{record_id}").status_code == 410


def test_the_only_record_of_a_code_takes_its_subject_with_it(desk: Desk) -> None:
    desk.bring(hidden_penalty(1, 公示截止期=TODAY.isoformat()))
    desk.sync()
    client = Scene(desk).client
    assert client.get(ABOUT).status_code == 200
    assert len(client.get("/api/v1/suggest?q=鹿乡").json()["suggestions"]) == 1
    desk.clock.move_to(TODAY + datetime.timedelta(days=1))
    assert client.get(ABOUT).status_code == 404
    assert client.get("/api/v1/suggest?q=鹿乡").json()["suggestions"] == []
    desk.sync()
    assert client.get(ABOUT).status_code == 404
    found = client.get(f"/api/v1/search?q={NAME}").json()
    assert (found["total"]["value"], found["proposals"], found["other"][0]["total"]["value"]) == (0, [], 0)


@pytest.mark.parametrize(
    ("form", "target"),
    [
        ("/s/{}", "/s/{}"),
        ("/s/{}/administrative_penalty", "/s/{}/administrative_penalty"),
        ("/s/{}.json", "/s/{}.json"),
        ("/api/v1/subjects/{}", "/api/v1/subjects/{}"),
    ],
)
def test_a_joined_name_leads_to_its_code_and_is_never_kept(form: str, target: str, desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.sync()
    client = Scene(desk).client
    [(name_only,)] = desk.query("SELECT id FROM subjects")
    assert client.get(form.format(name_only)).status_code == 200
    desk.bring(profile())
    desk.sync()
    answer = client.get(form.format(name_only))
    assert answer.status_code == 308
    assert answer.headers["location"] == target.format(code(1))
    assert answer.headers["cache-control"] == "no-cache"
    assert "etag" not in answer.headers


def test_a_joined_name_says_nothing_any_more_when_its_code_has_nothing_left(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.sync()
    [(name_only,)] = desk.query("SELECT id FROM subjects")
    desk.bring(penalty(2, 统一社会信用代码=code(1)))
    desk.sync()
    client = Scene(desk).client
    assert client.get(f"/s/{name_only}").status_code == 308
    for record_id in desk.ids():
        desk.end(record_id)
    # Removals are applied at once, the join is looked at again with the next sync only.
    desk.publisher.apply_removals()
    never = client.get("/api/v1/subjects/n-never")
    for form in ("/s/{}", "/s/{}/judgment", "/s/{}.json", "/api/v1/subjects/{}"):
        assert client.get(form.format(name_only)).status_code == 404
    assert client.get(f"/api/v1/subjects/{name_only}").json() == never.json()


def test_every_route_that_could_show_a_record_is_among_the_outlets() -> None:
    """Single documents are asked for by their ids, the others name nobody."""
    asked = {re.sub(r"\?.*", "", url) for url in OUTLETS}
    shown = {
        route.path
        for route in ROUTES
        if not any(re.fullmatch(re.sub(r"\{\w+\}", r"[^/]+", route.path), url) for url in asked)
    }
    assert shown == {
        "/r/{id}.json",
        "/r/{id}",
        "/library/{id}",
        "/api/v1/records/{id}",
        "/api/v1/library/{id}",
        "/glossary",
        "/openapi.json",
        "/opensearch.xml",
        "/robots.txt",
        "/problems/{status:int}",
        "/healthz",
        "/readyz",
        "/static/{name}",
        "/{path:path}/",
    }
