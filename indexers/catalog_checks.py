"""Do the data files fit together: is everything that one of them names defined in another?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from indexers.amounts import UNITS
from indexers.documents import COLLECTIONS
from indexers.errors import CatalogError
from indexers.folding import fold_label
from indexers.grammar import (
    MOST_WEIGHT,
    UNANSWERED,
    Column,
    IndexField,
    ListKind,
    RecordField,
    RecordKind,
    Template,
)
from indexers.identifiers import organisation_classes
from indexers.mappings_reading import pattern_faults
from indexers.named_fields import named_field_errors

if TYPE_CHECKING:
    from indexers.catalog import Catalog

_LABEL_SOURCES = ("regions", "industries", "kinds", "lists", "organisation_classes")


def cross_errors(catalog: Catalog) -> Iterator[str]:
    """One sentence for each reference that leads nowhere, each with its file."""
    for field in catalog.fields.values():
        yield from _field_errors(catalog, field)
    if catalog.fields:  # else the file could not be read at all, which is told
        yield from named_field_errors(catalog.fields)
    for name, shared in catalog.record_fields.items():
        yield from _record_field_errors(shared, f"record_fields.toml [{name}]")
    for kind in catalog.kinds.values():
        yield from _kind_errors(catalog, kind)
    yield from _same_words("kinds", "label", {k.key: (k.label,) for k in catalog.kinds.values()})
    for entry in catalog.lists.values():
        yield from _list_errors(catalog, entry)
    yield from pattern_faults((f"lists/{e.key}.toml [grade]", e.grade) for e in catalog.lists.values())
    yield from _same_words(
        "lists", "label 或 aliases", {e.key: (e.key, e.label, *e.aliases) for e in catalog.lists.values()}
    )
    for template in catalog.templates.values():
        yield from template_errors(catalog, template, f"templates/{template.key}.toml")
    yield from _same_headers(catalog)
    yield from _ranking_errors(catalog)
    for said, word in catalog.also_called.items():
        if word not in catalog.glossary:
            yield f"glossary.toml [also_called]：{said!r} 所指的 {word!r} 没有解释"
    for word, explanation in catalog.glossary.items():
        if not explanation.strip():
            yield f"glossary.toml：{word!r} 没有解释"


def _ranking_errors(catalog: Catalog) -> Iterator[str]:
    subjects = [kind for kind in catalog.kinds.values() if kind.collection == "subjects"]
    states = {state for kind in subjects if "status" in kind.own for state in kind.own["status"].choices}
    for state in catalog.ranking.not_live:
        if state not in states:
            yield f"ranking.toml：not_live 里的 {state!r} 不是主体的登记状态"
    try:
        classes = organisation_classes(catalog.path)
    except CatalogError as error:
        yield from error.errors
        return
    for key, weight in catalog.ranking.weight.items():
        if key not in classes:
            yield f"ranking.toml：weight 里的 {key!r} 不是 organisation_classes.toml 里的类别"
        if not 0 <= weight <= MOST_WEIGHT:
            yield f"ranking.toml：weight 里的 {key} = {weight} 应为 0 到 {MOST_WEIGHT}"


def _same_words(folder: str, key: str, words_of: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    owner: dict[str, str] = {}
    for name, words in words_of.items():
        for word in dict.fromkeys(words):
            if owner.setdefault(word, name) != name:
                yield f"{folder}/{name}.toml：{key} {word!r} 与 {folder}/{owner[word]}.toml 相同"


def _same_headers(catalog: Catalog) -> Iterator[str]:
    owner: dict[frozenset[tuple[str, ...]], str] = {}
    for template in catalog.templates.values():
        required = frozenset(c.names for c in template.columns if c.required)
        if template.official and owner.setdefault(required, template.key) != template.key:
            yield (
                f"templates/{template.key}.toml：required 的列与 templates/{owner[required]}.toml 完全相同，"
                "无法按表头区分"
            )


def _field_errors(catalog: Catalog, field: IndexField) -> Iterator[str]:
    where = f"fields.toml [{field.key}]"
    for name in {*field.collections, *field.facet} - set(COLLECTIONS):
        yield f"{where}：没有集合 {name!r}"
    for name in set(field.facet) - set(field.collections):
        yield f"{where}：分面集合 {name!r} 不在 in 里"
    for name in set(field.label_in) - set(field.collections):
        yield f"{where}：label_in 的集合 {name!r} 不在 in 里"
    if field.labels and field.labels not in _LABEL_SOURCES and field.labels not in catalog.choices:
        yield f"{where}：labels 指向不存在的 {field.labels!r}"
    yield from _tree_errors(catalog, field, where)
    if field.facet and (not field.source or not field.filter or field.type == "tokens"):
        yield f"{where}：分面字段要有 from 和 filter = true，且类型为 keyword 或 int"


def _tree_errors(catalog: Catalog, field: IndexField, where: str) -> Iterator[str]:
    """A chosen value of a level is asked for in the field that holds all prefixes."""
    if field.tree is None:
        return
    root = catalog.fields.get(field.tree.field)
    if root is None:
        yield f"{where}：tree 指向不存在的字段 {field.tree.field!r}"
    elif not root.filter or not set(field.facet) <= set(root.collections):
        yield f"{where}：tree 指向的 {root.key!r} 要写 filter = true，且 in 里有同样的集合"


def _record_field_errors(field: RecordField, where: str) -> Iterator[str]:
    if not field.label.strip():
        yield f"{where}：label 是空的"
    if field.public and not field.keep:
        yield f"{where}：keep = false 的字段不能 public = true"
    if field.body and not field.public:
        yield f"{where}：可检索（body）的字段必须 public = true"
    if (field.type == "choice") != bool(field.choices):
        yield f'{where}：type = "choice" 与 choices 要同时有'
    for word, choice in field.aliases.items():
        if choice not in field.choices:
            yield f"{where}：aliases 里 {word!r} 指向不存在的 {choice!r}"
    if field.type == "amount" and field.unit != "元":
        yield f'{where}：金额一律以元保存，请写 unit = "元"'


def _kind_errors(catalog: Catalog, kind: RecordKind) -> Iterator[str]:
    where = f"kinds/{kind.key}.toml"
    for name in kind.fields:
        if name not in kind.own and name not in catalog.record_fields:
            yield f"{where}：字段 {name!r} 没有定义"
    for name, count in Counter(kind.fields).items():
        if count > 1:
            yield f"{where}：字段 {name!r} 重复"
    named: dict[str, Iterable[str]] = {
        "own": kind.own,
        "labels": kind.labels,
        "identity": kind.identity,
        "identity_without_number": kind.identity_without_number,
        "matter": kind.matter,
        "grade_from": kind.grade_from,
        "ends_on": kind.ends_on,
        "on_card": kind.on_card,
        "minimum": [n for item in kind.minimum for n in ((item,) if isinstance(item, str) else item)],
    }
    for key, names in named.items():
        for name in names:
            if name not in kind.fields:
                yield f"{where}：{key} 里的 {name!r} 不在 fields 里"
    for name, own in kind.own.items():
        yield from _record_field_errors(own, f"{where} [own.{name}]")
    yield from _kind_words_errors(catalog, kind, where)
    if kind.group not in catalog.choices.get("group", {}):
        yield f"{where}：group {kind.group!r} 不在 choices.toml 的 [group] 里"
    if kind.source_class not in catalog.choices.get("source_class", {}):
        yield f"{where}：source_class {kind.source_class!r} 不在 choices.toml 里"
    if kind.sector and kind.sector not in catalog.choices.get("sector", {}):
        yield f"{where}：sector {kind.sector!r} 不在 choices.toml 里"
    if kind.collection in ("records", "library") and not kind.identity:
        yield f"{where}：缺少 identity（记录如何对应）"
    if kind.collection in ("records", "library") and kind.publicity not in catalog.publicity.keys:
        yield f"{where}：publicity.toml 没有规则 {kind.publicity!r}"


def _kind_words_errors(catalog: Catalog, kind: RecordKind, where: str) -> Iterator[str]:
    """What people would read wrongly or not at all."""
    fields = {name: kind.own.get(name) or catalog.record_fields.get(name) for name in kind.fields}
    statuses = catalog.choices.get("status", {})
    if not kind.label.strip():
        yield f"{where}：label 是空的"
    for name in kind.matter:
        field = fields.get(name)
        if field is not None and (field.type not in ("text", "name") or field.public < kind.public):
            yield f"{where}：matter 里的 {name!r} 不是公开的文字，不能作标题"
    for name in kind.on_card:
        field = fields.get(name)
        if field is not None and not field.public:
            yield f"{where}：on_card 里的 {name!r} 不公开，没有人会看到"
    if kind.status and kind.status not in statuses:
        yield f"{where}：status {kind.status!r} 不在 choices.toml 的 [status] 里"
    status = fields.get("status")
    if status is not None:
        for choice in (c for c in status.choices if c not in statuses):
            yield f"{where}：字段 status 的 {choice!r} 不在 choices.toml 的 [status] 里"
    for key in ("explain", "when_empty"):
        if kind.public and not getattr(kind, key).strip():
            yield f"{where}：公开的类别要写 {key}"


def _list_errors(catalog: Catalog, entry: ListKind) -> Iterator[str]:
    where = f"lists/{entry.key}.toml"
    kind = catalog.kinds.get(entry.kind)
    if kind is None:
        yield f"{where}：kind {entry.kind!r} 没有定义"
    elif "list" not in kind.fields:
        yield f"{where}：kind {entry.kind!r} 没有字段 'list'，不能作名单的列"
    elif entry.public and not kind.public:
        yield f"{where}：kind {entry.kind!r} 不公开，名单也要写 public = false"
    elif kind.polarity != entry.polarity:
        yield f"{where}：polarity {entry.polarity!r} 与 kind {entry.kind!r} 的 {kind.polarity!r} 不一致"
    for key in ("label", "authority", "basis", "standard", "content", "publication", "withdrawal"):
        if not getattr(entry, key).strip():
            yield f"{where}：{key} 是空的"
    if not entry.measures:
        yield f"{where}：measures 是空的"
    if entry.sector not in catalog.choices.get("sector", {}):
        yield f"{where}：sector {entry.sector!r} 不在 choices.toml 里"
    if entry.source_class not in catalog.choices.get("source_class", {}):
        yield f"{where}：source_class {entry.source_class!r} 不在 choices.toml 里"
    if entry.publicity and entry.publicity not in catalog.publicity.keys:
        yield f"{where}：publicity.toml 没有规则 {entry.publicity!r}"


def template_errors(catalog: Catalog, template: Template, where: str) -> Iterator[str]:
    """What is wrong with a template or a deployer's mapping."""
    kind = catalog.kinds.get(template.kind)
    if kind is None:
        yield f"{where}：kind {template.kind!r} 没有定义；已有：{'、'.join(sorted(catalog.kinds))}"
        return
    fields = {name: kind.own.get(name) or catalog.record_fields.get(name) for name in kind.fields}
    for column in template.columns:
        label = column.names[0] if column.names else "（没有名字的列）"
        yield from _column_errors(column, fields, f"{where}：列 {label!r}", template.kind)
    yield from _repeated_columns(template, fields, where)
    yield from _constant_errors(catalog, template, fields, where)
    yield from _minimum_errors(catalog, kind, template, where)


def _repeated_columns(
    template: Template, fields: Mapping[str, RecordField | None], where: str
) -> Iterator[str]:
    for name, count in Counter(fold_label(n) for c in template.columns for n in c.names).items():
        if count > 1:
            yield f"{where}：列名 {name!r} 重复"
    for name, count in Counter(c.to for c in template.columns if c.to).items():
        field = fields.get(name)
        if count > 1 and field is not None and not (field.multiple or field.earliest):
            yield f"{where}：{count} 列都写 to = {name!r}，而它只能有一个值"


def _constant_errors(
    catalog: Catalog, template: Template, fields: Mapping[str, RecordField | None], where: str
) -> Iterator[str]:
    for name, value in template.constants.items():
        field = fields.get(name)
        if name not in fields:
            yield f"{where}：constants 里的 {name!r} 不是 {template.kind} 的字段"
        elif name == "list" and value not in (UNANSWERED, *_list_words(catalog, template)):
            yield f"{where}：constants 里的 list = {value!r} 没有定义"
        elif field is not None and value != UNANSWERED and not _is_choice(field, value):
            yield f"{where}：constants 里的 {name} = {value!r} 不是可选的值"


def _minimum_errors(catalog: Catalog, kind: RecordKind, template: Template, where: str) -> Iterator[str]:
    given = {*(c.to for c in template.columns), *(c.day_to for c in template.columns), *template.constants}
    for wanted in catalog.lacking(kind, given):
        yield f"{where}：{template.kind} 至少要有 {' 或 '.join(wanted)}，没有一列或常量给出"


def _list_words(catalog: Catalog, template: Template) -> Iterator[str]:
    """What a mapping may call a list; an official template calls it by its key."""
    for entry in catalog.lists.values():
        yield entry.key
        if not template.official:
            yield from (entry.label, *entry.aliases)


def _column_errors(
    column: Column, fields: Mapping[str, RecordField | None], where: str, kind: str
) -> Iterator[str]:
    if not column.names:
        yield f"{where} 没有 names"
    if column.drop == bool(column.to):
        yield f"{where} 要么写 to，要么写 drop = true"
    if not column.to:
        return
    if column.to not in fields:
        yield f"{where} 的 to = {column.to!r} 不是 {kind} 的字段"
    field = fields.get(column.to)
    if field is None:
        return
    day = fields.get(column.day_to)
    if column.day_to and (day is None or day.type != "date"):
        yield f"{where} 的 day_to = {column.day_to!r} 不是 {kind} 的日期字段"
    if column.amount and (field.type != "amount" or column.amount not in UNITS):
        yield f"{where} 的 amount = {column.amount!r} 不是金额字段的单位"
    for delivered, value in column.values.items():
        if not _is_choice(field, value):
            yield f"{where} 的 values 把 {delivered!r} 改成 {value!r}，不是可选的值"


def _is_choice(field: RecordField, value: str) -> bool:
    """Whether a value can stand in a field: any in one without choices, else a key, a label or an alias."""
    words = (*field.choices, *field.choices.values(), *field.aliases)
    return not field.choices or value in words
