"""What does the address of a server say: which product, where, who asks, and how?"""

from __future__ import annotations

import base64
import re
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from indexers.errors import UsageError

PORT = 9200
PREFIX = "credit-search"
POLL_SECONDS = 1.0
"""How long a process may go on with the publication it knows."""
EXAMPLE = "elasticsearch+https://用户:密码@主机1:9200,主机2:9200/前缀?ca=/path/ca.crt"

_PREFIX = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_HOST = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::(?P<port>\d{1,5}))?")


class Address(msgspec.Struct, frozen=True):
    """A parsed address. `authorization` is a secret: it is sent, and never shown.

    `poll` is in seconds; `shards` is for each index of a new generation, `replicas` is how many copies of each
    shard there are besides, as soon as there are nodes for them.
    """

    product: str
    secure: bool
    nodes: tuple[tuple[str, int], ...]
    prefix: str = PREFIX
    authorization: str = ""
    ca: str = ""
    poll: float = POLL_SECONDS
    shards: int = 1
    replicas: int = 1


def parse_address(text: str) -> Address:
    """`<product>[+https]://[user:password@]host[:port],…[/prefix][?ca=&api_key=&poll=&shards=&replicas=]`.

    UsageError says what is wrong without repeating the address, which may hold a password.
    """
    parts = urlsplit(text)
    product, _, security = parts.scheme.partition("+")
    user, _, hosts = parts.netloc.rpartition("@")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    prefix = parts.path.strip("/") or PREFIX
    if not _PREFIX.fullmatch(prefix):
        raise UsageError("检索引擎地址里的前缀只能由小写字母、数字、- 和 _ 组成，并以字母开头")
    unknown = sorted(options.keys() - {"ca", "api_key", "poll", "shards", "replicas"})
    if unknown:
        raise UsageError(f"检索引擎地址里有不认识的参数 {'、'.join(unknown)}；示例：{EXAMPLE}")
    try:
        poll = float(options.get("poll", POLL_SECONDS))
        shards, replicas = (int(options.get(name, 1)) for name in ("shards", "replicas"))
    except ValueError:
        raise UsageError("检索引擎地址里的 poll、shards 和 replicas 必须是数字") from None
    if not 0 < poll <= 60 or not 1 <= shards <= 1024 or not 0 <= replicas <= 9:
        raise UsageError(
            "检索引擎地址里的 poll 应在 0 至 60 秒之间，shards 应在 1 至 1024 之间，replicas 应在 0 至 9 之间"
        )
    return Address(
        product=product,
        secure=security == "https",
        nodes=tuple(_node(host) for host in hosts.split(",")),
        prefix=prefix,
        authorization=_authorization(user, options.get("api_key", "")),
        ca=options.get("ca", ""),
        poll=poll,
        shards=shards,
        replicas=replicas,
    )


def _node(text: str) -> tuple[str, int]:
    match = _HOST.fullmatch(text)
    if match is None or int(match["port"] or PORT) > 65535:
        raise UsageError(f"检索引擎地址里的主机或端口不正确；示例：{EXAMPLE}")
    return match["host"].strip("[]"), int(match["port"] or PORT)


def _authorization(user: str, api_key: str) -> str:
    if api_key:
        return f"ApiKey {api_key}"
    if not user:
        return ""
    name, _, password = user.partition(":")
    pair = f"{unquote(name)}:{unquote(password)}"
    return "Basic " + base64.b64encode(pair.encode()).decode()
