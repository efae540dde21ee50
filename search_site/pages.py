"""What does each page of the site ask, and which template prints the answer?"""

from __future__ import annotations

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request as WebRequest
from starlette.responses import RedirectResponse, Response

from indexers.answers import Answer, Request
from indexers.documents import Moved, PublicEntry
from indexers.identifiers import compact
from indexers.query import Total
from search_site.asked import document_id, find_list, find_subject, list_question, moved, shown
from search_site.links import Links
from search_site.params import looks_like_uscc, read_pairs, read_request, refuse_persons
from search_site.present_glossary import all_terms
from search_site.present_hits import list_url, subject_url
from search_site.present_home import home_page, status_page
from search_site.present_library import entry_page
from search_site.present_lists import list_page, lists_page
from search_site.present_record import record_page
from search_site.present_results import data_version, results_page
from search_site.present_robots import NOT_INDEXED, robots_for, robots_headers
from search_site.present_subject import decided_by, profile_page
from search_site.site import Site, site_of

TIMELINE_SIZE = 30
"""Newest records on the overview of a subject; all of them are in the tabs."""


def home(request: WebRequest) -> Response:
    """One box, examples that run, what is new, what the site is not."""
    site = site_of(request)
    finder = site.finder
    view = home_page(
        site.labels,
        site.settings,
        finder.version(),
        finder.totals(),
        finder.recent(site.settings.recent_limit),
    )
    return site.page("index.html", {"page": view, "q": ""})


def search(request: WebRequest) -> Response:
    """A page of results, or the subject of a scanned code."""
    site = site_of(request)
    pairs = read_pairs(request.scope["query_string"], may_guess=True)
    if pairs.get("uscc") and not pairs.get("q"):
        return _to_code(pairs["uscc"][0])
    question = read_request(pairs, site.catalog, site.settings.page_size, strict=False)
    links = Links(question, site.catalog)
    answer = site.finder.find(question)
    page = results_page(answer, site.labels, links, site.base_url(request), _wider(site, answer, links))
    return site.page("search.html", {"page": page, "q": question.text}, headers=robots_headers(NOT_INDEXED))


def _wider(site: Site, answer: Answer, links: Links) -> Total | None:
    """How many there are without filters, where the filters exclude all; None where they do not."""
    unfiltered = links.unfiltered()
    if answer.total.value or unfiltered == msgspec.structs.replace(answer.request, page=1):
        return None
    return site.finder.count(unfiltered)


def _to_code(text: str) -> Response:
    """A scanned or bare code goes to its subject; anything else is no page."""
    refuse_persons([("", text)])
    if not looks_like_uscc(text):
        raise HTTPException(404)
    return RedirectResponse(subject_url(compact(text)), 302, {"Cache-Control": "no-cache"})


def bare_code(request: WebRequest) -> Response:
    """`/91…` as printed on certificates."""
    return _to_code(request.path_params["code"])


def subject(request: WebRequest) -> Response:
    """The overview of a subject: summary, lists in force, newest records by year."""
    return _profile(request, "")


def subject_kind(request: WebRequest) -> Response:
    """One kind of a subject's records, all of them, page by page."""
    return _profile(request, request.path_params["kind"])


def _profile(request: WebRequest, kind_key: str) -> Response:
    site = site_of(request)
    kinds = {kind.key: kind for kind in site.catalog.public_kinds("records")}
    if kind_key and kind_key not in kinds:
        raise HTTPException(404)
    found = find_subject(site, request.path_params["id"])
    if isinstance(found, Moved):
        return moved(request, subject_url(found.moved_to, kind_key))
    asked = Request(
        type="record",
        subject=found.document.id,
        filters={"kind": (kind_key,)} if kind_key else {},
        sort="newest",
        page=_page_number(request, site) if kind_key else 1,
        size=site.settings.page_size if kind_key else TIMELINE_SIZE,
    )
    # On this page newest is the natural order and the path says subject and kind.
    links = Links(asked, site.catalog, subject_url(found.document.id, kind_key), _IMPLIED_BY_SUBJECT)
    records, kind = site.finder.find(asked), kinds.get(kind_key)
    decided = None if kind else site.finder.count(decided_by(found.document.title))
    page = profile_page(found, records, site.labels, links, site.base_url(request), kind, decided)
    objecting = site.objections.advice(found.as_of.date())
    return site.page(
        "subject.html", {"page": page, "q": "", "objecting": objecting}, headers=robots_headers(page.robots)
    )


_IMPLIED_BY_SUBJECT = ("type", "subject", "kind", "sort")


def _page_number(request: WebRequest, site: Site) -> int:
    pairs = read_pairs(request.scope["query_string"], may_guess=True)
    return read_request({"page": pairs.get("page", [])}, site.catalog, site.settings.page_size, False).page


def record(request: WebRequest) -> Response:
    """One record with its dates, fields, sources and how to cite it."""
    site = site_of(request)
    found = shown(site.finder.record(document_id(request)))
    page = record_page(found, site.labels, site.objections, site.base_url(request))
    return site.page("record.html", {"page": page, "q": ""}, headers=robots_headers(page.robots))


def library_entry(request: WebRequest) -> Response:
    """One library entry: a policy, a case, a notice, a catalogue entry."""
    site = site_of(request)
    found = shown(site.finder.entry(document_id(request)))
    assert isinstance(found.document, PublicEntry)
    held = site.finder.held(found.document.related, found.document.id)
    page = entry_page(found, held, site.labels, site.base_url(request))
    return site.page("library.html", {"page": page, "q": ""})


def lists(request: WebRequest) -> Response:
    """All lists with the number of entries in force."""
    site = site_of(request)
    page = lists_page(site.finder.totals(), data_version(site.version[0]), site.labels)
    return site.page("lists.html", {"page": page, "q": ""})


def credit_list(request: WebRequest) -> Response:
    """One list: its law, keeper, standard and measures, and its visible entries."""
    site = site_of(request)
    entry = find_list(site, request.path_params["key"])
    pairs = read_pairs(request.scope["query_string"], may_guess=True)
    question = list_question(site, entry, pairs, site.settings.page_size)
    links = Links(
        question, site.catalog, list_url(entry.key), ("type", "list"), "newest", is_text_filter=True
    )
    answer = site.finder.find(question)
    page = list_page(entry, answer, site.labels, links, site.base_url(request), _wider(site, answer, links))
    robots = NOT_INDEXED if pairs else robots_for(hit.document for hit in answer.hits)
    return site.page("list.html", {"page": page, "q": ""}, headers=robots_headers(robots))


def glossary(request: WebRequest) -> Response:
    """What the words of the pages mean."""
    site = site_of(request)
    return site.page("glossary.html", {"terms": all_terms(site.labels), "q": ""})


def status(request: WebRequest) -> Response:
    """What is published: generation, data version, counts."""
    site = site_of(request)
    finder = site.finder
    view = status_page(site.labels, finder.version(), finder.totals(), finder.recent(1))
    return site.page("status.html", {"page": view, "q": ""})
