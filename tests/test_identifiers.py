import random
from datetime import date, timedelta
from pathlib import Path

import pytest
import stdnum.cn.ric
import stdnum.cn.uscc
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_10

from indexers.identifiers import (
    USCC_ALPHABET,
    IdentifierError,
    InvalidChecksum,
    InvalidFormat,
    InvalidLength,
    compact,
    fold_confusables,
    identity_check_digit,
    is_identity_number,
    is_no_code,
    is_organisation_code,
    is_registration_number,
    is_uscc,
    looks_like_code,
    looks_like_registration_number,
    near_codes,
    organisation_class,
    organisation_classes,
    organisation_code_check,
    organisation_code_of,
    region_of,
    validate_uscc,
)
from samples.codes import uscc_check_digit


def make_uscc(rng: random.Random, pair: str = "91", region: str = "220403") -> str:
    body = "".join(rng.choices(USCC_ALPHABET, k=8))
    first17 = pair + region + body + organisation_code_check(body)
    return first17 + uscc_check_digit(first17)


def make_identity_number(region: str = "220403", born: str = "19790315", serial: str = "001") -> str:
    first17 = region + born + serial
    return first17 + identity_check_digit(first17)


def oracle_accepts(code: str) -> bool:
    try:
        stdnum.cn.uscc.validate(code)
    except ValidationError:
        return False
    return True


CODES = [make_uscc(random.Random(seed)) for seed in range(300)]
CODE = CODES[0]
NO_CODE = "00000000000000000X"
PERSON = make_identity_number()


# --- compact, no code -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "91220403ma0y12345l",
        " 9122 0403 MA0Y 1234 5L ",
        "９１２２０４０３ＭＡ０Ｙ１２３４５Ｌ",
        "91220403-MA0Y1234-5·L",
        "91220403\u3000MA0Y\u00a01234\u200b5\tL\n",
        "91220403—MA0Y–12345.L",
    ],
)
def test_compact_takes_away_width_case_spaces_hyphens_and_dots(text: str) -> None:
    assert compact(text) == "91220403MA0Y12345L"


@pytest.mark.parametrize(
    "text", [NO_CODE, NO_CODE.lower(), "0" * 18, "0", "000000000", "0000 0000 0000 0000 0X", "O" * 17 + "X"]
)
def test_zeros_mean_no_code(text: str) -> None:
    assert is_no_code(text)


@pytest.mark.parametrize("text", ["", "X", CODE, "00000000000000010X", "无"])
def test_other_texts_do_not_mean_no_code(text: str) -> None:
    assert not is_no_code(text)


# --- unified social credit code ---------------------------------------------------------------------------


def test_generated_codes_are_accepted_as_the_oracle_accepts_them() -> None:
    assert [code for code in CODES if not is_uscc(code) or not oracle_accepts(code)] == []


def test_one_changed_character_is_refused_as_the_oracle_refuses_it() -> None:
    rng = random.Random(7)
    for code in CODES:
        at = rng.randrange(18)
        changed = code[:at] + rng.choice(USCC_ALPHABET.replace(code[at], "")) + code[at + 1 :]
        assert (is_uscc(changed), oracle_accepts(changed)) == (False, False)


@pytest.mark.parametrize("pair", ["N1", "N2", "N3", "A1", "Y1", "11", "12", "51", "92", "93"])
def test_codes_of_every_department_are_legal_letters_in_front_included(pair: str) -> None:
    code = make_uscc(random.Random(pair), pair)
    assert validate_uscc(code) == code


def test_a_code_is_returned_compact() -> None:
    assert validate_uscc(f" {CODE[:8].lower()}-{CODE[8:].lower()}　") == CODE


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", InvalidLength, "统一社会信用代码应为 18 位，实际为 0 位"),
        (CODE[:-1], InvalidLength, "统一社会信用代码应为 18 位，实际为 17 位"),
        (
            CODE[:10] + "I" + CODE[11:],
            InvalidFormat,
            "统一社会信用代码含有不允许的字符：I（不使用 I、O、S、V、Z）",
        ),
        (
            "9A" + CODE[2:],
            InvalidFormat,
            "统一社会信用代码前 8 位不符合规则（登记管理部门、机构类别、6 位行政区划数字）",
        ),
        (NO_CODE, InvalidFormat, "“17 个 0 加 X”表示没有统一社会信用代码，不是代码"),
        (PERSON, InvalidFormat, "统一社会信用代码栏中疑似自然人证件号码，不予接收"),
        (
            CODE[:17] + ("0" if CODE[17] != "0" else "1"),
            InvalidChecksum,
            "统一社会信用代码校验位不符，请核对是否有错字或错位",
        ),
    ],
)
def test_a_refused_code_comes_with_words_for_the_clerk(
    text: str, error: type[IdentifierError], message: str
) -> None:
    with pytest.raises(error) as refused:
        validate_uscc(text)
    assert refused.value.message == message


def test_eighteen_digits_valid_as_both_are_a_person() -> None:
    both = next(
        number
        for serial in range(1, 1000)
        if (number := make_identity_number("110119", "19790315", f"{serial:03}"))[:17]
        + uscc_check_digit(number[:17])
        == number
    )
    assert is_identity_number(both)
    assert not is_uscc(both)


def test_parts_of_a_code() -> None:
    assert organisation_code_of(CODE) == CODE[8:17]
    assert is_organisation_code(organisation_code_of(CODE))
    assert region_of(CODE) == "220403"


def test_a_code_with_another_check_character_inside_is_a_code() -> None:
    first17 = CODE[:16] + ("1" if CODE[16] != "1" else "2")
    code = first17 + uscc_check_digit(first17)
    assert is_uscc(code)
    assert not is_organisation_code(organisation_code_of(code))


@pytest.mark.parametrize(
    ("pair", "key"),
    [
        ("91", "enterprise"),
        ("92", "individual_business"),
        ("93", "farmers_cooperative"),
        ("11", "government_body"),
        ("12", "public_institution"),
        ("52", "social_organisation"),
        ("N2", "rural_collective"),
        ("Y1", "other"),
        ("17", "other"),
    ],
)
def test_the_class_of_an_organisation_follows_from_the_first_two_characters(pair: str, key: str) -> None:
    assert organisation_class(make_uscc(random.Random(1), pair)) == key


def test_classes_may_come_from_another_folder(tmp_path: Path) -> None:
    classes = (("own", "自定", ["91"]), ("rest", "其余", []))
    text = "".join(
        f'[[class]]\nkey = "{key}"\nlabel = "{label}"\ncodes = {codes}\n' for key, label, codes in classes
    )
    (tmp_path / "organisation_classes.toml").write_text(text, encoding="utf-8")
    assert organisation_class(make_uscc(random.Random(1), "91"), tmp_path) == "own"
    assert organisation_class(make_uscc(random.Random(1), "93"), tmp_path) == "rest"
    assert [entry.label for entry in organisation_classes(tmp_path).values()] == ["自定", "其余"]


def test_every_class_has_a_label_and_no_pair_belongs_to_two() -> None:
    classes = organisation_classes().values()
    pairs = [pair for entry in classes for pair in entry.codes]
    assert len(pairs) == len(set(pairs))
    assert [
        entry.key for entry in classes if not entry.label or (not entry.codes) != (entry.key == "other")
    ] == []


# --- old codes --------------------------------------------------------------------------------------------


def test_an_organisation_code_is_read_with_its_hyphen_and_without() -> None:
    code = organisation_code_of(CODE)
    assert is_organisation_code(f"{code[:8]}-{code[8]}")
    assert is_organisation_code(code.lower())


@pytest.mark.parametrize("text", ["", "12345678", "123456789012", "12345678A", "中文字符代码一二三"])
def test_other_texts_are_no_organisation_code(text: str) -> None:
    assert not is_organisation_code(text)


def test_organisation_code_checks_of_ten_and_eleven_are_x_and_zero() -> None:
    checks = {organisation_code_check(f"{number:08}") for number in range(50)}
    assert checks == set("0123456789X")


def test_exactly_one_check_digit_makes_a_registration_number() -> None:
    for serial in ("00001234", "40000017", "60012345"):
        valid = [digit for digit in range(10) if is_registration_number(f"220403{serial}{digit}")]
        assert len(valid) == 1


def test_registration_numbers_check_by_iso_7064_mod_11_10() -> None:
    serials = [f"220403{number:08}" for number in range(0, 99_000_000, 999_983)]
    numbers = [serial + mod_11_10.calc_check_digit(serial) for serial in serials]
    assert [number for number in numbers if not is_registration_number(number)] == []


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("2204031234567", True),
        ("220403123456789", True),
        ("22040312345678", False),
        ("220403A23456789", False),
        ("0" * 15, False),
        ("008613812345678", False),
    ],
)
def test_the_form_of_a_registration_number(text: str, answer: bool) -> None:
    assert looks_like_registration_number(text) is answer


# --- identity numbers -------------------------------------------------------------------------------------


def test_generated_identity_numbers_are_recognised_as_by_the_oracle() -> None:
    rng = random.Random(3)
    for _ in range(300):
        born = date(1930, 1, 1) + timedelta(days=rng.randrange(30000))
        number = make_identity_number("110101", f"{born:%Y%m%d}", f"{rng.randrange(1, 1000):03}")
        assert (is_identity_number(number), stdnum.cn.ric.is_valid(number)) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        PERSON.lower(),
        f"{PERSON[:6]} {PERSON[6:14]} {PERSON[14:]}",
        PERSON + "01",
        "220403790315001",
        "22040379031500101",
        make_identity_number("911156"),
        make_identity_number("830000"),
    ],
)
def test_identity_numbers_in_every_written_form(text: str) -> None:
    assert is_identity_number(text)


@pytest.mark.parametrize(
    "text",
    [
        PERSON[:17] + ("0" if PERSON[17] != "0" else "1"),
        make_identity_number("990403"),
        make_identity_number(born="19791315"),
        make_identity_number(born="20230229"),
        make_identity_number(born="17790315"),
        make_identity_number(serial="000"),
        "220403791315001",
        "220403790315000",
        PERSON + "11",
        CODE,
        NO_CODE,
        "",
    ],
)
def test_other_numbers_are_no_identity_numbers(text: str) -> None:
    assert not is_identity_number(text)


def test_a_registration_number_is_not_taken_for_somebody_born_before_1910() -> None:
    number = next(
        f"2204030101123{n:02}" for n in range(100) if is_registration_number(f"2204030101123{n:02}")
    )
    assert not is_identity_number(number)


def test_a_code_of_an_enterprise_comes_before_a_foreigners_residence_number() -> None:
    both = next(
        number
        for serial in range(1, 1000)
        if (number := make_identity_number("911101", "19790315", f"{serial:03}"))[:17]
        + uscc_check_digit(number[:17])
        == number
    )
    assert not is_identity_number(both)
    assert is_uscc(both)


# --- what people type -------------------------------------------------------------------------------------


def test_letters_that_no_code_has_are_read_as_digits() -> None:
    assert fold_confusables("9l22o4-z s") == "9L220425"


@pytest.mark.parametrize(
    "text", [CODE, CODE[:10], CODE.lower(), "MA0Y1234-5", "2204031234567", "ＭＡ０Ｙ１２３４"]
)
def test_codes_and_parts_of_them_look_like_codes(text: str) -> None:
    assert looks_like_code(text)


@pytest.mark.parametrize("text", ["", "2204", "鹿乡食品", "TECHNOLOGY", "2024〕35号", "1" * 21])
def test_words_and_numbers_of_documents_do_not_look_like_codes(text: str) -> None:
    assert not looks_like_code(text)


def test_a_wrong_character_anywhere_leads_back_to_the_code() -> None:
    rng = random.Random(11)
    for at in range(18):
        wrong = CODE[:at] + rng.choice(USCC_ALPHABET.replace(CODE[at], "")) + CODE[at + 1 :]
        assert CODE in near_codes(wrong)


def test_two_exchanged_neighbours_lead_back_to_the_code() -> None:
    swaps = [
        CODE[:at] + CODE[at + 1] + CODE[at] + CODE[at + 2 :] for at in range(17) if CODE[at] != CODE[at + 1]
    ]
    assert [swap for swap in swaps if CODE not in near_codes(swap)] == []


def test_confusable_letters_alone_give_exactly_the_code() -> None:
    typed = CODE.replace("0", "O").replace("1", "I").replace("2", "z")
    assert typed != CODE
    assert near_codes(typed) == (CODE,)


def test_a_letter_of_no_code_is_repaired_where_it_stands() -> None:
    assert near_codes(CODE[:12] + "V" + CODE[13:]) == (CODE,)


def test_every_proposal_is_valid_and_they_are_few() -> None:
    proposals = near_codes(CODE[:17] + ("0" if CODE[17] != "0" else "1"))
    assert [code for code in proposals if not is_uscc(code)] == []
    assert len(proposals) == len(set(proposals)) <= 36


@pytest.mark.parametrize("text", [CODE, PERSON, CODE[:17], CODE[:10] + "VV" + CODE[12:], ""])
def test_nothing_is_proposed_for_valid_codes_persons_and_other_texts(text: str) -> None:
    assert near_codes(text) == ()


def test_an_apostrophe_that_keeps_a_code_as_text_is_no_part_of_it() -> None:
    code = "91220402MA0000001" + uscc_check_digit("91220402MA0000001")
    assert {validate_uscc(f"{sign}{code}") for sign in "'‘’`"} == {code}
