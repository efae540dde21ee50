"""How does a command open what it works on and write what it found?"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

import msgspec

from indexers.analysis import Analyzer, load_analyzer
from indexers.catalog import Catalog, load_catalog
from indexers.engines import open_engine
from indexers.engines.base import SearchEngine
from indexers.errors import EngineError, UsageError
from indexers.ledger import Ledger
from search_site.settings import Settings, load_settings

SECONDS_BETWEEN = 2.0
"""Between two lines of progress where there is no terminal to rewrite one line on."""

IN_MEMORY = (
    "台账在内存里，命令一结束就没有了；请在 CREDIT_SEARCH_LEDGER 里写出文件，例如 sqlite:///./var/ledger.db"
)


class Workplace(msgspec.Struct, frozen=True):
    """What commands share: settings and the data definitions they name."""

    settings: Settings
    catalog: Catalog
    analyzer: Analyzer

    @contextlib.contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """The ledger of the settings, closed afterwards; it must outlive the command that writes into it."""
        ledger = Ledger(self.settings.ledger)
        try:
            if not ledger.is_shared:
                raise UsageError(IN_MEMORY)
            yield ledger
        finally:
            ledger.close()

    @contextlib.contextmanager
    def engine(self, address: str = "") -> Iterator[SearchEngine]:
        """The engine of the settings, or another, closed afterwards."""
        engine = open_engine(address or self.settings.engine, self.catalog, self.analyzer)
        try:
            yield engine
        finally:
            engine.close()

    def check_engine(self) -> None:
        """UsageError for an address that can be no engine's; whether one answers there is not asked.

        For commands that write into the ledger first: what they recorded would go untold.
        """
        with contextlib.suppress(EngineError), self.engine():
            pass


def open_workplace() -> Workplace:
    """Settings from the environment, catalog and word lists from the directory they name."""
    settings = load_settings()
    folder = settings.mappings_folder
    return Workplace(settings, load_catalog(folder), load_analyzer(folder))


def write_json(value: object) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=1).decode() + "\n")


def write_line(text: str) -> None:
    """One line for people on standard output."""
    print(text)


def write_note(text: str) -> None:
    """One line about the work itself, on standard error."""
    print(text, file=sys.stderr)


def progress_line() -> Callable[[str, int, int], None]:
    """Progress on standard error: one rewritten line on a terminal, else a line every two seconds."""
    is_terminal = sys.stderr.isatty()
    started = last = time.monotonic()
    shown = ""

    def tell(what: str, done: int, total: int) -> None:
        nonlocal last, shown
        now = time.monotonic()
        if not is_terminal and now - last < SECONDS_BETWEEN:
            return
        last = now
        of_total = f"/{total:,}" if total else ""
        line = f"{what} {done:,}{of_total} 条，{now - started:.0f} 秒"
        if is_terminal:
            sys.stderr.write("\r" + line + " " * max(0, len(shown) - len(line)))
            if what == "完成":
                sys.stderr.write("\n")
            sys.stderr.flush()
        else:
            write_note(line)
        shown = line

    return tell
