"""Which numbers of papers does a document show: its own, that of its certificate, that of a judgment it rests on?"""

from __future__ import annotations

from indexers.catalog import Catalog
from indexers.documents import PublicEntry, PublicRecord

OWN_NUMBER = "document_number"
"""The field of the number of the document itself."""


def numbers_of(document: PublicRecord | PublicEntry, catalog: Catalog) -> dict[str, str]:
    """Field -> its number as shown, several joined with `;`; the document's own first."""
    own = document.document_number if isinstance(document, PublicRecord) else document.number
    known = catalog.numbers_of(document.kind) if document.kind in catalog.kinds else {}
    others = {
        name: document.fields[name] for name in known if name != OWN_NUMBER and document.fields.get(name)
    }
    return ({OWN_NUMBER: own} if own else {}) | others
