"""What does each column of a department's own sheet hold?"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from indexers.amounts import read_amounts
from indexers.catalog import Catalog
from indexers.grammar import Column, RecordKind
from indexers.headers import Fit, fold_label
from indexers.identifiers import is_uscc
from indexers.label_words import Hint, LabelWords
from indexers.list_names import ListNames
from indexers.periods import ends_sometime
from indexers.privacy import Privacy
from indexers.values import is_blank, read_date

_MOST = 0.5
"""The share of values that must look as the label says."""
_NEARLY_ALL = 0.8
"""The share of values that tell what a column is whose label says nothing."""
_FEWEST_VALUES = 3

_PERSON_NUMBER = "identity_number"
_NO_IDEA = "看不出是什么"

_UNITS = ("亿元", "百万元", "万元", "千元")
_UNIT_ABOVE = re.compile(rf"单位\s*[:：]\s*(?:人民币)?({'|'.join(_UNITS)})")
"""「单位：万元」 above a table holds for its columns of money."""

_DOCUMENT_NUMBER = re.compile(r"[〔\[【﹝(（]\d{4}[〕\]】﹞)）].*号")

_OFFICE = re.compile("[局厅委部院队会所站处室办行府]$|(中心|部门)$")
"""How the names of authorities end."""


class Table(msgspec.Struct):
    """The columns of a sheet, or of several of one source: labels, in the order they were met, with sampled values.

    `titles`: the names of the sheets and what stands above the headers; `file`: the name of the file. `headers`: the
    labels of each sheet, where there are several.
    """

    labels: dict[str, list[str]]
    titles: tuple[str, ...]
    file: str
    headers: tuple[frozenset[str], ...] = ()

    @property
    def around(self) -> str:
        """All words that stand around the table."""
        return " ".join([self.file, *self.titles])


class Guess(msgspec.Struct, frozen=True):
    """What a column is taken for: a field, or nothing with the reason; `others`: what other sheets call it."""

    label: str
    to: str = ""
    drop: bool = False
    amount: str = ""
    split: str = ""
    values: dict[str, str] = {}
    day_to: str = ""
    why: str = ""
    others: tuple[str, ...] = ()


class ColumnGuesser:
    """Guesses the columns of a table of one kind; `fit` is the template of the kind that fits best."""

    def __init__(
        self, catalog: Catalog, words: LabelWords, kind: RecordKind, fit: Fit | None, privacy: Privacy
    ) -> None:
        self._kind = kind
        self._fields = catalog.fields_of(kind)
        self._privacy = privacy
        self._best = (
            {fold_label(name) for column in fit.template.columns for name in column.names} if fit else set()
        )
        self._exact = self._known_columns(catalog, fit)
        self._words = words
        self._lists = ListNames(catalog)
        self._taken: dict[str, set[str]] = {}
        self._headers: tuple[frozenset[str], ...] = ()
        self._unit = ""

    def guess(self, table: Table) -> list[Guess]:
        """A guess for each label in its order; the best template chooses first, then the others, then the hints."""
        self._headers = table.headers or (frozenset(table.labels),)
        self._unit = unit[1] if (unit := _UNIT_ABOVE.search(table.around)) else ""
        guesses = {
            label: guess
            for label in sorted(table.labels, key=self._precedence)
            if (guess := self._by_template(label)) is not None
        }
        hinted: dict[str, list[tuple[int, Hint]]] = {}
        for label in table.labels:
            if label not in guesses:
                hints = self._words.of_kind(self._kind, fold_label(label))
                aside = self._set_aside(label, [hint for _, hint in hints], table.labels[label])
                if aside is not None:
                    guesses[label] = aside
                else:
                    hinted[label] = [(place, hint) for place, hint in hints if self._is_kept(hint.to)]
        guesses |= self._share_out(hinted, table)
        return self._joined(self._by_values(guesses[label], values) for label, values in table.labels.items())

    def _joined(self, guesses: Iterable[Guess]) -> list[Guess]:
        """One guess for what sheets call by different names; a field that can have one value has one column."""
        joined: list[Guess] = []
        places: dict[str, int] = {}
        for guess in guesses:
            place = places.get(guess.to)
            if not guess.to or self._fields[guess.to].multiple or place is None:
                places.setdefault(guess.to, len(joined))
                joined.append(guess)
            elif _is_read_alike(guess, joined[place]):
                others = (*joined[place].others, guess.label)
                joined[place] = msgspec.structs.replace(joined[place], others=others)
            else:
                joined.append(Guess(guess.label, why=f"像是 {guess.to}，但已有一列"))
        return joined

    def _precedence(self, label: str) -> tuple[bool, bool]:
        folded = fold_label(label)
        return folded not in self._best, folded not in self._exact

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

    def _is_untaken(self, field: str, label: str) -> bool:
        """Whether no column has the field in a sheet that has this label too."""
        taken = self._taken.get(field, set())
        return not any(label in header and not taken.isdisjoint(header) for header in self._headers)

    def _is_free(self, field: str, label: str) -> bool:
        return self._is_untaken(field, label) or self._fields[field].multiple

    def _take(self, label: str, *fields: str) -> None:
        for field in filter(None, fields):
            self._taken.setdefault(field, set()).add(label)

    def _unit_of(self, label: str, look: str) -> str:
        return next((unit for unit in _UNITS if unit in label), self._unit) if look == "amount" else ""

    def _free_day(self, field: str, label: str) -> str:
        return field if field in self._fields and self._is_free(field, label) else ""

    def _by_template(self, label: str) -> Guess | None:
        column = self._exact.get(fold_label(label))
        if column is not None and column.drop:
            return Guess(label, drop=True, why="不保存")
        if column is None or _is_bare_code(label) or not self._is_free(column.to, label):
            return None
        day_to = self._free_day(column.day_to, label)
        amount = column.amount or self._unit_of(label, self._fields[column.to].type)
        self._take(label, column.to, day_to)
        return Guess(label, column.to, False, amount, column.split, column.values, day_to)

    def _set_aside(self, label: str, hints: Sequence[Hint], values: Sequence[str]) -> Guess | None:
        """What is read and not kept, or not read at all."""
        first = hints[0].to if hints else ""
        if first == _PERSON_NUMBER and self._holds_codes(label, values):
            self._take(label, "uscc")
            return Guess(label, "uscc", why="按值判断，请核对")
        if first and not self._fields[first].keep and self._is_free(first, label):
            self._take(label, first)
            return Guess(label, first, why=f"{self._fields[first].label}：只用来判断，不保存")
        if key := self._privacy.never_kept_class(label):
            return Guess(label, drop=True, why=f"个人信息（{key}），不保存")
        if hints and not first:
            return Guess(label, drop=True, why="不需要")
        return None

    def _holds_codes(self, label: str, values: Sequence[str]) -> bool:
        """Whether codes of organisations stand among the numbers (证件号码); those of persons are dropped there too."""
        is_free = "uscc" in self._fields and self._is_free("uscc", label)
        return is_free and any(
            is_uscc(value) and not self._privacy.is_personal_number(value) for value in values
        )

    def _is_kept(self, field: str) -> bool:
        return bool(field) and self._fields[field].keep

    def _share_out(self, hinted: Mapping[str, list[tuple[int, Hint]]], table: Table) -> dict[str, Guess]:
        """Hint by hint over the labels: one turns to its next hint behind all those whose first hint that is."""
        guesses = {label: Guess(label, why=self._why_left(label)) for label in hinted}
        queue = [
            (hints[0][0], 0, order, label) for order, (label, hints) in enumerate(hinted.items()) if hints
        ]
        heapq.heapify(queue)
        while queue:
            _, turn, order, label = heapq.heappop(queue)
            hints = hinted[label]
            guess = self._by_hint(label, hints[turn][1], table.labels[label])
            if guess.to or guesses[label].why == _NO_IDEA:
                guesses[label] = guess
            if not guess.to and turn + 1 < len(hints):
                heapq.heappush(queue, (hints[turn + 1][0], turn + 1, order, label))
        return guesses

    def _why_left(self, label: str) -> str:
        column = self._exact.get(fold_label(label))
        return f"像是 {column.to}，但已有一列" if column else _NO_IDEA

    def _by_hint(self, label: str, hint: Hint, values: list[str]) -> Guess:
        """The field of a hint if it has no column yet and the values its look, else why not."""
        if not self._is_free(hint.to, label):
            return Guess(label, why=f"像是 {hint.to}，但已有一列")
        if values and not self._look_right(hint.values, values):
            return Guess(label, why=f"像是 {hint.to}，但值对不上")
        day_to = self._free_day(hint.day_to, label)
        self._take(label, hint.to, day_to)
        return Guess(label, hint.to, amount=self._unit_of(label, self._fields[hint.to].type), day_to=day_to)

    def _look_right(self, look: str, values: Sequence[str]) -> bool:
        tests = {
            "code": lambda text: sum(map(str.isdigit, text)) >= 6,
            "date": lambda text: read_date(text) is not None,
            "period": ends_sometime,
            "amount": lambda text: read_amounts(text) is not None,
            "name": lambda text: (
                read_date(text) is None and any("\u3400" <= char <= "\u9fff" for char in text)
            ),
            "office": lambda text: _OFFICE.search(text) is not None,
            "list": lambda text: bool(self._lists.find(text)),
        }
        return look not in tests or sum(map(tests[look], values)) >= _MOST * len(values)

    def _by_values(self, guess: Guess, values: list[str]) -> Guess:
        """A column whose label says nothing, taken for what most of its values are."""
        if guess.to or guess.drop or not values:
            return guess
        looks = (
            ("uscc", is_uscc),
            ("document_number", lambda text: _DOCUMENT_NUMBER.search(text) is not None and len(text) < 60),
            ("party", lambda text: len(text) < 60 and self._privacy.is_person(text) is False),
            ("decided_on", lambda text: bool(read_date(text))),
        )
        for field, test in looks:
            # A check digit proves a code by itself.
            is_many = field == "uscc" or len(values) >= _FEWEST_VALUES
            is_free = field in self._kind.fields and self._is_untaken(field, guess.label)
            if is_many and is_free and sum(map(test, values)) >= _NEARLY_ALL * len(values):
                self._take(guess.label, field)
                return Guess(guess.label, field, why="按值判断，请核对")
        return guess


def _is_read_alike(one: Guess, other: Guess) -> bool:
    return (one.amount, one.split, one.values, one.day_to) == (
        other.amount,
        other.split,
        other.values,
        other.day_to,
    )


def _is_bare_code(label: str) -> bool:
    """Whether a label is a code that lost its `_`: CFJG is now CF_JG (the result), now who punished."""
    return label.isascii() and label.isalpha() and label.isupper()


def with_values(cells: Sequence[str]) -> list[str]:
    """The cells of a column that say something."""
    return [value for value in cells if not is_blank(value)]
