"""What does the JSON API answer? The same view objects as the pages, under the names of the contract."""

from __future__ import annotations

from urllib.parse import quote

import msgspec
from starlette.requests import Request as WebRequest
from starlette.responses import Response

from indexers.documents import Moved
from search_site.asked import document_id, find_subject, moved, shown
from search_site.openapi import Readiness, openapi_document
from search_site.params import read_pairs, read_request, read_suggest, refuse_parameters
from search_site.present_answers import search_view, suggest_view
from search_site.present_library import entry_view
from search_site.present_record import record_view
from search_site.present_subject import subject_view
from search_site.site import site_of

_encoder = msgspec.json.Encoder()
_CACHING = {"Cache-Control": "no-cache", "X-Robots-Tag": "noindex"}


def search(request: WebRequest) -> Response:
    """`/api/v1/search`"""
    site = site_of(request)
    pairs = read_pairs(request.scope["query_string"])
    question = read_request(pairs, site.catalog, site.settings.page_size, strict=True)
    return _json(search_view(site.finder.find(question), site.labels))


def suggest(request: WebRequest) -> Response:
    """`/api/v1/suggest`"""
    site = site_of(request)
    text = read_suggest(read_pairs(request.scope["query_string"]))
    hits = site.finder.suggest(text, site.settings.suggest_limit) if text else ()
    return _json(suggest_view(text, hits))


def subject(request: WebRequest) -> Response:
    """`/api/v1/subjects/{id}` and `/s/{id}.json`"""
    site = site_of(request)
    refuse_parameters(read_pairs(request.scope["query_string"]))
    given = request.path_params["id"]
    found = find_subject(site, given)
    if isinstance(found, Moved):
        return moved(request, request.scope["path"].replace(given, quote(found.moved_to, safe="")))
    return _json(subject_view(found, site.labels))


def record(request: WebRequest) -> Response:
    """`/api/v1/records/{id}` and `/r/{id}.json`"""
    refuse_parameters(read_pairs(request.scope["query_string"]))
    site = site_of(request)
    return _json(record_view(shown(site.finder.record(document_id(request))), site.labels))


def library_entry(request: WebRequest) -> Response:
    """`/api/v1/library/{id}`"""
    refuse_parameters(read_pairs(request.scope["query_string"]))
    site = site_of(request)
    return _json(entry_view(shown(site.finder.entry(document_id(request))), site.labels))


def health(request: WebRequest) -> Response:
    """`/healthz`: the process answers."""
    return _json({"status": "ok"}, caching="no-store")


def readiness(request: WebRequest) -> Response:
    """`/readyz`: the engine answers and an index is published; else 503 through the handler."""
    state, generation = site_of(request).finder.state()
    view = Readiness(
        status="ready",
        engine=state.engine,
        version=state.version,
        generation=generation.name,
        fingerprint=generation.fingerprint,
        revision=state.revision,
        counts=generation.counts,
        last_seq=generation.applied.seq,
        day=generation.applied.day,
    )
    return _json(view, caching="no-store")


def openapi(request: WebRequest) -> Response:
    """`/openapi.json`"""
    site = site_of(request)
    return _json(openapi_document(site.catalog, site.base_url(request)), caching="public, max-age=60")


def _json(view: object, caching: str = "no-cache") -> Response:
    headers = {**_CACHING, "Cache-Control": caching}
    return Response(_encoder.encode(view), headers=headers, media_type="application/json; charset=utf-8")
