"""Which mapping does a collection get on the server, and how does a document become its source?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from indexers.catalog import Catalog
from indexers.documents import Bury, IndexValue, Operation, Redirect, Upsert
from indexers.engines.fitting import RANK_KEY, VISIBLE, Form, check_id
from indexers.grammar import IndexField

GONE = "gone"
MOVED_TO = "moved_to"
STORED = "stored"
GROUPED = "subject_id"
"""The keyword that records are counted by beside the facets."""
KEPT_SOURCE = (STORED, *VISIBLE, GONE, MOVED_TO)
"""What is kept of a document as it came; all else is only indexed, since the ledger has it."""
ANALYZER = "whitespace"
"""Terms come ready, joined by spaces; servers have this analyzer without any plugin or setting."""
GUARD = "1h"
"""How long the version of a deleted document still wins over an older one."""

_UNINDEXED = {"type": "keyword", "index": False, "doc_values": False}


def entrance_of(index: str) -> str:
    """The alias by which an index is written to. No index can have this name: those are in lower case.

    A server makes whatever index a write names and does not find, with fields that it guesses. An index that somebody
    removed must not come back like that.
    """
    return f"{index}-WRITE"


def index_body(catalog: Catalog, index: str, collection: str, shards: int, replicas: int) -> dict[str, Any]:
    """Settings, mapping and entrance of a new index. It refreshes when it is told to.

    It has its copies from the beginning, although filling it would be faster without: a node that is lost during
    a rebuild must not cost the rebuild.
    """
    settings = {
        "number_of_shards": shards,
        "auto_expand_replicas": f"0-{replicas}",
        "refresh_interval": "-1",
        "gc_deletes": GUARD,
    }
    return {
        "settings": {"index": settings},
        "mappings": mapping(catalog.fields_in(collection), collection),
        "aliases": {entrance_of(index): {}},
    }


def mapping(fields: Mapping[str, IndexField], collection: str) -> dict[str, Any]:
    """The strict mapping that fields.toml asks for, and the fields every document has."""
    properties: dict[str, Any] = {
        RANK_KEY: {"type": "long", "coerce": False},
        GONE: {"type": "boolean"},
        MOVED_TO: _UNINDEXED,
        STORED: {"type": "object", "enabled": False},
    }
    properties.update({name: _property(field, collection) for name, field in fields.items()})
    return {"dynamic": "strict", "_source": {"includes": list(KEPT_SOURCE)}, "properties": properties}


def _property(field: IndexField, collection: str) -> dict[str, Any]:
    if field.type == "int":
        return {"type": "long", "coerce": False}
    if field.type == "keyword":
        has_column = field.sort or collection in field.facet or field.key == GROUPED
        return {"type": "keyword", "doc_values": has_column}
    options = "positions" if field.positions else "docs"
    return {"type": "text", "analyzer": ANALYZER, "norms": False, "index_options": options}


class SourceForm(Form):
    """Documents as the JSON source of a bulk request."""

    def _write(self, operation: Upsert, values: dict[str, IndexValue]) -> bytes:
        return msgspec.json.encode({**values, STORED: msgspec.Raw(operation.stored)})


def tombstone(operation: Bury | Redirect) -> bytes:
    """What is left of a document: found by id only, in no range of days, without rank."""
    if isinstance(operation, Redirect):
        check_id(operation.moved_to)
        return msgspec.json.encode({GONE: True, MOVED_TO: operation.moved_to})
    return msgspec.json.encode({GONE: True})


def action(operation: Operation, index: str, kind: str) -> bytes:
    """The line of a bulk request that says what is done; a lower `seq` than the stored one is refused."""
    where = {
        "_index": entrance_of(index),
        "_id": operation.id,
        "version": operation.seq,
        "version_type": "external_gte",
    }
    return msgspec.json.encode({kind: where})
