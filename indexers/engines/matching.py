"""Which terms in which fields make up the answer to a text, the same on every engine?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from indexers.analysis import CODE_LENGTH, EDGE_LENGTH, Part, QueryTerms, to_grams
from indexers.errors import BadQuery
from indexers.grammar import IndexField
from indexers.query import ExistsFilter, Filter, RangeFilter, TermFilter, Tier

Source = Literal["prefix", "contains", "pinyin", "initials", "code"]


class Has(msgspec.Struct, frozen=True):
    """Documents whose field has one of the terms."""

    field: str
    terms: tuple[str, ...]


class Phrase(msgspec.Struct, frozen=True):
    """Documents whose field has the terms one after another; there are at least two."""

    field: str
    terms: tuple[str, ...]


class Begins(msgspec.Struct, frozen=True):
    """Documents whose keyword field has a value that begins with the text."""

    field: str
    text: str


class Every(msgspec.Struct, frozen=True):
    """Documents found by all parts."""

    parts: tuple[Match, ...]


class Either(msgspec.Struct, frozen=True):
    """Documents found by at least one part."""

    parts: tuple[Match, ...]


Match = Has | Phrase | Begins | Every | Either


def every(parts: Sequence[Match]) -> Match:
    """All of at least one part."""
    return parts[0] if len(parts) == 1 else Every(tuple(parts))


def either(parts: Sequence[Match]) -> Match:
    """One of at least one part."""
    return parts[0] if len(parts) == 1 else Either(tuple(parts))


def every_term(field: str, terms: Iterable[str]) -> Match:
    """All of the terms."""
    return every([Has(field, (term,)) for term in terms])


class Matching:
    """What a text means in one collection; knows its fields, holds no index."""

    def __init__(self, fields: Mapping[str, IndexField]) -> None:
        self._fields = fields

    def tiers(self, readings: Sequence[QueryTerms]) -> list[tuple[Tier, Match]]:
        """The tiers of a text, best first; together they are its match set, and they may overlap."""
        found: dict[Tier, list[Match]] = {"exact": [], "prefix": [], "contains": [], "words": [], "body": []}
        for reading in readings:
            found["exact"] += [Has("name_norm", (reading.norm,)), *self._exact_keys(reading)]
            found["prefix"] += self._prefix(reading)
            found["contains"] += self._contains(reading)
            found["words"] += self._words(reading)
            found["body"] += self._body(reading)
        return [(tier, either(parts)) for tier, parts in found.items() if parts]

    def whole(self, readings: Sequence[QueryTerms]) -> Match | None:
        """The match set of a text, without what its other parts hold; None for no text."""
        found: list[Match] = []
        for reading in readings:
            contains = self._contains(reading)
            found += contains or [Has("name_norm", (reading.norm,))]
            found += [*self._exact_keys(reading), *self._code_prefixes(reading)]
            found += [*self._words(reading), *self._body(reading)]
        return either(found) if found else None

    def suggestions(self, readings: Sequence[QueryTerms]) -> list[tuple[Source, Match]]:
        """What may be offered while a text is typed, best first; what is found twice counts once, as first."""
        begun: list[tuple[Source, Match]] = [("prefix", self._name_prefix(reading)) for reading in readings]
        spelled: list[tuple[Source, Match]] = []
        for reading in readings:
            spelled += [("pinyin", match) for match in self._pinyin_prefix(reading)]
            spelled += [("initials", match) for match in self._initials_prefix(reading)]
            spelled += [("code", match) for match in self._code_prefixes(reading)]
        inside = [parts for reading in readings if (parts := self._contains(reading))]
        return [*begun, *spelled, *(("contains", either(parts)) for parts in inside)]

    # -- parts -----------------------------------------------------------------------------------------

    def _exact_keys(self, reading: QueryTerms) -> list[Match]:
        exact: list[Match] = []
        if reading.codes and "code" in self._fields:
            exact.append(Has("code", reading.codes))
        if reading.document_numbers and "document_number" in self._fields:
            exact.append(Has("document_number", reading.document_numbers))
        return exact

    def _prefix(self, reading: QueryTerms) -> list[Match]:
        """Names in the contains tier that begin with the text, and codes that do."""
        found = self._code_prefixes(reading)
        contains = self._contains(reading)
        if contains and reading.edge:
            found.append(Every((either(contains), self._name_prefix(reading))))
        return found

    def _code_prefixes(self, reading: QueryTerms) -> list[Match]:
        """Codes that begin with a fragment that is long enough to be looked for."""
        if "code" not in self._fields:
            return []
        return [Begins("code", code) for code in reading.codes if len(code) >= CODE_LENGTH]

    def _contains(self, reading: QueryTerms) -> list[Match]:
        if reading.common:
            return [Has("name_common", (reading.common,))]
        runs: list[Match] = [_run(run) for run in reading.runs if run]
        if not runs:
            return []
        contains = every(runs)
        if len(reading.norm) > 1:
            return [contains]
        # One character: whole run or beginning of a name, never the inside of one.
        return [contains, Has("name_edge", (f"n:{reading.norm}", f"c:{reading.norm}"))]

    def _words(self, reading: QueryTerms) -> list[Match]:
        # A word that is the whole text is inside the contains tier.
        if not reading.words or reading.norm in reading.words:
            return []
        found = [every_term("name_tok", reading.words)]
        if reading.parts:
            found.append(every([_part(part) for part in reading.parts]))
        return found

    def _body(self, reading: QueryTerms) -> list[Match]:
        if not reading.words or "body_tok" not in self._fields:
            return []
        found = [every_term("body_tok", reading.words)]
        own = tuple(part.text for part in reading.parts)
        if own and own != reading.words:
            # 之日 alone is cut in two, but a text with 之日起 has it whole.
            found.append(every_term("body_tok", own))
        return found

    def _name_prefix(self, reading: QueryTerms) -> Match:
        """Names, or cores, that begin with the text; beyond eight characters confirmed on the whole."""
        edge = reading.edge or reading.norm[:EDGE_LENGTH]
        if len(reading.norm) <= EDGE_LENGTH:
            return Has("name_edge", (f"n:{edge}", f"c:{edge}"))
        pairs = (("n:", "name_norm"), ("c:", "name_core"))
        return Either(
            tuple(
                Every((Has("name_edge", (source + edge,)), Begins(field, reading.norm)))
                for source, field in pairs
            )
        )

    def _pinyin_prefix(self, reading: QueryTerms) -> list[Match]:
        """Names read so; beyond eight letters all syllable pairs must occur. Nothing unless all letters."""
        letters = reading.letters
        if not letters:
            return []
        edge = Has("name_edge", (f"p:{letters[:EDGE_LENGTH]}",))
        if len(letters) <= EDGE_LENGTH:
            return [edge]
        return [Every((edge, every_term("name_syll", reading.syllables)))] if reading.syllables else []

    def _initials_prefix(self, reading: QueryTerms) -> list[Match]:
        """Names whose characters' readings begin with these letters."""
        letters = reading.letters
        if not letters or len(letters) > EDGE_LENGTH:
            return []
        return [Has("name_edge", (f"i:{letters}",))]


def _part(part: Part) -> Match:
    return Has("name_common", (part.text,)) if part.is_common else _run(tuple(to_grams(part.text)))


def _run(run: tuple[str, ...]) -> Match:
    return Has("name_gram", run) if len(run) == 1 else Phrase("name_gram", run)


def checked_filters(
    filters: Iterable[Filter], fields: Mapping[str, IndexField], collection: str
) -> list[tuple[IndexField, Filter]]:
    """Each filter with its field, numbers made whole numbers; BadQuery for what may not be asked."""
    return [_checked(item, fields, collection) for item in filters]


def _checked(
    item: Filter, fields: Mapping[str, IndexField], collection: str
) -> tuple[IndexField, TermFilter | RangeFilter | ExistsFilter]:
    field = fields.get(item.field)
    if field is None or not field.filter:
        raise BadQuery(f"{collection} cannot be filtered by {item.field!r}")
    if isinstance(item, RangeFilter) and field.type != "int":
        raise BadQuery(f"{item.field!r} is not a number: it has no range")
    if not isinstance(item, TermFilter):
        return field, item
    if field.type != "int":
        return field, msgspec.structs.replace(item, values=tuple(map(str, item.values)))
    try:
        return field, msgspec.structs.replace(item, values=tuple(map(int, item.values)))
    except ValueError:
        raise BadQuery(f"a value of {field.key!r} is not a whole number") from None
