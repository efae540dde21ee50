"""How are the fields of a document and its sources written as lines of a table?"""

from __future__ import annotations

from indexers.documents import PublicRecord, Source
from indexers.grammar import RecordField
from indexers.wording import shown_amount, shown_date
from search_site.labels import Labels, ShownField
from search_site.present_text import Row, parted

NOT_NAMED = "没有注明单位"
NO_MONEY = shown_amount("0")
SHOWN_ELSEWHERE = {"record_id", "abstract", "text", "related"}


def field_rows(kind_key: str, fields: tuple[ShownField, ...], labels: Labels) -> tuple[Row, ...]:
    """The fields of a document in the order of its kind, written for people, with their explanations."""
    kind = labels.catalog.kinds.get(kind_key)
    known = labels.catalog.fields_of(kind) if kind else {}
    order = {name: place for place, name in enumerate(known)}
    shown = [field for field in fields if field.key not in SHOWN_ELSEWHERE]
    shown.sort(key=lambda field: order.get(field.key, len(order)))
    return tuple(_field_row(field, known.get(field.key)) for field in shown)


def _field_row(field: ShownField, known: RecordField | None) -> Row:
    text, iso, url = field.text, "", ""
    if known and known.multiple:
        text = parted(text)
    if known and known.type == "date":
        iso = field.value
    elif known and known.type == "url" and field.value.startswith(("https://", "http://")):
        url = field.value
    return Row(field.key, field.label, text, iso, url, known.explain if known else "")


def card_rows(record: PublicRecord, labels: Labels) -> tuple[Row, ...]:
    """What the card of a record says beside its title, as its kind has it; a sum of nothing says nothing."""
    kind = labels.catalog.kinds.get(record.kind)
    if kind is None:
        return ()
    told = {field.key: field for field in labels.shown(record.kind, record.fields)}
    rows = field_rows(record.kind, tuple(told[name] for name in kind.on_card if name in told), labels)
    return tuple(row for row in rows if row.text not in (record.title, record.snippet, NO_MONEY))


def source_rows(sources: tuple[Source, ...]) -> tuple[Row, ...]:
    """Who delivered and when."""
    return tuple(
        Row(each.batch, each.authority or NOT_NAMED, shown_date(each.delivered_on), each.delivered_on)
        for each in sources
    )
