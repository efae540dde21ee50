"""Which tantivy fields does a collection have, and how is a document written for tantivy?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import msgspec
import tantivy

from indexers.catalog import Catalog
from indexers.documents import Bury, IndexValue, Redirect, Upsert
from indexers.engines.fitting import RANK_KEY, Form, check_id
from indexers.errors import IndexBroken
from indexers.grammar import IndexField

ID = "id"
SEQ = "seq"
GONE = "gone"
MOVED_TO = "moved_to"
STORED = "stored"
FILLED = "filled"
"""Names of the filter fields that have a value, for fields without a fast column (ExistsFilter asks this)."""

TOKENIZER = "space_joined"
_SPACE = re.compile(r"\s")
_NO_SPACE = "␣"
"""Stands for a blank inside a value that is written as a word."""

_DAMAGE = re.compile("DoesNotExist|[Cc]orrupt")


def is_fast(field: IndexField, collection: str) -> bool:
    """Whether the field has a column: to be counted, sorted by or compared with ranges."""
    return field.type == "int" or field.sort or collection in field.facet


def is_indexed_int(field: IndexField, collection: str) -> bool:
    """Whether equal numbers are found by term (chosen facet values); others are compared in the column."""
    return field.type == "int" and collection in field.facet


def joined_fields(fields: Mapping[str, IndexField], collection: str) -> frozenset[str]:
    """Those whose values are written as the words of one text: of a name's many, tantivy reads and indexes each in half
    the time. A column keeps values as they are."""
    return frozenset(
        name
        for name, field in fields.items()
        if field.type == "keyword" and field.multiple and not is_fast(field, collection)
    )


def to_word(value: str) -> str:
    """A value of a joined field as the word that it is found by."""
    return _SPACE.sub(_NO_SPACE, value)


def build_schema(catalog: Catalog, collection: str) -> tantivy.Schema:
    """The schema that fields.toml asks for, and the fields every document has."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(ID, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field(SEQ, fast=True)
    builder.add_integer_field(RANK_KEY, fast=True)
    builder.add_integer_field(GONE, indexed=True)
    builder.add_text_field(MOVED_TO, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(FILLED, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field(STORED, stored=True)
    fields = catalog.fields_in(collection)
    joined = joined_fields(fields, collection)
    for name, field in fields.items():
        if field.type == "int":
            builder.add_integer_field(name, indexed=is_indexed_int(field, collection), fast=True)
        elif field.type == "keyword":
            fast = is_fast(field, collection)
            tokenizer = TOKENIZER if name in joined else "raw"
            builder.add_text_field(name, tokenizer_name=tokenizer, index_option="basic", fast=fast)
        else:
            option = "position" if field.positions else "basic"
            builder.add_text_field(name, tokenizer_name=TOKENIZER, index_option=option)
    return builder.build()


def create_index(folder: Path, schema: tantivy.Schema) -> tantivy.Index:
    """A new, empty index in a new folder."""
    folder.mkdir(parents=True)
    return _ready(tantivy.Index(schema, path=str(folder), reuse=False))


def open_index(folder: Path) -> tantivy.Index:
    """An index that exists, with the schema it was made with, in its newest state; IndexBroken where files of it are
    missing or damaged."""
    try:
        index = _ready(tantivy.Index.open(str(folder)))
        index.reload()
    except ValueError as error:
        # tantivy has one kind of error for all: too many open files, say, is no damage.
        if _DAMAGE.search(str(error)):
            raise IndexBroken(
                f"索引 {folder} 的文件不全或已损坏（{error}）；请运行 credit-search rebuild"
            ) from error
        raise
    return index


def _ready(index: tantivy.Index) -> tantivy.Index:
    # Tokenizers are not stored with an index; readers change only when they are told to.
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(TOKENIZER, analyzer)
    index.config_reader("manual")
    return index


class DocumentForm(Form):
    """Documents as the JSON that tantivy reads by the names of the schema."""

    def __init__(self, fields: Mapping[str, IndexField], collection: str) -> None:
        super().__init__(fields, collection)
        self._unfast = frozenset(
            name for name, field in fields.items() if field.filter and not is_fast(field, collection)
        )
        self._joined = joined_fields(fields, collection)

    def _write(self, operation: Upsert, values: dict[str, IndexValue]) -> bytes:
        document: dict[str, object] = {
            **values,
            ID: operation.id,
            SEQ: operation.seq,
            STORED: operation.stored,
            FILLED: [*(self._unfast & values.keys())],
        }
        for name in self._joined & values.keys():
            document[name] = _as_text(values[name])
        return msgspec.json.encode(document)


def _as_text(value: IndexValue) -> str:
    words = (value,) if isinstance(value, str) else cast("tuple[str, ...]", value)
    text = " ".join(words)
    # Other spaces are no printable signs.
    if text.count(" ") < len(words) and text.isprintable():
        return text
    return " ".join(map(to_word, words))


def tombstone(operation: Bury | Redirect) -> bytes:
    """What is left of a document: found by id only, in no range of days, without rank."""
    check_id(operation.id)
    left: dict[str, object] = {ID: operation.id, SEQ: operation.seq, GONE: 1}
    if isinstance(operation, Redirect):
        check_id(operation.moved_to)
        left[MOVED_TO] = operation.moved_to
    return msgspec.json.encode(left)
