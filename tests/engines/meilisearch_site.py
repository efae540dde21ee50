"""A Meilisearch without a search engine: for what is around the searches, and for faults."""

from __future__ import annotations

import re
import threading
from typing import Any

from scripted_server import Reply, Request


def nothing_found(body: Any) -> dict[str, Any]:
    """No hits and no counts, for one search over several indexes or for several searches."""
    if "federation" in body:
        return {"hits": [], "estimatedTotalHits": 0}
    return {"results": [{"facetDistribution": {}} for _ in body["queries"]]}


class FakeMeilisearch:
    """Indexes in memory, tasks that end as a test says; searches answer what a test says."""

    def __init__(self) -> None:
        self.indexes: dict[str, dict[str, Any]] = {}
        self.tasks: list[dict[str, Any]] = []
        self.bad: dict[str, tuple[str, str]] = {}
        self.searches: Any = nothing_found
        self.lock = threading.Lock()

    def answer(self, request: Request) -> Reply:
        with self.lock:
            return self._answer(request.method, request.path.partition("?")[0], request)

    def _answer(self, method: str, path: str, request: Request) -> Reply:
        if path == "/version":
            return Reply({"pkgVersion": "1.50.0"})
        if path == "/multi-search":
            return self._searched(request.body)
        if path == "/indexes" and method == "GET":
            return Reply({"results": [{"uid": name} for name in self.indexes]})
        if path == "/indexes":
            self.indexes.setdefault(request.body["uid"], {})
            return self.end_task()
        if match := re.fullmatch(r"/tasks/(\d+)", path):
            return Reply(self.tasks[int(match[1])])
        match = re.fullmatch(r"/indexes/([^/]+)(.*)", path)
        assert match is not None
        return self._on_index(method, match[1], match[2], request)

    def _searched(self, body: Any) -> Reply:
        return Reply(self.searches(body) if callable(self.searches) else self.searches)

    def _on_index(self, method: str, name: str, rest: str, request: Request) -> Reply:
        if method == "DELETE":
            if rest:
                self.indexes[name].pop(rest.removeprefix("/documents/"), None)
            else:
                self.indexes.pop(name, None)
            return self.end_task()
        if rest == "/settings":
            return self.end_task()
        if rest == "/documents":
            return self._added(name, request.lines)
        if name not in self.indexes:
            return Reply({"message": "no", "code": "index_not_found"}, 404)
        held = self.indexes[name]
        return Reply({"results": [held[doc_id] for doc_id in request.body["ids"] if doc_id in held]})

    def _added(self, name: str, documents: list[dict[str, Any]]) -> Reply:
        fate = next((self.bad[each["id"]] for each in documents if each["id"] in self.bad), None)
        if fate is None:
            self.indexes.setdefault(name, {}).update({each["id"]: each for each in documents})
            return self.end_task()
        return self.end_task(*fate)

    def end_task(self, status: str = "succeeded", kind: str = "") -> Reply:
        error = {"message": "refused", "code": "some_code", "type": kind} if kind else None
        number = len(self.tasks)
        times = {"enqueuedAt": "2026-03-31T00:00:00.5Z", "startedAt": None, "finishedAt": None}
        self.tasks.append(
            {"uid": number, "indexUid": "i", "status": status, "type": "t", "details": None, "error": error}
            | {"canceledBy": None, "duration": None, **times}
        )
        begun = {"taskUid": number, "indexUid": "i", "status": "enqueued", "type": "t"}
        return Reply({**begun, "enqueuedAt": "2026-03-31T00:00:00.5Z"}, 202)
