"""In which form do answers of a server come, and is one of them whole?"""

from __future__ import annotations

import msgspec

from indexers.documents import PublicDocument, decode_document
from indexers.errors import EngineError, Partial

from .transport import AGAIN, Problem, error_of


class Source(msgspec.Struct, frozen=True):
    """What is kept of a document or tombstone."""

    stored: msgspec.Raw = msgspec.Raw()
    visible_from: int = 0
    visible_until: int = 0
    gone: bool = False
    moved_to: str = ""

    def document(self) -> PublicDocument:
        """The public document; EngineError for a source that has none."""
        if not bytes(self.stored):
            raise EngineError("检索服务器里的文档没有内容；请运行 credit-search rebuild")
        return decode_document(bytes(self.stored))


class Found(msgspec.Struct, frozen=True, rename={"source": "_source", "score": "_score"}):
    """One hit of a search."""

    source: Source
    score: float | None = None
    sort: tuple[int | float | str | None, ...] = ()


class Count(msgspec.Struct, frozen=True):
    """The number of all hits, as far as it was counted."""

    value: int = 0


class Hits(msgspec.Struct, frozen=True):
    """The hits of a search."""

    hits: tuple[Found, ...] = ()
    total: Count = Count()


class Bucket(msgspec.Struct, frozen=True):
    """One value and the number of documents that have it."""

    doc_count: int
    key: str | int = ""
    kinds: Counted | None = None


class Counted(msgspec.Struct, frozen=True):
    """One aggregation."""

    buckets: tuple[Bucket, ...] = ()
    sum_other_doc_count: int = 0
    doc_count_error_upper_bound: int = 0

    def pairs(self) -> list[tuple[str, int]]:
        """(value, documents)."""
        return [(str(bucket.key), bucket.doc_count) for bucket in self.buckets]

    @property
    def complete(self) -> bool:
        """Whether no value was left out, on any shard."""
        return not self.sum_other_doc_count and not self.doc_count_error_upper_bound


class Shards(msgspec.Struct, frozen=True):
    """Whether every part of an index answered."""

    failed: int = 0


class Searched(msgspec.Struct, frozen=True, rename={"shards": "_shards"}):
    """The answer to one search, alone or among several."""

    hits: Hits = Hits()
    aggregations: dict[str, Counted] = {}
    shards: Shards = Shards()
    timed_out: bool = False
    error: Problem | str | None = None
    status: int = 200
    pit_id: str = ""

    @property
    def is_broken(self) -> bool:
        """Whether shards did not answer for want of a node, which may be otherwise in a moment."""
        return self.shards.failed > 0 or (self.error is not None and self.status in AGAIN)

    def whole(self) -> Searched:
        """This answer; the right error for none, Partial for a part of one."""
        if self.error is not None:
            raise error_of(self.status, self.error if isinstance(self.error, Problem) else Problem())
        if self.timed_out or self.shards.failed:
            why = "时间不够" if self.timed_out else f"{self.shards.failed} 个分片没有回答"
            raise Partial(f"检索服务器只给出了部分结果（{why}）")
        return self


class SearchedAll(msgspec.Struct, frozen=True):
    """The answers to several searches that were sent together."""

    responses: tuple[Searched, ...]


class Got(msgspec.Struct, frozen=True, rename={"source": "_source"}):
    """The answer to a read of one document; without `found` there is no such index."""

    found: bool | None = None
    source: Source | None = None


class Done(msgspec.Struct, frozen=True):
    """What became of one line of a bulk request."""

    status: int
    error: Problem | None = None


class Bulked(msgspec.Struct, frozen=True):
    """The answer to a bulk request: for each line, {what was done: what became of it}."""

    items: tuple[dict[str, Done], ...]


class Refreshed(msgspec.Struct, frozen=True, rename={"shards": "_shards"}):
    """The answer to a refresh."""

    shards: Shards = Shards()


class PointInTime(msgspec.Struct, frozen=True):
    """The opened point in time: `id` in Elasticsearch, `pit_id` in OpenSearch."""

    id: str = ""
    pit_id: str = ""
