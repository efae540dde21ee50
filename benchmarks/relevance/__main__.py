"""Ask every class of queries and print what came first: `python -m benchmarks.relevance --help`."""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from datetime import date

import msgspec

from benchmarks.figures import machine, spread_of
from benchmarks.relevance.judged import Corpus, Judged, JudgedQueries
from indexers.analysis import load_analyzer
from indexers.answers import Answer, Request
from indexers.catalog import load_catalog
from indexers.clock import shanghai_now
from indexers.documents import PublicRecord, PublicSubject
from indexers.engines import open_engine
from indexers.finding import Finder


class Score(msgspec.Struct):
    """What a class reached."""

    asked: int = 0
    first: int = 0
    ten: int = 0
    reciprocal: float = 0.0
    reasons: int = 0
    milliseconds: list[float] = []
    misses: list[str] = []


def main() -> None:
    """Run the judged queries against one engine."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.relevance", description=__doc__)
    parser.add_argument("--engine", default="embedded:./var/index", help="address of the engine to ask")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--queries", type=int, default=100, help="queries a class")
    parser.add_argument("--misses", type=int, default=3, help="misses shown of each class")
    options = parser.parse_args()
    catalog, analyzer = load_catalog(), load_analyzer()
    engine = open_engine(options.engine, catalog, analyzer)
    today = date.today()
    subjects = [d for d in engine.scan("subjects", (), today) if isinstance(d, PublicSubject)]
    records = [d for d in engine.scan("records", (), today) if isinstance(d, PublicRecord)]
    print(f"{machine()}; {engine.name}; {len(subjects):,} subjects; seed {options.seed}")
    finder = Finder(engine, catalog, analyzer, shanghai_now)
    scores: dict[str, Score] = defaultdict(Score)
    for query in JudgedQueries(Corpus(subjects, records, analyzer), options.seed, options.queries).all():
        started = time.perf_counter()
        answer = finder.find(Request(text=query.text, type=query.type))
        _judge(scores[query.name], query, answer, (time.perf_counter() - started) * 1000)
    print(
        "| class | queries | s@1 | s@10 | MRR | right reason | ms median | ms p99 |\n|---|---|---|---|---|---|---|---|"
    )
    for name, score in scores.items():
        times = spread_of(score.milliseconds)
        shares = [score.first, score.ten, score.reciprocal, score.reasons]
        cells = " | ".join(f"{value / score.asked:.2f}" for value in shares)
        print(f"| {name} | {score.asked} | {cells} | {times.median:.1f} | {times.p99:.1f} |")
    for name, score in scores.items():
        for miss in score.misses[: options.misses]:
            print(f"{name}: {miss}")


def _judge(score: Score, query: Judged, answer: Answer, milliseconds: float) -> None:
    score.asked += 1
    score.milliseconds.append(milliseconds)
    shown = [*answer.hits, *answer.proposals]
    if not query.right:
        right = not shown
        score.first += right
        score.ten += right
        score.reciprocal += right
        score.reasons += right
        if not right:
            score.misses.append(f"{query.text} → {shown[0].document.title}")
        return
    place = next((i for i, hit in enumerate(shown) if hit.document.id in query.right), None)
    if place is None:
        score.misses.append(f"{query.text} → {shown[0].document.title if shown else '(nothing)'}")
        return
    score.first += place == 0
    score.ten += place < 10
    score.reciprocal += 1 / (place + 1)
    score.reasons += shown[place].reason.code in query.reasons
    if place:
        score.misses.append(f"{query.text}: place {place + 1}, first {shown[0].document.title}")


if __name__ == "__main__":
    main()
