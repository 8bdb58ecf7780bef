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
        ("a b", "a b"),
    ],
)
def test_text_is_stored_in_nfc_without_white_space_around_it(typed: str, stored: str) -> None:
    assert clean_text(typed) == stored


def test_lines_end_in_line_feeds() -> None:
    assert clean_text("one\r\ntwo\n\nthree\r\n", multiline=True) == "one\ntwo\n\nthree"


@pytest.mark.parametrize("typed", ["one\ntwo", "one\r\ntwo"])
def test_text_of_one_line_has_no_line_end(typed: str) -> None:
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


def characters(*ranges: tuple[int, int]) -> list[str]:
    return [chr(point) for first, last in ranges for point in range(first, last + 1)]


CONTROLS = [one for one in characters((0x00, 0x1F), (0x7F, 0x9F)) if one != "\n"]
SEPARATORS = ["\u2028", "\u2029"]
BIDIRECTIONAL = characters((0x061C, 0x061C), (0x200E, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069))
INVISIBLE = characters((0x200B, 0x200D), (0x2060, 0x2064), (0xFEFF, 0xFEFF), (0x180E, 0x180E), (0x3164, 0x3164))
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


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a\u200db", id="between letters"),
        pytest.param("👩\u200d", id="after an emoji only"),
        pytest.param("\u200d👩", id="before an emoji only"),
        pytest.param("👩\u200d\u200d🚀", id="twice"),
        pytest.param("\ufe0f\u200d\ufe0f", id="between nothing that is seen"),
        pytest.param("a\U000e0067\U000e007f", id="a tag after a letter"),
        pytest.param("🏴\U000e0067", id="tags without an end"),
    ],
)
def test_a_joiner_or_tag_belongs_into_an_emoji(text: str) -> None:
    with pytest.raises(ValueError, match="is not allowed"):
        clean_text(f"x{text}x")


@given(st.text(st.characters(codec=None)))
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
    ],
)
def test_folding_ignores_case_in_every_script(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(max_size=40))
def test_folding_at_most_triples_the_length(typed: str) -> None:
    text = unicodedata.normalize("NFC", typed)

    assert len(fold(text)) <= 3 * len(text)
    assert unicodedata.is_normalized("NFC", fold(text))
