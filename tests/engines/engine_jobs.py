"""What another process does to an index while a test watches: read, write or build until it is ended."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from collections import Counter

from engine_documents import SIZE, Documents, ask

from indexers.analysis import load_analyzer
from indexers.catalog import load_catalog
from indexers.engines import open_engine
from indexers.engines.base import SearchEngine
from indexers.errors import CreditSearchError

READERS = 8
"""Threads that ask at once, as those of the site do."""


class Ended(Exception):
    """Raised by SIGTERM."""


class Tally:
    """What one reader saw: answers, versions, answers that mix versions, and failures by name."""

    def __init__(self) -> None:
        self.answers = 0
        self.mixed = 0
        self.versions: set[str] = set()
        self.failures: Counter[str] = Counter()

    def ask_on(self, engine: SearchEngine, ended: threading.Event) -> None:
        """Ask both collections again and again."""
        while not ended.is_set():
            for collection, facet in (("subjects", "status"), ("records", "authority")):
                try:
                    page = ask(engine, "鹿乡", collection, facets=(facet,))
                except CreditSearchError as error:
                    self.failures[type(error).__name__] += 1
                    continue
                seen = {value.value for value in page.facets[facet].values}
                titles = {str(getattr(hit.document, "subject", hit.document.title)) for hit in page.hits}
                self.answers += 1
                self.versions |= seen
                self.mixed += len(seen) != 1 or len(titles) != 1 or page.total.value != SIZE


def read(engine: SearchEngine) -> None:
    """Many readers until the end; report answers, versions, answers that mix versions, and failures."""
    ended = threading.Event()
    tallies = [Tally() for _ in range(READERS)]
    threads = [threading.Thread(target=tally.ask_on, args=(engine, ended)) for tally in tallies]
    for thread in threads:
        thread.start()
    while not any(tally.answers for tally in tallies):  # what comes next is to be another version
        time.sleep(0.01)
    begin()
    with contextlib.suppress(Ended):
        while True:
            signal.pause()
    ended.set()
    for thread in threads:
        thread.join()
    answers, mixed = (sum(getattr(tally, name) for tally in tallies) for name in ("answers", "mixed"))
    versions = set().union(*(tally.versions for tally in tallies))
    failures = sum((tally.failures for tally in tallies), Counter[str]())
    names = ",".join(f"{name}:{count}" for name, count in sorted(failures.items()))
    sys.stdout.write(f"{answers} {len(versions)} {mixed} {names or '-'}\n")


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
