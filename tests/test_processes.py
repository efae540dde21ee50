import itertools
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from children import children_left_by, children_of, left_after_a_while

from indexers import processes
from indexers.errors import CreditSearchError, UsageError
from indexers.processes import map_in_order


def multiply_by(factor: int) -> Callable[[int], int]:
    def multiply(task: int) -> int:
        time.sleep(0.02 * (task % 3))
        return task * factor

    return multiply


def count_up() -> Callable[[int], int]:
    """Numbers the tasks in the process that does them."""
    seen = itertools.count(1)
    return lambda task: next(seen)


def refuse_all() -> Callable[[int], int]:
    def refuse(task: int) -> int:
        raise UsageError(f"not {task}")

    return refuse


def die_at_once() -> Callable[[int], int]:
    return lambda task: os._exit(9)


def fail_after_one() -> Iterator[int]:
    yield 1
    raise UsageError("two is missing")


def test_results_come_in_the_order_of_the_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "count_cores", lambda: 2)
    assert list(map_in_order(multiply_by, (3,), range(20))) == [n * 3 for n in range(20)]


def test_each_process_is_prepared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "count_cores", lambda: 1)
    assert list(map_in_order(count_up, (), range(5))) == [1, 2, 3, 4, 5]


def test_an_error_of_a_task_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "count_cores", lambda: 1)
    results = map_in_order(refuse_all, (), range(4))
    with pytest.raises(UsageError, match="not 0"):
        next(results)


def test_an_error_in_the_making_of_tasks_arrives() -> None:
    with pytest.raises(UsageError, match="two is missing"):
        list(map_in_order(multiply_by, (3,), fail_after_one()))


def test_a_process_that_dies_is_an_error() -> None:
    with pytest.raises(CreditSearchError, match="意外结束"):
        list(map_in_order(die_at_once, (), range(4)))


def test_results_that_are_left_end_the_processes() -> None:
    before = set(children_of(os.getpid()))
    results = map_in_order(multiply_by, (3,), range(1_000_000))
    assert next(results) == 0
    started = set(children_of(os.getpid())) - before
    assert started
    results.close()  # type: ignore[attr-defined]
    assert not left_after_a_while(started)


def hold_pool() -> None:
    """What the parent of the next test does until it is killed."""
    results = map_in_order(multiply_by, (3,), range(1_000_000))
    next(results)
    print("ready", flush=True)  # noqa: T201
    time.sleep(60)


def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    assert not left_after_a_while(children_left_by("test_processes.hold_pool", tmp_path / "parent.py"))
