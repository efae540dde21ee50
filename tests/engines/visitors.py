"""What do eight visitors see of a site while something happens to its engine?"""

from __future__ import annotations

import difflib
import re
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from types import TracebackType

from httpx2 import Response
from starlette.applications import Starlette
from starlette.testclient import TestClient

VISITORS = 8
SHOWN_LINES = 12


class Visitors:
    """Ask for the same pages again and again from entering to leaving.

    Every answer must be as it was before. A page that is another one afterwards may have been anything between.
    """

    def __init__(self, app: Starlette, paths: Sequence[str]) -> None:
        self._app = app
        self._expected: Mapping[str, str] = {}
        self._paths = paths
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self.answers = 0
        self.slowest = 0.0
        self._others: list[tuple[str, str]] = []
        self.wrong: Counter[str] = Counter()
        """What was not as expected, known when they have left: a status, or another page."""
        self.changed: set[str] = set()
        """Pages that are others afterwards: what was brought is by chance about the same subject or brand."""

    def __enter__(self) -> Visitors:
        self._expected = self._ask_all()
        self._threads = [threading.Thread(target=self._visit, args=(n,)) for n in range(VISITORS)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()
        afterwards = self._ask_all()
        self.changed = {path for path in self._paths if afterwards[path] != self._expected[path]}
        for path, content in self._others:
            if path not in self.changed:
                self.wrong[self._other_lines(path, content)] += 1

    @property
    def judged(self) -> float:
        """The share of pages that have to stay as they are."""
        return 1 - len(self.changed) / len(self._paths)

    def _ask_all(self) -> dict[str, str]:
        client = self._client()
        return {path: _content(client.get(path)) for path in self._paths}

    def _client(self) -> TestClient:
        return TestClient(self._app, base_url="http://credit.test", raise_server_exceptions=False)

    def _visit(self, number: int) -> None:
        client = self._client()
        turn = number
        while not self._ended.is_set():
            path = self._paths[turn % len(self._paths)]
            turn += 1
            # A word of its own for each page: none is answered from those the site keeps.
            mark = f"{number}x{turn}"
            started = time.monotonic()
            answer = client.get(f"{path}&n={mark}")
            taken = time.monotonic() - started
            with self._lock:
                self.answers += 1
                self.slowest = max(self.slowest, taken)
                if answer.status_code != 200:
                    self.wrong[f"{answer.status_code} for {path}"] += 1
                elif (content := _content(answer).replace(f"&amp;n={mark}", "")) != self._expected[path]:
                    self._others.append((path, content))

    def _other_lines(self, path: str, text: str) -> str:
        """How an answer differs from the one before, for whoever reads the report of a failure."""
        lines = difflib.unified_diff(self._expected[path].splitlines(), text.splitlines(), n=0, lineterm="")
        return "\n".join([f"another answer for {path}", *islice(lines, 2, 2 + SHOWN_LINES)])


_CHANGING = re.compile(
    r'数据版本 [\d: -]+（第 \d+ 版）|(?<=记录 <span class="n">)[\d,]+|(?<=另有 )[\d,]+(?= 条记录)'
)
"""The version of the data, and how many records hold the words of a name: a sync changes both as it goes."""


def _content(answer: Response) -> str:
    """A page without what every sync changes."""
    return _CHANGING.sub("", answer.text)
