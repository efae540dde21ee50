"""What can a program ask of this site: the OpenAPI 3.1 description, made from the view objects themselves?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from indexers.catalog import COLLECTION_OF_TYPE, Catalog
from indexers.grammar import IndexField
from indexers.query import MAX_SIZE, MAX_WINDOW
from search_site.params import (
    MAX_ID,
    MAX_TEXT,
    MAX_VALUE,
    MAX_VALUES,
    MOST_YUAN,
    REGION,
    SORTS,
    TYPES,
    form_of,
)
from search_site.present_answers import SearchView, SuggestView
from search_site.present_library import EntryView
from search_site.present_record import RecordView
from search_site.present_subject import SubjectView
from search_site.problems import Problem
from search_site.settings import program_version

Schema = dict[str, Any]


class Health(msgspec.Struct, frozen=True):
    """The answer of `/healthz`."""

    status: str


class Readiness(msgspec.Struct, frozen=True):
    """The answer of `/readyz`: what `credit-search status` tells, but for the ledger, which a site need not have."""

    status: str
    engine: str
    version: str
    generation: str
    fingerprint: str
    revision: int
    counts: dict[str, int]
    last_seq: int
    day: str


ANSWERS: tuple[type, ...] = (
    SearchView,
    SuggestView,
    SubjectView,
    RecordView,
    EntryView,
    Health,
    Readiness,
    Problem,
)

_PROBLEMS = {
    400: "A parameter is wrong or unknown; all faults at once",
    404: "Nothing that may be shown has this id",
    410: "It may not be shown any more",
    503: "The engine cannot answer; see Retry-After",
}
_UNCHANGED = {"description": "Unchanged since the ETag in If-None-Match"}


def openapi_document(catalog: Catalog, base_url: str) -> Schema:
    """The whole description; facet parameters come from the data files."""
    _, components = msgspec.json.schema_components(ANSWERS, ref_template="#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "credit-search",
            "version": program_version(),
            "summary": "Public credit inquiry: subjects, records, library",
        },
        "servers": [{"url": base_url}],
        "paths": _paths(catalog),
        "components": {"schemas": components},
    }


def _paths(catalog: Catalog) -> Schema:
    subject = ("Everything public about a subject", SubjectView, [_id("USCC or n- id")], (400, 404, 503))
    record = ("One record", RecordView, [_id("record id")], (400, 404, 410, 503))
    return {
        "/api/v1/search": _get(
            "search", "Search one type of document", SearchView, _search_parameters(catalog), (400, 503)
        ),
        "/api/v1/suggest": _get(
            "suggest",
            "Subjects for what is typed so far",
            SuggestView,
            [_query("q", _text(), "Beginning or part of a name, pinyin, initials or a code")],
            (400, 503),
        ),
        "/api/v1/subjects/{id}": _get("subject", *subject),
        "/s/{id}.json": _get("subjectOfPage", *subject),
        "/api/v1/records/{id}": _get("record", *record),
        "/r/{id}.json": _get("recordOfPage", *record),
        "/api/v1/library/{id}": _get(
            "libraryEntry", "One library entry", EntryView, [_id("library id")], (400, 404, 410, 503)
        ),
        "/search.csv": _table(
            "searchTable", "All that a search finds", _table_parameters(catalog), (400, 503)
        ),
        "/lists/{key}.csv": _table(
            "listTable", "All entries of a list", _list_parameters(catalog), (400, 404, 503)
        ),
        "/healthz": _get("health", "The process answers", Health, [], ()),
        "/readyz": _get("readiness", "The engine answers and an index is published", Readiness, [], (503,)),
    }


def _get(
    name: str, summary: str, answer: type, parameters: list[Schema], problems: tuple[int, ...]
) -> Schema:
    responses: Schema = {
        "200": {"description": summary, "content": {"application/json": {"schema": _ref(answer)}}}
    }
    if name not in ("health", "readiness"):
        responses["304"] = _UNCHANGED
    if answer is SubjectView:
        responses["308"] = {"description": "Joined to a subject with a code; see Location"}
    for status in problems:
        responses[str(status)] = {
            "description": _PROBLEMS[status],
            "content": {"application/problem+json": {"schema": _ref(Problem)}},
        }
    return _operation(name, summary, parameters, responses)


def _table(name: str, what: str, parameters: list[Schema], faults: tuple[int, ...]) -> Schema:
    """A file for spreadsheet programs, which people fetch as well: what is wrong is told in a page."""
    summary = f"{what} as a table, at most {MAX_WINDOW} lines; unknown parameters are ignored"
    text = {"schema": {"type": "string"}}
    responses: Schema = {
        "200": {
            "description": "CSV in UTF-8 with a byte order mark and a head",
            "content": {"text/csv": text},
        },
        "304": _UNCHANGED,
    }
    for status in faults:
        responses[str(status)] = {"description": _PROBLEMS[status], "content": {"text/html": text}}
    return _operation(name, summary, parameters, responses)


def _operation(name: str, summary: str, parameters: list[Schema], responses: Schema) -> Schema:
    return {
        "get": {"operationId": name, "summary": summary, "parameters": parameters, "responses": responses}
    }


def _ref(answer: type) -> Schema:
    return {"$ref": f"#/components/schemas/{answer.__name__}"}


def _id(description: str) -> Schema:
    schema = {"type": "string"}
    return {"name": "id", "in": "path", "required": True, "description": description, "schema": schema}


def _key(catalog: Catalog) -> Schema:
    schema = {"type": "string", "enum": [key for key, entry in catalog.lists.items() if entry.public]}
    return {"name": "key", "in": "path", "required": True, "description": "list", "schema": schema}


def _text() -> Schema:
    return {"type": "string", "maxLength": MAX_TEXT}


def _one_of(values: tuple[str, ...]) -> Schema:
    return {"type": "string", "enum": list(values), "default": values[0]}


def _query(name: str, schema: Schema, description: str) -> Schema:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _values_of(field: IndexField) -> Schema:
    form = form_of(field)
    return _several(form.pattern if form else "")


def _several(pattern: str) -> Schema:
    """Values of one parameter that may be repeated."""
    form = {"pattern": f"^{pattern}$"} if pattern else {"minLength": 1, "maxLength": MAX_VALUE}
    return {"type": "array", "maxItems": MAX_VALUES, "items": {"type": "string", **form}}


def _search_parameters(catalog: Catalog) -> list[Schema]:
    facets: dict[str, list[str]] = {}
    for result_type, collection in COLLECTION_OF_TYPE.items():
        for field in catalog.facets(collection):
            facets.setdefault(field.key, []).append(result_type)
    day = {"type": "string", "format": "date"}
    yuan = {"type": "integer", "minimum": 0, "maximum": MOST_YUAN}
    page = {"type": "integer", "minimum": 1, "maximum": MAX_WINDOW, "default": 1}
    size = {"type": "integer", "minimum": 1, "maximum": MAX_SIZE}
    return [
        _query("q", _text(), "Name, code, document number or words"),
        _query("type", _one_of(TYPES), "Type of document that is searched"),
        *(
            _query(
                key,
                _values_of(catalog.fields[key]),
                f"Facet of type {_labelled(catalog.fields[key], types)}; may be repeated",
            )
            for key, types in facets.items()
        ),
        _query(
            "region",
            _several(REGION.pattern),
            "GB/T 2260 code of 2, 4 or 6 digits, of type "
            f"{_labelled(catalog.fields['region'], COLLECTION_OF_TYPE)}; may be repeated",
        ),
        _query("subject", {"type": "string", "maxLength": MAX_ID}, "Records of one subject id (type=record)"),
        _query("from", day, "First date of decision (type=record)"),
        _query("to", day, "Last date of decision (type=record)"),
        _query("fine_from", yuan, "Least fine in yuan (type=record)"),
        _query("fine_to", yuan, "Largest fine in yuan (type=record)"),
        _query(
            "sort", _one_of(SORTS), "Order of the hits; newest and oldest go by founding, decision or writing"
        ),
        _query("page", page, f"Page of the answer; page × size is at most {MAX_WINDOW}"),
        _query("size", size, "Hits on a page; the default is that of the site"),
    ]


def _labelled(field: IndexField, types: Iterable[str]) -> str:
    """The types that have a field, each with what people read for it there."""
    return ", ".join(f"{each} ({field.label_of(COLLECTION_OF_TYPE[each])})" for each in types)


_OF_A_PAGE = frozenset({"page", "size"})
_OF_A_LIST = frozenset({"type", "list"})
"""What the address of a list says already."""


def _table_parameters(catalog: Catalog) -> list[Schema]:
    return [each for each in _search_parameters(catalog) if each["name"] not in _OF_A_PAGE]


def _list_parameters(catalog: Catalog) -> list[Schema]:
    """The key of the list, and what narrows or orders its records."""
    of_others = {field.key for each in COLLECTION_OF_TYPE.values() for field in catalog.facets(each)}
    of_others -= {field.key for field in catalog.facets(COLLECTION_OF_TYPE["record"])}
    narrowing = [each for each in _table_parameters(catalog) if each["name"] not in of_others | _OF_A_LIST]
    return [_key(catalog), *narrowing]
