"""How does this process share much work with others, where the order of results does not matter?

Unlike the processes of `map_in_order` these have no threads between them and this one: it works itself, and a thread
that brings their results would stand in line for the interpreter with every piece of them.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, NamedTuple, TypeVar

from indexers.errors import CreditSearchError
from indexers.processes import DIED, RARE_COLLECTION, WAITING_PER_PROCESS

LOOK_AFTER = 50
"""Results between two looks at the helpers: a look costs as much as a result, and until it comes they may wait."""

_Task = TypeVar("_Task")
_Sent = TypeVar("_Sent")
_Result = TypeVar("_Result")


class There(NamedTuple, Generic[_Task, _Sent, _Result]):
    """How tasks are done in other processes.

    Each of them calls `prepare(*arguments)` once. What that returns does tasks there, one after the other, and may
    hold what they need; `unpack` makes results of what it sends.
    """

    prepare: Callable[..., Callable[[_Task], _Sent]]
    arguments: tuple[Any, ...]
    unpack: Callable[[_Sent], Iterable[_Result]]


def share(
    tasks: Iterable[_Task],
    here: Callable[[_Task], Iterable[_Result]],
    there: There[_Task, Any, _Result],
    helpers: int,
) -> Iterator[_Result]:
    """Results of all tasks as they come, those of one task in their order.

    Tasks are done `here` and, by as many other processes as there are `helpers`, `there`. Raises what the work raises,
    CreditSearchError where a process dies.
    """
    left = iter(tasks)
    crew = [_Helper(there) for _ in range(helpers)]
    try:
        for task in left:
            for count, result in enumerate(here(task), 1):
                yield result
                if count % LOOK_AFTER == 0:
                    yield from _exchange(crew, left, 0)
            yield from _exchange(crew, left, 0)
        while any(helper.tasks for helper in crew):
            yield from _exchange(crew, left, None)
    finally:
        for helper in crew:
            helper.leave()


def _exchange(
    crew: list[_Helper[_Task, _Result]], left: Iterator[_Task], seconds: float | None
) -> Iterator[_Result]:
    """Take what helpers have done, after waiting so long for any (None: until there is), and give them more."""
    ready = wait([helper.connection for helper in crew], seconds) if crew else []
    done = [helper.take() for helper in crew if helper.connection in ready]
    for helper in crew:
        for task in islice(left, helper.room()):
            helper.give(task)
    for results in done:
        yield from results


class _Helper(Generic[_Task, _Result]):
    """Another process, and how many tasks it has."""

    def __init__(self, there: There[_Task, Any, _Result]) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.tasks = 0
        self._is_ready = False
        self._unpack = there.unpack
        context.Process(target=_serve, args=(theirs, there.prepare, there.arguments), daemon=True).start()
        theirs.close()

    def room(self) -> int:
        """How many tasks it can be given now; none before it is prepared, so that this process need not wait."""
        return WAITING_PER_PROCESS - self.tasks if self._is_ready else 0

    def give(self, task: _Task) -> None:
        """Let it do a task after those that it has."""
        with _telling_of_death():
            self.connection.send(task)
        self.tasks += 1

    def take(self) -> Iterable[_Result]:
        """The results of the task it has had longest, or none for the word that it is prepared; waits for either.

        Raises what the work raised there.
        """
        with _telling_of_death():
            sent = self.connection.recv()
        if isinstance(sent, CreditSearchError):
            raise sent
        if not self._is_ready:
            self._is_ready = True
            return ()
        self.tasks -= 1
        return self._unpack(sent)

    def leave(self) -> None:
        """Let it end, whatever it is doing."""
        self.connection.close()


@contextlib.contextmanager
def _telling_of_death() -> Iterator[None]:
    try:
        yield
    except (EOFError, ConnectionError) as error:
        raise CreditSearchError(DIED) from error


def _serve(
    connection: Connection[Any, Any], prepare: Callable[..., Callable[[Any], Any]], arguments: tuple[Any, ...]
) -> None:
    """What a helper does until nobody is left who wants it."""
    # An interrupt at the keyboard is for the process that started this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*RARE_COLLECTION)
    with contextlib.suppress(EOFError, ConnectionError):
        try:
            work = prepare(*arguments)
            connection.send(None)
            while True:
                connection.send(work(connection.recv()))
        except CreditSearchError as error:
            connection.send(error)
            while True:  # Whoever gives more has not read this yet, and must not meet a closed door.
                connection.recv()
    # To let go of its words one by one would take a core half a second, just when the index is written to the end.
    os._exit(0)
