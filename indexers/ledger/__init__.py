"""What has been accepted, for ever: records, subjects, events with numbers, batches and their problems."""

from indexers.ledger.events import erase_ended, record_event
from indexers.ledger.settling import Settlement, save_report, settle
from indexers.ledger.staging import Batch
from indexers.ledger.store import Ledger, check_address, is_there

__all__ = [
    "Batch",
    "Ledger",
    "Settlement",
    "check_address",
    "erase_ended",
    "is_there",
    "record_event",
    "save_report",
    "settle",
]
