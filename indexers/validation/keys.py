"""How is a key of mappings/ read from its name: the list of an entry, the kind that an event is about?"""

from __future__ import annotations

from collections.abc import Mapping

from indexers.catalog import Catalog
from indexers.folding import fold_list_name
from indexers.grammar import RecordKind
from indexers.list_names import ListNames
from indexers.nearest import tell_nearest
from indexers.records import Value
from indexers.validation.rules import Refused
from indexers.validation.wrapping import Converter
from indexers.values import is_blank


def keyed(labels: Mapping[str, str], unknown: str, command: str) -> Converter:
    """Reads the key or label of something as its key; `unknown` is what is said of any other word, `command` lists all
    that are known."""
    words = {fold_list_name(name): key for key, label in labels.items() for name in (label, key)}
    names = {label: label for label in labels.values()}

    def convert(text: str) -> Value | None:
        if is_blank(text):
            return None
        key = words.get(fold_list_name(text))
        if key is None:
            raise Refused(f"{unknown}；{tell_nearest(text, names, command)}", "choice")
        return key

    return convert


def list_of(catalog: Catalog, record_kind: RecordKind) -> Converter:
    """Reads the list that an entry is on; a kind that has lists of its own takes entries of these only."""
    names = ListNames(catalog)
    kind, lists = record_kind.key, catalog.lists.values()
    has_own = any(entry.kind == kind for entry in lists)
    alike = {e.label: e.label for e in lists if not has_own or e.polarity == record_kind.polarity}

    def convert(text: str) -> Value | None:
        if is_blank(text):
            return None
        key = names.find(text)
        if not key:
            raise Refused(f"没有这个名单；{tell_nearest(text, alike, 'credit-search lists')}", "choice")
        other = catalog.lists[key]
        if has_own and other.kind != kind:
            columns = catalog.kinds[other.kind].label
            raise Refused(f"“{other.label}”不能放在{record_kind.label}的表里；请用“{columns}”的表", "list")
        return key

    return convert
