"""Where does a PostgreSQL for the tests come from? From this machine's programs, in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import sqlalchemy as sa

MISSING = (
    "PostgreSQL was not found, so the ledger was tested on SQLite alone:"
    " install it (Debian, Ubuntu: apt install postgresql)."
)
WANTED = "PostgreSQL was not found, and CI is set: install it (Debian, Ubuntu: apt install postgresql)."
ACCOUNT = "postgres"
"""Who runs the server where the tests run as root, which it refuses; Debian's package makes this account."""
USER = "tester"
START = 60.0
"""Seconds a server may take on a busy machine; one on a quiet one."""
OPTIONS = {
    # No port: nobody else can meet it, and no two runs meet each other.
    "listen_addresses": "",
    # What is lost with the machine's power is lost with the test run anyway.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}
WATCHED = '"$@" & read -r _; kill -INT $!; wait'
"""Ends the server when the standard input ends: with this process, however that ends."""


def find_programs() -> Path | None:
    """The folder of the newest `initdb` and `postgres`: on the path, or where Debian keeps them."""
    named = shutil.which("initdb")
    if named:
        return Path(named).resolve().parent
    homes = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((home.parent for home in homes), key=lambda home: float(home.parent.name), default=None)


@contextlib.contextmanager
def running(programs: Path) -> Iterator[sa.URL]:
    """A server of its own, reached through a socket in a temporary folder: the address of its database."""
    account = pwd.getpwnam(ACCOUNT) if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="credit-postgres-"))
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)

    def start(command: Sequence[str | Path]) -> subprocess.Popen[bytes]:
        with (folder / "log").open("ab") as log:
            return subprocess.Popen(
                [str(part) for part in command],
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            )

    data = folder / "data"
    options = [f"-c{name}={value}" for name, value in OPTIONS.items()]
    try:
        # The order of words is that of a server in China, not of bytes.
        order = ("--encoding=UTF8", "--no-locale", "--locale-provider=icu", "--icu-locale=zh-CN")
        made = start([programs / "initdb", "-D", data, "-U", USER, "--auth=trust", "--no-sync", *order])
        made.communicate()
        server = start(["sh", "-c", WATCHED, "sh", programs / "postgres", "-D", data, "-k", folder, *options])
        try:
            url = sa.URL.create("postgresql+psycopg", USER, database="postgres", query={"host": str(folder)})
            _wait_for(url, folder / "log")
            yield url
        finally:
            server.communicate()
    finally:
        shutil.rmtree(folder)


def _wait_for(url: sa.URL, log: Path) -> None:
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    until = time.monotonic() + START
    while True:
        try:
            with engine.connect():
                return
        except sa.exc.OperationalError as error:
            if time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()[-2000:]}") from error
            time.sleep(0.05)
