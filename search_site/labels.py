"""What do people read for a code: the words for every coded value that a page or an answer shows?"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from indexers.catalog import COLLECTION_OF_TYPE, Catalog
from indexers.documents import PublicFields
from indexers.grammar import RecordField
from indexers.identifiers import organisation_classes
from indexers.questions import load_questions
from indexers.wording import FieldWords

LIST_WORDS = {"adverse": "失信名单", "honour": "守信名单", "neutral": "名单"}

PARAMETER_WORDS = {
    "q": "查询文字",
    "type": "结果类别",
    "subject": "单位",
    "from": "决定日期（从）",
    "to": "决定日期（至）",
    "fine_from": "罚款金额（最低）",
    "fine_to": "罚款金额（最高）",
    "sort": "排序",
    "page": "页码",
    "size": "每页条数",
}
"""What visitors read for a parameter that is no field."""


class ShownField(msgspec.Struct, frozen=True):
    """One field of a document: `value` as kept, `text` as people read it."""

    key: str
    label: str
    value: str
    text: str


class Labels:
    """Words for values, from the data files. An unknown value is its own label."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.regions = catalog.regions
        self.questions = load_questions(catalog.directory)
        self._classes = {key: entry.label for key, entry in organisation_classes(catalog.path).items()}
        self._words = FieldWords(self.regions.full_name, catalog.industries.label)
        self._sources: dict[str, Callable[[str], str]] = {
            "regions": self.regions.label,
            "industries": self.industry,
            "kinds": self.kind,
            "lists": self.credit_list,
            "organisation_classes": self.organisation_class,
        }

    def value(self, field: str, value: str) -> str:
        """The words for one value of an index field (a facet value, a filter)."""
        if field == "region":
            return self.regions.full_name(value)
        known = self.catalog.fields.get(field)
        if known is None or not known.labels:
            return f"{value} 年" if known is not None and known.is_year else value
        source = self._sources.get(known.labels)
        return source(value) if source else self.catalog.choices[known.labels].get(value, value)

    def field(self, field: str, result_type: str = "") -> str:
        """The words for an index field, of documents of this type if one is given."""
        known = self.catalog.fields.get(field)
        return known.label_of(COLLECTION_OF_TYPE.get(result_type, "")) if known else field

    def own_field(self, field: str, result_type: str) -> str:
        """The words for an index field where they are others for this type than elsewhere, else ""."""
        known = self.catalog.fields.get(field)
        return known.label_in.get(COLLECTION_OF_TYPE[result_type], "") if known else ""

    def parameter(self, name: str) -> str:
        """The words for a parameter of a page: those of its field where it is one, "" where nobody knows it."""
        return PARAMETER_WORDS.get(name) or (self.field(name) if name in self.catalog.fields else "")

    def shown(self, kind: str, fields: PublicFields) -> tuple[ShownField, ...]:
        """The fields of a document of this kind with their words: those that the data files let people see now, since
        the index may have been made when they said otherwise."""
        own = self.catalog.kinds.get(kind)
        known = self.catalog.fields_of(own) if own else {}
        return tuple(
            self._shown(field, key, value)
            for key, value in fields.items()
            if (field := known.get(key)) is not None and field.public
        )

    def _shown(self, field: RecordField, key: str, value: str) -> ShownField:
        wording = self._words.wording(field)
        text = ";".join(map(wording, value.split(";"))) if wording else value
        return ShownField(key, field.label, value, text)

    def kind(self, key: str) -> str:
        """The words for a record kind."""
        kind = self.catalog.kinds.get(key)
        return kind.label if kind else key

    def repair(self, kind: str, credit_list: str) -> str:
        """How an entry of a kind or list is taken out where that is not credit repair, "" where it is."""
        entry, known = self.catalog.lists.get(credit_list), self.catalog.kinds.get(kind)
        return (entry.repair if entry else "") or (known.repair if known else "")

    def credit_list(self, key: str) -> str:
        """The legal name of a list."""
        entry = self.catalog.lists.get(key)
        return entry.label if entry else key

    def badge(self, kind: str, credit_list: str) -> str:
        """What a record is, in a word: the name of its list if it stands on one, else its kind."""
        return self.credit_list(credit_list) if credit_list else self.kind(kind)

    def list_word(self, key: str, polarity: str) -> str:
        """What the tag of a list says: its own word, else that of its polarity."""
        entry = self.catalog.lists.get(key)
        return (entry.word if entry else "") or LIST_WORDS[polarity]

    def industry(self, code: str) -> str:
        """The words for an industry code of any depth."""
        return self.catalog.industries.label(code)

    def organisation_class(self, key: str) -> str:
        """The words for a class of organisations."""
        return self._classes.get(key, key)

    def status(self, key: str, kind: str = "") -> str:
        """The words for a status; a kind may have its own."""
        own = self.catalog.kinds.get(kind)
        field = own.own.get("status") if own else None
        if field and key in field.choices:
            return field.choices[key]
        return self.catalog.choices["status"].get(key, key)
