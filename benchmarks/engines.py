"""How do the engines compare on the same ledger: rate of a rebuild, size, and times of a page?"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

import msgspec

from benchmarks.figures import spread_of
from benchmarks.pages import COMMON, OTHER, PAGE, page_caller, sample_subjects, timed
from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.documents import COLLECTIONS
from indexers.engines import open_engine
from indexers.engines.base import SearchEngine
from indexers.engines.deadline import Deadline
from indexers.engines.elastic import ElasticEngine
from indexers.engines.meilisearch import MeilisearchEngine
from indexers.ledger import Ledger
from indexers.publishing import Publisher

REPEATS = 5
"""Times a page of a common word is asked for, each by an engine that knows no answer yet."""
NAMES = 200
SETTLE_SECONDS = 300.0
"""For a server to merge what it was given: it searches slower, and is larger, before."""


class _Store(msgspec.Struct):
    size_in_bytes: int


class _Total(msgspec.Struct):
    store: _Store


class _All(msgspec.Struct):
    total: _Total


class _Stats(msgspec.Struct):
    all: _All = msgspec.field(name="_all")


class _ServerStats(msgspec.Struct):
    used: int = msgspec.field(name="usedDatabaseSize")


def measure_engines(
    catalog: Catalog, analyzer: Analyzer, ledger: Ledger, addresses: Sequence[str], repeats: int = REPEATS
) -> None:
    """Build each engine from the ledger, then ask all of them the same; a table with a column for each."""
    names = [urlsplit(address).scheme for address in addresses]
    columns: list[dict[str, str]] = []
    for name, address in zip(names, addresses, strict=True):
        columns.append(_measured(catalog, analyzer, ledger, address, repeats))
        print(f"{name}: {columns[-1]}", file=sys.stderr, flush=True)
    print(f"| figure | {' | '.join(names)} |")
    print(f"| --- |{' --- |' * len(names)}")
    for figure in columns[0]:
        print(f"| {figure} | {' | '.join(column[figure] for column in columns)} |")


def _measured(
    catalog: Catalog, analyzer: Analyzer, ledger: Ledger, address: str, repeats: int
) -> dict[str, str]:
    def opened() -> SearchEngine:
        return open_engine(address, catalog, analyzer)

    engine = opened()
    report = Publisher(catalog, analyzer, ledger, engine).rebuild()
    live = engine.status().live
    assert live is not None
    documents = sum(live.counts.values())
    size = _size(engine, address, live.name)
    figures = {
        "ledger to searchable, documents/s": f"{report.operations / report.seconds:,.0f}",
        "size, bytes a document": f"{size / documents:,.0f}",
    }
    for word in COMMON:
        taken = [_first_page(opened, word) for _ in range(repeats)]
        figures[f"page “{word or '(everything)'}”, ms"] = f"{spread_of(taken).median:.1f}"
    page = page_caller(engine, PAGE)
    names = sample_subjects(engine, NAMES)
    random.Random(1).shuffle(names)
    for what, url in (
        ("page of a full name", lambda subject: f"/search?q={quote(subject.title)}"),
        ("suggest, four characters", lambda subject: f"/api/v1/suggest?q={quote(subject.title[:4])}"),
        ("subject page", lambda subject: f"/s/{subject.id}"),
    ):
        found = spread_of([timed(lambda: page(url(subject))) for subject in names])  # noqa: B023
        figures[f"{what}, ms, median / p99"] = f"{found.median:.1f} / {found.p99:.1f}"
    engine.close()
    return figures


def _first_page(opened: Callable[[], SearchEngine], word: str) -> float:
    """Milliseconds for a page with facets, of an engine with no answers kept, connected and with templates made."""
    engine = opened()
    page = page_caller(engine, PAGE - 1)
    page(f"/search?q={quote(OTHER)}")
    taken = timed(lambda: page(f"/search?q={quote(word)}"))
    engine.close()
    return taken


def _size(engine: SearchEngine, address: str, generation: str) -> int:
    """Bytes of the live generation on disk, merged as far as the engine does by itself; of a Meilisearch server, which
    does not tell of single indexes, of all that it holds."""
    if isinstance(engine, MeilisearchEngine):
        return engine._client.ask("GET", "/stats", None, Deadline(60), _ServerStats).used
    if not isinstance(engine, ElasticEngine):
        folder = Path(address.partition(":")[2]) / generation
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    names = ",".join(engine._store.index(generation, collection) for collection in COLLECTIONS)
    connection = engine._connection
    end = time.monotonic() + SETTLE_SECONDS
    size, before = 0, -1
    while size != before and time.monotonic() < end:
        time.sleep(5)
        reply = connection.read("GET", f"/{names}/_stats/store", deadline=Deadline(60))
        before, size = size, reply.read(_Stats).all.total.store.size_in_bytes
    return size
