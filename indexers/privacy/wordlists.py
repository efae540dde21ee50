"""Which words and labels decide what is personal: the data files, read strictly."""

from __future__ import annotations

from importlib.resources.abc import Traversable

import msgspec

from ..errors import CatalogError
from ..mappings_folder import open_mappings
from ..mappings_reading import read_struct, read_text

_PRIVACY, _ORGANISATIONS = "privacy.toml", "organisation_words.txt"


class NeverKept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A class of columns that is dropped as it is read, known by words in the column's label."""

    key: str
    label: str
    words: tuple[str, ...]
    unless: tuple[str, ...]


class PrivacyWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of mappings/privacy.toml; its comments say what each list is for."""

    placeholder: str
    address_labels: tuple[str, ...]
    contact_labels: tuple[str, ...]
    account_labels: tuple[str, ...]
    document_labels: tuple[str, ...]
    handle_labels: tuple[str, ...]
    living_words: tuple[str, ...]
    named_labels: tuple[str, ...]
    file_number_labels: tuple[str, ...]
    person_classes: frozenset[str]
    organisation_classes: frozenset[str]
    role_words: tuple[str, ...]
    trade_words: tuple[str, ...]
    representative_words: tuple[str, ...]
    party_labels: tuple[str, ...]
    surnames: str
    compound_surnames: tuple[str, ...]
    not_names: frozenset[str]
    never_kept: tuple[NeverKept, ...]


class OrganisationWords(msgspec.Struct, frozen=True):
    """The content of mappings/organisation_words.txt: words for anywhere, words for the end of a name."""

    anywhere: tuple[str, ...]
    at_end: tuple[str, ...]


def read_privacy_words(directory: Traversable | None = None) -> PrivacyWords:
    """privacy.toml of ``directory`` (default: the shipped mappings); raises CatalogError with every fault."""
    words = read_struct(open_mappings(directory), _PRIVACY, PrivacyWords)
    faults = [
        f"{_PRIVACY}：{name} 里有空的词，它在哪里都对得上"
        for name in words.__struct_fields__
        if name not in ("placeholder", "surnames") and "" in getattr(words, name)
    ]
    if not words.placeholder.strip():
        # What stood on both sides of it would be read as one.
        faults.append(f"{_PRIVACY}：placeholder 是空的")
    for column in words.never_kept:
        if not column.words or "" in (*column.words, *column.unless):
            faults.append(f"{_PRIVACY}：never_kept {column.key!r} 没有 words，或者有空的词")
    if faults:
        raise CatalogError(faults)
    return words


def read_organisation_words(directory: Traversable | None = None) -> OrganisationWords:
    """organisation_words.txt of ``directory`` (default: the shipped mappings); raises CatalogError."""
    text = read_text(open_mappings(directory), _ORGANISATIONS)
    lines = (line.strip().casefold() for line in text.splitlines())
    words = sorted({line for line in lines if line and not line.startswith("#")})
    anywhere = tuple(word for word in words if not word.endswith("$"))
    at_end = tuple(word.removesuffix("$") for word in words if word.endswith("$"))
    faults = [] if anywhere else [f"{_ORGANISATIONS}：没有词"]
    if "" in at_end:
        faults.append(f"{_ORGANISATIONS}：$ 前面没有词")
    if faults:
        raise CatalogError(faults)
    return OrganisationWords(anywhere, at_end)
