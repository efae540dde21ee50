"""What does a running site write to its log?"""

from __future__ import annotations

import subprocess
import sys

import pytest

ASKED = """
import logging.config
from starlette.testclient import TestClient
from search_site.app import create_app
from search_site.cli_serve import log_config
from search_site.settings import Settings

logging.config.dictConfig(log_config({level!r}))
client = TestClient(create_app(Settings(engine="embedded:{folder}", ledger="sqlite:///{folder}/ledger.db")))
client.get("/healthz?q=鹿乡食品")
"""


@pytest.mark.parametrize(("level", "lines"), [("info", 1), ("warning", 0)])
def test_a_request_is_one_line_that_tells_nothing_of_what_was_asked(
    level: str, lines: int, tmp_path: object
) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ASKED.format(level=level, folder=tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    requests = [line for line in done.stderr.splitlines() if "search_site.access" in line]
    assert len(requests) == lines
    assert all(" GET health 400 " in line or " GET health 200 " in line for line in requests)
    assert "鹿乡" not in done.stderr
