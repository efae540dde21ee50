"""How is a data file of mappings/ written: the structs that its tables are read into."""

from __future__ import annotations

from typing import Literal

import msgspec

FieldType = Literal["keyword", "tokens", "int"]
ValueType = Literal["text", "name", "code", "date", "amount", "number", "choice", "url"]
KindCollection = Literal["subjects", "records", "library", "events"]
Polarity = Literal["adverse", "honour", "neutral"]
Take = Literal["", "day", "year", "yuan", "province", "city", "county", "prefixes", "section", "pinyin_order"]


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table in which an unknown key is an error."""


class TreeLevel(_Strict, frozen=True):
    """One level of a tree of digits, as cities are of regions: `field` holds every prefix, this level has `digits`."""

    field: str
    digits: int


class IndexField(_Strict, frozen=True, rename={"collections": "in", "source": "from"}):
    """A table of fields.toml: one field of the index. `key` is its heading."""

    label: str
    type: FieldType
    collections: tuple[str, ...]
    key: str = ""
    multiple: bool = False
    positions: bool = False
    filter: bool = False
    sort: bool = False
    facet: tuple[str, ...] = ()
    source: str = ""
    take: Take = ""
    labels: str = ""
    tree: TreeLevel | None = None
    label_in: dict[str, str] = {}

    @property
    def is_year(self) -> bool:
        """Whether its whole numbers are years, and no sums or days."""
        return self.take == "year"

    def label_of(self, collection: str) -> str:
        """What people read for it where documents of this collection are meant."""
        return self.label_in.get(collection, self.label)


class RecordField(_Strict, frozen=True):
    """One field of a record: a table of record_fields.toml, or of `[own]` in a kind file.

    A field is not public unless it says so. `keep = false` means that a column of this meaning is known, and
    dropped before anything is kept. `aliases` maps delivered words to choices. `lenient`: another word is left out
    with a note, where it would refuse the row. `earliest`: an end that several columns of a sheet may give, of which
    the first to come counts. `number`: the number of a paper, by which a document is found. `labels`: the code table
    whose words its values are shown with, regions or industries.
    """

    label: str
    type: ValueType = "text"
    key: str = ""
    public: bool = False
    body: bool = False
    keep: bool = True
    multiple: bool = False
    earliest: bool = False
    unit: str = ""
    labels: Literal["", "regions", "industries"] = ""
    choices: dict[str, str] = {}
    aliases: dict[str, str] = {}
    rules: tuple[str, ...] = ()
    lenient: bool = False
    number: bool = False
    explain: str = ""


class RecordKind(_Strict, frozen=True):
    """A file of kinds/: what one kind of record is made of and how it is treated.

    `minimum`: what any sheet must give; an inner list means one of them. `identity`: the match key;
    `ends_on`: date fields (an exit) and `ended_status`: states (revoked) that end publicity before its period does.
    `identity_without_number` where the row has no document number. `matter`: where the title comes from, first
    that is not empty. `grade_from`: fields whose words tell the grade; of a sum of money above zero, its label.
    `publicity`: a rule of publicity.toml. `on_card`: fields that stand beside the title wherever a record is a hit.
    `repair`: where and how an entry is taken out, for visitors; none: credit repair at the portal.
    """

    key: str
    label: str
    collection: KindCollection
    group: str
    order: int
    fields: tuple[str, ...]
    polarity: Polarity = "neutral"
    public: bool = True
    source_class: str = "administrative"
    sector: str = ""
    publicity: str = "open"
    identity: tuple[str, ...] = ()
    identity_without_number: tuple[str, ...] = ()
    matter: tuple[str, ...] = ()
    minimum: tuple[str | tuple[str, ...], ...] = ()
    grade_from: tuple[str, ...] = ()
    ends_on: tuple[str, ...] = ()
    ended_status: tuple[str, ...] = ()
    on_card: tuple[str, ...] = ()
    status: str = ""
    labels: dict[str, str] = {}
    own: dict[str, RecordField] = {}
    repair: str = ""
    explain: str = ""
    when_empty: str = ""


class ListKind(_Strict, frozen=True):
    """A file of lists/: one red or black list. `kind` names the record kind whose columns its entries use.

    `repair`: as in its kind, where it differs. `word`: what its tag says, where that is not the word of its polarity.
    `grade`: pattern of the grades of those on it, where sheets hold all who were graded.
    """

    key: str
    label: str
    polarity: Polarity
    kind: str
    sector: str
    source_class: str
    authority: str
    basis: str
    standard: str
    content: str
    publication: str
    measures: tuple[str, ...]
    withdrawal: str
    order: int
    publicity: str = ""
    repair: str = ""
    word: str = ""
    grade: str = ""
    aliases: tuple[str, ...] = ()
    public: bool = True


class Column(_Strict, frozen=True):
    """One column of a sheet. `to` names a record field; `drop = true` reads nothing from it.

    `split`: characters that part several values in a cell. `amount`: unit the plain number stands in (元, 万元).
    `values`: delivered value → value of the field, before anything else is read from it. `day_to`: the field of the
    day that stands in the same cell (机关和日期).
    """

    names: tuple[str, ...]
    to: str = ""
    drop: bool = False
    required: bool = False
    split: str = ""
    amount: str = ""
    values: dict[str, str] = {}
    day_to: str = ""


class Template(_Strict, frozen=True):
    """A file of templates/, or a deployer's own mapping: how a sheet's columns become a kind's fields.

    `sheets`: names (or parts of names) of the sheets it is for; none means any. `constants`: fields that are
    the same in every row; the value `?` is a question that must be answered before an import.
    """

    key: str
    label: str
    kind: str
    columns: tuple[Column, ...]
    version: str = ""
    official: bool = False
    sheets: tuple[str, ...] = ()
    header_row: int = 0
    constants: dict[str, str] = {}


class Ranking(_Strict, frozen=True):
    """The file ranking.toml: states of subjects that are not live, weights of classes of organisations."""

    not_live: tuple[str, ...]
    weight: dict[str, int]


MOST_WEIGHT = 255
"""A weight is eight bits of the number that subjects are ranked by; above them stand head offices and live ones."""

UNANSWERED = "?"
"""The value of a constant that a mapping leaves open."""
