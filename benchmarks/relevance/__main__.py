"""Ask every class of queries, print what came first, keep the tables: `python -m benchmarks.relevance --help`."""

from __future__ import annotations

import argparse
import contextlib
import gc
import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from benchmarks.figures import machine
from benchmarks.relevance.answering import Answerer, Site
from benchmarks.relevance.corpus import Corpus, read_corpus
from benchmarks.relevance.hands import Hands
from benchmarks.relevance.judged import Judged, JudgedQueries
from benchmarks.relevance.mistakes import Chance, Slips
from benchmarks.relevance.peers import FullText5, LuceneServer, Meilisearch
from benchmarks.relevance.scores import PLAIN, Scores, ask_all, class_table, compared_table, pooled
from indexers.analysis import Analyzer, load_analyzer
from indexers.catalog import Catalog, load_catalog
from indexers.clock import shanghai_now
from indexers.engines import open_engine
from indexers.finding import Finder
from indexers.importing import Importer
from indexers.ledger import Ledger
from indexers.publishing import Publisher

ROOT = Path(__file__).parents[2]
PAPER = ROOT / "RELEVANCE.md"
GENERATORS: dict[str, Callable[[int, list[str]], Slips]] = {"chance": Chance, "hands": Hands}
WARMING = 100
"""Queries asked before any is judged."""
ALPHABET = 50_000
"""Names that show a generator which characters people type, and how often."""


def main() -> None:
    """Run the judged queries against the engines, then against others' search over the same names."""
    options = _options()
    catalog, analyzer = load_catalog(), load_analyzer()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        addresses = options.engine or [_invented(catalog, analyzer, Path(folder))]
        engines = [open_engine(address, catalog, analyzer) for address in addresses]
        for engine in engines:
            stack.callback(engine.close)
        corpus = read_corpus(engines[0], analyzer)
        queries = {name: _queries(corpus, name, options) for name in options.generator}
        text = f"{_circumstances(corpus, options)}\n"
        compared: dict[str, Scores] = {}
        for engine in engines:
            site = Site(f"credit-search, {engine.name}", Finder(engine, catalog, analyzer, shanghai_now))
            found = _ask_site(site, queries)
            for name, scores in found.items():
                text += f"\n{site.name}, mistakes by *{name}*:\n\n{class_table(scores)}\n"
                _print_misses(name, scores, options.misses)
            compared[site.name] = pooled(found.values())
        _keep(options.section, text, compared)
        of_subjects = [query for asked in queries.values() for query in asked if query.type == "subject"]
        for peer in _peers(options, corpus, stack):
            compared[peer.name] = ask_all(peer, of_subjects)
            _keep(options.section, text, compared)
    print(_whole(text, compared))


def _circumstances(corpus: Corpus, options: argparse.Namespace) -> str:
    seeds = ", ".join(map(str, options.seed))
    return (
        f"{date.today()}; {machine()}; {len(corpus.subjects):,} subjects, {len(corpus.records):,} records; "
        f"{options.queries} queries a class, seed and generator; seeds {seeds}."
    )


def _ask_site(site: Site, queries: dict[str, list[Judged]]) -> dict[str, Scores]:
    """Scores by generator. Some queries go ahead unjudged, so that dictionaries and files are read."""
    some = [query for asked in queries.values() for query in asked]
    ask_all(site, some[:: max(1, len(some) // WARMING)])
    gc.freeze()  # else the collector walks through the corpus in the time of some query
    return {name: ask_all(site, asked) for name, asked in queries.items()}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.relevance", description=__doc__)
    parser.add_argument(
        "--engine",
        action="append",
        help="address of an index to ask (repeatable); else the invented demo data",
    )
    parser.add_argument("--seed", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--generator", choices=GENERATORS, nargs="+", default=list(GENERATORS))
    parser.add_argument("--queries", type=int, default=100, help="queries a class, seed and generator")
    parser.add_argument("--only", nargs="+", metavar="CLASS", help=f"ask these classes alone, and {PLAIN}")
    parser.add_argument("--misses", type=int, default=3, help="misses shown of each class")
    parser.add_argument("--opensearch", help="address of an OpenSearch to compare with")
    parser.add_argument("--elasticsearch", help="address of an Elasticsearch to compare with")
    parser.add_argument("--meilisearch", help="address of a Meilisearch to compare with")
    parser.add_argument("--meilisearch-key", default="")
    parser.add_argument("--section", help="replace this section's figures in RELEVANCE.md")
    return parser.parse_args()


def _queries(corpus: Corpus, generator: str, options: argparse.Namespace) -> list[Judged]:
    alphabet = [subject.title for subject in corpus.subjects[:ALPHABET]]
    return [
        query
        for seed in options.seed
        for query in JudgedQueries(corpus, GENERATORS[generator](seed, alphabet), options.queries).all()
        if options.only is None or query.name in (PLAIN, *options.only)
    ]


def _peers(options: argparse.Namespace, corpus: Corpus, stack: contextlib.ExitStack) -> Iterator[Answerer]:
    """Each gets all names when its turn comes, and is cleared away at the end."""
    yield FullText5(corpus.subjects)
    for name, address, analyzer in (
        ("OpenSearch", options.opensearch, "cjk"),
        ("Elasticsearch", options.elasticsearch, "standard"),
    ):
        if address:
            server = LuceneServer(name, address, analyzer, corpus.subjects)
            stack.callback(server.close)
            yield server
    if options.meilisearch:
        meilisearch = Meilisearch(options.meilisearch, options.meilisearch_key, corpus.subjects)
        stack.callback(meilisearch.close)
        yield meilisearch


def _invented(catalog: Catalog, analyzer: Analyzer, folder: Path) -> str:
    """The address of an index of the demo data, which is made here."""
    address = f"embedded:{folder}/index"
    ledger = Ledger(f"sqlite:///{folder}/ledger.db")
    files = sorted(map(str, (ROOT / "samples" / "data").iterdir()))
    importer = Importer(catalog, analyzer, ledger)
    for file in files:
        importer.import_file(file)
    Publisher(catalog, analyzer, ledger, open_engine(address, catalog, analyzer)).sync()
    return address


def _print_misses(generator: str, scores: Scores, most: int) -> None:
    for name, score in scores.items():
        for miss in score.misses[:most]:
            print(f"{generator}, {name}: {miss}", flush=True)


def _whole(text: str, compared: dict[str, Scores]) -> str:
    return f"{text}\nSide by side, all generators together, s@1 / s@10:\n\n{compared_table(compared)}\n"


def _keep(section: str | None, text: str, compared: dict[str, Scores]) -> None:
    """Put what is known so far between the section's marks in RELEVANCE.md: a server may still fail."""
    if section is None:
        return
    begin, end = f"<!-- figures: {section} -->", "<!-- end of figures -->"
    paper = PAPER.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if not pattern.search(paper):
        raise SystemExit(f"RELEVANCE.md has no section {begin}")
    kept = f"{begin}\n{_whole(text, compared)}{end}"
    PAPER.write_text(pattern.sub(lambda _: kept, paper), encoding="utf-8")


if __name__ == "__main__":
    main()
