"""The one object that every reader asks before it keeps, shows or reports a value."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from importlib.resources.abc import Traversable

from ..regions import Regions
from ..wording import shortened
from .beside_party import PartyCell, PartyReader
from .persons import PersonTest
from .scrubbing import Finder, may_be_personal_number
from .wordlists import (
    OrganisationWords,
    PrivacyWords,
    read_organisation_words,
    read_privacy_words,
)

LONGEST_SHOWN_VALUE = 60
"""Characters of a value that a reported problem repeats: enough to find the cell, no more."""

_LONG_NUMBER = re.compile(r"(?!9\d{16}[\dXx]$)\d{16,}[Xx]?")
"""Longer than old codes of organisations, and no unified code of an enterprise: a slip may hide a person's number."""

__all__ = ["LONGEST_SHOWN_VALUE", "Privacy", "load_privacy"]


class Privacy:
    """Scrubs free text, masks values of problems, tells persons from organisations."""

    def __init__(
        self, words: PrivacyWords, organisations: OrganisationWords, places: Collection[str] = ()
    ) -> None:
        self.placeholder = words.placeholder
        self._never_kept = words.never_kept
        self._persons = PersonTest(words, organisations)
        self._finder = Finder(words, self._persons.looks_like_name)
        test = self._persons
        self._parties = PartyReader(
            words,
            test.looks_like_name,
            test.could_be_name,
            lambda name: test.is_person(name) is False,
            places,
        )

    def scrub(self, text: str, *, with_names: bool = True) -> str:
        """The text with everything personal replaced by the placeholder; the same object if there is nothing.

        Names of persons stay where it is `with_names=False`, as in a column of them.
        Takes out identity numbers (slips included), mobiles, landlines, bank cards and accounts, also
        part-masked, plates, marked home addresses, e-mail. Leaves codes of organisations, document
        numbers, amounts and dates.
        """
        spans = self._finder.find(text, with_names=with_names)
        if not spans:
            return text
        parts: list[str] = []
        at = 0
        for start, end in spans:
            parts += (text[at:start], self.placeholder)
            at = end
        return "".join((*parts, text[at:]))

    def contains_personal(self, text: str) -> bool:
        """Whether :meth:`scrub` would change the text."""
        return bool(self._finder.find(text))

    def is_personal_number(self, value: str) -> bool:
        """Whether a whole cell is a person's identity number, or may be one with a slip in it."""
        return may_be_personal_number(value)

    def mask(self, value: str) -> str:
        """A value as a problem may show it: personal parts and names replaced, at most 60 characters."""
        if may_be_personal_number(value) or self._persons.looks_like_name(value):
            return self.placeholder
        if _LONG_NUMBER.fullmatch(value.strip()):
            return self.placeholder
        return shortened(self.scrub(value), LONGEST_SHOWN_VALUE)

    def read_party(self, cell: str) -> PartyCell:
        """The parties of a cell, and the persons who are named beside them and are none."""
        return self._parties.read(cell)

    def is_party_unclear(self, cell: str) -> bool:
        """Whether nobody can tell if a unit, a person or both are the party of a cell (甲医院 某甲)."""
        return self._parties.is_unclear(cell)

    def remove_name(self, text: str, names: Iterable[str]) -> str:
        """The text without these persons' names, with blanks inside them or not; single characters stay."""
        forms = {form for name in names for form in (name, self._persons.bare_name(name))}
        wanted = sorted({re.sub(r"\s+", "", form) for form in forms}, key=len, reverse=True)
        patterns = [r"\s*".join(map(re.escape, name)) for name in wanted if len(name) > 1]
        # A function, because a placeholder is text and not a replacement pattern.
        return re.sub("|".join(patterns), lambda _: self.placeholder, text) if patterns else text

    def is_person(self, name: str, *, code: str = "", party_class: str = "") -> bool | None:
        """True for a natural person, False for an organisation, None: a problem that asks for the class.

        A class column wins, then a code, then the name: at most four Han characters or a middle dot, and
        no word of an organisation, is a person.
        """
        return self._persons.is_person(name, code=code, party_class=party_class)

    def are_names(self, words: Sequence[str]) -> bool:
        """Whether each of the words may be the whole name of a person, by its surname."""
        return all(map(self._persons.looks_like_name, words))

    def never_kept_class(self, column_label: str) -> str | None:
        """The key of the class of columns that are dropped as they are read, or None for a column to keep."""
        label = column_label.strip()
        for entry in self._never_kept:
            if any(word in label for word in entry.words) and not any(word in label for word in entry.unless):
                return entry.key
        return None


def load_privacy(directory: Traversable, regions: Regions) -> Privacy:
    """The rules of a mappings folder, whose divisions are no persons beside a unit; raises CatalogError."""
    words, organisations = read_privacy_words(directory), read_organisation_words(directory)
    places = frozenset(name for region in regions for name in (region.name, region.short) if name)
    return Privacy(words, organisations, places)
