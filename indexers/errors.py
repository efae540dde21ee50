"""Which errors can leave this package?

    CreditSearchError
    ├── CatalogError            mappings/ cannot be used: every error of every file at once
    ├── UsageError              wrong call, missing file, unusable setting, unanswered key of a mapping (exit 2)
    ├── SheetError              a file or sheet cannot be read at all
    ├── LedgerError             the ledger cannot be opened or is of another version
    ├── PublishError            a gate refused a build, or a rollback is not possible
    │   └── OtherLedger         the index does not follow this ledger, or follows what this copy of it lost
    └── EngineError
        ├── EngineDown          no connection
        ├── EngineTimeout       no answer within the deadline
        ├── EngineBusy          429 or 503 of a server; `retry_after` seconds
        ├── IndexMissing        no published generation
        ├── IndexBroken         what is published cannot be read any more; a rebuild replaces it
        ├── FingerprintMismatch published under another analyzer or other fields
        ├── BadQuery            refused by the contract: a page too deep, too many values
        ├── AuthFailed          401 or 403 of a server
        ├── WrongVersion        a server outside the tested range
        └── Partial             an answer that is not whole

A bad row is not an error of this tree but a `RowProblem` (records.py).
"""

from __future__ import annotations

from collections.abc import Sequence


class CreditSearchError(Exception):
    """Anything this package raises on purpose; `str()` is a sentence for the operator."""


class CatalogError(CreditSearchError):
    """mappings/ cannot be used; `errors` holds one sentence per fault, each with its file."""

    def __init__(self, errors: Sequence[str]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(self.errors))


class UsageError(CreditSearchError):
    """The call cannot be carried out as given."""


class SheetError(CreditSearchError):
    """A delivered file or sheet cannot be read."""


class LedgerError(CreditSearchError):
    """The ledger cannot be used."""


class PublishError(CreditSearchError):
    """A build or rollback was refused; what is live stays live."""


class OtherLedger(PublishError):
    """The index was made from another ledger, or from changes that were lost when this one was put back from a copy."""


class EngineError(CreditSearchError):
    """The search engine did not answer as promised."""


class EngineDown(EngineError):
    """No connection to the engine."""


class EngineTimeout(EngineError):
    """No answer within the deadline."""


class EngineBusy(EngineError):
    """The engine asks to come back later."""

    def __init__(self, message: str, retry_after: float = 1.0) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class IndexMissing(EngineError):
    """Nothing has been published yet."""


class IndexBroken(EngineError):
    """A published generation, or what tells which one is, is damaged; everything in it is in the ledger too."""


class FingerprintMismatch(EngineError):
    """What is published was analysed in another way than this process analyses."""


class BadQuery(EngineError):
    """The contract refuses this query."""


class AuthFailed(EngineError):
    """The engine refused the key or password."""


class WrongVersion(EngineError):
    """The server is not of a version this adapter was tested with."""


class Partial(EngineError):
    """The engine answered for a part of the data only."""
