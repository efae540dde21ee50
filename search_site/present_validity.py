"""Does what was delivered as valid still say so: has the last day of its validity passed by now?"""

from __future__ import annotations

from datetime import date

from indexers.documents import PublicEntry, PublicRecord
from indexers.records import OPEN_DATE
from search_site.labels import Labels

CALLED_VALID = ("valid", "in_force")
"""The states of licences and of papers that end with a day of their own."""
LAPSED = "有效期已届满"


def lapsed_on(document: PublicRecord | PublicEntry, today: date) -> str:
    """The last day of validity (ISO) of what is still called valid although that day has passed, else "".

    A sheet gives the state of the day on which it was made. Nobody delivers the licence again only because it ran out.
    """
    until = (
        document.valid_until if isinstance(document, PublicEntry) else document.fields.get("valid_until", "")
    )
    if document.status not in CALLED_VALID or until == OPEN_DATE:
        return ""
    return until if until and until < today.isoformat() else ""


def shown_status(document: PublicRecord | PublicEntry, labels: Labels, today: date) -> str:
    """The words for the state of a document, which are not those for a valid one once its validity has ended."""
    if lapsed_on(document, today):
        return LAPSED
    return labels.status(document.status, document.kind) if document.status else ""
