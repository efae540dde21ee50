"""Do two engines answer the same questions alike?"""

from __future__ import annotations

import msgspec

from indexers.analysis import Analyzer
from indexers.answers import Answer, Request
from indexers.catalog import COLLECTION_OF_TYPE, Catalog
from indexers.clock import Clock
from indexers.documents import PublicDocument, PublicEntry, PublicRecord, PublicSubject
from indexers.engines.base import SearchEngine
from indexers.finding import Finder

COMPARED_HITS = 10
SAMPLE = 60
"""Documents of each type that queries are made from when none are given."""


class Difference(msgspec.Struct, frozen=True):
    """One respect (hits, total, a facet, proposals) in which the answers to a query differ."""

    query: str
    type: str
    what: str
    left: str
    right: str


class Comparison(msgspec.Struct, frozen=True):
    """How many queries were asked of both, and every difference."""

    queries: int
    differences: tuple[Difference, ...]


def compare_engines(
    left: SearchEngine,
    right: SearchEngine,
    catalog: Catalog,
    analyzer: Analyzer,
    clock: Clock,
    lines: list[str],
) -> Comparison:
    """Ask both engines the same with every type: each line, and for everything there is.

    Without lines, queries are made from what is indexed.
    """
    finders = Finder(left, catalog, analyzer, clock), Finder(right, catalog, analyzer, clock)
    given = [line.strip() for line in lines if line.strip()]
    queries = dict.fromkeys(["", *(given or _sample_queries(finders[0]))])
    differences: list[Difference] = []
    asked = 0
    for text in queries:
        for result_type in COLLECTION_OF_TYPE:
            asked += 1
            request = Request(text=text, type=result_type, size=COMPARED_HITS)
            answers = [_summary(finder.find(request)) for finder in finders]
            differences.extend(
                Difference(text, result_type, what, answers[0].get(what, ""), answers[1].get(what, ""))
                for what in {**answers[0], **answers[1]}
                if answers[0].get(what) != answers[1].get(what)
            )
    return Comparison(asked, tuple(differences))


def _summary(answer: Answer) -> dict[str, str]:
    found = {
        "hits": " ".join(hit.document.id for hit in answer.hits),
        "reasons": " ".join(hit.reason.code for hit in answer.hits),
        "total": f"{answer.total.value}{'' if answer.total.exact else '+'}",
        "proposals": " ".join(hit.document.id for hit in answer.proposals),
    }
    for facet in answer.facets:
        found[f"facet {facet.field}"] = " ".join(f"{v.value}={v.count}" for v in facet.values)
    return found


def _sample_queries(finder: Finder) -> list[str]:
    """Full names, parts of names, codes, numbers and titles of documents that both should hold."""
    queries: dict[str, None] = {}
    for result_type in COLLECTION_OF_TYPE:
        for hit in finder.find(Request(type=result_type, size=SAMPLE, sort="name")).hits:
            queries.update(dict.fromkeys(_queries_for(hit.document)))
    return list(queries)


def _queries_for(document: PublicDocument) -> tuple[str, ...]:
    """What people may type who look for this document."""
    title = document.title
    by_title = (title, title[2:6], title[-6:], title[:3])
    match document:
        case PublicSubject():
            return (*by_title, document.uscc, document.uscc[:10], document.uscc.lower())
        case PublicRecord():
            return (*by_title, document.document_number, document.subject)
        case PublicEntry():
            return (*by_title, document.number)
