"""Which tantivy query does a question of the contract become?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from tantivy import FieldType, Occur, Query, Schema

from indexers.analysis import CODE_LENGTH, EDGE_LENGTH, QueryTerms
from indexers.errors import BadQuery
from indexers.grammar import IndexField
from indexers.query import ExistsFilter, Filter, RangeFilter, TermFilter, Tier

from .schema import FILLED, RANK_KEY, is_fast, is_indexed_int

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

    # -- filters ---------------------------------------------------------------------------------------

    def filters(self, filters: Iterable[Filter]) -> list[Clause]:
        """One clause for each filter; BadQuery for a field that may not be filtered on."""
        return [self._clause(item) for item in filters]

    def _clause(self, item: Filter) -> Clause:
        field = self._fields.get(item.field)
        if field is None or not field.filter:
            raise BadQuery(f"{self._collection} cannot be filtered by {item.field!r}")
        if isinstance(item, TermFilter):
            return Occur.MustNot if item.exclude else Occur.Must, self.any_value(field, item.values)
        if isinstance(item, ExistsFilter):
            return Occur.Must, self.exists(field)
        if field.type != "int":
            raise BadQuery(f"{item.field!r} is not a number: it has no range")
        return Occur.Must, self.number_range(item)

    def any_value(self, field: IndexField, values: Sequence[str | int]) -> Query:
        """Documents whose field has one of the values."""
        if field.type != "int":
            return self._terms(field.key, [str(value) for value in values])
        try:
            numbers = [int(value) for value in values]
        except ValueError:
            raise BadQuery(f"a value of {field.key!r} is not a whole number") from None
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
        makers: tuple[tuple[Tier, Callable[[QueryTerms], list[Query]]], ...] = (
            ("exact", self._exact),
            ("prefix", self._prefix),
            ("contains", self._contains),
            ("words", self._words),
            ("body", self._body),
        )
        tiers: Tiers = []
        for tier, make in makers:
            found = [query for reading in readings for query in make(reading)]
            if found:
                tiers.append((tier, any_of(found)))
        return tiers

    def matching(self, readings: Sequence[QueryTerms]) -> Query | None:
        """The match set of a text as one query, without what its other parts hold; None for no text."""
        found: list[Query] = []
        for reading in readings:
            contains = self._contains(reading)
            found.extend(contains or [self._term("name_norm", reading.norm)])
            found.extend((*self._exact_keys(reading), *self._code_prefixes(reading)))
            found.extend((*self._words(reading), *self._body(reading)))
        return any_of(found) if found else None

    def _exact(self, reading: QueryTerms) -> list[Query]:
        return [self._term("name_norm", reading.norm), *self._exact_keys(reading)]

    def _exact_keys(self, reading: QueryTerms) -> list[Query]:
        exact: list[Query] = []
        if reading.codes and "code" in self._fields:
            exact.append(self._terms("code", reading.codes))
        if reading.document_numbers and "document_number" in self._fields:
            exact.append(self._terms("document_number", reading.document_numbers))
        return exact

    def _prefix(self, reading: QueryTerms) -> list[Query]:
        """Names in the contains tier that begin with the text, and codes that do."""
        found = self._code_prefixes(reading)
        contains = self._contains(reading)
        if contains and reading.edge:
            found.append(all_of([any_of(contains), self.name_prefix(reading)]))
        return found

    def _code_prefixes(self, reading: QueryTerms) -> list[Query]:
        return [self.code_prefix(code) for code in reading.codes if self.is_code_prefix(code)]

    def _contains(self, reading: QueryTerms) -> list[Query]:
        if reading.common:
            return [self._term("name_common", reading.common)]
        runs = [self._run(run) for run in reading.runs if run]
        if not runs:
            return []
        contains = all_of(runs)
        if len(reading.norm) > 1:
            return [contains]
        # One character: whole run or beginning of a name, never the inside of one.
        return [contains, self._terms("name_edge", [source + reading.norm for source in ("n:", "c:")])]

    def _words(self, reading: QueryTerms) -> list[Query]:
        # A word that is the whole text is inside the contains tier.
        if not reading.words or reading.norm in reading.words:
            return []
        return [self.all_terms("name_tok", reading.words)]

    def _body(self, reading: QueryTerms) -> list[Query]:
        if not reading.words or "body_tok" not in self._fields:
            return []
        return [self.all_terms("body_tok", reading.words)]

    # -- parts that suggestions use too ----------------------------------------------------------------

    def name_prefix(self, reading: QueryTerms) -> Query:
        """Names, or cores, that begin with the text; beyond eight characters confirmed on the whole."""
        edge = reading.edge or reading.norm[:EDGE_LENGTH]
        if len(reading.norm) <= EDGE_LENGTH:
            return self._terms("name_edge", [f"n:{edge}", f"c:{edge}"])
        pairs = (("n:", "name_norm"), ("c:", "name_core"))
        return any_of(
            [
                all_of([self._term("name_edge", source + edge), self._beginning(field, reading.norm)])
                for source, field in pairs
            ]
        )

    def contains(self, reading: QueryTerms) -> Query | None:
        """Names that contain the text; None where it is too long for a phrase."""
        found = self._contains(reading)
        return any_of(found) if found else None

    def pinyin_prefix(self, reading: QueryTerms) -> Query | None:
        """Names read so; beyond eight letters all syllable pairs must occur. None unless all letters."""
        letters = reading.letters
        if not letters:
            return None
        edge = self._term("name_edge", f"p:{letters[:EDGE_LENGTH]}")
        if len(letters) <= EDGE_LENGTH:
            return edge
        return all_of([edge, self.all_terms("name_syll", reading.syllables)]) if reading.syllables else None

    def initials_prefix(self, reading: QueryTerms) -> Query | None:
        """Names whose characters' readings begin with these letters."""
        letters = reading.letters
        if not letters or len(letters) > EDGE_LENGTH:
            return None
        return self._term("name_edge", f"i:{letters}")

    def is_code_prefix(self, code: str) -> bool:
        """Whether a fragment is long enough to be looked for at the beginning of codes."""
        return "code" in self._fields and len(code) >= CODE_LENGTH

    def code_prefix(self, code: str) -> Query:
        """Codes that begin with the fragment."""
        return self._beginning("code", code)

    def any_terms(self, field: str, terms: Sequence[str], minimum: int) -> Query:
        """At least `minimum` of the terms; the score is the number of terms that occur."""
        if field not in self._fields:
            raise BadQuery(f"{self._collection} has no field {field!r}")
        if minimum > len(terms):
            return Query.empty_query()
        clauses = [(Occur.Should, Query.const_score_query(self._term(field, term), 1.0)) for term in terms]
        return Query.boolean_query(clauses, minimum_number_should_match=max(1, minimum))

    def all_terms(self, field: str, terms: Iterable[str]) -> Query:
        """All of the terms."""
        return all_of([self._term(field, term) for term in terms])

    def term(self, field: str, value: str) -> Query:
        """The documents with this term."""
        return self._term(field, value)

    # -- small pieces ----------------------------------------------------------------------------------

    def _term(self, field: str, value: str) -> Query:
        return Query.term_query(self.schema, field, value, index_option="basic")

    def _terms(self, field: str, values: Sequence[str]) -> Query:
        if len(values) <= FEW_TERMS:
            return any_of([self._term(field, value) for value in values])
        return Query.term_set_query(self.schema, field, list(values))

    def _run(self, run: tuple[str, ...]) -> Query:
        if len(run) == 1:
            return self._term("name_gram", run[0])
        return Query.phrase_query(self.schema, "name_gram", list(run))

    def _beginning(self, field: str, text: str) -> Query:
        escaped = _META.sub(lambda sign: "\\" + sign.group(), text)
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
