"""How must an index be set up so that the server compares our terms and adds nothing of its own?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from indexers.analysis import GAP
from indexers.catalog import Catalog
from indexers.engines.fitting import RANK_KEY
from indexers.query import MAX_FACET_VALUES, MAX_WINDOW

SEQ = "seq"
GONE = "gone"
MOVED_TO = "moved_to"
STORED = "stored"
EVERY = "every"
"""A token field that every shown document has, with one word: a question made of filters alone is asked as
that word, because a federated search compares hits of questions with words and without by other rules."""
EVERY_WORD = "x"

APART = ". "
"""A hard separator: words on its two sides are too far from each other to be kept as a pair."""
MOST_APART = 7_000
"""Words of a field that can be set apart: the server drops what is beyond place 65,535, and a hard separator
takes up to eight places."""

LOCALE = "eng"
"""One language, and one without a segmenter for Han: text is then cut at spaces and where the script changes,
never inside a run of Han, and traditional characters are not exchanged. Read in charabia 0.9, run on 1.50."""
CUTOFF = 10.0
"""Seconds after which the server gives up ranking without telling; our own deadlines end before."""

_PLAIN = re.compile(f"[\u3400-\u4db5\u4e00-\u9fcc]+|[a-z{GAP}][a-z0-9{GAP}]*|[0-9]+")
"""Terms whose every character but a digit has a script for the server, the same one. What has none (digits,
rare Han) belongs to whatever came before it, so that 5g is cut in two where it follows Han."""
_ESCAPE = f"{GAP}z"
"""Begins a term that is written in letters; no sign's code begins so (they are made of a to p)."""
_HEX = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def as_word(term: str) -> str:
    """A term of ours as one word of the server's.

    The server cuts where the script changes and folds accents and kana: a term that is neither common Han
    alone, nor digits alone, nor plain letters with digits after them is written as the letters of its bytes.
    """
    if _PLAIN.fullmatch(term):
        return term
    return _ESCAPE + term.encode().hex().translate(_HEX)


def as_words(text: str, *, in_order: bool) -> str:
    """A token field's text in the server's words; `in_order` for a field that is asked for phrases.

    The server keeps which words stand near each other without the field in which they do, so that two words of
    a body would pass for a phrase of the name: words that no phrase asks for are set apart.
    """
    words = [as_word(term) for term in text.split()]
    return (" " if in_order or len(words) > MOST_APART else APART).join(words)


def index_settings(catalog: Catalog, collection: str) -> dict[str, Any]:
    """All settings of one collection's index, none left to the server's defaults.

    Whatever the server would add of its own (typos, prefixes, stop words, synonyms) is off: terms come analysed, and
    answers must be those of every engine. One more than the limits of the contract tells that there is more.
    """
    fields = catalog.fields_in(collection)
    numbers = [name for name, field in fields.items() if field.type == "int"]
    keywords = [name for name, field in fields.items() if field.type == "keyword"]
    return {
        "searchableAttributes": [*(name for name, f in fields.items() if f.type == "tokens"), EVERY],
        "displayedAttributes": ["*"],
        "filterableAttributes": [
            _filterable(keywords, comparison=False),
            _filterable([*numbers, RANK_KEY, GONE], comparison=True),
        ],
        "sortableAttributes": [*(name for name, f in fields.items() if f.sort), RANK_KEY],
        # `typo` never tells hits apart, as typos are off, but it is the rule that carries the weight of a tier.
        "rankingRules": ["sort", "typo", f"{RANK_KEY}:desc"],
        "typoTolerance": {"enabled": False},
        "prefixSearch": "disabled",
        "proximityPrecision": "byWord",
        "stopWords": [],
        "synonyms": {},
        "localizedAttributes": [{"attributePatterns": ["*"], "locales": [LOCALE]}],
        "facetSearch": False,
        "faceting": {"maxValuesPerFacet": MAX_FACET_VALUES + 1, "sortFacetValuesBy": {"*": "count"}},
        "pagination": {"maxTotalHits": MAX_WINDOW + 1},
        "searchCutoffMs": int(CUTOFF * 1000),
    }


def _filterable(names: Iterable[str], *, comparison: bool) -> dict[str, Any]:
    return {
        "attributePatterns": list(names),
        "features": {"facetSearch": False, "filter": {"equality": True, "comparison": comparison}},
    }
