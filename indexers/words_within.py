"""Where in a text does one of some words stand: inside others where it is long enough, else between blanks?"""

from __future__ import annotations

import re
from collections.abc import Iterable

SHORTEST_WITHIN = 3
"""Characters; a shorter word stands in too many others (工商 in 工商银行)."""
_NOTHING = "(?!)"


def pattern_of(words: Iterable[str]) -> re.Pattern[str]:
    """Finds the words, the longest first."""
    longest_first = sorted(words, key=len, reverse=True)
    within = "|".join(re.escape(word) for word in longest_first if len(word) >= SHORTEST_WITHIN)
    whole = "|".join(map(re.escape, longest_first))
    return re.compile(rf"{within or _NOTHING}|(?<!\S)(?:{whole or _NOTHING})(?!\S)")
