"""How does whoever waits for a lock learn what for?"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator

logger = logging.getLogger("indexers.ledger")

SILENT_SECONDS = 3.0
"""A wait that nobody notices needs no word."""
WRITER = "正在等待另一个写入台账的程序（导入、撤下或同步）结束…"
PUBLISHER = "正在等待另一个更新索引的程序（同步、重建或撤下）结束…"


@contextlib.contextmanager
def telling(what: str) -> Iterator[None]:
    """Warn of `what` if the block takes longer than SILENT_SECONDS; without logging set up, on standard error."""
    timer = threading.Timer(SILENT_SECONDS, logger.warning, (what,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
