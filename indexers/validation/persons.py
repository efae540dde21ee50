"""What is handed on of the persons that a row names?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from indexers.records import Draft, PersonRow, Value
from indexers.validation.parties import PERSON_CLASS


def person_rows(
    kind: str, content: Mapping[str, Value], names: Sequence[str], *, listed: str, coded: bool
) -> tuple[PersonRow, ...]:
    """One for each name. `listed`: the list that the row is of; `coded`: its code is that of the one person.

    A record id in the content goes with the first name: one record cannot become several.
    """
    rest = "|".join(f"{name}={content[name]}" for name in sorted(content) if name != "party")
    left_out = {"record_id"} if coded else {"record_id", "uscc"}
    own = {name: value for name, value in content.items() if name not in left_out}
    is_stated = content.get("party_class") == PERSON_CLASS
    ids = [str(content.get("record_id", "")), *[""] * len(names)]
    return tuple(
        PersonRow(f"{name}|{rest}", Draft(kind, {**own, "party": name}, listed, record_id), is_stated)
        for name, record_id in zip(names, ids, strict=False)
    )
