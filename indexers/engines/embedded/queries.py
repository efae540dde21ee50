"""Which tantivy query does a question of the contract become?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from tantivy import FieldType, Occur, Query, Schema

from indexers.analysis import QueryTerms
from indexers.engines.fitting import RANK_KEY
from indexers.engines.matching import (
    Begins,
    Every,
    Has,
    Match,
    Matching,
    Phrase,
    Source,
    checked_filters,
)
from indexers.errors import BadQuery
from indexers.grammar import IndexField
from indexers.query import ExistsFilter, Filter, RangeFilter, TermFilter, Tier

from .schema import FILLED, is_fast, is_indexed_int, joined_fields, to_word

Clause = tuple[Occur, Query]
Tiers = list[tuple[Tier, Query]]

_META = re.compile(r"[\\.+*?()|\[\]{}^$#&\-~]")
"""Signs with a meaning in tantivy's regular expressions; only these may be escaped."""


class QueryBuilder:
    """Builds queries for one collection; knows its fields, holds no index."""

    def __init__(self, schema: Schema, fields: Mapping[str, IndexField], collection: str) -> None:
        self.schema = schema
        self._fields = fields
        self._collection = collection
        self._matching = Matching(fields)
        self._joined = joined_fields(fields, collection)

    # -- filters ---------------------------------------------------------------------------------------

    def filters(self, filters: Iterable[Filter]) -> list[Clause]:
        """One clause for each filter; BadQuery for a field that may not be filtered on."""
        return [
            self._clause(field, item)
            for field, item in checked_filters(filters, self._fields, self._collection)
        ]

    def _clause(self, field: IndexField, item: Filter) -> Clause:
        if isinstance(item, TermFilter):
            return Occur.MustNot if item.exclude else Occur.Must, self.any_value(field, item.values)
        if isinstance(item, ExistsFilter):
            return Occur.Must, self.exists(field)
        return Occur.Must, self.number_range(item)

    def any_value(self, field: IndexField, values: Sequence[str | int]) -> Query:
        """Documents whose field has one of the values."""
        if field.type != "int":
            return self._terms(field.key, [str(value) for value in values])
        numbers = [int(value) for value in values]
        if is_indexed_int(field, self._collection):
            return Query.term_set_query(self.schema, field.key, numbers)
        return any_of([self._between(field.key, number, number) for number in numbers])

    def exists(self, field: IndexField) -> Query:
        """Documents whose field has any value."""
        if is_fast(field, self._collection):
            return Query.exists_query(field.key)
        return self._term(FILLED, field.key)

    def number_range(self, item: RangeFilter) -> Query:
        """Documents with `at_least <= field < below`."""
        upper = None if item.below is None else item.below - 1
        if item.at_least is None and upper is None:
            return Query.exists_query(item.field)
        if item.at_least is not None and upper is not None and item.at_least > upper:
            return Query.empty_query()
        return self._between(item.field, item.at_least, upper)

    def below_rank(self, rank_key: int) -> Query:
        """Documents that come after the one with this key."""
        return self._between(RANK_KEY, None, rank_key - 1)

    def same_value(self, field: IndexField, value: object) -> Clause:
        """The documents that tie in an order by `field`; None stands for those without a value."""
        if value is None:
            return Occur.MustNot, Query.exists_query(field.key)
        assert isinstance(value, str | int)
        return Occur.Must, self.any_value(field, (value,))

    # -- text ------------------------------------------------------------------------------------------

    def tiers(self, readings: Sequence[QueryTerms]) -> Tiers:
        """The tiers of a text, best first; together they are its match set, and they may overlap."""
        return [(tier, self.matches(match)) for tier, match in self._matching.tiers(readings)]

    def matching(self, readings: Sequence[QueryTerms]) -> Query | None:
        """The match set of a text as one query; None for no text."""
        match = self._matching.whole(readings)
        return None if match is None else self.matches(match)

    def suggestions(self, readings: Sequence[QueryTerms]) -> list[tuple[Source, Query]]:
        """What may be offered while a text is typed, best first."""
        return [(source, self.matches(match)) for source, match in self._matching.suggestions(readings)]

    def matches(self, match: Match) -> Query:
        """The documents that a match means."""
        if isinstance(match, Has):
            return self._terms(match.field, match.terms)
        if isinstance(match, Phrase):
            return Query.phrase_query(self.schema, match.field, list(match.terms))
        if isinstance(match, Begins):
            return self._beginning(match.field, match.text)
        parts = [self.matches(part) for part in match.parts]
        return all_of(parts) if isinstance(match, Every) else any_of(parts)

    def any_terms(self, field: str, terms: Sequence[str], minimum: int) -> Query:
        """At least `minimum` of the terms; the score is the number of terms that occur."""
        if field not in self._fields:
            raise BadQuery(f"{self._collection} has no field {field!r}")
        if minimum > len(terms):
            return Query.empty_query()
        clauses = [(Occur.Should, Query.const_score_query(self._term(field, term), 1.0)) for term in terms]
        return Query.boolean_query(clauses, minimum_number_should_match=max(1, minimum))

    def term(self, field: str, value: str) -> Query:
        """The documents with this term."""
        return self._term(field, value)

    def indexed(self, field: str, value: str) -> str:
        """A value as it stands among the terms of its field."""
        return to_word(value) if field in self._joined else value

    # -- small pieces ----------------------------------------------------------------------------------

    def _term(self, field: str, value: str) -> Query:
        return Query.term_query(self.schema, field, self.indexed(field, value), index_option="basic")

    def _terms(self, field: str, values: Sequence[str]) -> Query:
        if len(values) <= FEW_TERMS:
            return any_of([self._term(field, value) for value in values])
        return Query.term_set_query(self.schema, field, [self.indexed(field, value) for value in values])

    def _beginning(self, field: str, text: str) -> Query:
        escaped = _META.sub(lambda sign: "\\" + sign.group(), self.indexed(field, text))
        return Query.regex_query(self.schema, field, escaped + ".*")

    def _between(self, field: str, lower: int | None, upper: int | None) -> Query:
        return Query.range_query(self.schema, field, FieldType.Integer, lower, upper)


FEW_TERMS = 8
"""Up to here single terms are read in step with the other clauses; more are gathered into a set first."""


def all_of(queries: Sequence[Query]) -> Query:
    """Documents found by every query."""
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, q) for q in queries])


def any_of(queries: Sequence[Query]) -> Query:
    """Documents found by at least one query."""
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, q) for q in queries])


def narrowed(query: Query | None, clauses: Sequence[Clause], without: Sequence[Query] = ()) -> Query:
    """What `query` (None: everything) finds under the clauses and what `without` does not find."""
    parts: list[Clause] = [] if query is None else [(Occur.Must, query)]
    parts.extend(clauses)
    parts.extend((Occur.MustNot, other) for other in without)
    if not any(occur == Occur.Must for occur, _ in parts):
        parts.append((Occur.Must, Query.all_query()))
    return Query.boolean_query(parts)
