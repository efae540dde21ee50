"""What must be done while the site runs: follow the ledger after midnight, answer frequent questions ahead?"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import logging
import os
import tempfile
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from indexers.engines.base import GenerationStatus
from indexers.errors import CreditSearchError, OtherLedger
from indexers.ledger import Ledger, is_there
from indexers.publishing import Publisher
from indexers.query import DataVersion
from search_site.settings import Settings
from search_site.site import Site

logger = logging.getLogger("search_site.upkeep")

SECONDS_BETWEEN = 1.0
"""Between two looks. One look reads one small file, or what the engine polls once a second anyway."""
RETRY = timedelta(minutes=10)
"""After a midnight that could not be followed: visibility is a filter of every query and does not wait for it."""


class Upkeep:
    """Looks after the index of one running site. One thread calls it; any number of processes may have one.

    Ends take effect by the clock alone; what is done here only keeps counts of subjects exact and answers fast.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._seen: tuple[DataVersion, date] | None = None
        self._warmed: tuple[DataVersion, date] | None = None
        self._next_try: datetime | None = None

    def run(self, ended: threading.Event) -> None:
        """Look again and again until `ended` is set; a trouble that lasts is told once."""
        told = ""
        while not ended.wait(SECONDS_BETWEEN):
            trouble, unforeseen = "", None
            try:
                self.look()
            except (CreditSearchError, OSError) as error:
                trouble = f"{type(error).__name__}: {error}"
            except Exception as error:  # noqa: BLE001  (were this thread to end, no midnight would be followed)
                trouble, unforeseen = f"{type(error).__name__}: {error}", error
            if trouble and trouble != told:
                logger.warning("upkeep: %s", trouble, exc_info=unforeseen)
            told = trouble

    def look(self) -> None:
        """Do what is due now: the day's boundaries first, then the answers of a state that has settled."""
        now = self._site.clock()
        state = self._site.version
        if self._is_due(now):
            self._follow(now)
            return
        if state == self._warmed:
            return
        if state != self._seen:
            # Changes come in bursts: a state is worth the work when it is still there at the next look.
            self._seen = state
            return
        with _turn(self._site.settings):
            self._site.finder.engine.warm(state[1])
        self._warmed = state

    def _is_due(self, now: datetime) -> bool:
        """Whether the live generation was brought up for an earlier day, and it is time for a try."""
        live = self._live()
        is_behind = live is not None and live.applied.day < now.date().isoformat()
        return is_behind and (self._next_try is None or now >= self._next_try)

    def _live(self) -> GenerationStatus | None:
        return self._site.finder.engine.status().live

    def _follow(self, now: datetime) -> None:
        """One sync for the new day, as `credit-search sync` would; where there is no ledger, nothing."""
        # Set before the work: if that fails, the next look must not begin it at once again.
        self._next_try = now + RETRY
        if not is_there(self._site.settings.ledger):
            return
        ledger = Ledger(self._site.settings.ledger, self._site.clock)
        with contextlib.closing(ledger):
            finder = self._site.finder
            publisher = Publisher(finder.catalog, finder.analyzer, ledger, finder.engine)
            try:
                # Whoever comes second waits for the publication lock, and then finds nothing left to do.
                report = publisher.sync()
            except OtherLedger:
                logger.warning("upkeep: the index does not follow this ledger")
                return
            publisher.erase(self._site.settings.erase_after_days)
        logger.info("upkeep: followed the ledger, %d changes", report.operations)


@contextlib.contextmanager
def _turn(settings: Settings) -> Iterator[None]:
    """One worker of this machine at a time: those after it find its answers instead of computing them again."""
    name = f"{os.getuid()} {Path.cwd()} {settings.engine}"
    digest = hashlib.sha256(name.encode()).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / f"credit-search-{digest}.lock"
    handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
