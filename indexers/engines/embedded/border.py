"""How does a failure of tantivy leave this package: as one of our errors, in time?"""

from __future__ import annotations

from contextlib import ContextDecorator
from types import TracebackType

import msgspec

from indexers.errors import CreditSearchError, EngineError

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
            raise EngineError(f"内嵌检索引擎出错：{error}") from error


border = Border()
"""Without state: one for all calls, as `with border:` or `@border`."""
