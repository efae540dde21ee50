"""What is the address of a database or an engine, and how is it shown without the secrets in it?"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

HIDDEN = "***"
_ADDRESS = re.compile(r"[A-Za-z][\w+.-]+://", re.ASCII)
"""A scheme has two letters at least: ``C:`` is a drive of Windows."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/*")
_PATH_ONLY = ":///"
"""Three slashes: no server, so what follows is the path of a file, which may have an @ in it."""
_OPTION = re.compile(r"(?<=[?&;])(?P<name>[^=?&;]*)=(?P<value>[^&;#]*)")
_HALF = re.compile("[\udc80-\udcff]")
_SECRET_NAME = re.compile("pass|pwd|key|secret|token|auth|credential", re.IGNORECASE)


def is_address(source: str) -> bool:
    """Whether a source is the address of a database and not a path."""
    return _ADDRESS.match(source) is not None


def show_address(address: str) -> str:
    """The address with `***` for user and password and for the values of secret options; any other text as it is.

    The name of a file that was written in GB 18030, as archives from elsewhere bring them, is read so.

    Errs on the side of hiding: passwords are written with @, / and ? in them, in addresses that nothing can parse.
    """
    address = _OPTION.sub(_without_secret, "/".join(map(_readable, address.split("/"))))
    begin = found.end() if (found := _SCHEME.match(address)) else 0
    end = address.rfind("@")
    return f"{address[:begin]}{HIDDEN}{address[end:]}" if _has_user(address, begin, end) else address


def _readable(name: str) -> str:
    """One part of a path as it can be written. A name whose bytes are no UTF-8 comes with half characters for them."""
    if _HALF.search(name) is None:
        return name
    return name.encode("utf-8", "surrogateescape").decode("gb18030", "replace")


def _has_user(address: str, begin: int, end: int) -> bool:
    if end < begin:
        return False
    if begin and _PATH_ONLY not in address[:begin]:
        return True
    return ":" in address[begin:end]


def _without_secret(option: re.Match[str]) -> str:
    is_secret = _SECRET_NAME.search(unquote_plus(option["name"]))
    return f"{option['name']}={HIDDEN if is_secret else option['value']}"
