"""How well does a row of labels fit a template, and do the values below bear it out?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

import msgspec

from indexers.catalog import Catalog
from indexers.grammar import Column, Template
from indexers.identifiers import compact
from indexers.values import is_blank, read_date

_BRACKETS = str.maketrans("[]【】〔〕﹝﹞{}<>《》", "()()()()()()()")
_DROPPED = re.compile(r"[\s*＊_:：、,，/\"'“”]+")
_HINT = re.compile(r"\((?:必填|选填|可选|非必填|必填项|格式[^)]*|yyyy[^)]*|年月日|下拉选择)\)")
_CODE_IN_LABEL = re.compile(r"(?<![A-Z])(?:XK|CF)_[A-Z_0-9]*[A-Z0-9]")
_FEWEST_VALUES = 3
"""One or two wrong values are two bad rows; from three on, with none right, it is the column."""

_LOOKS_LIKE_CODE = re.compile(r"[0-9A-Z*]{6,22}")
_FEWEST_DIGITS = 4


class Fit(msgspec.Struct, frozen=True):
    """A template laid over a row: the column for each place, and what the template's kind would lack."""

    template: Template
    row: int
    header: tuple[str, ...]
    columns: tuple[Column | None, ...]
    matched: int
    missing_required: int
    lacking: tuple[str, ...]

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
        return [(c.to, c.values, c.amount, c.split, c.drop) if c else None for c in self.columns]


@lru_cache(4096)
def fold_label(text: str) -> str:
    """A label in the form in which labels are compared: width, case, brackets, blanks and hints aside."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_BRACKETS)
    return _DROPPED.sub("", _HINT.sub("", plain))


@lru_cache(512)
def _places(names: tuple[tuple[str, ...], ...]) -> dict[str, int]:
    return {fold_label(name): place for place, own in enumerate(names) for name in own}


def fit_header(
    catalog: Catalog, template: Template, row: int, cells: Sequence[str], labels: Sequence[str]
) -> Fit:
    """Lay a template over a row of cells with their folded labels; a label that stands twice counts once."""
    places = _places(tuple(column.names for column in template.columns))
    taken: set[int] = set()
    columns: list[Column | None] = []
    for cell, label in zip(cells, labels, strict=True):
        place = places.get(label) if label else None
        if place is None and label:
            place = _by_code(cell, places)
        if place is None or place in taken:
            columns.append(None)
        else:
            taken.add(place)
            columns.append(template.columns[place])
    required = sum(
        1 for place, column in enumerate(template.columns) if column.required and place not in taken
    )
    given = {column.to for column in columns if column} | template.constants.keys()
    lacking = _lacking(catalog, template, given)
    return Fit(template, row, tuple(cells), tuple(columns), len(taken), required, lacking)


def _by_code(cell: str, places: dict[str, int]) -> int | None:
    """The place of a label such as 「行政相对人名称(CF_XDR_MC)」, by the code in it."""
    for code in _CODE_IN_LABEL.findall(unicodedata.normalize("NFKC", cell)):
        if (place := places.get(fold_label(code))) is not None:
            return place
    return None


def _lacking(catalog: Catalog, template: Template, given: set[str]) -> tuple[str, ...]:
    """The labels of what the kind asks of any sheet and this header cannot give."""
    kind = catalog.kinds[template.kind]
    if "person_name" in given:
        given = given | {"party"}
    has_own_list = sum(entry.kind == kind.key for entry in catalog.lists.values()) == 1
    if has_own_list:
        given = given | {"list"}
    wanted = [(item,) if isinstance(item, str) else item for item in kind.minimum]
    fields = catalog.fields_of(kind)
    missing = [names for names in wanted if given.isdisjoint(names)]
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
        if column is None or not column.to:
            continue
        field = fields[column.to]
        look = "code" if "uscc" in field.rules else "date" if field.type == "date" else column.to
        test = _TESTS.get(look)
        if test is None or column.values:
            continue
        values = [row[index] for row in sample if index < len(row) and not is_blank(row[index])]
        if len(values) >= _FEWEST_VALUES and not any(map(test[0], values)):
            label = " ".join(fit.header[index].split())
            told = f"表头与数据不符:“{label}”一列里没有一个值是{test[1]},可能整体错了列;整张表没有导入"
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
}
