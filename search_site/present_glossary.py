"""What do the words of these pages mean?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from urllib.parse import quote

import msgspec

from search_site.labels import Labels

GLOSSARY_URL = "/glossary"


class Term(msgspec.Struct, frozen=True):
    """A word of the glossary; `url` leads to its place on the page of all words."""

    word: str
    text: str
    url: str


def all_terms(labels: Labels) -> tuple[Term, ...]:
    """Every word, in the order of the data file."""
    return tuple(_term(word, text) for word, text in labels.catalog.glossary.items())


def term_of(text: str, labels: Labels) -> Term | None:
    """The word that a question consists of or asks about, also where people call it something else."""
    glossary, also_called = labels.catalog.glossary, labels.catalog.also_called
    for said in (text.strip(), labels.questions.bare(text)):
        word = also_called.get(said, said)
        if word in glossary:
            return _term(word, glossary[word])
    return None


def terms_in(texts: Iterable[str], explained: Collection[str], labels: Labels) -> tuple[Term, ...]:
    """The words that stand in these texts, without those that the page explains where they stand."""
    said = "\n".join(texts)
    return tuple(term for term in all_terms(labels) if term.word in said and term.word not in explained)


def _term(word: str, text: str) -> Term:
    return Term(word, text, f"{GLOSSARY_URL}#{quote(word)}")
