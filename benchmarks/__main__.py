"""What can be measured? `python -m benchmarks --help`."""

from __future__ import annotations

import argparse
import csv
import gzip
import shutil
import tempfile
from pathlib import Path

from benchmarks.figures import machine
from benchmarks.pages import measure_pages
from benchmarks.pipeline import measure_pipeline
from indexers.analysis import load_analyzer
from indexers.catalog import load_catalog
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
    pages.add_argument(
        "--names", type=Path, help="TSV (gzip) of name, code, date; else generated records are used"
    )
    pages.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args()
    print(machine())
    catalog, analyzer = load_catalog(), load_analyzer()
    with tempfile.TemporaryDirectory() as folder:
        if options.what == "pipeline":
            file = generate_penalties(
                Path(folder, f"penalties.{options.format}"), options.rows, 1, options.format
            )
            measure_pipeline(catalog, analyzer, file)
            return
        index = options.index or Path(folder, "index")
        if options.index is None:
            file = Path(folder, "subjects.csv")
            if options.names:
                _profiles(options.names, file)
            else:
                generate_penalties(file, options.rows, 1, "csv")
            ledger = Ledger(f"sqlite:///{folder}/ledger.db")
            Importer(catalog, analyzer, ledger).import_files([str(file)])
            Publisher(catalog, analyzer, ledger, open_engine(f"embedded:{index}", catalog, analyzer)).sync()
        measure_pages(catalog, analyzer, index)
        if options.index is None:
            shutil.rmtree(index)


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
