"""What another process does to an index while a test watches: read, write or build until it is ended."""

from __future__ import annotations

import signal
import sys

from engine_documents import Documents, ask

from indexers.analysis import load_analyzer
from indexers.catalog import load_catalog
from indexers.engines import open_engine
from indexers.engines.base import SearchEngine


class Ended(Exception):
    """Raised by SIGTERM."""


def read(engine: SearchEngine) -> None:
    """Ask both collections again and again; report answers, versions seen, and answers that mix versions."""
    answers = mixed = 0
    versions: set[str] = set()
    begin()
    try:
        while True:
            for collection, facet in (("subjects", "status"), ("records", "authority")):
                page = ask(engine, "鹿乡", collection, facets=(facet,))
                seen = {value.value for value in page.facets[facet].values}
                titles = {str(getattr(hit.document, "subject", hit.document.title)) for hit in page.hits}
                answers += 1
                versions |= seen
                mixed += len(seen) != 1 or len(titles) != 1 or page.total.value != 8
    except Ended:
        sys.stdout.write(f"{answers} {len(versions)} {mixed}\n")


def write(engine: SearchEngine, documents: Documents) -> None:
    """Write small batches without end."""
    begin()
    number = 10
    while True:
        batch = [
            documents.subject(f"w{number + n}", "鹿乡食品加工", rank=number + n, seq=number)
            for n in range(20)
        ]
        engine.write(batch)
        number += 20


def build(engine: SearchEngine, documents: Documents) -> None:
    """Begin a build and never finish it."""
    unfinished = engine.begin_build()
    unfinished.write([documents.subject("b1", "鹿乡食品")])
    begin()
    signal.pause()


def begin() -> None:
    """Tell the test that the work begins."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def end(number: int, frame: object) -> None:
    """Stop where it is."""
    raise Ended


def main() -> None:
    """`engine_jobs.py <job> <address>`."""
    job, address = sys.argv[1:]
    analyzer = load_analyzer()
    engine = open_engine(address, load_catalog(), analyzer)
    signal.signal(signal.SIGTERM, end)
    if job == "read":
        read(engine)
    elif job == "write":
        write(engine, Documents(analyzer))
    else:
        build(engine, Documents(analyzer))


if __name__ == "__main__":
    main()
