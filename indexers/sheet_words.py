"""What do the words of a sheet say that no column of a template holds?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import msgspec

from indexers.headers import fold_label
from indexers.mappings_folder import open_mappings
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
    remark: _Words
    filling_rule: _Words
    code_label: _Words


@cache
def _words() -> _SheetWords:
    text = open_mappings().joinpath("sheet_words.toml").read_text("utf-8")
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


def is_remark(cells: Sequence[str]) -> bool:
    """Whether a row is a remark under a table, in one cell or with its parts in several (填表人：某 | 日期：某日).

    Behind the first cell stand a value of any kind, sums, or further parts, each with its value.
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or not _begins_remark(filled[0]):
        return False
    return len(filled) <= 2 or all(
        _begins_remark(cell) or _SUM.fullmatch(cell) or (_begins_remark(before) and _is_label_alone(before))
        for before, cell in pairwise(filled)
    )


_LONGEST_LABEL = 5
"""Characters of a part that has its value in the next cell (填表日期)."""

_SUM = re.compile(r"[\d.,，]+\s*[\u3400-\u9fff]{0,2}")


def _is_label_alone(cell: str) -> bool:
    return cell.endswith((":", "：")) or len(cell) <= _LONGEST_LABEL


def _begins_remark(cell: str) -> bool:
    return re.match(_words().remark.pattern, cell) is not None


def tells_how_to_fill(cells: Sequence[str]) -> bool:
    """Whether a row says of each column only if it must be filled in, or how (必填, 选填, YYYY/MM/DD)."""
    filled = [cell.strip().casefold() for cell in cells if cell.strip()]
    return bool(filled) and all(re.match(_words().filling_rule.pattern, cell) for cell in filled)


def may_stand_over_codes(label: str) -> bool:
    """Whether a column with this folded label may hold the codes of the parties, if its values are codes."""
    return re.search(_words().code_label.pattern, label) is not None
