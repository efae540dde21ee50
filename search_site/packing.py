"""Does whoever asks want an answer compressed?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import Scope

_ACCEPTED = b"accept-encoding"
_PACKED = ("gzip", "x-gzip")
"""Two names of one coding, by RFC 9110."""
_PLAIN = "identity"
_WEIGHT = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")


def wants_packed(accepted: Iterable[str]) -> bool:
    """Whether these values of Accept-Encoding (RFC 9110) take gzip, and plain text no more gladly."""
    weights: dict[str, float] = {}
    for part in ",".join(accepted).lower().split(","):
        coding, _, rest = (text.strip() for text in part.partition(";"))
        said = _WEIGHT.fullmatch(rest)
        # A weight that is none asks for nothing: plain text can be read by everybody.
        weights[coding] = float(said[1]) if said else 0.0 if rest else 1.0
    packed = max((weights[name] for name in _PACKED if name in weights), default=weights.get("*", 0.0))
    return packed > 0.0 and packed >= weights.get(_PLAIN, 0.0)


def settle_packing(scope: Scope) -> None:
    """Leave one word of what was accepted: all that answers later look for gzip in it and know no weights."""
    headers = Headers(scope=scope)
    word = _PACKED[0] if wants_packed(headers.getlist(_ACCEPTED.decode())) else _PLAIN
    others = [each for each in scope["headers"] if each[0] != _ACCEPTED]
    scope["headers"] = [*others, (_ACCEPTED, word.encode())]
