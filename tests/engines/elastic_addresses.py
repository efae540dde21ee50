"""Addresses of empty engines on real servers of the Elasticsearch family, and their end."""

from __future__ import annotations

import base64
import json
import os
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

VARIABLES = {"elasticsearch": "ELASTICSEARCH_ADDRESS", "opensearch": "OPENSEARCH_ADDRESS"}
"""Product → the variable that names a server which tests may fill and empty."""
POLL = 0.02
"""Seconds between two looks at what is published: tests are not to wait for a whole one."""


def openers() -> dict[str, Callable[[Path], str]]:
    """An opener for each product whose server is named in the environment."""
    return {
        name: _opener(os.environ[variable])
        for name, variable in VARIABLES.items()
        if os.environ.get(variable)
    }


def _opener(server: str) -> Callable[[Path], str]:
    """Every address has a prefix of its own."""
    return lambda folder: f"{server.rstrip('/')}/t{uuid.uuid4().hex[:16]}?poll={POLL}"


def clear(address: str) -> None:
    """Remove what a test left on the server."""
    names = index_names(address)
    if names:
        ask("DELETE", address, f"/{','.join(names)}")


def index_names(address: str) -> list[str]:
    """The indexes of an address, sorted."""
    prefix = urlsplit(address).path.strip("/")
    return sorted(ask("GET", address, f"/{prefix}-*/_alias"))


def ask(method: str, address: str, path: str) -> Any:
    """What the first node of an address answers to a request of the test's own."""
    user, _, nodes = urlsplit(address).netloc.rpartition("@")
    request = urllib.request.Request(f"http://{nodes.partition(',')[0]}{path}", method=method)
    if user:
        request.add_header("Authorization", f"Basic {base64.b64encode(user.encode()).decode()}")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def with_user(address: str, user: str) -> str:
    """The same address for somebody else; `user` is name and password."""
    parts = urlsplit(address)
    return parts._replace(netloc=f"{user}@{parts.netloc.rpartition('@')[2]}").geturl()
