"""Does shared work come to its end, whoever does it, and do its processes end with it?"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from children import children_left_by, children_of, left_after_a_while

from indexers import sharing
from indexers.errors import CreditSearchError, UsageError
from indexers.sharing import There, share

Made = tuple[int, int]
"""A task, and the process that did it."""


pytestmark = pytest.mark.usefixtures("prepared_helpers")


def repeat_each(times: int) -> Callable[[int], list[Made]]:
    def repeat(task: int) -> list[Made]:
        time.sleep(0.01)
        return [(task, os.getpid())] * times

    return repeat


def refuse_all() -> Callable[[int], list[Made]]:
    def refuse(task: int) -> list[Made]:
        raise UsageError(f"not {task}")

    return refuse


def refuse_to_begin() -> Callable[[int], list[Made]]:
    raise UsageError("no beginning")


def die_at_once() -> Callable[[int], list[Made]]:
    return lambda task: os._exit(9)


def with_others(
    tasks: Iterable[int],
    prepare: Callable[..., Callable[[int], list[Made]]] = repeat_each,
    arguments: tuple[Any, ...] = (2,),
    helpers: int = 2,
) -> Iterator[Made]:
    return share(tasks, repeat_each(2), There(prepare, arguments, list), helpers)


def test_every_task_is_done_once_by_this_process_and_by_others() -> None:
    made = list(with_others(range(60)))
    assert Counter(task for task, _ in made) == dict.fromkeys(range(60), 2)
    by = {process for _, process in made}
    assert os.getpid() in by
    assert len(by) == 3


def test_results_of_one_task_stay_together_and_in_order() -> None:
    there = There(count_to, (), list)
    made = list(share(range(12), count_to(), there, 1))
    assert sorted(made[start : start + 3] for start in range(0, 36, 3)) == [count_to()(n) for n in range(12)]


def count_to() -> Callable[[int], list[Made]]:
    def count(task: int) -> list[Made]:
        time.sleep(0.01)
        return [(task, place) for place in range(3)]

    return count


def test_a_long_task_here_lets_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "LOOK_AFTER", 1)
    order: list[int] = []

    def slowly(task: int) -> Iterator[Made]:
        for _ in range(1_000):
            if len(set(order)) > 5:
                return
            time.sleep(0.01)
            yield task, os.getpid()

    for task, process in share(range(10), slowly, There(repeat_each, (1,), list), 1):
        if process != os.getpid():
            order.append(task)
    assert len(set(order)) > 5


def test_without_others_everything_is_done_here_in_order() -> None:
    before = set(children_of(os.getpid()))
    assert list(with_others(range(3), helpers=0)) == [(n, os.getpid()) for n in range(3) for _ in range(2)]
    assert set(children_of(os.getpid())) <= before


@pytest.mark.parametrize(
    ("prepare", "said"),
    [(refuse_all, r"not \d"), (refuse_to_begin, "no beginning"), (die_at_once, "意外结束")],
)
def test_what_fails_elsewhere_is_told_here(prepare: Any, said: str) -> None:
    with pytest.raises(CreditSearchError, match=said):
        list(with_others(range(1_000), prepare, ()))


def test_an_error_in_the_making_of_tasks_arrives() -> None:
    def tasks() -> Iterator[int]:
        yield 1
        raise UsageError("two is missing")

    with pytest.raises(UsageError, match="two is missing"):
        list(with_others(tasks()))


def test_results_that_are_left_end_the_processes() -> None:
    before = set(children_of(os.getpid()))
    results = with_others(range(1_000_000))
    next(results)
    started = set(children_of(os.getpid())) - before
    assert started
    results.close()  # type: ignore[attr-defined]
    assert not left_after_a_while(started)


def hold_crew() -> None:
    """What the parent of the next test does until it is killed."""
    results = share(iter(int, 1), repeat_each(2), There(repeat_each, (2,), list), 2)
    next(results)
    print("ready", flush=True)  # noqa: T201
    time.sleep(60)


def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    assert not left_after_a_while(children_left_by("test_sharing.hold_crew", tmp_path / "parent.py"))
