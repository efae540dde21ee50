"""What did a system reach in each class, and how does it read as a table?"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

import msgspec

from benchmarks.figures import spread_of
from benchmarks.relevance.answering import Answerer, Shown
from benchmarks.relevance.judged import Judged

PLAIN = "full name"
"""The class whose times the others' are compared with."""


class Score(msgspec.Struct):
    """What a class reached."""

    asked: int = 0
    first: int = 0
    drawn: float = 0.0
    ten: int = 0
    reciprocal: float = 0.0
    reasons: int = 0
    milliseconds: list[float] = msgspec.field(default_factory=list)
    processor: list[float] = msgspec.field(default_factory=list)
    misses: list[str] = msgspec.field(default_factory=list)

    def add(self, query: Judged, shown: Sequence[Shown]) -> None:
        """Judge one answer."""
        self.asked += 1
        self.drawn += 1 / query.sharing
        place = place_of(query, shown)
        if place is None:
            self.misses.append(f"{query.text} → {shown[0].title if shown else '(nothing)'}")
            return
        self.first += place == 0
        self.ten += place < 10
        self.reciprocal += 1 / (place + 1)
        is_right = not query.reasons or shown[place].reason in query.reasons
        self.reasons += is_right
        if place or not is_right:
            reason = shown[place].reason
            self.misses.append(f"{query.text}: place {place + 1} ({reason}), first {shown[0].title}")


def place_of(query: Judged, shown: Sequence[Shown]) -> int | None:
    """Where the right answer stands, from 0; None if it is missing, or if anything is shown that should not be."""
    if query.words:
        right = bool(shown) and all(word in each.text for each in shown for word in query.words)
        return 0 if right else None
    if not query.right:
        return None if shown else 0
    return next((place for place, each in enumerate(shown) if each.id in query.right), None)


Scores = dict[str, Score]


def ask_all(system: Answerer, queries: Iterable[Judged]) -> Scores:
    """Ask every query, timed."""
    scores: Scores = {}
    for query in queries:
        score = scores.setdefault(query.name, Score())
        started, used = time.perf_counter(), time.process_time()
        shown = system.answer(query)
        score.milliseconds.append((time.perf_counter() - started) * 1000)
        score.processor.append((time.process_time() - used) * 1000)
        score.add(query, shown)
    return scores


def pooled(parts: Iterable[Scores]) -> Scores:
    """The scores of several sets of queries as those of one."""
    whole: Scores = {}
    for scores in parts:
        for name, score in scores.items():
            into = whole.setdefault(name, Score())
            into.asked += score.asked
            into.first += score.first
            into.drawn += score.drawn
            into.ten += score.ten
            into.reciprocal += score.reciprocal
            into.reasons += score.reasons
            into.milliseconds += score.milliseconds
            into.processor += score.processor
            into.misses += score.misses
    return whole


def class_table(scores: Scores) -> str:
    """One system: a line for each class.

    `by lot`: s@1 if those that answer equally well came in any order. `CPU p99 ÷ plain`: processor time of this
    process as a multiple of the plain search's; neither other programs on the machine nor a server count in it.
    """
    lines = [
        "| class | queries | s@1 | by lot | s@10 | MRR | right reason | ms median | ms p99 | CPU p99 ÷ plain |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    plain = spread_of(scores[PLAIN].processor).p99
    for name, score in scores.items():
        times = spread_of(score.milliseconds)
        ratio = spread_of(score.processor).p99 / plain
        shares = " | ".join(
            _share(count, score.asked)
            for count in (score.first, score.drawn, score.ten, score.reciprocal, score.reasons)
        )
        lines.append(
            f"| {name} | {score.asked} | {shares} | {times.median:.1f} | {times.p99:.1f} | {ratio:.1f} |"
        )
    return "\n".join(lines)


def compared_table(found: dict[str, Scores]) -> str:
    """Several systems side by side: s@1 / s@10 of each class that all were asked."""
    names = [name for name in next(iter(found.values())) if all(name in scores for scores in found.values())]
    lines = [f"| class | {' | '.join(found)} |", f"|---|{'---|' * len(found)}"]
    for name in names:
        cells = (
            f"{_share(scores[name].first, scores[name].asked)} / {_share(scores[name].ten, scores[name].asked)}"
            for scores in found.values()
        )
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _share(part: float, whole: int) -> str:
    """Cut, not rounded: 1.00 means all."""
    return f"{int(part / whole * 1000 + 1e-9) / 1000:.3f}"
