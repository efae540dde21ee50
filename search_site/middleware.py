"""What is done with every request and answer, whatever page it is?"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from datetime import date
from typing import cast

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from indexers.errors import EngineError
from indexers.query import DataVersion
from search_site.packing import settle_packing
from search_site.site import ENGINE_FAILURE, Site

access_log = logging.getLogger("search_site.access")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HTTPS_ONLY = "max-age=31536000"
"""A year, for this host alone: those below it may be other departments', and are not ours to bind. Who has them all by
TLS adds includeSubDomains in the reverse proxy."""
SHARED_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}

_NEVER_KEPT = ("/static/", "/healthz", "/readyz")
"""Paths whose answers are made anew each time, or are files that browsers keep for ever."""
_WITHOUT_ENGINE = ("/glossary", "/robots.txt", "/opensearch.xml", "/problems/", "/openapi.json")
"""Paths whose answers depend on the program and its data files alone: nobody is asked what is published."""
_ANY = "*"
"""In If-None-Match: whatever is there (RFC 9110)."""
_ASK_AGAIN = "no-cache"
"""All that comes from the engine, since it names somebody."""
MAX_KEPT = 512
MAX_KEPT_BYTES = 64 * 1024
"""At most 32 MB of pages per worker, and as many of those that no engine is asked for; an ordinary page has 10 to 30
KB, compressed 3 to 5 KB."""


def is_open_to_all(path: str) -> bool:
    """Whether pages of other sites may read this: the API, and the forms of a page that are JSON."""
    return path.startswith(("/api/", "/openapi.json")) or (
        path.startswith(("/s/", "/r/")) and path.endswith(".json")
    )


def fixed_headers(*, https: bool, shared: bool) -> dict[str, str]:
    """What every answer carries, whatever it is; `shared` as `is_open_to_all`, `https` for a site known by TLS."""
    return {
        **SECURITY_HEADERS,
        **({"Strict-Transport-Security": HTTPS_ONLY} if https else {}),
        **(SHARED_HEADERS if shared else {}),
    }


class HeadersMiddleware:
    """Adds security headers and CORS, answers preflights, logs one line without anything that was typed. What comes
    after it is told in one word whether to compress."""

    def __init__(self, app: ASGIApp, https: bool = False) -> None:
        self.app = app
        self.fixed = _raw(fixed_headers(https=https, shared=False))
        self.fixed_when_shared = _raw(fixed_headers(https=https, shared=True))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        shared = is_open_to_all(scope["path"])
        settle_packing(scope)
        started = time.perf_counter()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    *(self.fixed_when_shared if shared else self.fixed),
                ]
                _log_access(scope, message["status"], started)
            await send(message)

        if shared and scope["method"] == "OPTIONS":
            await _send_empty(send_with_headers, 204, _PREFLIGHT)
        else:
            await self.app(scope, receive, send_with_headers)


def _log_access(scope: Scope, status: int, started: float) -> None:
    if not access_log.isEnabledFor(logging.INFO):
        return
    # The endpoint's name, never the path or the query: what a visitor looked for is nobody's business.
    endpoint = getattr(scope.get("endpoint"), "__name__", "-")
    elapsed = (time.perf_counter() - started) * 1000
    access_log.info("%s %s %d %.1f ms", scope["method"], endpoint, status, elapsed)


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


async def _send_empty(send: Send, status: int, headers: dict[str, str]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": _raw(headers)})
    await send({"type": "http.response.body", "body": b""})


class KeptPage(msgspec.Struct, frozen=True):
    """One finished answer."""

    headers: list[tuple[bytes, bytes]]
    body: bytes


class PageStore:
    """The last pages of one version and day, least recently used first; a new version empties it."""

    def __init__(self, size: int = MAX_KEPT) -> None:
        self._size = size
        self._version: object = None
        self._pages: OrderedDict[object, KeptPage] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, version: object, key: object) -> KeptPage | None:
        """The page if it was made from this version; a version other than the last one empties the store."""
        with self._lock:
            if version != self._version:
                self._pages.clear()
                self._version = version
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def put(self, version: object, key: object, page: KeptPage) -> None:
        """Keeps the page unless another version was asked for while it was made."""
        with self._lock:
            if version == self._version:
                self._pages[key] = page
                if len(self._pages) > self._size:
                    self._pages.popitem(last=False)


class VersionMiddleware:
    """Answers 304, or a page it has, before any work; both hold for one version on one day only.

    The version is read before the page is made, and it is the one that the engine answers from, not one that it has
    yet to open. Should something be published in between, the page is newer than its tag and the next request asks
    again: a page can be shown too new, never too old.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.store = PageStore()
        self.store_without_engine = PageStore()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _may_be_kept(scope):
            await self.app(scope, receive, send)
            return
        site = cast("Site", scope["app"].state.site)
        if scope["path"].startswith(_WITHOUT_ENGINE):
            await self._answer(scope, receive, send, self.store_without_engine, (site.build,))
            return
        try:
            published, day = await _version_of(site)
        except EngineError as error:
            # Whoever needs the engine says so without waiting for it once more; a wrong address is wrong without it.
            scope[ENGINE_FAILURE] = error
            await self.app(scope, receive, send)
            return
        # The generation is in it too: revisions begin again where an index was deleted and built anew.
        await self._answer(scope, receive, send, self.store, (site.build, *published, day))

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, store: PageStore, state: tuple[object, ...]
    ) -> None:
        """The answer of one state: 304, a kept page, or one made now."""
        headers = Headers(scope=scope)
        packed = "gzip" in headers.get("accept-encoding", "")
        key = (scope["path"], scope["query_string"], headers.get("host", ""), scope["scheme"], packed)
        kept, etag = store.get(state, key), _etag(state, key[:4])
        asked = ",".join(headers.getlist("if-none-match"))
        is_same = _matches(asked, etag)
        is_held = is_same or asked.strip() == _ANY
        # Whether there is an answer, and how long one without an engine may be kept, only the answer itself tells.
        if kept is not None and is_held:
            await _send_unchanged(send, etag, Headers(raw=kept.headers).get("cache-control", _ASK_AGAIN))
            return
        if is_same and store is self.store:
            await _send_unchanged(send, etag, _ASK_AGAIN)
            return
        if kept is not None:
            body = b"" if scope["method"] == "HEAD" else kept.body
            await send({"type": "http.response.start", "status": 200, "headers": kept.headers})
            await send({"type": "http.response.body", "body": body})
            return
        sending = _told_by_status(send) if is_held else send
        made = await self._ask(scope, receive, sending, etag)
        if made is not None:
            store.put(state, key, made)

    async def _ask(self, scope: Scope, receive: Receive, send: Send, etag: str) -> KeptPage | None:
        start: Message = {}
        body: list[bytes] = []

        async def send_and_keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                if message["status"] == 200:
                    headers = MutableHeaders(scope=message)
                    headers["ETag"] = etag
                    headers["Vary"] = "Accept-Encoding"
                    start["headers"] = list(headers.raw)
            elif message["type"] == "http.response.body":
                body.append(message.get("body", b""))
            await send(message)

        await self.app(scope, receive, send_and_keep)
        whole = b"".join(body)
        if start.get("status") != 200 or scope["method"] == "HEAD" or len(whole) > MAX_KEPT_BYTES:
            return None
        return KeptPage(start["headers"], whole)


def _may_be_kept(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] in ("GET", "HEAD")
        and not scope["path"].startswith(_NEVER_KEPT)
    )


async def _version_of(site: Site) -> tuple[DataVersion, date]:
    """What is published, and the day; an EngineError where the engine does not say."""
    # Looking at a file of the embedded engine takes microseconds; all else may keep a thread waiting.
    known = site.known_version
    return known if known is not None else await run_in_threadpool(lambda: site.version)


async def _send_unchanged(send: Send, etag: str, caching: str) -> None:
    await _send_empty(send, 304, {"ETag": etag, "Cache-Control": caching, "Vary": "Accept-Encoding"})


def _told_by_status(send: Send) -> Send:
    """Sends 304 in place of an answer that is there, and any other as it is."""
    is_there = False

    async def send_status(message: Message) -> None:
        nonlocal is_there
        if message["type"] == "http.response.start" and message["status"] == 200:
            is_there = True
            headers = Headers(raw=message["headers"])
            await _send_unchanged(send, headers["etag"], headers.get("cache-control", _ASK_AGAIN))
        elif not is_there:
            await send(message)

    return send_status


def _etag(state: tuple[object, ...], key: tuple[object, ...]) -> str:
    digest = hashlib.blake2b(repr((state, key)).encode(), digest_size=12).hexdigest()
    return f'W/"{digest}"'


def _matches(header: str, etag: str) -> bool:
    """Weak comparison of RFC 9110 with a list of tags."""
    mine = etag.removeprefix("W/")
    return any(tag.strip().removeprefix("W/") == mine for tag in header.split(",")) if header else False
