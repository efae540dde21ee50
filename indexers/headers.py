"""How well does a row of labels fit a template, and do the values below bear it out?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import dropwhile, zip_longest

import msgspec

from indexers.catalog import Catalog
from indexers.folding import fold_label
from indexers.grammar import Column, Template
from indexers.identifiers import compact
from indexers.label_units import spellings_of_unit, unit_above, unit_in
from indexers.periods import ends_sometime
from indexers.readers import INSIDE, Row
from indexers.values import is_blank, read_date

_CODE_IN_LABEL = re.compile(r"(?<![A-Z])(?:XK|CF)_[A-Z_0-9]*[A-Z0-9]")
_FEWEST_VALUES = 3
"""One or two wrong values are two bad rows; from three on, with none right, it is the column."""
_LEAST_SHARE_FILLED = 0.2
"""A column that is hardly ever filled in has bad rows; when a header is shifted, whole columns are wrong."""

_LOOKS_LIKE_CODE = re.compile(r"[0-9A-Z*]{6,22}")
_FEWEST_DIGITS = 4


class Fit(msgspec.Struct, frozen=True):
    """A template laid over a row: the column for each place, and what the template's kind would lack.

    `goes_on`: the header has a second row, in which labels stand.
    """

    template: Template
    row: int
    header: tuple[str, ...]
    columns: tuple[Column | None, ...]
    matched: int
    missing_required: int
    lacking: tuple[str, ...]
    goes_on: bool = False

    @property
    def rank(self) -> tuple[int, int, int, bool, str]:
        """More columns known, fewer required ones absent, then the smaller, official, newer template."""
        unused = len(self.template.columns) - self.matched
        return (self.matched, -self.missing_required, -unused, self.template.official, self.template.version)

    def differs_from(self, other: Fit) -> bool:
        """Whether the rows would become something else by the other template."""
        same_template = (self.template.kind, self.template.constants) == (
            other.template.kind,
            other.template.constants,
        )
        return not same_template or self._meaning() != other._meaning()

    def _meaning(self) -> list[tuple[object, ...] | None]:
        return [(c.to, c.values, c.amount, c.split, c.drop, c.day_to) if c else None for c in self.columns]


@lru_cache(512)
def _places(names: tuple[tuple[str, ...], ...]) -> dict[str, int]:
    return {fold_label(name): place for place, own in enumerate(names) for name in own}


_FEWEST_ABOVE = 3
"""Labels in the upper row of a header of several rows; a title with a date beside it has fewer."""
_LONGEST_PART = 24
_GENERAL_WORD = 2
"""Up to so many characters (名称, 姓名, 日期) a label says nothing without the one that it stands under."""
MOST_HEADER_ROWS = 3
_IN_BRACKETS = re.compile(r"[（(].*?[)）]")


def stacked_header(
    upper: Sequence[str], lower: Sequence[str], nearest: Sequence[str] = ()
) -> list[str] | None:
    """The labels of a header that goes on in the next row, below cells that were merged; None if it does not.

    The lower row names the parts of a merged cell, and is blank below every label that stands alone. `nearest`:
    what stands directly above, where `upper` is itself a header of several rows.
    """
    width = max(len(upper), len(lower))
    above = [*map(one_line, upper), *[""] * (width - len(upper))]
    below = [*map(one_line, lower), *[""] * (width - len(lower))]
    names = [*map(one_line, nearest), *[""] * (width - len(nearest))] if nearest else above
    places = [place for place, label in enumerate(above) if label]
    parts = [place for place, label in enumerate(below) if label]
    if len(places) < _FEWEST_ABOVE or len(parts) < 2 or not all(map(_is_label, filter(None, below))):
        return None
    joined = list(above)
    for place in parts:
        over = max((at for at in places if at <= place), default=None)
        if over is None or (over == place and (place + 1 == width or above[place + 1])):
            return None
        joined[place] = names[over] + below[place] if is_general_word(below[place]) else below[place]
    stand_alone = any(above[place] and not below[place] for place in places)
    divides = any(not above[place] for place in parts)
    return joined if stand_alone and divides else None


def one_line(text: str) -> str:
    """A label without the line breaks and blanks inside it."""
    return "".join(text.split())


def is_general_word(part: str) -> bool:
    """Whether a part of a label (名称, 姓名, 名称（姓名）) says nothing without what it stands under."""
    return len(_IN_BRACKETS.sub("", part)) <= _GENERAL_WORD


def _is_label(text: str) -> bool:
    return len(text) <= _LONGEST_PART and not any(char.isdigit() for char in text) and not is_blank(text)


def headers_from(rows: Sequence[Row]) -> Iterator[tuple[range, list[str]]]:
    """The first of the rows as a header, then with the rows below that go on with it: (row numbers, labels)."""
    for number, cells in rows[:1]:
        yield range(number, number + 1), cells
        nearest = list(cells)
        for last, lower in rows[1:MOST_HEADER_ROWS]:
            stacked = stacked_header(cells, lower, nearest)
            if stacked is None:
                break
            cells = stacked
            nearest = [under or over for over, under in zip_longest(nearest, lower, fillvalue="")]
            yield range(number, last + 1), cells


def width_of_repeat(header: Sequence[str]) -> int:
    """How many columns apart the same labels stand, where a table goes on beside itself; 0 where it does not."""
    labels = list(dropwhile(lambda label: not label, (fold_label(label) for label in header)))
    if len(labels) < 2 or labels[0] not in labels[1:]:
        return 0
    width = labels.index(labels[0], 1)
    same = all(label == again for label, again in zip(labels, labels[width:], strict=False))
    rest = len(labels) % width
    is_whole = rest == 0 or not any(
        labels[rest:width]
    )  # a blank column between the parts, none behind the last
    return width if same and is_whole and width >= _FEWEST_REPEATED else 0


_FEWEST_REPEATED = 2


def fit_header(
    catalog: Catalog, template: Template, row: int, cells: Sequence[str], labels: Sequence[str]
) -> Fit:
    """Lay a template over a row of cells with their folded labels.

    A label that stands twice counts once, and both its columns are read, but for a table that goes on beside itself.
    """
    places = _places(tuple(column.names for column in template.columns))
    taken: dict[int, str] = {}
    goes_on_beside = bool(width_of_repeat(cells))
    columns: list[Column | None] = []
    for cell, label in zip(cells, labels, strict=True):
        place, column = _find(template, places, cell, label) if label else _NOT_FOUND
        is_again = place in taken and (goes_on_beside or taken[place] != label)
        if column is None or is_again:
            columns.append(None)
        else:
            taken[place] = label
            columns.append(column)
    required = sum(
        1 for place, column in enumerate(template.columns) if column.required and place not in taken
    )
    given = {
        name for column in columns if column for name in (column.to, column.day_to)
    } | template.constants.keys()
    lacking = _lacking(catalog, template, given)
    return Fit(template, row, tuple(cells), tuple(columns), len(taken), required, lacking)


_NOT_FOUND = -1, None
_Found = tuple[int, Column | None]
"""The place of a column in its template, and the column as this sheet has it."""


def _find(template: Template, places: dict[str, int], cell: str, label: str) -> _Found:
    place = places.get(label)
    if place is None:
        place = _by_code(cell, places)
    if place is None:
        place = _by_path(cell, places)
    return _by_other_unit(template, places, label) if place is None else (place, template.columns[place])


def _by_code(cell: str, places: dict[str, int]) -> int | None:
    """The place of a label such as 「行政相对人名称(CF_XDR_MC)」, by the code in it."""
    for code in _CODE_IN_LABEL.findall(unicodedata.normalize("NFKC", cell)):
        if (place := places.get(fold_label(code))) is not None:
            return place
    return None


def _by_other_unit(template: Template, places: dict[str, int], label: str) -> _Found:
    """By a label that is known with another unit of money (罚款金额(元)): the column with the unit that this says."""
    _, *others = spellings_of_unit(label)
    place = next((place for other in others if (place := places.get(other)) is not None), None)
    if place is None or not template.columns[place].amount:
        return _NOT_FOUND
    return place, msgspec.structs.replace(template.columns[place], amount=unit_in(label))


def with_unit_above(fit: Fit, titles: str) -> Fit:
    """The fit with the unit above the table for its columns of money whose label names none."""
    unit = unit_above(titles)
    columns = tuple(
        msgspec.structs.replace(column, amount=unit)
        if unit and column is not None and column.amount and not unit_in(label)
        else column
        for label, column in zip(fit.header, fit.columns, strict=True)
    )
    return msgspec.structs.replace(fit, columns=columns)


_ENDS_OF_NAMES = ("名称", "全称", "姓名", "名")


def without_end(label: str) -> str:
    """What the folded label of a column of names begins with (承诺主体 of 承诺主体名称)."""
    return label.removesuffix(next((end for end in _ENDS_OF_NAMES if label.endswith(end)), ""))


def _by_path(cell: str, places: dict[str, int]) -> int | None:
    """The place of a label that stands inside another one, as in JSON: 法定代表人.姓名, 处罚信息.决定书文号."""
    return next((place for word in words_of_path(cell) if (place := places.get(word)) is not None), None)


def words_of_path(cell: str) -> list[str]:
    """The folded labels that one which stands inside another may be known by, none for one that does not."""
    *above, last = cell.rsplit(INSIDE, 2)
    if not above:
        return []
    over = above[-1]
    words = [over + last]
    if last in _NAMES_OF_ALL:
        words.append(over)
    if _SAYS_NOTHING.search(over):  # else the code of an authority would pass for that of the party
        words.append(last)
    return [fold_label(word) for word in words]


_NAMES_OF_ALL = ("姓名", "名称", "名字", "name")
_SAYS_NOTHING = re.compile(
    r"(?:信息|数据|情况|内容|info|data|details?|entity|record|attributes|properties)$", re.IGNORECASE
)


def _lacking(catalog: Catalog, template: Template, given: set[str]) -> tuple[str, ...]:
    """The labels of what the kind asks of any sheet and this header cannot give."""
    kind = catalog.kinds[template.kind]
    fields = catalog.fields_of(kind)
    missing = catalog.lacking(kind, given)
    return tuple("或".join(fields[name].label for name in names) for names in missing)


def is_second_header(fit: Fit, cells: Sequence[str]) -> bool:
    """Whether a row repeats the header, in its words or in codes: half of its mapped cells are labels."""
    mapped = same = 0
    for cell, label, column in zip(cells, fit.header, fit.columns, strict=False):
        if column is None or not cell:
            continue
        mapped += 1
        if len(cell) <= _LONGEST_LABEL:
            same += fold_label(cell) in {fold_label(name) for name in (*column.names, label)}
    return same * 2 >= mapped and same >= min(2, len(fit.columns))


_LONGEST_LABEL = 60


def shifted_column(
    fit: Fit, sample: Sequence[Sequence[str]], catalog: Catalog
) -> tuple[str, str, str, str] | None:
    """(column, value, rule, message) of a column where no value is what its label says; None if all fit."""
    fields = catalog.fields_of(catalog.kinds[fit.template.kind])
    for index, column in enumerate(fit.columns):
        if column is None or not column.to or column in fit.columns[:index]:
            continue
        field = fields[column.to]
        look = "code" if "uscc" in field.rules else "date" if field.type == "date" else column.to
        test = _TESTS.get(column.to) or _TESTS.get(look)
        if test is None or column.values:
            continue
        values = [row[index] for row in sample if index < len(row) and not is_blank(row[index])]
        enough = max(_FEWEST_VALUES, _LEAST_SHARE_FILLED * len(sample))
        if len(values) >= enough and not any(map(test[0], values)):
            label = " ".join(fit.header[index].split())
            told = f"表头与数据不符：“{label}”一列里没有一个值是{test[1]}，可能整体错了列；整张表没有导入"
            return label, "", "header", told
    return None


def _is_like_code(text: str) -> bool:
    code = compact(text)
    return _LOOKS_LIKE_CODE.fullmatch(code) is not None and sum(map(str.isdigit, code)) >= _FEWEST_DIGITS


def _is_date(text: str) -> bool:
    return read_date(text) is not None


def _is_like_name(text: str) -> bool:
    return any("\u3400" <= char <= "\u9fff" or char.isalpha() for char in text) and read_date(text) is None


_TESTS: dict[str, tuple[Callable[[str], bool], str]] = {
    "code": (_is_like_code, "代码"),
    "date": (_is_date, "日期"),
    "party": (_is_like_name, "名称"),
    "valid_until": (ends_sometime, "日期或期限"),
}
