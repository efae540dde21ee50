"""Whose records are meant by a former or short name, under which few of them or none stand?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from indexers.answers import AnswerHit, Understood
from indexers.query import Total

OTHER_NAMES = ("former_name", "short_name")
"""Reasons of a subject that has the name that was typed, and its records another."""
MOST_MEANT = 3
"""Subjects of such a name; more are not meant one by one."""


def records_of_renamed(
    text: str, subjects: Total, found: Iterable[AnswerHit], counts: Mapping[str, Mapping[str, int]]
) -> tuple[Understood, ...]:
    """All records of each subject that was found by another name than its present one.

    `found`: the best of the `subjects` that answer the text; `counts`: subject → kind → visible records.
    """
    if subjects.value > MOST_MEANT:
        return ()
    meant = [hit.document for hit in found if hit.reason.code in OTHER_NAMES]
    totals = {document.id: sum(counts.get(document.id, {}).values()) for document in meant}
    return tuple(
        Understood(
            "subject",
            each.id,
            each.title,
            text,
            "",
            type="record",
            whole=True,
            total=Total.of(totals[each.id]),
        )
        for each in meant
        if totals[each.id]
    )
