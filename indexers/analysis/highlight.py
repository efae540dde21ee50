"""Which characters of a shown text did a query find?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from indexers.analysis.normal import HAN
from indexers.spans import unite

_LETTER = re.compile(f"[^\\W_{HAN}]")


def occurrences(text: str, wanted: str) -> list[tuple[int, int]]:
    """Every place of `wanted` in `text`; its outer runs of letters or digits must be whole runs there."""
    found: list[tuple[int, int]] = []
    start = text.find(wanted)
    if start < 0:
        return found
    opens, closes = bool(_LETTER.match(wanted[0])), bool(_LETTER.match(wanted[-1]))
    while start >= 0:
        end = start + len(wanted)
        cut_before = opens and start > 0 and _LETTER.match(text[start - 1])
        cut_after = closes and end < len(text) and _LETTER.match(text[end])
        if not cut_before and not cut_after:
            found.append((start, end))
        start = text.find(wanted, start + 1)
    return found


def find_ranges(
    shown: str, normal: str, origins: list[int] | None, wholes: Iterable[str], words: Sequence[str]
) -> list[tuple[int, int]]:
    """Ranges in the shown text: where a whole reading is found, else where its words are.

    `origins[i]` is the position in the shown text of character i of its normal form (None: the same).
    """
    found = [place for whole in wholes for place in occurrences(normal, whole)]
    if not found:
        found = [place for word in words for place in occurrences(normal, word)]
    if origins is not None:
        found = [(origins[start], _end(shown, origins[end - 1])) for start, end in found]
    return unite(found)


def _end(shown: str, last: int) -> int:
    """Behind the character at `last` and the combining marks on it."""
    end = last + 1
    while end < len(shown) and unicodedata.combining(shown[end]):
        end += 1
    return end
