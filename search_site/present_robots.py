"""For how long may search engines tell of a page that shows something adverse?"""

from __future__ import annotations

from collections.abc import Iterable

from indexers.documents import PublicDocument, PublicRecord

NOT_INDEXED = "noindex"
"""Pages of results: any question makes another one, and each shows what has pages of its own."""
NO_COPY = "noarchive"


def robots_for(shown: Iterable[PublicDocument]) -> str:
    """What a page of these documents tells search engines; "" where nothing on it is adverse.

    The page is to be forgotten when the first of its adverse records ends: an engine that has not come again until
    then would still tell of it. One that comes again finds the page without it, and the next end. Of what has no end
    yet nobody knows when it goes, so no copy of the page may be kept.
    """
    adverse = [each for each in shown if isinstance(each, PublicRecord) and each.polarity == "adverse"]
    days = [each.last_day for each in adverse if each.last_day]
    told = [NO_COPY] if len(days) < len(adverse) else []
    return ", ".join([*told, f"unavailable_after: {min(days)}"] if days else told)


def robots_headers(robots: str) -> dict[str, str]:
    """The header that says so, if there is anything to say."""
    return {"X-Robots-Tag": robots} if robots else {}
