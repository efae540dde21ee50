"""Which generation is live, which is kept, how far do they follow the ledger: the pointer and its folder."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from indexers.engines.published import Pointer, nothing_published
from indexers.errors import EngineBusy, IndexMissing

POINTER = "pointer.json"
WRITE_LOCK = "write.lock"
"""Held by whoever changes the live or kept generation or the pointer."""
BUILD_LOCK = "build.lock"
"""Held by whoever fills a generation beside them; long."""
SWITCH_LOCK = "switch.lock"
"""Held while commits and pointer change together; readers share it while they look at both."""
PATIENCE = 10.0
"""Seconds to wait for another writer; one batch of changes takes less than one."""
PAUSE = 0.02
"""Seconds between two tries to get a lock."""

_FOLDER = re.compile(r"g(\d{6,})")


class Store:
    """The folder of one address: the pointer, the generations, the locks."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._path = root / POINTER
        self._seen: tuple[int, int, int] | None = None
        self._pointer: Pointer | None = None

    def pointer(self) -> Pointer:
        """What is published now, read again whenever the file was replaced; IndexMissing before the first."""
        try:
            status = self._path.stat()
        except (FileNotFoundError, NotADirectoryError):
            raise nothing_published() from None
        seen = (status.st_ino, status.st_mtime_ns, status.st_size)
        pointer = self._pointer
        if pointer is None or seen != self._seen:
            pointer = msgspec.json.decode(self._path.read_bytes(), type=Pointer)
            # The content may be newer than `seen`; the next look then reads it once more.
            self._pointer, self._seen = pointer, seen
        return pointer

    def published(self) -> Pointer | None:
        """As `pointer`, None before the first publication."""
        try:
            return self.pointer()
        except IndexMissing:
            return None

    def replace_pointer(self, pointer: Pointer) -> None:
        """Publish: readers find the old file or the new one, also after a power cut."""
        temporary = self.root / f"{POINTER}.new"
        with temporary.open("wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(pointer)))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._path)
        _sync_folder(self.root)

    def folder(self, generation: str) -> Path:
        """Where a generation is kept."""
        return self.root / generation

    def new_name(self) -> str:
        """A name that no generation has or had."""
        numbers = [int(match[1]) for path in self.root.iterdir() if (match := _FOLDER.fullmatch(path.name))]
        pointer = self.published()
        for generation in (pointer.live, pointer.kept) if pointer else ():
            if generation is not None and (match := _FOLDER.fullmatch(generation.name)):
                numbers.append(int(match[1]))
        # The revision rises with every publication, so a number is not used again after its folder went.
        return f"g{max([*numbers, pointer.revision if pointer else 0], default=0) + 1:06d}"

    def clear(self) -> None:
        """Remove every generation but the live and the kept one; open readers keep their mapped files."""
        pointer = self.published()
        used = {g.name for g in (pointer.live, pointer.kept) if g is not None} if pointer else set()
        for path in self.root.iterdir():
            if _FOLDER.fullmatch(path.name) and path.name not in used:
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def locked(self, name: str, patience: float = PATIENCE) -> Iterator[None]:
        """Hold a lock of this folder against every other thread and process; it ends with the process."""
        self.root.mkdir(parents=True, exist_ok=True)
        handle = take_lock(self.root / name, fcntl.LOCK_EX, patience)
        try:
            yield
        finally:
            os.close(handle)

    @contextmanager
    def unchanging(self, patience: float = PATIENCE) -> Iterator[None]:
        """Share the switch lock: pointer and indexes belong together until the end of the block."""
        handle = take_lock(self.root / SWITCH_LOCK, fcntl.LOCK_SH, patience)
        try:
            yield
        finally:
            os.close(handle)


def take_lock(path: Path, mode: int, patience: float) -> int:
    """An open file descriptor that holds the lock; EngineBusy when others hold it too long."""
    flags = os.O_RDONLY if mode == fcntl.LOCK_SH and path.exists() else os.O_RDWR | os.O_CREAT
    handle = os.open(path, flags | os.O_CLOEXEC, 0o644)
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, mode | fcntl.LOCK_NB)
            return handle
        except BlockingIOError:
            if time.monotonic() >= end:
                os.close(handle)
                raise EngineBusy(
                    f"另一个进程正在写索引（{path.name}）；请等它结束后再试", retry_after=patience
                ) from None
        time.sleep(PAUSE)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
