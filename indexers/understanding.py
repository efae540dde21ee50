"""What else does a typed text say: a region, a time, a sum, a kind of record, an authority? Offered as filters and
never applied."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date

from indexers.amounts import read_amounts
from indexers.analysis import Analyzer
from indexers.answers import Request, Understood
from indexers.catalog import Catalog
from indexers.topics import Topics
from indexers.wording import shown_date, spoken_amount

_YEAR = re.compile(r"(?<![\d〔［\[(（【])(20[0-4]\d|19[89]\d)(?!\d)(?:\s*年)?")
"""A year in brackets belongs to the number of a document."""
_DAY = re.compile(
    r"(?<!\d)(?P<year>20[0-4]\d|19[89]\d)\s*年\s*(?P<month>1[0-2]|0?[1-9])\s*月"
    r"(?:\s*(?P<day>3[01]|[12]\d|0?[1-9])\s*日)?"
)
_SPOKEN_YEAR = re.compile(r"(?<!\S)(?P<word>今年|去年|前年)(?!\S)")
_YEARS_AGO = {"今年": 0, "去年": 1, "前年": 2}
_SUM = r"(?P<sum>[\d.,，〇零一二两三四五六七八九十百千]+\s*(?:[万亿]\s*元?|元))"
"""A sum says that it is one: 5万, 五万元, 3000元; 三年以上 is none."""
_SUMS = (
    ("fine_from", re.compile(rf"{_SUM}\s*(?:及|或)?\s*以上")),
    ("fine_to", re.compile(rf"{_SUM}\s*(?:及|或)?\s*(?:以下|以内)")),
    ("fine_from", re.compile(rf"(?:不低于|不少于|至少|(?<!不)超过|大于|(?<!不)高于)\s*{_SUM}")),
    ("fine_to", re.compile(rf"(?:不超过|不高于|不多于|至多|(?<!不)低于|小于|(?<!不)少于)\s*{_SUM}")),
)
_SIDES = {"fine_from": "以上", "fine_to": "以下"}
SHORTEST_AUTHORITY = 4
"""Characters; a shorter name of an office stands in too many other words."""
MOST_OFFERS = 4
"""Offers shown beside an answer; more would be noise."""


class TextReader:
    """Recognises filters in a text by the catalog's own words."""

    def __init__(self, catalog: Catalog, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self.topics = Topics(catalog, analyzer)
        self._region_fields = [
            name for name, field in catalog.fields.items() if field.tree and field.tree.field == "region"
        ]

    def understand(
        self, request: Request, today: date, authorities: Sequence[str] = ()
    ) -> tuple[Understood, ...]:
        """Offers for a request: none for what is already chosen, none that would leave no text and no filter.

        `authorities` are those whose records may be asked for.
        """
        offices = self._authority(request, authorities)
        found = [
            *offices,
            *self._times(request, today),
            *self._sums(request),
            *self._kinds(request),
            *(place for place in self._regions(request) if not any(place.text in o.text for o in offices)),
        ]
        return tuple([offer for offer in found if offer.field not in request.filters][:MOST_OFFERS])

    def _regions(self, request: Request) -> list[Understood]:
        # Another region beside one that is chosen would widen the answer; an offer only narrows.
        if request.type == "library" or any(name in request.filters for name in self._region_fields):
            return []
        return [
            Understood("region", place.code, place.label, request.text[place.start : place.end], rest)
            for place in self._analyzer.recognise_region(request.text)
            if (rest := _without(request.text, place.start, place.end))
        ]

    def _times(self, request: Request, today: date) -> list[Understood]:
        """A day or a month of records; a year of decision, of writing, or of founding."""
        text = request.text
        day = _DAY.search(text) if request.type == "record" else None
        if day is not None:
            return [] if request.decided_from or request.decided_to else _span(text, day)
        field = "founded_year" if request.type == "subject" else "year"
        match = _YEAR.search(text)
        year = match.group(1) if match else ""
        if match is None and (match := _SPOKEN_YEAR.search(text)):
            year = str(today.year - _YEARS_AGO[match["word"]])
        if match is None or not (rest := _without(text, *match.span())):
            return []
        return [Understood(field, year, f"{year}年", match.group(), rest)]

    def _sums(self, request: Request) -> list[Understood]:
        """The least or the most of a fine."""
        if request.type == "library" or request.fine_from is not None or request.fine_to is not None:
            return []
        # One sign for one, so that places in the text stay what they were.
        text = "".join(unicodedata.normalize("NFKC", c)[:1] or c for c in request.text)
        for field, pattern in _SUMS:
            match = pattern.search(text)
            amounts = read_amounts(f"{match['sum'].rstrip('元').strip()}元") if match else None
            if match is None or not amounts:
                continue
            yuan = amounts[0].partition(".")[0]
            label = f"罚款{spoken_amount(yuan)}{_SIDES[field]}"
            start, end = match.span()
            return [
                Understood(field, yuan, label, request.text[start:end], _without(request.text, start, end))
            ]
        return []

    def _kinds(self, request: Request) -> list[Understood]:
        found = self.topics.narrowing(request)
        return [found] if found else []

    def _authority(self, request: Request, authorities: Iterable[str]) -> list[Understood]:
        if request.type != "record":
            return []
        named = [a for a in authorities if len(a) >= SHORTEST_AUTHORITY and a in request.text]
        if not named:
            return []
        name = max(named, key=len)
        start = request.text.find(name)
        return [Understood("authority", name, name, name, _without(request.text, start, start + len(name)))]


def _span(text: str, match: re.Match[str]) -> list[Understood]:
    """The days from first to last of a month, or the one day; nothing for 30 February."""
    year, month = int(match["year"]), int(match["month"])
    last = monthrange(year, month)[1]
    if match["day"] and int(match["day"]) > last:
        return []
    begin = date(year, month, int(match["day"] or 1))
    end = date(year, month, int(match["day"] or last))
    label = shown_date(begin.isoformat()) if match["day"] else f"{year}年{month}月"
    rest = _without(text, *match.span())
    return [Understood("from", begin.isoformat(), label, match.group(), rest, end.isoformat())]


def _without(text: str, start: int, end: int) -> str:
    return " ".join(f"{text[:start]} {text[end:]}".split())
