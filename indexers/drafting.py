"""Which mapping would read a department's own sheet: what is sure is written, the rest is asked?"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import islice
from pathlib import Path

import msgspec

from indexers.catalog import Catalog
from indexers.errors import SheetError, UsageError
from indexers.grammar import UNANSWERED, Column, RecordKind, Template
from indexers.headers import fit_header, fold_label, fold_list_name, headers_from
from indexers.identifiers import is_uscc
from indexers.privacy import Privacy, load_privacy
from indexers.readers import open_source
from indexers.values import is_blank, read_amounts, read_date

_SAMPLE = 300
_HEADER_WITHIN = 30
_MOST = 0.5
"""The share of values that must look as the label says."""

_EXACT, _HINTED, _NAMED = 3, 1, 2
"""Weights: a label that a template of the kind has, one that is guessed, the kind's word in the file."""

_DOCUMENT_NUMBER = re.compile(r"[〔\[【﹝(（]\d{4}[〕\]】﹞)）].*号")


class Hint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of mappings/drafting.toml: labels that `pattern` finds mean the field `to` ("": left out)."""

    to: str
    pattern: str
    values: str = ""


class _Table(msgspec.Struct):
    """The columns of all sheets of a source: labels, in the order they were met, with sampled values."""

    labels: dict[str, list[str]]
    around: str


class _Guess(msgspec.Struct, frozen=True):
    """What a column is taken for: a field, or nothing with the reason."""

    label: str
    to: str = ""
    drop: bool = False
    amount: str = ""
    split: str = ""
    values: dict[str, str] = {}
    why: str = ""


def draft_mapping(source: str | Path, catalog: Catalog, answers: Mapping[str, str] | None = None) -> str:
    """A mapping for the sheets of a file, as TOML with comments; `answers` fills constants and `kind`.

    What the sheet cannot tell and a kind needs stands as ``"?"``. Raises SheetError where there is no table,
    UsageError for an answer that is no field of the kind.
    """
    known = dict(answers or {})
    privacy = load_privacy()
    table = _read_table(str(source), catalog, privacy)
    kind, constants = _guess_kind(catalog, table, known.pop("kind", ""), known.get("list", ""))
    strange = [key for key in known if key not in kind.fields]
    if strange:
        raise UsageError(f"--set 里的 {'、'.join(strange)} 不是 {kind.key} 的字段")
    guesses = _guess_columns(catalog, kind, table, privacy)
    constants |= known
    mapped = {guess.to for guess in guesses if guess.to}
    for name in _open_keys(catalog, kind, mapped, constants):
        constants[name] = UNANSWERED
    constants = {key: value for key, value in constants.items() if key in known or key not in mapped}
    return _written(catalog, kind, Path(str(source)).stem, guesses, constants)


# --- reading ----------------------------------------------------------------------------------------------


def _read_table(source: str, catalog: Catalog, privacy: Privacy) -> _Table:
    labels: dict[str, list[str]] = {}
    around = [Path(source).stem]
    words = _all_words(catalog)
    for sheet in open_source(source):
        rows = list(islice(sheet.rows, _SAMPLE))
        if sheet.header:
            header, below = list(sheet.header), [cells for _, cells in rows]
        else:
            place = _header_place([cells for _, cells in rows[:_HEADER_WITHIN]], words)
            if place is None:
                continue
            *_, (numbers, header) = headers_from(rows[place:])
            below = [cells for number, cells in rows if number > numbers[-1]]
            around += [cell for _, cells in rows[:place] for cell in cells]
        around.append(sheet.name)
        if any(map(privacy.contains_personal, header)):
            continue  # a row of data: a table without a header
        for index, label in enumerate(header):
            if label.strip():
                column = (cells[index] for cells in below if index < len(cells))
                values = [value for value in column if not is_blank(value)]
                labels.setdefault(" ".join(label.split()), []).extend(values)
    if not labels:
        raise SheetError(f"{Path(source).name}：没有找到带表头的表格")
    return _Table(labels, " ".join(around))


def _header_place(rows: Sequence[Sequence[str]], words: frozenset[str]) -> int | None:
    """The row with the most known labels; else the first of the widest rows."""

    def score(cells: Sequence[str]) -> tuple[int, int]:
        labels = [fold_label(cell) for cell in cells if cell.strip()]
        known = sum(label in words or any(hint.search(label) for hint, _ in _hints()) for label in labels)
        return (known if len(labels) > 1 else 0, len(set(labels)))

    scores = [score(cells) for cells in rows]
    best = max(scores, default=(0, 0))
    return scores.index(best) if best > (0, 0) else None


def _all_words(catalog: Catalog) -> frozenset[str]:
    return frozenset(fold_label(n) for t in catalog.templates.values() for c in t.columns for n in c.names)


@cache
def _hints() -> tuple[tuple[re.Pattern[str], Hint], ...]:
    raw = tomllib.loads(resources.files("mappings").joinpath("drafting.toml").read_text("utf-8"))
    hints = msgspec.convert(raw["hint"], list[Hint])
    return tuple((re.compile(hint.pattern), hint) for hint in hints)


# --- guessing ---------------------------------------------------------------------------------------------


def _guess_kind(
    catalog: Catalog, table: _Table, answered: str, listed: str
) -> tuple[RecordKind, dict[str, str]]:
    """The kind that knows the most labels, with the constants of its best template."""
    wanted = catalog.lists[answered].kind if answered in catalog.lists else answered
    if listed in catalog.lists and not wanted:
        wanted = catalog.lists[listed].kind
    if wanted and wanted not in catalog.kinds:
        raise UsageError(f"没有类别 {wanted!r}；已有：{'、'.join(sorted(catalog.kinds))}")
    records = [kind for kind in catalog.kinds.values() if kind.collection != "events"]
    kinds = [catalog.kinds[wanted]] if wanted else records
    scored = [(_score(catalog, kind, table), -place, kind) for place, kind in enumerate(kinds)]
    most, _, best = max(scored, key=lambda entry: entry[:2])
    if not (most or wanted):
        raise SheetError(
            "没有一列认得出来；请核对表头，或用 --set kind=… 指明类别（credit-search kinds 列出全部）"
        )
    template = max(catalog.templates_of(best.key), key=lambda t: _exact(catalog, t, table), default=None)
    constants: dict[str, str] = {}
    if template is not None and _exact(catalog, template, table) >= 2:
        constants = {k: v for k, v in template.constants.items() if k != "party_class"}
    if "list" in best.fields and (named := _named_list(catalog, best, table.around)):
        constants["list"] = named
    if answered in catalog.lists:
        constants["list"] = answered
    return best, constants


def _named_list(catalog: Catalog, kind: RecordKind, around: str) -> str:
    """The one list of the kind whose name stands in the title, the file's or the sheets' names; "" if unclear."""
    text = fold_label(around)
    found = {
        entry.key
        for entry in catalog.lists.values()
        if entry.kind == kind.key
        and any(fold_list_name(word) in text for word in (entry.label, *entry.aliases))
    }
    return found.pop() if len(found) == 1 else ""


def _exact(catalog: Catalog, template: Template, table: _Table) -> int:
    labels = list(table.labels)
    return fit_header(catalog, template, 0, labels, [fold_label(label) for label in labels]).matched


def _score(catalog: Catalog, kind: RecordKind, table: _Table) -> int:
    exact = max((_exact(catalog, t, table) for t in catalog.templates_of(kind.key)), default=0)
    hinted = sum(1 for label in table.labels if (h := _hint_of(kind, fold_label(label))) and h.to)
    words = " ".join([table.around, *table.labels])
    named = min(words.count(_short(kind.label)), 4)
    lists = [entry for entry in catalog.lists.values() if entry.kind == kind.key]
    on_list = any(word in table.around for entry in lists for word in (entry.label, *entry.aliases))
    return _EXACT * exact + _HINTED * hinted + _NAMED * named + 2 * _NAMED * on_list


def _short(label: str) -> str:
    """The word that sheets write for a kind: 处罚 for 行政处罚; longer labels as they are."""
    return label[2:] if len(label) == 4 and label[:2] in ("行政", "信用", "合同") else label


def _hint_of(kind: RecordKind, label: str) -> Hint | None:
    usable = ((pattern, hint) for pattern, hint in _hints() if not hint.to or hint.to in kind.fields)
    return next((hint for pattern, hint in usable if pattern.search(label)), None)


def _guess_columns(catalog: Catalog, kind: RecordKind, table: _Table, privacy: Privacy) -> list[_Guess]:
    """A guess for each label in its order; labels that templates know choose their fields first."""
    exact = _known_columns(catalog, kind)
    taken: set[str] = set()
    guesses: dict[str, _Guess] = {}
    for label in sorted(table.labels, key=lambda label: fold_label(label) not in exact):
        guess = _guess(catalog, kind, label, table.labels[label], exact, privacy)
        if guess.to and guess.to in taken and not catalog.fields_of(kind)[guess.to].multiple:
            guess = _Guess(label, why=f"像是 {guess.to}，但已有一列")
        taken.add(guess.to)
        guesses[label] = guess
    return [
        _by_values(kind, guesses[label], values, taken, privacy) for label, values in table.labels.items()
    ]


def _known_columns(catalog: Catalog, kind: RecordKind) -> dict[str, Column]:
    """What a folded label means by the templates of the kind, else by the labels of its fields.

    Exchanged values (1 for 有效) are kept where all templates that know the label agree: never a guess.
    """
    known: dict[str, Column] = {}
    for template in reversed(catalog.templates_of(kind.key)):
        for column in template.columns:
            for name in map(fold_label, column.names):
                same = name not in known or known[name].values == column.values
                known[name] = column if same else msgspec.structs.replace(column, values={})
    for name, field in catalog.fields_of(kind).items():
        known.setdefault(fold_label(field.label), Column(names=(field.label,), to=name))
    return known


def _guess(
    catalog: Catalog,
    kind: RecordKind,
    label: str,
    values: list[str],
    exact: Mapping[str, Column],
    privacy: Privacy,
) -> _Guess:
    folded = fold_label(label)
    unit = next((unit for unit in ("亿元", "百万元", "万元", "千元") if unit in label), "")
    hint = _hint_of(kind, folded)
    if column := exact.get(folded):
        if column.drop:
            return _Guess(label, drop=True, why="不保存")
        return _Guess(label, column.to, amount=column.amount, split=column.split, values=column.values)
    if hint is not None and hint.to and not catalog.fields_of(kind)[hint.to].keep:
        return _Guess(label, hint.to, why=f"{catalog.fields_of(kind)[hint.to].label}：只用来判断，不保存")
    if key := privacy.never_kept_class(label):
        return _Guess(label, drop=True, why=f"个人信息（{key}），不保存")
    if hint is None:
        return _Guess(label, why="看不出是什么")
    if not hint.to:
        return _Guess(label, drop=True, why="不需要")
    if values and not _look_right(hint.values, values, privacy):
        return _Guess(label, why=f"像是 {hint.to}，但值对不上")
    return _Guess(label, hint.to, amount=unit if hint.values == "amount" else "")


def _look_right(look: str, values: Sequence[str], privacy: Privacy) -> bool:
    tests = {
        "code": lambda text: sum(map(str.isdigit, text)) >= 6,
        "date": lambda text: read_date(text) is not None,
        "amount": lambda text: read_amounts(text) is not None,
        "name": lambda text: read_date(text) is None and any("\u3400" <= char <= "\u9fff" for char in text),
    }
    return look not in tests or sum(map(tests[look], values)) >= _MOST * len(values)


def _by_values(
    kind: RecordKind, guess: _Guess, values: list[str], taken: set[str], privacy: Privacy
) -> _Guess:
    """A column whose label says nothing, taken for what most of its values are."""
    if guess.to or guess.drop or len(values) < 3:
        return guess
    looks = (
        ("uscc", lambda text: is_uscc(text)),
        ("document_number", lambda text: _DOCUMENT_NUMBER.search(text) is not None and len(text) < 60),
        ("party", lambda text: len(text) < 60 and privacy.is_person(text) is False),
        ("decided_on", lambda text: bool(read_date(text))),
    )
    for field, test in looks:
        if field in kind.fields and field not in taken and sum(map(test, values)) >= 0.8 * len(values):
            taken.add(field)
            return _Guess(guess.label, field, why="按值判断，请核对")
    return guess


def _open_keys(
    catalog: Catalog, kind: RecordKind, mapped: set[str], constants: Mapping[str, str]
) -> list[str]:
    """The fields that the kind needs and neither a column nor a constant gives."""
    given = mapped | constants.keys()
    if "person_name" in mapped:
        given = given | {"party"}
    if sum(entry.kind == kind.key for entry in catalog.lists.values()) == 1:
        given = given | {"list"}
    groups = [(item,) if isinstance(item, str) else item for item in kind.minimum]
    return [names[0] for names in groups if given.isdisjoint(names)]


# --- writing ----------------------------------------------------------------------------------------------


def _written(
    catalog: Catalog, kind: RecordKind, name: str, guesses: Sequence[_Guess], constants: Mapping[str, str]
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


def _line(guess: _Guess, label: str) -> str:
    names = f"names = [{_quoted(guess.label)}]"
    comment = guess.why or label
    if guess.drop:
        return f"    {{ {names}, drop = true }},  # {comment}"
    more = "".join(
        f", {key} = {_quoted(value)}"
        for key, value in (("amount", guess.amount), ("split", guess.split))
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
