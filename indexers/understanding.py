"""What else does a typed text say: a region, a time, a sum, a kind of record, an authority? Offered as filters and
never applied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from indexers.amounts import read_amounts
from indexers.analysis import Analyzer
from indexers.answers import Request, Understood
from indexers.asked_days import find_time, one_for_one
from indexers.catalog import Catalog
from indexers.facet_words import FacetWords, load_facet_words
from indexers.leftovers import text_without
from indexers.numerals import NUMERAL
from indexers.offices import Offices, load_offices
from indexers.questions import load_questions
from indexers.spoken_times import load_spoken_times
from indexers.topics import Topics
from indexers.wording import spoken_amount

_DIGIT = f"[0-9.,{NUMERAL}]"
_SUM = rf"(?P<sum>{_DIGIT}*[0-9{NUMERAL}]\s*(?:[万亿]\s*)?元?)"
_SAYS_UNIT = re.compile("[万萬亿億元]")
"""A sum says that it is one: 5万, 五万元, 3000元; 三年以上 is none."""
_SUMS = (
    ("fine_from", re.compile(rf"{_SUM}\s*(?:及|或)?\s*以上")),
    ("fine_to", re.compile(rf"{_SUM}\s*(?:及|或)?\s*(?:以下|以内)")),
    ("fine_from", re.compile(rf"(?:不低于|不少于|至少|(?<!不)超过|大于|(?<!不)高于)\s*{_SUM}")),
    ("fine_to", re.compile(rf"(?:不超过|不高于|不多于|至多|(?<!不)低于|小于|(?<!不)少于)\s*{_SUM}")),
)
_RANGE = "[-~〜—–至到]"
_ONE_SUM = re.compile(
    rf"(?:(?<!{_DIGIT})(?<!{_RANGE})(?={_DIGIT}*\s*(?:[万亿]\s*)?元)|(?<=罚)|(?<=罚款)|(?<=罚金))\s*{_SUM}整?"
    rf"(?:\s*\({_DIGIT}+元\))?(?!\s*{_RANGE}|{_DIGIT}|元)"
)
"""One sum in 元, or behind 罚款: also 5.87万元（58,700元）, as the pages of this site print it; no 5万元至10万元."""
_FINED = re.compile(r"(?:被|处)?罚(?:了|过)?\s*$")
"""Says of a sum that it is a fine, and is no word of a record by itself, as 罚款 is."""
_SIDES = {"fine_from": "以上", "fine_to": "以下"}
LONGEST_SUM = 15
"""Digits: every engine orders whole numbers of these exactly, and none is asked for more."""
SHORTEST_AUTHORITY = 4
"""Characters; a shorter name of an office stands in too many other words."""


class TextReader:
    """Recognises filters in a text by the catalog's own words."""

    def __init__(self, catalog: Catalog, analyzer: Analyzer, topics: Topics) -> None:
        self._analyzer = analyzer
        self._topics = topics
        self._offices = Offices(load_offices(catalog.directory), analyzer)
        self._facet_words = FacetWords(load_facet_words(catalog.directory), catalog)
        self._spoken_times = load_spoken_times(catalog.directory)
        self._no_names = (
            *load_questions(catalog.directory).said,
            *self._offices.names,
            *(kind.label for kind in catalog.kinds.values() if kind.public and kind.label),
            *(entry.label for entry in catalog.lists.values() if entry.public),
        )
        self._region_fields = [
            name for name, field in catalog.fields.items() if field.tree and field.tree.field == "region"
        ]

    def understand(
        self, request: Request, today: date, authorities: Sequence[str] = ()
    ) -> tuple[Understood, ...]:
        """Offers for a request: none twice, none for what is already chosen, none that would leave no text and no
        filter.

        `authorities` are those whose records may be asked for.
        """
        offices = self._authority(request, authorities) or self._offices_of(request, authorities)
        found = [
            *offices,
            *self._times(request, today, authorities),
            *self._sums(request),
            *self._kinds(request),
            *self._facet_words.offers(request),
            *self._regions(request, offices),
        ]
        # A name that stands in the text again says nothing new.
        unlike = {(offer.field, offer.value): offer for offer in reversed(found)}
        return tuple(o for o in found if o is unlike[o.field, o.value] and o.field not in request.filters)

    def may_name_authority(self, request: Request) -> bool:
        """Whether the authorities must be known to understand a request."""
        return request.type == "record" or (
            _may_mean_office(request) and self._offices.is_named_in(request.text)
        )

    def _regions(self, request: Request, offices: Sequence[Understood]) -> list[Understood]:
        # Another region beside one that is chosen would widen the answer; an offer only narrows.
        if request.type == "library" or any(name in request.filters for name in self._region_fields):
            return []
        text = request.text
        taken = {place for office in offices for place in _places_of(text, office.text)}
        return [
            Understood("region", place.code, place.label, text[place.start : place.end], rest)
            for place in self._analyzer.recognise_region(text)
            if taken.isdisjoint(range(place.start, place.end))
            and ((rest := text_without(text, place.start, place.end)) or request.is_narrowed)
        ]

    def _times(self, request: Request, today: date, authorities: Iterable[str]) -> list[Understood]:
        """Days or a month of records; a year of decision, of writing, or of founding."""
        text = request.text
        time = find_time(text) or self._spoken_times.find(text, today, self._no_names_of(text, authorities))
        if time is None:
            return []
        said, rest = text[time.start : time.end], text_without(text, time.start, time.end)
        if request.type != "library" and not time.is_year:
            first, last = time.first.isoformat(), time.last.isoformat()
            is_chosen = request.decided_from or request.decided_to
            return [] if is_chosen else [Understood("from", first, time.label, said, rest, last)]
        field = "founded_year" if request.type == "subject" else "year"
        is_more_asked = rest or request.is_narrowed
        return [Understood(field, str(time.year), f"{time.year}年", said, rest)] if is_more_asked else []

    def _no_names_of(self, text: str, authorities: Iterable[str]) -> tuple[str, ...]:
        """Words of a text that are understood as something else than a name."""
        places = (text[place.start : place.end] for place in self._analyzer.recognise_region(text))
        return (*self._no_names, *places, *(authority for authority in authorities if authority in text))

    def _sums(self, request: Request) -> list[Understood]:
        """The least or the most of a fine, or the fine itself."""
        if request.type == "library" or request.fine_from is not None or request.fine_to is not None:
            return []
        text = one_for_one(request.text)
        for field, pattern in (*_SUMS, ("", _ONE_SUM)):
            for match in pattern.finditer(text):
                if yuan := _yuan(match["sum"]):
                    end = match.end()
                    start = (
                        fined.start() if (fined := _FINED.search(text, 0, match.start())) else match.start()
                    )
                    said, rest = request.text[start:end].strip(), text_without(request.text, start, end)
                    label = f"罚款{spoken_amount(yuan)}{_SIDES.get(field, '')}"
                    most = "" if field else yuan
                    return [Understood(field or "fine_from", yuan, label, said, rest, most)]
        return []

    def _kinds(self, request: Request) -> list[Understood]:
        found = self._topics.narrowing(request)
        return [found] if found else []

    def _offices_of(self, request: Request, authorities: Sequence[str]) -> list[Understood]:
        """The authorities that are meant by a name of every day."""
        if not _may_mean_office(request) or "authority" in request.filters:
            return []
        return list(self._offices.offers(request.text, authorities))

    def _authority(self, request: Request, authorities: Iterable[str]) -> list[Understood]:
        if request.type != "record":
            return []
        named = [a for a in authorities if len(a) >= SHORTEST_AUTHORITY and a in request.text]
        if not named:
            return []
        name = max(named, key=len)
        start = request.text.find(name)
        return [
            Understood("authority", name, name, name, text_without(request.text, start, start + len(name)))
        ]


def _may_mean_office(request: Request) -> bool:
    """Of records; of subjects, whose records are meant then, only where nothing is chosen, which would be lost."""
    return request.type == "record" or (request.type == "subject" and not request.is_narrowed)


def _places_of(text: str, part: str) -> range:
    """Where the first such part of a text stands."""
    start = text.find(part)
    return range(start, start + len(part))


def _yuan(said: str) -> str:
    """The whole 元 of a sum in words or digits; "" for what does not say that it is one, or cannot be asked for."""
    if not _SAYS_UNIT.search(said):
        return ""
    amounts = read_amounts(f"{said.strip('.,').rstrip('元').strip()}元")
    yuan = amounts[0].partition(".")[0] if amounts else ""
    return yuan if len(yuan) <= LONGEST_SUM else ""
