"""Which names were meant by one that nobody knows, and which command lists them all?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

MOST_NEAR = 3
"""Names that fit on a line; the rest is what the command is for."""
_LEAST_ALIKE = 0.3
"""Share of pairs of characters that two texts have in common: 处罚 and 行政处罚 have half."""


def tell_nearest(text: str, names: Mapping[str, str], command: str) -> str:
    """The names most like a text, as an end of a sentence; `names`: what may be written → what people call it."""
    alike = {name: max(_alikeness(text, name), _alikeness(text, label)) for name, label in names.items()}
    near = [
        name for name in sorted(names, key=lambda name: (-alike[name], name)) if alike[name] >= _LEAST_ALIKE
    ]
    shown = "、".join(
        name if names[name] == name else f"{name}（{names[name]}）" for name in near[:MOST_NEAR]
    )
    return f"最接近的：{shown}；全部见 {command}" if shown else f"全部见 {command}"


def _alikeness(text: str, name: str) -> float:
    pairs, others = _pairs(text), _pairs(name)
    return 2 * len(pairs & others) / (len(pairs) + len(others) or 1)


@lru_cache(maxsize=1_024)
def _pairs(text: str) -> frozenset[str]:
    """Kept, since a column of wrong names is compared with the same right ones again and again."""
    folded = text.casefold()
    return frozenset(map("".join, pairwise(folded)))
