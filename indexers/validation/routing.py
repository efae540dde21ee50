"""By which kind is a row read in a sheet whose rows are entries of lists with columns of their own?

A city's sheet of all its lists (名单类型, 数据类别) mixes them. Each row is read by the kind of its list as far as the
columns of the sheet go; what that kind asks for and the sheet does not give is a problem of the row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import msgspec

from indexers.catalog import Catalog
from indexers.grammar import Column, RecordKind, Template
from indexers.list_names import ListNames
from indexers.records import RowOutcome
from indexers.validation.rows import RowReader
from indexers.validation.rules import Surroundings

_REMEMBERED = 1_024
"""Distinct cells of a column of lists whose list is remembered."""

ReaderMaker = Callable[[Template, Sequence[Column | None]], RowReader]


def reader_of_rows(
    around: Surroundings,
    template: Template,
    header: Sequence[str],
    columns: Sequence[Column | None],
    sheet: str,
) -> RowReader | ListRouter:
    """What reads the rows of one sheet by a template; `columns`: for each place its column or None."""

    def make(template: Template, columns: Sequence[Column | None]) -> RowReader:
        return RowReader(around, template, header, columns, sheet)

    usual = make(template, columns)
    place = next((i for i, column in enumerate(columns) if column and column.to == "list"), None)
    if place is None or around.catalog.kinds[template.kind].polarity == "neutral":
        return usual
    return ListRouter(around.catalog, template, columns, place, usual, make)


class ListRouter:
    """Reads each row by the kind of the list that it names in the column at `place`; others as `usual`."""

    def __init__(
        self,
        catalog: Catalog,
        template: Template,
        columns: Sequence[Column | None],
        place: int,
        usual: RowReader,
        make: ReaderMaker,
    ) -> None:
        self._catalog = catalog
        self._template = template
        self._columns = columns
        self._place = place
        self._usual = usual
        self._make = make
        self._of_kinds = {template.kind: usual}
        self._find = lru_cache(_REMEMBERED)(ListNames(catalog).find)

    def read(self, row: int, cells: list[str]) -> RowOutcome | None:
        """The outcome of a row, None for one that does not count."""
        named = cells[self._place] if len(cells) > self._place else ""
        reader = self._reader_for(self._find(named)) if named else self._usual
        return reader.read(row, cells)

    def _reader_for(self, key: str) -> RowReader:
        """The reader of a list's kind; entries of the other colour are left to the usual one, which refuses them."""
        entry = self._catalog.lists.get(key)
        own = self._catalog.kinds[self._template.kind]
        if entry is None or entry.polarity != own.polarity:
            return self._usual
        if entry.kind not in self._of_kinds:
            target = self._catalog.kinds[entry.kind]
            columns = columns_for(own, target, self._columns)
            constants = self._template.constants.items()
            template = msgspec.structs.replace(
                self._template,
                kind=entry.kind,
                columns=tuple(column for column in columns if column is not None),
                constants={
                    name: text for name, text in constants if name in target.fields and name != "list"
                },
                official=False,
            )
            self._of_kinds[entry.kind] = self._make(template, columns)
        return self._of_kinds[entry.kind]


def columns_for(
    source: RecordKind, target: RecordKind, columns: Sequence[Column | None]
) -> tuple[Column | None, ...]:
    """The columns of a sheet of one kind, read for another: by the same field, or for what the entry is about."""
    taken = {column.to for column in columns if column and column.to in target.fields}
    about = [name for name in target.matter if name not in taken]
    moved: dict[str, str] = {}
    read: list[Column | None] = []
    for column in columns:
        if column is None or not column.to:
            read.append(column)
        elif column.to in target.fields:
            day_to = column.day_to if column.day_to in target.fields else ""
            read.append(msgspec.structs.replace(column, required=False, day_to=day_to))
        elif column.to in source.matter and (about or column.to in moved):
            target_field = moved[column.to] if column.to in moved else about.pop(0)
            moved[column.to] = target_field
            read.append(msgspec.structs.replace(column, to=target_field, required=False))
        else:
            read.append(None)
    return tuple(read)
