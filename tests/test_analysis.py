"""Do documents and queries become the same terms, whatever the spelling?"""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexers.analysis import (
    GAP,
    Analyzer,
    Part,
    load_analyzer,
    sounds_alike,
    split_syllables,
    syllable_splits,
    to_grams,
)
from indexers.analysis.tokens import Segmenter
from indexers.errors import CatalogError

NAME = "辽源市鹿乡食品有限责任公司"
ALPHABET = "辽源市鹿乡食品有限公司乾坤傢俱著後長治（）()〔 \u3000-·。abAB１2éß𠀀①㈱"
texts = st.one_of(st.text(alphabet=ALPHABET, max_size=24), st.text(max_size=16))


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return load_analyzer()


def contains_row(row: list[str], part: list[str]) -> bool:
    return any(row[i : i + len(part)] == part for i in range(len(row) - len(part) + 1))


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("  辽源市 鹿乡　食品 ", "辽源市鹿乡食品"),
        ("遼源市鹿鄉食品", "辽源市鹿乡食品"),
        ("ＡＢＣ〔中国〕【1】", "abc(中国)(1)"),
        ("Big  Apple 有限公司", "big apple有限公司"),
        ("鹿乡\u200b食\ufeff品", "鹿乡食品"),
        ("阿·凡提•果业", "阿·凡提·果业"),
        ("", ""),
    ],
)
def test_normal_form_unifies_width_case_brackets_spaces_and_script(
    analyzer: Analyzer, typed: str, normal: str
) -> None:
    assert analyzer.normalize(typed) == normal


@settings(max_examples=300, deadline=None)
@given(texts)
@example("ß\u0345 \u0301K")
def test_normal_form_is_stable(analyzer: Analyzer, text: str) -> None:
    normal = analyzer.normalize(text)

    assert analyzer.normalize(normal) == normal


def test_characters_of_hong_kong_and_taiwan_are_folded_unless_the_mainland_has_them(
    analyzer: Analyzer,
) -> None:
    assert analyzer.normalize("辽源市衞生化粧品敍事枱") == "辽源市卫生化妆品叙事台"
    assert analyzer.normalize("著名么") == "著名么"


def test_readings_add_phrase_conversions_only_for_traditional_text(analyzer: Analyzer) -> None:
    assert analyzer.readings("网络食品") == ("网络食品",)
    assert analyzer.readings("網路食品") == ("网路食品", "网络食品")
    assert analyzer.readings("傢俱廠") == ("家俱厂", "家具厂")


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=ALPHABET, min_size=2, max_size=20), st.data())
def test_part_of_a_name_is_a_row_of_its_grams(analyzer: Analyzer, name: str, data: st.DataObject) -> None:
    normal = analyzer.normalize(name)
    han_run = max(_han_runs(normal), key=len, default="")
    start = data.draw(st.integers(0, max(0, len(han_run) - 2)))
    part = han_run[start : start + data.draw(st.integers(2, 20))]

    assert len(part) < 2 or contains_row(analyzer.name_terms([name]).gram.split(" "), to_grams(part))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=ALPHABET, max_size=20), st.text(alphabet="鹿乡食(品a1 ", min_size=1, max_size=4))
def test_a_row_of_grams_is_a_part_of_the_name(analyzer: Analyzer, name: str, part: str) -> None:
    query = next(iter(analyzer.queries(part)), None)
    row = list(query.runs[0]) if query else [GAP]

    name_row = to_grams(analyzer.normalize(name))

    assert not contains_row(name_row, row) or (query is not None and query.norm in analyzer.normalize(name))


def _han_runs(text: str) -> list[str]:
    return "".join(c if "\u3400" <= c <= "\u9fff" else " " for c in text).split()


def test_grams_of_mixed_names_are_pairs_runs_and_signs(analyzer: Analyzer) -> None:
    assert analyzer.name_terms(["鹿乡(中国)ABC食品", "甲社"]).gram == f"鹿乡 ǃci 中国 ǃcj abc 食品 {GAP} 甲社"


def test_name_terms_of_a_whole_name(analyzer: Analyzer) -> None:
    terms = analyzer.name_terms([NAME])

    assert terms.norm == (NAME,)
    assert terms.gram == "辽源 源市 市鹿 鹿乡 乡食 食品 品有 有限 限责 责任 任公 公司"
    assert terms.common == ("公司", "有限", "有限责任公司", "责任", "食品")
    assert terms.tok == ("辽源", "辽源市", "鹿", "乡", "食品", "有限", "责任", "有限责任", "公司")
    assert terms.core == ("鹿乡食品",)
    assert {
        "n:辽",
        "n:辽源市鹿乡食品有",
        "c:鹿乡食品",
        "p:liaoyuan",
        "p:luxiangs",
        "i:lyslxspy",
        "i:lxsp",
        "w:lyslxspyxzrgs",
        "w:lyslxsp",
        "w:lxsp",
    } <= set(terms.edge)
    assert "lu_xiang" in terms.syll


def test_terms_without_pinyin_are_the_others(analyzer: Analyzer) -> None:
    terms = analyzer.name_terms([NAME], full=False)

    assert terms.syll == ()
    assert {edge[:2] for edge in terms.edge} == {"n:", "c:"}
    assert terms.gram == analyzer.name_terms([NAME]).gram


def test_names_of_any_length_have_a_bounded_keyword(analyzer: Analyzer) -> None:
    assert [len(norm) for norm in analyzer.name_terms(["鹿" * 1421]).norm] == [150]


@pytest.mark.parametrize(
    ("name", "core"),
    [
        (NAME, "鹿乡食品"),
        ("鹿乡食品", "鹿乡食品"),
        ("吉林省辽源市东丰县鹿乡食品有限公司", "鹿乡食品"),
        ("鹿乡食品（辽源）有限公司", "鹿乡食品"),
        ("鹿乡食品有限公司长春分公司", "鹿乡食品长春分公司"),
        ("白云电器厂", "白云电器厂"),
        ("鹿乡(集团)有限公司", "鹿乡"),
        ("上海市有限公司", ""),
    ],
)
def test_core_is_the_name_without_region_and_legal_form(analyzer: Analyzer, name: str, core: str) -> None:
    assert analyzer.core(name) == core


def test_legal_form_is_the_longest_listed_ending(analyzer: Analyzer) -> None:
    assert analyzer.legal_form(NAME) == "有限责任公司"
    assert analyzer.legal_form("鹿乡食品有限公司长春分公司") == "分公司"
    assert analyzer.legal_form("辽源市第一医院") is None


def test_branches_are_told_from_head_offices(analyzer: Analyzer) -> None:
    assert analyzer.is_branch("鹿乡食品有限公司长春分公司") is True
    assert analyzer.is_branch("鹿乡食品有限公司第二门市部") is True
    assert analyzer.is_branch("鹿乡银行龙山支行") is True
    assert analyzer.is_branch("辽源市鹿乡门市部") is False
    assert analyzer.is_branch(NAME) is False


def test_query_of_a_listed_phrase_asks_one_term(analyzer: Analyzer) -> None:
    [query] = analyzer.queries("有限公司")

    assert query.common == "有限公司"
    assert query.common in analyzer.name_terms([NAME, "鹿乡有限公司"]).common


def test_query_words_never_join_over_spaces(analyzer: Analyzer) -> None:
    [query] = analyzer.queries("食品 鹿乡 辽源")

    assert query.words == ("食品", "鹿", "乡", "辽源")
    assert set(query.words) <= set(analyzer.name_terms([NAME]).tok)


def test_query_words_are_cut_at_ten(analyzer: Analyzer) -> None:
    [query] = analyzer.queries(" ".join(f"词{i}a" for i in range(20)))

    assert len(query.words) == 10


@pytest.mark.parametrize("text", ["", "  ", "( )", "。，", "——"])
def test_query_without_letters_is_nothing(analyzer: Analyzer, text: str) -> None:
    assert analyzer.queries(text) == ()


def test_query_in_traditional_script_has_both_readings(analyzer: Analyzer) -> None:
    assert [query.norm for query in analyzer.queries("網路食品")] == ["网路食品", "网络食品"]


def test_query_of_letters_offers_pinyin(analyzer: Analyzer) -> None:
    [query] = analyzer.queries("Lu Xiang shipin")

    assert query.letters == "luxiangshipin"
    assert query.syllables == ("lu_xiang", "xiang_shi", "shi_pin")
    assert set(query.syllables) <= set(analyzer.name_terms([NAME]).syll)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("9122 0400-ma17", ("91220400MA17",)),
        ("ＭＡＣＭ８Ｐ５４－５", ("MACM8P545",)),
        ("12345", ()),
        ("luxiang", ()),
        ("鹿乡123456", ()),
    ],
)
def test_query_that_looks_like_a_code_is_compacted(
    analyzer: Analyzer, typed: str, codes: tuple[str, ...]
) -> None:
    [query] = analyzer.queries(typed)

    assert query.codes == codes


def test_homophones_share_their_syllables(analyzer: Analyzer) -> None:
    [query] = analyzer.queries("路乡食品")

    assert set(query.syllables) <= set(analyzer.name_terms([NAME]).syll)


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("长治市", "chang zhi shi"),
        ("長治", "chang zhi"),
        ("单县", "shan xian"),
        ("漯河", "luo he"),
        ("乾盛", "qian sheng"),
        ("农业银行", "nong ye yin hang"),
        ("鹿乡ABC", "lu xiang abc"),
    ],
)
def test_pinyin_of_names_with_several_readings(analyzer: Analyzer, text: str, syllables: str) -> None:
    assert analyzer.pinyin(text) == tuple(syllables.split())


def test_a_long_name_asks_for_whole_words_and_drops_listed_phrases_first(analyzer: Analyzer) -> None:
    text = "辽源市鹿乡食品股份有限公司四平市铁东区湫蓼门市部"
    [query] = analyzer.queries(text)

    assert len(query.words) == 10
    assert "股份有限公司" not in query.words
    assert query.words[-1] == "门市部"
    [inside] = analyzer.queries("食品有限公司")
    assert inside.words == ("食品", "有限公司")


def test_pieces_between_blanks_are_kept_as_they_are(analyzer: Analyzer) -> None:
    [query] = analyzer.queries(" 湫蓼绛  有限公司 ")
    [alone] = analyzer.queries("湫蓼绛")
    [short] = analyzer.queries("鹿 食品")

    assert query.parts == (Part("湫蓼绛"), Part("有限公司", is_common=True))
    assert alone.parts == ()
    assert short.parts == ()


def test_initials_keep_letters_and_digits(analyzer: Analyzer) -> None:
    assert analyzer.initials("辽源鹿乡ABC食品") == "lylxabcsp"


def test_characters_sound_alike_in_any_reading() -> None:
    assert sounds_alike("鹿", "路")
    assert sounds_alike("重", "虫")
    assert sounds_alike("重", "众")
    assert not sounds_alike("鹿", "乡")
    assert not sounds_alike("a", "a")


def test_letters_split_in_several_ways() -> None:
    assert syllable_splits("xian", 4) == [("xian",), ("xi", "an")]
    assert syllable_splits("fangan", 2) == [("fang", "an"), ("fan", "gan")]
    assert syllable_splits("qzx", 4) == []


def test_letters_split_into_the_fewest_syllables() -> None:
    assert split_syllables("luxiangshipin") == ("lu", "xiang", "shi", "pin")
    assert split_syllables("xian") == ("xian",)
    assert split_syllables("nvzhuang") == ("nv", "zhuang")
    assert split_syllables("lyslxsp") == ()
    assert split_syllables("a" * 241) == ()


def test_body_words_meet_query_words(analyzer: Analyzer) -> None:
    body = analyzer.body(["2024-01-02 销售超过保质 期食品，罚款9.5万元。", "ABC-12 號"]).split(" ")

    assert {"2024", "01", "02", "销售", "保质期", "食品", "罚款", "9", "5", "abc", "12", "号"} <= set(body)
    assert set(analyzer.words("超过保质期食品 罚款")) <= set(body)
    assert len(body) == len(set(body))
    assert max(len(word) for word in analyzer.body(["x" * 500]).split(" ")) == 60


def test_public_words_have_a_word_of_the_law(analyzer: Analyzer) -> None:
    assert "失信被执行人" in analyzer.synonyms("老赖")
    assert analyzer.synonyms("鹿乡") == ()


def test_both_tokenizers_cut_alike_with_a_plain_dictionary() -> None:
    samples = [
        NAME,
        "双阳区鹿乡镇供销社第二门市部",
        "因销售超过保质期的食品被处以罚款并没收违法所得",
        "当事人未按照规定公示年度报告被列入经营异常名录",
    ]
    fast, plain = Segmenter([]), Segmenter([], prefer="jieba")

    assert fast.name != plain.name
    assert [fast.cut(text) for text in samples] == [plain.cut(text) for text in samples]
    assert [fast.words(text) for text in samples] == [plain.words(text) for text in samples]


def fingerprint_with(folder: Path, file: str, line: str) -> str:
    """What it becomes when a copy of the shipped lists has one more line."""
    shutil.copytree(str(files("mappings")), folder, dirs_exist_ok=True)
    with (folder / file).open("a", encoding="utf-8") as lines:
        lines.write(line + "\n")
    return load_analyzer(folder).fingerprint


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("dictionary.txt", "鹿乡镇"),
        ("pinyin.txt", "鹿乡\tlu xiang"),
        ("common_phrases.txt", "鹿乡"),
        ("legal_forms.txt", "分社"),
        ("regions.csv", "220499,鹿乡区,鹿乡,2204,3,,"),
    ],
)
def test_fingerprint_changes_with_the_lists(tmp_path: Path, file: str, line: str) -> None:
    assert fingerprint_with(tmp_path, file, line) != load_analyzer().fingerprint


def test_fingerprint_changes_with_the_tokenizer() -> None:
    assert load_analyzer(tokenizer="jieba").fingerprint != load_analyzer().fingerprint


@pytest.mark.parametrize(
    ("file", "line"),
    [("dictionary.txt", "# 说明"), ("synonyms.txt", "# 说明"), ("synonyms.txt", "罚款=行政处罚")],
)
def test_fingerprint_stays_with_what_no_term_depends_on(tmp_path: Path, file: str, line: str) -> None:
    assert fingerprint_with(tmp_path, file, line) == load_analyzer().fingerprint


def test_faults_of_lists_are_told_at_once(tmp_path: Path) -> None:
    shutil.copytree(str(files("mappings")), tmp_path / "lists")
    (tmp_path / "lists" / "synonyms.txt").unlink()
    (tmp_path / "lists" / "pinyin.txt").write_text("长治\tchang\n", encoding="utf-8")

    with pytest.raises(CatalogError) as caught:
        load_analyzer(tmp_path / "lists")

    assert [fault.split("：")[0].split(":")[0] for fault in caught.value.errors] == [
        "synonyms.txt",
        "pinyin.txt 第 1 行",
    ]


def test_listed_phrases_and_forms_are_in_normal_form(analyzer: Analyzer) -> None:
    assert [phrase for phrase in analyzer.phrases if analyzer.normalize(phrase) != phrase] == []
