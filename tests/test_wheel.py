"""The wheel works away from the checkout: installed elsewhere and started from `/` it imports and serves."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from samples.codes import uscc_of

ROOT = Path(__file__).parent.parent
NAME = "辽源市青禾样本有限公司"
CODE = uscc_of("91", "220402", 271828)
START_SECONDS = 20
"""Far above the second that it takes: build machines are shared."""


def _run(*command: str | Path, environment: dict[str, str] | None = None, folder: Path = ROOT) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the unpacked wheel and its commands."""
    built = tmp_path_factory.mktemp("dist")
    target = tmp_path_factory.mktemp("installed")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", built)
    (wheel,) = built.glob("*.whl")
    _run(
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--no-index", "--target", target, wheel),
    )
    return target


@pytest.fixture(scope="module")
def environment(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The wheel before everything else on the path, its state in a folder of its own."""
    state = tmp_path_factory.mktemp("state")
    kept = {key: value for key, value in os.environ.items() if not key.startswith("CREDIT_SEARCH_")}
    return {
        **kept,
        "PYTHONPATH": str(installed),
        "CREDIT_SEARCH_ENGINE": f"embedded:{state / 'index'}",
        "CREDIT_SEARCH_LEDGER": f"sqlite:///{state / 'ledger.db'}",
    }


@contextmanager
def _serving(command: Path, environment: dict[str, str]) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [command, "serve", "--port", str(port)], cwd="/", env=environment, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/readyz", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            urlopen(url, timeout=5).close()
            return
        except URLError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.1)


def _fetch(url: str) -> tuple[str, str]:
    with urlopen(url, timeout=10) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


def test_the_modules_come_from_the_wheel(installed, environment):
    script = "import search_site, indexers, mappings; print(search_site.__path__[0], mappings.__path__[0])"
    printed = _run(sys.executable, "-c", script, environment=environment, folder=Path("/"))
    assert printed.split() == [str(installed / "search_site"), str(installed / "mappings")]


def test_the_wheel_holds_the_rooms_and_their_files_and_nothing_else(installed):
    found = sorted(path.name for path in installed.iterdir() if path.suffix != ".dist-info")
    assert found == ["bin", "indexers", "mappings", "search_site"]
    inside = installed / "search_site"
    assert (inside / "templates" / "base.html").is_file()
    assert (inside / "static" / "site.css").is_file()
    for typed in ("search_site", "indexers"):
        assert (installed / typed / "py.typed").is_file()


def test_started_from_the_root_folder_it_imports_and_serves(installed, environment, tmp_path):
    sheet = tmp_path / "主体.csv"
    sheet.write_text(f"主体名称,统一社会信用代码\n{NAME},{CODE}\n", encoding="utf-8")
    command = installed / "bin" / "credit-search"
    _run(command, "import", "--strict", sheet, environment=environment, folder=Path("/"))
    _run(command, "sync", environment=environment, folder=Path("/"))
    with _serving(command, environment) as address:
        page_type, page = _fetch(f"{address}/s/{CODE}")
        (stylesheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
        style_type, style = _fetch(address + stylesheet)
    assert page_type == "text/html; charset=utf-8"
    assert NAME in page
    assert style_type == "text/css; charset=utf-8"
    assert style == (ROOT / "static" / "site.css").read_text(encoding="utf-8")
