"""Which list, which kind of records or which word of the law does a typed text mean?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import msgspec

from indexers.analysis import Analyzer
from indexers.answers import Request, Understood
from indexers.catalog import COLLECTION_OF_TYPE, Catalog
from indexers.folding import fold_list_name
from indexers.grammar import ListKind
from indexers.leftovers import text_without
from indexers.list_names import ListNames
from indexers.query import Total

MOST_TOPICS = 4
"""Offers for one word; more would be noise."""

Totals = Callable[[], Mapping[str, Total]]
"""How many visible documents there are by `kind:<key>` and `list:<key>`; called only where it is needed."""
Counter = Callable[[str, str], Total]
"""How many documents of a type (second) answer a text (first)."""


class Topics:
    """Lists, kinds and words of the law by all their names. Safe to share between threads."""

    def __init__(self, catalog: Catalog, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._list_names = ListNames(catalog)
        self._lists = {key: entry for key, entry in catalog.lists.items() if entry.public}
        self._kinds = {
            fold_list_name(kind.label): Understood("kind", kind.key, kind.label, "", "", type=result_type)
            for result_type, collection in COLLECTION_OF_TYPE.items()
            for kind in catalog.public_kinds(collection)
        }
        self._labels = {result_type: self._labels_of(result_type) for result_type in COLLECTION_OF_TYPE}

    def _labels_of(self, asked: str) -> dict[str, Understood]:
        """What the text of a question may hold beside other words: the labels of what its type can be narrowed to.

        Subjects have neither kinds nor lists: what is asked of them is asked of their records.
        """
        result_type = "library" if asked == "library" else "record"
        labels = {} if result_type == "library" else {e.label: _list_offer(e) for e in self._lists.values()}
        labels |= {label.removesuffix("名单"): offer for label, offer in labels.items()}
        return labels | {
            offer.label: offer for offer in self._kinds.values() if offer.type == result_type and offer.label
        }

    def offers(self, request: Request, totals: Totals, count: Counter) -> tuple[Understood, ...]:
        """What the whole text is a name of, each with its number of documents; nothing that is chosen already.

        A list is offered even while it is empty: that it is, is an answer. Nothing else without documents is.
        """
        found = [offer for offer in self._named(request.text) if offer.field not in request.filters]
        told = {(offer.field, offer.value): self._counted(offer, request, totals, count) for offer in found}
        counted = [offer for offer in told.values() if offer is not None]
        whole = {(self._lists[o.value].kind, o.total) for o in counted if o.field == "list"}
        kept = [o for o in counted if o.field != "kind" or (o.value, o.total) not in whole]
        order = ("list", "kind", "q")
        return tuple(sorted(kept, key=lambda offer: order.index(offer.field))[:MOST_TOPICS])

    def narrowing(self, request: Request) -> Understood | None:
        """A kind or a list that is named beside other words, to be asked for with the rest of the text.

        By its label anywhere in the text, or by any of its names between blanks.
        """
        text, labels = request.text, self._labels[request.type]
        for label in sorted(labels, key=len, reverse=True):
            start = text.find(label)
            if start >= 0:
                return _beside(labels[label], request, start, start + len(label))
        if request.type != "library":
            for word in re.finditer(r"\S+", text):
                for offer in self._named(word.group(), in_parts=False):
                    if offer.type == "record":
                        return _beside(offer, request, *word.span())
        return None

    def _counted(
        self, offer: Understood, request: Request, totals: Totals, count: Counter
    ) -> Understood | None:
        if offer.field != "q":
            total = totals().get(f"{offer.field}:{offer.value}", Total(0))
            wanted = total.value or offer.field == "list"
            return msgspec.structs.replace(offer, whole=True, total=total) if wanted else None
        return first_with(offer, request, count)

    def _named(self, text: str, in_parts: bool = True) -> Iterator[Understood]:
        """What a word means, itself or by the words of the law for it."""
        for word in (self._analyzer.normalize(text), *(others := self._analyzer.synonyms(text))):
            name = fold_list_name(word)
            entry = self._lists.get(self._list_names.find(word))
            if entry is not None and self._is_name(name, entry, in_parts):
                yield msgspec.structs.replace(_list_offer(entry), text=text)
            if (kind := self._kinds.get(name)) is not None:
                yield msgspec.structs.replace(kind, text=text)
        for other in others:
            yield Understood("q", other, other, text, "")

    def _is_name(self, name: str, entry: ListKind, in_parts: bool) -> bool:
        """Whether it is a name of the list, or a part of one; a text with a name in it says more than the name."""
        names = [fold_list_name(each) for each in (entry.label, *entry.aliases)]
        return any(name in each for each in names) if in_parts else name in names


def first_with(offer: Understood, request: Request, count: Counter) -> Understood | None:
    """Another text for the first type that has documents for it, with how many; None where none has."""
    for result_type in dict.fromkeys((request.type, *COLLECTION_OF_TYPE)):
        total = count(offer.value, result_type)
        if total.value:
            return msgspec.structs.replace(offer, type=result_type, whole=True, total=total)
    return None


def _list_offer(entry: ListKind) -> Understood:
    return Understood("list", entry.key, entry.label, "", "", type="record")


def _beside(offer: Understood, request: Request, start: int, end: int) -> Understood | None:
    """The offer for the rest of the question; None where there is none, since the whole text is its name then."""
    rest = text_without(request.text, start, end)
    if not rest and not request.is_narrowed:
        return None
    return msgspec.structs.replace(offer, text=request.text[start:end], rest=rest)
