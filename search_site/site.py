"""What does every endpoint have at hand: settings, data files, the finder, templates?"""

from __future__ import annotations

import copy
import hashlib
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, cast

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from indexers.catalog import Catalog
from indexers.clock import Clock
from indexers.errors import EngineError
from indexers.finding import Finder
from indexers.query import DataVersion
from indexers.workdays import load_calendar
from search_site.assets import StaticFiles, asset_dir, make_environment
from search_site.labels import Labels
from search_site.objections import Objections
from search_site.settings import Settings, program_version
from search_site.statements import SAYS, Statements

ENGINE_FAILURE = "credit_search.engine_failure"
"""Where the scope of a request keeps the EngineError that came instead of a version, if one did."""


class FooterItem(msgspec.Struct, frozen=True):
    """One line of the footer; `url` may be empty."""

    label: str
    text: str
    url: str = ""


class Furniture(msgspec.Struct, frozen=True):
    """What is the same on every page."""

    name: str
    demo: bool
    css: str
    script: str
    icon: str
    footer: tuple[FooterItem, ...]
    national_link: str
    repair_link: str
    objection_link: str
    says: Statements


class Site:
    """One running site. The finder is opened when it is first needed, and again after a failure."""

    def __init__(
        self, settings: Settings, catalog: Catalog, clock: Clock, open_finder: Callable[[], Finder]
    ) -> None:
        self.settings = settings
        self.catalog = catalog
        self.labels = Labels(catalog)
        self.clock = clock
        self.objections = Objections(settings.objection_days, load_calendar(catalog.directory))
        self.static = StaticFiles(asset_dir("static"))
        self.environment = make_environment(settings.templates)
        self.build = build_tag(settings, self.static, catalog)
        self.environment.globals["site"] = _furniture(settings, self.static)
        self._open_finder = open_finder
        self._finder: Finder | None = None
        self._opening = threading.Lock()

    @property
    def finder(self) -> Finder:
        """The way to the engine; raises an EngineError while there is none."""
        if self._finder is None:
            with self._opening:
                if self._finder is None:
                    self._finder = self._open_finder()
        return self._finder

    def without_engine(self, failure: EngineError) -> Site:
        """The same site for one request, whose finder is not to be had: nobody waits for the engine twice."""

        def refuse() -> Finder:
            raise failure

        site = copy.copy(self)
        site._finder, site._open_finder = None, refuse
        return site

    @property
    def known_version(self) -> tuple[DataVersion, date] | None:
        """As `version` where that can be told without waiting for anybody; else None."""
        return self._finder.known_version() if self._finder is not None else None

    @property
    def version(self) -> tuple[DataVersion, date]:
        """What is published, and today: what every answer depends on besides its URL."""
        return self.finder.version()

    def page(
        self,
        template: str,
        context: dict[str, Any],
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> Response:
        """A rendered page; `no-cache` unless the headers say otherwise."""
        body = self.environment.get_template(template).render(context)
        return Response(
            body, status, {"Cache-Control": "no-cache", **(headers or {})}, media_type="text/html"
        )

    @property
    def is_known_by_tls(self) -> bool:
        """Whether its visitors come by TLS, and must from now on."""
        return self.settings.base_url.startswith("https://")

    def base_url(self, request: Request) -> str:
        """Scheme and host under which this site is known, without a slash at the end."""
        return (self.settings.base_url or str(request.base_url)).rstrip("/")


def build_tag(settings: Settings, static: StaticFiles, catalog: Catalog) -> str:
    """What pages depend on besides the data: program, settings, static files, templates and data files."""
    own = Path(settings.templates) if settings.templates else None
    folders = filter(None, (asset_dir("templates"), own, catalog.path))
    stamps = [
        (str(path), path.stat().st_mtime_ns) for folder in folders for path in sorted(folder.rglob("*"))
    ]
    parts = (program_version(), settings, sorted(static.urls), stamps)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def site_of(request: Request) -> Site:
    """The site that serves this request; without its engine where that has just failed for it."""
    site = cast("Site", request.app.state.site)
    failure: EngineError | None = request.scope.get(ENGINE_FAILURE)
    return site if failure is None else site.without_engine(failure)


def _furniture(settings: Settings, static: StaticFiles) -> Furniture:
    items = (
        FooterItem("主办单位", settings.organiser),
        FooterItem("承办单位", settings.operator),
        FooterItem("联系方式", settings.contact),
        FooterItem("政府网站标识码", settings.site_code),
        FooterItem("", settings.icp, "https://beian.miit.gov.cn/"),
        FooterItem("", settings.police_number, "https://beian.mps.gov.cn/"),
        FooterItem("", "本站支持 IPv6" if settings.ipv6 else ""),
    )
    return Furniture(
        name=settings.site_name,
        demo=settings.demo,
        css=static.url("site.css"),
        script=static.url("suggest.js"),
        icon=static.url("icon.svg"),
        footer=tuple(item for item in items if item.text),
        national_link=settings.national_link,
        repair_link=settings.repair_link,
        objection_link=settings.objection_link,
        says=SAYS,
    )
