"""What is configured: which fields, kinds, lists, templates, rules and words do the data files hold?"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from indexers.catalog_checks import cross_errors
from indexers.errors import CatalogError
from indexers.grammar import IndexField, ListKind, Ranking, RecordField, RecordKind, Template
from indexers.identifiers import organisation_classes
from indexers.industries import Industries, load_industries
from indexers.mappings_folder import open_mappings
from indexers.mappings_reading import convert, find_faults, read_struct, read_toml
from indexers.privacy import Privacy, load_privacy
from indexers.publicity import PublicityRules, parse_publicity
from indexers.regions import Regions, load_regions

INDEX_FORMAT = 4
"""Raised when documents are built in another way from the same data; part of the fingerprint."""

COLLECTION_OF_TYPE = {"subject": "subjects", "record": "records", "library": "library"}
"""The `type` of the outside interface → the collection that answers it."""

_T = TypeVar("_T", bound=msgspec.Struct)


class Catalog(msgspec.Struct, frozen=True, dict=True):
    """Everything in mappings/ that is not words, checked as a whole and never changed, and the rules of privacy."""

    fields: dict[str, IndexField]
    record_fields: dict[str, RecordField]
    kinds: dict[str, RecordKind]
    lists: dict[str, ListKind]
    templates: dict[str, Template]
    choices: dict[str, dict[str, str]]
    glossary: dict[str, str]
    publicity: PublicityRules
    ranking: Ranking
    directory: Traversable
    also_called: dict[str, str] = {}
    """What people say for a word of the glossary."""

    @property
    def path(self) -> Path | None:
        """Where another process can read the same catalog; None inside an archive."""
        return self.directory if isinstance(self.directory, Path) else None

    @functools.cached_property
    def regions(self) -> Regions:
        """The administrative divisions, read when they are first asked for."""
        return load_regions(self.directory)

    @functools.cached_property
    def industries(self) -> Industries:
        """The classification of industries, read when it is first asked for."""
        return load_industries(self.directory)

    @functools.cached_property
    def privacy(self) -> Privacy:
        """The rules of what is never kept, read when they are first asked for."""
        return load_privacy(self.directory, self.regions)

    def fingerprint(self, analyzer: str) -> str:
        """What a published index must have been made with: analyzer, data files as far as it holds them, format."""
        made_with = f"{INDEX_FORMAT}|{analyzer}|{self._digest}"
        return hashlib.sha256(made_with.encode()).hexdigest()[:16]

    @functools.cached_property
    def _digest(self) -> str:
        """What of the data files decides which documents are in an index and what stands in them."""
        made_with = [
            self._index_fields(),
            self._kinds_in_documents(),
            self._lists_in_documents(),
            self.ranking,
            [(entry.key, entry.codes) for entry in organisation_classes(self.path).values()],
            self.industries.rows,
        ]
        return hashlib.sha256(msgspec.json.encode(made_with, order="deterministic")).hexdigest()

    def _index_fields(self) -> list[IndexField]:
        """The fields of an index in order; the words for their values are looked up when a page is made."""
        return [
            msgspec.structs.replace(field, label="", label_in={}, labels="") for field in self.fields.values()
        ]

    def _kinds_in_documents(self) -> dict[str, object]:
        """What the documents of each kind are made from. What is let nobody see is in none, so a kind that is not
        public from its first day on changes nothing."""
        return {
            kind.key: (
                *(kind.label, kind.collection, kind.matter, kind.status, kind.source_class, kind.sector),
                [
                    (name, field.body, field.number)
                    for name, field in self.fields_of(kind).items()
                    if field.public
                ],
            )
            for kind in self.kinds.values()
            if kind.public
        }

    def _lists_in_documents(self) -> dict[str, object]:
        return {
            entry.key: (entry.label, entry.source_class, entry.sector) if entry.public else None
            for entry in self.lists.values()
        }

    def fields_in(self, collection: str) -> dict[str, IndexField]:
        """The index fields of a collection, in the order of fields.toml."""
        return {key: field for key, field in self.fields.items() if collection in field.collections}

    def facets(self, collection: str) -> tuple[IndexField, ...]:
        """The facets of a collection, in the order of fields.toml."""
        return self._facets[collection]

    @functools.cached_property
    def _facets(self) -> dict[str, tuple[IndexField, ...]]:
        return {
            collection: tuple(field for field in self.fields.values() if collection in field.facet)
            for collection in COLLECTION_OF_TYPE.values()
        }

    def fields_of(self, kind: RecordKind) -> dict[str, RecordField]:
        """All fields of a kind in the order they are shown, under the kind's own labels where it has some."""
        return self._kind_fields[kind.key]

    @functools.cached_property
    def _kind_fields(self) -> dict[str, dict[str, RecordField]]:
        return {key: dict(self._resolve_fields(kind)) for key, kind in self.kinds.items()}

    def _resolve_fields(self, kind: RecordKind) -> Iterator[tuple[str, RecordField]]:
        for name in kind.fields:
            field = kind.own.get(name) or self.record_fields[name]
            label = kind.labels.get(name, field.label)
            yield name, msgspec.structs.replace(field, key=name, label=label)

    def numbers_of(self, kind: str) -> dict[str, str]:
        """The fields by whose number a document of a kind is found, with their labels; never one that is not shown."""
        return self._numbers[kind]

    @functools.cached_property
    def _numbers(self) -> dict[str, dict[str, str]]:
        return {
            key: {name: field.label for name, field in fields.items() if field.number and field.public}
            for key, fields in self._kind_fields.items()
        }

    def templates_of(self, kind: str) -> tuple[Template, ...]:
        """The templates of a kind, official ones of the newest version first."""
        mine = [t for t in self.templates.values() if t.kind == kind]
        return tuple(sorted(mine, key=lambda t: (t.official, t.version), reverse=True))

    def lacking(self, kind: RecordKind, given: AbstractSet[str]) -> list[tuple[str, ...]]:
        """What a kind asks of any sheet and these fields do not give; of each group one field is enough."""
        if "person_name" in given:
            given = given | {"party"}
        if sum(entry.kind == kind.key for entry in self.lists.values()) == 1:
            given = given | {"list"}
        groups = [(item,) if isinstance(item, str) else item for item in kind.minimum]
        return [names for names in groups if given.isdisjoint(names)]

    def public_kinds(self, collection: str) -> tuple[RecordKind, ...]:
        """The kinds that people may see in a collection, in the order of tabs."""
        groups = list(self.choices["group"])
        kinds = [k for k in self.kinds.values() if k.public and k.collection == collection]
        return tuple(sorted(kinds, key=lambda k: (groups.index(k.group), k.order, k.key)))


def load_catalog(directory: Path | None = None) -> Catalog:
    """Read mappings/ (or another directory of the same make). CatalogError tells all that is wrong at once."""
    catalog, errors = read_catalog(directory)
    if errors:
        raise CatalogError(errors)
    return catalog


def read_catalog(directory: Path | None = None) -> tuple[Catalog, list[str]]:
    """What could be read of a directory, and all that is wrong with it; CatalogError if there is none."""
    if directory is not None and not directory.is_dir():
        raise CatalogError([f"数据定义目录 {directory} 不存在"])
    root = open_mappings(directory)
    reader = _Reader(root)
    fields = reader.tables("fields.toml", IndexField)
    record_fields = reader.tables("record_fields.toml", RecordField)
    kinds = reader.folder("kinds", RecordKind)
    lists = reader.folder("lists", ListKind)
    templates = reader.folder("templates", Template)
    choices = reader.words("choices.toml")
    words = reader.words("glossary.toml")
    ranking = reader.whole("ranking.toml", Ranking) or Ranking((), {})
    publicity, errors = parse_publicity(reader.toml("publicity.toml"), "publicity.toml")
    reader.errors.extend(errors)
    catalog = Catalog(
        *(fields, record_fields, kinds, lists, templates, choices, words.get("glossary", {})),
        *(publicity, ranking, root, words.get("also_called", {})),
    )
    reader.errors.extend(cross_errors(catalog))
    return catalog, reader.errors


class _Reader:
    """Reads data files into structs and gathers every fault."""

    def __init__(self, root: Traversable) -> None:
        self.root = root
        self.errors: list[str] = []

    def toml(self, name: str) -> dict[str, Any]:
        try:
            return read_toml(self.root, name)
        except CatalogError as error:
            self.errors.extend(error.errors)
            return {}

    def whole(self, name: str, struct: type[_T]) -> _T | None:
        try:
            return read_struct(self.root, name, struct)
        except CatalogError as error:
            self.errors.extend(error.errors)
            return None

    def tables(self, name: str, struct: type[_T]) -> dict[str, _T]:
        found: dict[str, _T] = {}
        for key, table in self.toml(name).items():
            if not isinstance(table, dict):
                self.errors.append(f"{name}：{key!r} 不在任何 [字段] 下面")
                continue
            item = self._convert(f"{name} [{key}]", {**table, "key": key}, struct)
            if item is not None:
                found[key] = item
        return found

    def folder(self, name: str, struct: type[_T]) -> dict[str, _T]:
        found: dict[str, _T] = {}
        folder = self.root / name
        files = (
            sorted(f.name for f in folder.iterdir() if f.name.endswith(".toml")) if folder.is_dir() else []
        )
        for file in files:
            table = self.toml(f"{name}/{file}")
            key = file.removesuffix(".toml")
            if table.setdefault("key", key) != key:
                self.errors.append(f"{name}/{file}：key = {table['key']!r} 与文件名不一致")
            item = self._convert(f"{name}/{file}", table, struct)
            if item is not None:
                found[key] = item
        return found

    def words(self, name: str) -> dict[str, dict[str, str]]:
        tables = self.toml(name)
        faults = [f"{name}: {fault}" for fault in find_faults(tables, dict[str, dict[str, str]])]
        self.errors.extend(faults)
        return {} if faults else tables

    def _convert(self, where: str, table: Mapping[str, Any], struct: type[_T]) -> _T | None:
        item, faults = convert(where, table, struct)
        self.errors.extend(faults)
        return item
