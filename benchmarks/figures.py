"""How are times taken and printed?"""

from __future__ import annotations

import multiprocessing
import platform
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec


class Stopwatch:
    """Adds up the seconds of the pieces it is held to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count the time of this block."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds += time.perf_counter() - started


class Spread(msgspec.Struct, frozen=True):
    """Median and 99th percentile of some durations, in milliseconds."""

    median: float
    p99: float


def spread(call: Callable[[], object], times: int) -> Spread:
    """Time a call several times."""
    taken: list[float] = []
    for _ in range(times):
        started = time.perf_counter()
        call()
        taken.append((time.perf_counter() - started) * 1000)
    return spread_of(taken)


def spread_of(milliseconds: Sequence[float]) -> Spread:
    """The spread of durations already taken."""
    ordered = sorted(milliseconds)
    return Spread(statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))])


def peak_mebibytes() -> tuple[float, float]:
    """Largest resident memory so far of this process and of its largest child, whose end is waited for."""
    for child in multiprocessing.active_children():
        child.join()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return own / 1024, children / 1024


def machine() -> str:
    """One line about the machine."""
    import os

    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def show(name: str, value: object, unit: str = "") -> None:
    """One line of a table."""
    text = f"{value:,.2f}" if isinstance(value, float) else str(value)
    print(f"{name:<58} {text:>14} {unit}", flush=True)
