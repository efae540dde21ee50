"""Does a run without PostgreSQL say so, and does a server end with the run that started it?"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import postgres
import pytest
import sqlalchemy as sa

HERE = Path(__file__).parent
WITHOUT = """
import sys, postgres, pytest
postgres.find_programs = lambda: None
sys.exit(pytest.main(["-p", "no:cacheprovider", "test_ledger_cuts.py", "-k", "retraction"]))
"""
STARTED = """
import postgres
with postgres.running(postgres.find_programs()) as url:
    print(url.render_as_string(), flush=True)
    input()
"""


def run_without(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        [sys.executable, "-c", WITHOUT],
        cwd=HERE,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_missing_postgresql_is_said_in_one_sentence() -> None:
    done = run_without({})
    assert done.returncode == 0
    assert "1 skipped" in done.stdout
    assert postgres.MISSING in done.stdout.splitlines()


def test_on_a_build_server_it_is_an_error() -> None:
    done = run_without({"CI": "true"})
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert done.stderr.strip() == f"ERROR: {postgres.WANTED}"


def test_a_server_ends_with_a_run_that_was_killed(postgresql: sa.URL) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", STARTED], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    folder = Path(str(sa.make_url(child.stdout.readline().strip()).query["host"]))
    assert (folder / "data" / "postmaster.pid").exists()
    child.send_signal(signal.SIGKILL)
    child.communicate()
    until = time.monotonic() + 60
    while (folder / "data" / "postmaster.pid").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not (folder / "data" / "postmaster.pid").exists()
    shutil.rmtree(folder)
