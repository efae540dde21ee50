"""Which engine does an address name?"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import cast

from indexers.analysis import Analyzer
from indexers.catalog import Catalog
from indexers.engines.access import Addresses
from indexers.engines.base import SearchEngine
from indexers.errors import UsageError

ENGINES: dict[str, str] = {
    "embedded": "indexers.engines.embedded",
    "elasticsearch": "indexers.engines.elastic",
    "elasticsearch+https": "indexers.engines.elastic",
    "opensearch": "indexers.engines.elastic",
    "opensearch+https": "indexers.engines.elastic",
    "meilisearch": "indexers.engines.meilisearch",
    "meilisearch+https": "indexers.engines.meilisearch",
}
"""Scheme of an address → module with `open_address` and `grant_access`; imported when asked for."""


def open_engine(address: str, catalog: Catalog, analyzer: Analyzer) -> SearchEngine:
    """The engine behind an address such as `embedded:./var/index`. UsageError names the known schemes."""
    opener = cast("Callable[[str, Catalog, Analyzer], SearchEngine]", _module(address).open_address)
    return opener(address, catalog, analyzer)


def grant_access(address: str, known: Addresses) -> dict[str, str]:
    """Account → address with its rights alone, made at the server by the administrator that `address` names.

    `known` holds what was granted before; a secret in it stays as it is.
    """
    return cast("dict[str, str]", _module(address).grant_access(address, known))


def _module(address: str) -> ModuleType:
    scheme = address.partition(":")[0]
    if scheme not in ENGINES:
        # Not the whole address: it may hold a key or a password.
        raise UsageError(f"不认识的检索引擎 {scheme!r}；可用的有：{'、'.join(sorted(ENGINES))}")
    return import_module(ENGINES[scheme])
