"""How much time is left to answer a request?"""

from __future__ import annotations

import time

from indexers.errors import EngineTimeout


class Deadline:
    """When a request must be answered; what runs is not stopped by it, but nothing is begun after it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def check(self) -> None:
        """EngineTimeout once the time is over."""
        self.left()

    def left(self) -> float:
        """Seconds left, more than none; EngineTimeout once the time is over."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise EngineTimeout(f"检索未能在 {self._seconds:g} 秒内完成")
        return left
