"""What was asked once and holds as long as what it depends on?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Kept(Generic[_T]):
    """An answer that depends on one state alone (the version of the index and the day); asked once for each state."""

    def __init__(self, ask: Callable[[], _T]) -> None:
        self._ask = ask
        self._kept: tuple[object, _T] | None = None

    def at(self, state: object) -> _T:
        """The answer for this state."""
        kept = self._kept
        if kept is None or kept[0] != state:
            kept = self._kept = (state, self._ask())
        return kept[1]
