"""Are the faults of all data files found at once, each told with its file, before anything is done with them?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexers.errors import CatalogError
from indexers.mappings_loading import load_mappings
from indexers.privacy import load_privacy
from indexers.regions import load_regions

SHIPPED = Path(__file__).parent.parent / "mappings"


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    """A copy of the shipped data files that a test may change."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "mappings"))


def errors_of(mappings: Path) -> tuple[str, ...]:
    with pytest.raises(CatalogError) as caught:
        load_mappings(mappings)
    return caught.value.errors


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_shipped_data_files_are_in_order() -> None:
    assert "administrative_penalty" in load_mappings().kinds


BROKEN_LINES = {
    "choices.toml": "[x\n",
    "fields.toml": "[x\n",
    "ranking.toml": "[x\n",
    "privacy.toml": "[x\n",
    "drafting.toml": "[x\n",
    "sheet_words.toml": "[x\n",
    "organisation_classes.toml": "[x\n",
    "regions.csv": "x,y\n",
    "industries.csv": "x,y\n",
    "calendar/2025.json": "}\n",
    "synonyms.txt": "x\n",
    "pinyin.txt": "x\n",
    "organisation_words.txt": "$\n",
}


def test_a_broken_line_in_each_file_is_told_of_every_file_at_once(mappings: Path) -> None:
    for file, line in BROKEN_LINES.items():
        append(mappings / file, line)
    told = errors_of(mappings)
    assert [file for file in BROKEN_LINES if not any(error.startswith(file) for error in told)] == []
    assert len(told) == len(set(told))


@pytest.mark.parametrize("file", BROKEN_LINES)
def test_a_file_that_is_not_there_or_no_text_is_told(mappings: Path, file: str) -> None:
    (mappings / file).write_bytes(b"\xff")
    assert f"{file}：不是 UTF-8 编码" in errors_of(mappings)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "ranking.toml",
            "enterprise = 20",
            "enterprise = 999",
            "ranking.toml：weight 里的 enterprise = 999 应为 0 到 255",
        ),
        (
            "ranking.toml",
            "enterprise = 20",
            "enterprize = 20",
            "ranking.toml：weight 里的 'enterprize' 不是 organisation_classes.toml 里的类别",
        ),
        (
            "ranking.toml",
            '"moved_out"',
            '"moved"',
            "ranking.toml：not_live 里的 'moved' 不是主体的登记状态",
        ),
        (
            "ranking.toml",
            "[weight]",
            "[weights]",
            "ranking.toml：不认识的键 'weights'",
        ),
        (
            "organisation_classes.toml",
            "codes = []",
            'codes = ["ZZ"]',
            "organisation_classes.toml：没有 codes 的类别应当正好有一个，现有 0 个：不在任何类别里的代码归入它",
        ),
        (
            "organisation_classes.toml",
            'codes = ["92"]',
            'codes = ["91"]',
            "organisation_classes.toml：codes 里的 '91' 重复",
        ),
        (
            "drafting.toml",
            'kind = "court_defaulter"',
            'kind = "court"',
            "drafting.toml：第 7 个 [[told]]：没有类别 'court'",
        ),
        (
            "drafting.toml",
            'to = "authority"',
            'to = "autority"',
            "drafting.toml：第 3 个 [[hint]]：没有字段 'autority'",
        ),
        (
            "drafting.toml",
            'pattern = "处罚"',
            'pattern = "(处罚"',
            "drafting.toml：第 4 个 [[told]]：pattern 不是正则表达式：missing ), unterminated subpattern at position 0",
        ),
        (
            "drafting.toml",
            'unless = "约谈"',
            'unless = "(约谈"',
            "drafting.toml：第 8 个 [[doubt]]：pattern 不是正则表达式："
            "missing ), unterminated subpattern at position 0",
        ),
        (
            "drafting.toml",
            'offers = ["abnormal_operation", "tax_violation"]',
            'offers = ["abnormal"]',
            "drafting.toml：第 9 个 [[doubt]]：没有类别 'abnormal'",
        ),
        (
            "sheet_words.toml",
            '"case"]',
            '"cases"]',
            "sheet_words.toml [ended_column]：没有类别 'cases'",
        ),
        (
            "record_fields.toml",
            "\n[party]",
            'colour = "red"\n\n[party]',
            "record_fields.toml：'colour' 不在任何 [字段] 下面",
        ),
        ("privacy.toml", '"住址"', '""', "privacy.toml：address_labels 里有空的词，它在哪里都对得上"),
        ("industries.csv", "0111,稻谷种植,A", "0111,稻谷种植,Z", "industries.csv：0111 的门类 'Z' 不在表里"),
        ("industries.csv", "0111,稻谷种植,A", "011,稻谷种植,A", "industries.csv：代码 011 重复"),
        ("synonyms.txt", "罚单|罚款单", "罚单|", "synonyms.txt 第 8 行：须写成 “词|词=词|词”"),
        (
            "record_fields.toml",
            "[record_id]\n",
            '[record_id]\nrules = ["right"]\n',
            "record_fields.toml [record_id]：没有校验规则 'right'",
        ),
    ],
)
def test_each_fault_is_told_with_its_file_and_key(
    mappings: Path, file: str, old: str, new: str, told: str
) -> None:
    edit(mappings / file, old, new)
    assert told in errors_of(mappings)


def test_all_faulty_keys_of_one_table_are_told(mappings: Path) -> None:
    edit(mappings / "lists/tax_grade_a.toml", "order = ", 'order = "first" # ')
    edit(mappings / "lists/tax_grade_a.toml", "measures = ", 'measures = "none" # ')
    assert sum(error.startswith("lists/tax_grade_a.toml: Expected") for error in errors_of(mappings)) == 2


def test_all_faults_inside_the_tables_of_a_file_are_told(mappings: Path) -> None:
    edit(mappings / "drafting.toml", 'to = "authority"', "to = 1\ncolour = 2")
    edit(mappings / "drafting.toml", 'kind = "court_defaulter"', "kind = 3")
    edit(mappings / "choices.toml", 'adverse = "不利信息"', "adverse = 1")
    edit(mappings / "choices.toml", 'tax = "税收"', "tax = 1")
    edit(mappings / "templates/judgment.toml", 'to = "cause"', 'to = "cause", colour = 1')
    edit(mappings / "templates/judgment.toml", "required = true", 'required = "yes"')
    told = errors_of(mappings)
    expected = {
        "drafting.toml: Expected `str`, got `int` - at `$.hint[2].to`",
        "drafting.toml: Object contains unknown field `colour` - at `$.hint[2]`",
        "drafting.toml: Expected `str`, got `int` - at `$.told[6].kind`",
        "choices.toml: Expected `str`, got `int` - at `$.polarity.adverse`",
        "choices.toml: Expected `str`, got `int` - at `$.sector.tax`",
    }
    assert expected - {*told} == set()
    assert sum(error.startswith("templates/judgment.toml: ") for error in told) == 2


def test_a_quote_that_is_never_closed_is_a_fault_of_its_table(mappings: Path) -> None:
    edit(mappings / "regions.csv", "北京市辖区", '"北京市辖区')
    with pytest.raises(CatalogError, match=r"regions\.csv 第 \d+ 行"):
        load_regions(mappings)


def test_each_loader_raises_what_the_check_tells(mappings: Path) -> None:
    append(mappings / "privacy.toml", "[x\n")
    with pytest.raises(CatalogError, match=r"privacy\.toml：不是有效的 TOML"):
        load_privacy(mappings, load_regions(mappings))
