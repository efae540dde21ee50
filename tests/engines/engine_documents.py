"""Small invented documents for engine tests, made with the real analyzer and the real index fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from indexers.analysis import Analyzer
from indexers.documents import (
    OPEN_END,
    PublicEntry,
    PublicName,
    PublicRecord,
    PublicSubject,
    Upsert,
    encode_document,
)
from indexers.engines.base import SearchEngine
from indexers.query import SearchPage, SearchQuery

TODAY = date(2026, 3, 31)
SIZE = 8
"""Documents of each collection in `Documents.generation`."""
OpenEngine = Callable[[], SearchEngine]
Publish = Callable[..., SearchEngine]


class Documents:
    """Makes Upserts; everything a test does not say has a plain default."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    def subject(
        self,
        doc_id: str,
        name: str,
        *,
        rank: int = 1,
        seq: int = 1,
        other_names: tuple[str, ...] = (),
        region: str = "220402",
        until: int = OPEN_END,
        begins: int = 0,
        code: tuple[str, ...] = (),
        status: str = "",
        **fields: object,
    ) -> Upsert:
        """A subject, `other_names` being former ones; `rank` must be unique in its collection."""
        names = (PublicName(name, "present"), *(PublicName(other, "former") for other in other_names))
        uscc = code[0] if code else ""
        document = PublicSubject(id=doc_id, title=name, uscc=uscc, names=names, status=status)
        values = {
            **self._names((name, *other_names), full=True),
            "region": tuple(region[:n] for n in (2, 4, 6)),
            "province": region[:2],
            "city": region[:4],
            "county": region[:6],
            "code": code,
            "status": status,
            "adverse_until": 0,
            "honour_until": 0,
            "visible_from": begins,
            "visible_until": until,
            "rank_key": rank,
            **fields,
        }
        return Upsert("subjects", doc_id, seq, values, encode_document(document))

    def record(
        self,
        doc_id: str,
        subject: str,
        *,
        rank: int = 1,
        seq: int = 1,
        subject_id: str = "s1",
        kind: str = "administrative_penalty",
        body: str = "",
        number: str = "",
        begins: int = 20260101,
        until: int = OPEN_END,
        **fields: object,
    ) -> Upsert:
        """A record about a subject."""
        document = PublicRecord(id=doc_id, title=body, kind=kind, subject_id=subject_id, subject=subject)
        values = {
            **self._names((subject,), full=False),
            "kind": kind,
            "body_tok": self._analyzer.body([body]),
            "document_number": self._analyzer.document_number_forms(number),
            "subject_id": subject_id,
            "visible_from": begins,
            "visible_until": until,
            "rank_key": rank,
            **fields,
        }
        return Upsert("records", doc_id, seq, values, encode_document(document))

    def entry(self, doc_id: str, title: str, *, rank: int = 1, seq: int = 1, body: str = "") -> Upsert:
        """A document of the library."""
        document = PublicEntry(id=doc_id, title=title, kind="policy_document")
        values = {
            **self._names((title,), full=False),
            "kind": "policy_document",
            "body_tok": self._analyzer.body([title, body]),
            "visible_from": 0,
            "visible_until": OPEN_END,
            "rank_key": rank,
        }
        return Upsert("library", doc_id, seq, values, encode_document(document))

    def generation(self, version: int) -> list[Upsert]:
        """Two collections in one version: every document and every count tells it."""
        made: list[Upsert] = []
        for n in range(SIZE):
            name = f"第{version}版鹿乡食品"
            rank, told = n + 1, f"v{version}"
            made.append(self.subject(f"s{n}", name, rank=rank, seq=version, status=told))
            made.append(self.record(f"r{n}", name, rank=rank, seq=version, authority=told))
        return made

    def _names(self, names: tuple[str, ...], *, full: bool) -> dict[str, object]:
        terms = self._analyzer.name_terms(names, full=full)
        found: dict[str, object] = {
            "name_norm": terms.norm,
            "name_gram": terms.gram,
            "name_common": terms.common,
            "name_tok": " ".join(terms.tok),
            "name_core": terms.core,
            "name_edge": terms.edge,
        }
        return {**found, "name_syll": terms.syll} if full else found


def ask(engine: SearchEngine, text: str = "", collection: str = "subjects", **rest: object) -> SearchPage:
    """A search as the site makes it: all readings of the text, everything if there is no text."""
    query = SearchQuery(collection, TODAY, engine.analyzer.queries(text) if text else (), **rest)  # type: ignore[arg-type]
    return engine.search(query)


def ids(page: SearchPage) -> list[str]:
    """The ids of the hits in order."""
    return [hit.id for hit in page.hits]


def tiers(page: SearchPage) -> dict[str, str]:
    """Id → tier."""
    return {hit.id: hit.tier for hit in page.hits}
