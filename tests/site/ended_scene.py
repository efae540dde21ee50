"""What does a site hold of which a part has ended, and which outlets could show that part?"""

from __future__ import annotations

import contextlib
import datetime
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from deliveries import ANALYZER, CATALOG, NAME, Desk, abnormal, code, penalty, profile
from starlette.testclient import TestClient

from search_site import cli
from search_site.app import create_app
from search_site.settings import Settings

BEFORE = datetime.date(2026, 11, 20)
"""The day on which everything was delivered and still public."""
TODAY = datetime.date(2026, 11, 22)
OTHER = "松江二号运输有限公司"
NAMELESS = "柳河三号建材经销处"
MARK = "隐去"
"""In the matter, the authority, the number and the title of all that may not be found any more."""

EVENTS = ("repaired", "withdrawn", "revoked", "annulled")
ENDS_TODAY = penalty(1, 统一社会信用代码=code(1), 公示截止期=TODAY.isoformat(), 处罚名称="今天还在的案件")
STAYS = [
    ENDS_TODAY,
    penalty(2, 统一社会信用代码=code(1), 处罚名称="以后还在的案件", 处罚机关="某某市应急管理局"),
    abnormal(3),
    profile(),
]
STAYS_LISTED = {
    "单位名称": NAME,
    "统一社会信用代码": code(1),
    "失信行为简况": "拒不整改",
    "信息报送机关": "某某市应急管理局",
    "纳入日期": "2026-06-01",
}
STAYS_IN_LIBRARY = {
    "标题": "留存的通报",
    "发布机构": "某某市政府",
    "发布日期": "2026-05-05",
    "涉及单位": "某局",
}


def hidden_penalty(number: int, **changes: str) -> dict[str, str]:
    return penalty(
        number,
        **{
            "行政处罚决定书文号": f"隐去罚〔2026〕{number}号",
            "处罚名称": f"隐去案之{number}",
            "处罚事由": f"隐去事由之{number}",
            "处罚机关": f"某某市隐去局之{number}",
            "统一社会信用代码": code(1),
            **changes,
        },
    )


class Scene:
    """A site over a desk. `hidden` holds the ids of records that were public and are not any more."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.hidden: dict[str, str] = {}
        self.entry = ""
        self.stages: list[str] = []
        self._answers: dict[str | tuple[str, ...], str] = {}
        settings = Settings(engine=f"embedded:{desk.folder / 'index'}", ledger=desk.ledger.address)
        app = create_app(settings, engine=desk.engine, clock=desk.clock)
        self.client = TestClient(app, base_url="http://credit.test", follow_redirects=False)

    def answer(self, outlet: str | tuple[str, ...]) -> str:
        """What an outlet shows, without what differs between two sites with the same content."""
        if outlet not in self._answers:
            self._answers[outlet] = masked(
                self.command(*outlet) if isinstance(outlet, tuple) else self.page(outlet)
            )
        return self._answers[outlet]

    def forget(self) -> None:
        self._answers.clear()

    def page(self, url: str) -> str:
        answer = self.client.get(url)
        assert answer.status_code == 200
        return answer.text

    def command(self, *arguments: str) -> str:
        """What a command prints on the scene's day."""
        printed = io.StringIO()
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
            patch.setenv("CREDIT_SEARCH_ENGINE", f"embedded:{self.desk.folder / 'index'}")
            patch.setenv("CREDIT_SEARCH_LEDGER", self.desk.ledger.address)
            patch.setattr("search_site.cli_index.shanghai_now", self.desk.clock)
            patch.setattr("search_site.cli_output.load_catalog", lambda directory: CATALOG)
            patch.setattr("search_site.cli_output.load_analyzer", lambda directory: ANALYZER)
            assert cli.main(arguments) == 0
        return printed.getvalue()


def ended_rows() -> dict[str, dict[str, str]]:
    """Why it ended → the row: three about the subject that stays, two that leave a subject with nothing."""
    return {
        "by the clock": hidden_penalty(11, 公示截止期="2026-11-21"),
        **{event: hidden_penalty(12 + place) for place, event in enumerate(EVENTS)},
        "amended": hidden_penalty(21),
        "only one of a code": hidden_penalty(22, 行政相对人名称=OTHER, 统一社会信用代码=code(2)),
        "only one of a name": hidden_penalty(23, 行政相对人名称=NAMELESS, 统一社会信用代码=""),
    }


LISTED = {**STAYS_LISTED, "失信行为简况": "隐去简况", "信息报送机关": "某某市隐去局之三十"}
NOTICE = {**STAYS_IN_LIBRARY, "标题": "隐去的通报", "发布机构": "某某市隐去局", "发布日期": "2026-05-06"}


def deliver_what_ends(scene: Scene) -> None:
    rows = ended_rows()
    scene.desk.bring(*rows.values())
    scene.desk.bring(LISTED)
    scene.hidden = dict(zip([*rows, "exited"], scene.desk.ids(), strict=True))
    scene.desk.bring(NOTICE, kind="notice")
    [scene.entry] = scene.desk.ids("library")


def end(scene: Scene) -> None:
    """End everything but what the clock ends; removals are applied, nothing is synced."""
    for event in (*EVENTS, "exited"):
        scene.desk.end(scene.hidden[event], event)
    scene.desk.end(scene.hidden["only one of a code"], "repaired")
    scene.desk.end(scene.hidden["only one of a name"], "withdrawn")
    scene.desk.end(scene.entry, "withdrawn")
    scene.desk.bring(hidden_penalty(21, 当前状态="撤销"))
    scene.desk.publisher.apply_removals()


def rebuilt(scene: Scene) -> None:
    scene.desk.publisher.rebuild()


def rolled_back(scene: Scene) -> None:
    scene.desk.publisher.rebuild()
    scene.desk.publisher.rollback()


def delivered_again(scene: Scene) -> None:
    """A later cumulative sheet still has every row, one of them changed."""
    rows = ended_rows()
    rows["repaired"] = {**rows["repaired"], "处罚结果": "罚款六千元"}
    scene.desk.bring(*rows.values())
    scene.desk.bring(LISTED)
    scene.desk.bring(NOTICE, kind="notice")
    scene.desk.sync()


STAGES: dict[str, Callable[[Scene], object]] = {
    "applied": lambda scene: None,
    "synced": lambda scene: scene.desk.sync(),
    "rebuilt": rebuilt,
    "rolled back": rolled_back,
    "delivered again": delivered_again,
}


def make_scene(folder: Path, *, with_ended: bool) -> Scene:
    """Everything delivered, published and asked for while it was public; the clock stands on TODAY."""
    scene = Scene(Desk(folder, f"sqlite:///{folder / 'ledger.db'}", BEFORE))
    if with_ended:
        deliver_what_ends(scene)
    penalties, others = STAYS[:2], STAYS[2:]
    scene.desk.bring(*penalties)
    for row in (*others, STAYS_LISTED):
        scene.desk.bring(row)
    scene.desk.bring(STAYS_IN_LIBRARY, kind="notice")
    scene.desk.sync()
    scene.desk.engine.warm(BEFORE)
    for url in OUTLETS:
        scene.client.get(url)
    scene.desk.clock.move_to(TODAY)
    return scene


ABOUT = f"/s/{code(1)}"
OUTLETS = (
    "/",
    "/status",
    "/lists",
    "/lists/safety_dishonesty",
    "/search",
    "/search?type=record",
    "/search?type=library",
    f"/search?q={NAME}",
    f"/search?q={NAME}&type=record",
    f"/search?q={NAME}&type=record&kind=administrative_penalty&year=2026&sort=newest",
    f"/search?q={NAME}&type=library",
    f"/search?q={code(1)}",
    f"/search?q={code(1)}&sort=name",
    f"/search?q={code(2)}",
    f"/search?q={OTHER}",
    f"/search?q={code(2)}&type=record",
    f"/search?q={NAMELESS}",
    f"/search?q={MARK}&type=record",
    f"/search?q={MARK}&type=library",
    f"/search?q={MARK}罚〔2026〕12号",
    f"/search.csv?q={NAME}&type=record",
    f"/search.csv?q={OTHER}",
    "/search.csv?type=library",
    "/lists/safety_dishonesty.csv",
    ABOUT,
    f"{ABOUT}/administrative_penalty",
    f"{ABOUT}/adverse_entry",
    f"{ABOUT}.json",
    f"/api/v1/subjects/{code(1)}",
    "/api/v1/search",
    "/api/v1/search?type=record",
    "/api/v1/search?type=library",
    f"/api/v1/search?q={NAME}",
    f"/api/v1/search?q={NAME}&type=record",
    f"/api/v1/search?q={OTHER}",
    f"/api/v1/search?q={OTHER}&type=record",
    f"/api/v1/search?q={code(2)}",
    f"/api/v1/search?q={NAMELESS}&type=record",
    f"/api/v1/search?type=record&subject={code(2)}",
    "/api/v1/search?type=record&list=safety_dishonesty",
    "/api/v1/suggest?q=鹿乡",
    "/api/v1/suggest?q=松江",
    "/suggest/opensearch?q=鹿乡",
    "/suggest/opensearch?q=松江",
    "/api/v1/suggest?q=柳河三号",
    f"/api/v1/suggest?q={code(2)[:10]}",
)
COMMANDS = (
    ("search", NAME, "--json"),
    ("search", NAME, "--type", "record", "--json"),
    ("search", OTHER, "--json"),
    ("search", MARK, "--type", "library"),
)

_VERSION = re.compile(
    r'g\d{6}-[0-9a-f]{8}|数据版本 [\d: -]+|第 \d+ 版|"(?:generation|batch|hash)":\s*"[^"]*"|内容校验 \w+|'
    r'<time datetime="[\dT:+-]+">[^<]* \d\d:\d\d</time>|/(?:r|library)/[\w-]+|"id":\s*"[a-z][\w-]{11,}"'
)


def masked(text: str) -> str:
    """An answer without what differs between two sites with the same content: ids, batches, versions."""
    return _VERSION.sub("*", text)
