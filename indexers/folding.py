"""In which form are labels of columns and names of lists compared?"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BRACKETS = str.maketrans("[]【】〔〕﹝﹞{}<>《》", "()()()()()()()")
_DROPPED = re.compile(r"[\s*＊_:：、,，/\"'“”]+")
_HINT = re.compile(r"\((?:必填|选填|可选|非必填|必填项|格式[^)]*|yyyy[^)]*|年月日|下拉选择)\)")


@lru_cache(4096)
def fold_label(text: str) -> str:
    """A label in the form in which labels are compared: width, case, brackets, blanks and hints aside."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_BRACKETS)
    return _DROPPED.sub("", _HINT.sub("", plain))


def fold_list_name(text: str) -> str:
    """The name of a list in the form in which names are compared: written with 名单 at its end or without."""
    plain = fold_label(text)
    return plain.removesuffix("名单") or plain
