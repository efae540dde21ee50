"""How does a request reach a server, and as what does its answer or failure come back?"""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

import elastic_transport as client
import msgspec

from indexers.engines.deadline import Deadline
from indexers.errors import (
    AuthFailed,
    BadQuery,
    EngineBusy,
    EngineDown,
    EngineError,
    EngineTimeout,
    IndexMissing,
    WrongVersion,
)

from .address import Address

TESTED = {"elasticsearch": (8, 9), "opensearch": (2, 3)}
"""Product → the major versions this adapter is made for."""
PRODUCTS = {"elasticsearch": "Elasticsearch", "opensearch": "OpenSearch"}
CONNECTIONS = 64
"""For each node: more than the threads that answer requests in one process, so that none waits for another."""
JSON = "application/json"
LINES = "application/x-ndjson"
AGAIN = (429, 502, 503, 504)
"""Statuses after which a read is asked once more."""
PAUSE = 0.05
"""Seconds, with jitter, before a read is asked again, unless the server says how long."""
RETRY_AFTER = 1.0
"""Seconds to tell a caller to wait where the server does not say."""

Allowed = tuple[int | str, ...]
T = TypeVar("T")


class Server(NamedTuple):
    """What answers behind an address."""

    product: str
    version: str


class Reply(NamedTuple):
    """A whole answer of a server; `body` is as it came."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    def read(self, form: type[T]) -> T:
        """The answer in the form that was asked for; EngineError for any other."""
        try:
            return msgspec.json.decode(self.body, type=form)
        except msgspec.MsgspecError as error:
            raise EngineError(f"检索服务器的回答无法读取（状态 {self.status}）") from error


class Problem(msgspec.Struct, frozen=True):
    """What a server says of an error. `reason` may repeat what was asked: never shown to visitors or logged."""

    type: str = ""
    reason: str | None = ""


class _Problems(msgspec.Struct, frozen=True):
    error: Problem | str = ""


class _Version(msgspec.Struct, frozen=True):
    number: str = ""
    distribution: str = "elasticsearch"


class _Root(msgspec.Struct, frozen=True):
    version: _Version = _Version()


class _Node(msgspec.Struct, frozen=True):
    version: str = ""


class _Nodes(msgspec.Struct, frozen=True):
    nodes: dict[str, _Node] = {}


class _AsTheyCame(client.Serializer):
    """Bodies are made and read at this border with msgspec."""

    mimetype = JSON

    def loads(self, data: bytes) -> bytes:
        return data

    def dumps(self, data: bytes) -> bytes:
        return data


class Connection:
    """A pool of connections to the nodes of one address. Safe to share between threads."""

    def __init__(self, address: Address) -> None:
        self._address = address
        raw = _AsTheyCame()
        self._transport = client.Transport(
            [_node(address, host, port) for host, port in address.nodes],
            serializers=dict.fromkeys((JSON, LINES, "text/*", "text/html", "text/plain"), raw),
            max_retries=0,
            meta_header=False,
        )
        self._is_alone = len(address.nodes) == 1
        self._server: Server | None = None

    def close(self) -> None:
        """Let go of the connections."""
        self._transport.close()

    def server(self, deadline: Deadline) -> Server:
        """The product and version, asked for once; WrongVersion if they are not those tested."""
        found = self._server
        if found is None:
            # Without a lock: threads that ask at once would wait for each other where no server answers.
            found = self._server = self._checked(self._detected(deadline))
        return found

    def read(
        self, method: str, path: str, body: Any = None, *, deadline: Deadline, allow: Allowed = ()
    ) -> Reply:
        """Ask for something that changes nothing, twice if need be.

        `allow`: statuses, and types of problems, that are no error.
        """
        self.server(deadline)
        return self._read(method, path, body, deadline, allow)

    def change(
        self, method: str, path: str, body: Any = None, *, deadline: Deadline, allow: Allowed = ()
    ) -> Reply:
        """Ask for a change, once."""
        self.server(deadline)
        return _checked(self._once(method, path, body, deadline.left()), allow)

    # -- inside ----------------------------------------------------------------------------------------

    def _read(self, method: str, path: str, body: Any, deadline: Deadline, allow: Allowed) -> Reply:
        pause = random.uniform(PAUSE / 2, PAUSE)
        # Where there is another node, the first has half of the time: it may be gone without a word.
        share = 1.0 if self._is_alone else 0.5
        try:
            reply = self._once(method, path, body, deadline.left() * share)
            if reply.status not in AGAIN:
                return _checked(reply, allow)
            pause = max(pause, _retry_after(reply, 0.0))
            if pause >= deadline.left():
                return _checked(reply, allow)
        except (EngineDown, EngineTimeout):
            if pause >= deadline.left():
                raise
        time.sleep(pause)
        return _checked(self._once(method, path, body, deadline.left()), allow)

    def _once(self, method: str, path: str, body: Any, seconds: float) -> Reply:
        """The answer of the first node that takes the request."""
        is_lines = isinstance(body, bytes)
        sent = body if body is None or is_lines else msgspec.json.encode(body)
        headers = {"accept": JSON} if sent is None else {"accept": JSON, "content-type": JSON}
        if is_lines:
            headers["content-type"] = LINES
        for others in range(len(self._address.nodes) - 1, -1, -1):
            try:
                answer = self._transport.perform_request(
                    method, path, body=sent, headers=headers, request_timeout=seconds
                )
            except client.TransportError as error:
                if not others or not _was_refused(error):
                    raise _error_from(error) from error
            except ValueError as error:
                raise EngineError("检索服务器的回答无法读取") from error
            else:
                return Reply(answer.meta.status, answer.body or b"", answer.meta.headers)
        raise AssertionError("an address has at least one node")

    def _detected(self, deadline: Deadline) -> Server:
        reply = self._read("GET", "/", None, deadline, allow=(404, 405))
        if reply.status == 200:
            version = reply.read(_Root).version
            return Server(version.distribution, version.number)
        # A server in its smallest form knows no root.
        path = "/_nodes/_local?filter_path=nodes.*.version"
        nodes = self._read("GET", path, None, deadline, allow=(404, 405)).read(_Nodes).nodes
        return Server("elasticsearch", next((node.version for node in nodes.values()), ""))

    def _checked(self, server: Server) -> Server:
        wanted = self._address.product
        majors = TESTED[wanted]
        major = server.version.partition(".")[0]
        if server.product != wanted or not major.isdecimal() or int(major) not in majors:
            found = f"{PRODUCTS.get(server.product, server.product)} {server.version}".strip()
            raise WrongVersion(
                f"检索服务器是 {found}，地址要求的是 {PRODUCTS[wanted]} {' 或 '.join(map(str, majors))}"
            )
        return server


def _node(address: Address, host: str, port: int) -> client.NodeConfig:
    headers = {"authorization": address.authorization} if address.authorization else {}
    if not address.secure:
        return client.NodeConfig("http", host, port, headers=headers, connections_per_node=CONNECTIONS)
    return client.NodeConfig(
        "https",
        host,
        port,
        headers=headers,
        connections_per_node=CONNECTIONS,
        ca_certs=address.ca or None,
        verify_certs=True,
    )


def _was_refused(error: client.TransportError) -> bool:
    """Whether nothing was sent, so that another node may be asked whatever the request does."""
    cause = error.__cause__ and error.__cause__.__cause__
    return isinstance(cause, ConnectionRefusedError | socket.gaierror)


def _error_from(error: client.TransportError) -> EngineError:
    if isinstance(error, client.ConnectionTimeout):
        return EngineTimeout("检索服务器没有在限定时间内回答")
    if isinstance(error, client.TlsError):
        return EngineDown(
            "与检索服务器的加密连接没有建立：证书不被信任或主机名不符；自签证书请在地址里用 ?ca= 指定"
        )
    if isinstance(error, client.ConnectionError):
        return EngineDown(f"连不上检索服务器（{_first_line(error)}）")
    return EngineError("检索服务器的回答无法读取")


def _checked(reply: Reply, allow: Allowed) -> Reply:
    """The reply, or the error that its status stands for."""
    if reply.status < 300 or reply.status in allow:
        return reply
    problem = _problem(reply)
    if problem.type in allow:
        return reply
    raise error_of(reply.status, problem, _retry_after(reply, RETRY_AFTER))


def error_of(status: int, problem: Problem, retry_after: float = RETRY_AFTER) -> EngineError:
    """The error that a status of a request, or of a part of one, stands for."""
    what = f"状态 {status}{',' if problem.type else ''}{problem.type}"
    if status in (401, 403):
        return AuthFailed(f"检索服务器拒绝了用户、密码或密钥（{what}）")
    if status == 404:
        return IndexMissing(f"检索服务器上没有这份索引（{what}）")
    if status in (429, 503):
        return EngineBusy(f"检索服务器忙，请稍后再试（{what}）", retry_after)
    if status == 400:
        return BadQuery(f"检索服务器不接受这个请求（{what}）")
    if status == 502:
        return EngineDown(f"连不上检索服务器（{what}）")
    if status == 504:
        return EngineTimeout(f"检索服务器没有在限定时间内回答（{what}）")
    return EngineError(f"检索服务器出错（{what}）")


def _problem(reply: Reply) -> Problem:
    try:
        found = msgspec.json.decode(reply.body, type=_Problems).error
    except msgspec.MsgspecError:
        return Problem()
    return found if isinstance(found, Problem) else Problem()


def _retry_after(reply: Reply, otherwise: float) -> float:
    """Seconds of the header Retry-After; its form with a date is not used by these servers."""
    try:
        return max(0.0, float(reply.headers.get("retry-after", otherwise)))
    except ValueError:
        return otherwise


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0][:200]
