"""Does a question reach the server once, in time, and does every refusal have its own error?"""

from __future__ import annotations

import threading

import pytest
from scripted_server import Reply, Request, closed_port, scripted

from indexers.engines.deadline import Deadline
from indexers.engines.meilisearch.address import parse_address
from indexers.engines.meilisearch.client import Client
from indexers.engines.meilisearch.reading import Results
from indexers.errors import (
    AuthFailed,
    BadQuery,
    EngineBusy,
    EngineDown,
    EngineError,
    EngineTimeout,
    IndexMissing,
    UsageError,
    WrongVersion,
)


def version(request: Request, then: Reply) -> Reply:
    return Reply({"pkgVersion": "1.50.0"}) if request.path == "/version" else then


def refused(status: int, code: str, **rest: object) -> Reply:
    return Reply({"message": "what was typed", "code": code, "type": "x", "link": ""}, status, **rest)  # type: ignore[arg-type]


def client_of(port: int, key: str = "") -> Client:
    return Client(parse_address(f"meilisearch://{key + '@' if key else ''}127.0.0.1:{port}"))


def ask(client: Client, seconds: float = 5.0) -> object:
    try:
        return client.ask("POST", "/multi-search", {"queries": []}, Deadline(seconds), object)
    finally:
        client.close()


def test_an_address_names_host_key_port_and_prefix() -> None:
    short = parse_address("meilisearch://search.example")
    assert (short.url, short.key, short.prefix) == ("http://search.example:7700", "", "credit")
    full = parse_address("meilisearch+https://a%40b@search.example/county-2")
    assert (full.url, full.key, full.prefix) == ("https://search.example:443", "a@b", "county-2")
    assert parse_address("meilisearch://:secret@[::1]:7711").url == "http://[::1]:7711"


@pytest.mark.parametrize(
    "address",
    [
        "meilisearch://",
        "meilisearch://secret@h/Upper",
        "meilisearch://secret@h:port",
        "meilisearch://secret@h/a_b",
        "meilisearch://secret@h?poll=soon",
        "meilisearch://secret@h?poll=nan",
        "meilisearch://secret@h?pool=1",
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_without_its_key(address: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_address(address)
    assert "secret" not in str(caught.value)


def test_questions_share_a_connection_and_ask_for_plain_answers() -> None:
    with scripted(lambda request: version(request, Reply({"results": []}))) as server:
        client = client_of(server.port, "the-key")
        for _ in range(3):
            assert client.ask("POST", "/multi-search", {"queries": []}, Deadline(5), object) == {
                "results": []
            }
        client.close()
        assert server.connections == 1
        assert [request.path for request in server.requests] == ["/version", *["/multi-search"] * 3]
        headers = server.requests[-1].headers
        assert (headers["Accept-Encoding"], headers["Authorization"]) == ("identity", "Bearer the-key")


def test_a_connection_that_the_server_closed_meanwhile_is_replaced() -> None:
    with scripted(lambda request: version(request, Reply([], headers=(("X-Seen", "1"),)))) as server:
        client = client_of(server.port)
        client.ask("GET", "/stats", None, Deadline(5), object)
        server.script = lambda request: Reply(hang_up=len(server.requests) == 3, body=[7])
        assert ask(client) == [7]
        assert server.connections == 2


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (refused(401, "missing_authorization_header"), AuthFailed),
        (refused(403, "invalid_api_key"), AuthFailed),
        (refused(404, "index_not_found"), IndexMissing),
        (refused(400, "index_not_found"), IndexMissing),
        (refused(400, "invalid_search_filter"), BadQuery),
        (refused(413, "payload_too_large"), BadQuery),
        (refused(404, "not_found"), EngineError),
        (refused(500, "internal"), EngineError),
        (refused(502, ""), EngineDown),
        (refused(504, ""), EngineTimeout),
        (Reply(b"<html>proxy</html>", 503), EngineBusy),
        (refused(503, "too_many_search_requests"), EngineBusy),
    ],
)
def test_every_refusal_has_its_error(reply: Reply, error: type[EngineError]) -> None:
    with scripted(lambda request: version(request, reply)) as server, pytest.raises(error) as caught:
        ask(client_of(server.port))
    assert type(caught.value) is error
    assert "typed" not in str(caught.value)


def test_a_busy_server_is_asked_once_more() -> None:
    replies = iter([refused(503, "too_many_search_requests"), Reply({"results": [1]})])
    with scripted(lambda request: version(request, Reply())) as server:
        server.script = lambda request: (
            version(request, Reply()) if request.method == "GET" else next(replies)
        )
        assert ask(client_of(server.port)) == {"results": [1]}


def test_a_server_that_wants_more_time_than_there_is_is_not_asked_again() -> None:
    reply = refused(503, "too_many_search_requests", headers=(("Retry-After", "10"),))
    with scripted(lambda request: version(request, reply)) as server:
        with pytest.raises(EngineBusy) as caught:
            ask(client_of(server.port))
        assert caught.value.retry_after == 10.0
        assert len(server.asked("multi-search")) == 1


def test_no_answer_in_time_is_a_timeout_and_not_asked_again() -> None:
    never = threading.Event()
    with scripted(lambda request: version(request, Reply({}, pause=never))) as server:
        with pytest.raises(EngineTimeout):
            ask(client_of(server.port), 0.2)
        never.set()
        assert len(server.asked("multi-search")) == 1


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(hang_up=True), EngineDown),
        (
            Reply(b'FF\r\n{"results"', headers=(("Transfer-Encoding", "chunked"), ("Connection", "close"))),
            EngineDown,
        ),
        (Reply(b'{"results":'), EngineError),
        (Reply({"hits": "none"}), EngineError),
        (Reply(b"<html>proxy</html>"), EngineError),
    ],
)
def test_an_answer_that_is_none_is_an_error_on_a_kept_connection_too(
    reply: Reply, error: type[EngineError]
) -> None:
    with scripted(lambda request: version(request, reply)) as server:
        client = client_of(server.port)
        for _ in range(2):
            with pytest.raises(EngineError) as caught:
                client.ask("POST", "/multi-search", {"queries": []}, Deadline(2), Results)
            assert type(caught.value) is error
        client.close()


def test_nobody_there_is_down() -> None:
    with pytest.raises(EngineDown):
        ask(client_of(closed_port()))


@pytest.mark.parametrize("tested", ["1.30.0", "1.50.0", "1.61.2", "1.50.0-rc.1"])
def test_tested_versions_are_accepted(tested: str) -> None:
    with scripted(lambda request: Reply({"pkgVersion": tested})) as server:
        client = client_of(server.port)
        assert client.version(Deadline(5)) == tested
        client.close()


@pytest.mark.parametrize("other", ["1.29.9", "0.30.0", "2.0.0", "", "new"])
def test_other_versions_are_refused(other: str) -> None:
    with scripted(lambda request: Reply({"pkgVersion": other})) as server:
        client = client_of(server.port)
        with pytest.raises(WrongVersion):
            client.version(Deadline(5))
        client.close()


def test_a_key_that_may_not_ask_for_the_version_still_searches() -> None:
    def script(request: Request) -> Reply:
        return refused(403, "invalid_api_key") if request.path == "/version" else Reply({"results": []})

    with scripted(script) as server:
        client = client_of(server.port)
        assert client.version(Deadline(5)) == "?"
        assert ask(client) == {"results": []}
