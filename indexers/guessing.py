"""What does each column of a department's own sheet hold?"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from indexers.amounts import read_amounts
from indexers.catalog import Catalog
from indexers.folding import fold_label
from indexers.grammar import Column, RecordKind, Template
from indexers.headers import Fit, fit_header, without_end, words_of_path
from indexers.identifiers import is_uscc
from indexers.label_units import spellings_of_unit, unit_above, unit_in
from indexers.label_words import Hint, LabelWords
from indexers.list_names import ListNames
from indexers.periods import ends_sometime, unit_of_label, with_unit
from indexers.privacy import Privacy
from indexers.readers import INSIDE
from indexers.sheet_words import load_sheet_words
from indexers.values import is_blank, read_date

_MOST = 0.5
"""The share of values that must look as the label says."""
_NEARLY_ALL = 0.8
"""The share of values that tell what a column is whose label says nothing."""
_FEWEST_VALUES = 3

_PARTY, _CODE = "party", "uscc"
_PERSON_NUMBER = "identity_number"
_NO_IDEA = "看不出是什么"
_SIGNS_OF_CODES = "码号"
_WHOSE_CODE = "像是 uscc，但看不出是主体自己的代码"

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
        self._may_stand_over_codes = load_sheet_words(catalog.directory).may_stand_over_codes
        self._taken: dict[str, set[str]] = {}
        self._headers: tuple[frozenset[str], ...] = ()
        self._unit = ""

    def guess(self, table: Table, said: Mapping[str, str]) -> list[Guess]:
        """A guess for each label in its order. `said` are fields by the label that the clerk named for them; then the
        best template chooses, then the others, then the hints, codes last: whose they are tells the party."""
        self._headers = table.headers or (frozenset(table.labels),)
        self._unit = unit_above(table.around)
        guesses = {label: self._as_said(label, field) for label, field in said.items()}
        for label in sorted(table.labels, key=self._precedence):
            if label not in guesses and (guess := self._by_template(label)) is not None:
                guesses[label] = guess
        hinted: dict[str, list[tuple[int, Hint]]] = {}
        folded = [fold_label(label) for label in table.labels]
        for label in table.labels:
            if label not in guesses:
                hints = self._words.of_kind(self._kind, fold_label(label), folded)
                aside = self._set_aside(label, [hint for _, hint in hints], table.labels[label])
                if aside is not None:
                    guesses[label] = aside
                else:
                    hinted[label] = [(place, hint) for place, hint in hints if self._is_kept(hint.to)]
        of_codes = {label: hints for label, hints in hinted.items() if hints and hints[0][1].to == _CODE}
        guesses |= self._share_out({k: v for k, v in hinted.items() if k not in of_codes}, table)
        guesses |= self._share_out(of_codes, table)
        return self._joined(self._by_values(guesses[label], table) for label in table.labels)

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

    def _precedence(self, label: str) -> tuple[bool, bool, int]:
        """Of two labels of one column of a template (评价等级, 评价结果), the one that it names first comes first."""
        known_by = self._known_by(label)
        column = self._exact.get(known_by)
        place = [fold_label(name) for name in column.names].index(known_by) if column else 0
        return known_by not in self._best, column is None, place

    def _known_by(self, label: str) -> str:
        """What a label is called in the templates: with another unit of money, or without what it stands inside."""
        folded = fold_label(label)
        words = (*spellings_of_unit(folded), *words_of_path(label))
        return next((word for word in words if word in self._exact), folded)

    def _known_columns(self, catalog: Catalog, fit: Fit | None) -> dict[str, Column]:
        """What a folded label means by the templates of the kind, else by the labels of its fields.

        Exchanged values (1 for 有效) are kept where all templates that know the label agree, but for those that know
        less of a sheet which the best one knows whole: an import would read it by that one. Never a guess.
        """
        known: dict[str, Column] = {}
        templates = catalog.templates_of(self._kind.key)
        outdone = _outdone_by(catalog, fit, templates) if fit and not fit.lacking else set()
        for template in [*([fit.template] if fit else []), *reversed(templates)]:
            for column in template.columns:
                for name in map(fold_label, column.names):
                    kept = known.setdefault(name, column)
                    is_outdone = template.key in outdone and name in self._best
                    if kept.values != column.values and not is_outdone:
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
        return unit_in(label) or self._unit if look == "amount" else ""

    def _is_own_code(self, label: str, values: Sequence[str], table: Table) -> bool:
        """Whether a column of codes is that of the parties, by its label: the code of another would be worse than none.

        One code of many parties is that of the office that hands in the sheet.
        """
        parties = self._taken.get(_PARTY, set())
        above = {party.rpartition(INSIDE)[0] for party in parties}
        path, _, last = label.rpartition(INSIDE)
        folded = fold_label(last if path in above else path + last)
        names = (without_end(fold_label(party)) for party in parties)
        if not folded.isascii() and not self._may_stand_over_codes(folded, names):
            return False
        named = {name for party in parties for name in table.labels[party]}
        return len(named) < 2 or len(set(values)) != 1 or len(values) < 2

    def _free_day(self, field: str, label: str) -> str:
        return field if field in self._fields and self._is_free(field, label) else ""

    def _as_said(self, label: str, field: str) -> Guess:
        self._take(label, field)
        known = self._exact.get(fold_label(label))
        column = known if known is not None and known.to == field else Column(names=(label,), to=field)
        amount = self._unit_of(label, self._fields[field].type) or column.amount
        return Guess(label, field, amount=amount, split=column.split, values=column.values)

    def _by_template(self, label: str) -> Guess | None:
        column = self._exact.get(self._known_by(label))
        if column is not None and column.drop:
            return Guess(label, drop=True, why="不保存")
        if (
            column is None
            or _is_bare_code(label.rpartition(INSIDE)[2])
            or not self._is_free(column.to, label)
        ):
            return None
        day_to = self._free_day(column.day_to, label)
        amount = self._unit_of(label, self._fields[column.to].type) or column.amount
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
            guess = self._by_hint(label, hints[turn][1], table)
            if guess.to or guesses[label].why == _NO_IDEA:
                guesses[label] = guess
            if not guess.to and turn + 1 < len(hints):
                heapq.heappush(queue, (hints[turn + 1][0], turn + 1, order, label))
        return guesses

    def _why_left(self, label: str) -> str:
        column = self._exact.get(fold_label(label))
        return f"像是 {column.to}，但已有一列" if column else _NO_IDEA

    def _by_hint(self, label: str, hint: Hint, table: Table) -> Guess:
        """The field of a hint if it has no column yet and the values its look, else why not."""
        values, unit = table.labels[label], unit_of_label(label)
        if not self._is_free(hint.to, label):
            return Guess(label, why=f"像是 {hint.to}，但已有一列")
        if values and not self._look_right(hint.values, [with_unit(value, unit) for value in values]):
            return Guess(label, why=f"像是 {hint.to}，但值对不上")
        if hint.to == _CODE and not self._is_own_code(label, values, table):
            return Guess(label, why=_WHOSE_CODE)
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

    def _by_values(self, guess: Guess, table: Table) -> Guess:
        """A column whose label says nothing, taken for what most of its values are."""
        values = table.labels[guess.label]
        if guess.to or guess.drop or not values:
            return guess
        looks = (
            (_CODE, is_uscc),
            ("document_number", lambda text: _DOCUMENT_NUMBER.search(text) is not None and len(text) < 60),
            (_PARTY, lambda text: len(text) < 60 and self._privacy.is_person(text) is False),
            ("decided_on", lambda text: bool(read_date(text))),
        )
        for field, test in looks:
            # A check digit proves a code by itself.
            is_many = field == _CODE or len(values) >= _FEWEST_VALUES
            is_free = field in self._kind.fields and self._is_untaken(field, guess.label)
            if is_many and is_free and sum(map(test, values)) >= _NEARLY_ALL * len(values):
                if self._speaks_against(field, guess.label, table):
                    return guess
                self._take(guess.label, field)
                return Guess(guess.label, field, why="按值判断，请核对")
        return guess

    def _speaks_against(self, field: str, label: str, table: Table) -> bool:
        """Whether a label says that its values, whatever they look like, are another's code or another day."""
        if field == "decided_on":
            return self._words.is_other_day(fold_label(label))
        says_a_code = field == _CODE and any(sign in label for sign in _SIGNS_OF_CODES)
        return says_a_code and not self._is_own_code(label, table.labels[label], table)


def _outdone_by(catalog: Catalog, fit: Fit, templates: Iterable[Template]) -> set[str]:
    """The keys of the templates that know fewer labels of a sheet than the one that fits best."""
    folded = [fold_label(label) for label in fit.header]
    fits = (fit_header(catalog, template, 0, fit.header, folded) for template in templates)
    return {other.template.key for other in fits if other.matched < fit.matched}


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
