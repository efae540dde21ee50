"""What is handed out as a file: the whole answer to a question, as a table?"""

from __future__ import annotations

import threading
from urllib.parse import quote

import msgspec
from starlette.requests import Request as WebRequest
from starlette.responses import Response

from indexers.answers import Answer, Request
from indexers.errors import EngineBusy
from indexers.query import MAX_SIZE, count_pages
from search_site.asked import find_list, list_question
from search_site.params import read_pairs, read_request
from search_site.present_results import TYPE_LABELS
from search_site.present_robots import NOT_INDEXED, robots_headers
from search_site.present_table import csv_table
from search_site.site import Site, site_of

TRIES = 3
"""How often an answer is begun anew because something was published while it was read."""
AT_ONCE = 2
"""Tables written at the same time by one process: each asks up to a hundred pages, and pages are for those who wait."""
SECONDS_OF_ONE = 5.0
"""How long the largest takes, after which it is worth asking again."""

_places = threading.BoundedSemaphore(AT_ONCE)


def search(request: WebRequest) -> Response:
    """`/search.csv`: all that a page of results is the beginning of."""
    site = site_of(request)
    pairs = read_pairs(request.scope["query_string"])
    question = read_request(pairs, site.catalog, site.settings.page_size, strict=False)
    return _table(request, question, TYPE_LABELS[question.type])


def credit_list(request: WebRequest) -> Response:
    """`/lists/{key}.csv`: all visible entries of a list."""
    site = site_of(request)
    entry = find_list(site, request.path_params["key"])
    pairs = read_pairs(request.scope["query_string"])
    question = list_question(site, entry, pairs, site.settings.page_size)
    return _table(request, question, entry.label)


def _table(request: WebRequest, question: Request, name: str) -> Response:
    if not _places.acquire(blocking=False):
        raise EngineBusy("too many tables are being written", retry_after=SECONDS_OF_ONE)
    try:
        return _written(request, question, name)
    finally:
        _places.release()


def _written(request: WebRequest, question: Request, name: str) -> Response:
    site = site_of(request)
    # Read with the size of a page, so that every address of a page is one of its whole as well.
    answers = _whole(site, msgspec.structs.replace(question, page=1, size=MAX_SIZE))
    found = (hit.document for answer in answers for hit in answer.hits)
    text = csv_table(question.type, found, site.labels, site.base_url(request))
    first = answers[0]
    file = f"{site.settings.site_name}-{name}-{first.as_of:%Y%m%d}-第{first.version.revision}版.csv"
    headers = {
        "Cache-Control": "no-cache",
        "Content-Disposition": f"attachment; filename=\"{question.type}.csv\"; filename*=UTF-8''{quote(file, safe='')}",
        **robots_headers(NOT_INDEXED),
    }
    return Response(text, headers=headers, media_type="text/csv; charset=utf-8")


def _whole(site: Site, question: Request) -> list[Answer]:
    """All pages of an answer, of one state of the data: between two states an entry could come twice or never."""
    for _ in range(TRIES):
        answers = [site.finder.find(question, alone=True)]
        last = count_pages(answers[0].total.value, question.size)
        answers += (
            site.finder.find(msgspec.structs.replace(question, page=page), alone=True)
            for page in range(2, last + 1)
        )
        if len({(answer.version, answer.as_of.date()) for answer in answers}) == 1:
            return answers
    raise EngineBusy("published again and again while an answer was written out")
