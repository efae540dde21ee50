"""What is a question, and what is its answer, before anything is made of it for a page or the API?"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from indexers.documents import PublicDocument, PublicEntry, PublicRecord, PublicSubject
from indexers.query import DataVersion, FacetResult, Sort, Total


class Request(msgspec.Struct, frozen=True):
    """One question. `filters`: facet field (or `region`) → chosen values.

    Dates of decision and fines (whole 元) are inclusive, and of records only.
    """

    text: str = ""
    type: str = "subject"
    filters: dict[str, tuple[str, ...]] = {}
    subject: str = ""
    decided_from: date | None = None
    decided_to: date | None = None
    fine_from: int | None = None
    fine_to: int | None = None
    sort: str = "relevance"
    page: int = 1
    size: int = 20

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but a text is asked for."""
        ranges = (self.decided_from, self.decided_to, self.fine_from, self.fine_to)
        return bool(self.filters or self.subject) or any(end is not None for end in ranges)

    @property
    def order(self) -> Sort | None:
        """The order of the hits; None for the one by how well they answer."""
        if self.sort == "relevance":
            return None
        if self.sort == "name":
            return Sort("name_sort", descending=False)
        field = {"subject": "founded_on", "record": "decided_on", "library": "dated_on"}[self.type]
        return Sort(field, descending=self.sort == "newest")


class Reason(msgspec.Struct, frozen=True):
    """Why a hit is there: a code of the outside interface and words for people."""

    code: str
    label: str


class AnswerHit(msgspec.Struct, frozen=True):
    """One hit; highlights are half-open code-point ranges in the shown text, by the name of that text."""

    type: str
    document: PublicDocument
    reason: Reason
    highlights: dict[str, tuple[tuple[int, int], ...]] = {}


class Understood(msgspec.Struct, frozen=True):
    """Something recognised in the text and offered as a filter; `rest` is the text without it.

    `field`: a facet, `region`, `subject` (all records of one), `from` (the day of decision, with `until` as the last
    one), `fine_from` (with `until` for one sum), `fine_to`, or `q` for another text. `type` is that of the documents,
    "" for the one that was asked. `whole`: the offer is a list, a kind, a subject or another text and keeps nothing
    else of the question. `total`: so many documents are there; None where it was not counted. `then`: another offer,
    for what is left, that goes with it.
    """

    field: str
    value: str
    label: str
    text: str
    rest: str
    until: str = ""
    type: str = ""
    whole: bool = False
    total: Total | None = None
    then: Understood | None = None

    @property
    def steps(self) -> tuple[Understood, ...]:
        """This offer, and those that go with it."""
        return (self, *(self.then.steps if self.then else ()))


class Other(msgspec.Struct, frozen=True):
    """What another type holds for the same text."""

    type: str
    total: Total
    top: tuple[AnswerHit, ...]


class Answer(msgspec.Struct, frozen=True):
    """The answer to a Request; proposals are never part of hits, total or facets."""

    request: Request
    total: Total
    hits: tuple[AnswerHit, ...]
    facets: tuple[FacetResult, ...]
    proposals: tuple[AnswerHit, ...]
    understood: tuple[Understood, ...]
    other: tuple[Other, ...]
    counts: dict[str, dict[str, int]]
    version: DataVersion
    as_of: datetime


class SubjectAnswer(msgspec.Struct, frozen=True):
    """A subject with what is visible about it now.

    `counts`: kind → visible records. `lists`: its visible entries on lists. `authorities`: who supplied records,
    with how many each. `namesakes`: other subjects of the same name.
    """

    document: PublicSubject
    counts: dict[str, int]
    lists: tuple[PublicRecord, ...]
    authorities: FacetResult
    namesakes: tuple[PublicSubject, ...]
    version: DataVersion
    as_of: datetime


class DocumentAnswer(msgspec.Struct, frozen=True):
    """A record or library entry as it may be shown now."""

    document: PublicRecord | PublicEntry
    version: DataVersion
    as_of: datetime
