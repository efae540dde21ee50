"""What do browsers and crawlers ask of every site: may they walk here, and how do they search it?"""

from __future__ import annotations

import msgspec
from starlette.requests import Request as WebRequest
from starlette.responses import Response

from search_site.params import read_pairs, read_suggest
from search_site.present_answers import suggest_view
from search_site.present_robots import NOT_INDEXED, robots_headers
from search_site.site import site_of

SHORTEST_NAME = 16
"""Characters of a name that browsers show, by OpenSearch 1.1."""
WALKED = """\
User-agent: *
Disallow: /search
Disallow: /suggest/
Disallow: /api/
Disallow: /*.csv
"""
"""Any question makes another page of the same; subjects, records, lists and the library have pages of their own.

What must be forgotten is walked on purpose: a crawler that may not come does not read that it is gone.
"""


def robots(request: WebRequest) -> Response:
    """`/robots.txt`"""
    return Response(WALKED, headers={"Cache-Control": "public, max-age=3600"}, media_type="text/plain")


def description(request: WebRequest) -> Response:
    """`/opensearch.xml`: how a browser's own search box asks this site (OpenSearch 1.1)."""
    site = site_of(request)
    names = {"short_name": site.settings.site_name[:SHORTEST_NAME], "base_url": site.base_url(request)}
    text = site.environment.get_template("opensearch.xml").render(names)
    return Response(
        text, headers={"Cache-Control": "no-cache"}, media_type="application/opensearchdescription+xml"
    )


def suggestions(request: WebRequest) -> Response:
    """`/suggest/opensearch`: names, codes and addresses for what was typed into that box."""
    site = site_of(request)
    text = read_suggest(read_pairs(request.scope["query_string"]))
    hits = site.finder.suggest(text, site.settings.suggest_limit) if text else ()
    offered = suggest_view(text, hits).suggestions
    base = site.base_url(request)
    columns = (
        [each.title for each in offered],
        [each.uscc for each in offered],
        [base + each.url for each in offered],
    )
    return Response(
        msgspec.json.encode((text, *columns)),
        headers={"Cache-Control": "no-cache", **robots_headers(NOT_INDEXED)},
        media_type="application/x-suggestions+json",
    )
