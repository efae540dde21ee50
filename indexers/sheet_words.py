"""What do the words of a sheet say that no column of a template holds?"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

import msgspec

from indexers.headers import fold_label
from indexers.values import is_blank, read_date

_LONGEST_TITLE = 60
"""A longer text above a table explains something."""


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pattern: str


class _EndedColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pattern: str
    except_kinds: tuple[str, ...] = ()


class _SheetWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file mappings/sheet_words.toml, which explains its tables."""

    ended_column: tuple[_EndedColumn, ...]
    still_valid: _Words
    ended_title: _Words


@cache
def _words() -> _SheetWords:
    text = resources.files("mappings").joinpath("sheet_words.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _SheetWords)


def tells_of_end(label: str, kind: str) -> bool:
    """Whether a column with this label says when or why a record of the kind was taken down (屏蔽日期, 修复原因)."""
    folded = fold_label(label)
    return any(
        kind not in column.except_kinds and re.search(column.pattern, folded)
        for column in _words().ended_column
    )


def has_ended(value: str, today: str) -> bool:
    """Whether a cell of such a column says that it has happened; `today` is an ISO date."""
    if is_blank(value) or re.search(_words().still_valid.pattern, fold_label(value)):
        return False
    day = read_date(value)
    return day is None or "" < day <= today


def is_title_of_ended(text: str) -> bool:
    """Whether a title or a name says that the records below were taken down (信用修复企业名单, 许可证注销公告)."""
    return (
        len(text) <= _LONGEST_TITLE and re.search(_words().ended_title.pattern, fold_label(text)) is not None
    )
