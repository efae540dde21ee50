"""How are the demo data and queries made again, or a large sheet for a load run: `python -m samples --help`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from samples.bulk import generate_penalties
from samples.collection import DEFAULT_RECORDS, DEFAULT_SEED, DEFAULT_SUBJECTS, DEFAULT_TODAY, Collection
from samples.dirty import write_dirty
from samples.queries import COUNT, make_queries
from samples.sheets import write_file

_HERE = Path(__file__).parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the demo (no command), one sheet of penalties, or queries."""
    options = _parser().parse_args(arguments)
    if options.command == "penalties":
        print(generate_penalties(options.output, options.rows, options.seed, options.format))
        return 0
    if options.command == "queries":
        write_queries(options.output, options.count)
        return 0
    write_all(options.output, options.subjects, options.records, options.seed, options.today)
    return 0


def write_all(folder: Path, subjects: int, records: int, seed: int, today: date) -> None:
    """Write `data/` and `dirty/` under a folder."""
    data, dirty = folder / "data", folder / "dirty"
    for place in (data, dirty):
        place.mkdir(parents=True, exist_ok=True)
    for file in Collection(subjects, records, seed, today).files():
        print(write_file(data, file))
    for path in write_dirty(dirty):
        print(path)


def write_queries(path: Path, count: int) -> None:
    """Write queries about the demo as it is shipped, one a line."""
    collection = Collection(DEFAULT_SUBJECTS, DEFAULT_RECORDS, DEFAULT_SEED, DEFAULT_TODAY)
    path.write_text("\n".join([*make_queries(collection, count, DEFAULT_SEED), ""]), encoding="utf-8")
    print(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m samples", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=_HERE, help="folder for data/ and dirty/")
    parser.add_argument("--subjects", type=int, default=DEFAULT_SUBJECTS, help="default %(default)s")
    parser.add_argument("--records", type=int, default=DEFAULT_RECORDS, help="default %(default)s")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="same seed, same files")
    parser.add_argument("--today", type=date.fromisoformat, default=DEFAULT_TODAY, help="default %(default)s")
    commands = parser.add_subparsers(dest="command")
    bulk = commands.add_parser("penalties", help="one sheet of penalties for load runs")
    bulk.add_argument("--rows", type=int, default=100_000)
    bulk.add_argument("--format", choices=("csv", "xlsx"), default="csv")
    bulk.add_argument("--seed", type=int, default=DEFAULT_SEED)
    bulk.add_argument("-o", "--output", type=Path, required=True)
    queries = commands.add_parser("queries", help="queries about the demo, for credit-search compare")
    queries.add_argument("--count", type=int, default=COUNT, help="default %(default)s")
    queries.add_argument("-o", "--output", type=Path, default=_HERE / "queries.txt")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
