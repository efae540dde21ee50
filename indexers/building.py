"""How does a record or subject of the ledger become what an engine holds? The one step, public fields only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

from indexers.analysis import Analyzer, NameTerms
from indexers.attributes import Takers
from indexers.catalog import Catalog
from indexers.documents import (
    OPEN_END,
    Bury,
    IndexValue,
    Operation,
    PublicEntry,
    PublicFields,
    PublicName,
    PublicRecord,
    PublicSubject,
    Redirect,
    Remove,
    Source,
    Upsert,
    date_of,
    day_number,
    encode_document,
    is_name_only,
)
from indexers.grammar import RecordKind
from indexers.identifiers import is_uscc, organisation_class, region_of
from indexers.identity import decode_content
from indexers.lasting import interval_of, lasting_numbers, latest_name
from indexers.ledger.changes import Profile, RecordRow, SubjectRow
from indexers.records import Value
from indexers.wording import shortened, shown_date

TITLE_LENGTH = 160
"""Longest title of a record; the whole text stands among its fields."""
SNIPPET_LENGTH = 140
DAYS = 8_192
"""Days kept in their written forms; those of records come again by the thousand."""
NUMBER_SPAN = 1 << 33
"""Room for numbers of first appearance in a rank key, which stays below 2^53."""

Fields = dict[str, IndexValue]
Values = Mapping[str, Value]
"""What a row holds, or what is asked of it, by name."""


class Builder:
    """Builds documents. One per process; `today` decides which interval of a subject is the present one."""

    def __init__(self, catalog: Catalog, analyzer: Analyzer) -> None:
        self.catalog = catalog
        self.analyzer = analyzer
        self._takers = Takers(analyzer, catalog.industries.section)
        self._ranking = catalog.ranking
        self._sourced = {
            collection: [f for f in catalog.fields_in(collection).values() if f.source]
            for collection in ("subjects", "records", "library")
        }
        self._body = {
            kind.key: [name for name, field in catalog.fields_of(kind).items() if field.body]
            for kind in catalog.kinds.values()
        }
        self._public = {
            kind.key: [name for name, field in catalog.fields_of(kind).items() if field.public]
            for kind in catalog.kinds.values()
        }
        self._is_public = lru_cache(maxsize=None)(self._find_public)
        self._authority_region = lru_cache(maxsize=16_384)(self._find_authority_region)
        self._names = lru_cache(maxsize=4_096)(lambda names, full: analyzer.name_terms(names, full=full))

    # -- records --------------------------------------------------------------------------------------------

    def record_operation(self, row: RecordRow, today: date) -> Operation | None:
        """What the index must hold of a record today; None for what it never held (a profile row, a withheld one
        that was never public)."""
        kind = self.catalog.kinds.get(row.kind)
        if kind is None or kind.collection not in ("records", "library"):
            return None
        collection = kind.collection
        if row.state == "ended" or (not row.withheld and row.visible_until <= day_number(today)):
            return Bury(collection, row.id, row.seq)
        if not row.withheld and not self._is_public(row.kind, row.list):
            return Bury(collection, row.id, row.seq)
        if row.withheld:
            return Bury(collection, row.id, row.seq) if row.removed_seq else None
        content = decode_content(row.content)
        return (
            self._record(row, kind, content) if collection == "records" else self._entry(row, kind, content)
        )

    def _record(self, row: RecordRow, kind: RecordKind, content: dict[str, Value]) -> Upsert:
        entry = self.catalog.lists.get(row.list)
        authority = _one(content, "authority")
        attributes: dict[str, Value] = {
            **content,
            "kind": row.kind,
            "list": row.list,
            "polarity": row.polarity,
            "status": _one(content, "status") or kind.status,
            "authority": authority,
            "source_class": entry.source_class if entry else kind.source_class,
            "sector": entry.sector if entry else kind.sector,
            "region": self._authority_region(_one(content, "authority_code"), authority),
            "title": self._title(kind, content, entry.label if entry else kind.label),
        }
        texts = self._texts(kind, content)
        fields = self._record_fields(row, content, attributes, texts)
        document = self._public_record(row, kind, content, attributes, texts)
        return Upsert("records", row.id, row.seq, fields, encode_document(document))

    def _record_fields(
        self, row: RecordRow, content: Values, attributes: Values, texts: Sequence[str]
    ) -> Fields:
        """By what a record is found."""
        fields = self._taken("records", attributes)
        names = self._add_names(fields, (_one(content, "party"),), full=False)
        title = str(attributes["title"])
        # People mix who, by whom, when and what in one question.
        asked_by = [str(attributes["authority"]), shown_date(row.decided_on)]
        asked_for = texts if title in texts else [title, *texts]
        fields["body_tok"] = self.analyzer.body([*asked_by, *asked_for], names.tok)
        fields["code"] = _codes(
            row.uscc, _code_of_subject(row), row.organisation_code, row.registration_number
        )
        fields["subject_id"] = row.subject_id
        self._add_number_and_days(fields, row, content)
        return fields

    def _public_record(
        self, row: RecordRow, kind: RecordKind, content: Values, attributes: Values, texts: Sequence[str]
    ) -> PublicRecord:
        """What is shown of a record."""
        title = str(attributes["title"])
        return PublicRecord(
            id=row.id,
            title=title,
            kind=row.kind,
            subject_id=row.subject_id,
            subject=_one(content, "party"),
            uscc=row.uscc or _code_of_subject(row),
            by_name_only=row.attached_by in ("name", "name_only"),
            list=row.list,
            polarity=row.polarity,
            authority=str(attributes["authority"]),
            document_number=";".join(_all(content, "document_number")),
            decided_on=row.decided_on,
            visible_from=_iso(row.visible_from),
            last_day=_last_day(row.visible_until),
            repairable_from=row.repairable_from,
            rule=row.rule,
            grade=row.grade,
            grade_assumed=bool(row.grade_assumed),
            status=str(attributes["status"]),
            snippet=_snippet(texts, title),
            fields=self._public_fields(kind, content),
            sources=(_source(row, content),),
            hash=row.row_hash,
        )

    def _entry(self, row: RecordRow, kind: RecordKind, content: dict[str, Value]) -> Upsert:
        title = self._title(kind, content, kind.label)
        body = _one(content, "authority")
        attributes: dict[str, Value] = {
            **content,
            "kind": row.kind,
            "authority": body,
            "title": title,
            "region": self._authority_region(_one(content, "authority_code"), body),
        }
        fields = self._taken("library", attributes)
        self._add_names(fields, (title,), full=False)
        fields["body_tok"] = self.analyzer.body([title, body, *self._texts(kind, content)])
        self._add_number_and_days(fields, row, content)
        document = PublicEntry(
            id=row.id,
            title=title,
            kind=row.kind,
            body=body,
            number=";".join(_all(content, "document_number")),
            dated_on=row.decided_on,
            status=_one(content, "status") or kind.status,
            valid_until=_one(content, "valid_until"),
            abstract=_one(content, "abstract"),
            text=_one(content, "text"),
            related=_all(content, "related"),
            fields=self._public_fields(kind, content),
            sources=(_source(row, content),),
        )
        return Upsert("library", row.id, row.seq, fields, encode_document(document))

    # -- subjects -------------------------------------------------------------------------------------------

    def subject_operation(self, row: SubjectRow, today: date) -> Operation:
        """What the index must hold of a subject today."""
        day = day_number(today)
        if row.joined_to:
            return Redirect("subjects", row.id, row.seq, row.joined_to)
        given = [g for g in row.given if self._is_public(g.kind, g.list)]
        profiles = [p for p in row.profiles if self._is_public(p.kind, "")]
        profile = profiles[-1] if profiles else None
        begins, ends = (0, OPEN_END) if profile else interval_of(given, day)
        if ends <= day:
            return Remove("subjects", row.id, row.seq)
        content = decode_content(profile.content) if profile else {}
        shown_from = max(begins, day)
        name = _one(content, "party")
        if not name:
            name, ends = latest_name(given, shown_from)
        attributes = self._subject_attributes(row, content, name)
        fields = self._taken("subjects", attributes)
        names = _names_of(name, content)
        self._add_names(fields, tuple(each.name for each in names), full=True)
        numbers = {*(p.number for p in profiles), *lasting_numbers(given, shown_from, ends)}
        old_codes = _codes(row.organisation_code, *sorted(numbers))
        fields["code"] = _codes(row.uscc, *old_codes)
        fields["visible_from"] = begins
        fields["visible_until"] = ends
        entries = [g for g in given if g.list]
        for polarity in ("adverse", "honour"):
            on_list = interval_of((g for g in entries if g.polarity == polarity), day)
            fields[f"{polarity}_until"] = on_list[1] if on_list[0] <= day else 0
        fields["rank_key"] = self._subject_rank(row, attributes, name)
        document = self._public_subject(row, profile, content, attributes, names, old_codes)
        return Upsert("subjects", row.id, row.seq, fields, encode_document(document))

    def _public_subject(
        self,
        row: SubjectRow,
        profile: Profile | None,
        content: Values,
        attributes: Values,
        names: tuple[PublicName, ...],
        old_codes: tuple[str, ...],
    ) -> PublicSubject:
        """What is shown of a subject."""
        return PublicSubject(
            id=row.id,
            title=str(attributes["title"]),
            uscc=row.uscc,
            names=names,
            by_name_only=not row.uscc,
            kind=profile.kind if profile else "",
            status=str(attributes["status"]),
            region=str(attributes["region"]),
            organisation_class=str(attributes["organisation_class"]),
            old_codes=old_codes,
            fields=self._public_fields(self.catalog.kinds[profile.kind], content) if profile else {},
            sources=(_source(profile, content),) if profile else (),
        )

    def _subject_attributes(self, row: SubjectRow, content: dict[str, Value], name: str) -> dict[str, Value]:
        return {
            **content,
            "status": _one(content, "status"),
            "region": _one(content, "region") or (region_of(row.uscc) if row.uscc else ""),
            "organisation_class": organisation_class(row.uscc, self.catalog.path) if row.uscc else "",
            "industry": _one(content, "industry"),
            "founded_on": _one(content, "founded_on"),
            "title": name,
        }

    def _subject_rank(self, row: SubjectRow, attributes: Values, name: str) -> int:
        live = attributes["status"] not in self._ranking.not_live
        head = not self.analyzer.is_branch(name)
        weight = self._ranking.weight.get(str(attributes["organisation_class"]), 0)
        return _rank(live << 9 | head << 8 | weight, row.number)

    # -- parts ----------------------------------------------------------------------------------------------

    def _taken(self, collection: str, attributes: Values) -> Fields:
        return self._takers.take_all(self._sourced[collection], attributes)

    def _add_names(self, fields: Fields, names: tuple[str, ...], *, full: bool) -> NameTerms:
        terms = self._names(names, full)
        fields["name_norm"] = terms.norm
        fields["name_gram"] = terms.gram
        fields["name_common"] = terms.common
        fields["name_tok"] = " ".join(terms.tok)
        fields["name_core"] = terms.core
        fields["name_edge"] = terms.edge
        if full:
            fields["name_syll"] = terms.syll
        return terms

    def _add_number_and_days(self, fields: Fields, row: RecordRow, content: Values) -> None:
        fields["document_number"] = self._document_numbers(row.kind, content)
        fields["visible_from"] = row.visible_from
        fields["visible_until"] = row.visible_until
        fields["rank_key"] = _rank(_ordinal(row.decided_on), row.number)

    def _title(self, kind: RecordKind, content: Values, otherwise: str) -> str:
        for name in kind.matter:
            text = _one(content, name)
            if text:
                return shortened(text.split("\n", 1)[0], TITLE_LENGTH)
        return otherwise

    def _texts(self, kind: RecordKind, content: Values) -> list[str]:
        return [text for name in self._body[kind.key] for text in _all(content, name)]

    def _document_numbers(self, kind: str, content: Values) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for name in self.catalog.numbers_of(kind):
            for text in _all(content, name):
                found.update(dict.fromkeys(self.analyzer.document_number_forms(text)))
        return tuple(found)

    def _public_fields(self, kind: RecordKind, content: Values) -> PublicFields:
        return {
            name: value if isinstance(value, str) else ";".join(value)
            for name in self._public[kind.key]
            if (value := content.get(name))
        }

    def _find_public(self, kind: str, credit_list: str) -> bool:
        """Whether the data files show a kind and a list now, whatever they said when a row arrived."""
        known, entry = self.catalog.kinds.get(kind), self.catalog.lists.get(credit_list)
        return known is not None and known.public and (entry is None or entry.public)

    def _find_authority_region(self, code: str, name: str) -> str:
        if code and is_uscc(code):
            return region_of(code)
        return self.analyzer.place_of(name)


def _source(row: RecordRow | Profile, content: Values) -> Source:
    return Source(
        _one(content, "source_authority") or _one(content, "authority"), row.batch_id, row.delivered_on
    )


def _names_of(present: str, content: Values) -> tuple[PublicName, ...]:
    return (
        PublicName(present, "present"),
        *(PublicName(name, "former") for name in _all(content, "former_names")),
        *(PublicName(name, "short") for name in _all(content, "short_names")),
    )


def _code_of_subject(row: RecordRow) -> str:
    return "" if is_name_only(row.subject_id) else row.subject_id


def _snippet(texts: Sequence[str], title: str) -> str:
    """The beginning of the first text that says more than the title."""
    for text in texts:
        if not title.startswith(text[: TITLE_LENGTH - 1]):
            return shortened(text, SNIPPET_LENGTH)
    return ""


def _rank(weight: int, number: int) -> int:
    return weight * NUMBER_SPAN + (NUMBER_SPAN - 1 - number % NUMBER_SPAN)


@lru_cache(maxsize=DAYS)
def _ordinal(iso: str) -> int:
    try:
        return date.fromisoformat(iso).toordinal()
    except ValueError:
        return 0


def _one(content: Values, name: str) -> str:
    value = content.get(name, "")
    return value if isinstance(value, str) else value[0]


def _all(content: Values, name: str) -> tuple[str, ...]:
    value = content.get(name)
    if not value:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _codes(*codes: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in codes if code))


@lru_cache(maxsize=DAYS)
def _iso(day: int) -> str:
    return date_of(day).isoformat() if day else ""


@lru_cache(maxsize=DAYS)
def _last_day(until: int) -> str:
    """The day before `until` (yyyymmdd), ISO; "" for an open end."""
    return "" if until >= OPEN_END else (date_of(until) - timedelta(days=1)).isoformat()
