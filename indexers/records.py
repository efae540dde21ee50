"""What does one row of a delivered sheet become?"""

from __future__ import annotations

import msgspec

Value = str | list[str]
"""A field of a record: text, an ISO date, an amount in 元 as a decimal string; a list where several were given."""

OPEN_DATE = "9999-12-31"
"""An open-ended date (delivered as 长期, 2099/12/31 …)."""

ENDINGS = ("repaired", "withdrawn", "revoked", "annulled", "exited")
REINSTATED = "reinstated"
EVENT_NAMES = (*ENDINGS, REINSTATED)
"""What can happen to a record after it was accepted."""

PERSON, EVENT = "person", "event"
"""Where staged rows belong that make no document: a natural person's, and what ends a record."""
NATURAL_PERSON = "natural_person"
"""Why a row about a person is not public, and a record that such a row corrects."""


class RowProblem(msgspec.Struct, frozen=True):
    """Why a row was refused, or what the clerk should look at; `row` as the spreadsheet shows it (0: the sheet).

    `value` is masked where it may be personal. `rule` names the rule, `message` says what to do.
    """

    sheet: str
    row: int
    column: str
    value: str
    rule: str
    message: str


class Draft(msgspec.Struct, frozen=True):
    """One record that a row makes, checked and scrubbed, not yet in the ledger.

    `content` holds every kept field of the kind that has a value, by field name, `party` and `uscc` included;
    `list` is the key of the list it is an entry of, or "". `record_id` is what the column 记录编号 gave, or "".
    """

    kind: str
    content: dict[str, Value]
    list: str = ""
    record_id: str = ""

    def one(self, field: str) -> str:
        """The first value of a field, "" where there is none."""
        value = self.content.get(field, "")
        return value if isinstance(value, str) else value[0]

    def all(self, field: str) -> tuple[str, ...]:
        """All values of a field."""
        value = self.content.get(field)
        if value is None:
            return ()
        return (value,) if isinstance(value, str) else tuple(value)


class PersonRow(msgspec.Struct, frozen=True):
    """A row about a natural person: `text` is only ever fed to the keyed hash and kept nowhere.

    `draft` is what the row would be of an organisation; all that is taken from it are the keys by which the row may
    correct a record: without its record id only if `is_stated`, since the form of a name is no correction.
    """

    text: str
    draft: Draft
    is_stated: bool


class EventDraft(msgspec.Struct, frozen=True):
    """One row of an event sheet: repaired, withdrawn, revoked, annulled, exited or reinstated.

    The record is named by `record_id`, or by `kind` and the key fields in `content`. `on` is an ISO date or "".
    """

    event: str
    record_id: str = ""
    kind: str = ""
    content: dict[str, Value] = {}
    on: str = ""


class RowOutcome(msgspec.Struct, frozen=True):
    """What a row came to. With a refusing problem it has no drafts; `notes` are problems that refuse nothing."""

    row: int
    drafts: tuple[Draft, ...] = ()
    persons: tuple[PersonRow, ...] = ()
    events: tuple[EventDraft, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[RowProblem, ...] = ()


class StagedRecord(msgspec.Struct, frozen=True, array_like=True):
    """What the ledger keeps of a draft beside its content; the names are those of columns of its table `staged`.

    `collection` is that of the kind, or `person` (only keyed hashes and a record id are set), or `event`.
    `arrives_withheld`: why it is not public on arrival, or "".
    """

    kind: str
    collection: str
    key_name: str
    content_digest: str
    list: str = ""
    polarity: str = "neutral"
    party: str = ""
    party_norm: str = ""
    other_names: str = ""
    uscc: str = ""
    organisation_code: str = ""
    registration_number: str = ""
    key_code: str = ""
    decided_on: str = ""
    visible_from: int = 0
    visible_until: int = 0
    repairable_from: str = ""
    rule: str = ""
    grade: str = ""
    grade_assumed: int = 0
    withheld: str = ""
    row_hash: str = ""
    arrives_withheld: str = ""
    record_id: str = ""


class EventContent(msgspec.Struct, frozen=True):
    """What a staged event row carries: the name of an event and an ISO date."""

    event: str
    on: str


class SheetReading(msgspec.Struct, frozen=True):
    """One sheet as it will be imported. `refused`: why all of its rows are; `notes`: what refuses nothing."""

    file: str
    sheet: str
    kind: str = ""
    template: str = ""
    refused: tuple[RowProblem, ...] = ()
    notes: tuple[RowProblem, ...] = ()


class SheetAccount(msgspec.Struct):
    """The account of one sheet: rows = accepted + unchanged + rejected, always.

    `left_out` counts rows that are none of these, such as sums and notes below a table; `left_out_rows` are the first.
    """

    sheet: str
    kind: str = ""
    template: str = ""
    rows: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    withheld: int = 0
    left_out: int = 0
    left_out_rows: list[int] = []


class FileAccount(msgspec.Struct):
    """The account of one file; `records` counts what its accepted rows made or changed."""

    file: str
    sheets: list[SheetAccount] = []
    rows: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    withheld: int = 0
    withheld_by: dict[str, int] = {}
    records: int = 0
    amended: int = 0
    problems: list[RowProblem] = []
    problems_left_out: int = 0
    notes: list[RowProblem] = []


class ImportReport(msgspec.Struct):
    """What `import` and `check` tell: every row of every file accounted for."""

    files: list[FileAccount] = []
    applied: bool = True
    seconds: float = 0.0
