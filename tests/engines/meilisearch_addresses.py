"""Which Meilisearch does the suite run on? The one that MEILISEARCH_ADDRESS names, under a prefix of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from indexers.engines.meilisearch.address import parse_address
from indexers.engines.meilisearch.tasks import Server

VARIABLE = "MEILISEARCH_ADDRESS"
PREFIX = "conformance"
POLL = 0.02
"""Seconds between two looks at what is published: tests are not to wait for a whole one."""


def openers() -> dict[str, Callable[[Path], str]]:
    """The opener for OPENERS, where a server is named (`meilisearch://key@host:7700`)."""
    return {"meilisearch": empty_address} if os.environ.get(VARIABLE) else {}


def empty_address(folder: Path) -> str:
    """The server's address with nothing left of the test before."""
    address = f"{os.environ[VARIABLE].rstrip('/')}/{PREFIX}?poll={POLL}"
    server = Server(parse_address(address))
    server.drop(name for name in server.indexes() if name.startswith(f"{PREFIX}_"))
    return address
