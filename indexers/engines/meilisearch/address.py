"""What does an address such as `meilisearch://key@host:7700/prefix?poll=1` say?"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from indexers.errors import UsageError

PORT = 7700
PREFIX = "credit"
POLL = 1.0
"""Seconds for which a worker trusts the pointer it has seen; whoever writes returns one such time later."""
_PREFIX = re.compile(r"[a-z0-9-]{1,40}")
"""No underscore: it stands between the parts of an index name."""


class Address(NamedTuple):
    """Where the server is, its key ("" for none), what the names of our indexes begin with, how often the
    pointer is looked at (seconds)."""

    host: str
    port: int
    tls: bool
    key: str
    prefix: str
    poll: float = POLL

    @property
    def url(self) -> str:
        """The server's address for clients, without the key."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"


def parse_address(address: str) -> Address:
    """The parts of an address; UsageError, without the key in it, for one that cannot be meant."""
    try:
        parts = urlsplit(address)
        port = parts.port
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        poll = float(options.pop("poll", POLL))
    except ValueError:
        raise UsageError("检索引擎地址无法解析；应形如 meilisearch://密钥@主机:7700/前缀") from None
    prefix = parts.path.strip("/") or PREFIX
    if not parts.hostname or not _PREFIX.fullmatch(prefix) or options or not poll >= 0:
        raise UsageError(
            "检索引擎地址应形如 meilisearch://密钥@主机:7700/前缀；前缀只能是小写字母、数字和 -，最多 40 个"
        )
    tls = parts.scheme.endswith("+https")
    key = unquote(parts.password or parts.username or "")
    return Address(parts.hostname, port or (443 if tls else PORT), tls, key, prefix, poll)
