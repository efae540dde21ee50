"""By which expression are some words found in a text: anywhere, or inside others only where they are long enough?"""

from __future__ import annotations

import re
from collections.abc import Iterable

SHORTEST_WITHIN = 3
"""Characters; a shorter word stands in too many others (工商 in 工商银行)."""
_NOTHING = "(?!)"


def any_of(words: Iterable[str]) -> str:
    """An expression for any of the words, a longer one before what it begins with; for nothing where there are none."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or _NOTHING


def pattern_of(words: Iterable[str]) -> re.Pattern[str]:
    """Finds the words, the longest first."""
    known = tuple(words)
    within = any_of(word for word in known if len(word) >= SHORTEST_WITHIN)
    return re.compile(rf"{within}|(?<!\S)(?:{any_of(known)})(?!\S)")
