"""What do the words of a sheet say that no column of a template holds?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from importlib.resources.abc import Traversable
from itertools import pairwise

import msgspec

from indexers.errors import CatalogError
from indexers.folding import fold_label
from indexers.mappings_reading import parse_struct, pattern_faults, read_text
from indexers.values import is_blank, read_date

LONGEST_TITLE = 60
"""A longer text above a table explains something."""

_LONGEST_LABEL = 5
"""Characters of a part that has its value in the next cell (填表日期)."""

_SUM = re.compile(r"[\d.,，]+\s*[\u3400-\u9fff]{0,2}")
_FILE = "sheet_words.toml"


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pattern: str


class _EndedColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pattern: str
    except_kinds: tuple[str, ...] = ()


class _StateColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pattern: str
    ended: _Words
    kinds: tuple[str, ...] = ()


class _Tables(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file sheet_words.toml, which explains its tables."""

    ended_column: tuple[_EndedColumn, ...]
    still_valid: _Words
    state_column: tuple[_StateColumn, ...]
    ended_title: _Words
    undecided_title: _Words
    undecided_label: _Words
    no_penalty: _Words
    ended_remark: _Words
    remark: _Words
    filling_rule: _Words
    code_label: _Words

    def patterns(self) -> Iterator[tuple[str, str]]:
        """Every pattern with the heading of its table."""
        yield from ((f"{_FILE} [ended_column]", column.pattern) for column in self.ended_column)
        for column in self.state_column:
            yield from (
                (f"{_FILE} [state_column]", pattern) for pattern in (column.pattern, column.ended.pattern)
            )
        for name in self.__struct_fields__:
            words = getattr(self, name)
            if isinstance(words, _Words):
                yield f"{_FILE} [{name}]", words.pattern


class SheetWords:
    """What the words of the file say of labels, titles and rows; `kinds` are those that it names."""

    def __init__(self, tables: _Tables) -> None:
        self.kinds = frozenset(kind for column in tables.ended_column for kind in column.except_kinds)
        self._ended_columns = [(re.compile(c.pattern), c.except_kinds) for c in tables.ended_column]
        self._still_valid = re.compile(tables.still_valid.pattern)
        self._state_columns = [
            (re.compile(column.pattern), re.compile(column.ended.pattern), column.kinds)
            for column in tables.state_column
        ]
        self._ended_title = re.compile(tables.ended_title.pattern)
        self._undecided_title = re.compile(tables.undecided_title.pattern)
        self._undecided_label = re.compile(tables.undecided_label.pattern)
        self._no_penalty = re.compile(tables.no_penalty.pattern)
        self._ended_remark = re.compile(tables.ended_remark.pattern)
        self._remark = re.compile(tables.remark.pattern)
        self._filling_rule = re.compile(tables.filling_rule.pattern)
        self._code_label = re.compile(tables.code_label.pattern)

    def tells_of_end(self, label: str, kind: str) -> bool:
        """Whether a column with this label says when or why a record of the kind was taken down (屏蔽日期)."""
        folded = fold_label(label)
        return any(
            kind not in except_kinds and pattern.search(folded)
            for pattern, except_kinds in self._ended_columns
        )

    def has_ended(self, value: str, today: str) -> bool:
        """Whether a cell of such a column says that it has happened; `today` is an ISO date."""
        if is_blank(value) or self._still_valid.search(fold_label(value)):
            return False
        day = read_date(value)
        return day is None or "" < day <= today

    def test_of_end(self, label: str, kind: str, today: str) -> Callable[[str], bool] | None:
        """What tells whether a cell under this label says that a record of the kind was taken down, as a state does
        too (公示状态: 已注销); None where the label speaks of nothing like it."""
        folded = fold_label(label)
        for pattern, ended, kinds in self._state_columns:
            if (not kinds or kind in kinds) and pattern.search(folded):
                return lambda value: ended.search(fold_label(value)) is not None
        return partial(self.has_ended, today=today) if self.tells_of_end(label, kind) else None

    def is_title_of_ended(self, text: str) -> bool:
        """Whether a title or a name says that the records below were taken down (信用修复企业名单, 许可证注销公告)."""
        return len(text) <= LONGEST_TITLE and self._ended_title.search(fold_label(text)) is not None

    def is_title_of_undecided(self, text: str) -> bool:
        """Whether a title or a name says that nothing below has been decided yet (拟列入…名单公告, 处罚事先告知书)."""
        return len(text) <= LONGEST_TITLE and self._undecided_title.search(fold_label(text)) is not None

    def is_label_of_undecided(self, label: str) -> bool:
        """Whether a label says that what stands below was only proposed (拟处罚内容)."""
        return self._undecided_label.search(fold_label(label)) is not None

    def is_no_penalty(self, text: str) -> bool:
        """Whether the content of a penalty says that there is none (不予行政处罚)."""
        return self._no_penalty.search("".join(text.split())) is not None

    def is_remark_of_ended(self, text: str) -> bool:
        """Whether the remark of a row says nothing but that its record was taken down (已完成信用修复)."""
        return self._ended_remark.search("".join(text.split())) is not None

    def is_remark(self, cells: Sequence[str]) -> bool:
        """Whether a row is a remark under a table, in one cell or with its parts in several (填表人：某 | 日期：某日).

        Behind the first cell stand a value of any kind, sums, or further parts, each with its value.
        """
        filled = [cell.strip() for cell in cells if cell.strip()]
        if not filled or not self._begins_remark(filled[0]):
            return False
        return len(filled) <= 2 or all(
            self._begins_remark(cell)
            or _SUM.fullmatch(cell)
            or (self._begins_remark(before) and _is_label_alone(before))
            for before, cell in pairwise(filled)
        )

    def _begins_remark(self, cell: str) -> bool:
        return self._remark.match(cell) is not None

    def tells_how_to_fill(self, cells: Sequence[str]) -> bool:
        """Whether a row says of each column only if it must be filled in, or how (必填, 选填, YYYY/MM/DD)."""
        filled = [cell.strip().casefold() for cell in cells if cell.strip()]
        return bool(filled) and all(map(self._filling_rule.match, filled))

    def may_stand_over_codes(self, label: str, parties: Iterable[str]) -> bool:
        """Whether a column with this folded label may hold the codes of the parties, if its values are codes: by
        itself, or behind what the label of their names begins with (one of `parties`)."""
        begun = next((name for name in parties if len(name) > 1 and label.startswith(name)), "")
        return self._code_label.search(label.removeprefix(begun)) is not None


def load_sheet_words(directory: Traversable) -> SheetWords:
    """The words of sheet_words.toml in the folder of a catalogue; raises CatalogError if it cannot be used."""
    return _parse(read_text(directory, _FILE))


@lru_cache(8)
def _parse(text: str) -> SheetWords:
    """Once for all sheets, each of which asks."""
    tables = parse_struct(_FILE, text, _Tables)
    faults = pattern_faults(tables.patterns())
    if faults:
        raise CatalogError(faults)
    return SheetWords(tables)


def _is_label_alone(cell: str) -> bool:
    return cell.endswith((":", "：")) or len(cell) <= _LONGEST_LABEL
