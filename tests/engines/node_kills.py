"""Does a visitor notice, or is anything lost, when a node of a cluster is killed: `make engines-faults`?"""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import elastic_addresses
import pytest
import servers
from fixed_clock import FixedClock
from server_plans import Missing
from visitors import VISITORS, Visitors

from indexers.analysis import load_analyzer
from indexers.catalog import load_catalog
from indexers.documents import PublicSubject
from indexers.engines import open_engine
from indexers.engines.cache import AnswerCache
from indexers.importing import Importer
from indexers.ledger import Ledger
from indexers.publishing import Publisher
from samples.bulk import generate_penalties
from samples.collection import DEFAULT_TODAY
from search_site.app import create_app
from search_site.settings import Settings
from tests.faults.index_check import compare_index

CATALOG, ANALYZER = load_catalog(), load_analyzer()
NODES = 3
BEFORE, AFTER = 2.0, 12.0
"""Seconds of searching before and after a node is killed."""
HEALED = 180.0
"""Seconds until every copy is there again, at most: a cluster waits for one minute whether the node comes back."""
ROWS = 3_000
"""Rows of a sheet that is taken in while a node is killed: some seconds of writing."""
FEW_ROWS = 100
BUSINESS = "9"
"""How the codes of businesses begin: sheets of penalties change the pages of those that decided them."""
SEEDS = itertools.count(1)
"""No sheet is made twice: its rows would be known."""
LEAST = 0.25
"""Share of the pages that sheets of penalties leave alone: codes and brands are drawn twice, twenty sheets change more
than half of them."""
SYNCS, SYNCS_TO_A_REBUILD = 20, 5


class Cluster:
    """Nodes that can be killed and brought back."""

    def __init__(self, address: str, started: list[servers.Server]) -> None:
        self.address = address
        self._servers = started

    def kill(self, number: int) -> None:
        """End a node as the loss of its machine does."""
        servers.kill(self._servers[number])

    def heal(self) -> None:
        """Bring back every node that was killed and wait until every copy is there again."""
        for number, server in enumerate(self._servers):
            if server.process.poll() is not None:
                self._servers[number] = servers.start(server.plan)
        for server in self._servers:
            servers.wait_until_ready(server, NODES)
        path = f"/_cluster/health?wait_for_status=green&timeout={HEALED:.0f}s"
        assert elastic_addresses.ask("GET", self.address, path)["status"] == "green"

    def master(self) -> int:
        """Which node leads the cluster."""
        (found,) = elastic_addresses.ask("GET", self.address, "/_cat/master?format=json")
        return int(found["node"].removeprefix("n")) - 1


class Place:
    """A ledger with the demo data, an engine on the cluster, and the site over it."""

    def __init__(self, folder: Path, address: str, ledger: Ledger) -> None:
        self.folder = folder
        self.address = f"{address}/faults?shards=3&poll=0.2"
        self.clock = FixedClock(DEFAULT_TODAY)
        self.ledger = ledger
        self.engine = open_engine(self.address, CATALOG, ANALYZER)
        self.publisher = Publisher(CATALOG, ANALYZER, self.ledger, self.engine)

    def bring_penalties(self, rows: int = ROWS) -> None:
        """Import a sheet that was not there before."""
        seed = next(SEEDS)
        sheet = generate_penalties(self.folder / f"{seed}.csv", rows, seed)
        Importer(CATALOG, ANALYZER, self.ledger).import_file(str(sheet))

    def visitors(self) -> Visitors:
        """Eight visitors who ask for demo subjects, which no sheet of penalties changes."""
        app = create_app(Settings(), self.engine, self.clock)
        subjects = [page for page, _ in zip(self._subject_pages(), range(40), strict=False)]
        return Visitors(app, subjects)

    def _subject_pages(self) -> Iterator[str]:
        for document in self.engine.scan("subjects", (), self.clock().date()):
            if isinstance(document, PublicSubject) and document.uscc.startswith(BUSINESS):
                yield f"/search?q={quote(document.title)}"
                yield f"/s/{document.id}?from=search"

    def differences(self) -> list[str]:
        """Where the index is not what the ledger gives, asked of an engine that knows nothing yet."""
        engine = open_engine(self.address, CATALOG, ANALYZER)
        try:
            live = engine.status().live
            assert live is not None
            assert live.applied.seq == self.ledger.last_seq()
            return compare_index(self.ledger, engine, CATALOG, ANALYZER, self.clock().date())
        finally:
            engine.close()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    try:
        with servers.running("elasticsearch", NODES) as (address, started):
            yield Cluster(address, started)
    except Missing as error:
        pytest.exit(str(error), returncode=1)


@contextlib.contextmanager
def opened_place(folder: Path, address: str, ledger: Ledger) -> Iterator[Place]:
    """The demo data, published. Nothing is answered from what the site remembers."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(AnswerCache, "keep", lambda *ignored: None)
        place = Place(folder, address, ledger)
        place.publisher.sync()
        yield place
        place.engine.close()


@pytest.fixture(scope="module")
def place(cluster: Cluster, demo_ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with opened_place(tmp_path_factory.mktemp("place"), cluster.address, demo_ledger) as opened:
        yield opened


@pytest.fixture(autouse=True)
def healed(cluster: Cluster) -> Iterator[None]:
    yield
    cluster.heal()


def killed_during(cluster: Cluster, number: int, work: Callable[[], object], delay: float) -> None:
    """Do the work; a node is killed so many seconds after its beginning."""
    killer = threading.Timer(delay, cluster.kill, (number,))
    killer.start()
    try:
        work()
    finally:
        killer.join()


def test_every_index_has_its_copies(cluster: Cluster, place: Place) -> None:
    shards = elastic_addresses.ask("GET", cluster.address, "/_cat/shards/faults-*?format=json")
    nodes: dict[tuple[str, str], set[str]] = {}
    for shard in shards:
        nodes.setdefault((shard["index"], shard["shard"]), set()).add(shard["node"])
    assert len(nodes) == 3 * 3 + 1
    assert {len(each) for each in nodes.values()} == {2}


@pytest.mark.parametrize("which", ["master", "another"])
def test_a_killed_node_is_not_noticed_by_visitors(cluster: Cluster, place: Place, which: str) -> None:
    master = cluster.master()
    with place.visitors() as visitors:
        time.sleep(BEFORE)
        cluster.kill(master if which == "master" else (master + 1) % NODES)
        time.sleep(AFTER)
    report(f"search, {which} killed", visitors)
    assert visitors.changed == set()


@pytest.mark.parametrize("which", ["master", "another"])
@pytest.mark.parametrize("delay", [0.3, 1.5])
def test_a_sync_goes_on_when_a_node_is_killed(
    cluster: Cluster, place: Place, which: str, delay: float
) -> None:
    place.bring_penalties()
    master = cluster.master()
    with place.visitors() as visitors:
        number = master if which == "master" else (master + 1) % NODES
        killed_during(cluster, number, place.publisher.sync, delay)
    assert place.differences() == []
    report(f"sync, {which} killed after {delay} s", visitors)


@pytest.mark.parametrize("which", ["master", "another"])
@pytest.mark.parametrize("delay", [0.5, 4.0, 8.0])
def test_a_rebuild_goes_on_when_a_node_is_killed(
    cluster: Cluster, place: Place, which: str, delay: float
) -> None:
    master = cluster.master()
    before = place.engine.data_version()
    with place.visitors() as visitors:
        number = master if which == "master" else (master + 1) % NODES
        killed_during(cluster, number, place.publisher.rebuild, delay)
    assert place.engine.data_version().generation != before.generation
    assert place.differences() == []
    report(f"rebuild, {which} killed after {delay} s", visitors)


@pytest.mark.parametrize("product", ["elasticsearch", "opensearch"])
def test_rebuilds_and_many_syncs_are_not_noticed(
    place: Place, demo_ledger: Ledger, tmp_path: Path, product: str
) -> None:
    with contextlib.ExitStack() as stack:
        if product == "opensearch":
            address, _ = stack.enter_context(servers.running(product, NODES))
            place = stack.enter_context(opened_place(tmp_path, address, demo_ledger))
        with place.visitors() as visitors:
            for turn in range(SYNCS):
                place.bring_penalties(FEW_ROWS)
                if turn % SYNCS_TO_A_REBUILD:
                    place.publisher.sync()
                else:
                    place.publisher.rebuild()
        assert place.differences() == []
    report(f"{SYNCS} syncs and rebuilds of {product}", visitors)


def report(what: str, visitors: Visitors) -> None:
    """Nobody saw an error or another answer; how many answers there were."""
    print(f"{what}: {visitors.answers} answers, slowest {visitors.slowest:.2f} s")  # noqa: T201
    assert visitors.wrong == {}
    assert visitors.answers > VISITORS
    assert visitors.judged > LEAST
