"""How near is a name to what was typed, and by which kind of slip?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from indexers.analysis import sounds_alike

SAME_SOUND = 0.45
"""Cost of a character of the same sound; any other slip costs 1. Two of them still cost less than one wrong one."""
LEVEL_LEFT_OUT = 0.25
"""Cost of 省, 市, 县 or 区 of the name that was not typed: nobody says them all."""
LEVELS = "省市县区"
"""Words for the levels of divisions."""

Unlike = Callable[[str, str], float]


def slips(pieces: Iterable[str], name: str) -> float:
    """Cost of the fewest slips that turn each piece of a query into some part of the name."""
    return sum(edits_within(piece, name, cost_of_change) for piece in pieces)


def is_homophone(pieces: Iterable[str], name: str) -> bool:
    """Whether every piece stands in the name but for characters of the same sound."""
    return all(edits_within(piece, name, _unlike_sound) == 0 for piece in pieces)


def missing(typed: Iterable[str], given: Iterable[str]) -> int:
    """What was typed, each as often as it was, and is not given: of characters, or of their pairs."""
    return (Counter(typed) - Counter(given)).total()


def cost_of_change(typed: str, given: str) -> float:
    """Cost of one character that stands for another."""
    return SAME_SOUND if sounds_alike(typed, given) else 1.0


def _unlike_sound(typed: str, given: str) -> float:
    return 0.0 if sounds_alike(typed, given) else 1.0


def edits_within(query: str, name: str, unlike: Unlike = lambda typed, given: 1.0) -> float:
    """Cost of the fewest edits that turn the query into some part of the name (Sellers 1980).

    Edits: a character changed (`unlike` says for how much), left out, added, or two neighbours exchanged.
    """
    older: list[float] = []
    above = [0.0] * (len(name) + 1)
    for i, typed in enumerate(query, 1):
        row = [float(i)]
        for j, given in enumerate(name, 1):
            if typed == given:
                row.append(above[j - 1])
                continue
            passed = row[j - 1] + (LEVEL_LEFT_OUT if given in LEVELS else 1)
            best = min(above[j - 1] + unlike(typed, given), above[j] + 1, passed)
            if i > 1 and j > 1 and typed == name[j - 2] and given == query[i - 2]:
                best = min(best, older[j - 2] + 1)
            row.append(best)
        older, above = above, row
    return min(above)
