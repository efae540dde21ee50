"""A healthy server of the Elasticsearch family with one generation, whose answers a test replaces."""

from __future__ import annotations

import threading
from typing import Any

import msgspec
from scripted_server import Reply, Request

from indexers.engines.base import Applied
from indexers.engines.published import Generation, Pointer

NOTHING_FOUND = {"hits": {"total": {"value": 0}, "hits": []}, "_shards": {"failed": 0}, "timed_out": False}
COUNTS = {"subjects": 0, "records": 0, "library": 0}


class Site:
    """A healthy server of one generation whose answers to searches a test replaces."""

    def __init__(self, fingerprint: str) -> None:
        generation = Generation("g000001", fingerprint, Applied(), COUNTS)
        self.pointer = Pointer(1, generation, generation)
        self.root = Reply({"version": {"distribution": "opensearch", "number": "3.8.0"}})
        self.pause: threading.Event | None = None
        self.searches: list[Reply] = []
        self.bulks: list[Reply] = []
        self.puts: list[Reply] = []
        self.builder = ""
        self.lost_signs = 0

    def answer(self, request: Request) -> Reply:
        path = request.path
        if path == "/":
            return self.root
        if "/builder" in path:
            return self._sign(request)
        if path.endswith("/_doc/pointer") and request.method == "GET":
            source = {"pointer": msgspec.to_builtins(self.pointer)}
            found = {"_seq_no": 1, "_primary_term": 1, "found": True, "_source": source}
            return Reply(found, pause=self.pause)
        if "/_doc/pointer" in path:
            return self.puts.pop(0) if self.puts else Reply({"_seq_no": 2, "_primary_term": 1})
        if path.startswith("/_bulk"):
            return self.bulks.pop(0)
        if path.endswith("/_refresh"):
            return Reply({"_shards": {"failed": 0}})
        if len(self.searches) > 1:
            return self.searches.pop(0)
        return self.searches[0] if self.searches else self._nothing_found(request)

    def _nothing_found(self, request: Request) -> Reply:
        if request.path.endswith("/_search"):
            return Reply(_nothing(request.body))
        if request.path != "/_msearch":
            return Reply({})
        return Reply({"responses": [_nothing(body) for body in request.lines[1::2]]})

    def _sign(self, request: Request) -> Reply:
        """The document by which a builder is known; of a lost sign the answer only is lost."""
        if request.method == "GET":
            found = {"_seq_no": 1, "_primary_term": 1, "found": True, "_source": {"builder": self.builder}}
            return Reply(found)
        if self.lost_signs:
            self.lost_signs -= 1
            return Reply({}, 409)
        self.builder = request.body["builder"]
        return Reply({"_seq_no": 1, "_primary_term": 1})


def _nothing(body: dict[str, Any]) -> dict[str, Any]:
    counted: dict[str, Any] = {}
    for name, asked in body.get("aggs", {}).items():
        filters = asked.get("filters", {}).get("filters", ())
        counted[name] = {"buckets": [{"doc_count": 0} for _ in filters]}
    return {**NOTHING_FOUND, "aggregations": counted}


def problem(status: int, kind: str = "some_exception") -> Reply:
    return Reply({"error": {"type": kind, "reason": "because"}, "status": status}, status)
