"""What is left of a text without a part of it, as somebody would have typed it?"""

from __future__ import annotations

import re

_EMPTY_BRACKETS = re.compile(r"[(（\[【〔]\s*[)）\]】〕]")
_OPENING, _CLOSING = "(（[【〔", ")）]】〕"
_JOINING = re.compile("的(?!士|哥|姐|确良)")
"""Stands behind what was cut out (罚款5万以上的公司), and begins no word of its own (龙山区的士公司)."""


def text_without(text: str, start: int, end: int) -> str:
    """The rest of the text without [start, end); "" where only signs are left.

    A pair of brackets around nothing but the part goes with it, and so does the word that joined what follows to it.
    """
    before, after = text[:start].rstrip(), text[end:].lstrip()
    if before and after and before[-1] in _OPENING and after[0] in _CLOSING:
        rest = before[:-1] + after[1:]
    else:
        rest = f"{text[:start]} {after[1:] if _JOINING.match(after) else after}"
    rest = " ".join(_EMPTY_BRACKETS.sub(" ", rest).split())
    return rest if any(map(str.isalnum, rest)) else ""
