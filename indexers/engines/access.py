"""Who may do what at a search server: the site reads, the desk writes, and neither is the administrator?"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

SITE = "site"
"""Reads what is published, and nothing else."""
DESK = "desk"
"""Makes, fills and removes the indexes of one prefix, and nothing else."""
ACCOUNTS = (SITE, DESK)

Addresses = Mapping[str, str]
"""Account → the engine's address with the name and secret of that account."""


def with_user(address: str, user: str) -> str:
    """The address with this user (`name:password`, or a key alone) in the place of any other, an API key too."""
    parts = urlsplit(address)
    hosts = parts.netloc.rpartition("@")[2]
    options = [(key, value) for key, value in parse_qsl(parts.query) if key != "api_key"]
    return urlunsplit(parts._replace(netloc=f"{user}@{hosts}", query=urlencode(options, safe="/")))


def secret_of(address: str, name: str) -> str:
    """The password of this user in an address, "" for another user's."""
    parts = urlsplit(address)
    return unquote(parts.password or "") if parts.username == name else ""
