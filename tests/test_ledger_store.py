import contextlib
import logging
import multiprocessing
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from deliveries import ANALYZER, CATALOG, TODAY, Desk, code, penalty, profile, tally, write_sheet
from fixed_clock import FixedClock

from indexers.errors import LedgerError, UsageError
from indexers.importing import Importer
from indexers.ledger import Batch, Ledger, is_there, settle, waiting
from indexers.ledger.staging import LONGEST_STAGING
from indexers.ledger.store import take_numbers
from indexers.records import StagedRecord

STAGED = StagedRecord("administrative_penalty", "records", "key", "digest", party="甲", party_norm="甲")


def staging(desk: Desk) -> Batch:
    """A batch that waits with one row written."""
    batch = Batch(desk.ledger, "a.csv", "")
    batch.add(0, 2, STAGED, "{}")
    batch.finish()
    return batch


def never_amended(*row: object) -> None:
    """The publication since an earlier day of a row that amends nothing."""


def left_waiting(desk: Desk) -> list[int]:
    return [
        int(str(desk.query(f"SELECT COUNT(*) FROM {name}")[0][0]))
        for name in ("batches", "staged", "contents")
    ]


def test_addresses_that_cannot_be_used_are_named() -> None:
    with pytest.raises(UsageError, match="不是有效的"):
        Ledger("no address")
    with pytest.raises(UsageError, match="不支持 mysql"):
        Ledger("mysql://host/database")


def test_a_port_that_is_no_number_makes_no_address() -> None:
    with pytest.raises(UsageError, match="不是有效的"):
        Ledger("postgresql://desk:hidden@host:five/db")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="无法建立台账所在的文件夹"):
        Ledger(f"sqlite:///{tmp_path / 'file' / 'folder' / 'ledger.db'}")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    (tmp_path / "ledger.db.publish.lock").mkdir()
    with pytest.raises(LedgerError, match="要能写入"):
        ledger.publication_lock().__enter__()
    ledger.close()


@pytest.mark.parametrize(
    ("lock", "told"), [(Ledger.writing, waiting.WRITER), (Ledger.publication_lock, waiting.PUBLISHER)]
)
def test_whoever_waits_long_for_a_lock_is_told_what_for(
    lock: Callable[[Ledger], contextlib.AbstractContextManager[object]],
    told: str,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waiting, "SILENT_SECONDS", 0.2)
    other = Ledger(desk.ledger.address)
    said, handler = threading.Event(), logging.Handler()
    handler.emit = lambda record: said.set() if record.getMessage() == told else None  # type: ignore[method-assign]
    waiting.logger.addHandler(handler)
    taken = threading.Event()

    def take() -> None:
        with lock(other):
            taken.set()

    waiter = threading.Thread(target=take)
    with lock(desk.ledger):
        waiter.start()
        assert said.wait(30)
        assert not taken.is_set()
    waiter.join(30)
    assert taken.is_set()
    waiting.logger.removeHandler(handler)
    other.close()


def test_a_file_that_is_no_ledger_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("this is not a database" * 100)
    with pytest.raises(LedgerError, match="file is not a database"):
        Ledger(f"sqlite:///{tmp_path / 'text.db'}")


def test_a_ledger_of_another_version_is_refused(ledger_address: str) -> None:
    ledger = Ledger(ledger_address)
    with ledger.writing() as connection:
        connection.execute(sa.text("UPDATE meta SET value = '999' WHERE key = 'schema'"))
    ledger.close()
    with pytest.raises(LedgerError, match="版本是 999"):
        Ledger(ledger_address)


def test_a_password_is_never_shown() -> None:
    with pytest.raises(LedgerError) as caught:
        Ledger("postgresql://desk:hidden@127.0.0.1:1/none?connect_timeout=1")
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["postgresql:/desk:hidden@host/db", "postgresql://127.0.0.1:1/none?password=hidden"]
)
def test_a_password_is_not_shown_wherever_it_stands_in_the_address(address: str) -> None:
    with pytest.raises((LedgerError, UsageError)) as caught:
        Ledger(address)
    assert "hidden" not in str(caught.value)


def test_the_secret_stays_the_same(ledger_address: str) -> None:
    first, second = Ledger(ledger_address), Ledger(ledger_address)
    assert first.secret == second.secret
    assert len(first.secret) == 32
    first.close()
    second.close()


def test_a_reader_sees_one_state_while_others_write(desk: Desk) -> None:
    count = sa.text("SELECT COUNT(*) FROM records")
    with desk.ledger.reading() as connection:
        before = connection.execute(count).scalar_one()
        desk.bring(penalty(1))
        assert connection.execute(count).scalar_one() == before
    assert len(desk.ids()) == before + 1


def test_whoever_asks_for_the_state_of_a_ledger_waits_for_no_writer(desk: Desk) -> None:
    found: list[int] = []

    def ask() -> None:
        ledger = Ledger(desk.ledger.address)
        found.append(ledger.last_seq())
        ledger.close()

    asker = threading.Thread(target=ask)
    with desk.ledger.writing():
        asker.start()
        asker.join(10)
        assert found == [0]


def test_a_ledger_is_there_once_it_was_opened(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'folder' / 'ledger.db'}"
    assert not is_there(address)
    Ledger(address).close()
    assert is_there(address)
    assert is_there("postgresql://desk:hidden@127.0.0.1:1/none")
    with pytest.raises(UsageError, match="不是有效的"):
        is_there("no address")


def test_nothing_counts_before_it_is_settled(desk: Desk) -> None:
    batch = staging(desk)
    assert left_waiting(desk) == [1, 1, 1]
    assert desk.ids() == []
    batch.abandon()
    assert left_waiting(desk) == [0, 0, 0]


def test_a_batch_whose_answer_to_its_commit_was_lost_stays(desk: Desk) -> None:
    batch = staging(desk)
    settle(batch, never_amended, str.__eq__)
    batch.abandon()
    assert left_waiting(desk) == [1, 0, 1]
    assert desk.query("SELECT b.state FROM records r JOIN batches b ON b.id = r.batch_id") == [("done",)]


def test_a_record_is_shown_whatever_became_of_the_row_of_its_batch(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.bring(profile())
    desk.execute("DELETE FROM batches")
    desk.sync()
    assert desk.record(desk.record_id()).sources[0].delivered_on == ""
    assert desk.subject(code(1)).kind == "subject_profile"


def test_what_a_killed_import_left_is_cleared_by_the_next(desk: Desk) -> None:
    staging(desk)
    desk.execute("UPDATE batches SET owner = SUBSTR(owner, 1, LENGTH(owner) - 1) || 'x'")
    desk.bring(penalty(1))
    assert left_waiting(desk) == [1, 0, 1]


def test_another_import_that_is_still_reading_is_left_alone(desk: Desk) -> None:
    batch = staging(desk)
    desk.bring(penalty(1))
    assert left_waiting(desk) == [2, 1, 2]
    assert settle(batch, never_amended, str.__eq__).records == 1
    assert left_waiting(desk) == [2, 0, 2]


def test_what_waits_for_days_is_cleared_whoever_left_it(desk: Desk) -> None:
    batch = staging(desk)
    desk.execute("UPDATE batches SET owner = 'elsewhere:1:1'")
    desk.bring(penalty(1))
    assert left_waiting(desk) == [2, 1, 2]
    desk.clock.advance(LONGEST_STAGING + timedelta(seconds=1))
    desk.bring(penalty(1))
    assert left_waiting(desk) == [2, 0, 1]
    with pytest.raises(LedgerError, match="已被清除"):
        settle(batch, never_amended, str.__eq__)


def test_a_ledger_in_memory_works_from_several_threads(tmp_path: Path) -> None:
    ledger = Ledger("sqlite://", FixedClock(TODAY))
    outcomes: list[tuple[int, int, int, int]] = []

    def bring(number: int) -> None:
        path = write_sheet(tmp_path / f"{number}.csv", [penalty(number), penalty(number + 100)])
        outcomes.append(tally(Importer(CATALOG, ANALYZER, ledger).import_file(str(path))))

    threads = [threading.Thread(target=bring, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ledger.reading() as connection:
        assert connection.execute(sa.text("SELECT COUNT(*) FROM records")).scalar_one() == 8
    assert outcomes == [(2, 2, 0, 0)] * 4
    with ledger.publication_lock():
        pass
    ledger.close()


# -- numbers follow commit order --------------------------------------------------------------------------------


def test_a_second_writer_gets_its_numbers_after_the_first_has_committed(desk: Desk) -> None:
    taken: list[tuple[str, int]] = []

    def take() -> None:
        with desk.ledger.writing() as connection:
            taken.append(("second", take_numbers(connection, "seq", 1)))

    second = threading.Thread(target=take)
    with desk.ledger.writing() as connection:
        taken.append(("first", take_numbers(connection, "seq", 5)))
        second.start()
        second.join(0.3)
        assert taken == [("first", 1)]
    second.join(30)
    assert taken == [("first", 1), ("second", 6)]


def test_a_sync_between_two_open_writers_passes_over_no_number(desk: Desk) -> None:
    desk.sync()
    numbered, commit = threading.Event(), threading.Event()

    @sa.event.listens_for(desk.ledger.engine, "before_cursor_execute")
    def wait_with_numbers_taken(connection: object, cursor: object, statement: str, *more: object) -> None:
        if threading.current_thread().name == "first" and statement.startswith("INSERT INTO events"):
            numbered.set()
            commit.wait(60)

    first = threading.Thread(target=desk.bring, args=(penalty(1),), name="first")
    second = threading.Thread(target=desk.bring, args=(penalty(2),), kwargs={"name": "second.csv"})
    first.start()
    numbered.wait(60)
    second.start()
    reached = desk.sync().seq
    second.join(0.3)
    assert second.is_alive()
    commit.set()
    first.join()
    second.join()
    numbers = [int(str(seq)) for (seq,) in desk.query("SELECT seq FROM records ORDER BY number")]
    assert reached < numbers[0] < numbers[1]
    desk.sync()
    assert set(desk.all_shown("records")) == set(desk.ids())


def write_batches(address: str, folder: str, start: int, ready: Callable[[], object]) -> None:
    """Twenty small batches of a process of its own."""
    ledger = Ledger(address, FixedClock(TODAY))
    importer = Importer(CATALOG, ANALYZER, ledger)
    ready()
    for number in range(start, start + 10):
        path = write_sheet(Path(folder) / f"{number}.csv", [penalty(number), penalty(number + 500)])
        importer.import_file(str(path))
    ledger.close()


def test_a_sync_beside_two_writers_passes_over_no_number(desk: Desk) -> None:
    desk.sync()
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(3)
    writers = [
        context.Process(
            target=write_batches, args=(desk.ledger.address, str(desk.folder), start, barrier.wait)
        )
        for start in (1, 101)
    ]
    for writer in writers:
        writer.start()
    barrier.wait(60)
    while any(writer.is_alive() for writer in writers):
        desk.sync()
    for writer in writers:
        writer.join()
    desk.sync()
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert len(desk.ids()) == 40
    assert set(desk.all_shown("records")) == set(desk.ids())
