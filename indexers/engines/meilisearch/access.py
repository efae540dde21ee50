"""Which keys do the site and the desk get on a Meilisearch server?"""

from __future__ import annotations

import hashlib
import uuid
from contextlib import closing
from typing import Any

from indexers.engines.access import ACCOUNTS, DESK, SITE, Addresses, with_user
from indexers.engines.deadline import Deadline
from indexers.errors import AuthFailed

from .address import parse_address
from .client import Client
from .generations import Store
from .tasks import Server

SECONDS = 5.0

_READ = ("search", "documents.get")
ACTIONS = {
    SITE: _READ,
    DESK: (
        *_READ,
        "documents.add",
        "documents.delete",
        "indexes.create",
        "indexes.delete",
        "indexes.get",
        "settings.update",
        "tasks.get",
    ),
}


def grant_access(address: str, known: Addresses) -> dict[str, str]:
    """Make each account's key, asked with the master key of `address`.

    The server derives a key from its master key and the key's id, so the same key comes back; one that `known`
    holds, that has its rights and still works is left alone: whoever uses it must not be shut out for a moment.
    """
    parsed = parse_address(address)
    with closing(Client(parsed)) as client:
        client.check_version(Deadline(SECONDS))
    server = Server(parsed)
    there = {key["uid"]: key for key in server.list_keys()}
    granted: dict[str, str] = {}
    for account in ACCOUNTS:
        wanted = key_body(account, parsed.prefix)
        found = there.get(wanted["uid"])
        kept = known.get(account, "")
        if found is None or not _has_rights(found, wanted) or not _works(kept, address):
            if found is not None:
                server.drop_key(wanted["uid"])
            kept = with_user(address, server.make_key(wanted))
        granted[account] = kept
    return granted


def key_body(account: str, prefix: str) -> dict[str, Any]:
    """The key of an account as the server takes it; its id is always the same."""
    name = f"{prefix} {account}"
    uid = uuid.UUID(bytes=hashlib.sha256(name.encode()).digest()[:16], version=4)
    return {
        "uid": str(uid),
        "name": name,
        "actions": list(ACTIONS[account]),
        "indexes": [f"{prefix}_*"],
        "expiresAt": None,
    }


def _has_rights(found: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return all(set(found[part]) == set(wanted[part]) for part in ("actions", "indexes"))


def _works(kept: str, address: str) -> bool:
    """Whether a kept address is one of the same server, and its key is of the present master key.

    The version cannot be asked for: a key for some indexes may have no right that is not about indexes.
    """
    if not kept or with_user(kept, "") != with_user(address, ""):
        return False
    parsed = parse_address(kept)
    with closing(Client(parsed)) as client:
        try:
            Store(parsed, client).published(Deadline(SECONDS))
        except AuthFailed:
            return False
    return True
