"""Which words and labels decide what is personal: the data files, read strictly."""

from __future__ import annotations

import tomllib
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from ..errors import CatalogError
from ..mappings_folder import open_mappings


class PrivacyError(CatalogError):
    """A privacy data file that cannot be used; the text names the file and the fault."""


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


def read_privacy_words(directory: Path | Traversable | None = None) -> PrivacyWords:
    """privacy.toml of ``directory`` (default: the shipped mappings); raises PrivacyError."""
    try:
        raw = tomllib.loads(_read(directory, "privacy.toml"))
        words = msgspec.convert(raw, PrivacyWords)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise PrivacyError([f"privacy.toml: {error}"]) from error
    empty = [
        name
        for name in words.__struct_fields__
        if name.endswith(("_labels", "living_words")) and "" in getattr(words, name)
    ]
    if not words.placeholder.strip() or empty:
        # An empty label would match everywhere, an empty placeholder would join what stood apart.
        raise PrivacyError([f"privacy.toml: empty text in {', '.join(empty) or 'placeholder'}"])
    return words


def read_organisation_words(directory: Path | Traversable | None = None) -> OrganisationWords:
    """organisation_words.txt of ``directory`` (default: the shipped mappings); raises PrivacyError."""
    lines = (line.strip().casefold() for line in _read(directory, "organisation_words.txt").splitlines())
    words = sorted({line for line in lines if line and not line.startswith("#")})
    anywhere = tuple(word for word in words if not word.endswith("$"))
    at_end = tuple(word.removesuffix("$") for word in words if word.endswith("$"))
    if not anywhere or "" in at_end:
        raise PrivacyError(["organisation_words.txt: no words, or a $ without a word"])
    return OrganisationWords(anywhere, at_end)


def _read(directory: Path | Traversable | None, name: str) -> str:
    try:
        return open_mappings(directory).joinpath(name).read_text("utf-8")
    except OSError as error:
        raise PrivacyError([f"{name}: {error.strerror}"]) from error
