"""Can every data file be used: all of them read, and the faults of all told at once?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from indexers.analysis.wordlists import load_word_lists
from indexers.catalog import Catalog, read_catalog
from indexers.errors import CatalogError
from indexers.facet_words import check_facet_words
from indexers.industries import load_industries
from indexers.label_words import LabelWords
from indexers.mappings_reading import gather_faults
from indexers.offices import load_offices
from indexers.privacy.wordlists import read_organisation_words, read_privacy_words
from indexers.questions import load_questions
from indexers.regions import load_regions
from indexers.sheet_words import load_sheet_words
from indexers.spoken_times import load_spoken_times
from indexers.validation import VALUE_RULES
from indexers.workdays import load_calendar


def load_mappings(directory: Path | None = None) -> Catalog:
    """The catalog of a folder whose every data file can be used; CatalogError tells every fault of every file."""
    catalog, faults = read_catalog(directory)
    folder = catalog.directory
    loads = (
        load_word_lists,
        load_regions,
        load_industries,
        load_calendar,
        read_privacy_words,
        read_organisation_words,
        load_sheet_words,
        load_questions,
        load_spoken_times,
        load_offices,
    )
    faults += gather_faults(
        (
            *(partial(load, folder) for load in loads),
            partial(LabelWords, catalog),
            partial(_check_names, catalog),
            partial(check_facet_words, catalog),
        )
    )
    if faults:
        raise CatalogError(faults)
    return catalog


def _check_names(catalog: Catalog) -> None:
    faults = [*_unknown_rules(catalog), *_unknown_kinds(catalog), *_unknown_asked(catalog)]
    if faults:
        raise CatalogError(faults)


def _unknown_rules(catalog: Catalog) -> Iterator[str]:
    places = {f"record_fields.toml [{name}]": field for name, field in catalog.record_fields.items()}
    for kind in catalog.kinds.values():
        places |= {f"kinds/{kind.key}.toml [own.{name}]": field for name, field in kind.own.items()}
    for place, field in places.items():
        yield from (f"{place}：没有校验规则 {rule!r}" for rule in field.rules if rule not in VALUE_RULES)


def _unknown_kinds(catalog: Catalog) -> Iterator[str]:
    unknown = load_sheet_words(catalog.directory).kinds - catalog.kinds.keys()
    yield from (f"sheet_words.toml [ended_column]：没有类别 {kind!r}" for kind in sorted(unknown))


def _unknown_asked(catalog: Catalog) -> Iterator[str]:
    """What a question asks for leads to a kind or a list, by its name or by a word of the public for it."""
    known = {kind.label for kind in catalog.kinds.values()} | load_word_lists(
        catalog.directory
    ).synonyms.keys()
    for entry in catalog.lists.values():
        known |= {entry.label, *entry.aliases}
    unknown = [name for name in load_questions(catalog.directory).asked if name not in known]
    yield from (f"questions.toml [asked]：没有类别或名单 {name!r}" for name in unknown)
