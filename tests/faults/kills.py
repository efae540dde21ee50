"""Is anything lost or doubled when import, sync and rebuild are killed at any moment: `make kills`."""
# ruff: noqa: T201

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import sqlalchemy as sa

from indexers.analysis import load_analyzer
from indexers.catalog import load_catalog
from indexers.clock import shanghai_today
from indexers.engines import open_engine
from indexers.ledger import Ledger
from samples.bulk import generate_penalties
from tests.faults.index_check import compare_index

ROOT = Path(__file__).parents[2]
KILLS_PER_STEP = 4
"""Kills of one command before it may finish; then the next command has its turn."""
ORPHAN_SECONDS = 20.0
"""How long children of a killed command may take to notice: one that is just starting loads its modules first, and
on a busy machine that takes some seconds."""
LONGEST_STEP = 600.0
SHOWN_DIFFERENCES = 20


class Step(msgspec.Struct, frozen=True):
    """One command; `arguments` are made when its turn comes, and kept for its repetitions."""

    name: str
    arguments: Callable[[Place], list[str]]
    in_step: bool
    """Whether the index must equal the ledger after it."""


class Place(msgspec.Struct, frozen=True):
    """A folder with a ledger and an index of its own."""

    folder: Path

    @property
    def ledger(self) -> str:
        return f"sqlite:///{self.folder / 'ledger.db'}"

    @property
    def engine(self) -> str:
        return f"embedded:{self.folder / 'index'}"

    def start(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        """The command in a session of its own, so that all its processes can be found."""
        environment = os.environ | {
            "CREDIT_SEARCH_LEDGER": self.ledger,
            "CREDIT_SEARCH_ENGINE": self.engine,
            "PYTHONPATH": str(ROOT),
        }
        with (self.folder / "output.txt").open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "search_site", *arguments],
                cwd=self.folder,
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def finish(self, arguments: Sequence[str]) -> float:
        """Run the command to its end; seconds. RuntimeError if it fails."""
        started = time.monotonic()
        process = self.start(arguments)
        if process.wait(LONGEST_STEP):
            raise RuntimeError(f"{' '.join(arguments)} failed; see {self.folder / 'output.txt'}")
        return time.monotonic() - started


# -- what is killed ---------------------------------------------------------------------------------------------


def list_steps(data: Path) -> list[Step]:
    """A day of a desk: two big sheets, the demo with its events, a retraction, and the index behind them."""
    demo = sorted(str(path) for path in (ROOT / "samples" / "data").iterdir())
    return [
        Step("import first", lambda _: ["import", str(data / "first.csv")], in_step=False),
        Step("sync (first build)", lambda _: ["sync"], in_step=True),
        Step("import demo", lambda _: ["import", *demo], in_step=False),
        Step("sync", lambda _: ["sync"], in_step=True),
        Step("retract", lambda place: ["retract", _some_record(place), "--reason", "repaired"], in_step=True),
        Step("import second", lambda _: ["import", str(data / "second.csv")], in_step=False),
        Step("rebuild", lambda _: ["rebuild"], in_step=True),
        Step("import again", lambda _: ["import", str(data / "second.csv"), *demo], in_step=False),
        Step("sync again", lambda _: ["sync"], in_step=True),
    ]


def _some_record(place: Place) -> str:
    """The same record in every run: ids are random, contents are not."""
    rows = _ask(
        place, "SELECT id FROM records WHERE state = 'current' AND collection = 'records' ORDER BY row_hash"
    )
    return str(rows[0][0])


def kill_often(
    place: Place, arguments: list[str], seconds: float, kills: int, rng: random.Random
) -> tuple[int, int]:
    """Start the command and kill it at a random moment, some times; (kills, orphans left)."""
    done = orphans = 0
    for _ in range(kills):
        process = place.start(arguments)
        time.sleep(rng.uniform(0, seconds))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            done += 1
        process.wait(LONGEST_STEP)
        orphans += _orphans(process.pid)
    return done, orphans


def _orphans(session: int) -> int:
    """Processes of a session that outlive it; they are ended."""
    until = time.monotonic() + ORPHAN_SECONDS
    while (left := list(_processes_of(session))) and time.monotonic() < until:
        time.sleep(0.05)
    for process in left:
        os.kill(process, signal.SIGKILL)
    return len(left)


def _processes_of(session: int) -> Iterator[int]:
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            yield int(status.parent.name)


# -- what must be so afterwards ---------------------------------------------------------------------------------

_CONTENTS = """SELECT kind, list, row_hash, state, withheld, visible_from, visible_until, attached_by, COUNT(*)
    FROM records GROUP BY kind, list, row_hash, state, withheld, visible_from, visible_until, attached_by"""
_COUNTS = {
    "events": "SELECT event, COUNT(*) FROM events GROUP BY event",
    "subjects": "SELECT uscc, name_norm, joined_to FROM subjects",
    "names": "SELECT n.name_norm, s.uscc FROM subject_names n JOIN subjects s ON s.id = n.subject_id",
    "persons": "SELECT kind, COUNT(*) FROM persons GROUP BY kind",
    "contents": "SELECT COUNT(*) FROM contents",
    "records": _CONTENTS,
}
_LEFT_OVER = {
    "staged rows": "SELECT COUNT(*) FROM staged",
    "contents of nothing": "SELECT COUNT(*) FROM contents WHERE no NOT IN (SELECT content_no FROM records)",
    "batches never settled": "SELECT COUNT(*) FROM batches WHERE state <> 'done'",
    "numbers given twice": "SELECT COUNT(*) FROM (SELECT seq FROM records GROUP BY seq HAVING COUNT(*) > 1) AS d",
}


def compare_ledgers(calm: Place, killed: Place) -> list[str]:
    """What the ledger of the killed run has more or less than that of the undisturbed one."""
    differences: list[str] = []
    for what, query in _COUNTS.items():
        expected, found = Counter(_ask(calm, query)), Counter(_ask(killed, query))
        differences += [f"ledger lost {what}: {row}" for row in (expected - found)]
        differences += [f"ledger doubled {what}: {row}" for row in (found - expected)]
    for what, query in _LEFT_OVER.items():
        [[count]] = _ask(killed, query)
        if count:
            differences.append(f"ledger: {count} {what}")
    return differences


def compare_place(place: Place) -> list[str]:
    """Where the index of a place holds another document than its ledger gives."""
    catalog, analyzer = load_catalog(), load_analyzer()
    ledger, engine = Ledger(place.ledger), open_engine(place.engine, catalog, analyzer)
    try:
        return compare_index(ledger, engine, catalog, analyzer, shanghai_today())
    finally:
        engine.close()
        ledger.close()


def _ask(place: Place, query: str) -> list[tuple[object, ...]]:
    engine = sa.create_engine(place.ledger)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(sa.text(query))]
    engine.dispose()
    return rows


# -- the run ----------------------------------------------------------------------------------------------------


class Tally(msgspec.Struct):
    """What the kills of one step came to."""

    kills: int = 0
    orphans: int = 0
    differences: int = 0


def run(rounds: int, rows: int, folder: Path, rng: random.Random) -> list[str]:
    """Kill `rounds` times; all differences found."""
    data = _new_folder(folder, "data")
    generate_penalties(data / "first.csv", rows, seed=1)
    generate_penalties(data / "second.csv", rows // 10, seed=2)
    steps = list_steps(data)
    calm = Place(_new_folder(folder, "calm"))
    seconds = {step.name: calm.finish(step.arguments(calm)) for step in steps}
    differences = [f"undisturbed: {text}" for text in compare_place(calm)]
    tallies = {step.name: Tally() for step in steps}
    turn = 0
    while sum(tally.kills for tally in tallies.values()) < rounds:
        turn += 1
        place = Place(_new_folder(folder, f"killed-{turn}"))
        for step in steps:
            found = _disturb(place, step, seconds[step.name], tallies[step.name], rng)
            differences += [f"turn {turn}, {step.name}: {text}" for text in found]
        differences += [f"turn {turn}: {text}" for text in compare_ledgers(calm, place)]
        print(f"turn {turn}: {sum(tally.kills for tally in tallies.values())} kills", file=sys.stderr)
    _print_table(seconds, tallies)
    return differences


def _disturb(place: Place, step: Step, seconds: float, tally: Tally, rng: random.Random) -> list[str]:
    arguments = step.arguments(place)
    kills, orphans = kill_often(place, arguments, seconds, KILLS_PER_STEP, rng)
    place.finish(arguments)
    differences = compare_place(place) if step.in_step else []
    differences += [f"{orphans} processes outlived their parent"] if orphans else []
    tally.kills += kills
    tally.orphans += orphans
    tally.differences += len(differences)
    return differences


def _new_folder(folder: Path, name: str) -> Path:
    path = folder / name
    path.mkdir(parents=True)
    return path


def _print_table(seconds: dict[str, float], tallies: dict[str, Tally]) -> None:
    print(f"{'command':20} {'seconds':>8} {'kills':>6} {'orphans':>8} {'differences':>12}")
    for name, tally in tallies.items():
        print(f"{name:20} {seconds[name]:8.1f} {tally.kills:6} {tally.orphans:8} {tally.differences:12}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kills", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="kills in all; default %(default)s")
    parser.add_argument(
        "--rows", type=int, default=14_000, help="rows of the first sheet; default %(default)s"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the moments; default %(default)s")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        differences = run(options.rounds, options.rows, Path(folder), random.Random(options.seed))
    for text in differences[:SHOWN_DIFFERENCES]:
        print(text)
    print(f"{len(differences)} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
