"""What text may hold."""

# ruff: noqa: RUF001 - letters that look alike are the point

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expense_tracker.text import clean_text, fold


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        ("  Food\t\n", "Food"),
        ("\u3000Food\u00a0", "Food"),
        ("Cafe\u0301", "Café"),
        ("\u1112\u1161\u11ab", "한"),
        ("\u212b", "Å"),
        ("ﬁ ① ａ", "ﬁ ① ａ"),
        ("مطعم", "مطعم"),
        ("क्षि", "क्षि"),
        ("Eating\u00a0out", "Eating out"),
        ("a\tb\u2003\u202fc", "a b  c"),
        ("com\u00adpost", "compost"),
        ("\ufeffa\u200e\u200f\u061c\u200b\u2060b", "ab"),
        ("e\u200b\u0301", "é"),
    ],
)
def test_text_is_stored_in_nfc_with_plain_spaces_and_without_what_is_pasted_along(typed: str, stored: str) -> None:
    assert clean_text(typed) == stored


def test_lines_end_in_line_feeds() -> None:
    assert clean_text("one\r\ntwo\n\nthree\r\n", multiline=True) == "one\ntwo\n\nthree"


@pytest.mark.parametrize("typed", ["one\ntwo", "one\r\ntwo"])
def test_one_line_text_refuses_line_ends(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^This must be one line\.$"):
        clean_text(typed)


@pytest.mark.parametrize(
    "emoji",
    [
        pytest.param("👨‍👩‍👧‍👦", id="family"),
        pytest.param("👩🏽‍🚀", id="skin tone"),
        pytest.param("👩🏻‍❤️‍💋‍👨🏿", id="two skin tones"),
        pytest.param("🏳️‍🌈", id="rainbow flag"),
        pytest.param("🏴‍☠️", id="pirate flag"),
        pytest.param("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", id="flag of England"),
        pytest.param("🇩🇪", id="flag of two letters"),
        pytest.param("❤️‍🔥", id="heart on fire"),
        pytest.param("👁️‍🗨️", id="eye in speech bubble"),
        pytest.param("🧑‍🤝‍🧑", id="people holding hands"),
        pytest.param("🤷🏾‍♀️", id="woman shrugging"),
        pytest.param("🐻‍❄️", id="polar bear"),
        pytest.param("🙂‍↔️", id="head shaking"),
        pytest.param("1️⃣", id="keycap"),
    ],
)
def test_emoji_stay_whole(emoji: str) -> None:
    assert clean_text(f"a {emoji}{emoji} b") == f"a {emoji}{emoji} b"


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("میوه\u200cها", id="Persian"),
        pytest.param("ده\u200cکه\u200cم", id="Kurdish"),
        pytest.param("ශ්\u200dරී", id="Sinhala"),
        pytest.param("दर्\u200dया", id="Hindi"),
        pytest.param("র\u200d্যাম", id="Bengali, a joiner before a mark"),
        pytest.param("ന്\u200d\u0d15", id="Malayalam"),
        pytest.param("ᠨᠡᠷᠡ ᠪᠢᠴᠢᠭ\u180e\u1820", id="Mongolian vowel separator"),
        pytest.param("ᠠ\u180bᠭ", id="Mongolian variation selector"),
    ],
)
def test_joiners_between_letters_stay(word: str) -> None:
    assert clean_text(f" {word} {word}") == f"{word} {word}"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        pytest.param("\u200cمیوه\u200c", "میوه", id="at the edges"),
        pytest.param("میوه\u200c\u200cها", "میوه\u200cها", id="doubled"),
        pytest.param("میوه\u200c\u200d\u200cها", "میوه\u200cها", id="several"),
        pytest.param("میوه\u200c ها", "میوه ها", id="before a space"),
        pytest.param("۱\u200c۲", "۱۲", id="between digits"),
        pytest.param("Fo\u200dod", "Food", id="between Latin letters"),
        pytest.param("e\u200d\u0301", "é", id="before a mark of Latin"),
        pytest.param("👩\u200d", "👩", id="after an emoji only"),
        pytest.param("\u200d👩", "👩", id="before an emoji only"),
        pytest.param("👩\u200d\u200d🚀", "👩\u200d🚀", id="doubled in an emoji"),
        pytest.param("👩\u200c🚀", "👩🚀", id="a non-joiner between emoji"),
        pytest.param("x\ufe0f\u200d\ufe0f", "x\ufe0f\ufe0f", id="between nothing that is seen"),
    ],
)
def test_joiners_that_join_nothing_are_dropped(typed: str, stored: str) -> None:
    assert clean_text(typed) == stored


def characters(*ranges: tuple[int, int]) -> list[str]:
    return [chr(point) for first, last in ranges for point in range(first, last + 1)]


CONTROLS = [one for one in characters((0x00, 0x1F), (0x7F, 0x9F)) if one not in "\t\n"]
SEPARATORS = ["\u2028", "\u2029"]
BIDIRECTIONAL = characters((0x202A, 0x202E), (0x2066, 0x2069))
INVISIBLE = characters((0x2061, 0x2064), (0x180B, 0x180E), (0x3164, 0x3164))
TAGS = ["\U000e0001", "\U000e0041", "\U000e007f"]
SURROGATES = ["\ud800", "\udfff"]
NONCHARACTERS = characters((0xFDD0, 0xFDEF)) + [
    chr(plane + low) for plane in range(0, sys.maxunicode + 1, 0x10000) for low in (0xFFFE, 0xFFFF)
]


@pytest.mark.parametrize(
    "kind",
    [CONTROLS, SEPARATORS, BIDIRECTIONAL, INVISIBLE, TAGS, SURROGATES, NONCHARACTERS],
    ids=lambda kind: ascii(kind[0]),
)
def test_invisible_and_misleading_characters_are_refused(kind: list[str]) -> None:
    for character in kind:
        with pytest.raises(ValueError, match=rf"^The character U\+{ord(character):04X} is not allowed\.$"):
            clean_text(f"a{character}b", multiline=True)


@pytest.mark.parametrize("text", ["🏴\U000e0067", "a\U000e0067\U000e007f"])
def test_tag_characters_are_allowed_only_in_flags(text: str) -> None:
    with pytest.raises(ValueError, match="is not allowed"):
        clean_text(f"x{text}x")


# What decides about joiners: letters, marks, digits and emoji of several scripts, and what is dropped.
NEIGHBOURS = st.text("\u200c\u200d\u200b\u00ad\ufe0f eé\u0301و\u0654۱क\u094d\u093cকᠠ\u180bが\u3099\ufb1d👩🚀❤\t\u00a0")


@given(st.text(st.characters(codec=None)) | NEIGHBOURS)
def test_cleaning_is_idempotent_and_keeps_its_promises(typed: str) -> None:
    try:
        text = clean_text(typed, multiline=True)
    except ValueError as refusal:
        assert str(refusal).endswith("is not allowed.")  # noqa: PT017 - both outcomes are right
        return
    assert unicodedata.is_normalized("NFC", text)
    assert text == text.strip()
    assert not {unicodedata.category(character) for character in text if character != "\n"} & {"Cc", "Cs", "Zl", "Zp"}
    assert text.encode().decode() == text
    assert clean_text(text, multiline=True) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FOOD", "food"),
        ("ÉCOLE", "école"),
        ("МОСКВА", "москва"),
        ("Straße", "STRASSE"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("ǅ", "ǆ"),
        ("İSTANBUL", "ıstanbul"),
        ("Bäckerei", "backerei"),
        ("Ångström", "ANGSTROM"),
        ("Łódź", "lodz"),
        ("ﬁsh", "Fish"),
        ("ὈΔΌΣ", "οδος"),
        ("Ёлка", "елка"),
        ("میوه\u200cها", "میوهها"),
        ("❤\ufe0f", "❤"),
    ],
)
def test_folding_ignores_case_accents_and_joiners(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("й", "и"), ("ї", "і"), ("कि", "क"), ("ガ", "カ"), ("パ", "ハ"), ("ก้", "ก"), ("שׁ", "ש")]
)
def test_marks_that_make_another_letter_are_kept(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=40))
def test_folding_at_most_triples_the_length(typed: str) -> None:
    text = unicodedata.normalize("NFC", typed)

    assert len(fold(text)) <= 3 * len(text)
    assert unicodedata.is_normalized("NFC", fold(text))


def test_folding_again_changes_nothing() -> None:
    for point in range(0x20000):  # no letters with a case are above
        folded = fold(chr(point))
        assert len(folded) <= 3
        assert fold(folded) == folded
