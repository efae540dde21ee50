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

from indexers.engines.published import NAME_FORM, Pointer, names_in_use, new_name, nothing_published
from indexers.errors import EngineBusy, IndexBroken, IndexMissing

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

_FOLDER = re.compile(NAME_FORM)

Seen = tuple[int, int, int]
"""Inode, time of change, size of the pointer's file."""


class Store:
    """The folder of one address: the pointer, the generations, the locks."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._path = root / POINTER
        # One attribute: threads that read the file at the same time must never pair one's pointer with another's look.
        self._read: tuple[Seen, Pointer] | None = None

    def pointer(self) -> Pointer:
        """What is published now, read again whenever the file was replaced; IndexMissing before the first
        publication, IndexBroken where the file is damaged."""
        try:
            status = self._path.stat()
        except (FileNotFoundError, NotADirectoryError):
            raise nothing_published() from None
        seen = (status.st_ino, status.st_mtime_ns, status.st_size)
        read = self._read
        if read is None or read[0] != seen:
            # The content may be newer than `seen`; the next look then reads it once more.
            read = seen, self._decode()
            self._read = read
        return read[1]

    def _decode(self) -> Pointer:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Pointer)
        except ValueError as error:
            raise IndexBroken(
                f"索引的发布记录 {self._path} 已损坏（{error}）；请运行 credit-search rebuild"
            ) from error

    def published(self) -> Pointer | None:
        """As `pointer`, None before the first publication."""
        try:
            return self.pointer()
        except IndexMissing:
            return None

    def replaceable(self) -> Pointer | None:
        """As `published`, None too where the pointer is damaged: whoever puts a new one in its place goes on."""
        try:
            return self.published()
        except IndexBroken:
            return None

    def replace_pointer(self, pointer: Pointer) -> None:
        """Publish: readers find the old file or the new one, also after a power cut."""
        replace_file(
            self._path, msgspec.json.format(msgspec.json.encode(pointer)), self.root / f"{POINTER}.new"
        )

    def folder(self, generation: str) -> Path:
        """Where a generation is kept."""
        return self.root / generation

    def new_name(self) -> str:
        """A name that no generation has or had."""
        return new_name((path.name for path in self._folders()), self.replaceable())

    def clear(self) -> None:
        """Remove every generation but the live and the kept one; open readers keep their mapped files.

        Nothing is removed while the pointer is damaged: nobody knows which they are.
        """
        try:
            used = names_in_use(self.published())
        except IndexBroken:
            return
        for path in self._folders():
            if path.name not in used:
                shutil.rmtree(path, ignore_errors=True)

    def _folders(self) -> list[Path]:
        return [path for path in self.root.iterdir() if _FOLDER.fullmatch(path.name)]

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


def replace_file(path: Path, content: bytes, temporary: Path) -> None:
    """Put a file whole in the place of another, on the disk before it returns; `temporary` is in the same folder."""
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
