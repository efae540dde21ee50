"""What can be measured? `python -m benchmarks --help`."""

from __future__ import annotations

import argparse
import csv
import gzip
import tempfile
from pathlib import Path

from benchmarks.engines import measure_engines
from benchmarks.figures import machine
from benchmarks.pages import measure_pages
from benchmarks.pipeline import measure_pipeline
from indexers.analysis import Analyzer, load_analyzer
from indexers.catalog import Catalog, load_catalog
from indexers.engines import open_engine
from indexers.importing import Importer
from indexers.ledger import Ledger
from indexers.publishing import Publisher
from samples import generate_penalties


def main() -> None:
    """Run one measurement and print its figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    pipeline = what.add_parser("pipeline", help="file to searchable, beside bare analysis and index calls")
    pipeline.add_argument("--rows", type=int, default=100_000)
    pipeline.add_argument("--format", choices=("csv", "xlsx"), default="csv")
    pages = what.add_parser("pages", help="page times beside the bare engine calls")
    pages.add_argument("--index", type=Path, help="an existing index folder; else one is made from --names")
    engines = what.add_parser("engines", help="the same ledger on several engines: rate, size, page times")
    engines.add_argument("addresses", nargs="+", metavar="ADDRESS", help="beside the embedded engine")
    engines.add_argument("--ledger", help="an existing ledger's address; else one is made from --names")
    for command in (pages, engines):
        command.add_argument(
            "--names", type=Path, help="TSV (gzip) of name, code, date; else generated records are used"
        )
        command.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args()
    print(machine())
    catalog, analyzer = load_catalog(), load_analyzer()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.what == "pipeline":
            file = generate_penalties(folder / f"penalties.{options.format}", options.rows, 1, options.format)
            measure_pipeline(catalog, analyzer, file)
        elif options.what == "engines":
            ledger = Ledger(options.ledger) if options.ledger else _filled(catalog, analyzer, options, folder)
            measure_engines(catalog, analyzer, ledger, [f"embedded:{folder / 'index'}", *options.addresses])
        else:
            measure_pages(catalog, analyzer, options.index or _indexed(catalog, analyzer, options, folder))


def _indexed(catalog: Catalog, analyzer: Analyzer, options: argparse.Namespace, folder: Path) -> Path:
    """An index of the names that are given, or else of generated records."""
    ledger, index = _filled(catalog, analyzer, options, folder), folder / "index"
    Publisher(catalog, analyzer, ledger, open_engine(f"embedded:{index}", catalog, analyzer)).sync()
    return index


def _filled(catalog: Catalog, analyzer: Analyzer, options: argparse.Namespace, folder: Path) -> Ledger:
    """A ledger with the names that are given, or else with generated records."""
    file = folder / "subjects.csv"
    if options.names:
        _profiles(options.names, file)
    else:
        generate_penalties(file, options.rows, 1, "csv")
    ledger = Ledger(f"sqlite:///{folder}/ledger.db")
    Importer(catalog, analyzer, ledger).import_file(str(file))
    return ledger


def _profiles(names: Path, file: Path) -> None:
    """A subject profile sheet from a TSV of name, code, date."""
    with (
        gzip.open(names, "rt", encoding="utf-8") as source,
        file.open("w", encoding="utf-8", newline="") as sheet,
    ):
        writer = csv.writer(sheet)
        writer.writerow(["主体名称", "统一社会信用代码", "成立日期"])
        for row in list(csv.reader(source, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]:
            writer.writerow(row[:3])


if __name__ == "__main__":
    main()
