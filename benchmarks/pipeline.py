"""How fast does a delivered file become searchable, beside the bare analysis and index calls?"""

from __future__ import annotations

import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.figures import Stopwatch, peak_mebibytes, show
from indexers.analysis import Analyzer, load_analyzer
from indexers.building import Builder
from indexers.catalog import Catalog
from indexers.document_stream import changed_operations
from indexers.documents import Operation, PublicEntry, PublicRecord, Upsert, decode_document
from indexers.engines import open_engine
from indexers.importing import Importer
from indexers.ledger import Ledger
from indexers.publishing import Publisher

CHUNK = 2_000


def measure_pipeline(catalog: Catalog, analyzer: Analyzer, file: Path, kind: str | None = None) -> None:
    """Import and sync one file, then hand the same documents to bare analysis and index calls."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(f"sqlite:///{folder}/ledger.db")
        started = time.perf_counter()
        account = Importer(catalog, analyzer, ledger).import_file(str(file), kind)
        imported = time.perf_counter()
        engine = open_engine(f"embedded:{folder}/index", catalog, analyzer)
        sync = Publisher(catalog, analyzer, ledger, engine).sync()
        done = time.perf_counter()
        rows = account.rows
        counts = sum(engine.status().live.counts.values()) if engine.status().live else 0  # type: ignore[union-attr]
        show("rows", rows)
        show("documents", counts)
        show("import", imported - started, "s")
        show("sync", done - imported, "s")
        show("file to searchable", rows / (done - started), "records/s")
        show("operations written", sync.operations)
        own, child = peak_mebibytes()
        show("peak memory, this process", own, "MB")
        show("peak memory, largest child", child, "MB")
        size = sum(f.stat().st_size for f in Path(folder, "index").rglob("*") if f.is_file())
        show("index", size / max(counts, 1), "bytes/document")
        bare = measure_bare(catalog, analyzer, ledger, Path(folder, "bare"))
        show("bare analysis and index calls, same documents", bare, "s")
        show("bare, one process", rows / bare, "records/s")
        show("ratio: file to searchable / bare", bare / (done - started))


def measure_bare(catalog: Catalog, analyzer: Analyzer, ledger: Ledger, folder: Path) -> float:
    """Seconds for nothing but analysing the texts and handing the documents to the engine, in one process."""
    engine = open_engine(f"embedded:{folder}", catalog, analyzer)
    build = engine.begin_build()
    watch = Stopwatch()
    builder = Builder(catalog, analyzer)
    # One that has met none of the texts: analyzers keep what they have read.
    bare = load_analyzer(catalog.directory)
    with ledger.reading() as connection:
        waiting: list[Operation] = []
        for operation in changed_operations(ledger, connection, builder, -1, 1 << 60, date.today()):
            waiting.append(operation)
            if len(waiting) >= CHUNK:
                _take(bare, waiting, watch)
                with watch.running():
                    build.write(waiting)
                waiting = []
        _take(bare, waiting, watch)
        with watch.running():
            build.write(waiting)
            build.finish()
    build.abort()
    return watch.seconds


def _take(analyzer: Analyzer, operations: list[Operation], watch: Stopwatch) -> None:
    texts = [_texts(operation) for operation in operations if isinstance(operation, Upsert)]
    with watch.running():
        for names, bodies in texts:
            analyzer.name_terms(names, full=not bodies)
            if bodies:
                analyzer.body(bodies)


def _texts(operation: Upsert) -> tuple[list[str], list[str]]:
    document = decode_document(operation.stored)
    if isinstance(document, PublicRecord | PublicEntry):
        name = document.subject if isinstance(document, PublicRecord) else document.title
        return [name], [value for value in document.fields.values() if len(value) > 4]
    return [name.name for name in document.names], []
