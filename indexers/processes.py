"""How does work go to another processor's core, in order, and end with its parent?

Python runs one thread at a time, so checking the rows of a big file gets processes of its own (what needs no order is
`sharing`). They are started afresh (never forked: the parent has threads) and end when the parent does, however it
ends.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import Any, TypeVar

from indexers.errors import CreditSearchError

WAITING_PER_PROCESS = 2
"""Chunks handed out per process: one in work, one waiting; more would only fill memory."""
MOST_PROCESSES = 4
"""Above, the one process that writes is what everything waits for."""

DIED = "一个工作进程意外结束（内存不足？）；请再次运行同一命令"

RARE_COLLECTION = (100_000, 50, 100)
"""Thresholds of the cycle collector while rows flow by the million: they hold no cycles, and with the usual
thresholds walking the dictionaries again and again took a tenth of the time."""

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


def count_cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def count_processes() -> int:
    """Processes that are worth having where there is much to do."""
    return min(count_cores(), MOST_PROCESSES)


@contextlib.contextmanager
def collecting_rarely() -> Iterator[None]:
    """Look for cycles seldom while this block handles many rows."""
    usual = gc.get_threshold()
    gc.set_threshold(*RARE_COLLECTION)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def map_in_order(
    prepare: Callable[..., Callable[[_Task], _Result]], arguments: tuple[Any, ...], tasks: Iterable[_Task]
) -> Iterator[_Result]:
    """Results of the tasks, in their order. Each process calls `prepare(*arguments)` once: what that returns does tasks
    one after the other, and may hold what they share.

    Raises what the making of tasks or the work raises, CreditSearchError where a process dies.
    """
    processes = count_processes()
    context = multiprocessing.get_context("spawn")
    waiting: deque[Future[_Result]] = deque()
    pool = ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(prepare, arguments))
    try:
        for _ in range(processes):
            # A process is started for each call that finds none idle: all start while the first task is made.
            pool.submit(_wake)
        for task in tasks:
            waiting.append(pool.submit(_do, task))
            if len(waiting) > processes * WAITING_PER_PROCESS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise CreditSearchError(DIED) from error
    finally:
        # Not waited for: what a process lets go of takes it half a second, and there is nothing left to learn from it.
        pool.shutdown(wait=False, cancel_futures=True)


def _wake() -> None:
    """Nothing: a task for a process to start for."""


_work: Callable[[Any], Any]
"""What does the tasks of this process; there only where it was started for them."""


def _begin(prepare: Callable[..., Callable[[Any], Any]], arguments: tuple[Any, ...]) -> None:
    """What every process does first. A killed parent cannot tell its children; they watch it."""
    global _work
    gc.set_threshold(*RARE_COLLECTION)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_after, args=(parent.sentinel,), daemon=True).start()
    _work = prepare(*arguments)


def _do(task: Any) -> Any:
    return _work(task)


def _leave_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
