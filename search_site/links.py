"""Which URL leads from one question to a question near it: a filter more or less, another page or order?"""

from __future__ import annotations

import msgspec

from indexers.answers import Request
from indexers.catalog import Catalog
from search_site.params import encode, encode_pairs, pairs_of, search_url


class Links:
    """URLs around one request. `path` is the page; `implied` are parameters that the path stands for.

    `is_text_filter`: the page is there without a text as well, which only narrows what it shows.
    """

    def __init__(
        self,
        request: Request,
        catalog: Catalog,
        path: str = "/search",
        implied: tuple[str, ...] = (),
        default_sort: str = "relevance",
        is_text_filter: bool = False,
    ) -> None:
        self.request = request
        self._catalog = catalog
        self.path = path
        self._implied = implied
        self.default_sort = default_sort
        self.is_text_filter = is_text_filter
        self._around: dict[str, tuple[str, str]] = {}

    def to(self, request: Request) -> str:
        """The URL of a question on this page."""
        query = encode_pairs(self._pairs(request))
        return f"{self.path}?{query}" if query else self.path

    def as_file(self, ending: str) -> str:
        """The whole answer as a file."""
        query = encode_pairs(self._pairs(msgspec.structs.replace(self.request, page=1)))
        return f"{self.path}.{ending}?{query}" if query else f"{self.path}.{ending}"

    def page(self, number: int) -> str:
        """Another page of the same answer."""
        return self.to(msgspec.structs.replace(self.request, page=number))

    def sorted_by(self, sort: str) -> str:
        """The same in another order, from its first page."""
        return self.to(msgspec.structs.replace(self.request, sort=sort, page=1))

    def other_type(self, kind: str) -> str:
        """The same text among all documents of another type."""
        return search_url(Request(text=self.request.text, type=kind), self._catalog)

    def filtered(self, field: str, values: tuple[str, ...]) -> str:
        """The same with exactly these values of a facet."""
        filters = {name: chosen for name, chosen in self.request.filters.items() if name != field}
        if values:
            filters[field] = tuple(sorted(set(values)))
        return self.to(msgspec.structs.replace(self.request, filters=filters, page=1))

    def with_value(self, field: str, value: str) -> str:
        """The same with one more value of a facet. Called for every value shown, hence the kept ends."""
        chosen = self.request.filters.get(field, ())
        if chosen:
            return self.filtered(field, (*chosen, value))
        if field not in self._around:
            head, _, tail = self.filtered(field, ("\0",)).partition("%00")
            self._around[field] = head, tail
        head, tail = self._around[field]
        return f"{head}{encode(value)}{tail}"

    def without_value(self, field: str, value: str) -> str:
        """The same with one value of a facet less."""
        chosen = self.request.filters.get(field, ())
        return self.filtered(field, tuple(each for each in chosen if each != value))

    def unfiltered(self) -> Request:
        """The same text (where that is no filter itself) without any filter but those that the path stands for."""
        implied = {name: chosen for name, chosen in self.request.filters.items() if name in self._implied}
        return msgspec.structs.replace(
            self.request,
            text="" if self.is_text_filter else self.request.text,
            filters=implied,
            subject="",
            decided_from=None,
            decided_to=None,
            fine_from=None,
            fine_to=None,
            page=1,
        )

    def without_text(self) -> str:
        """The same without a text."""
        return self.to(msgspec.structs.replace(self.request, text="", page=1))

    def range_fields(self) -> tuple[tuple[str, str], ...]:
        """Names and values that the form for days and fines must carry along."""
        bare = msgspec.structs.replace(
            self.request, decided_from=None, decided_to=None, fine_from=None, fine_to=None, page=1
        )
        return tuple(self._pairs(bare))

    def text_fields(self) -> tuple[tuple[str, str], ...]:
        """Names and values that the box for another text must carry along: filters, but no order and no page."""
        bare = msgspec.structs.replace(self.request, text="", sort=self.default_sort, page=1)
        return tuple(self._pairs(bare))

    def _pairs(self, request: Request) -> list[tuple[str, str]]:
        return [
            pair
            for pair in pairs_of(request, self._catalog, self.default_sort)
            if pair[0] not in self._implied
        ]
