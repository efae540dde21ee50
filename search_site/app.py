"""Of which routes, middleware and handlers is the site made, and how does it start and end?"""

from __future__ import annotations

import contextlib
import gc
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from indexers.analysis import Analyzer, load_analyzer
from indexers.catalog import Catalog, load_catalog
from indexers.clock import Clock, in_shanghai, shanghai_now
from indexers.engines import open_engine
from indexers.engines.base import SearchEngine
from indexers.errors import EngineError
from indexers.finding import Finder
from search_site import api, discovery, exports, pages
from search_site.errors import HANDLERS, meaning
from search_site.middleware import HeadersMiddleware, VersionMiddleware
from search_site.params import own_path, read_pairs, refuse_persons
from search_site.settings import Settings, load_settings
from search_site.site import Site, site_of
from search_site.upkeep import Upkeep

logger = logging.getLogger("search_site")

COMPRESS_FROM = 1_000
"""Bytes; less fits into one packet anyway."""
COMPRESS_LEVEL = 4
"""Level 6 takes twice the time for 3 % less."""
_WRITTEN_IN_QUERIES = "%=&+~!$'()*,;:@/?"
"""What stands in a query string as it is, by RFC 3986."""
SECONDS_TO_END = 5.0
"""How long the end of the site waits for a sync or for warming; both can be cut off at any point."""


def static_file(request: Request) -> Response:
    """A file of static/ under its hashed name."""
    return site_of(request).static.respond(request)


def without_slash(request: Request) -> Response:
    """The page without the slash at the end, under whatever name this site was reached."""
    query = request.scope["query_string"]
    path = own_path(request.path_params["path"].rstrip("/"))
    # What no page answers leads to none.
    read_pairs(query)
    refuse_persons([("", request.path_params["path"])])
    url = f"{path}?{quote(query, safe=_WRITTEN_IN_QUERIES)}" if query else path
    return RedirectResponse(url, 308, {"Cache-Control": "no-cache"})


ROUTES = [
    Route("/", pages.home),
    Route("/search", pages.search),
    Route("/search.csv", exports.search),
    Route("/s/{id}.json", api.subject),
    Route("/s/{id}", pages.subject),
    Route("/s/{id}/{kind}", pages.subject_kind),
    Route("/r/{id}.json", api.record),
    Route("/r/{id}", pages.record),
    Route("/library/{id}", pages.library_entry),
    Route("/lists", pages.lists),
    Route("/lists/{key}.csv", exports.credit_list),
    Route("/lists/{key}", pages.credit_list),
    Route("/glossary", pages.glossary),
    Route("/status", pages.status),
    Route("/api/v1/search", api.search),
    Route("/api/v1/suggest", api.suggest),
    Route("/api/v1/subjects/{id}", api.subject),
    Route("/api/v1/records/{id}", api.record),
    Route("/api/v1/library/{id}", api.library_entry),
    Route("/problems/{status:int}", meaning),
    Route("/openapi.json", api.openapi),
    Route("/healthz", api.health),
    Route("/readyz", api.readiness),
    Route("/robots.txt", discovery.robots),
    Route("/opensearch.xml", discovery.description),
    Route("/suggest/opensearch", discovery.suggestions),
    Route("/static/{name}", static_file),
    Route("/{code}", pages.bare_code),
    Route("/{path:path}/", without_slash),
]


def middleware(site: Site) -> list[Middleware]:
    """Outermost first: headers on every answer, then what is already known, then compression."""
    return [
        Middleware(HeadersMiddleware, https=site.is_known_by_tls),
        Middleware(VersionMiddleware),
        Middleware(GZipMiddleware, minimum_size=COMPRESS_FROM, compresslevel=COMPRESS_LEVEL),
    ]


def create_app(
    settings: Settings | None = None,
    engine: SearchEngine | None = None,
    clock: Clock = shanghai_now,
    finder: Finder | None = None,
) -> Starlette:
    """The site. Without an `engine` it opens the one of the settings at start, and closes it at the end.

    An engine that cannot be opened does not stop the site: it answers 503 and tries again with each request.
    """
    settings = load_settings() if settings is None else settings
    clock = in_shanghai(clock)
    catalog = _catalog_of(settings, engine, finder)
    opened: list[SearchEngine] = []
    open_finder = _opener(settings, catalog, clock, engine, finder, opened)
    site = Site(settings, catalog, clock, open_finder)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            site.finder  # noqa: B018  (opened now, so that the first visitor does not wait for it)
        except EngineError as error:
            logger.warning("engine not available at start: %s", error)
        try:
            with _kept_up(site) if engine is None and finder is None else contextlib.nullcontext():
                yield
        finally:
            for each in opened:
                each.close()

    app = Starlette(
        routes=ROUTES, middleware=middleware(site), exception_handlers=HANDLERS, lifespan=lifespan
    )
    # Its own redirect repeats whatever host the request names.
    app.router.redirect_slashes = False
    app.state.site = site
    return app


@contextlib.contextmanager
def _kept_up(site: Site) -> Iterator[None]:
    """A thread looks after the index that the site opened itself; whoever brings an engine looks after it."""
    # Word lists and catalog stay as long as the process: without this the collector walks through them again and
    # again, which holds up every visitor for some 60 ms each time.
    gc.freeze()
    ended = threading.Event()
    thread = threading.Thread(target=Upkeep(site).run, args=(ended,), name="upkeep", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(SECONDS_TO_END)


def _catalog_of(settings: Settings, engine: SearchEngine | None, finder: Finder | None) -> Catalog:
    """The data files that the given engine or finder was made with, else those of the settings."""
    for given in (finder, engine):
        if given is not None:
            return given.catalog
    return load_catalog(settings.mappings_folder)


def _opener(
    settings: Settings,
    catalog: Catalog,
    clock: Clock,
    engine: SearchEngine | None,
    finder: Finder | None,
    opened: list[SearchEngine],
) -> Callable[[], Finder]:
    """How the site comes to its finder; engines opened here are noted, so that they are closed here."""

    def open_finder() -> Finder:
        if finder is not None:
            return finder
        if engine is not None:
            return Finder(engine, catalog, engine.analyzer, clock, settings.deadline)
        analyzer: Analyzer = load_analyzer(catalog.directory)
        own = open_engine(settings.engine, catalog, analyzer)
        opened.append(own)
        return Finder(own, catalog, analyzer, clock, settings.deadline)

    return open_finder
