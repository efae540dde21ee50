import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from indexers import processes
from indexers.errors import CreditSearchError, UsageError
from indexers.processes import map_in_order

ENDS_WITHIN = 10.0


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


PARENT = """
import sys
sys.path.insert(0, {here!r})
from test_processes import hold_pool
if __name__ == "__main__":
    hold_pool()
"""


def hold_pool() -> None:
    """What the parent of the next test does until it is killed."""
    results = map_in_order(multiply_by, (3,), range(1_000_000))
    next(results)
    print("ready", flush=True)  # noqa: T201
    time.sleep(60)


def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    here = Path(__file__).parent
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(here=str(here)))
    environment = {**os.environ, "PYTHONPATH": str(here.parent)}
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        children = children_of(parent.pid)
        parent.send_signal(signal.SIGKILL)
    assert children != []
    assert not left_after_a_while(children)


def left_after_a_while(children: Iterable[int]) -> list[int]:
    until = time.monotonic() + ENDS_WITHIN
    while (left := [child for child in children if is_running(child)]) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def children_of(pid: int) -> list[int]:
    """Its Python processes; the tracker of shared resources ends by itself."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        child = int(stat.parent.name)
        if is_running(child) and _fields(child)[1] == str(pid) and b"resource_tracker" not in _command(child):
            found.append(child)
    return found


def is_running(pid: int) -> bool:
    return _fields(pid)[0] not in ("", "Z")


def _fields(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ["", ""]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
