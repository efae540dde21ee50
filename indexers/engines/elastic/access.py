"""Which roles and users do the site and the desk get on a server of the Elasticsearch family?"""

from __future__ import annotations

import secrets
from contextlib import closing
from typing import Any, NamedTuple

from indexers.engines.access import ACCOUNTS, DESK, SITE, Addresses, secret_of, with_user
from indexers.engines.deadline import Deadline

from .address import parse_address
from .transport import Connection

SECONDS = 60.0
"""For one change: a new server makes an index of its own for its users first."""

_ROOT = "cluster:monitor/main"
"""Product and version are asked for at the root."""
_NODE = "cluster:monitor/nodes/info"
"""An Elasticsearch in its smallest form has no root: the version is asked of a node."""
_HEALTH = "cluster:monitor/health"
"""A build waits for the copies of its indexes."""

_SEARCHES, _BULK = "indices:data/read/msearch", "indices:data/write/bulk"
"""OpenSearch takes requests that may be about several indexes for the cluster's as well."""


class Rights(NamedTuple):
    """Privileges on the cluster, and on the indexes of our prefix; the words are those of the product."""

    cluster: tuple[str, ...]
    indexes: tuple[str, ...]


RIGHTS = {
    "elasticsearch": {
        SITE: Rights((_ROOT, _NODE), ("read",)),
        DESK: Rights((_ROOT, _NODE, _HEALTH), ("read", "write", "manage")),
    },
    "opensearch": {
        SITE: Rights((_ROOT, _SEARCHES), ("read",)),
        DESK: Rights((_ROOT, _HEALTH, _SEARCHES, _BULK), ("indices_all",)),
    },
}


def grant_access(address: str, known: Addresses) -> dict[str, str]:
    """Make or renew role and user of each account, asked by the administrator of `address`.

    A password that `known` holds stays, so that whoever uses it is not shut out.
    """
    parsed = parse_address(address)
    granted: dict[str, str] = {}
    with closing(Connection(parsed)) as connection:
        for account in ACCOUNTS:
            name = f"{parsed.prefix}-{account}"
            password = secret_of(known.get(account, ""), name) or secrets.token_urlsafe(32)
            role = role_body(parsed.product, account, parsed.prefix)
            for path, body in _requests(parsed.product, name, password, role):
                connection.change("PUT", path, body, deadline=Deadline(SECONDS))
            granted[account] = with_user(address, f"{name}:{password}")
    return granted


def role_body(product: str, account: str, prefix: str) -> dict[str, Any]:
    """The role of an account as the product's security API takes it."""
    rights = RIGHTS[product][account]
    pattern = f"{prefix}-*"
    if product == "elasticsearch":
        own = {"names": [pattern], "privileges": rights.indexes}
        return {"cluster": rights.cluster, "indices": [own]}
    own = {"index_patterns": [pattern], "allowed_actions": rights.indexes}
    return {"cluster_permissions": rights.cluster, "index_permissions": [own]}


def _requests(
    product: str, name: str, password: str, role: dict[str, Any]
) -> tuple[tuple[str, dict[str, Any]], tuple[str, dict[str, Any]]]:
    """(path, body) of the role and of its user; the role first, since a user may only name what is there."""
    if product == "elasticsearch":
        user = {"password": password, "roles": [name]}
        return (f"/_security/role/{name}", role), (f"/_security/user/{name}", user)
    user = {"password": password, "opendistro_security_roles": [name]}
    home = "/_plugins/_security/api"
    return (f"{home}/roles/{name}", role), (f"{home}/internalusers/{name}", user)
