"""By what is a delivered row recognised as a record that is already there?

The match key of a kind is data (`identity`). Subjects in a key compare by code, or by name where either side lacks
one, so each record has two keys; both are kept only as keyed hashes, so that an ended record can be recognised
after its content is erased.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from indexers.analysis import Analyzer
from indexers.grammar import RecordKind
from indexers.records import Draft, Value

SUBJECT_FIELD = "party"
"""The identity field that stands for the subject."""
NUMBER_FIELDS = frozenset({"document_number", "basis_number", "commitment_number"})
"""The identity fields that hold numbers of documents, which every department spells in its own way."""
_SIZE = 12
"""Bytes of a keyed hash: no two of 10^9 records share one by chance, and indexes of a million stay small."""

_REPEATED = 8_192
"""Normal forms kept of the parts of keys."""

_content_decoder: msgspec.json.Decoder[dict[str, Value]] = msgspec.json.Decoder(dict[str, Value])
_canonical = msgspec.json.Encoder(order="deterministic")


class Keys(msgspec.Struct, frozen=True):
    """Keyed hashes as text: the key with the party's name, with its code ("" without one), and of the content."""

    name: str
    code: str
    content: str


class KeyMaker:
    """Makes the keys of drafts under the ledger's secret."""

    def __init__(self, kinds: Mapping[str, RecordKind], analyzer: Analyzer, secret: bytes) -> None:
        self._kinds = kinds
        # Authorities and days come again by the thousand.
        self._normalize = lru_cache(maxsize=_REPEATED)(analyzer.normalize)
        self._analyzer = analyzer
        self._begun = hashlib.blake2b(key=secret, digest_size=_SIZE)

    def keys(self, draft: Draft, content: bytes, party: str) -> Keys:
        """Keys of a draft; `content` is its stored JSON, `party` the normal form of its party's name."""
        rest = self._rest(self._kinds[draft.kind], draft)
        code = draft.one("uscc")
        name_key = self.digest(f"{rest}\x1f{party}")
        code_key = self.digest(f"{rest}\x1f\x1f{code}") if code else ""
        return Keys(name_key, code_key, self._content_digest(draft, content, party))

    def digest(self, text: str) -> str:
        """The keyed hash of a text."""
        return self._hash(text.encode())

    def _hash(self, content: bytes) -> str:
        hashed = self._begun.copy()
        hashed.update(content)
        return urlsafe_b64encode(hashed.digest()).decode()

    def _rest(self, kind: RecordKind, draft: Draft) -> str:
        names = kind.identity
        if "document_number" in names and kind.identity_without_number and not draft.one("document_number"):
            names = kind.identity_without_number
        parts = [draft.kind, draft.list]
        parts.extend(self._part(name, draft) for name in names if name != SUBJECT_FIELD)
        return "\x1f".join(parts)

    def _part(self, name: str, draft: Draft) -> str:
        texts = draft.all(name)
        if name in NUMBER_FIELDS:
            numbers = self._analyzer.usual_document_numbers
            return "|".join(sorted({number for text in texts for number in numbers(text)}))
        return "|".join(self._normalize(text) for text in texts)

    def _content_digest(self, draft: Draft, content: bytes, party: str) -> str:
        """Equal for equal content; the party's name counts in its normal form (bracket widths vary)."""
        shown = draft.one(SUBJECT_FIELD)
        if shown and shown != party:
            content = content.replace(_canonical.encode(shown), _canonical.encode(party), 1)
        head = f"{draft.kind}\x1f{draft.list}\x1f".encode()
        return self._hash(head + content)


def encode_content(draft: Draft) -> bytes:
    """The content as the ledger keeps it: JSON with sorted keys, the same bytes for the same content."""
    return _canonical.encode(draft.content)


def decode_content(content: str) -> dict[str, Value]:
    """What `encode_content` wrote."""
    return _content_decoder.decode(content)


def row_hash(content: bytes) -> str:
    """The short public hash of a record's content, by which a saved copy can be proved (12 hex of SHA-256)."""
    return hashlib.sha256(content).hexdigest()[:12]
