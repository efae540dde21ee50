"""Which mapping would read a department's own sheet: what is sure is written, the rest is asked?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path

from indexers.addresses import is_address, show_address
from indexers.catalog import Catalog
from indexers.errors import SheetError, UsageError
from indexers.folding import fold_label
from indexers.forms import read_form
from indexers.grammar import UNANSWERED
from indexers.guessing import ColumnGuesser, Guess, Table, with_values
from indexers.guessing_kinds import KindGuess, KindGuesser
from indexers.guessing_sheets import SheetChoice, SheetTable, choose_sheets
from indexers.headers import MOST_HEADER_ROWS, headers_from, one_line
from indexers.identifiers import is_uscc
from indexers.label_words import LabelWords, label_reader
from indexers.privacy import Privacy
from indexers.readers import BETWEEN_OBJECTS, MOST_LABELS, Row, Sheet, fill_merged, open_source
from indexers.values import read_date

_SAMPLE = 300
_HEADER_WITHIN = 30
_FEWEST_DIGITS = 5
"""Digits that no label has: the longest number in one is a year."""
_DECISION = re.compile(r"[^\s()（）]{1,20}[〔\[【﹝(（]\d{4}[〕\]】﹞)）][第\d-]+号?")


def draft_mapping(
    source: str | Path,
    catalog: Catalog,
    answers: Mapping[str, str] | None = None,
    *,
    query: str = "",
    sheet: str = "",
) -> str:
    """A mapping for the sheets of a file, as TOML; `answers` fills constants and `kind`, or names columns.

    Sheets of another kind or list than the first are left out and told of; `sheet` is the one that is wanted. What
    the sheets cannot tell and a kind needs stands as ``"?"``, the kind too. Raises SheetError where there is no
    table, UsageError for an answer that is no field of the kind and for a sheet that is not there.
    """
    known = dict(answers or {})
    privacy = catalog.privacy
    words = LabelWords(catalog)
    name = _name_of(str(source), privacy)
    tables = _read_tables(str(source), query, name, label_reader(catalog, words), privacy)
    listed = known.get("list", "")
    choice = choose_sheets(tables, KindGuesser(catalog, words), known.pop("kind", ""), listed, sheet)
    guess, kind = choice.guess, choice.guess.kind
    constants = dict(guess.constants)
    if choice.is_list_open:
        constants.pop("list", None)
    strange = [key for key in known if key not in kind.fields]
    if strange:
        raise UsageError(f"--set 里的 {'、'.join(strange)} 不是 {kind.key} 的字段")
    said = _columns_said(known, choice.table)
    columns = ColumnGuesser(catalog, words, kind, guess.fit, privacy).guess(choice.table, said)
    known = {key: value for key, value in known.items() if key not in said.values()}
    constants |= known
    mapped = {name for column in columns for name in (column.to, column.day_to) if name}
    open_keys = {group[0]: group[1:] for group in catalog.lacking(kind, mapped | constants.keys())}
    constants |= dict.fromkeys(open_keys, UNANSWERED)
    constants = {key: value for key, value in constants.items() if key in known or key not in mapped}
    return _written(catalog, choice, _label_of(str(source), name), columns, constants, open_keys)


def _columns_said(answers: Mapping[str, str], table: Table) -> dict[str, str]:
    """The fields by the labels that were answered for them: no row has a label for a value. UsageError for a party that
    would be that of all rows."""
    labels = {fold_label(label): label for label in table.labels}
    said = {labels[folded]: key for key, value in answers.items() if (folded := fold_label(value)) in labels}
    if "party" in answers and "party" not in said.values():
        raise UsageError(f"表里没有“{answers['party']}”这一列；--set party=… 要写主体名称那一列的列名")
    return said


# --- reading ----------------------------------------------------------------------------------------------


def _name_of(source: str, privacy: Privacy) -> str:
    """What a source is called where people read it: without secrets of an address, and without a person's number."""
    if is_address(source):
        return show_address(source).partition("?")[0]
    return privacy.scrub(show_address(Path(source).name))


def _label_of(source: str, name: str) -> str:
    return name if is_address(source) else Path(name).stem


def _read_tables(
    source: str, query: str, name: str, meaning_of: Callable[[str], str], privacy: Privacy
) -> list[SheetTable]:
    """The sheets that have a header, each with its columns and the words around it."""
    tables: list[SheetTable] = []
    for sheet in open_source(source, query=query):
        header, below, above = _read_header(sheet, meaning_of)
        if any(map(privacy.contains_personal, header)):
            continue  # a row of data: a table without a header
        labels: dict[str, list[str]] = {}
        for index, label in enumerate(header):
            if label.strip():
                column = with_values([cells[index] for cells in below if index < len(cells)])
                labels.setdefault(" ".join(label.split()), []).extend(column)
        if len(labels) > MOST_LABELS:
            raise SheetError(f"{name}：有 {len(labels)} 个列名，不像一张表格；请删去多余的列")
        if labels:
            sheet_name = privacy.scrub(sheet.name)
            tables.append(
                SheetTable(sheet_name, Table(labels, (*above, sheet_name), _label_of(source, name)))
            )
    if not tables:
        raise SheetError(f"{name}：没有找到带表头的表格；请在数据上面加一行列名")
    return tables


def _read_header(
    sheet: Sheet, meaning_of: Callable[[str], str]
) -> tuple[Sequence[str], list[list[str]], list[str]]:
    """(labels, the sampled rows below, what stands above) of a sheet; no labels where there is no table."""
    rows = list(islice(sheet.rows, _SAMPLE))
    if sheet.header:
        return sheet.header, [list(map(_first_object, cells)) for _, cells in rows], []
    if form := read_form(rows, meaning_of):
        return form.labels, [cells for _, cells in form.rows], _words_of(rows[:1])
    place = _header_place([cells for _, cells in rows[:_HEADER_WITHIN]], meaning_of)
    if place is None:
        return (), [], []
    first, numbers, header = _whole_header(rows, place)
    below = [cells for number, cells in fill_merged(rows, sheet.merged, numbers[-1]) if number > numbers[-1]]
    return header, below, _words_of(rows[:first])


def _first_object(cell: str) -> str:
    """What the first object says of several in a row that says something."""
    return next(filter(None, cell.split(BETWEEN_OBJECTS)), "")


def _whole_header(rows: Sequence[Row], place: int) -> tuple[int, range, list[str]]:
    """Where a header begins that has the row at `place` in it, the numbers of its rows, and its labels."""
    for first in range(max(0, place + 1 - MOST_HEADER_ROWS), place):
        *_, (numbers, header) = headers_from(rows[first:])
        if rows[place][0] in numbers:
            return first, numbers, header
    *_, (numbers, header) = headers_from(rows[place:])
    return place, numbers, header


def _words_of(rows: Sequence[Row]) -> list[str]:
    return [cell for _, cells in rows for cell in cells if cell.strip()]


def _header_place(rows: Sequence[Sequence[str]], meaning_of: Callable[[str], str]) -> int | None:
    """The row with the most known labels; else the first of the widest rows; of rows that hold data only if all do."""

    def score(cells: Sequence[str]) -> tuple[bool, int, int]:
        labels = [cell for cell in cells if cell.strip()]
        known = sum(map(bool, map(meaning_of, labels))) if len(labels) > 1 else 0
        return not any(map(_is_data, labels)), known, len(set(labels))

    scores = [score(cells) for cells in rows]
    best = max(scores, default=(False, 0, 0))
    place = scores.index(best) if best[2] else None
    return None if place is None or any(map(_is_of_a_record, rows[place])) else place


def _is_of_a_record(cell: str) -> bool:
    """Whether a cell certainly belongs to a record: a code of an organisation, or the number of a decision."""
    return is_uscc(cell) or _DECISION.fullmatch(cell.strip()) is not None


def _is_data(cell: str) -> bool:
    """Whether no label looks so: a day, or a code, a number of a document or a person, an amount."""
    return sum(map(str.isdigit, cell)) >= _FEWEST_DIGITS or read_date(cell) is not None


# --- writing ----------------------------------------------------------------------------------------------


def _written(
    catalog: Catalog,
    choice: SheetChoice,
    name: str,
    columns: Sequence[Guess],
    constants: Mapping[str, str],
    open_keys: Mapping[str, Sequence[str]],
) -> str:
    guess = choice.guess
    fields = catalog.fields_of(guess.kind)
    lines = [
        f"# {guess.kind.label}：由 draft-mapping 起草，请核对每一行再导入。",
        *_sheet_lines(catalog, choice),
        f"label = {_quoted(name)}",
        *_kind_lines(guess),
        "columns = [",
    ]
    lines += [_line(column, fields[column.to].label if column.to else "") for column in columns]
    lines += ["]", "", "# 每一行都相同的值；“?”是还要回答的问题，也可以用 --set 键=值 回答。", "[constants]"]
    if choice.is_list_open and constants.get("list") == UNANSWERED:
        lines.append("# 几张工作表说的名单不一样；不都在同一个名单上的，请用 --sheet 逐张起草。")
    for key, value in constants.items():
        told = _advice(catalog, guess, key, open_keys[key]) if value == UNANSWERED else ""
        lines.append(f"{key} = {_quoted(value)}  # {fields[key].label}{told}")
    settled = constants.keys() | {column.to for column in columns}
    if "party_class" in fields and "party_class" not in settled:
        lines.append('# party_class = "法人及非法人组织"  # 全表都是单位时可写上；有个人时不要写')
    return "\n".join(lines) + "\n"


def _sheet_lines(catalog: Catalog, choice: SheetChoice) -> list[str]:
    """Which sheets the mapping is for, and what to do with the others."""
    if not choice.sheets:
        return []
    lines = ["# 只用于下面 sheets 里的工作表；别的工作表不是同一类或同一名单，导入时不读："]
    for name, guess in choice.others:
        lines.append(f"#   {one_line(name)}：{_told(catalog, guess)}")
    lines.append("# 请用 draft-mapping --sheet 工作表名 为它们另外起草，导入时每个映射文件各导入一次。")
    return [*lines, f"sheets = [{', '.join(map(_quoted, choice.sheets))}]"]


def _told(catalog: Catalog, guess: KindGuess | None) -> str:
    if guess is None:
        return "看不出是哪一类"
    kinds = "或".join(f"{kind.key}（{kind.label}）" for kind in (guess.kind, *guess.rivals))
    return f"像是 {kinds}" + (
        f"，名单 {guess.list}（{catalog.lists[guess.list].label}）" if guess.list else ""
    )


def _kind_lines(guess: KindGuess) -> list[str]:
    if not guess.rivals:
        return [f"kind = {_quoted(guess.kind.key)}"]
    offered = "、".join(f"{kind.key}（{kind.label}）" for kind in (guess.kind, *guess.rivals))
    return [
        f"# 分不清是哪一类：{offered}。",
        f"# 请用 draft-mapping --set kind=… 重新起草；下面的列是按“{guess.kind.label}”起草的。",
        f"kind = {_quoted(UNANSWERED)}",
    ]


def _line(guess: Guess, label: str) -> str:
    names = f"names = [{', '.join(map(_quoted, (guess.label, *guess.others)))}]"
    comment = guess.why or label
    if guess.drop:
        return f"    {{ {names}, drop = true }},  # {comment}"
    more = "".join(
        f", {key} = {_quoted(value)}"
        for key, value in (("amount", guess.amount), ("split", guess.split), ("day_to", guess.day_to))
        if value
    )
    if guess.values:
        pairs = ", ".join(f"{_quoted(key)} = {_quoted(value)}" for key, value in guess.values.items())
        more += f", values = {{ {pairs} }}"
    opening = "    {" if guess.to else "    # {"
    return f"{opening} {names}, to = {_quoted(guess.to)}{more} }},  # {comment}"


def _advice(catalog: Catalog, guess: KindGuess, key: str, others: Sequence[str]) -> str:
    """What to answer to an open key, or do instead."""
    fields = catalog.fields_of(guess.kind)
    if key == "list":
        return "；可填：" + "、".join(
            entry.key for entry in catalog.lists.values() if entry.kind == guess.kind.key
        )
    if choices := fields[key].choices:
        return "；可填：" + "、".join(choices.values())
    if key == "party":
        return "；每一行不同，请在上面的 columns 里指出哪一列是，或用 --set party=列名 重新起草"
    if others:
        named = "、".join(f"{name}（{fields[name].label}）" for name in others)
        return f"；有一列是 {named} 也可以"
    return ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
