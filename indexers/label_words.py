"""Which words do departments write for a field, for a kind, for a colour?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Literal

import msgspec

from indexers.catalog import Catalog
from indexers.errors import CatalogError
from indexers.folding import fold_label
from indexers.grammar import Polarity, RecordKind
from indexers.mappings_reading import pattern_faults, read_struct

_FILE = "drafting.toml"

Look = Literal["", "code", "date", "period", "amount", "name", "office", "list"]
"""How the values of a column look; "" says nothing of them."""


class Hint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of mappings/drafting.toml: labels that `pattern` finds mean the field `to` ("": left out).

    `kinds`: the only kinds that it is for, if there are any. `day_to`: the field of the day that stands in the
    same cells. `beside`: what another label must be for the hint to count, "" for anything.
    """

    to: str
    pattern: str
    kinds: tuple[str, ...] = ()
    values: Look = ""
    day_to: str = ""
    beside: str = ""


class TellingWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table `told` of drafting.toml: what `pattern` in a title or a name says of the `kind` or the `polarity`."""

    pattern: str
    kind: str = ""
    polarity: Polarity | Literal[""] = ""


class Doubt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table `doubt` of drafting.toml: a `kind` that is not settled where the words of a sheet lack what `unless`
    finds, or have what `where` finds; `offers` are the kinds to ask about beside it. `imports`: an import asks too.
    """

    kind: str
    offers: tuple[str, ...]
    unless: str = ""
    where: str = ""
    imports: bool = False


class OtherDay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table `other_day`: labels that `pattern` finds stand over days, but not over those of decisions."""

    pattern: str


class _Tables(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file drafting.toml, which explains its tables."""

    hint: tuple[Hint, ...]
    told: tuple[TellingWord, ...]
    doubt: tuple[Doubt, ...]
    other_day: OtherDay


def colours_of(words: Iterable[TellingWord]) -> set[str]:
    """The polarities that such words speak of."""
    return {word.polarity for word in words if word.polarity}


class LabelWords:
    """The words of drafting.toml in the folder of a catalogue; raises CatalogError with every fault of the file."""

    def __init__(self, catalog: Catalog) -> None:
        tables = read_struct(catalog.directory, _FILE, _Tables)
        faults = [*_pattern_faults(tables), *_name_faults(tables, catalog)]
        if faults:
            raise CatalogError(faults)
        self._hints = [(re.compile(hint.pattern), hint) for hint in tables.hint]
        self._telling = [(re.compile(word.pattern), word) for word in tables.told]
        self._doubts = [(doubt, re.compile(doubt.unless), re.compile(doubt.where)) for doubt in tables.doubt]
        self._other_day = re.compile(tables.other_day.pattern)

    def told_by(self, title: str) -> list[TellingWord]:
        """The words of a title that tell a kind or a colour."""
        return [word for pattern, word in self._telling if pattern.search(title)]

    def doubt_of(self, kind: str, words: str) -> Doubt | None:
        """Why a kind cannot be settled for a sheet with such words around it and in its labels; None if it can."""
        for doubt, unless, where in self._doubts:
            if doubt.kind == kind and (
                (doubt.unless and not unless.search(words)) or (doubt.where and where.search(words))
            ):
                return doubt
        return None

    def meaning_of(self, label: str) -> str:
        """The field that a folded label is first taken for, or the label itself if it is left out; "" for none."""
        return next((hint.to or label for pattern, hint in self._hints if pattern.search(label)), "")

    def of_kind(self, kind: RecordKind, label: str, labels: Iterable[str] = ()) -> list[tuple[int, Hint]]:
        """The hints that a folded label has for a kind among other `labels`, with their places: the last ones are
        weak."""
        return [
            (place, hint)
            for place, (pattern, hint) in enumerate(self._hints)
            if (not hint.to or hint.to in kind.fields)
            and (not hint.kinds or kind.key in hint.kinds)
            and pattern.search(label)
            and (not hint.beside or any(o != label and re.search(hint.beside, o) for o in labels))
        ]

    def is_other_day(self, label: str) -> bool:
        """Whether a folded label says that its days are others than those of decisions."""
        return self._other_day.search(label) is not None


def label_reader(catalog: Catalog, guessed: LabelWords) -> Callable[[str], str]:
    """Tells what a cell means as a label: by the templates, else by the words of departments; "" if it is none."""
    columns = (column for template in catalog.templates.values() for column in template.columns)
    words = {fold_label(name): column.to or name for column in columns for name in column.names}

    @lru_cache(1 << 12)
    def meaning_of(text: str) -> str:
        label = fold_label(text)
        return words.get(label) or guessed.meaning_of(label)

    return meaning_of


def _places(tables: _Tables) -> Iterator[tuple[str, Hint | TellingWord | Doubt]]:
    """Every table with what it is called by in a fault: it has no key, so it is counted."""
    for number, hint in enumerate(tables.hint, 1):
        yield f"{_FILE}：第 {number} 个 [[hint]]", hint
    for number, word in enumerate(tables.told, 1):
        yield f"{_FILE}：第 {number} 个 [[told]]", word
    for number, doubt in enumerate(tables.doubt, 1):
        yield f"{_FILE}：第 {number} 个 [[doubt]]", doubt


def _patterns_of(table: Hint | TellingWord | Doubt) -> tuple[str, ...]:
    if isinstance(table, Doubt):
        return table.unless, table.where
    return (table.pattern, table.beside) if isinstance(table, Hint) else (table.pattern,)


def _kinds_named(table: Hint | TellingWord | Doubt) -> tuple[str, ...]:
    if isinstance(table, Hint):
        return table.kinds
    offers = table.offers if isinstance(table, Doubt) else ()
    return tuple(filter(None, (table.kind, *offers)))


def _pattern_faults(tables: _Tables) -> list[str]:
    patterns = [(place, pattern) for place, table in _places(tables) for pattern in _patterns_of(table)]
    return pattern_faults((*patterns, (f"{_FILE} [other_day]", tables.other_day.pattern)))


def _name_faults(tables: _Tables, catalog: Catalog) -> Iterator[str]:
    """What a table names that no other data file defines."""
    fields = {name for kind in catalog.kinds.values() for name in kind.fields}
    for place, table in _places(tables):
        if isinstance(table, Hint):
            yield from (
                f"{place}：没有字段 {to!r}" for to in (table.to, table.day_to) if to not in {"", *fields}
            )
        yield from (
            f"{place}：没有类别 {kind!r}" for kind in _kinds_named(table) if kind not in catalog.kinds
        )
