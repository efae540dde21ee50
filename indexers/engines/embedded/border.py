"""How does a failure of tantivy leave this package: as one of our errors, in time?"""

from __future__ import annotations

import time
from contextlib import ContextDecorator
from types import TracebackType

import msgspec

from indexers.errors import CreditSearchError, EngineError, EngineTimeout

PANIC_MODULE = "pyo3_runtime"
"""Rust panics arrive as PanicException of this module, a BaseException that cannot be imported."""


class Border(ContextDecorator):
    """Turns what tantivy raises (ValueError, OSError, panics) into EngineError; lets everything else pass."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, CreditSearchError):
            return
        panic = type(error).__module__ == PANIC_MODULE
        if panic or isinstance(error, ValueError | OSError | msgspec.MsgspecError):
            raise EngineError(f"内嵌检索引擎出错:{error}") from error


border = Border()
"""Without state: one for all calls, as `with border:` or `@border`."""


class Deadline:
    """When a request must be answered: a running call cannot be stopped, but the next is not begun."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def check(self) -> None:
        """EngineTimeout once the time is over."""
        if time.monotonic() > self._end:
            raise EngineTimeout(f"检索未能在 {self._seconds:g} 秒内完成")
