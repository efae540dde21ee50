"""What did a path ask for: the document, another address, 404 for what never was, 410 for what is gone?"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request as WebRequest
from starlette.responses import RedirectResponse, Response

from indexers.answers import DocumentAnswer, Request, SubjectAnswer
from indexers.documents import Gone, Moved
from indexers.grammar import ListKind
from indexers.identifiers import holds_identity_number
from search_site.params import MAX_ID, Pairs, canonical_id, looks_like_uscc, read_request
from search_site.site import Site


class UnknownCode(HTTPException):
    """404 for the code of a unit of which there is nothing to show: it can still be searched for."""

    def __init__(self, code: str) -> None:
        super().__init__(404)
        self.code = code


def find_subject(site: Site, given: str) -> SubjectAnswer | Moved:
    """The subject of an id or a code in any width and case; 404 where there is nothing to show."""
    if len(given) > MAX_ID:
        raise HTTPException(404)
    wanted = canonical_id(given)
    found = site.finder.subject(wanted)
    if found is None:
        is_code = looks_like_uscc(wanted) and not holds_identity_number(wanted)
        raise UnknownCode(wanted) if is_code else HTTPException(404)
    return found


def find_list(site: Site, key: str) -> ListKind:
    """A list that people may see; 404 for any other."""
    entry = site.catalog.lists.get(key)
    if entry is None or not entry.public:
        raise HTTPException(404)
    return entry


def list_question(site: Site, entry: ListKind, pairs: Pairs, size: int) -> Request:
    """Which of the entries of a list these parameters ask for, the newest first unless they say otherwise."""
    asked = {**pairs, "type": ["record"], "list": [entry.key], "sort": pairs.get("sort") or ["newest"]}
    return read_request(asked, site.catalog, size, strict=False)


def moved(request: WebRequest, path: str) -> Response:
    """The same of the coded subject that a name-only one was joined to; never cached, for that may change back."""
    query = request.url.query
    return RedirectResponse(f"{path}?{query}" if query else path, 308, {"Cache-Control": "no-cache"})


def document_id(request: WebRequest) -> str:
    """The id in the path; one longer than any of ours was never seen."""
    given: str = request.path_params["id"]
    if len(given) > MAX_ID:
        raise HTTPException(404)
    return given


def shown(found: DocumentAnswer | Gone | None) -> DocumentAnswer:
    """The document, or 404 for one never seen, or 410 for one that may not be shown any more."""
    if found is None:
        raise HTTPException(404)
    if isinstance(found, Gone):
        raise HTTPException(410)
    return found
