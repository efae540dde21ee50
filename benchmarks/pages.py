"""How long does a results page take, beside the bare engine calls and a template render of the same size?"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tantivy import Order

from benchmarks.figures import Spread, show, spread_of
from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.clock import shanghai_now
from indexers.documents import PublicSubject, decode_document
from indexers.engines.base import SearchEngine, visibility
from indexers.engines.embedded import EmbeddedEngine, open_address
from indexers.engines.embedded.queries import narrowed
from search_site.app import create_app
from search_site.settings import Settings

COMMON = ("有限公司", "食品", "科技有限公司", "房地产开发", "供销合作社", "商贸", "")
OTHER = "鹿乡"
PAGE = 20


def measure_pages(catalog: Catalog, analyzer: Analyzer, index: Path, repeats: int = 5) -> None:
    """Page times for common words, cold and warm, and for full names; ratios to the floor."""
    for word in COMMON:
        cold, floor = [], []
        for _ in range(repeats):
            # A new engine each time: nothing is cached. Warm files are left out by asking a page size of our own.
            engine = open_address(f"embedded:{index}", catalog, analyzer)
            assert isinstance(engine, EmbeddedEngine)
            page = page_caller(engine, PAGE - 1)
            page(f"/search?q={quote(OTHER)}")  # templates are compiled, dictionaries loaded
            cold.append(timed(lambda: page(f"/search?q={quote(word)}")))  # noqa: B023
            floor.append(timed(lambda: bare_calls(engine, word)))  # noqa: B023
            engine.close()
        _compare(f"page “{word or '(everything)'}”, cold", spread_of(cold), spread_of(floor))
    engine = open_address(f"embedded:{index}", catalog, analyzer)
    page = page_caller(engine, PAGE)
    for word in COMMON:
        page(f"/search?q={quote(word)}&page=2")
        warm = spread_of([timed(lambda: page(f"/search?q={quote(word)}&n={i}")) for i in range(20)])  # noqa: B023
        show(f"page “{word or '(everything)'}”, warm, median", warm.median, "ms")
    names = sample_subjects(engine, 200)
    show_spread(
        "page of a full name", [timed(lambda n=n: page(f"/search?q={quote(n.title)}")) for n in names]
    )
    show_spread(
        "suggest, first four characters",
        [timed(lambda n=n: page(f"/api/v1/suggest?q={quote(n.title[:4])}")) for n in names],
    )
    show_spread("subject page", [timed(lambda n=n: page(f"/s/{n.id}")) for n in names])
    first = sum(_is_first(engine, name.title, name.id) for name in names)
    codes = sum(_is_first(engine, name.uscc, name.id) for name in names if name.uscc)
    show("full name answered first", f"{first}/{len(names)}")
    show("code answered first", f"{codes}/{sum(bool(n.uscc) for n in names)}")
    engine.close()


def bare_calls(engine: EmbeddedEngine, text: str) -> None:
    """The tantivy calls that any implementation needs: one ordered search, one aggregation, twenty documents."""
    reader = engine._views.current().reader("subjects")
    build = reader.build
    matching = build.matching(engine.analyzer.queries(text)) if text else None
    query = narrowed(matching, build.filters(visibility(date.today())))
    result = reader.searcher.search(query, PAGE, order_by_field="rank_key", order=Order.Desc)
    asked: dict[str, Any] = {
        field.key: {"terms": {"field": field.key, "size": 1001}}
        for field in engine.catalog.facets("subjects")
    }
    reader.searcher.aggregate(query, asked)
    for _, address in result.hits:
        stored = reader.searcher.doc(address)["stored"][0]
        decode_document(bytes(stored))


def _compare(name: str, page: Spread, floor: Spread) -> None:
    show(f"{name}, median", page.median, "ms")
    show("  bare engine calls, median", floor.median, "ms")
    show("  ratio", page.median / floor.median)


def show_spread(name: str, taken: list[float]) -> None:
    """Median and p99 of some durations."""
    found = spread_of(taken)
    show(f"{name}, median", found.median, "ms")
    show(f"{name}, p99", found.p99, "ms")


def page_caller(engine: SearchEngine, size: int) -> Callable[[str], int]:
    """A caller of the site's application without a network: the answer's status."""
    app = create_app(Settings(page_size=size), engine, shanghai_now)
    loop = asyncio.new_event_loop()

    def call(url: str) -> int:
        return loop.run_until_complete(_get(app, url))

    return call


async def _get(app: Any, url: str) -> int:
    path, _, query = url.partition("?")
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http", "http_version": "1.1",
        "root_path": "", "asgi": {"version": "3.0"},
    }  # fmt: skip
    status = 0

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    await app(scope, receive, send)
    if status != 200:
        raise RuntimeError(f"{url}: {status}")
    return status


def sample_subjects(engine: SearchEngine, count: int) -> list[PublicSubject]:
    """Some subjects, the same each time, spread over what is indexed."""
    found: list[PublicSubject] = []
    for number, document in enumerate(engine.scan("subjects", (), date.today())):
        if isinstance(document, PublicSubject) and number % 97 == 0:
            found.append(document)
        if len(found) >= count * 20:
            break
    return random.Random(7).sample(found, min(count, len(found)))


def _is_first(engine: EmbeddedEngine, text: str, subject_id: str) -> bool:
    from indexers.query import SearchQuery

    page = engine.search(
        SearchQuery("subjects", date.today(), readings=engine.analyzer.queries(text), size=1)
    )
    return bool(page.hits) and page.hits[0].id == subject_id


def timed(call: Callable[[], object]) -> float:
    """Milliseconds that a call takes."""
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000
