"""Does a ledger that was written by an older program know its records again?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from deliveries import ANALYZER, CATALOG, TODAY, Desk, Row, penalty, tally, write_sheet

from indexers import row_stream, staged_records
from indexers.identity import OlderKeyMaker
from indexers.importing import Importer
from indexers.ledger import Ledger, erase_ended
from indexers.ledger.matching import NOTE_ENDED

SPELLED = {"行政处罚决定书文号": "某罚〔2026〕第1号"}
KEYS = "SELECT key_name, key_code FROM records ORDER BY number"


def bring_older(desk: Desk, *rows: Row) -> None:
    """Import as the first version did, into a ledger of that version."""
    with pytest.MonkeyPatch.context() as older:
        older.setattr(staged_records, "KeyMaker", OlderKeyMaker)
        desk.bring(*rows)
    desk.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")


def version(desk: Desk) -> object:
    return desk.query("SELECT value FROM meta WHERE key = 'schema'")[0][0]


def erase(desk: Desk) -> None:
    assert erase_ended(desk.ledger, TODAY + timedelta(days=1)) == 1


def test_an_older_ledger_is_opened_as_it_is_and_renewed_by_an_import(desk: Desk) -> None:
    bring_older(desk, penalty(1, **SPELLED), penalty(2))
    before = desk.query(KEYS)
    again = Ledger(desk.ledger.address)
    again.close()
    assert (version(desk), desk.query(KEYS)) == ("1", before)
    assert tally(desk.bring(penalty(1, **SPELLED), penalty(2))) == (2, 0, 2, 0)
    assert version(desk) == "2"
    assert desk.query(KEYS)[0] != before[0]
    assert desk.query(KEYS)[1] == before[1]


def test_a_record_repaired_in_an_older_ledger_stays_ended_in_every_spelling(desk: Desk) -> None:
    bring_older(desk, penalty(1, **SPELLED))
    desk.end(desk.record_id())
    assert tally(desk.bring(penalty(1))) == (1, 0, 1, 0)


@pytest.mark.parametrize("spelled", [{}, SPELLED])
def test_a_record_erased_from_an_older_ledger_stays_ended_as_it_was_spelled(
    desk: Desk, spelled: dict[str, str]
) -> None:
    bring_older(desk, penalty(1, **spelled))
    desk.end(desk.record_id())
    erase(desk)
    account = desk.bring(penalty(1, **spelled), penalty(2))
    assert tally(account) == (2, 1, 1, 0)
    assert [note.message for note in account.notes] == [NOTE_ENDED]


def test_processes_of_their_own_know_older_keys_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_stream, "BIG_FILE", 1)
    monkeypatch.setattr(row_stream, "count_cores", lambda: 2)
    bring_older(desk, penalty(1, **SPELLED))
    desk.end(desk.record_id())
    erase(desk)
    assert tally(desk.bring(penalty(1, **SPELLED), penalty(2))) == (2, 1, 1, 0)


def test_renewing_is_told_of_and_done_once(desk: Desk) -> None:
    bring_older(desk, *(penalty(number) for number in range(1, 4)))
    told: list[tuple[str, int]] = []
    importer = Importer(CATALOG, ANALYZER, desk.ledger, lambda what, rows: told.append((what, rows)))
    path = write_sheet(desk.folder / "a.csv", [penalty(4)])
    importer.import_file(str(path))
    importer.import_file(str(path))
    assert [done for done in told if done[0] == "更新对应关系"] == [("更新对应关系", 3)]
