"""Since when has an amended record been public, where its period counts from publication?"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from indexers.publication import Publication

CHUNK = 2_000
"""Amended rows whose content is read at once."""

PublishedSince = Callable[[str, str, str, int], Publication | None]
"""(kind, list, content, first public day) → the publication from that day on; None where the day does not matter."""

_AMENDED = sa.text("""SELECT s.position, s.kind, s."list", c.content, r.visible_from
    FROM staged s JOIN records r ON r.id = s.target JOIN contents c ON c.no = s.content_no
    WHERE s.batch_id = :batch AND s.outcome = 'amended' AND s.withheld = '' AND r.withheld = ''
        AND r.visible_from < s.visible_from AND s.position > :last
    ORDER BY s.position LIMIT :limit""")


def keep_first_publication(connection: Connection, batch: str, published_since: PublishedSince) -> None:
    """A correction begins no new period: staged rows that amend a public record have its first day."""
    here = {"batch": batch, "last": 0, "limit": CHUNK}
    while rows := connection.execute(_AMENDED, here).all():
        here["last"] = rows[-1][0]
        found = ((position, published_since(*row)) for position, *row in rows)
        changes = [
            {"batch": batch, "place": position, **msgspec.structs.asdict(publication)}
            for position, publication in found
            if publication is not None
        ]
        if changes:
            connection.execute(_RESTORE, changes)


_COLUMNS = ", ".join(f"{name} = :{name}" for name in Publication.__struct_fields__)
_RESTORE = sa.text(f"UPDATE staged SET {_COLUMNS} WHERE batch_id = :batch AND position = :place")
