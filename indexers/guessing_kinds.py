"""Which kind is a department's own sheet of, by its title and by its labels together?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from indexers.catalog import Catalog
from indexers.errors import SheetError, UsageError
from indexers.folding import fold_label
from indexers.grammar import UNANSWERED, RecordKind
from indexers.guessing import Table
from indexers.headers import Fit, fit_header
from indexers.label_words import Doubt, LabelWords, TellingWord, colours_of
from indexers.list_names import ListNames
from indexers.nearest import tell_nearest
from indexers.sheet_words import load_sheet_words

_OWN_LABEL, _SHARED_LABEL, _HINTED = 3, 1, 1
"""Points for a label that few kinds have in a template, for one that many have, for one that is guessed."""
_FEW_KINDS = 4
_NAMED, _MOST_NAMED = 2, 4
"""Points for each time that the kind's word stands in the file, and how many times count."""
_TOLD = 10
"""Points for a kind that a word of drafting.toml in the title tells."""
_LISTED = 60
"""The name of one of its lists outweighs all labels, since sheets of several lists have the same."""
_NEARLY_ALL = 0.8
"""The share of values that must name lists for a column of lists."""
_MARGIN = 3
"""Points by which a kind must be ahead of one of another colour or group to be more than a guess."""
_MOST_OFFERED = 4

EVENTS = "events"
"""The collection of the one kind that says what became of records, and is of no colour."""


class KindGuess(msgspec.Struct, frozen=True):
    """A kind, its template that fits best, what is the same in all rows, and what the kind could be as well.

    `rivals` would mean something else and are to be asked about; `near` are all kinds that are as good as even, the
    kind itself among them. `is_doubted`: the words without which this kind is not settled are not there.
    """

    kind: RecordKind
    fit: Fit | None
    constants: dict[str, str]
    rivals: tuple[RecordKind, ...] = ()
    near: frozenset[str] = frozenset()
    is_doubted: bool = False

    @property
    def list(self) -> str:
        """The list that all rows are on, "" where none is told."""
        return self.constants.get("list", "")


class KindGuesser:
    """Guesses the kinds of tables by the words of one catalogue."""

    def __init__(self, catalog: Catalog, words: LabelWords) -> None:
        self._catalog = catalog
        self._words = words
        self._names = ListNames(catalog)
        self._shared = _shared_labels(catalog)
        self._ended = load_sheet_words(catalog.directory)

    def guess(self, table: Table, answered: str = "", listed: str = "") -> KindGuess:
        """The kind that a table says most of; with `rivals` where it says nearly as much of others.

        `answered` is a kind or a list that the clerk named, `listed` a list: what is named is not weighed. Raises
        UsageError for an unknown one, SheetError where no label is known.
        """
        wanted = self.kind_named(answered, listed)
        likely = [self._catalog.kinds[wanted]] if wanted else self._likely_kinds(table)
        if not likely:
            raise SheetError(
                "没有一列认得出来；请核对表头，或用 --set kind=… 指明类别（credit-search kinds 列出全部）"
            )
        kind, *near = likely
        doubt = None if wanted else self._doubt_of(kind, table)
        rivals = [other for other in near if _differ(other, kind)]
        if doubt:
            # What it may be instead is known better than what it is near to.
            offers = [self._catalog.kinds[key] for key in doubt.offers if key != kind.key]
            rivals = [*offers, *(other for other in rivals if other not in offers)]
        fit = _best_fit(self._catalog, kind, table)
        constants = _constants_of(self._catalog, fit, table) if fit else {}
        if doubt:
            constants.pop("list", None)
        if "list" in kind.fields:
            mine = [key for key in self._lists_told(table) if self._catalog.lists[key].kind == kind.key]
            constants |= {"list": mine[0]} if len(mine) == 1 else {}
        if answered in self._catalog.lists:
            constants["list"] = answered
        if kind.collection == EVENTS:
            constants["kind"] = next((other.key for _, other in self._weighed(table)), UNANSWERED)
            likely = [kind]  # what was withdrawn is not near what stands
        offered = tuple(rivals[: _MOST_OFFERED - 1])
        return KindGuess(
            kind, fit, constants, offered, frozenset(other.key for other in likely), doubt is not None
        )

    def kind_named(self, answered: str, listed: str) -> str:
        """The key of the kind that a clerk's answers name, "" for none; raises UsageError for an unknown one."""
        lists = self._catalog.lists
        wanted = lists[answered].kind if answered in lists else answered
        if listed in lists and not wanted:
            wanted = lists[listed].kind
        if wanted and wanted not in self._catalog.kinds:
            known = {key: kind.label for key, kind in self._catalog.kinds.items()}
            raise UsageError(f"没有类别 {wanted!r}；{tell_nearest(wanted, known, 'credit-search kinds')}")
        return wanted

    def list_named(self, answered: str, listed: str) -> str:
        """The key of the list that a clerk's answers name, "" for none."""
        return next((key for key in (listed, answered) if key in self._catalog.lists), "")

    def _likely_kinds(self, table: Table) -> list[RecordKind]:
        """The most likely kind, then those that are as good as even with it."""
        weighed = self._weighed(table)
        if not weighed:
            return []
        most, best = weighed[0]
        if any(map(self._ended.is_title_of_ended, (table.file, *table.titles))):
            # What was withdrawn looks like what was decided: only the words around it tell, and the clerk knows.
            return [*(kind for kind in self._catalog.kinds.values() if kind.collection == EVENTS), best]
        likely = [kind for points, kind in weighed if most - points < _MARGIN]
        if self._doubt_of(best, table) is None:
            return likely
        told = _Told(self._words, table)
        own = [kind for _, kind in weighed if told.hints_at(kind) and not self._doubt_of(kind, table)]
        return [*own, *(kind for kind in likely if kind not in own)]

    def _doubt_of(self, kind: RecordKind, table: Table) -> Doubt | None:
        return self._words.doubt_of(kind.key, _words_of(table))

    def _weighed(self, table: Table) -> list[tuple[int, RecordKind]]:
        """The kinds of records with their points, most first; none where nothing speaks for any."""
        listed, told = self._kinds_listed(table), _Told(self._words, table)
        weighed = [
            (told.points(kind) + _LISTED * (kind.key in listed) + self._points(kind, table), kind)
            for kind in self._catalog.kinds.values()
            if kind.collection != EVENTS and told.allows(kind)
        ]
        weighed.sort(key=lambda entry: -entry[0])
        return weighed if weighed and weighed[0][0] else []

    def _lists_told(self, table: Table) -> list[str]:
        """The lists that the titles name, else those that the name of the file does."""
        return self._names.named_in(" ".join(table.titles)) or self._names.named_in(table.around)

    def _kinds_listed(self, table: Table) -> frozenset[str]:
        """The kinds of the lists that a column of lists names, else the titles; general if there are several."""
        lists = self._catalog.lists
        for values in table.labels.values():
            keys = [key for value in values if (key := self._names.find(value))]
            if values and len(keys) >= _NEARLY_ALL * len(values):
                kinds = {lists[key].kind for key in keys}
                if len(kinds) == 1:
                    return frozenset(kinds)
                return frozenset(_general_kind(self._catalog, lists[key].polarity) for key in keys)
        return frozenset(lists[key].kind for key in self._lists_told(table))

    def _points(self, kind: RecordKind, table: Table) -> int:
        fit = _best_fit(self._catalog, kind, table)
        known = {fold_label(label) for label in _labels_known(fit)} if fit else set()
        exact = sum(_SHARED_LABEL if label in self._shared else _OWN_LABEL for label in known)
        folded = {fold_label(label) for label in table.labels} - known
        first = [hints[0][1] for label in folded if (hints := self._words.of_kind(kind, label))]
        hinted = sum(_HINTED for hint in first if hint.to)
        written = _words_of(table)
        return exact + hinted + _NAMED * min(written.count(_short(kind.label)), _MOST_NAMED)


def _words_of(table: Table) -> str:
    """All words of a sheet but its values."""
    return " ".join([table.around, *table.labels])


def _differ(kind: RecordKind, other: RecordKind) -> bool:
    """Whether it matters which of the two it is."""

    def meaning(of: RecordKind) -> tuple[str, str, bool, bool]:
        return of.polarity, of.group, of.public, of.collection == EVENTS

    return meaning(kind) != meaning(other)


# --- what the title says ------------------------------------------------------------------------------------


class _Told:
    """What the words around a table say, and less so its labels; words of one colour exclude the other.

    What the titles say counts before what the name of the file does: 黑名单 is a sheet of 红黑名单.xlsx.
    """

    def __init__(self, words: LabelWords, table: Table) -> None:
        titles, around = words.told_by(" ".join(table.titles)), words.told_by(table.around)
        labels = words.told_by(" ".join(table.labels))
        self._kinds = _kinds_of(titles) or _kinds_of(around)
        self._hinted = _kinds_of(labels)
        colours = (colours_of(titles) or colours_of(around)) | colours_of(labels)
        self._colour = colours.pop() if len(colours) == 1 else ""

    def names(self, kind: RecordKind) -> bool:
        return kind.key in self._kinds

    def hints_at(self, kind: RecordKind) -> bool:
        return self.names(kind) or kind.key in self._hinted

    def allows(self, kind: RecordKind) -> bool:
        return not self._colour or kind.polarity in ("neutral", self._colour)

    def points(self, kind: RecordKind) -> int:
        """For the words around it, else for the labels, and for the colour."""
        told = _TOLD * self.names(kind) or _HINTED * (kind.key in self._hinted)
        return told + _NAMED * (kind.polarity == self._colour)


def _kinds_of(words: Sequence[TellingWord]) -> set[str]:
    return {word.kind for word in words if word.kind}


def _general_kind(catalog: Catalog, polarity: str) -> str:
    """The kind whose columns most lists of this colour use."""
    kinds = Counter(entry.kind for entry in catalog.lists.values() if entry.polarity == polarity)
    return kinds.most_common(1)[0][0]


# --- what the labels say ------------------------------------------------------------------------------------


def _best_fit(catalog: Catalog, kind: RecordKind, table: Table) -> Fit | None:
    """The template of the kind that has the most of these labels, if it has two of them."""
    best = max(_fits(catalog, kind.key, table), key=lambda fit: fit.rank, default=None)
    return best if best is not None and best.matched >= 2 else None


def _fits(catalog: Catalog, kind: str, table: Table) -> list[Fit]:
    labels = list(table.labels)
    folded = [fold_label(label) for label in labels]
    return [fit_header(catalog, template, 0, labels, folded) for template in catalog.templates_of(kind)]


def _constants_of(catalog: Catalog, fit: Fit, table: Table) -> dict[str, str]:
    """What a template says of all rows; of which list they are only if no template that fits as well says otherwise."""
    constants = {k: v for k, v in fit.template.constants.items() if k != "party_class"}
    even = [f for f in _fits(catalog, fit.template.kind, table) if f.matched == fit.matched]
    if len({f.template.constants.get("list", "") for f in even}) > 1:
        constants.pop("list", None)
    return constants


def _labels_known(fit: Fit) -> Iterator[str]:
    return (label for label, column in zip(fit.header, fit.columns, strict=True) if column is not None)


def _shared_labels(catalog: Catalog) -> frozenset[str]:
    """The labels that templates of many kinds have: they tell none of them apart."""
    kinds: dict[str, set[str]] = {}
    for template in catalog.templates.values():
        for column in template.columns:
            for name in column.names:
                kinds.setdefault(fold_label(name), set()).add(template.kind)
    return frozenset(name for name, own in kinds.items() if len(own) > _FEW_KINDS)


def _short(label: str) -> str:
    """The word that sheets write for a kind: 处罚 for 行政处罚; longer labels as they are."""
    return label[2:] if len(label) == 4 and label[:2] in ("行政", "信用", "合同") else label
