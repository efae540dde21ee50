"""How is the ledger opened, locked and numbered?"""

from __future__ import annotations

import contextlib
import fcntl
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from indexers.addresses import show_address
from indexers.clock import Clock, shanghai_now
from indexers.errors import LedgerError, UsageError
from indexers.ledger import tables as t
from indexers.ledger.waiting import PUBLISHER, WRITER, telling

WRITE_LOCK = 7301001
"""Key of PostgreSQL's transaction lock that orders sequence numbers by commit."""
SESSION_LOCKS = {"publish": 7301002, "build": 7301003}
"""Locks held over many transactions, with their keys on PostgreSQL: who changes an index, and who fills a generation
beside the live one."""
COUNTERS = ("seq", "number", "content")
"""Numbers given out: of changes, of first appearances, of contents."""
CHECKPOINT_PAGES = 20_000
"""Pages (of 4 kB) in the write-ahead log of SQLite before they are copied into the file."""
BUSY_SECONDS = 600
"""How long a writer waits for another; a batch of a million rows holds the lock for a minute or two."""


PATIENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "60",
    "keepalives_interval": "10",
    "keepalives_count": "6",
}
"""Seconds and tries after which a PostgreSQL that fell silent is given up, unless the address says otherwise; the
system's own are two minutes for a connection to begin and two hours for one in use."""


class Ledger:
    """What has been accepted, for ever, with every change numbered.

    `address` is an SQLAlchemy URL (SQLite or PostgreSQL). Reading methods take part in no lock. Every writing
    method is one transaction.
    """

    def __init__(self, address: str, clock: Clock = shanghai_now) -> None:
        self.address = address
        self.clock = clock
        self.engine = _open(address)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # A ledger in memory is one connection, which threads can only use one after the other.
        self.is_shared = not _in_memory(self.engine.url)
        self._sharing: contextlib.AbstractContextManager[object] = (
            contextlib.nullcontext() if self.is_shared else threading.RLock()
        )
        self._locks = {name: threading.Lock() for name in SESSION_LOCKS}
        try:
            self._make_sure()
            self.secret = self._secret()
        except SQLAlchemyError as error:
            self.close()
            raise LedgerError(f"台账 {show_address(address)} 打不开：{_reason(error)}") from error
        except LedgerError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the ledger, however long it reads."""
        with self._translated(), self._sharing, self.engine.connect() as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start, so that numbers follow commit order."""
        with self._translated(), self._sharing, contextlib.ExitStack() as held:
            with telling(WRITER):
                connection = held.enter_context(self.engine.connect().execution_options(write=True))
                held.enter_context(connection.begin())
                if not self.is_sqlite:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITE_LOCK)))
            yield connection

    @contextlib.contextmanager
    def publication_lock(self) -> Iterator[None]:
        """One publisher at a time: removals, catch-up with switch, rollback. Waits for the one before."""
        with self._held("publish", wait=True):
            yield

    @contextlib.contextmanager
    def build_lock(self) -> Iterator[bool]:
        """One builder at a time, beside whoever publishes. Yields at once whether the right to build was free."""
        with self._held("build", wait=False) as is_mine:
            yield is_mine

    @contextlib.contextmanager
    def _held(self, name: str, *, wait: bool) -> Iterator[bool]:
        """Hold one of SESSION_LOCKS, which no transaction takes part in; yields whether it is, always if it waited."""
        if not self.is_shared:
            lock = self._locks[name]
            is_mine = lock.acquire(blocking=wait)
            try:
                yield is_mine
            finally:
                if is_mine:
                    lock.release()
        elif self.is_sqlite:
            # Closing the file lets go of it.
            with _open_to_lock(Path(f"{self.engine.url.database}.{name}.lock")) as handle:
                with telling(PUBLISHER):
                    is_mine = _take(handle, wait=wait)
                yield is_mine
        else:
            with self._translated(), self._held_by_session(SESSION_LOCKS[name], wait=wait) as is_mine:
                yield is_mine

    @contextlib.contextmanager
    def _held_by_session(self, key: int, *, wait: bool) -> Iterator[bool]:
        take = sa.func.pg_advisory_lock if wait else sa.func.pg_try_advisory_lock
        with self.engine.connect() as connection:
            with telling(PUBLISHER):
                taken = connection.execute(sa.select(take(key))).scalar_one()
                connection.commit()
            is_mine = wait or bool(taken)
            try:
                yield is_mine
            finally:
                if is_mine:
                    # A connection that was cut has let go of the lock; what was done under it is done all the same.
                    with contextlib.suppress(DBAPIError):
                        connection.execute(sa.select(sa.func.pg_advisory_unlock(key)))
                        connection.commit()

    def last_seq(self) -> int:
        """The highest sequence number committed."""
        with self.reading() as connection:
            return counter(connection, "seq")

    def now(self) -> datetime:
        """The moment of the injected clock (Asia/Shanghai)."""
        return self.clock()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise LedgerError(
                f"台账 {show_address(self.address)} 出错：{_reason(error)}；本次更改没有写入，可以重试"
            ) from error

    def _make_sure(self) -> None:
        """Make the ledger where there is none. One that is there is only read: its state waits for no writer."""
        known = self._known()
        if not known.keys() >= {"schema", "secret", *COUNTERS}:
            known = self._make()
        if known["schema"] != t.SCHEMA_VERSION:
            raise LedgerError(
                f"台账 {show_address(self.address)} 的版本是 {known['schema']}，本程序需要 {t.SCHEMA_VERSION}"
            )

    def _known(self) -> dict[str, str]:
        with self.reading() as connection:
            return _meta(connection) if sa.inspect(connection).has_table(t.meta.name) else {}

    def _make(self) -> dict[str, str]:
        with self.writing() as connection:
            t.metadata.create_all(connection)
            fresh = {"schema": t.SCHEMA_VERSION, "secret": secrets.token_hex(32)} | dict.fromkeys(
                COUNTERS, "0"
            )
            # Another process may have made it while this one waited for the lock.
            known = _meta(connection)
            missing = [{"key": k, "value": v} for k, v in fresh.items() if k not in known]
            if missing:
                connection.execute(t.meta.insert(), missing)
            return fresh | known

    def _secret(self) -> bytes:
        with self.reading() as connection:
            value = connection.execute(sa.select(t.meta.c.value).where(t.meta.c.key == "secret")).scalar_one()
        return bytes.fromhex(value)


def is_there(address: str) -> bool:
    """Whether a ledger may be opened without making one: a web tier has none, and must not get an empty one."""
    url = _parsed(address)
    is_file = url.get_backend_name() == "sqlite" and not _in_memory(url)
    return not is_file or Path(str(url.database)).is_file()


def _open_to_lock(path: Path) -> TextIO:
    try:
        return path.open("w")
    except OSError as error:
        raise LedgerError(f"台账所在的文件夹要能写入：无法写 {path}（{error.strerror or error}）") from error


def _take(handle: TextIO, *, wait: bool) -> bool:
    """Lock an open file; whether it is locked, always if this waited for it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _meta(connection: Connection) -> dict[str, str]:
    return dict(connection.execute(sa.select(t.meta.c.key, t.meta.c.value)).all())


def counter(connection: Connection, name: str) -> int:
    """The present value of one of COUNTERS."""
    value = connection.execute(sa.select(t.meta.c.value).where(t.meta.c.key == name)).scalar_one()
    return int(value)


def take_numbers(connection: Connection, name: str, count: int) -> int:
    """Reserve `count` numbers of a counter; the first of them. Only under the write lock."""
    last = counter(connection, name)
    connection.execute(t.meta.update().where(t.meta.c.key == name).values(value=str(last + count)))
    return last + 1


def insert_many(
    connection: Connection,
    table: sa.Table,
    columns: Sequence[str],
    rows: Sequence[tuple[object, ...]],
    *,
    ignore_known: bool = False,
) -> None:
    """Insert plain tuples in the order of `columns`; bypasses per-value processing, which doubles the cost.

    With `ignore_known`, rows whose key is there already are left as they are.
    """
    if not rows:
        return
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    places = ",".join([mark] * len(columns))
    names = ",".join(f'"{c}"' for c in columns)
    otherwise = " ON CONFLICT DO NOTHING" if ignore_known else ""
    connection.exec_driver_sql(
        f'INSERT INTO "{table.name}" ({names}) VALUES ({places}){otherwise}', list(rows)
    )


def _parsed(address: str) -> sa.URL:
    try:
        return sa.make_url(address)
    except (SQLAlchemyError, ValueError) as error:  # ValueError: a port that is no number
        raise UsageError(f"台账地址 {show_address(address)!r} 不是有效的 SQLAlchemy 地址") from error


def check_address(address: str) -> None:
    """UsageError for what is no address of a ledger; nothing is opened or made."""
    _supported(address)


def _supported(address: str) -> sa.URL:
    url = _parsed(address)
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise UsageError(f"台账只支持 SQLite 和 PostgreSQL，不支持 {url.get_backend_name()}")
    return url


def _open(address: str) -> Engine:
    url = _supported(address)
    if url.get_backend_name() == "postgresql" and url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "postgresql":
        # A connection that was cut while nobody used it is replaced before it fails anybody.
        return _engine(url.set(query={**PATIENCE, **url.query}), pool_pre_ping=True)
    if _in_memory(url):
        engine = _engine(url, poolclass=sa.pool.StaticPool, connect_args={"check_same_thread": False})
    else:
        _make_folder(Path(url.database or "").parent)
        engine = _engine(url)
    _prepare_sqlite(engine)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"无法建立台账所在的文件夹 {folder}（{error.strerror or error}）") from error


def _in_memory(url: sa.URL) -> bool:
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


def _engine(url: sa.URL, **options: Any) -> Engine:
    try:
        return sa.create_engine(url, **options)
    except ModuleNotFoundError as error:
        raise UsageError(
            f"台账地址需要另外安装驱动 {error.name}：pip install 'credit-search[postgres]'"
        ) from error


def _prepare_sqlite(engine: Engine) -> None:
    """WAL, and transactions that begin when we say so: the driver's own would take the write lock too late."""

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        _retry_locked(lambda: connection.execute("PRAGMA journal_mode=WAL"))
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA cache_size=-65536")
        # A batch writes the same pages of its indexes again and again: copied back once, not with every chunk.
        connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _retry_locked(action: Any) -> None:
    """Switching to WAL does not honour the busy timeout when two processes open a new file at once."""
    import sqlite3

    for attempt in range(50):
        try:
            action()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == 49:
                raise
            time.sleep(0.1)


def _reason(error: SQLAlchemyError) -> str:
    return str(error.__cause__ or error).splitlines()[0]
