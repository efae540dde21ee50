"""Which mapping would read a department's own sheet: what is sure is written, the rest is asked?"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path

from indexers.catalog import Catalog
from indexers.errors import SheetError, UsageError
from indexers.forms import read_form
from indexers.grammar import UNANSWERED, RecordKind
from indexers.guessing import ColumnGuesser, Guess, Table, guess_kind, label_reader, open_keys, with_values
from indexers.headers import headers_from
from indexers.privacy import Privacy, load_privacy
from indexers.readers import Row, Sheet, fill_merged, open_source

_SAMPLE = 300
_HEADER_WITHIN = 30
_MOST_LABELS = 500
"""The widest official sheet has 41 columns; a sheet of 16,384 is no table, and would take minutes."""


def draft_mapping(source: str | Path, catalog: Catalog, answers: Mapping[str, str] | None = None) -> str:
    """A mapping for the sheets of a file, as TOML with comments; `answers` fills constants and `kind`.

    What the sheet cannot tell and a kind needs stands as ``"?"``. Raises SheetError where there is no table,
    UsageError for an answer that is no field of the kind.
    """
    known = dict(answers or {})
    privacy = load_privacy()
    table = _read_table(str(source), catalog, privacy)
    kind, fit, constants = guess_kind(catalog, table, known.pop("kind", ""), known.get("list", ""))
    strange = [key for key in known if key not in kind.fields]
    if strange:
        raise UsageError(f"--set 里的 {'、'.join(strange)} 不是 {kind.key} 的字段")
    guesses = ColumnGuesser(catalog, kind, fit, privacy).guess(table)
    constants |= known
    mapped = {name for guess in guesses for name in (guess.to, guess.day_to) if name}
    for name in open_keys(catalog, kind, mapped, constants):
        constants[name] = UNANSWERED
    constants = {key: value for key, value in constants.items() if key in known or key not in mapped}
    return _written(catalog, kind, Path(str(source)).stem, guesses, constants)


# --- reading ----------------------------------------------------------------------------------------------


def _read_table(source: str, catalog: Catalog, privacy: Privacy) -> Table:
    labels: dict[str, list[str]] = {}
    around = [Path(source).stem]
    meaning_of = label_reader(catalog)
    for sheet in open_source(source):
        header, below, above = _read_header(sheet, meaning_of)
        around += [*above, sheet.name]
        if any(map(privacy.contains_personal, header)):
            continue  # a row of data: a table without a header
        for index, label in enumerate(header):
            if label.strip():
                column = with_values([cells[index] for cells in below if index < len(cells)])
                labels.setdefault(" ".join(label.split()), []).extend(column)
    if not labels:
        raise SheetError(f"{Path(source).name}：没有找到带表头的表格")
    if len(labels) > _MOST_LABELS:
        raise SheetError(f"{Path(source).name}：有 {len(labels)} 个列名，不像一张表格；请删去多余的列")
    return Table(labels, " ".join(around))


def _read_header(
    sheet: Sheet, meaning_of: Callable[[str], str]
) -> tuple[Sequence[str], list[list[str]], list[str]]:
    """(labels, the sampled rows below, what stands above) of a sheet; no labels where there is no table."""
    rows = list(islice(sheet.rows, _SAMPLE))
    if sheet.header:
        return sheet.header, [cells for _, cells in rows], []
    if form := read_form(rows, meaning_of):
        return form.labels, [cells for _, cells in form.rows], _words_of(rows[:1])
    place = _header_place([cells for _, cells in rows[:_HEADER_WITHIN]], meaning_of)
    if place is None:
        return (), [], []
    *_, (numbers, header) = headers_from(rows[place:])
    below = [cells for number, cells in fill_merged(rows, sheet.merged, numbers[-1]) if number > numbers[-1]]
    return header, below, _words_of(rows[:place])


def _words_of(rows: Sequence[Row]) -> list[str]:
    return [cell for _, cells in rows for cell in cells if cell.strip()]


def _header_place(rows: Sequence[Sequence[str]], meaning_of: Callable[[str], str]) -> int | None:
    """The row with the most known labels; else the first of the widest rows."""

    def score(cells: Sequence[str]) -> tuple[int, int]:
        labels = [cell for cell in cells if cell.strip()]
        return (sum(map(bool, map(meaning_of, labels))) if len(labels) > 1 else 0, len(set(labels)))

    scores = [score(cells) for cells in rows]
    best = max(scores, default=(0, 0))
    return scores.index(best) if best > (0, 0) else None


# --- writing ----------------------------------------------------------------------------------------------


def _written(
    catalog: Catalog, kind: RecordKind, name: str, guesses: Sequence[Guess], constants: Mapping[str, str]
) -> str:
    fields = catalog.fields_of(kind)
    lines = [
        f"# {kind.label}：由 draft-mapping 起草，请核对每一行再导入。",
        f"label = {_quoted(name)}",
        f"kind = {_quoted(kind.key)}",
        "columns = [",
    ]
    lines += [_line(guess, fields[guess.to].label if guess.to else "") for guess in guesses]
    lines += ["]", "", "# 每一行都相同的值；“?”是还要回答的问题，也可以用 --set 键=值 回答。", "[constants]"]
    for key, value in constants.items():
        lines.append(f"{key} = {_quoted(value)}  # {fields[key].label}{_offered(catalog, kind, key, value)}")
    settled = constants.keys() | {guess.to for guess in guesses}
    if "party_class" in fields and "party_class" not in settled:
        lines.append('# party_class = "法人及非法人组织"  # 全表都是单位时可写上；有个人时不要写')
    return "\n".join(lines) + "\n"


def _line(guess: Guess, label: str) -> str:
    names = f"names = [{_quoted(guess.label)}]"
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


def _offered(catalog: Catalog, kind: RecordKind, key: str, value: str) -> str:
    if value != UNANSWERED or key != "list":
        return ""
    return "；可填：" + "、".join(entry.key for entry in catalog.lists.values() if entry.kind == kind.key)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
