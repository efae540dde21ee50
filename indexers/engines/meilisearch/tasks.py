"""How do changes reach the server, and when are they done? Through the official client and its tasks."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from indexers.errors import EngineBusy, EngineDown, EngineError, EngineTimeout

from .address import Address
from .client import Refusal, error_of

CALL_SECONDS = 60
"""For one call: handing over a chunk of a build."""
TASK_SECONDS = 3_600.0
"""For one task: behind a big build on a slow disk it may wait long."""
FIRST_LOOK = 0.01
SLOWEST_LOOK = 0.5
"""Seconds between two looks at a task that is not done; they grow from the first to the slowest."""
INDEXES_AT_ONCE = 1_000
KEYS_AT_ONCE = 1_000

_DONE = frozenset(("succeeded", "failed", "canceled"))


class TaskFailed(EngineError):
    """The server refused what a task asked for; `bad_input` if it was the documents' fault."""

    def __init__(self, message: str, *, bad_input: bool) -> None:
        self.bad_input = bad_input
        super().__init__(message)


class Server:
    """What only a writer does. One for each thread: the official client is not safe to share."""

    def __init__(self, address: Address) -> None:
        # Imported here: it takes half a second, and readers never need it.
        from meilisearch import Client
        from meilisearch import errors as refusals

        self._refusals: Any = refusals
        self._client: Any = Client(address.url, address.key or None, timeout=CALL_SECONDS)

    # -- indexes ---------------------------------------------------------------------------------------

    def indexes(self) -> list[str]:
        """The names of all indexes that the key may see."""
        names: list[str] = []
        while True:
            with self._translated():
                found = self._client.get_raw_indexes({"limit": INDEXES_AT_ONCE, "offset": len(names)})
            names.extend(index["uid"] for index in found["results"])
            if len(found["results"]) < INDEXES_AT_ONCE:
                return names

    def create(self, index: str, settings: dict[str, Any]) -> list[int]:
        """Begin to make an index with its settings, before any document; the tasks."""
        with self._translated():
            made = self._client.create_index(index, {"primaryKey": "id"}).task_uid
            return [made, self._client.index(index).update_settings(settings).task_uid]

    def drop(self, indexes: Iterable[str]) -> None:
        """Remove indexes; one that is not there is as good."""
        with self._translated():
            tasks = [self._client.delete_index(index).task_uid for index in indexes]
        for task in tasks:
            try:
                self.wait(task)
            except TaskFailed as error:
                if "index_not_found" not in str(error):
                    raise

    # -- documents -------------------------------------------------------------------------------------

    def put(self, index: str, lines: Sequence[bytes]) -> int:
        """Begin to put whole documents, one JSON object each, in place of those with their ids; the task."""
        with self._translated():
            added = self._client.index(index).add_documents_ndjson(b"\n".join(lines), primary_key="id")
            return int(added.task_uid)

    def remove(self, index: str, ids: Iterable[str]) -> list[int]:
        """Begin to forget documents; the tasks, one for each: the client is giving up lists of ids."""
        with self._translated():
            held = self._client.index(index)
            return [int(held.delete_document(doc_id).task_uid) for doc_id in ids]

    # -- keys ------------------------------------------------------------------------------------------

    def list_keys(self) -> list[dict[str, Any]]:
        """All keys with their rights; only the master key may ask."""
        with self._translated():
            found: list[dict[str, Any]] = self._client.http.get(f"keys?limit={KEYS_AT_ONCE}")["results"]
            return found

    def make_key(self, options: dict[str, Any]) -> str:
        """Make a key; its secret."""
        with self._translated():
            # The client's own model of a key refuses moments that fall on a whole second.
            return str(self._client.http.post("keys", options)["key"])

    def drop_key(self, uid: str) -> None:
        """Take a key away."""
        with self._translated():
            self._client.delete_key(uid)

    # -- tasks -----------------------------------------------------------------------------------------

    def wait(self, task: int, seconds: float = TASK_SECONDS) -> None:
        """Until the task succeeded. TaskFailed, or EngineBusy if it was canceled and may be tried again."""
        end = time.monotonic() + seconds
        pause = FIRST_LOOK
        while True:
            with self._translated():
                found = self._client.get_task(task)
            if found.status in _DONE:
                break
            if time.monotonic() > end:
                raise EngineTimeout(f"检索服务器的任务 {task} 在 {seconds:g} 秒内没有完成")
            time.sleep(pause)
            pause = min(pause * 1.5, SLOWEST_LOOK)
        if found.status == "canceled":
            raise EngineBusy(f"检索服务器的任务 {task} 被取消，可以再试")
        if found.status == "failed":
            error = found.error or {}
            reason = f"{error.get('code', '-')}：{error.get('message', '没有说明')}"
            raise TaskFailed(
                f"检索服务器没有完成任务 {task}（{reason}）", bad_input=error.get("type") == "invalid_request"
            )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except self._refusals.MeilisearchApiError as error:
            raise error_of(error.status_code, Refusal(str(error.code or ""))) from error
        except self._refusals.MeilisearchTimeoutError as error:
            raise EngineTimeout(f"检索服务器未能在 {CALL_SECONDS} 秒内答复") from error
        except self._refusals.MeilisearchCommunicationError as error:
            raise EngineDown(f"连不上检索服务器：{error.message}") from error
        except ValueError as error:
            # The client checks answers against its models.
            raise EngineError(f"检索服务器的答复不合预期：{error}") from error
