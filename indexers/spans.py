"""Which ranges are left of many once those that overlap or touch are one?"""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[int, int]
"""[start, end) of characters or of days."""


def unite(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, overlapping and touching ones as one."""
    united: list[Span] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = united[-1][0], max(united[-1][1], end)
        else:
            united.append((start, end))
    return united
