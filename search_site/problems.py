"""Which shape does every error have for machines?"""

from __future__ import annotations

import msgspec

from search_site.params import ParameterError


class Problem(msgspec.Struct, frozen=True):
    """One error after RFC 9457; `errors` names parameters where they are at fault."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[ParameterError, ...] = ()
