"""What would others give for the same names: SQLite FTS5, OpenSearch, Elasticsearch, Meilisearch, each as it comes?"""

from __future__ import annotations

import sqlite3
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from benchmarks.relevance.answering import Shown
from benchmarks.relevance.judged import Judged
from indexers.documents import PublicSubject

SHOWN = 10
BATCH = 20_000
INDEX = "relevance-peer"
SHARE = "75%"
"""Least share of a query's terms in a hit: what Elasticsearch's manual proposes for long queries."""
PATIENCE = 900.0
"""Seconds that a server may take to index a million names."""


class FullText5:
    """SQLite FTS5 with the trigram tokenizer: every blank-separated word as a phrase, best by bm25."""

    name = "SQLite FTS5 trigram"

    def __init__(self, subjects: Iterable[PublicSubject]) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.execute(
            "CREATE VIRTUAL TABLE names USING fts5(id UNINDEXED, name, code, tokenize='trigram')"
        )
        self._database.executemany(
            "INSERT INTO names VALUES (?, ?, ?)", ((s.id, s.title, s.uscc) for s in subjects)
        )

    def answer(self, query: Judged) -> list[Shown]:
        """Nothing for words of fewer than three characters: trigrams know none."""
        asked = " ".join('"' + word.replace('"', '""') + '"' for word in query.text.split())
        rows = self._database.execute(
            "SELECT id, name FROM names WHERE names MATCH ? ORDER BY rank LIMIT ?", (asked, SHOWN)
        )
        return [Shown(str(row[0]), str(row[1])) for row in rows]


class Server:
    """A server that speaks JSON over plain HTTP; of an engine's address the first node is asked."""

    def __init__(self, address: str, key: str = "") -> None:
        user, _, hosts = urlsplit(address).netloc.rpartition("@")
        self._address = f"http://{hosts.partition(',')[0]}"
        self._headers = {"Content-Type": "application/json"}
        if user:
            self._headers["Authorization"] = f"Basic {b64encode(unquote(user).encode()).decode()}"
        if key:
            self._headers["Authorization"] = f"Bearer {key}"

    def call(self, method: str, path: str, body: object = None, *, lines: bool = False) -> Any:
        """The server's answer; HTTPError as it comes."""
        headers = dict(self._headers)
        data = body if isinstance(body, bytes) else msgspec.json.encode(body) if body is not None else None
        if lines:
            headers["Content-Type"] = "application/x-ndjson"
        request = urllib.request.Request(self._address + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            content = answer.read()
        return msgspec.json.decode(content) if content else None


class LuceneServer:
    """OpenSearch or Elasticsearch: one analyzed name, a keyword code, bm25 with a share of the terms."""

    def __init__(self, name: str, address: str, analyzer: str, subjects: Iterable[PublicSubject]) -> None:
        self.name = f"{name} {analyzer}"
        self._server = Server(address)
        self.close()
        properties = {"name": {"type": "text", "analyzer": analyzer}, "code": {"type": "keyword"}}
        settings = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"}
        self._server.call("PUT", f"/{INDEX}", {"settings": settings, "mappings": {"properties": properties}})
        for lines in _bulk(subjects):
            self._server.call("POST", f"/{INDEX}/_bulk", lines, lines=True)
        self._server.call("POST", f"/{INDEX}/_refresh")

    def answer(self, query: Judged) -> list[Shown]:
        """Names with most of the terms, or the code itself."""
        named = {"match": {"name": {"query": query.text, "minimum_should_match": SHARE}}}
        coded = {"term": {"code": query.text}}
        body = {"query": {"bool": {"should": [named, coded]}}, "size": SHOWN, "_source": ["name"]}
        found = self._server.call("POST", f"/{INDEX}/_search", body)
        return [Shown(hit["_id"], hit["_source"]["name"]) for hit in found["hits"]["hits"]]

    def close(self) -> None:
        """Remove the index."""
        self._server.call("DELETE", f"/{INDEX}?ignore_unavailable=true")


def _bulk(subjects: Iterable[PublicSubject]) -> Iterator[bytes]:
    for group in _batches(subjects):
        pairs: list[object] = []
        for subject in group:
            pairs += [{"index": {"_id": subject.id}}, {"name": subject.title, "code": subject.uscc}]
        yield b"\n".join(map(msgspec.json.encode, pairs)) + b"\n"


class Meilisearch:
    """Meilisearch with its own Chinese analysis and its own ranking."""

    name = "Meilisearch"

    def __init__(self, address: str, key: str, subjects: Iterable[PublicSubject]) -> None:
        self._server = Server(address, key)
        self._wait(self._server.call("POST", "/indexes", {"uid": INDEX, "primaryKey": "id"}))
        settings = {
            "searchableAttributes": ["name", "code"],
            "localizedAttributes": [{"attributePatterns": ["name"], "locales": ["cmn"]}],
        }
        self._wait(self._server.call("PATCH", f"/indexes/{INDEX}/settings", settings))
        for group in _batches(subjects):
            documents = [{"id": s.id, "name": s.title, "code": s.uscc} for s in group]
            self._wait(self._server.call("POST", f"/indexes/{INDEX}/documents", documents))

    def answer(self, query: Judged) -> list[Shown]:
        """What it shows first."""
        body = {"q": query.text, "limit": SHOWN, "locales": ["cmn"]}
        found = self._server.call("POST", f"/indexes/{INDEX}/search", body)
        return [Shown(hit["id"], hit["name"]) for hit in found["hits"]]

    def close(self) -> None:
        """Remove the index."""
        self._wait(self._server.call("DELETE", f"/indexes/{INDEX}"))

    def _wait(self, task: dict[str, Any]) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            state = self._server.call("GET", f"/tasks/{task['taskUid']}")
            if state["status"] == "succeeded":
                return
            if state["status"] in ("failed", "canceled"):
                raise RuntimeError(str(state["error"]))
            time.sleep(0.05)
        raise TimeoutError("Meilisearch did not finish in time")


def _batches(subjects: Iterable[PublicSubject]) -> Iterator[Sequence[PublicSubject]]:
    group: list[PublicSubject] = []
    for subject in subjects:
        group.append(subject)
        if len(group) == BATCH:
            yield group
            group = []
    if group:
        yield group
