"""Which staged rows are new, which are known, which amend, which cannot be told apart?

A batch is matched by groups against what was stored before it (never against itself): same content, unchanged;
none stored, new; one left on each side, amended; several left, a problem that asks for the record id. A row about
a natural person is matched like any other: it may correct a record that should never have been shown.
"""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from indexers.records import EVENT, NATURAL_PERSON, PERSON

NOTE_DOUBLE = "与本文件中另一行内容完全相同"
NOTE_ENDED = "对应的记录已停止公示，内容未恢复"
PROBLEM_UNKNOWN_ID = "这一类信息没有这个记录编号；请核对，或清空该列按内容对应"
PROBLEM_SHARED_ID = "本文件中有几条不同的内容写了同一个记录编号；请只留一条"
PROBLEM_AMBIGUOUS = "台账中有多条同样关键内容的记录，无法判断对应哪一条；请在“记录编号”列填写编号"


def match(connection: Connection, batch: str, today: int) -> None:
    """Set `outcome` (unchanged, amended, refused; new from the start) and `target`, the stored record it is about."""
    at = {"batch": batch, "today": today}
    by_id = connection.execute(sa.text(_BY_ID), at).rowcount
    for statement in (*(_AFTER_ID if by_id else ()), *_KNOWN_BY_CONTENT):
        connection.execute(sa.text(statement), at)
    if connection.execute(sa.text(_ANY_DOUBLE)).first():
        connection.execute(sa.text(_SETTLE_DOUBLES), at)
    _match_by_key(connection, batch, today)
    connection.execute(sa.text(_KNOWN_PERSONS), at)
    if connection.execute(sa.text(_ANY_REFUSED), at).first():
        connection.execute(sa.text(_REFUSE_WHOLE_ROW), at)


_HAS_ENDED = "(r.state = 'ended' OR (r.visible_until <= :today AND r.withheld = ''))"

# A record id overrides every key, inside its kind.
_BY_ID = f"""UPDATE staged SET
        target = record_id,
        outcome = COALESCE((SELECT CASE WHEN {_HAS_ENDED} THEN 'ended'
            WHEN r.content_digest = staged.content_digest THEN 'unchanged'
            ELSE 'amended' END FROM records r WHERE r.id = staged.record_id AND r.kind = staged.kind), 'unknown')
    WHERE batch_id = :batch AND record_id > '' AND collection <> '{EVENT}'"""

_AFTER_ID = (
    f"""UPDATE staged SET outcome = 'refused', note = '{PROBLEM_UNKNOWN_ID}'
        WHERE batch_id = :batch AND outcome = 'unknown'""",
    f"""UPDATE staged SET outcome = 'unchanged', note = '{NOTE_ENDED}' WHERE batch_id = :batch AND outcome = 'ended'""",
    f"""UPDATE staged SET outcome = 'refused', note = '{PROBLEM_SHARED_ID}'
        WHERE batch_id = :batch AND outcome = 'amended' AND record_id IN (
            SELECT record_id FROM staged WHERE batch_id = :batch AND outcome = 'amended'
            GROUP BY record_id HAVING COUNT(DISTINCT content_digest) > 1)""",
    f"""UPDATE staged SET outcome = 'unchanged', note = '{NOTE_DOUBLE}'
        WHERE batch_id = :batch AND outcome = 'amended' AND position NOT IN (
            SELECT MIN(position) FROM staged WHERE batch_id = :batch AND outcome = 'amended' GROUP BY record_id)""",
)

_KNOWN_BY_CONTENT = (
    # The same content is stored already.
    f"""UPDATE staged SET outcome = 'unchanged', target = (
            SELECT r.id FROM records r WHERE r.content_digest = staged.content_digest AND r.state = 'current' LIMIT 1)
        WHERE batch_id = :batch AND outcome = 'new' AND collection <> '{EVENT}' AND EXISTS (
            SELECT 1 FROM records r WHERE r.content_digest = staged.content_digest AND r.state = 'current')""",
)

# A person row that corrects nothing is known by its keyed hash alone.
_KNOWN_PERSONS = f"""UPDATE staged SET outcome = 'unchanged'
    WHERE batch_id = :batch AND collection = '{PERSON}' AND outcome = 'new'
        AND EXISTS (SELECT 1 FROM persons p WHERE p.digest = staged.content_digest)"""

# Read off the index of digests, whoever staged them: most files have none, and to look for them takes ten times longer.
_ANY_DOUBLE = "SELECT 1 FROM staged GROUP BY content_digest HAVING COUNT(*) > 1 LIMIT 1"

# An exact double of an earlier row of the same file.
_SETTLE_DOUBLES = f"""UPDATE staged SET outcome = 'unchanged', note = '{NOTE_DOUBLE}'
    WHERE batch_id = :batch AND outcome = 'new' AND collection <> '{EVENT}' AND position NOT IN (
        SELECT MIN(position) FROM staged WHERE batch_id = :batch AND outcome = 'new' AND collection <> '{EVENT}'
        GROUP BY content_digest)"""

_ANY_REFUSED = "SELECT 1 FROM staged WHERE batch_id = :batch AND outcome = 'refused' LIMIT 1"
_REFUSE_WHOLE_ROW = """UPDATE staged SET outcome = 'refused' WHERE batch_id = :batch AND outcome <> 'refused'
    AND (sheet_no, sheet_row) IN (
        SELECT sheet_no, sheet_row FROM staged WHERE batch_id = :batch AND outcome = 'refused')"""

# A stored record is spoken for when a row of this batch has its content or names it by id. One that is known to be
# about a person has nothing left that a person's row could correct.
_PAIRS = f"""SELECT s.position, r.id, CASE WHEN {_HAS_ENDED} THEN 1 ELSE 0 END AS ended
    FROM staged s JOIN records r ON {{condition}}
    WHERE s.batch_id = :batch AND s.outcome = 'new' AND s.collection <> '{EVENT}'
        AND NOT (s.collection = '{PERSON}' AND r.withheld = '{NATURAL_PERSON}')
        AND NOT EXISTS (SELECT 1 FROM staged c WHERE c.batch_id = :batch AND c.target = r.id AND c.target <> '')"""

# Two plain joins instead of one with OR: each uses its index.
_JOINS = (
    "r.key_name = s.key_name AND (s.key_code = '' OR r.key_code = '')",
    "r.key_code = s.key_code AND r.key_code <> ''",
)


def _match_by_key(connection: Connection, batch: str, today: int) -> None:
    """Settle the rows whose key is stored with another content, group by group."""
    rows: set[tuple[int, str, int]] = set()
    for condition in _JOINS:
        found = connection.execute(
            sa.text(_PAIRS.format(condition=condition)), {"batch": batch, "today": today}
        )
        rows.update((position, record, ended) for position, record, ended in found)
    if not rows:
        return
    settled: list[dict[str, object]] = []
    for positions, current, has_ended in _groups(rows):
        settled.extend(_settle(positions, current, has_ended))
    connection.execute(
        sa.text(
            "UPDATE staged SET outcome = :outcome, target = :target, note = :note"
            " WHERE batch_id = :batch AND position = :position"
        ),
        [{**row, "batch": batch} for row in settled],
    )


def _settle(positions: list[int], current: list[str], has_ended: bool) -> list[dict[str, object]]:
    if has_ended:
        return [_settled(p, "unchanged", "", NOTE_ENDED) for p in positions]
    if len(positions) == 1 and len(current) == 1:
        return [_settled(positions[0], "amended", current[0], "")]
    return [_settled(p, "refused", "", PROBLEM_AMBIGUOUS) for p in positions]


def _settled(position: int, outcome: str, target: str, note: str) -> dict[str, object]:
    return {"position": position, "outcome": outcome, "target": target, "note": note}


def _groups(rows: set[tuple[int, str, int]]) -> list[tuple[list[int], list[str], bool]]:
    """Staged positions and stored records that hang together, and whether an ended record is among them."""
    by_position: dict[int, set[str]] = defaultdict(set)
    by_record: dict[str, set[int]] = defaultdict(set)
    ended = {record for _, record, is_ended in rows if is_ended}
    for position, record, _ in rows:
        by_position[position].add(record)
        by_record[record].add(position)
    groups: list[tuple[list[int], list[str], bool]] = []
    seen: set[int] = set()
    for start in sorted(by_position):
        if start in seen:
            continue
        positions, members, waiting = {start}, set[str](), [start]
        while waiting:
            for record in by_position[waiting.pop()] - members:
                members.add(record)
                fresh = by_record[record] - positions
                positions |= fresh
                waiting.extend(fresh)
        seen |= positions
        groups.append((sorted(positions), sorted(members - ended), bool(members & ended)))
    return groups
