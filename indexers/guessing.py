"""What is a department's own sheet about, and what does each of its columns hold?"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources

import msgspec

from indexers.catalog import Catalog
from indexers.errors import SheetError, UsageError
from indexers.grammar import Column, RecordKind
from indexers.headers import Fit, fit_header, fold_label
from indexers.identifiers import is_uscc
from indexers.list_names import ListNames
from indexers.periods import ends_sometime
from indexers.privacy import Privacy
from indexers.values import is_blank, read_amounts, read_date

_MOST = 0.5
"""The share of values that must look as the label says."""
_NEARLY_ALL = 0.8
"""The share of values that tell what a column is whose label says nothing."""
_FEWEST_VALUES = 3

_EXACT, _HINTED, _NAMED, _LISTED = 3, 1, 2, 60
"""Weights: a label that a template of the kind has, one that is guessed, the kind's word in the file; the name of
one of its lists outweighs all labels, since sheets of several lists have the same."""

_UNITS = ("亿元", "百万元", "万元", "千元")
_UNIT_ABOVE = re.compile(rf"单位\s*[:：]\s*(?:人民币)?({'|'.join(_UNITS)})")
"""「单位：万元」 above a table holds for its columns of money."""

_DOCUMENT_NUMBER = re.compile(r"[〔\[【﹝(（]\d{4}[〕\]】﹞)）].*号")


class Hint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of mappings/drafting.toml: labels that `pattern` finds mean the field `to` ("": left out).

    `day_to`: the field of the day that stands in the same cells.
    """

    to: str
    pattern: str
    values: str = ""
    day_to: str = ""


class Table(msgspec.Struct):
    """The columns of all sheets of a source: labels, in the order they were met, with sampled values.

    `around`: the names of the file and its sheets, and what stands above the headers.
    """

    labels: dict[str, list[str]]
    around: str


class Guess(msgspec.Struct, frozen=True):
    """What a column is taken for: a field, or nothing with the reason."""

    label: str
    to: str = ""
    drop: bool = False
    amount: str = ""
    split: str = ""
    values: dict[str, str] = {}
    day_to: str = ""
    why: str = ""


@cache
def _hints() -> tuple[tuple[re.Pattern[str], Hint], ...]:
    raw = tomllib.loads(resources.files("mappings").joinpath("drafting.toml").read_text("utf-8"))
    hints = msgspec.convert(raw["hint"], list[Hint])
    return tuple((re.compile(hint.pattern), hint) for hint in hints)


def label_reader(catalog: Catalog) -> Callable[[str], str]:
    """Tells what a cell means as a label: by the templates, else by the words of departments; "" if it is none."""
    columns = (column for template in catalog.templates.values() for column in template.columns)
    words = {fold_label(name): column.to or name for column in columns for name in column.names}

    @lru_cache(1 << 12)
    def meaning_of(text: str) -> str:
        label = fold_label(text)
        hinted = (hint.to or label for pattern, hint in _hints() if pattern.search(label))
        return words.get(label) or next(hinted, "")

    return meaning_of


def _hints_of(kind: RecordKind, label: str) -> Iterator[Hint]:
    usable = ((pattern, hint) for pattern, hint in _hints() if not hint.to or hint.to in kind.fields)
    return (hint for pattern, hint in usable if pattern.search(label))


# --- the kind ---------------------------------------------------------------------------------------------


def guess_kind(
    catalog: Catalog, table: Table, answered: str, listed: str
) -> tuple[RecordKind, Fit | None, dict[str, str]]:
    """The kind that knows the most labels, its template that fits best, and what is the same in all rows.

    `answered` is a kind or a list that the clerk named, `listed` a list. Raises UsageError for an unknown one,
    SheetError where no label is known.
    """
    wanted = catalog.lists[answered].kind if answered in catalog.lists else answered
    if listed in catalog.lists and not wanted:
        wanted = catalog.lists[listed].kind
    if wanted and wanted not in catalog.kinds:
        raise UsageError(f"没有类别 {wanted!r}；已有：{'、'.join(sorted(catalog.kinds))}")
    names = ListNames(catalog)
    records = [kind for kind in catalog.kinds.values() if kind.collection != "events"]
    kinds = [catalog.kinds[wanted]] if wanted else records
    told = _kinds_told(catalog, table, names)
    scored = [(_score(catalog, kind, table, told), -place, kind) for place, kind in enumerate(kinds)]
    most, _, best = max(scored, key=lambda entry: entry[:2])
    if not (most or wanted):
        raise SheetError(
            "没有一列认得出来；请核对表头，或用 --set kind=… 指明类别（credit-search kinds 列出全部）"
        )
    fit = _best_fit(catalog, best, table)
    constants = {k: v for k, v in fit.template.constants.items() if k != "party_class"} if fit else {}
    if "list" in best.fields:
        found = names.named_in(table.around)
        mine = [key for key in found if catalog.lists[key].kind == best.key]
        constants |= {"list": mine[0]} if len(mine) == 1 else {}
    if answered in catalog.lists:
        constants["list"] = answered
    return best, fit, constants


def _kinds_told(catalog: Catalog, table: Table, names: ListNames) -> frozenset[str]:
    """The kinds of the lists that a column of lists names, else the title; general if there are several."""
    for values in table.labels.values():
        keys = [key for value in values if (key := names.find(value))]
        if values and len(keys) >= _NEARLY_ALL * len(values):
            kinds = {catalog.lists[key].kind for key in keys}
            polarities = {catalog.lists[key].polarity for key in keys}
            return frozenset(kinds if len(kinds) == 1 else {_general_kind(catalog, p) for p in polarities})
    return frozenset(catalog.lists[key].kind for key in names.named_in(table.around))


def _general_kind(catalog: Catalog, polarity: str) -> str:
    """The kind whose columns most lists of this colour use."""
    kinds = Counter(entry.kind for entry in catalog.lists.values() if entry.polarity == polarity)
    return kinds.most_common(1)[0][0]


def _best_fit(catalog: Catalog, kind: RecordKind, table: Table) -> Fit | None:
    """The template of the kind that has the most of these labels, if it has two of them."""
    labels = list(table.labels)
    folded = [fold_label(label) for label in labels]
    fits = [fit_header(catalog, template, 0, labels, folded) for template in catalog.templates_of(kind.key)]
    best = max(fits, key=lambda fit: fit.rank, default=None)
    return best if best is not None and best.matched >= 2 else None


def _score(catalog: Catalog, kind: RecordKind, table: Table, told: frozenset[str]) -> int:
    fit = _best_fit(catalog, kind, table)
    hinted = sum(
        1 for label in table.labels if (h := next(_hints_of(kind, fold_label(label)), None)) and h.to
    )
    words = " ".join([table.around, *table.labels])
    named = min(words.count(_short(kind.label)), 4)
    exact = fit.matched if fit else 0
    return _EXACT * exact + _HINTED * hinted + _NAMED * named + _LISTED * (kind.key in told)


def _short(label: str) -> str:
    """The word that sheets write for a kind: 处罚 for 行政处罚; longer labels as they are."""
    return label[2:] if len(label) == 4 and label[:2] in ("行政", "信用", "合同") else label


# --- the columns ------------------------------------------------------------------------------------------


class ColumnGuesser:
    """Guesses the columns of a table of one kind; `fit` is the template of the kind that fits best."""

    def __init__(self, catalog: Catalog, kind: RecordKind, fit: Fit | None, privacy: Privacy) -> None:
        self._kind = kind
        self._fields = catalog.fields_of(kind)
        self._privacy = privacy
        self._best = (
            {fold_label(name) for column in fit.template.columns for name in column.names} if fit else set()
        )
        self._exact = self._known_columns(catalog, fit)
        self._lists = ListNames(catalog)
        self._taken: set[str] = set()
        self._unit = ""

    def guess(self, table: Table) -> list[Guess]:
        """A guess for each label in its order; the best template chooses first, then the others."""
        guesses: dict[str, Guess] = {}
        self._unit = unit[1] if (unit := _UNIT_ABOVE.search(table.around)) else ""
        for label in sorted(table.labels, key=self._precedence):
            guesses[label] = self._guess(label, table.labels[label])
            self._taken |= {guesses[label].to, guesses[label].day_to}
        return [self._by_values(guesses[label], values) for label, values in table.labels.items()]

    def _precedence(self, label: str) -> tuple[bool, bool, int]:
        """Labels of the best template first, then of the others, then by their hints: the last ones are weak."""
        folded = fold_label(label)
        place = next((i for i, (pattern, _) in enumerate(_hints()) if pattern.search(folded)), len(_hints()))
        return folded not in self._best, folded not in self._exact, place

    def _known_columns(self, catalog: Catalog, fit: Fit | None) -> dict[str, Column]:
        """What a folded label means by the templates of the kind, else by the labels of its fields.

        Exchanged values (1 for 有效) are kept where all templates that know the label agree: never a guess.
        """
        known: dict[str, Column] = {}
        first = [fit.template] if fit else []
        for template in [*first, *reversed(catalog.templates_of(self._kind.key))]:
            for column in template.columns:
                for name in map(fold_label, column.names):
                    kept = known.setdefault(name, column)
                    if kept.values != column.values:
                        known[name] = msgspec.structs.replace(kept, values={})
        for name, field in self._fields.items():
            known.setdefault(fold_label(field.label), Column(names=(field.label,), to=name))
        return known

    def _is_free(self, field: str) -> bool:
        return field not in self._taken or self._fields[field].multiple

    def _unit_of(self, label: str, look: str) -> str:
        return next((unit for unit in _UNITS if unit in label), self._unit) if look == "amount" else ""

    def _free_day(self, field: str) -> str:
        return field if field in self._fields and self._is_free(field) else ""

    def _guess(self, label: str, values: list[str]) -> Guess:
        folded = fold_label(label)
        column = self._exact.get(folded)
        if column is not None and column.drop:
            return Guess(label, drop=True, why="不保存")
        if column is not None and self._is_free(column.to):
            day_to = self._free_day(column.day_to)
            amount = column.amount or self._unit_of(label, self._fields[column.to].type)
            return Guess(label, column.to, False, amount, column.split, column.values, day_to)
        hints = list(_hints_of(self._kind, folded))
        first = hints[0].to if hints else ""
        if first and not self._fields[first].keep and self._is_free(first):
            return Guess(label, first, why=f"{self._fields[first].label}：只用来判断，不保存")
        if key := self._privacy.never_kept_class(label):
            return Guess(label, drop=True, why=f"个人信息（{key}），不保存")
        if hints and not first:
            return Guess(label, drop=True, why="不需要")
        return self._by_hints(label, values, hints, f"像是 {column.to}，但已有一列" if column else "")

    def _by_hints(self, label: str, values: list[str], hints: Sequence[Hint], why: str) -> Guess:
        """The first hint whose field has no column yet and whose look the values have, else why there is none."""
        for hint in hints:
            if not hint.to or not self._fields[hint.to].keep:
                continue
            if not self._is_free(hint.to):
                why = why or f"像是 {hint.to}，但已有一列"
            elif values and not self._look_right(hint.values, values):
                why = why or f"像是 {hint.to}，但值对不上"
            else:
                amount = self._unit_of(label, self._fields[hint.to].type)
                return Guess(label, hint.to, amount=amount, day_to=self._free_day(hint.day_to))
        return Guess(label, why=why or "看不出是什么")

    def _look_right(self, look: str, values: Sequence[str]) -> bool:
        tests = {
            "code": lambda text: sum(map(str.isdigit, text)) >= 6,
            "date": lambda text: read_date(text) is not None,
            "period": ends_sometime,
            "amount": lambda text: read_amounts(text) is not None,
            "name": lambda text: (
                read_date(text) is None and any("\u3400" <= char <= "\u9fff" for char in text)
            ),
            "list": lambda text: bool(self._lists.find(text)),
        }
        return look not in tests or sum(map(tests[look], values)) >= _MOST * len(values)

    def _by_values(self, guess: Guess, values: list[str]) -> Guess:
        """A column whose label says nothing, taken for what most of its values are."""
        if guess.to or guess.drop or len(values) < _FEWEST_VALUES:
            return guess
        looks = (
            ("uscc", is_uscc),
            ("document_number", lambda text: _DOCUMENT_NUMBER.search(text) is not None and len(text) < 60),
            ("party", lambda text: len(text) < 60 and self._privacy.is_person(text) is False),
            ("decided_on", lambda text: bool(read_date(text))),
        )
        for field, test in looks:
            enough = _NEARLY_ALL * len(values)
            if field in self._kind.fields and field not in self._taken and sum(map(test, values)) >= enough:
                self._taken.add(field)
                return Guess(guess.label, field, why="按值判断，请核对")
        return guess


def with_values(cells: Sequence[str]) -> list[str]:
    """The cells of a column that say something."""
    return [value for value in cells if not is_blank(value)]


def open_keys(
    catalog: Catalog, kind: RecordKind, mapped: set[str], constants: Mapping[str, str]
) -> list[str]:
    """The fields that the kind needs and neither a column nor a constant gives."""
    given = mapped | constants.keys()
    if "person_name" in mapped:
        given = given | {"party"}
    if sum(entry.kind == kind.key for entry in catalog.lists.values()) == 1:
        given = given | {"list"}
    groups = [(item,) if isinstance(item, str) else item for item in kind.minimum]
    return [names[0] for names in groups if given.isdisjoint(names)]
