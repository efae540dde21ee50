"""What do the cells of one row become? The hot path of an import: everything is prepared once per sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from indexers.catalog import Catalog
from indexers.errors import UsageError
from indexers.grammar import UNANSWERED, Column, RecordField, Template
from indexers.identifiers import USCC_LENGTH, is_uscc
from indexers.periods import end_periods
from indexers.records import Draft, EventDraft, RowOutcome, RowProblem, Value
from indexers.sheet_words import load_sheet_words
from indexers.validation.cells import ConverterMaker
from indexers.validation.parties import SEPARATING, Parties, sort_parties
from indexers.validation.persons import person_rows
from indexers.validation.remembering import NOT_SEEN, Finding, Trouble, ask_converter
from indexers.validation.rules import ROW_RULES, Noted, Refused, RowView, Surroundings
from indexers.validation.wrapping import Converter
from indexers.values import clean_name, clean_text, is_blank, split_values

_FROM_OLD_CODES = (
    "organisation_code",
    "tax_number",
    "registration_number",
    "institution_number",
    "social_number",
)
"""Columns in which a unified code stands once the five old codes were made one."""


_Reader = tuple[int, str, Converter, dict[str, object]]
"""One column: its place, its field, what reads it, and what its cells were before."""


class RowReader:
    """Reads the rows of one sheet by one template; `columns`: for each place its column or None.

    Raises UsageError for a constant that is unanswered or no value of its field.
    """

    def __init__(
        self,
        around: Surroundings,
        template: Template,
        header: Sequence[str],
        columns: Sequence[Column | None],
        sheet: str,
    ) -> None:
        catalog = around.catalog
        self._kind = catalog.kinds[template.kind]
        self._fields = catalog.fields_of(self._kind)
        self._privacy = around.catalog.privacy
        self._sheet = sheet
        self._lists = catalog.lists
        self._official = template.official
        maker = ConverterMaker(around, self._kind)
        self._readers: list[_Reader] = []
        self._names: list[int] = []
        self._person_index = -1
        self._party_index = -1
        self._person_numbers: list[int] = []
        self._labels: dict[str, str] = {}
        for index, column in enumerate(columns):
            if column is not None and column.to:
                self._take_column(index, header[index], column, maker)
        self._words = load_sheet_words(catalog.directory)
        self._today = around.today.isoformat()
        self._ended = self._columns_of_ends(header, columns)
        self._width = len(header)
        self._mapped = frozenset(field for _, field, _, _ in self._readers)
        self._shared = len(self._mapped) < len(self._readers)
        self._constants = self._read_constants(template, maker)
        self._default_list = _only_list(catalog, template.kind, self._fields)
        self._required = tuple(
            (column.to, index)
            for index, column in enumerate(columns)
            if column and column.required and column.to in self._mapped
        )
        self._minimum = tuple((item,) if isinstance(item, str) else item for item in self._kind.minimum)
        alone = {names[0] for names in self._minimum if len(names) == 1}
        self._always = alone | {name for name, _ in self._required}
        # one of several is settled by a name that must be there anyway
        several = [names for names in self._minimum if len(names) > 1]
        self._either = [names for names in several if self._always.isdisjoint(names)]
        names = self._fields.keys()
        self._rules = [(name, check) for name, (needs, check) in ROW_RULES.items() if needs <= names]
        self._texts = tuple(n for n, field in self._fields.items() if field.type == "text" and field.keep)
        self._watches_authority = self._kind.polarity == "adverse" or self._kind.group == "administration"

    def _take_column(self, index: int, label: str, column: Column, maker: ConverterMaker) -> None:
        field = self._fields[column.to]
        self._labels.setdefault(column.to, " ".join(label.split()))
        if field.keep:
            self._readers.append((index, column.to, maker.make(field, column), {}))
            if column.to == "party":
                self._party_index = index
            if column.day_to:
                self._labels.setdefault(column.day_to, " ".join(label.split()))
                day = maker.make_day(self._fields[column.day_to])
                self._readers.append((index, column.day_to, day, {}))
        elif field.type == "name":
            self._names.append(index)
        elif field.key == "identity_number":
            self._person_numbers.append(index)
        if field.key == "person_name":
            self._person_index = index

    def _columns_of_ends(
        self, header: Sequence[str], columns: Sequence[Column | None]
    ) -> tuple[tuple[int, str, Callable[[str], bool]], ...]:
        """Place and label of the columns that the template does not read and that may say that a record has ended or
        is for few eyes, and what tells whether a cell there does."""
        if self._kind.collection != "records":
            return ()
        labels = (" ".join(label.split()) for label in header)
        return tuple(
            (index, label, says_ended)
            for index, (label, column) in enumerate(zip(labels, columns, strict=True))
            if (column is None or column.drop)
            and (says_ended := self._words.test_of_end(label, self._kind.key, self._today)) is not None
        )

    def _tell_end(self, row: int, cells: Sequence[str]) -> RowProblem | None:
        for index, label, says_ended in self._ended:
            if says_ended(cells[index]):
                shown = self._privacy.mask(cells[index])
                return RowProblem(self._sheet, row, label, shown, "ended", _TAKEN_DOWN.format(label))
        return None

    def _read_constants(self, template: Template, maker: ConverterMaker) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for name, text in template.constants.items():
            if text == UNANSWERED:
                label = self._fields[name].label
                raise UsageError(f"映射文件还有没回答的键 {name}（{label}）；用 --set {name}=… 回答")
            try:
                value = maker.make(self._fields[name], Column(names=(name,), to=name))(text)
            except (Refused, Noted) as error:
                raise UsageError(f"映射文件 constants 里的 {name}：{error.message}") from error
            if value is not None:
                values[name] = value
        return values

    def read(self, row: int, cells: list[str]) -> RowOutcome | None:
        """The outcome of a row, None for one that does not count: no mapped column has a value in it."""
        if len(cells) < self._width:
            cells = cells + [""] * (self._width - len(cells))
        content: dict[str, Value] = {}
        findings: list[Finding] = []
        shared = self._shared
        for index, field, convert, memory in self._readers:
            delivered = cells[index]
            if not delivered:
                continue
            value = memory.get(delivered, NOT_SEEN)
            if value is NOT_SEEN:
                value = ask_converter(convert, memory, delivered)
            if value is None:
                continue
            if type(value) is Trouble:
                findings.append(Finding(field, delivered, value))
            elif shared and field in content:
                self._merge(content, field, value)
            else:
                content[field] = value  # type: ignore[assignment]
        beside = [*self._names_beside(cells), *self._representatives(cells)]
        if not content and not findings and not beside:
            return None
        if self._ended and (problem := self._tell_end(row, cells)):
            return RowOutcome(row, problems=(problem,))
        for name, constant in self._constants.items():
            content.setdefault(name, constant)
        return self._outcome(row, cells, content, findings, beside)

    def _merge(self, content: dict[str, Value], name: str, value: object) -> None:
        """Two columns for one field: joined where it may have several values (of ends, until `end_periods`), else the
        first one counts."""
        if self._fields[name].multiple or self._fields[name].earliest:
            both = [*_values(content[name]), *_values(value)]  # type: ignore[arg-type]
            content[name] = list(dict.fromkeys(both))

    def _names_beside(self, cells: list[str]) -> list[str]:
        if not self._names:
            return []
        delivered = (clean_name(cells[index]) for index in self._names if not is_blank(cells[index]))
        names = [name for text in delivered for name in split_values(text, "、;；,， ")]
        return [self._privacy.scrub(name) for name in names]

    def _representatives(self, cells: list[str]) -> list[str]:
        """Those whom the cell of the party says to act for it (经营者：…); hardly any cell has a sign of one."""
        party = cells[self._party_index] if self._party_index >= 0 else ""
        if not ("（" in party or "(" in party or "：" in party or ":" in party):
            return []
        return [
            self._privacy.scrub(name) for name in self._privacy.read_party(clean_text(party)).representatives
        ]

    def _outcome(
        self,
        row: int,
        cells: list[str],
        content: dict[str, Value],
        findings: list[Finding],
        beside: list[str],
    ) -> RowOutcome:
        for finding in findings:
            if not finding.trouble.refuses:
                self._place_noted(content, finding.trouble, finding.field)
        if "uscc" not in content and "uscc" in self._fields:
            self._promote_code(content)
        end_periods(content)
        if "party" not in self._fields:
            return self._finish(row, cells, content, findings, _ONE_PARTY, beside)
        party = content.get("party")
        if (
            isinstance(party, str)
            and not beside
            and "party_class" not in content
            and isinstance(content.get("uscc"), str)
            and SEPARATING.search(party) is None
        ):
            return self._finish(row, cells, content, findings, _ONE_PARTY, beside)
        has_number = any(finding.trouble.personal for finding in findings) or any(
            not is_blank(cells[index]) for index in self._person_numbers
        )
        person_names = beside if self._person_index >= 0 and not is_blank(cells[self._person_index]) else []
        is_register = self._kind.collection == "subjects"
        parties = sort_parties(content, person_names, has_number, self._privacy, is_register=is_register)
        if parties.persons and not parties.organisations and not parties.trouble:
            return self._withheld(row, content, parties.persons)
        return self._finish(row, cells, content, findings, parties, [*beside, *parties.persons])

    def _place_noted(self, content: dict[str, Value], trouble: Trouble, field: str) -> None:
        target = trouble.field or field
        if trouble.value and target in self._fields:
            content.setdefault(target, trouble.value)

    def _promote_code(self, content: dict[str, Value]) -> None:
        for name in _FROM_OLD_CODES:
            value = content.get(name)
            if isinstance(value, str) and len(value) == USCC_LENGTH and is_uscc(value):
                content["uscc"] = content.pop(name)
                return

    def _withheld(self, row: int, content: Mapping[str, Value], names: Sequence[str]) -> RowOutcome:
        if self._kind.collection == "subjects":
            problem = self._problem(row, "party", "", "person_profile", "主体登记信息只收单位，不收自然人")
            return RowOutcome(row, problems=(problem,))
        listed = str(content.get("list", self._default_list))
        persons = person_rows(self._kind.key, content, names, listed=listed, coded=len(names) == 1)
        return RowOutcome(row, persons=persons)

    def _finish(
        self,
        row: int,
        cells: Sequence[str],
        content: dict[str, Value],
        findings: list[Finding],
        parties: Parties,
        personal_names: Sequence[str],
    ) -> RowOutcome:
        problems: list[RowProblem] = []
        notes: list[RowProblem] = []
        for finding in findings:
            trouble = finding.trouble
            shown = self._privacy.placeholder if trouble.personal else self._privacy.mask(finding.delivered)
            told = self._problem(row, finding.field, shown, trouble.rule, trouble.message)
            (problems if trouble.refuses else notes).append(told)
        for field, rule, message in parties.trouble:
            may_be_person = parties.persons or not parties.organisations
            shown = self._privacy.placeholder if may_be_person else self._shown_party(content)
            problems.append(self._problem(row, field, shown, rule, message))
        in_trouble = {finding.field for finding in findings if finding.trouble.refuses}
        in_trouble |= {field for field, _, _ in parties.trouble}
        self._add_missing(row, cells, content, in_trouble, problems)
        self._add_broken_rules(row, content, parties, in_trouble, problems)
        if problems:
            return RowOutcome(row, problems=tuple(problems), notes=tuple(notes))
        if personal_names:
            self._remove_names(content, personal_names)
        return self._accepted(row, content, parties, tuple(notes))

    def _add_missing(
        self,
        row: int,
        cells: Sequence[str],
        content: Mapping[str, Value],
        told: set[str],
        problems: list[RowProblem],
    ) -> None:
        """Say what lacks; `told`: fields that have a problem already, to which these are added."""
        if self._always <= content.keys() and not self._either:
            return
        missing: list[tuple[str, str]] = []
        for names in self._minimum:
            if not any(name in content for name in names):
                labels = "、".join(self._fields[name].label for name in names)
                ask = f"{labels}至少要有一项" if len(names) > 1 else f"缺少{labels}"
                missing.append((names[0], f"{ask}；请补填"))
        for name, index in self._required:
            # 17 zeros and X in a required code column are an answer: there is none
            if name not in content and not (self._fields[name].type == "code" and not is_blank(cells[index])):
                missing.append((name, f"官方模板要求填写{self._fields[name].label}；请补填"))
        if not missing:
            return
        for name, message in missing:
            if name not in told and not (name == "list" and self._default_list):
                told.add(name)
                problems.append(self._problem(row, name, "", "required", message))

    def _add_broken_rules(
        self,
        row: int,
        content: Mapping[str, Value],
        parties: Parties,
        told: set[str],
        problems: list[RowProblem],
    ) -> None:
        view = RowView(content, self._mapped, self._official, self._words, self._lists)
        for name, check in self._rules:
            for field, message in check(view):
                if field in told:
                    continue
                delivered = content.get(field, "")
                shown = self._privacy.mask(delivered) if isinstance(delivered, str) else ""
                problems.append(self._problem(row, field, shown, name, message))
        authority = content.get("authority")
        if self._watches_authority and isinstance(authority, str):
            names = [name for name, _ in parties.organisations] or [""]
            own = content.get("party") if parties is _ONE_PARTY else None
            if authority in names or own == authority:
                message = "主体名称与决定机关相同；请检查这一行是否错了列"
                problems.append(self._problem(row, "party", authority, "party_is_authority", message))

    def _remove_names(self, content: dict[str, Value], names: Sequence[str]) -> None:
        for field in self._texts:
            value = content.get(field)
            if isinstance(value, str):
                content[field] = self._privacy.remove_name(value, names)
            elif value is not None:
                content[field] = [self._privacy.remove_name(item, names) for item in value]

    def _accepted(
        self, row: int, content: dict[str, Value], parties: Parties, notes: tuple[RowProblem, ...]
    ) -> RowOutcome:
        record_id = content.pop("record_id", "")
        if self._kind.collection == "events":
            return RowOutcome(row, events=(self._event(content, str(record_id)),), notes=notes)
        listed = content.setdefault("list", self._default_list) if "list" in self._fields else ""
        if not listed:
            content.pop("list", None)
        kind = self._kind.key
        if parties is _ONE_PARTY or not parties.organisations:
            return RowOutcome(row, (Draft(kind, content, str(listed), str(record_id)),), notes=notes)
        drafts = []
        for name, code in parties.organisations:
            own = {**content, "party": name}
            own.pop("uscc", None)
            if code:
                own["uscc"] = code
            drafts.append(Draft(kind, own, str(listed), str(record_id)))
        persons = person_rows(kind, content, parties.persons, listed=str(listed), coded=False)
        return RowOutcome(row, tuple(drafts), persons, notes=notes)

    def _event(self, content: dict[str, Value], record_id: str) -> EventDraft:
        event, on = str(content.pop("event", "")), str(content.pop("event_on", ""))
        kind = str(content.pop("kind", ""))
        if not kind and (listed := self._lists.get(str(content.get("list", "")))):
            kind = listed.kind
        return EventDraft(event, record_id, kind, content, on)

    def _shown_party(self, content: Mapping[str, Value]) -> str:
        party = content.get("party", "")
        shown = party if isinstance(party, str) else "；".join(party)
        return self._privacy.mask(shown)

    def _problem(self, row: int, field: str, shown: str, rule: str, message: str) -> RowProblem:
        label = self._labels.get(field) or self._fields[field].label
        return RowProblem(self._sheet, row, label, shown, rule, message)


_TAKEN_DOWN = (
    "这一行的“{}”说的是已经撤下或不公开的记录，或没有准许的申请；"
    "撤下的请用变更表（credit-search template events）报送，确是有效记录的，请清空这一格"
)

_ONE_PARTY = Parties()
"""The usual row: one organisation with a valid code, as its content says."""


def _values(value: Value) -> list[str]:
    return [value] if isinstance(value, str) else value


def _only_list(catalog: Catalog, kind: str, fields: Mapping[str, RecordField]) -> str:
    """The list that entries of this kind are on where only one list has its columns."""
    mine = [entry.key for entry in catalog.lists.values() if entry.kind == kind]
    return mine[0] if len(mine) == 1 and "list" in fields else ""
