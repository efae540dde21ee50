"""What can be said of a typed text that nothing was found for?"""

from __future__ import annotations

from indexers.identifiers import USCC_LENGTH, IdentifierError, compact, looks_like_code, validate_uscc

SLIPPED = 1
"""Characters by which a mistyped code is too long or too short; other lengths are other numbers."""
RIGHT_CODE = "这个统一社会信用代码写得没有错，只是本站没有这家单位仍在公示期内的信息。"


def code_remark(text: str) -> str:
    """What is wrong with a typed unified code, or that nothing is; "" for what is no such code."""
    if not looks_like_code(text) or abs(len(compact(text)) - USCC_LENGTH) > SLIPPED:
        return ""
    try:
        validate_uscc(text)
    except IdentifierError as error:
        return f"{error.message}。"
    return RIGHT_CODE
