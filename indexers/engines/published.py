"""What does an engine say about its published generations: the pointer, the same on every engine?"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import TypeVar

import msgspec

from indexers.documents import Packed, Upsert
from indexers.engines.base import KEPT, LIVE, Applied, EngineStatus, GenerationStatus
from indexers.engines.fitting import Form
from indexers.errors import FingerprintMismatch, IndexMissing, PublishError
from indexers.query import DataVersion

NAME_FORM = r"g\d{6,}(?:-[0-9a-f]{8})?"
"""What generations are called; the random end came later, so that older ones have none."""


class Generation(msgspec.Struct, frozen=True):
    """A published generation. `content` is another number after every commit to it (`new_content`), `counts` are
    searchable documents."""

    name: str
    fingerprint: str
    applied: Applied
    counts: dict[str, int]
    content: int = 0

    @property
    def state(self) -> str:
        """Names this generation in its present content: what answers may be kept under. No other content has or
        had it, also not after the index was deleted and built again, or put back from a copy."""
        return f"{self.name}.{self.content}"

    def version(self, revision: int) -> DataVersion:
        """Which state of the data it holds, as published under a revision."""
        return DataVersion(self.name, revision, self.applied.at, self.content)

    def status(self) -> GenerationStatus:
        """What people are told of it."""
        return GenerationStatus(self.name, self.fingerprint, self.applied, self.counts)


def new_name(there: Iterable[str], pointer: Pointer | None) -> str:
    """A name that no generation has or had, beside those that are `there`.

    The number tells people which is newer. The end is random: where an index was deleted, numbers begin again, and a
    running site would take a new generation for the one that it has open.
    """
    used = [*there, *names_in_use(pointer)]
    numbers = [int(name[1:].partition("-")[0]) for name in used if re.fullmatch(NAME_FORM, name)]
    newest = max([*numbers, pointer.revision if pointer else 0], default=0)
    return f"g{newest + 1:06d}-{secrets.token_hex(4)}"


def names_in_use(pointer: Pointer | None) -> set[str]:
    """The names of the live and the kept generation."""
    return {g.name for g in (pointer.live, pointer.kept) if g is not None} if pointer else set()


def new_content() -> int:
    """What a commit makes of `Generation.content`; random for the same reason as the end of a name."""
    return 1 + secrets.randbits(48)


G = TypeVar("G", Generation, GenerationStatus)


class Pointer(msgspec.Struct, frozen=True):
    """What is published. `revision` only rises."""

    revision: int
    live: Generation
    kept: Generation | None = None

    def generation(self, which: str) -> Generation:
        """The live or the kept generation; IndexMissing where there is none."""
        found = {LIVE: self.live, KEPT: self.kept}.get(which)
        if found is None:
            raise IndexMissing("没有保留的上一代索引")
        return found

    def fitting(self, fingerprint: str) -> Generation:
        """The generation that a process with this fingerprint can read: the live one, else the kept one."""
        return choose_fitting((self.live, self.kept), fingerprint)

    def with_written(self, which: str, generation: Generation) -> Pointer:
        """The pointer after a write to the live or the kept generation."""
        live, kept = (generation, self.kept) if which == LIVE else (self.live, generation)
        return Pointer(self.revision + 1, live, kept)

    def without_kept(self) -> Pointer:
        """The pointer without the kept generation."""
        return Pointer(self.revision + 1, self.live)

    def rolled_back(self, fingerprint: str) -> Pointer:
        """The pointer with live and kept swapped; PublishError where that is not possible."""
        if self.kept is None:
            raise PublishError("没有保留的上一代索引，无法回退")
        if self.kept.fingerprint != fingerprint:
            raise PublishError("上一代索引是用另一套词表或字段建立的，与当前程序不符，无法回退")
        return Pointer(self.revision + 1, self.kept, self.live)


def choose_fitting(generations: Iterable[G | None], fingerprint: str) -> G:
    """The first generation that a process with this fingerprint can read; an EngineError where there is none."""
    published = [generation for generation in generations if generation is not None]
    if not published:
        raise nothing_published()
    for generation in published:
        if generation.fingerprint == fingerprint:
            return generation
    raise FingerprintMismatch(
        "索引是用另一套词表或数据定义建立的，与当前程序不符；请运行 credit-search rebuild 重建索引"
    )


def after_publishing(old: Pointer | None, generation: Generation) -> Pointer:
    """The pointer with a new live generation; the old one is kept."""
    return Pointer(next_revision(old), generation, old.live if old else None)


def next_revision(pointer: Pointer | None) -> int:
    """The revision under which the next change is published."""
    return pointer.revision + 1 if pointer else 1


def refuse_in_build(is_build: bool) -> None:
    """PublishError where an engine that reads a build is asked to change something."""
    if is_build:
        raise PublishError("这是一份尚未发布的索引，只能查询")


def nothing_published() -> IndexMissing:
    """What is raised before the first publication."""
    return IndexMissing("还没有发布过索引；请先导入数据并运行 credit-search sync")


def write_document(operation: Upsert | Packed, form: Form | None) -> bytes:
    """The document as its engine takes it. Without a form, that of a generation made under another fingerprint,
    FingerprintMismatch; Unfit as `Form.body`."""
    if form is None:
        raise FingerprintMismatch(
            "索引是用另一套词表或数据定义建立的，不能写入新内容；请运行 credit-search rebuild"
        )
    return form.body(operation)


def engine_status(engine: str, version: str, pointer: Pointer | None) -> EngineStatus:
    """What an engine tells of itself, from its name, its server's version and the pointer, if there is one yet."""
    return EngineStatus(
        engine=engine,
        version=version,
        revision=pointer.revision if pointer else 0,
        live=pointer.live.status() if pointer else None,
        kept=pointer.kept.status() if pointer and pointer.kept else None,
    )
