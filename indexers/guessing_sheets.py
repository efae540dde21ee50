"""Which sheets of a workbook can one mapping read, and what are the others?"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from indexers.errors import SheetError, UsageError
from indexers.grammar import RecordKind
from indexers.guessing import Table
from indexers.guessing_kinds import KindGuess, KindGuesser

_COLOURS = ("adverse", "honour")


class SheetTable(msgspec.Struct, frozen=True):
    """A sheet that has a header."""

    name: str
    table: Table


class SheetChoice(msgspec.Struct, frozen=True):
    """What one mapping is drafted for: the table of its sheets, and the guess of what that is.

    `sheets`: the names of its sheets where others stay apart, else none; `others`: the names of these, with what each
    is taken for. `is_list_open`: only some of its sheets say on which list they are.
    """

    table: Table
    guess: KindGuess
    sheets: tuple[str, ...] = ()
    others: tuple[tuple[str, KindGuess | None], ...] = ()
    is_list_open: bool = False


def choose_sheets(
    tables: Sequence[SheetTable], guesser: KindGuesser, answered: str, listed: str, named: str = ""
) -> SheetChoice:
    """The sheets to draft a mapping for: those of one kind and list, since what a mapping says holds for all its rows.

    The first sheet that may be what the clerk answered (`answered`, a kind or a list; `listed`, a list) counts, with
    all that may be the same; `named` is the one that the clerk wants. Raises UsageError for a sheet that is not there
    or cannot be told apart by its name.
    """
    # One label alone stands over notes.
    tables = [sheet for sheet in tables if len(sheet.table.labels) > 1] or tables
    chosen = _named(tables, named) if named else list(tables)
    if len(tables) == 1:
        return SheetChoice(chosen[0].table, guesser.guess(chosen[0].table, answered, listed))
    alone = {sheet.name: _guess_alone(guesser, sheet.table) for sheet in tables}
    if not named:
        chosen = _alike(
            chosen, alone, guesser.kind_named(answered, listed), guesser.list_named(answered, listed)
        )
    table = _joined([sheet.table for sheet in chosen])
    guess = guesser.guess(table, answered, listed)
    known = [found for sheet in chosen if (found := alone[sheet.name])]
    if not (answered or listed):
        guess = _with_doubts(guess, known)
    others = tuple((s.name, alone[s.name]) for s in tables if s not in chosen)
    sheets = tuple(sheet.name for sheet in chosen) if others else ()
    _check_names(sheets, [name for name, _ in others])
    return SheetChoice(table, guess, sheets, others, len({found.list for found in known}) > 1)


def _named(tables: Sequence[SheetTable], name: str) -> list[SheetTable]:
    chosen = [sheet for sheet in tables if sheet.name == name]
    if not chosen:
        names = "、".join(filter(None, (sheet.name for sheet in tables)))
        there = f"有表头的有：{names}" if names else "这个文件不分工作表，请去掉 --sheet"
        raise UsageError(f"没有工作表 {name!r}；{there}")
    return chosen


def _guess_alone(guesser: KindGuesser, table: Table) -> KindGuess | None:
    try:
        return guesser.guess(table)
    except SheetError:
        return None  # notes, legends: no label of it is known


def _alike(
    tables: Sequence[SheetTable], alone: dict[str, KindGuess | None], kind: str, credit_list: str
) -> list[SheetTable]:
    """The sheets that may be of one kind and list; all of them where every sheet that is known may be."""
    known = [(sheet, guess) for sheet in tables if (guess := alone[sheet.name])]
    near, lists = frozenset({kind} if kind else ()), frozenset({credit_list} if credit_list else ())
    alike: list[SheetTable] = []
    for sheet, guess in known:
        common = near & guess.near if near else guess.near
        told = lists | ({guess.list} if guess.list else set())
        if common and len(told) <= 1:
            alike.append(sheet)
            near, lists = common, told
    # Where none is what the clerk named, nothing is known of the sheets that the clerk does not know better.
    return alike if alike and len(alike) < len(known) else list(tables)


def _with_doubts(guess: KindGuess, known: Sequence[KindGuess]) -> KindGuess:
    """The guess of several sheets, asked about if one of them alone may be of the other colour, or lacks the words
    that this kind asks for: what the title of one says holds for none beside it."""
    seen = {
        kind.key: kind
        for found in known
        for kind in found.rivals
        if (found.is_doubted and found.kind.key == guess.kind.key) or _is_of_other_colour(kind, guess)
    }
    seen.pop(guess.kind.key, None)
    rivals = {kind.key: kind for kind in guess.rivals} | seen
    return msgspec.structs.replace(guess, rivals=tuple(rivals.values()))


def _is_of_other_colour(kind: RecordKind, guess: KindGuess) -> bool:
    return kind.polarity in _COLOURS and kind.polarity != guess.kind.polarity


def _joined(tables: Sequence[Table]) -> Table:
    labels: dict[str, list[str]] = {}
    for table in tables:
        for label, values in table.labels.items():
            labels.setdefault(label, []).extend(values)
    titles = tuple(title for table in tables for title in table.titles)
    return Table(labels, titles, tables[0].file, tuple(frozenset(table.labels) for table in tables))


def _check_names(sheets: Sequence[str], others: Sequence[str]) -> None:
    """A mapping is for the sheets whose names have one of its names as a part."""
    for name in sheets:
        if longer := next((other for other in others if name in other), ""):
            raise UsageError(
                f"工作表“{longer}”的名称里有“{name}”，映射文件分不开这两张表；请先改其中一张的名称"
            )
