"""Do the site and the desk get accounts with their own rights, the same ones every time?"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest
from scripted_server import Reply, Request, ScriptedServer, scripted

from indexers.engines import grant_access
from indexers.engines.access import DESK, SITE, secret_of, with_user
from indexers.engines.elastic.address import parse_address
from indexers.engines.meilisearch.access import key_body
from indexers.errors import AuthFailed, UsageError, WrongVersion

MASTER = "a-master-key-of-some-length"


def shown_to(request: Request) -> str | None:
    """What the request says of who asks."""
    return next((value for name, value in request.headers.items() if name.lower() == "authorization"), None)


class Guarded:
    """A server that keeps what the administrator puts at each path; nobody else may."""

    def __init__(self, product: str) -> None:
        self.root = {"version": {"distribution": product, "number": "3.8.0"}}
        if product == "elasticsearch":
            self.root = {"version": {"number": "9.3.2"}}
        self.put: dict[str, Any] = {}

    def answer(self, request: Request) -> Reply:
        if shown_to(request) != f"Basic {base64.b64encode(b'elastic:secret').decode()}":
            return Reply({"error": {"type": "security_exception"}, "status": 401}, 401)
        if request.method == "PUT":
            self.put[request.path] = request.body
        return Reply(self.root if request.path == "/" else {})


def admin(server: ScriptedServer, product: str, rest: str = "") -> str:
    return f"{product}://elastic:secret@127.0.0.1:{server.port}{rest}"


@pytest.mark.parametrize(
    ("product", "paths"),
    [
        ("elasticsearch", ("/_security/role/{}", "/_security/user/{}")),
        (
            "opensearch",
            ("/_plugins/_security/api/roles/{}", "/_plugins/_security/api/internalusers/{}"),
        ),
    ],
)
def test_each_account_gets_a_role_and_then_a_user_of_it(product: str, paths: tuple[str, str]) -> None:
    guarded = Guarded(product)
    with scripted(guarded.answer) as server:
        granted = grant_access(admin(server, product, "/credit?ca=/x/ca.pem"), {})
    names = ("credit-site", "credit-desk")
    assert list(guarded.put) == [path.format(name) for name in names for path in paths]
    for account, name in zip((SITE, DESK), names, strict=True):
        user = guarded.put[paths[1].format(name)]
        assert [name] in user.values()
        assert len(user["password"]) >= 32
        assert granted[account] == (
            f"{product}://{name}:{user['password']}@127.0.0.1:{server.port}/credit?ca=/x/ca.pem"
        )


def test_the_site_may_read_the_indexes_of_the_prefix_and_the_desk_may_change_them() -> None:
    guarded = Guarded("elasticsearch")
    with scripted(guarded.answer) as server:
        grant_access(admin(server, "elasticsearch"), {})
    site, desk = (guarded.put[f"/_security/role/credit-search-{account}"] for account in (SITE, DESK))
    assert site["indices"] == [{"names": ["credit-search-*"], "privileges": ["read"]}]
    assert desk["indices"] == [{"names": ["credit-search-*"], "privileges": ["read", "write", "manage"]}]
    assert all(privilege.startswith("cluster:monitor/") for privilege in (*site["cluster"], *desk["cluster"]))


def test_no_right_of_opensearch_goes_beyond_the_prefix_and_looking() -> None:
    guarded = Guarded("opensearch")
    with scripted(guarded.answer) as server:
        grant_access(admin(server, "opensearch"), {})
    roles = [body for path, body in guarded.put.items() if "/roles/" in path]
    assert [role["index_permissions"] for role in roles] == [
        [{"index_patterns": ["credit-search-*"], "allowed_actions": [actions]}]
        for actions in ("read", "indices_all")
    ]
    assert "indices:data/write/bulk" not in roles[0]["cluster_permissions"]


def test_passwords_that_are_in_use_stay() -> None:
    guarded = Guarded("elasticsearch")
    with scripted(guarded.answer) as server:
        address = admin(server, "elasticsearch")
        first = grant_access(address, {})
        assert grant_access(address, first) == first
        assert grant_access(address, {SITE: address, DESK: address}) != first
    passwords = [secret_of(first[account], f"credit-search-{account}") for account in (SITE, DESK)]
    assert len({*passwords, "secret"}) == 3


def test_whoever_is_no_administrator_grants_nothing() -> None:
    guarded = Guarded("elasticsearch")
    with scripted(guarded.answer) as server, pytest.raises(AuthFailed):
        grant_access(f"elasticsearch://elastic:wrong@127.0.0.1:{server.port}", {})
    assert guarded.put == {}


def test_an_api_key_of_the_administrator_is_handed_on_to_nobody() -> None:
    address = with_user("elasticsearch+https://host:9200/p?api_key=abc&poll=2", "p-site:word")
    assert address == "elasticsearch+https://p-site:word@host:9200/p?poll=2"
    assert parse_address(address).authorization.startswith("Basic ")


GLOBAL_ACTIONS = {
    "version",
    "keys.create",
    "keys.get",
    "snapshots.create",
    "dumps.create",
    "metrics.get",
    "*",
}
"""What a key for some indexes may not be given: the real server (1.50) answers 400."""


class Keys:
    """A Meilisearch that keeps keys and derives each from its id, as the real one does."""

    def __init__(self) -> None:
        self.master = MASTER
        self.version = "1.50.0"
        self.kept: dict[str, dict[str, Any]] = {}
        self.dropped: list[str] = []

    def answer(self, request: Request) -> Reply:
        path = request.path.partition("?")[0]
        shown = shown_to(request)
        is_master = shown == f"Bearer {self.master}"
        is_key = shown in {f"Bearer {self.derive(uid)}" for uid in self.kept}
        if path == "/version" and is_master:
            return Reply({"pkgVersion": self.version})
        if is_key and path.startswith("/indexes/credit_pointer/"):
            return Reply(
                {"message": "no", "code": "index_not_found", "type": "invalid_request", "link": ""}, 404
            )
        if not is_master:
            return Reply({"message": "no", "code": "invalid_api_key", "type": "auth", "link": ""}, 403)
        if request.method == "POST":
            uid = request.body["uid"]
            assert uid not in self.kept
            if GLOBAL_ACTIONS.intersection(request.body["actions"]) and request.body["indexes"] != ["*"]:
                code = "index_scoped_api_key_with_global_action"
                return Reply({"message": "no", "code": code, "type": "invalid_request", "link": ""}, 400)
            times = {"createdAt": "2026-03-31T00:00:00Z", "updatedAt": "2026-03-31T00:00:00Z"}
            self.kept[uid] = {**request.body, "description": None, **times}
            return Reply({**self.kept[uid], "key": self.derive(uid)}, 201)
        if request.method == "DELETE":
            uid = path.removeprefix("/keys/")
            self.dropped.append(uid)
            del self.kept[uid]
            return Reply(b"", 204)
        found = list(self.kept.values())
        return Reply({"results": found, "offset": 0, "limit": 1000, "total": len(found)})

    def derive(self, uid: str) -> str:
        return hmac.new(self.master.encode(), uid.encode(), hashlib.sha256).hexdigest()


def test_meilisearch_gives_each_account_a_key_with_its_actions() -> None:
    keys = Keys()
    with scripted(keys.answer) as server:
        granted = grant_access(f"meilisearch://{MASTER}@127.0.0.1:{server.port}", {})
    site, desk = (keys.kept[key_body(account, "credit")["uid"]] for account in (SITE, DESK))
    assert site["actions"] == ["search", "documents.get"]
    assert {"documents.add", "indexes.create", "tasks.get"} <= set(desk["actions"])
    assert not any("keys" in action or action.endswith("*") for action in desk["actions"])
    assert site["indexes"] == desk["indexes"] == ["credit_*"]
    assert granted == {
        account: f"meilisearch://{keys.derive(key['uid'])}@127.0.0.1:{server.port}"
        for account, key in ((SITE, site), (DESK, desk))
    }


def test_keys_in_use_are_left_alone_and_lost_ones_come_back_the_same() -> None:
    keys = Keys()
    with scripted(keys.answer) as server:
        address = f"meilisearch://{MASTER}@127.0.0.1:{server.port}"
        first = grant_access(address, {})
        assert grant_access(address, first) == first
        assert keys.dropped == []
        assert grant_access(address, {}) == first
        assert len(keys.dropped) == 2


def test_another_master_key_brings_other_keys() -> None:
    keys = Keys()
    with scripted(keys.answer) as server:
        first = grant_access(f"meilisearch://{MASTER}@127.0.0.1:{server.port}", {})
        keys.master = "another-master-key-of-some-length"
        address = f"meilisearch://{keys.master}@127.0.0.1:{server.port}"
        second = grant_access(address, first)
        assert grant_access(address, second) == second
    assert not set(first.values()) & set(second.values())


def test_a_key_with_other_rights_is_replaced() -> None:
    keys = Keys()
    with scripted(keys.answer) as server:
        address = f"meilisearch://{MASTER}@127.0.0.1:{server.port}"
        first = grant_access(address, {})
        uid = key_body(SITE, "credit")["uid"]
        keys.kept[uid]["actions"] = ["*"]
        assert grant_access(address, first) == first
    assert keys.dropped == [uid]
    assert keys.kept[uid]["actions"] == ["search", "documents.get"]


def test_a_server_that_cannot_be_used_gets_no_keys() -> None:
    keys = Keys()
    keys.version = "2.0.0"
    with scripted(keys.answer) as server:
        with pytest.raises(WrongVersion):
            grant_access(f"meilisearch://{MASTER}@127.0.0.1:{server.port}", {})
        with pytest.raises(AuthFailed):
            grant_access(f"meilisearch://wrong@127.0.0.1:{server.port}", {})
    assert keys.kept == {}


def test_an_index_in_a_folder_has_no_accounts() -> None:
    assert grant_access("embedded:./index", {}) == {SITE: "embedded:./index", DESK: "embedded:./index"}
    with pytest.raises(UsageError, match="不认识的检索引擎"):
        grant_access("solr://elastic:secret@host", {})
