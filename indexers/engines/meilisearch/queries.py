"""Which requests of the server do the contract's questions become? Typed text never becomes syntax."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, product
from typing import Any, NamedTuple

import msgspec

from indexers.engines.fitting import RANK_KEY
from indexers.engines.matching import Begins, Either, Has, Match, Phrase, checked_filters
from indexers.errors import BadQuery
from indexers.grammar import IndexField
from indexers.query import ExistsFilter, Filter, RangeFilter, Sort, TermFilter

from .settings import EVERY, EVERY_WORD, GONE, LOCALE, as_word


class Branch(NamedTuple):
    """One search: quoted phrases, all of which must occur in one token field, under filters."""

    field: str = EVERY
    phrases: tuple[str, ...] = (EVERY_WORD,)
    filters: tuple[str, ...] = ()
    weight: float = 1.0


class QueryBuilder:
    """Builds requests for the index of one collection; knows its fields."""

    def __init__(self, index: str, fields: Mapping[str, IndexField], collection: str) -> None:
        self.index = index
        self.fields = fields
        self._collection = collection

    # -- requests --------------------------------------------------------------------------------------

    def search(self, branch: Branch | None, filters: Sequence[str], **options: Any) -> dict[str, Any]:
        """One search of a multi-search; without a branch everything under the filters."""
        asked: dict[str, Any] = {"indexUid": self.index, "locales": [LOCALE], **options}
        if branch is not None:
            # A phrase holds words of ours only: neither quotes nor separators. It is one term of the ten that
            # the server reads, and has no typos, no prefixes, no splitting.
            asked["q"] = " ".join(f'"{phrase}"' for phrase in branch.phrases)
            asked["attributesToSearchOn"] = [branch.field]
            asked["matchingStrategy"] = "all"
        own = branch.filters if branch is not None else ()
        asked["filter"] = [*own, *filters]
        return asked

    def federated(
        self,
        branches: Sequence[Branch],
        filters: Sequence[str],
        *,
        limit: int,
        offset: int = 0,
        facets: Sequence[str] = (),
        sort: Sort | None = None,
        fields: Sequence[str] = (),
    ) -> dict[str, Any]:
        """The union of the branches, each hit once where its heaviest branch puts it."""
        options: dict[str, Any] = {"attributesToRetrieve": list(fields)}
        if sort is not None:
            options["sort"] = self.order(sort)
        federation: dict[str, Any] = {"limit": limit, "offset": offset}
        if facets:
            federation["facetsByIndex"] = {self.index: list(facets)}
        queries = [
            self.search(branch, filters, **options, federationOptions={"weight": branch.weight})
            for branch in branches
        ]
        return {"federation": federation, "queries": queries}

    def order(self, sort: Sort) -> list[str]:
        """An explicit order; ties fall to the rank by the index's own rules."""
        field = self.fields.get(sort.field)
        if field is None or not field.sort:
            raise BadQuery(f"{self._collection} cannot be sorted by {sort.field!r}")
        return [f"{sort.field}:{'desc' if sort.descending else 'asc'}"]

    # -- text ------------------------------------------------------------------------------------------

    def branches(self, match: Match, weight: float = 1.0) -> list[Branch]:
        """The searches whose union finds what the match finds; filters alone are joined to one."""
        found = self._branches(match)
        texts = [branch._replace(weight=weight) for branch in found if branch.field != EVERY]
        filters = [" AND ".join(branch.filters) for branch in found if branch.field == EVERY]
        if filters:
            texts.append(Branch(filters=(_any_of(filters),), weight=weight))
        return texts

    def at_least(self, field: str, terms: Sequence[str], minimum: int) -> list[Branch]:
        """Searches whose union has at least so many of the terms; those with more terms weigh more."""
        known = self.fields.get(field)
        if known is None or known.type == "int":
            raise BadQuery(f"{self._collection} has no terms in {field!r}")
        found: list[Branch] = []
        for size in range(max(1, minimum), len(terms) + 1):
            groups = combinations(terms, size)
            if known.type == "tokens":
                found.extend(Branch(field, tuple(map(as_word, group)), (), float(size)) for group in groups)
            else:
                either = _any_of([_all_values(field, group) for group in groups])
                found.append(Branch(filters=(either,), weight=float(size)))
        return found

    def _branches(self, match: Match) -> list[Branch]:
        if isinstance(match, Phrase):
            return [Branch(match.field, (" ".join(map(as_word, match.terms)),))]
        if isinstance(match, Has):
            if self.fields[match.field].type == "tokens":
                return [Branch(match.field, (as_word(term),)) for term in match.terms]
            return [Branch(filters=(one_of(match.field, match.terms),))]
        if isinstance(match, Begins):
            return [Branch(filters=(f"{match.field} STARTS WITH {quoted(match.text)}",))]
        parts = [self._branches(part) for part in match.parts]
        if isinstance(match, Either):
            return [branch for branches in parts for branch in branches]
        return [_joined(choice) for choice in product(*parts)]

    # -- filters ---------------------------------------------------------------------------------------

    def filters(self, filters: Iterable[Filter]) -> list[str]:
        """One expression for each filter; BadQuery for a field that may not be filtered on."""
        checked = checked_filters(filters, self.fields, self._collection)
        return [_expression(item) for _, item in checked]


def _joined(branches: Iterable[Branch]) -> Branch:
    """The one search that finds what all of these find; the server looks for words in one field only."""
    phrases: list[str] = []
    filters: list[str] = []
    field = EVERY
    for branch in branches:
        filters.extend(branch.filters)
        if branch.field == EVERY:
            continue
        if field not in (EVERY, branch.field):
            raise BadQuery(f"one search cannot look into {field} and {branch.field}")
        field = branch.field
        phrases.extend(branch.phrases)
    return Branch(field, tuple(phrases) or (EVERY_WORD,), tuple(filters))


def _expression(item: Filter) -> str:
    if isinstance(item, TermFilter):
        wanted = one_of(item.field, item.values)
        return f"NOT {wanted}" if item.exclude else wanted
    if isinstance(item, ExistsFilter):
        return f"{item.field} EXISTS"
    return number_range(item)


def number_range(item: RangeFilter) -> str:
    """Documents with `at_least <= field < below`."""
    parts = [] if item.at_least is None else [f"{item.field} >= {item.at_least}"]
    parts += [] if item.below is None else [f"{item.field} < {item.below}"]
    return " AND ".join(parts) or f"{item.field} EXISTS"


def one_of(field: str, values: Sequence[str | int]) -> str:
    """Documents whose field has one of the values."""
    return f"{field} IN [{', '.join(quoted(str(value)) for value in values)}]"


def ranked(keys: Iterable[int]) -> str:
    """The documents with these ranks, which are as good as ids: ids are compared without their case."""
    return f"{RANK_KEY} IN [{', '.join(map(str, keys))}]"


def below_rank(key: int) -> str:
    """The documents that come after the one with this rank."""
    return f"{RANK_KEY} < {key}"


def not_gone() -> str:
    """Documents that are no tombstones."""
    return f"{GONE} = 0"


def quoted(value: str) -> str:
    """A value as a string of the filter language, whose escapes are JSON's."""
    return msgspec.json.encode(value).decode()


def _all_values(field: str, values: Sequence[str]) -> str:
    return " AND ".join(f"{field} = {quoted(value)}" for value in values)


def _any_of(filters: Sequence[str]) -> str:
    return filters[0] if len(filters) == 1 else " OR ".join(f"({part})" for part in filters)
