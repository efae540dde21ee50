"""How does a question reach the server, and what does its refusal mean to us?"""

from __future__ import annotations

import contextlib
import http.client
import random
import ssl
import threading
import time
from typing import Generic, NamedTuple, TypeVar

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

IDLE = 16
"""Connections kept for the next question; more are opened when more threads ask at once."""
PAUSE = 0.1
"""Seconds before the one retry of a question, and up to as much again so that workers do not come together."""
RETRIED = frozenset((429, 502, 503, 504))
OLDEST = (1, 30)
NEWEST_MAJOR = 1
"""Tested from 1.30 to 1.50; 1.x keeps its API, another major version does not."""

T = TypeVar("T")

REFUSED = "?"
"""In the place of a version that the key may not know."""

_HEADERS = {
    "Content-Type": "application/json",
    "Accept": "application/json",
    # With gzip, answers above one packet wait 40 ms and more for a delayed acknowledgement.
    "Accept-Encoding": "identity",
    "User-Agent": "credit-search",
}
_STALE = (
    http.client.RemoteDisconnected,
    ConnectionResetError,
    BrokenPipeError,
    http.client.CannotSendRequest,
)


class Answer(NamedTuple):
    """What came back."""

    status: int
    retry_after: str
    content: bytes


class Refusal(msgspec.Struct):
    """The server's word for an error; "" where something before it answered."""

    code: str = ""


class Fetched(msgspec.Struct, Generic[T]):
    """The answer to a request for documents by their ids."""

    results: list[T]


class _Version(msgspec.Struct):
    number: str = msgspec.field(name="pkgVersion", default="")


class Client:
    """Asks questions over kept connections. Safe to share between threads."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._headers = dict(_HEADERS)
        if address.key:
            self._headers["Authorization"] = f"Bearer {address.key}"
        self._tls = ssl.create_default_context() if address.tls else None
        self._idle: list[http.client.HTTPConnection] = []
        self._lock = threading.Lock()
        self._version = ""

    def ask(self, method: str, path: str, body: object, deadline: Deadline, form: type[T]) -> T:
        """The answer in the form given, else an EngineError. Questions only: it may be asked twice."""
        self.check_version(deadline)
        return _read(self._ask(method, path, body, deadline), form)

    def version(self, deadline: Deadline) -> str:
        """The server's version, REFUSED if the key may not know it; WrongVersion outside the tested range."""
        self.check_version(deadline)
        return self._version

    def check_version(self, deadline: Deadline) -> None:
        """Ask for the version once; WrongVersion outside the tested range."""
        if self._version:
            return
        try:
            answer = self._ask("GET", "/version", None, deadline)
        except AuthFailed:
            # A key for searching may not ask for it. A key that may nothing fails at the next question.
            self._version = REFUSED
            return
        version = _read(answer, _Version).number
        numbers = tuple(int(part) for part in version.split("-")[0].split(".")[:2] if part.isdigit())
        if numbers < OLDEST or numbers[0] > NEWEST_MAJOR:
            raise WrongVersion(
                f"Meilisearch 的版本 {version or '?'} 未经测试；需要 {OLDEST[0]}.{OLDEST[1]} 以上的 1.x 版"
            )
        self._version = version

    def close(self) -> None:
        """Let go of the idle connections."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def __del__(self) -> None:
        self.close()

    def _ask(self, method: str, path: str, body: object, deadline: Deadline) -> Answer:
        content = b"" if body is None else msgspec.json.encode(body)
        pause = PAUSE * (1 + random.random())
        try:
            answer = self._send(method, path, content, deadline)
        except EngineDown:
            if deadline.left() <= pause:
                raise
            answer = None
        if answer is None or (answer.status in RETRIED and _wait(answer, pause) < deadline.left()):
            time.sleep(pause if answer is None else _wait(answer, pause))
            answer = self._send(method, path, content, deadline)
        if answer.status >= 400:
            raise error_of(answer.status, refusal_of(answer.content), answer.retry_after)
        return answer

    def _send(self, method: str, path: str, content: bytes, deadline: Deadline) -> Answer:
        connection = self._take()
        try:
            if connection is not None:
                with contextlib.suppress(*_STALE):
                    return self._exchange(connection, method, path, content, deadline)
                # The server closed it while it was idle; the others are as old.
                self.close()
            return self._exchange(self._open(), method, path, content, deadline)
        except (OSError, http.client.HTTPException) as error:
            raise EngineDown(
                f"连不上检索服务器 {self._address.url}：{error or type(error).__name__}"
            ) from error

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        content: bytes,
        deadline: Deadline,
    ) -> Answer:
        kept = False
        try:
            connection.timeout = deadline.left()
            if connection.sock is not None:
                connection.sock.settimeout(connection.timeout)
            connection.request(method, path, content, self._headers)
            with connection.getresponse() as response:
                answer = Answer(response.status, response.getheader("Retry-After") or "", response.read())
                kept = not response.will_close
        except TimeoutError as error:
            raise EngineTimeout("检索服务器未能及时答复") from error
        finally:
            self._put_back(connection, kept)
        return answer

    def _take(self) -> http.client.HTTPConnection | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _open(self) -> http.client.HTTPConnection:
        host, port = self._address.host, self._address.port
        if self._tls is not None:
            return http.client.HTTPSConnection(host, port, context=self._tls)
        return http.client.HTTPConnection(host, port)

    def _put_back(self, connection: http.client.HTTPConnection, kept: bool) -> None:
        with self._lock:
            if kept and len(self._idle) < IDLE:
                self._idle.append(connection)
                return
        connection.close()


def _read(answer: Answer, form: type[T]) -> T:
    try:
        return msgspec.json.decode(answer.content, type=form)
    except msgspec.MsgspecError as error:
        raise EngineError(f"检索服务器的答复不合预期：{error}") from error


def refusal_of(content: bytes) -> Refusal:
    """The server's word; a proxy's page has none."""
    try:
        return msgspec.json.decode(content, type=Refusal)
    except msgspec.MsgspecError:
        return Refusal()


def error_of(status: int, refusal: Refusal, retry_after: str = "") -> EngineError:
    """Our error for a refused request, by the server's code where it gives one, else by the status.

    The server's sentence may repeat what was asked, which nobody keeps: only its code is told.
    """
    said = f"({status} {refusal.code})" if refusal.code else f"({status})"
    if refusal.code == "index_not_found":
        # A search over several indexes reports it as 400.
        return IndexMissing(f"服务器上没有这份索引{said}")
    if status in (401, 403):
        return AuthFailed(f"检索服务器拒绝了密钥{said}")
    if status in (429, 503):
        return EngineBusy(f"检索服务器忙{said}", _seconds(retry_after))
    if status in (408, 504):
        return EngineTimeout(f"检索服务器超时{said}")
    if status == 502:
        return EngineDown(f"检索服务器没有应答{said}")
    if status in (400, 413, 422):
        return BadQuery(f"检索服务器拒绝了请求{said}")
    return EngineError(f"检索服务器出错{said}")


def _seconds(retry_after: str) -> float:
    return float(retry_after) if retry_after.isdigit() else 1.0


def _wait(answer: Answer, pause: float) -> float:
    return max(pause, _seconds(answer.retry_after)) if answer.retry_after else pause
