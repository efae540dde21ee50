"""Which fields of the index does the program itself name, and what must they be in fields.toml, whoever changes it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from indexers.grammar import IndexField

_SUBJECTS, _RECORDS, _LIBRARY = "subjects", "records", "library"
_ALL = (_SUBJECTS, _RECORDS, _LIBRARY)

_NAMED = (
    # What a typed text is looked for in.
    IndexField("", "keyword", _ALL, "name_norm", multiple=True, filter=True),
    IndexField("", "tokens", _ALL, "name_gram", positions=True),
    IndexField("", "keyword", _ALL, "name_common", multiple=True),
    IndexField("", "tokens", _ALL, "name_tok"),
    IndexField("", "keyword", _ALL, "name_core", multiple=True),
    IndexField("", "keyword", _ALL, "name_edge", multiple=True),
    IndexField("", "keyword", (_SUBJECTS,), "name_syll", multiple=True),
    IndexField("", "tokens", (_RECORDS, _LIBRARY), "body_tok"),
    IndexField("", "keyword", (_SUBJECTS, _RECORDS), "code", multiple=True, filter=True),
    IndexField("", "keyword", (_RECORDS, _LIBRARY), "document_number", multiple=True, filter=True),
    # What every question is narrowed by, and what parameters of their own ask for.
    IndexField("", "keyword", (_RECORDS,), "subject_id", filter=True),
    IndexField("", "int", _ALL, "visible_from", filter=True),
    IndexField("", "int", _ALL, "visible_until", filter=True),
    IndexField("", "int", (_SUBJECTS,), "adverse_until"),
    IndexField("", "int", (_SUBJECTS,), "honour_until"),
    IndexField("", "int", (_RECORDS,), "decided_on", filter=True, sort=True),
    IndexField("", "int", (_RECORDS,), "fine", filter=True),
    IndexField("", "int", (_SUBJECTS,), "founded_on", sort=True),
    IndexField("", "int", (_LIBRARY,), "dated_on", sort=True),
    IndexField("", "int", _ALL, "name_sort", sort=True),
    IndexField("", "keyword", (_SUBJECTS, _RECORDS), "region", multiple=True, filter=True),
    # What is counted for the first page and for profiles, or offered beside an answer.
    IndexField("", "keyword", (_RECORDS, _LIBRARY), "kind", filter=True, facet=(_RECORDS, _LIBRARY)),
    IndexField("", "keyword", (_RECORDS,), "list", filter=True, facet=(_RECORDS,)),
    IndexField("", "keyword", (_RECORDS,), "authority", filter=True, facet=(_RECORDS,)),
    IndexField("", "int", (_SUBJECTS,), "founded_year", filter=True, facet=(_SUBJECTS,)),
    IndexField("", "int", (_RECORDS, _LIBRARY), "year", filter=True, facet=(_RECORDS, _LIBRARY)),
)
NAMED_FIELDS: dict[str, IndexField] = {field.key: field for field in _NAMED}
"""The least that each of them must be; more collections, facets and uses do no harm."""


def named_field_errors(fields: Mapping[str, IndexField]) -> Iterator[str]:
    """One sentence for each thing that the program needs of these fields and does not find."""
    for key, wanted in NAMED_FIELDS.items():
        found = fields.get(key)
        where = f"fields.toml [{key}]"
        if found is None:
            yield f"{where}：没有这个字段，而程序要用它"
            continue
        if (found.type, found.multiple) != (wanted.type, wanted.multiple):
            yield f"{where}：程序要求 type = {wanted.type!r}，{'' if wanted.multiple else '不'}写 multiple = true"
        for name in ("positions", "filter", "sort"):
            if getattr(wanted, name) and not getattr(found, name):
                yield f"{where}：程序要求 {name} = true"
        for name, has, needs in (
            ("in", found.collections, wanted.collections),
            ("facet", found.facet, wanted.facet),
        ):
            for collection in needs:
                if collection not in has:
                    yield f"{where}：程序要求 {name} 里有 {collection!r}"
