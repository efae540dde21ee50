"""Which template does a sheet follow?

`recognise_sheets` is the one way into an import: it streams, and never holds more than a sample of a sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, dropwhile, islice
from pathlib import Path

import msgspec

from indexers.addresses import show_address
from indexers.blank_sheets import GUIDE_SHEET
from indexers.catalog import Catalog
from indexers.errors import SheetError, UsageError
from indexers.folding import fold_label
from indexers.forms import read_form
from indexers.grammar import Template
from indexers.headers import (
    Fit,
    fit_header,
    headers_from,
    is_second_header,
    shifted_column,
    with_unit_above,
)
from indexers.label_words import LabelWords, label_reader
from indexers.list_doubts import ListDoubts
from indexers.list_names import ListNames
from indexers.nearest import tell_nearest
from indexers.nested_rows import repeated_by_records, unfold
from indexers.readers import Row, Sheet, fill_merged, open_source
from indexers.records import RowProblem, SheetReading
from indexers.sheet_titles import TitleObjections, titles_of, unlike_its_name
from indexers.sheet_words import load_sheet_words
from indexers.stacked_tables import RowsOfOneTable, StackedTables
from indexers.unknown_columns import UnknownColumns

_HEADER_WITHIN = 30
"""Rows from the top among which the header stands; above it are titles, notes and blank rows."""

_SAMPLE = 200
"""Rows on which a header is tried before anything is taken in."""

_LEAST_SHARE_KNOWN = 0.4
"""With fewer of its columns known a sheet is something else that has a label or two in common."""

_UNFOLDED = "有的记录在“{}”里有几组，每一组读作一行；行号是读出的第几行"

_NOT_OF_THE_MAPPING = "映射文件的 sheets 里没有这张工作表，没有读；它的记录请用另一个映射文件导入"


_NO_TABLE = "这张工作表是封面或说明，没有表格，没有读"
_PROSE = 0.6
"""The share of rows with one cell from which a sheet is a text in lines; forms have labels beside their values."""
_MOST_OF_PROSE = 2
"""Cells of a row that parts of a line stand in (填表人：某 | 日期：某日); tables have more."""
_LONGEST_NAME = 40


class Refusal(msgspec.Struct, frozen=True):
    """Why no row of a sheet is taken in. Rows count below `header_row`, by what they hold in columns `wanted`."""

    reason: RowProblem
    header_row: int
    wanted: tuple[int, ...] | None


class SheetPlan(msgspec.Struct, frozen=True):
    """What the rows of a sheet are read by, here or in another process; with neither part they do not count.

    `most_cells`: what a row may have at most, 0 where it may have any number.
    """

    reading: SheetReading
    fit: Fit | None = None
    refusal: Refusal | None = None
    most_cells: int = 0


def recognise_sheets(
    source: str | Path,
    catalog: Catalog,
    *,
    kind: str | None = None,
    mapping: Template | None = None,
    query: str = "",
) -> Iterator[tuple[SheetPlan, Iterator[Row]]]:
    """Every sheet of a source, what its rows are read by, and the rows, to be taken one sheet after another.

    `kind` is the key of a record kind or of a list, `mapping` a deployer's own template, `query` the
    statement for a database. Raises UsageError (unknown kind, one that is not the mapping's, no such file) and
    SheetError (unreadable source).
    """
    recogniser = Recogniser(catalog, _candidates(catalog, kind, mapping), mapping, is_kind_given=bool(kind))
    privacy = catalog.privacy
    left_out: list[RowProblem] = []
    for sheet in open_source(str(source), query=query):
        left_out += (RowProblem("", 0, "", "", "left_out", privacy.scrub(told)) for told in sheet.left_out)
        if sheet.name != GUIDE_SHEET:
            # Names of files and sheets go into reports, and people name them after persons.
            file, name = privacy.scrub(sheet.file), privacy.scrub(sheet.name)
            for plan, rows in recogniser.recognise(msgspec.structs.replace(sheet, file=file, name=name)):
                yield _with_notes(plan, left_out), rows
                left_out.clear()
    if not recogniser.has_content:
        raise SheetError(f"{Path(show_address(str(source))).name}：文件是空的，没有任何内容")


def _with_notes(plan: SheetPlan, notes: Sequence[RowProblem]) -> SheetPlan:
    reading = msgspec.structs.replace(plan.reading, notes=(*plan.reading.notes, *notes))
    return msgspec.structs.replace(plan, reading=reading)


def _candidates(catalog: Catalog, kind: str | None, mapping: Template | None) -> tuple[Template, ...]:
    if mapping is not None:
        if kind not in (None, mapping.kind, mapping.constants.get("list")):
            raise UsageError(
                f"--kind {kind!r} 与映射文件不符，它是 {mapping.kind} 的；请去掉 --kind，或改映射文件"
            )
        return (mapping,)
    if kind is None:
        return tuple(catalog.templates.values())
    if entry := catalog.lists.get(kind):
        own = [t for t in catalog.templates_of(entry.kind) if t.constants.get("list", kind) == kind]
        return tuple(_with_list(template, kind) for template in own)
    if kind not in catalog.kinds:
        known = {key: entry.label for key, entry in catalog.lists.items()}
        known |= {key: entry.label for key, entry in catalog.kinds.items()}
        near = tell_nearest(kind, known, "credit-search kinds 和 credit-search lists")
        raise UsageError(f"没有类别 {kind!r}；{near}")
    return catalog.templates_of(kind)


def _is_named_for(template: Template, name: str) -> bool:
    """Whether a sheet's name holds one that the template is for, or the template's own key."""
    return template.key in name or any(part in name for part in template.sheets)


def _with_list(template: Template, key: str) -> Template:
    return msgspec.structs.replace(template, constants={**template.constants, "list": key})


class Recogniser:
    """Recognises the sheets of one source."""

    def __init__(
        self,
        catalog: Catalog,
        candidates: tuple[Template, ...],
        mapping: Template | None,
        *,
        is_kind_given: bool,
    ) -> None:
        self._catalog = catalog
        self._candidates = candidates
        self._mapping = mapping
        self._privacy = catalog.privacy
        self._is_kind_given = is_kind_given
        self.has_content = False
        words = LabelWords(catalog)
        self._meaning_of = label_reader(catalog, words)
        self._stacked = StackedTables(catalog, words, self._meaning_of)
        self._lists = ListNames(catalog)
        self._list_doubts = ListDoubts(catalog, words)
        self._words = load_sheet_words(catalog.directory)
        is_answered = mapping is not None or is_kind_given
        self._objections = TitleObjections(catalog, self._privacy, is_answered=is_answered)

    def recognise(self, sheet: Sheet) -> Iterator[tuple[SheetPlan, Iterator[Row]]]:
        """One sheet: its table, and what stands below it if that is another one, which is refused.

        The rows of the table must be taken before what follows is asked for.
        """
        plan, rows = self._recognise_table(sheet)
        yield plan, rows
        if isinstance(rows, RowsOfOneTable) and rows.told:
            reason = _of_sheet(sheet, "stacked", self._privacy.scrub(rows.told))
            reading = msgspec.structs.replace(plan.reading, refused=(reason,), notes=())
            yield SheetPlan(reading, refusal=Refusal(reason, rows.last, None)), rows.rest

    def _recognise_table(self, sheet: Sheet) -> tuple[SheetPlan, Iterator[Row]]:
        """What a sheet is up to another table far below: recognised and tried on a sample, or refused with all rows."""
        candidates = self._for_sheet(sheet)
        if not candidates:
            self.has_content = True
            told = _of_sheet(sheet, "left_out", _NOT_OF_THE_MAPPING)
            return SheetPlan(SheetReading(sheet.file, sheet.name, notes=(told,))), iter(())
        top = list(islice(dropwhile(_is_blank_row, sheet.rows), _SAMPLE))
        if not sheet.header and (form := read_form(top, self._meaning_of)):
            top = list(form.rows)
            sheet = msgspec.structs.replace(sheet, header=form.labels)
        if not top and not sheet.header:
            return SheetPlan(SheetReading(sheet.file, sheet.name)), iter(())
        self.has_content = True
        if sheet.refused:
            return self._refuse(sheet, top, _of_sheet(sheet, "sheet", sheet.refused))
        fits = self._fits(sheet, top, candidates)
        best, doubt = self._choose(fits, top, sheet.name or Path(sheet.file).stem)
        if best is None:
            if ended := self._objections.of_ended(titles_of(sheet, top, _guess_header(top))):
                return self._refuse(sheet, top, _of_sheet(sheet, "ended", ended))
            if sheet.has_siblings and self._is_prose(top):
                told = _of_sheet(sheet, "left_out", _NO_TABLE)
                return SheetPlan(SheetReading(sheet.file, sheet.name, notes=(told,))), iter(())
            return self._refuse(sheet, top, _of_sheet(sheet, "header", doubt + unlike_its_name(sheet)))
        if other := self._other_list_named(sheet, top, best):
            return self._refuse(sheet, top, _of_sheet(sheet, "header", other), best)
        if found := self._objections.find(best, titles_of(sheet, top, best.row)):
            return self._refuse(sheet, top, _of_sheet(sheet, *found), best)
        if not sheet.header and (stacked := self._stacked.find(best, fits, top)):
            return self._refuse(sheet, top, _of_sheet(sheet, "stacked", self._privacy.scrub(stacked)), best)
        return self._plan(sheet, top, best)

    def _plan(self, sheet: Sheet, top: list[Row], best: Fit) -> tuple[SheetPlan, Iterator[Row]]:
        """What a sheet is read by whose header is known, unless its values stand in other columns than their labels."""
        if self._mapping is None:  # which says the unit of each column
            best = with_unit_above(best, " ".join(titles_of(sheet, top, best.row)))
        repeated = repeated_by_records(best, sheet.repeats)
        filled = fill_merged(chain(top, sheet.rows), sheet.merged, best.row)
        if sheet.repeats:
            filled = unfold(filled, best.header, repeated)
        top = list(islice(filled, len(top)))
        below = [
            row
            for row in top
            if row[0] > best.row
            and not is_second_header(best, row[1])
            and not self._words.tells_how_to_fill(row[1])
        ]
        sample = [cells for _, cells in below]
        if shifted := shifted_column(best, sample, self._catalog):
            return self._refuse(sheet, top, RowProblem(sheet.name, best.row, *shifted), best)
        is_mapped = self._mapping is not None
        others = UnknownColumns(best, sample, self._catalog, self._privacy, is_mapped=is_mapped)
        notes = tuple(others.notes(sheet.name))
        if repeated:
            told = _UNFOLDED.format(self._privacy.scrub(repeated))
            notes = (_of_sheet(sheet, "nested", told), *notes)
        reading = SheetReading(sheet.file, sheet.name, best.template.kind, best.template.key, notes=notes)
        rows = chain(below, filled) if sheet.header else self._stacked.watch(best, top, below, filled)
        most = len(best.header) if sheet.is_cut_at_signs else 0
        return SheetPlan(reading, others.fit, most_cells=most), rows

    def _for_sheet(self, sheet: Sheet) -> list[Template]:
        if not sheet.name or (self._is_kind_given and self._mapping is None):
            return list(self._candidates)
        if self._mapping is not None:  # by its list alone: a file of the clerk's may be called as a sheet is
            is_meant = not self._mapping.sheets or any(part in sheet.name for part in self._mapping.sheets)
            return list(self._candidates) if is_meant else []
        return [t for t in self._candidates if not t.sheets or _is_named_for(t, sheet.name)]

    def _fits(self, sheet: Sheet, top: list[Row], candidates: Sequence[Template]) -> list[Fit]:
        rows = [(0, list(sheet.header))] if sheet.header else top[:_HEADER_WITHIN]
        found: list[Fit] = []
        starts = range(len(rows))
        for numbers, cells in chain.from_iterable(headers_from(rows[start:]) for start in starts):
            labels = [fold_label(cell) for cell in cells]
            if any(labels):
                usable = (t for t in candidates if not t.header_row or t.header_row in numbers)
                fits = [fit_header(self._catalog, t, numbers[-1], cells, labels) for t in usable]
                goes_on = len(numbers) > 1 and self._has_labels(rows, numbers[-1])
                found += [msgspec.structs.replace(fit, goes_on=goes_on) for fit in fits] if goes_on else fits
        return found

    def _is_prose(self, top: Sequence[Row]) -> bool:
        """Whether the whole of a sheet is in its sample, most of its rows have one cell, and none of these is the name
        of a unit: a cover, or remarks."""
        rows = [list(filter(str.strip, cells)) for _, cells in top if any(map(str.strip, cells))]
        alone = [row[0] for row in rows if len(row) == 1]
        return (
            len(top) < _SAMPLE
            and len(alone) >= _PROSE * len(rows)
            and max(map(len, rows)) <= _MOST_OF_PROSE
            and not any(
                len(cell) <= _LONGEST_NAME and self._privacy.is_person(cell) is False for cell in alone
            )
        )

    def _has_labels(self, rows: Sequence[Row], number: int) -> bool:
        """Whether half of a row are words that stand in headers."""
        cells = next(list(filter(str.strip, cells)) for row, cells in rows if row == number)
        return sum(bool(self._meaning_of(cell)) for cell in cells) * 2 >= len(cells)

    def _choose(self, fits: list[Fit], top: list[Row], name: str) -> tuple[Fit | None, str]:
        """The best fit, or None with a sentence that says what to do; `name` of the sheet settles a tie."""
        known = [fit for fit in fits if fit.matched]
        if not known:
            return None, f"认不出表头{self._advice()}"
        known.sort(key=lambda fit: (fit.rank, fit.goes_on), reverse=True)
        whole = [fit for fit in known if not fit.lacking and self._is_likely(fit)]
        if not whole or self._leaves_much_out(whole[0], known[0]):
            closest = known[0]
            if self._mapping is None and not self._is_likely(closest):
                return None, f"列名不像任何一种官方模板{self._advice()}"
            lacking = "、".join(closest.lacking) or "大部分列"
            return None, f"最接近“{closest.template.label}”，但缺少：{lacking}{self._advice(closest.lacking)}"
        named = [fit for fit in whole if fit.template.kind in self._kinds_of_lists(fit, top)]
        whole = named or whole
        best = whole[0]
        even = [fit for fit in whole if fit.rank[:2] == best.rank[:2]]
        even = [fit for fit in even if _is_named_for(fit.template, name)] or even
        best = even[0]
        rivals = [fit for fit in even[1:] if fit.differs_from(best)]
        if rivals:
            each = [f"{fit.template.kind}({fit.template.label})" for fit in (best, *rivals)]
            names = "、".join(dict.fromkeys(each))
            return None, f"表头同时符合几种模板：{names}；请用 --kind 指明类别，或用 --mapping 给出映射文件"
        return best, ""

    def _is_likely(self, fit: Fit) -> bool:
        if self._mapping is not None or self._is_kind_given:
            return True
        return fit.matched >= _LEAST_SHARE_KNOWN * sum(1 for cell in fit.header if cell.strip())

    def _leaves_much_out(self, best: Fit, closest: Fit) -> bool:
        """Whether a sheet of another meaning, which lacks something, would read more of the columns."""
        if self._mapping is not None or self._is_kind_given or not closest.lacking:
            return False
        return closest.matched > best.matched and closest.differs_from(best)

    def _kinds_of_lists(self, fit: Fit, top: list[Row]) -> set[str]:
        """The kinds of the lists that the values of its column of lists name: they tell red from black."""
        place = next((i for i, column in enumerate(fit.columns) if column and column.to == "list"), None)
        if place is None:
            return set()
        cells = (row[place] for number, row in top if number > fit.row and place < len(row))
        return {self._catalog.lists[key].kind for cell in cells if (key := self._lists.find(cell))}

    def _other_list_named(self, sheet: Sheet, top: list[Row], fit: Fit) -> str:
        """A sentence where a template is for one list, and the title says another or nothing says this one; else ""."""
        if self._mapping is not None or self._is_kind_given:
            return ""
        told = self._list_doubts.find(fit, " ".join(titles_of(sheet, top, fit.row)))
        if not told:
            return ""
        if told.is_answered_by_column:
            return told.sentence + self._advice((self._catalog.record_fields["list"].label,))
        return told.sentence + "；请用 --kind 指明是哪个名单"

    def _advice(self, lacking: tuple[str, ...] = ()) -> str:
        if self._mapping is not None:
            return "；请核对映射文件里的列名"
        if lacking == (self._catalog.record_fields["list"].label,):
            return "；请加一列“名单名称”，或用 --kind 指明是哪个名单（credit-search lists 列出全部）"
        if self._is_kind_given:
            return "；请核对类别，或用 draft-mapping 起草映射文件"
        return "；请用 --kind 指明类别，或用 draft-mapping 起草映射文件"

    def _refuse(
        self, sheet: Sheet, top: list[Row], reason: RowProblem, fit: Fit | None = None
    ) -> tuple[SheetPlan, Iterator[Row]]:
        template = fit.template if fit else None
        reading = SheetReading(
            sheet.file,
            sheet.name,
            template.kind if template else "",
            template.key if template else "",
            (reason,),
        )
        first = fit.row if fit else _guess_header(top) if not sheet.header else 0
        wanted = tuple(i for i, column in enumerate(fit.columns) if column and column.to) if fit else None
        return SheetPlan(reading, refusal=Refusal(reason, first, wanted)), chain(top, sheet.rows)


def _of_sheet(sheet: Sheet, rule: str, message: str) -> RowProblem:
    """A problem of a sheet as a whole."""
    return RowProblem(sheet.name, 0, "", "", rule, message)


def _is_blank_row(row: Row) -> bool:
    return not any(cell.strip() for cell in row[1])


def _guess_header(top: list[Row]) -> int:
    """The number of the first row as wide as the widest: what a header would be that nobody knows."""
    filled = [(number, sum(1 for cell in cells if cell.strip())) for number, cells in top[:_HEADER_WITHIN]]
    most = max((count for _, count in filled), default=0)
    return next((number for number, count in filled if count == most), 0)
